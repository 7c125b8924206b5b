"""How the rules of records refuse."""

from __future__ import annotations

from collections.abc import Iterable

from edgewise.domain import errors as rules
from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType
from edgewise.wire.shapes.shape import CONFLICT, NOT_FOUND, VALIDATION, ErrorShape, upper


def _joined(values: Iterable[object]) -> str:
    return ", ".join(map(str, values))


def _capital(object_type: ObjectType) -> str:
    return object_type.name[:1].upper() + object_type.name[1:]


def _existing_id(error: rules.ValueInUse) -> str:
    """Source: docs/behaviour.md, section 7.4, observed: of a single record only."""
    return f". Existing ID: {error.record_id}" if error.record_id and not error.in_batch else ""


SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.RecordTooLarge: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"The values of a record may have no more than {e.characters_max} characters in all",
    ),
    rules.TooManyValuesSet: ErrorShape(
        400, VALIDATION, lambda e: f"No more than {e.properties_max} properties can be set in one input"
    ),
    rules.AnswerTooLarge: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"The values to read are larger than the maximum of {e.bytes_max} bytes. "
            "Please reduce the number of items and try again"
        ),
    ),
    rules.DuplicateInputs: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Duplicate IDs found in batch input: [{_joined(e.record_ids)}]. IDs must be unique",
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
    rules.ValueInUse: ErrorShape(
        409,
        CONFLICT,
        lambda e: f"{_capital(e.object_type)} already exists{_existing_id(e)}",
        lambda e: {"existingId": [str(e.record_id)]} if e.in_batch and e.record_id else {},
    ),
    rules.InvalidPropertyValue: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"The value of property {e.name} must be text",
        lambda e: {"propertyName": [e.name]},
    ),
    rules.SelfMerge: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Object {e.record_id} cannot be merged with itself",
        lambda e: {"id": [str(e.record_id)]},
    ),
    rules.SearchTooLarge: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"A search may have at most {e.maximum} {e.what}",
    ),
    rules.SearchOutOfReach: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Results of a search end at {e.reach}; after and limit must not lead beyond",
        lambda e: {"after": [str(e.offset)]},
    ),
    rules.UnknownOperator: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.text} is not an operator of filters",
        lambda e: {"operator": [e.text]},
    ),
    rules.FilterIncomplete: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"A filter with the operator {e.operator} needs {e.field}",
        lambda e: {"propertyName": [e.name], "operator": [e.operator]},
    ),
    rules.InvalidLinkFilter: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.name} can be filtered with EQ and IN only, not with {e.operator}",
        lambda e: {"propertyName": [e.name], "operator": [e.operator]},
    ),
    rules.UnknownSortDirection: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.text} is not a direction; results are sorted ASCENDING or DESCENDING",
        lambda e: {"direction": [e.text]},
    ),
}
