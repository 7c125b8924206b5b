"""What values properties may have, told apart by their types, and how they are kept.

Source: docs/behaviour.md, section 7.4, for messages and codes; those of numbers, dates, owners and surrounding space
from the error page, the changelog of 2025-01-06 and answers seen 2018 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from edgewise.domain.errors_properties import InvalidValue, PropertyValuesInvalid
from edgewise.domain.properties import PropertyDefinition, PropertyType
from edgewise.domain.sizes import FAULTS_MAX, VALUE_CHARACTERS_MAX, require_room

MULTIPLE_SEPARATOR = ";"
OWNER = "OWNER"
"""What a property of owner ids refers to."""

_OWNER_ID = re.compile(r"[1-9]\d{0,11}", re.ASCII)
"""The documents show owners of 11 digits, and an id of 14 was seen refused: the bound lies between."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_KEPT_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z", re.ASCII)
"""How moments are kept, but for days that no month has."""

_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]{1,64}@([\w-]{1,63}\.)+[\w-]{2,63}")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000
_MS = timedelta(milliseconds=1)


class Checked(NamedTuple):
    """The values to keep, None for those that are cleared, and those that are refused, in the order of the request.

    Where as many are refused as are told, the rest was not looked at.
    """

    values: dict[str, str | None]
    invalid: list[InvalidValue]


class Appended(str):
    """Options that a write adds to those that a record has. Source: Properties guide, section on checkbox values."""

    __slots__ = ()


def _shown(text: str) -> str:
    """A text as messages have it: the beginning of one that is long."""
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"


_SHOWN_MAX = 1_000


class _Fault(Exception):
    def __init__(self, message: str, error: str) -> None:
        self.message = message
        self.error = error


def check(
    definitions: Mapping[str, PropertyDefinition], values: Mapping[str, str | None], portal_id: int
) -> Checked:
    """Read values as their properties have them. An empty text, or None, clears.

    definitions: by name, of the object type. values: numbers and booleans as JSON spells them. Dates are kept as
    `2026-11-24`, moments as `2026-11-24T10:00:00.000Z`, email addresses in small letters, all else as sent; options
    that are to be added are `Appended`.
    """
    kept: dict[str, str | None] = {}
    invalid: list[InvalidValue] = []
    for name, text in values.items():
        if len(invalid) == FAULTS_MAX:
            break
        definition = definitions.get(name)
        if definition is None or definition.archived_at is not None:
            fault = (f'Property "{_shown(name)}" does not exist', "PROPERTY_DOESNT_EXIST")
        elif definition.is_value_read_only:
            what = "calculated" if definition.is_calculated else "read only"
            fault = (f'"{name}" is a {what} property; its value cannot be set.', "READ_ONLY_VALUE")
        elif not text:
            kept[name] = None
            continue
        elif len(text) > VALUE_CHARACTERS_MAX:
            message = (
                f'The value of "{name}" has {len(text)} characters; the maximum is {VALUE_CHARACTERS_MAX}.'
            )
            fault = (message, "VALUE_TOO_LONG")
        else:
            try:
                kept[name] = _READERS[definition.type](definition, text)
                continue
            except _Fault as refused:
                fault = (refused.message, refused.error)
        invalid.append(InvalidValue(*fault, _shown(name), portal_id, text or ""))
    return Checked(kept, invalid)


def valid_values(
    definitions: Mapping[str, PropertyDefinition], values: Mapping[str, str | None], portal_id: int
) -> dict[str, str | None]:
    """As `check`, when nothing is refused. Raises: PropertyValuesInvalid, RecordTooLarge."""
    kept, invalid = check(definitions, values, portal_id)
    if invalid:
        raise PropertyValuesInvalid(invalid)
    require_room({}, kept)
    return kept


def missing_required(required: Iterable[str], values: Mapping[str, str | None]) -> list[str]:
    """Which of the required properties a new record would not have."""
    return [name for name in required if not values.get(name)]


