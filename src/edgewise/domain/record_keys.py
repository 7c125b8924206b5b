"""What tells a record from the others: its id, or the value of a property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from edgewise.domain.identifiers import record_id_in_body, record_id_in_path
from edgewise.domain.model import Record
from edgewise.domain.property_values import resolved

RECORD_ID_PROPERTY = "hs_object_id"

_WITHOUT_CASE = frozenset({"email"})
"""Source: docs/behaviour.md, section 9.4."""


@dataclass(frozen=True, slots=True)
class PropertyKey:
    """A record told by the value of a property; keys are equal when they tell the same record.

    value: as it was written. folded: the same for every spelling that is the same value.
    """

    name: str
    value: str = field(compare=False)
    folded: str

    def tells(self, text: str | None) -> bool:
        """Whether a record with this value of the property is meant."""
        return text is not None and _folded(self.name, text) == self.folded


RecordKey = int | PropertyKey
"""A record id, or the value of a property."""


class Upsert(NamedTuple):
    """Properties to set on a record; None clears one. creates: make the record where none has the key's value."""

    key: RecordKey
    properties: Mapping[str, str | None]
    creates: bool = False

    def new_properties(self) -> dict[str, str]:
        """What a record that is made has, the property of its key among it."""
        own = {self.key.name: self.key.value} if isinstance(self.key, PropertyKey) else {}
        values = resolved({}, {**self.properties, **own})
        return {name: text for name, text in values.items() if text is not None}


class Upserted(NamedTuple):
    """A record after an upsert, and whether it was made by it."""

    record: Record
    is_new: bool


def property_key(name: str, value: str) -> PropertyKey:
    """The key of a record by a property."""
    return PropertyKey(name, value, _folded(name, value))


def unique_keys(names: Sequence[str], properties: Mapping[str, str | None]) -> list[PropertyKey]:
    """The values, among some properties, that no other record may have. names: of the unique properties."""
    return [property_key(name, text) for name in names if (text := properties.get(name)) is not None]


def key_in_path(text: str, id_property: str | None) -> RecordKey:
    """The record that a path names. Raises: InvalidRecordId, NonPositiveRecordId where it names an id."""
    if _names_id(id_property):
        return record_id_in_path(text)
    return property_key(str(id_property), text)


def key_in_body(value: str | int, id_property: str | None) -> RecordKey:
    """The record that an input names. Raises: InvalidIdentifier where it names an id."""
    if _names_id(id_property):
        return record_id_in_body(value)
    return property_key(str(id_property), str(value))


def shown_key(key: RecordKey) -> int | str:
    """A key as errors print it."""
    return key if isinstance(key, int) else key.value


def _names_id(id_property: str | None) -> bool:
    return not id_property or id_property == RECORD_ID_PROPERTY


def _folded(name: str, text: str) -> str:
    return text.casefold() if name in _WITHOUT_CASE else text
