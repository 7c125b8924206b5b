"""The one table from a refusal to HubSpot's status, category, message and context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain import errors as rules
from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType
from edgewise.wire import refusals
from edgewise.wire.bodies import Error, StandardError
from edgewise.wire.quirks import Quirks

VALIDATION = "VALIDATION_ERROR"
NOT_FOUND = "OBJECT_NOT_FOUND"

_AUTH_MESSAGE = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
    "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)

Context = dict[str, list[str]]


class ErrorShape(NamedTuple):
    """How one class of refusal reads on the wire.

    is_category_recorded: whether the live service was seen to send the category (quirk `error_category`).
    """

    status: int
    category: str
    message: Callable[[Any], str]
    context: Callable[[Any], Context] | None = None
    sub_category: str | None = None
    is_category_recorded: bool = True


def _singular(object_type: ObjectType) -> str:
    return object_type.name


def _upper(object_type: ObjectType) -> str:
    return object_type.name.upper()


def _numeric_only(error: Any) -> Context:
    return {"id": [error.text]}


def _invalid_object_ids(ends: list[tuple[ObjectType, int]]) -> Context:
    return {
        "INVALID_OBJECT_IDS": [f"{_upper(kind)}={record_id} is not valid" for kind, record_id in ends],
        "objectId": [str(record_id) for _, record_id in ends],
        "objectType": [_upper(kind) for kind, _ in ends],
    }


def _unknown_type_context(error: rules.UnknownAssociationType) -> Context:
    spec = f"{error.category}={error.type_id}"
    return {
        "associationSpec": [spec],
        "INVALID_ASSOCIATION_TYPE_ID": [f"{spec} is not a valid association definition id"],
    }


def _wrong_kind(error: refusals.BodyOfWrongKind) -> str:
    return (
        f"Invalid input JSON on line {error.line}, column {error.column}: Cannot deserialize value of type "
        f"`{error.expected}` from {_TOKEN_NAMES[error.token]} value (token `JsonToken.{error.token}`)"
    )


_TOKEN_NAMES = {
    "VALUE_STRING": "String",
    "VALUE_NUMBER_INT": "Integer",
    "VALUE_NUMBER_FLOAT": "Floating-point",
    "VALUE_TRUE": "Boolean",
    "VALUE_FALSE": "Boolean",
    "VALUE_NULL": "Null",
    "START_ARRAY": "Array",
    "START_OBJECT": "Object",
}

_INVALID_ASSOCIATIONS = "One or more associations are invalid"

SHAPES: dict[type[DomainError], ErrorShape] = {
    refusals.PathNotFound: ErrorShape(404, NOT_FOUND, lambda e: f"No operation has the path {e.path}"),
    refusals.MethodNotAllowed: ErrorShape(
        405,
        "METHOD_NOT_ALLOWED",
        lambda e: f"{e.method} is not allowed here; allowed: {', '.join(e.allowed)}",
    ),
    refusals.BodyTooLarge: ErrorShape(
        413, VALIDATION, lambda e: f"The request body is larger than the maximum of {e.bytes_max} bytes"
    ),
    refusals.UnsupportedMediaType: ErrorShape(
        415, VALIDATION, lambda e: f"Content type {e.content_type} is not supported; send application/json"
    ),
    refusals.NotAuthenticated: ErrorShape(401, "INVALID_AUTHENTICATION", lambda e: _AUTH_MESSAGE),
    refusals.BodyMissing: ErrorShape(
        400, VALIDATION, lambda e: "Invalid JSON input: a request body was expected, but none found"
    ),
    refusals.BodyMalformed: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Invalid input JSON on line {e.line}, column {e.column}: {e.reason}",
        is_category_recorded=False,
    ),
    refusals.BodyOfWrongKind: ErrorShape(400, VALIDATION, _wrong_kind, is_category_recorded=False),
    refusals.FieldsMissing: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"Invalid input JSON on line {e.line}, column {e.column}. "
            f"Some required fields were not set: [{', '.join(e.fields)}]"
        ),
    ),
    refusals.RequestTimedOut: ErrorShape(408, VALIDATION, lambda e: "The request body did not arrive"),
    refusals.StoreUnavailable: ErrorShape(
        503, "SERVICE_UNAVAILABLE", lambda e: "The store is unavailable right now; try again"
    ),
    rules.UnknownObjectType: ErrorShape(
        400, VALIDATION, lambda e: f"Unable to infer object type from: {e.text}", is_category_recorded=False
    ),
    rules.InvalidObjectTypeId: ErrorShape(
        400, VALIDATION, lambda e: f"Invalid object or event type id: {e.text}", is_category_recorded=False
    ),
    rules.InvalidRecordId: ErrorShape(
        404, NOT_FOUND, lambda e: "Object not found.  objectId are usually numeric.", _numeric_only
    ),
    rules.NonPositiveRecordId: ErrorShape(
        404, NOT_FOUND, lambda e: "Object not found. objectId is usually positive.", _numeric_only
    ),
    rules.InvalidIdentifier: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.text} is not a valid ID",
        _numeric_only,
        sub_category="crm.associations.INVALID_IDENTIFIER",
    ),
    rules.InvalidCursor: ErrorShape(
        400, VALIDATION, lambda e: f"Invalid paging cursor: {e.text}", lambda e: {"after": [e.text]}
    ),
    rules.InvalidPageSize: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"limit must be a number from 1 to {e.page_size_max}, not {e.text}",
        lambda e: {"limit": [e.text]},
    ),
    rules.TooManyInputs: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"The maximum number of inputs supported in a batch is {e.inputs_max}. "
            "Please reduce the number of items and try again"
        ),
    ),
    rules.DuplicateInputs: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Duplicate IDs found in batch input: {e.record_ids}. IDs must be unique",
        lambda e: {"ids": [str(record_id) for record_id in e.record_ids]},
    ),
    rules.SelfLink: ErrorShape(
        400, VALIDATION, lambda e: f"Object {e.record_id} cannot be associated to itself ({e.record_id})"
    ),
    rules.NoDefaultType: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"No default association type exists between {e.source.plural} and {e.target.plural}",
        lambda e: {"fromObjectType": [_singular(e.source)], "toObjectType": [_singular(e.target)]},
    ),
    rules.UnknownAssociationType: ErrorShape(
        400, VALIDATION, lambda e: _INVALID_ASSOCIATIONS, _unknown_type_context
    ),
    rules.WrongAssociationType: ErrorShape(
        400, VALIDATION, lambda e: _INVALID_ASSOCIATIONS, lambda e: _invalid_object_ids(e.mismatched)
    ),
    rules.WrongInlineType: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"invalid {e.end} object type {e.actual} for associations to be created. "
            f"expected: {e.expected}. For definition {int(e.link_type.category)}-{e.link_type.type_id}"
        ),
    ),
    rules.LinkEndsMissing: ErrorShape(
        400, VALIDATION, lambda e: _INVALID_ASSOCIATIONS, lambda e: _invalid_object_ids(e.missing)
    ),
    rules.SourceNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"No {_singular(e.object_type)} with ID {e.record_id} exists",
        lambda e: {"objectType": [_singular(e.object_type)], "id": [str(e.record_id)]},
        sub_category="crm.associations.FROM_OBJECT_NOT_FOUND",
    ),
    rules.TargetNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"No {_singular(e.object_type)} with ID {e.record_id} exists",
        lambda e: {"objectType": [_singular(e.object_type)], "id": [str(e.record_id)]},
        sub_category="crm.associations.TO_OBJECT_NOT_FOUND",
    ),
    rules.NoAssociations: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"No {_singular(e.target)} is associated with {_singular(e.source)} {e.record_id}.",
        lambda e: {
            "fromObjectId": [str(e.record_id)],
            "fromObjectType": [_singular(e.source)],
            "toObjectType": [_singular(e.target)],
        },
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    ),
    rules.RecordNotFound: ErrorShape(404, NOT_FOUND, lambda e: "resource not found"),
    rules.RecordsNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: (
            f"Could not get some {_upper(e.object_type)} objects, they may be deleted or not exist. "
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


def error_body(error: DomainError, correlation_id: str, quirks: Quirks) -> tuple[int, Error]:
    """The status and envelope of a failed request. Source: docs/behaviour.md, section 7."""
    shape = SHAPES[type(error)]
    context = shape.context(error) if shape.context else None
    return shape.status, Error(
        status="error",
        message=shape.message(error),
        correlation_id=correlation_id,
        context=context or UNSET,
        category=_category(shape, quirks),
        sub_category=shape.sub_category or UNSET,
    )


def error_item(error: DomainError, quirks: Quirks) -> StandardError:
    """One failed input of a batch. Source: docs/behaviour.md, sections 3.7, 4 and 13."""
    shape = SHAPES[type(error)]
    context = shape.context(error) if shape.context else {}
    is_full = quirks.batch_error_items == "full"
    return StandardError(
        status="error",
        category=shape.category,
        sub_category=shape.sub_category or UNSET,
        message=shape.message(error),
        context=context if context or is_full else UNSET,
        errors=[] if is_full else UNSET,
        links={} if is_full else UNSET,
    )


def internal_error(correlation_id: str) -> Error:
    """The envelope of a failure that is ours; its cause is in the log. Source: docs/behaviour.md, section 7.2."""
    return Error(
        status="error", message="internal error", correlation_id=correlation_id, category="INTERNAL_ERROR"
    )


def _category(shape: ErrorShape, quirks: Quirks) -> Any:
    if shape.is_category_recorded or quirks.error_category == "always":
        return shape.category
    return UNSET
