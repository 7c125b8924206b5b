"""Limits of association types, which the API calls configurations."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import limits as runs
from edgewise.wire import bodies, bodies_limits, limits
from edgewise.wire.associations import decode_nothing, decode_pair

_ALL = "/definitions/configurations/all"
_PAIR = "/definitions/configurations/{fromObjectType}/{toObjectType}"

OPERATIONS = (
    Operation(
        "list_limits",
        "List the limits of all association types",
        "limits",
        "GET",
        _ALL,
        decode_nothing,
        runs.list_all,
        limits.encode_list,
        (200,),
        access=Access.READ,
        response=bodies_limits.CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging,
    ),
    Operation(
        "list_limits_of_pair",
        "List the limits of the association types between two object types",
        "limits",
        "GET",
        _PAIR,
        decode_pair,
        runs.list_of_pair,
        limits.encode_list,
        (200,),
        access=Access.READ,
        response=bodies_limits.CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging,
    ),
    Operation(
        "create_limits_batch",
        "Limit how many records a record may be linked to under association types",
        "limits",
        "POST",
        f"{_PAIR}/batch/create",
        limits.decode_create,
        runs.set_limits,
        limits.encode_create,
        (201, 207),
        access=Access.WRITE,
        request=bodies_limits.BatchInputPublicAssociationDefinitionConfigurationCreateRequest,
        response=bodies_limits.BatchResponsePublicAssociationDefinitionUserConfiguration,
        quirks=("limit_exists", "canceled_spelling"),
    ),
    Operation(
        "update_limits_batch",
        "Change the limits of association types",
        "limits",
        "POST",
        f"{_PAIR}/batch/update",
        limits.decode_update,
        runs.set_limits,
        limits.encode_update,
        (200, 207),
        access=Access.WRITE,
        request=bodies_limits.BatchInputPublicAssociationDefinitionConfigurationUpdateRequest,
        response=bodies_limits.BatchResponsePublicAssociationDefinitionConfigurationUpdateResult,
        quirks=("canceled_spelling",),
    ),
    Operation(
        "remove_limits_batch",
        "Remove the limits of association types",
        "limits",
        "POST",
        f"{_PAIR}/batch/purge",
        limits.decode_purge,
        runs.remove_limits,
        limits.encode_purge,
        (200,),
        access=Access.WRITE,
        unpublished_statuses=(204,),
        request=bodies_limits.BatchInputPublicAssociationSpec,
        response=bodies.BatchResponse,
        quirks=("purge_answer",),
    ),
)
