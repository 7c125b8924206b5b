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
        "associate_named_batch",
        "Link many pairs of records, each with a type by name",
        "named_batch_links",
        "POST",
        f"{_PAIR}/batch/create",
        named.decode_batch_create,
        link_runs.put_links,
        named.encode_batch_create,
        (201, 207),
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
    ),
    Operation(
        "read_named_batch",
        "List the records linked to each of many records, with type names",
        "named_batch_links",
        "POST",
        f"{_PAIR}/batch/read",
        named.decode_batch_read,
        runs.read_links,
        named.encode_batch_read,
        (200, 207),
        access=Access.READ,
        request=bodies_v3.BatchInputPublicObjectId,
        response=bodies_v3.BatchResponsePublicAssociationMulti,
    ),
    Operation(
        "dissociate_named_batch",
        "Remove a type by name from each of many pairs of records",
        "named_batch_links",
        "POST",
        f"{_PAIR}/batch/archive",
        named.decode_batch_archive,
        link_runs.remove_links,
        links.encode_no_content,
        (204,),
        access=Access.WRITE,
        request=bodies_v3.BatchInputPublicAssociation,
        quirks=("v3_archive",),
    ),
    Operation(
        "list_type_names",
        "List the names of the association types between two object types",
        "named_batch_links",
        "GET",
        f"{_PAIR}/types",
        links.decode_pair,
        link_runs.nothing,
        named.encode_types,
        (200,),
        access=Access.READ,
        response=bodies_v3.CollectionResponsePublicAssociationDefinitionNoPaging,
    ),
    Operation(
        "list_named",
        "List the records linked to one record, with type names",
        "named_links",
        "GET",
        _LIST,
        links.decode_list,
        link_runs.list_links,
        named.encode_list,
        (200,),
        access=Access.READ,
        response=bodies_objects.CollectionResponseAssociatedId,
        query=("after", "limit"),
        quirks=("unknown_record_list", "list_limit_over_maximum"),
        unpublished=_GUIDES,
    ),
    Operation(
        "associate_by_type",
        "Link two records with a type by name or number",
        "typed_links",
        "PUT",
        f"{_LIST}/{{toObjectId}}/{{associationType}}",
        named.decode_put,
        runs.put_link,
        named.encode_put,
        (200,),
        access=Access.WRITE,
        response=bodies_objects.SimplePublicObjectWithAssociations,
        unpublished=_GUIDES,
        quirks=("first_link_is_primary", "over_limit_write"),
    ),
    Operation(
        "dissociate_by_type",
        "Remove a type by name or number from two records",
        "typed_links",
        "DELETE",
        f"{_LIST}/{{toObjectId}}/{{associationType}}",
        named.decode_delete,
        link_runs.remove_links,
        links.encode_no_content,
        (204,),
        access=Access.WRITE,
        quirks=("v3_archive",),
        unpublished=_GUIDES,
    ),
)
