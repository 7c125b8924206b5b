"""Property values, as far as a search reads them: as numbers and moments, or as text, and the keys to find them by."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from edgewise.domain.model import ObjectType, Record
from edgewise.domain.record_keys import RECORD_ID_PROPERTY
from edgewise.domain.words import further_words

_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,4})?", re.ASCII)
"""What a property of numbers may have, but for those of more digits."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?)?", re.ASCII)

_BEGIN_NUMBERS = frozenset("+-.0123456789")
"""How numbers and moments begin."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_EXPONENT_OFFSET = 20_000
"""Makes every exponent of a number positive, of five digits."""

_OTHER_DIGITS = str.maketrans("0123456789", "9876543210")

TEXT_KEPT = 100
"""Characters of a text that its key has, and that orders and ranges compare."""

WORD_KEPT = 40
"""Characters of a word that its key has."""

WORDS_MAX = 32
"""A text of more further words has no keys of them, but one that tells so."""

TEXT, NUMBER, WORD, MANY_WORDS = "t:", "n:", "w:", "x:"
"""How the keys of texts, numbers, words, and texts of many words begin."""


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

    def rank(self, is_numeric: bool) -> Decimal | str | None:
        """What orders values of a property: numbers, or the first characters of texts; None for no number."""
        return self.number if is_numeric else self.folded[:TEXT_KEPT]

    def key(self, is_numeric: bool) -> str | None:
        """The key that values of the same rank have, in the order of the ranks; None for no number."""
        if not is_numeric:
            return text_key(self.folded)
        return None if self.number is None else number_key(self.number)


def number_of(text: str) -> Decimal | None:
    """What a text counts as: a number its own, a moment in ISO 8601 its milliseconds since the epoch."""
    if text[:1] not in _BEGIN_NUMBERS:
        return None
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


def rank_of(text: str, is_numeric: bool) -> Decimal | str | None:
    """As `Value.rank`, of a value as it is kept."""
    return number_of(text) if is_numeric else text.casefold()[:TEXT_KEPT]


def keys_of(text: str) -> list[str]:
    """The keys by which a value is found; the first is that of `key_of`, and no two are equal.

    One of its text; one of the number that it counts as; and those of its words but the one that it begins with, whose
    key the text's begins with.
    They are kept in databases: what they are for some text never changes without a migration.
    """
    folded = text.casefold()
    keys = [TEXT + folded[:TEXT_KEPT]]
    if folded[:1] in _BEGIN_NUMBERS:
        number = number_of(text)
        if number is not None:
            keys.append(number_key(number))
    if not folded.isalnum():  # that is one word
        words = further_words(folded)
        if len(words) > WORDS_MAX:
            keys.append(MANY_WORDS)
        else:
            keys += dict.fromkeys(WORD + word[:WORD_KEPT] for word in words)
    return keys


def key_of(text: str) -> str:
    """What values have in common that are equal as texts in any case, and no others, unless it is cut."""
    return text_key(text.casefold())


def text_key(folded: str) -> str:
    """The key of a casefolded text."""
    return TEXT + folded[:TEXT_KEPT]


def number_key(number: Decimal) -> str:
    """A text that tells a number to its last digit, in the order of numbers."""
    sign, digits, _ = number.as_tuple()
    text = "".join(map(str, digits)).strip("0")
    if not text:
        return f"{NUMBER}1"
    scale = f"{number.adjusted() + _EXPONENT_OFFSET:05d}{text}"
    # Of negative numbers the greater one is the one of smaller digits, or of fewer.
    return f"{NUMBER}0{scale.translate(_OTHER_DIGITS)}~" if sign else f"{NUMBER}2{scale}"


def is_cut(key: str) -> bool:
    """Whether texts with this key need not be equal."""
    return len(key) >= len(TEXT) + TEXT_KEPT


def behind(key: str) -> str:
    """The least text that is greater than every text that begins with a key, whose last character is not the last."""
    code = ord(key[-1]) + 1
    return key[:-1] + chr(0xE000 if code == 0xD800 else code)


def value_of(object_type: ObjectType, record: Record, name: str) -> str | None:
    """The value of a property, of those among them that every record has; None when it is unset."""
    if name == RECORD_ID_PROPERTY:
        return str(record.record_id)
    if name == object_type.created_property:
        return str(record.created_at)
    if name == object_type.last_modified_property:
        return str(record.updated_at)
    return record.properties.get(name)
