"""How what is too large is refused."""

from typing import Any

from edgewise.domain import errors as rules
from edgewise.wire import refusals

BOUND_REFUSALS: list[tuple[Any, int, str, Any]] = [
    (
        refusals.TooManyValues(9),
        400,
        "Invalid JSON input: the request body has more than the maximum of 9 values",
        None,
    ),
    (
        refusals.QueryTooLong(9),
        400,
        "The query string has more than the maximum of 9 parameters",
        None,
    ),
    (
        rules.RecordTooLarge(9),
        400,
        "The values of a record may have no more than 9 characters in all",
        None,
    ),
    (rules.TooManyValuesSet(9), 400, "No more than 9 properties can be set in one input", None),
    (
        rules.AnswerTooLarge(9),
        400,
        "The values to read are larger than the maximum of 9 bytes. "
        "Please reduce the number of items and try again",
        None,
    ),
]
