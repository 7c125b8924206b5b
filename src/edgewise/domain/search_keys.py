"""Which keys the values have that a search is for, so that an index of keys can answer it.

Keys are those of `edgewise.domain.values.keys_of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from math import ceil, floor
from typing import NamedTuple

from edgewise.domain.model import RECORD_ID_MAX
from edgewise.domain.search import Condition, Operator
from edgewise.domain.values import MANY_WORDS, NUMBER, TEXT, WORD, WORD_KEPT, Value, behind, is_cut
from edgewise.domain.words import WILDCARD, words_of

Span = tuple[str, str]
"""Keys from one on, and before another."""

Numbers = tuple[int, int]
"""Whole numbers from one on, and before another."""

EVERY_VALUE: Span = (TEXT, behind(TEXT))
"""The keys of the texts of all values, of which each has one."""

_EVERY_NUMBER: Span = (NUMBER, behind(NUMBER))
_MANY_WORDS: Span = (MANY_WORDS, f"{MANY_WORDS}\0")

_NEGATED = (
    Operator.NEQ,
    Operator.NOT_IN,
    Operator.NOT_HAS_PROPERTY,
    Operator.NOT_CONTAINS_TOKEN,
)

_BEHIND_WORDS = (("", "0"), (":", "_"), ("`", "a"), ("{", "\x80"))
"""Between which texts those lie that are a casefolded word, or begin with it and go on with what is in ASCII and in no
word."""

_LEAST, _MOST = -(2**62), 2**62
"""No id and no moment is beyond."""

_BEGINNING = re.compile(r"\w+\*")


class Keys(NamedTuple):
    """sure: values with one of these meet what is asked. unsure: others that do have one of these, as some do that do
    not. Each value has at most one key of all spans that are sure, when `is_once`.
    """

    sure: tuple[Span, ...] = ()
    unsure: tuple[Span, ...] = ()
    is_once: bool = True

    @property
    def all(self) -> tuple[Span, ...]:
        return self.sure + self.unsure


def is_negated(condition: Condition) -> bool:
    """Whether `condition_keys` are of the values that do not meet it."""
    return condition.operator in _NEGATED


def condition_keys(condition: Condition) -> list[Keys]:
    """The keys of the values that meet a condition on a stored property, or of those that do not, in ways to choose
    from.
    """
    operator, operands = condition.operator, condition.operands
    match operator:
        case Operator.HAS_PROPERTY | Operator.NOT_HAS_PROPERTY:
            return [Keys((EVERY_VALUE,))]
        case Operator.EQ | Operator.NEQ | Operator.IN | Operator.NOT_IN:
            keys = {key for each in operands if (key := each.key(condition.is_numeric)) is not None}
            sure = sorted(key for key in keys if not is_cut(key))
            cut = sorted(key for key in keys if is_cut(key))
            return [Keys(tuple(map(_only, sure)), tuple(map(_only, cut)))]
        case Operator.CONTAINS_TOKEN | Operator.NOT_CONTAINS_TOKEN:
            return _token_keys(operands[0].folded)
        case _:
            return [_range_keys(operator, operands, condition.is_numeric)]


def words_keys(words: str) -> list[Keys]:
    """The keys of the values that have words of a query, in ways to choose from. words: as `Search.words` has them."""
    *whole, last = words.split(" ")
    if not whole:
        return [_beginning_keys(last)]
    return [*map(_unsure, map(_word_keys, whole)), _unsure(_beginning_keys(last))]


def ids_beginning(words: str) -> list[Numbers]:
    """The record ids that have words of a query."""
    if not (words.isascii() and words.isdigit()) or words[0] == "0":
        return []
    spans = []
    first, count = int(words), 1
    while first * count <= RECORD_ID_MAX:
        spans.append((first * count, (first + 1) * count))
        count *= 10
    return spans


def condition_numbers(condition: Condition) -> list[Numbers] | None:
    """The numbers that meet a condition on a property which every record has; None where their digits tell."""
    operator = condition.operator
    numbers = [each.number for each in condition.operands]
    match operator:
        case Operator.HAS_PROPERTY:
            return [(_LEAST, _MOST)]
        case Operator.NOT_HAS_PROPERTY:
            return []
        case Operator.CONTAINS_TOKEN | Operator.NOT_CONTAINS_TOKEN:
            return None
        case Operator.EQ | Operator.NEQ | Operator.IN | Operator.NOT_IN:
            whole = sorted({int(n) for n in numbers if n is not None and _LEAST < n < _MOST and n == int(n)})
            if not is_negated(condition):
                return [(n, n + 1) for n in whole]
            return list(zip([_LEAST, *(n + 1 for n in whole)], [*whole, _MOST], strict=True))
    bounds = [max(min(n, Decimal(_MOST)), Decimal(_LEAST)) for n in numbers if n is not None]
    if len(bounds) < len(numbers):
        return []
    match operator:
        case Operator.LT:
            return [(_LEAST, ceil(bounds[0]))]
        case Operator.LTE:
            return [(_LEAST, floor(bounds[0]) + 1)]
        case Operator.GT:
            return [(floor(bounds[0]) + 1, _MOST)]
        case Operator.GTE:
            return [(ceil(bounds[0]), _MOST)]
        case _:
            return [(ceil(bounds[0]), floor(bounds[1]) + 1)]


def sort_span(is_numeric: bool) -> Span:
    """The keys, in the order of which the values of a property are sorted; each value has one at most."""
    return _EVERY_NUMBER if is_numeric else EVERY_VALUE


def _only(key: str) -> Span:
    return key, f"{key}\0"


def _range_keys(operator: Operator, operands: tuple[Value, ...], is_numeric: bool) -> Keys:
    first, end = sort_span(is_numeric)
    keys = [key for each in operands if (key := each.key(is_numeric)) is not None]
    if len(keys) < len(operands):
        return Keys()
    match operator:
        case Operator.LT:
            span = (first, keys[0])
        case Operator.LTE:
            span = (first, f"{keys[0]}\0")
        case Operator.GT:
            span = (f"{keys[0]}\0", end)
        case Operator.GTE:
            span = (keys[0], end)
        case _:
            span = (keys[0], f"{keys[1]}\0")
    return Keys((span,))


def _token_keys(token: str) -> list[Keys]:
    if WILDCARD not in token:
        words = words_of(token)
        if not words:
            return [Keys()]
        return [_word_keys(words[0])] if len(words) == 1 else [_unsure(_word_keys(word)) for word in words]
    if _BEGINNING.fullmatch(token):
        return [_beginning_keys(token[:-1])]
    return list(map(_unsure, _pattern_keys(token))) or [Keys(unsure=(EVERY_VALUE,))]


def _pattern_keys(token: str) -> Iterator[Keys]:
    """Those of the words that the words of a pattern are, or begin."""
    for word in re.finditer(r"\w+", token):
        if token[: word.start()].endswith(WILDCARD):
            continue
        yield _beginning_keys(word[0]) if token.startswith(WILDCARD, word.end()) else _word_keys(word[0])


def _word_keys(word: str) -> Keys:
    if len(word) >= WORD_KEPT:
        return _unsure(_beginning_keys(word[:WORD_KEPT]))
    text = TEXT + word
    sure = [(text + first, text + end) for first, end in _BEHIND_WORDS]
    return Keys((_only(WORD + word), *sure), ((f"{text}\x80", behind(text)), _MANY_WORDS))


def _beginning_keys(word: str) -> Keys:
    cut = word[:WORD_KEPT]
    spans = ((TEXT + cut, behind(TEXT + cut)), (WORD + cut, behind(WORD + cut)))
    keys = Keys(spans, (_MANY_WORDS,), is_once=False)
    return keys if cut == word else _unsure(keys)


def _unsure(keys: Keys) -> Keys:
    return Keys((), keys.all)
