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
        name="list_owners",
        summary="List the owners of records",
        family="owners",
        method="GET",
        path="",
        decode=owners.decode_list,
        run=nothing,
        encode=owners.encode_list,
        statuses=(200,),
        access=Access.READ,
        response=bodies_pipelines.CollectionResponsePublicOwnerForwardPaging,
        query=("after", "limit", "archived", "email"),
        unpublished=UNCOLLECTED,
        caveat=_SAME,
    ),
    Operation(
        name="read_owner",
        summary="Read an owner",
        family="owners",
        method="GET",
        path="/{ownerId}",
        decode=owners.decode_one,
        run=nothing,
        encode=owners.encode_one,
        statuses=(200,),
        access=Access.READ,
        response=bodies_pipelines.PublicOwner,
        query=("archived", "idProperty"),
        unpublished=UNCOLLECTED,
        caveat=_SAME,
    ),
    Operation(
        name="list_owners_slash",
        summary="List the owners of records, as some SDKs ask for it",
        family="owners_slash",
        method="GET",
        path="/",
        decode=owners.decode_list,
        run=nothing,
        encode=owners.encode_list,
        statuses=(200,),
        access=Access.READ,
        response=bodies_pipelines.CollectionResponsePublicOwnerForwardPaging,
        query=("after", "limit", "archived", "email"),
        unpublished=UNCOLLECTED,
        caveat=_SAME,
    ),
    Operation(
        name="read_account",
        summary="Read what the account is",
        family="account",
        method="GET",
        path="/details",
        decode=decode_nothing,
        run=nothing,
        encode=account.encode_details,
        statuses=(200,),
        access=Access.READ,
        response=bodies_account.PortalInformationResponse,
        unpublished=UNCOLLECTED,
    ),
    Operation(
        name="read_api_usage",
        summary="Read how many calls private apps may make in a day",
        family="account",
        method="GET",
        path="/api-usage/daily/private-apps",
        decode=decode_nothing,
        run=nothing,
        encode=account.encode_usage,
        statuses=(200,),
        access=Access.READ,
        response=bodies_account.CollectionResponseApiUsageNoPaging,
        unpublished=UNCOLLECTED,
        caveat="the calls made are not told: usage is always 0",
    ),
    Operation(
        name="read_me",
        summary="Read which account a token opens",
        family="integrator",
        method="GET",
        path="/me",
        decode=decode_nothing,
        run=nothing,
        encode=account.encode_me,
        statuses=(200,),
        access=Access.READ,
        response=bodies_account.IntegratorInformation,
        unpublished=UNCOLLECTED,
    ),
)
