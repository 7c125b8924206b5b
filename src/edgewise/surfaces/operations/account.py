"""Owners, and what an account is."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.operations.pipelines import UNCOLLECTED
from edgewise.surfaces.runs.links import nothing
from edgewise.wire import account, bodies_account, bodies_pipelines, owners
from edgewise.wire.associations import decode_nothing

_SAME = "the same few owners are in every portal, and cannot be changed"

OPERATIONS = (
    Operation(
        "list_owners", "List the owners of records", "owners", "GET", "",
        owners.decode_list, nothing, owners.encode_list, (200,), access=Access.READ,
        response=bodies_pipelines.CollectionResponsePublicOwnerForwardPaging,
        query=("after", "limit", "archived", "email"), unpublished=UNCOLLECTED, caveat=_SAME,
    ),
    Operation(
        "read_owner", "Read an owner", "owners", "GET", "/{ownerId}",
        owners.decode_one, nothing, owners.encode_one, (200,), access=Access.READ,
        response=bodies_pipelines.PublicOwner, query=("archived", "idProperty"),
        unpublished=UNCOLLECTED, caveat=_SAME,
    ),
    Operation(
        "list_owners_slash", "List the owners of records, as some SDKs ask for it", "owners_slash", "GET", "/",
        owners.decode_list, nothing, owners.encode_list, (200,), access=Access.READ,
        response=bodies_pipelines.CollectionResponsePublicOwnerForwardPaging,
        query=("after", "limit", "archived", "email"), unpublished=UNCOLLECTED, caveat=_SAME,
    ),
    Operation(
        "read_account", "Read what the account is", "account", "GET", "/details",
        decode_nothing, nothing, account.encode_details, (200,), access=Access.READ,
        response=bodies_account.PortalInformationResponse, unpublished=UNCOLLECTED,
    ),
    Operation(
        "read_api_usage", "Read how many calls private apps may make in a day", "account", "GET",
        "/api-usage/daily/private-apps",
        decode_nothing, nothing, account.encode_usage, (200,), access=Access.READ,
        response=bodies_account.CollectionResponseApiUsageNoPaging, unpublished=UNCOLLECTED,
        caveat="the calls made are not told: usage is always 0",
    ),
    Operation(
        "read_me", "Read which account a token opens", "integrator", "GET", "/me",
        decode_nothing, nothing, account.encode_me, (200,), access=Access.READ,
        response=bodies_account.IntegratorInformation, unpublished=UNCOLLECTED,
    ),
)  # fmt: skip
