"""The labels between two object types."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import labels as runs
from edgewise.surfaces.runs.links import nothing
from edgewise.wire import associations as links
from edgewise.wire import bodies, bodies_labels, labels

_LABELS = "/{fromObjectType}/{toObjectType}/labels"

OPERATIONS = (
    Operation(
        name="list_labels",
        summary="List the association types between two object types",
        family="labels",
        method="GET",
        path=_LABELS,
        decode=links.decode_pair,
        run=nothing,
        encode=links.encode_labels,
        statuses=(200,),
        access=Access.READ,
        response=bodies.CollectionResponseAssociationSpecWithLabelNoPaging,
        budget="associations",
    ),
    Operation(
        name="create_label",
        summary="Define a label between two object types",
        family="labels",
        method="POST",
        path=_LABELS,
        decode=labels.decode_create,
        run=runs.create_label,
        encode=labels.encode_create,
        statuses=(200,),
        access=Access.WRITE,
        request=bodies_labels.PublicAssociationDefinitionCreateRequest,
        response=bodies.CollectionResponseAssociationSpecWithLabelNoPaging,
        quirks=("label_created_ends", "label_length", "labels_per_pair"),
        budget="associations",
    ),
    Operation(
        name="update_label",
        summary="Rename a label between two object types",
        family="labels",
        method="PUT",
        path=_LABELS,
        decode=labels.decode_update,
        run=runs.rename_label,
        encode=links.encode_no_content,
        statuses=(204,),
        access=Access.WRITE,
        request=bodies_labels.PublicAssociationDefinitionUpdateRequest,
        quirks=("label_length",),
        budget="associations",
    ),
    Operation(
        name="delete_label",
        summary="Delete a label between two object types, and take it off the records that carry it",
        family="labels",
        method="DELETE",
        path=f"{_LABELS}/{{associationTypeId}}",
        decode=labels.decode_delete,
        run=runs.delete_label,
        encode=links.encode_no_content,
        statuses=(204,),
        access=Access.WRITE,
        quirks=("label_in_use",),
        budget="associations",
    ),
)
