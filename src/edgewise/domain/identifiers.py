"""Record ids as clients write them."""

from __future__ import annotations

from edgewise.domain.errors import InvalidIdentifier, InvalidRecordId, NonPositiveRecordId
from edgewise.domain.model import RECORD_ID_MAX

_DIGITS_MAX = 40
"""More digits than any number here has, few enough that reading them costs nothing."""


def is_number(text: str) -> bool:
    """Whether a text is decimal digits alone, and not too many to read."""
    return text.isdecimal() and text.isascii() and len(text) <= _DIGITS_MAX


def record_id_in_path(text: str) -> int:
    """The record id that a path names; leading zeros are accepted.

    Raises: InvalidRecordId for what is no number or too large, NonPositiveRecordId for zero and below.
    Source: docs/behaviour.md, section 7.4, recorded 2026-09 to 2026-10.
    """
    if not is_number(text.removeprefix("-")):
        raise InvalidRecordId(text)
    number = int(text)
    if number <= 0:
        raise NonPositiveRecordId(text)
    if number > RECORD_ID_MAX:
        raise InvalidRecordId(text)
    return number


def record_id_in_body(value: str | int) -> int:
    """The record id that an input names, as text or as a number. Raises: InvalidIdentifier.

    Source: docs/behaviour.md, sections 3.7 and 15.2.
    """
    if isinstance(value, str):
        if not is_number(value):
            raise InvalidIdentifier(value)
        value = int(value)
    if 0 < value <= RECORD_ID_MAX:
        return value
    raise InvalidIdentifier(str(value))
