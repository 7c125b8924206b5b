"""Property values, as far as a search reads them: numbers, moments and text, told apart by how they look."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import NamedTuple

from edgewise.domain.model import ObjectType, Record
from edgewise.domain.record_keys import RECORD_ID_PROPERTY

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,39})(\.\d{1,40})?([eE][+-]?\d{1,3})?", re.ASCII)
"""Without leading zeros and plus signs, so that telephone numbers and codes are text."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?)?", re.ASCII)
"""In either case of its letters, so that texts which differ in nothing else are equal whatever they are compared as."""

_BEGIN_NUMBERS = frozenset("-0123456789")
"""How numbers and moments begin."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_EXACT = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""More digits than a number has, so that nothing is rounded."""

KEY_LENGTH_MAX = 100
"""Characters."""


class Value(NamedTuple):
    """A value to compare with.

    number: what it counts as, in milliseconds since the epoch for a moment; None for text.
    folded: the text without the case of its letters.
    """

    number: Decimal | None
    folded: str

    @classmethod
    def of(cls, text: str) -> Value:
        return cls(number_of(text), text.casefold())

    def compare(self, text: str) -> int:
        """Below zero when this is less than the value `text`, zero when they are equal, else above.

        Numbers and moments compare as such, a number with a moment as milliseconds, anything else as text in any case.
        """
        if self.number is not None:
            other = number_of(text)
            if other is not None:
                return (self.number > other) - (self.number < other)
        folded = text.casefold()
        return (self.folded > folded) - (self.folded < folded)

    @property
    def key(self) -> str:
        """As `key_of` its text."""
        if self.number is None:
            return f"t:{self.folded}"[:KEY_LENGTH_MAX]
        return f"n:{self.number.normalize(_EXACT) if self.number else 0}"

    def order(self) -> tuple[bool, Decimal, str]:
        """A key to sort by: numbers and moments before text."""
        if self.number is None:
            return True, Decimal(0), self.folded
        return False, self.number, ""


def number_of(text: str) -> Decimal | None:
    """What a text counts as: a number its own, a moment in ISO 8601 its milliseconds since the epoch."""
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _MOMENT.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text.upper())
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return Decimal((moment - _EPOCH) // timedelta(milliseconds=1))
    return None


def key_of(text: str) -> str:
    """What values have in common that are equal, as `Value.compare` says, and no others, unless the key is cut.

    It is kept in databases: what it is for some text never changes without a migration.
    """
    # Most values are plain text, and every record that is written asks this of each of them.
    return Value.of(text).key if text[:1] in _BEGIN_NUMBERS else f"t:{text.casefold()}"[:KEY_LENGTH_MAX]


def is_cut(key: str) -> bool:
    """Whether values with this key need not be equal."""
    return len(key) >= KEY_LENGTH_MAX


def value_of(object_type: ObjectType, record: Record, name: str) -> str | None:
    """The value of a property, of those among them that every record has; None when it is unset."""
    if name == RECORD_ID_PROPERTY:
        return str(record.record_id)
    if name == object_type.created_property:
        return str(record.created_at)
    if name == object_type.last_modified_property:
        return str(record.updated_at)
    return record.properties.get(name)
