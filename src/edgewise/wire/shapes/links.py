"""How the rules of links refuse."""

from __future__ import annotations

from typing import Any

from edgewise.domain import errors as rules
from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, Context, ErrorShape, singular, upper


def _numeric_only(error: Any) -> Context:
    return {"id": [error.text]}


def _invalid_object_ids(ends: list[tuple[ObjectType, int]]) -> Context:
    return {
        "INVALID_OBJECT_IDS": [f"{upper(kind)}={record_id} is not valid" for kind, record_id in ends],
        "objectId": [str(record_id) for _, record_id in ends],
        "objectType": [upper(kind) for kind, _ in ends],
    }


def _unknown_type_context(error: rules.UnknownAssociationType) -> Context:
    spec = f"{error.category}={error.type_id}"
    return {
        "associationSpec": [spec],
        "INVALID_ASSOCIATION_TYPE_ID": [f"{spec} is not a valid association definition id"],
    }


def _limit_context(error: rules.AssociationLimitReached) -> Context:
    record = {} if error.record_id is None else {"objectId": [str(error.record_id)]}
    return {
        "limit": [str(error.limit)],
        "associationSpec": [f"{error.category}={error.type_id}"],
        **record,
        "objectType": [upper(error.object_type)],
    }


def _at_its_limit(error: rules.AssociationLimitReached) -> str:
    record = (
        upper(error.object_type)
        if error.record_id is None
        else f"{upper(error.object_type)}={error.record_id}"
    )
    spec = f"{error.category}={error.type_id}"
    return f"{record} cannot have more than {error.limit} associations of type {spec}"


def _range_context(error: rules.LimitOutOfRange) -> Context:
    return {
        "associationSpec": [f"{error.category}={error.type_id}"],
        "maxToObjectIds": [str(error.limit)],
    }


def _allowed_range(error: rules.LimitOutOfRange) -> str:
    spec = f"{error.category}={error.type_id}"
    return f"maxToObjectIds must be from {error.lowest} to {error.highest} for {spec}, not {error.limit}"


_INVALID_ASSOCIATIONS = "One or more associations are invalid"

SHAPES: dict[type[DomainError], ErrorShape] = {
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
    rules.SelfLink: ErrorShape(
        400, VALIDATION, lambda e: f"Object {e.record_id} cannot be associated to itself ({e.record_id})"
    ),
    rules.NoDefaultType: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"No default association type exists between {e.source.plural} and {e.target.plural}",
        lambda e: {"fromObjectType": [singular(e.source)], "toObjectType": [singular(e.target)]},
    ),
    rules.UnknownAssociationType: ErrorShape(
        400, VALIDATION, lambda e: _INVALID_ASSOCIATIONS, _unknown_type_context
    ),
    rules.WrongAssociationType: ErrorShape(
        400, VALIDATION, lambda e: _INVALID_ASSOCIATIONS, lambda e: _invalid_object_ids(e.mismatched)
    ),
    rules.InvalidAssociationType: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.text} is not a valid association type between {e.source} and {e.target}",
        lambda e: {"type": [e.text], "fromObjectType": [e.source], "toObjectType": [e.target]},
        sub_category="crm.associations.INVALID_ASSOCIATION_TYPE",
    ),
    rules.LimitOutOfRange: ErrorShape(400, VALIDATION, _allowed_range, _range_context),
    rules.AssociationLimitReached: ErrorShape(
        400,
        VALIDATION,
        _at_its_limit,
        _limit_context,
        sub_category="crm.associations.ASSOCIATION_LIMIT_EXCEEDED",
    ),
    rules.LinkEndsMissing: ErrorShape(
        400, VALIDATION, lambda e: _INVALID_ASSOCIATIONS, lambda e: _invalid_object_ids(e.missing)
    ),
    rules.SourceNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"No {singular(e.object_type)} with ID {e.record_id} exists",
        lambda e: {"objectType": [singular(e.object_type)], "id": [str(e.record_id)]},
        sub_category="crm.associations.FROM_OBJECT_NOT_FOUND",
    ),
    rules.TargetNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"No {singular(e.object_type)} with ID {e.record_id} exists",
        lambda e: {"objectType": [singular(e.object_type)], "id": [str(e.record_id)]},
        sub_category="crm.associations.TO_OBJECT_NOT_FOUND",
    ),
    rules.NoAssociations: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"No {singular(e.target)} is associated with {singular(e.source)} {e.record_id}.",
        lambda e: {
            "fromObjectId": [str(e.record_id)],
            "fromObjectType": [singular(e.source)],
            "toObjectType": [singular(e.target)],
        },
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    ),
}
