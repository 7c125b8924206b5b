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
        name="list_limits",
        summary="List the limits of all association types",
        family="limits",
        method="GET",
        path=_ALL,
        decode=decode_nothing,
        run=runs.list_all,
        encode=limits.encode_list,
        statuses=(200,),
        access=Access.READ,
        response=bodies_limits.CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging,
        budget="associations",
    ),
    Operation(
        name="list_limits_of_pair",
        summary="List the limits of the association types between two object types",
        family="limits",
        method="GET",
        path=_PAIR,
        decode=decode_pair,
        run=runs.list_of_pair,
        encode=limits.encode_list,
        statuses=(200,),
        access=Access.READ,
        response=bodies_limits.CollectionResponsePublicAssociationDefinitionUserConfigurationNoPaging,
        budget="associations",
    ),
    Operation(
        name="create_limits_batch",
        summary="Limit how many records a record may be linked to under association types",
        family="limits",
        method="POST",
        path=f"{_PAIR}/batch/create",
        decode=limits.decode_create,
        run=runs.set_limits,
        encode=limits.encode_create,
        statuses=(201, 207),
        access=Access.WRITE,
        request=bodies_limits.BatchInputPublicAssociationDefinitionConfigurationCreateRequest,
        response=bodies_limits.BatchResponsePublicAssociationDefinitionUserConfiguration,
        quirks=("limit_exists", "canceled_spelling"),
        budget="associations",
    ),
    Operation(
        name="update_limits_batch",
        summary="Change the limits of association types",
        family="limits",
        method="POST",
        path=f"{_PAIR}/batch/update",
        decode=limits.decode_update,
        run=runs.set_limits,
        encode=limits.encode_update,
        statuses=(200, 207),
        access=Access.WRITE,
        request=bodies_limits.BatchInputPublicAssociationDefinitionConfigurationUpdateRequest,
        response=bodies_limits.BatchResponsePublicAssociationDefinitionConfigurationUpdateResult,
        quirks=("canceled_spelling",),
        budget="associations",
    ),
    Operation(
        name="remove_limits_batch",
        summary="Remove the limits of association types",
        family="limits",
        method="POST",
        path=f"{_PAIR}/batch/purge",
        decode=limits.decode_purge,
        run=runs.remove_limits,
        encode=limits.encode_purge,
        statuses=(200,),
        access=Access.WRITE,
        unpublished_statuses=(204,),
        request=bodies_limits.BatchInputPublicAssociationSpec,
        response=bodies.BatchResponse,
        quirks=("purge_answer",),
        budget="associations",
    ),
)