def with_appended(held: str | None, sent: str) -> str:
    """The value of a multiple enumeration after a write: one that begins with a semicolon adds to what is held."""
    if not sent.startswith(MULTIPLE_SEPARATOR):
        return sent
    parts = (*(held or "").split(MULTIPLE_SEPARATOR), *sent.split(MULTIPLE_SEPARATOR))
    return MULTIPLE_SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def resolved(held: Mapping[str, str], changes: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """Changes of a record's values, with what `Appended` ones lead to. held: the values that the record has."""
    if Appended not in set(map(type, changes.values())):
        return changes
    return {
        name: (with_appended(held.get(name), text) or None) if isinstance(text, Appended) else text
        for name, text in changes.items()
    }


def _text(definition: PropertyDefinition, text: str) -> str:
    if definition.name == "email" and definition.is_hubspot_defined:
        if not _EMAIL.fullmatch(text):
            raise _Fault(f"Email address {_shown(text)} is invalid", "INVALID_EMAIL")
        return text.lower()
    return text


def _as_sent(definition: PropertyDefinition, text: str) -> str:
    return text


def _number(definition: PropertyDefinition, text: str) -> str:
    _require_trimmed(text)
    if not _NUMBER.fullmatch(text):
        raise _Fault(f"{_shown(text)} was not a valid number", "INVALID_INTEGER")
    return text


def _bool(definition: PropertyDefinition, text: str) -> str:
    if text in {"true", "false"}:
        return text
    _require_trimmed(text)
    raise _Fault(f"{_shown(text)} was not one of the allowed options: [true, false]", "INVALID_OPTION")


def _enumeration(definition: PropertyDefinition, text: str) -> str:
    allowed = definition.option_values
    if text in allowed:
        return text
    _require_trimmed(text)
    if definition.has_external_options and not allowed:
        if definition.referenced_object_type == OWNER and not definition.is_multiple:
            _require_owner_id(text)
        return text
    parts = text.split(MULTIPLE_SEPARATOR) if definition.is_multiple else [text]
    for part in parts:
        if part and part not in allowed:
            _require_trimmed(part)
            raise _Fault(
                f"{_shown(part)} was not one of the allowed options: [{_listed(definition)}]",
                "INVALID_OPTION",
            )
    return Appended(text) if definition.is_multiple and text.startswith(MULTIPLE_SEPARATOR) else text


def _date(definition: PropertyDefinition, text: str) -> str:
    if _DAY.fullmatch(text):
        _moment_ms(text)
        return text
    at = _moment_ms(text)
    past_midnight = at % _DAY_MS
    if past_midnight:
        seconds, ms = divmod(past_midnight, 1000)
        clock = f"{seconds // 3600}:{seconds // 60 % 60}:{seconds % 60}.{ms}"
        raise _Fault(f"{at} is at {clock} UTC, not midnight!", "INVALID_DATE")
    return _printed(text, at)[:10]


def _datetime(definition: PropertyDefinition, text: str) -> str:
    if _KEPT_MOMENT.fullmatch(text):  # half the cost of reading and printing it
        _moment_ms(text)
        return text
    return _printed(text, _moment_ms(text))


def _moment_ms(text: str) -> int:
    """Milliseconds since the epoch of a moment in ISO 8601, in UTC unless it tells, or of the number itself."""
    if _DAY.fullmatch(text) or _MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
            return (moment - _EPOCH) // _MS
        except (ValueError, OverflowError):
            pass
    elif _INTEGER.fullmatch(text):
        return int(text)
    _require_trimmed(text)
    raise _Fault(f"{_shown(text)} was not a valid long.", "INVALID_LONG")


def _printed(text: str, at: int) -> str:
    try:
        moment = _EPOCH + timedelta(milliseconds=at)
    except OverflowError:
        raise _Fault(f"{_shown(text)} was not a valid long.", "INVALID_LONG") from None
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"


def _require_trimmed(text: str) -> None:
    if text != text.strip().strip(_INVISIBLE):
        raise _Fault(
            f'"{_shown(text)}" includes leading or trailing whitespace.', "LEADING_TRAILING_WHITESPACE"
        )


def _require_owner_id(text: str) -> None:
    if not _OWNER_ID.fullmatch(text):
        raise _Fault(f"{_shown(text)} was not a valid integer (for owner ID).", "INVALID_INTEGER")


def _listed(definition: PropertyDefinition) -> str:
    """Those that a message has room for."""
    values = [_shown(option.value) for option in definition.options[:_LISTED_MAX]]
    return ", ".join(values if len(values) == len(definition.options) else [*values, "…"])


_LISTED_MAX = 200


_READERS: Mapping[PropertyType, Callable[[PropertyDefinition, str], str]] = {
    PropertyType.STRING: _text,
    PropertyType.NUMBER: _number,
    PropertyType.BOOL: _bool,
    PropertyType.ENUMERATION: _enumeration,
    PropertyType.DATE: _date,
    PropertyType.DATETIME: _datetime,
    PropertyType.PHONE_NUMBER: _as_sent,
    PropertyType.OBJECT_COORDINATES: _as_sent,
    PropertyType.JSON: _as_sent,
}
