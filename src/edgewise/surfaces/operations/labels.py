"""The labels between two object types."""

from __future__ import annotations

from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import links as runs
from edgewise.wire import associations as links
from edgewise.wire import bodies

_PAIR = "/{fromObjectType}/{toObjectType}"

OPERATIONS = (
    Operation(
        "list_labels",
        "List the association types between two object types",
        "labels",
        "GET",
        f"{_PAIR}/labels",
        links.decode_pair,
        runs.nothing,
        links.encode_labels,
        (200,),
        response=bodies.CollectionResponseAssociationSpecWithLabelNoPaging,
    ),
)
