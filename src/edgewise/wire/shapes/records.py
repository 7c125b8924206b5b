"""How the rules of records refuse."""

from __future__ import annotations

from edgewise.domain import errors as rules
from edgewise.domain.errors import DomainError
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, ErrorShape, upper

SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.DuplicateInputs: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Duplicate IDs found in batch input: {e.record_ids}. IDs must be unique",
        lambda e: {"ids": [str(record_id) for record_id in e.record_ids]},
    ),
    rules.WrongInlineType: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"invalid {e.end} object type {e.actual} for associations to be created. "
            f"expected: {e.expected}. For definition {int(e.link_type.category)}-{e.link_type.type_id}"
        ),
    ),
    rules.RecordNotFound: ErrorShape(404, NOT_FOUND, lambda e: "resource not found"),
    rules.RecordsNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: (
            f"Could not get some {upper(e.object_type)} objects, they may be deleted or not exist. "
            "Check that ids are valid."
        ),
        lambda e: {"ids": list(e.record_ids)},
    ),
    rules.InvalidPropertyValue: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"The value of property {e.name} must be text",
        lambda e: {"propertyName": [e.name]},
    ),
}
