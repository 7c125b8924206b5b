"""How the rules of reports refuse."""

from __future__ import annotations

from edgewise.domain import errors as rules
from edgewise.domain.errors import DomainError
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, ErrorShape

SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.InvalidUserId: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"userId must be a number from 1 to 2147483647, not {e.text}",
        lambda e: {"userId": [e.text]},
    ),
    rules.ReportNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"There is no report {e.text}, or it is not finished yet",
        lambda e: {"id": [e.text]},
    ),
}
