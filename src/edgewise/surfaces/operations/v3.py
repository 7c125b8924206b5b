"""Links between records by the name of a type."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import links as link_runs
from edgewise.surfaces.runs import v3 as runs
from edgewise.wire import associations as links
from edgewise.wire import associations_v3 as named
from edgewise.wire import bodies_objects, bodies_v3

_PAIR = "/{fromObjectType}/{toObjectType}"
_LIST = "/{objectType}/{objectId}/associations/{toObjectType}"
_GUIDES = "guides of the object APIs document it, and older SDKs call it"

OPERATIONS = (
    Operation(
        name="associate_named_batch",
        summary="Link many pairs of records, each with a type by name",
        family="named_batch_links",
        method="POST",
        path=f"{_PAIR}/batch/create",
        decode=named.decode_batch_create,
        run=link_runs.put_links,
        encode=named.encode_batch_create,
        statuses=(201, 207),
        access=Access.WRITE,
        unpublished_statuses=(200,),
        request=bodies_v3.BatchInputPublicAssociation,
        response=bodies_v3.BatchResponsePublicAssociation,
        quirks=(
            "v3_create_status",
            "v3_create_results",
            "v3_envelope",
            "first_link_is_primary",
            "over_limit_write",
        ),
        budget="associations",
    ),
    Operation(
        name="read_named_batch",
        summary="List the records linked to each of many records, with type names",
        family="named_batch_links",
        method="POST",
        path=f"{_PAIR}/batch/read",
        decode=named.decode_batch_read,
        run=runs.read_links,
        encode=named.encode_batch_read,
        statuses=(200, 207),
        access=Access.READ,
        request=bodies_v3.BatchInputPublicObjectId,
        response=bodies_v3.BatchResponsePublicAssociationMulti,
        budget="associations",
    ),
    Operation(
        name="dissociate_named_batch",
        summary="Remove a type by name from each of many pairs of records",
        family="named_batch_links",
        method="POST",
        path=f"{_PAIR}/batch/archive",
        decode=named.decode_batch_archive,
        run=link_runs.remove_links,
        encode=links.encode_no_content,
        statuses=(204,),
        access=Access.WRITE,
        request=bodies_v3.BatchInputPublicAssociation,
        quirks=("v3_archive",),
        budget="associations",
    ),
    Operation(
        name="list_type_names",
        summary="List the names of the association types between two object types",
        family="named_batch_links",
        method="GET",
        path=f"{_PAIR}/types",
        decode=links.decode_pair,
        run=link_runs.nothing,
        encode=named.encode_types,
        statuses=(200,),
        access=Access.READ,
        response=bodies_v3.CollectionResponsePublicAssociationDefinitionNoPaging,
        budget="associations",
    ),
    Operation(
        name="list_named",
        summary="List the records linked to one record, with type names",
        family="named_links",
        method="GET",
        path=_LIST,
        decode=links.decode_list,
        run=link_runs.list_links,
        encode=named.encode_list,
        statuses=(200,),
        access=Access.READ,
        response=bodies_objects.CollectionResponseAssociatedId,
        query=("after", "limit"),
        quirks=("unknown_record_list", "list_limit_over_maximum"),
        unpublished=_GUIDES,
        budget="associations",
    ),
    Operation(
        name="associate_by_type",
        summary="Link two records with a type by name or number",
        family="typed_links",
        method="PUT",
        path=f"{_LIST}/{{toObjectId}}/{{associationType}}",
        decode=named.decode_put,
        run=runs.put_link,
        encode=named.encode_put,
        statuses=(200,),
        access=Access.WRITE,
        response=bodies_objects.SimplePublicObjectWithAssociations,
        unpublished=_GUIDES,
        quirks=("first_link_is_primary", "over_limit_write"),
        budget="associations",
    ),
    Operation(
        name="dissociate_by_type",
        summary="Remove a type by name or number from two records",
        family="typed_links",
        method="DELETE",
        path=f"{_LIST}/{{toObjectId}}/{{associationType}}",
        decode=named.decode_delete,
        run=link_runs.remove_links,
        encode=links.encode_no_content,
        statuses=(204,),
        access=Access.WRITE,
        quirks=("v3_archive",),
        unpublished=_GUIDES,
        budget="associations",
    ),
)
