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
        "list_labels",
        "List the association types between two object types",
        "labels",
        "GET",
        _LABELS,
        links.decode_pair,
        nothing,
        links.encode_labels,
        (200,),
        access=Access.READ,
        response=bodies.CollectionResponseAssociationSpecWithLabelNoPaging,
    ),
    Operation(
        "create_label",
        "Define a label between two object types",
        "labels",
        "POST",
        _LABELS,
        labels.decode_create,
        runs.create_label,
        labels.encode_create,
        (200,),
        access=Access.WRITE,
        request=bodies_labels.PublicAssociationDefinitionCreateRequest,
        response=bodies.CollectionResponseAssociationSpecWithLabelNoPaging,
        quirks=("label_created_ends", "label_length", "labels_per_pair"),
    ),
    Operation(
        "update_label",
        "Rename a label between two object types",
        "labels",
        "PUT",
        _LABELS,
        labels.decode_update,
        runs.rename_label,
        links.encode_no_content,
        (204,),
        access=Access.WRITE,
        request=bodies_labels.PublicAssociationDefinitionUpdateRequest,
        quirks=("label_length",),
    ),
    Operation(
        "delete_label",
        "Delete a label between two object types, and take it off the records that carry it",
        "labels",
        "DELETE",
        f"{_LABELS}/{{associationTypeId}}",
        labels.decode_delete,
        runs.delete_label,
        links.encode_no_content,
        (204,),
        access=Access.WRITE,
        quirks=("label_in_use",),
    ),
)
