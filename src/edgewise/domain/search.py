"""Search: which records of a type match, and in which order they come."""

from __future__ import annotations

import operator as compare
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from heapq import nlargest, nsmallest
from operator import itemgetter
from typing import Any, NamedTuple

from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import (
    FilterIncomplete,
    InvalidLinkFilter,
    SearchOutOfReach,
    SearchTooLarge,
    UnknownOperator,
    UnknownSortDirection,
)
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.model import ObjectType, Record
from edgewise.domain.properties import PropertyDefinition, PropertyType
from edgewise.domain.record_keys import RECORD_ID_PROPERTY
from edgewise.domain.values import Value, number_of, rank_of, value_of
from edgewise.domain.words import WILDCARD, contains, has_words, spaced, words_of

GROUPS_MAX = 5
FILTERS_PER_GROUP_MAX = 6
FILTERS_MAX = 18
SORTS_MAX = 1
REACH = 10_000
"""Source: docs/behaviour.md, section 9.5."""

ASTERISKS_MAX = 10
ASTERISK_WORDS_MAX = 10
"""In a value with asterisks, so that looking for it takes time in proportion to the text alone."""

_NUMERIC = (PropertyType.NUMBER, PropertyType.DATE, PropertyType.DATETIME)

LINKED = "associations."
"""What the name of a filter on linked records begins with; an object type follows."""


class Operator(StrEnum):
    """How a filter compares."""

    EQ = "EQ"
    NEQ = "NEQ"
    LT = "LT"
    LTE = "LTE"
    GT = "GT"
    GTE = "GTE"
    BETWEEN = "BETWEEN"
    IN = "IN"
    NOT_IN = "NOT_IN"
    HAS_PROPERTY = "HAS_PROPERTY"
    NOT_HAS_PROPERTY = "NOT_HAS_PROPERTY"
    CONTAINS_TOKEN = "CONTAINS_TOKEN"
    NOT_CONTAINS_TOKEN = "NOT_CONTAINS_TOKEN"


_EQUALITIES = (Operator.EQ, Operator.IN)
_TOKENS = (Operator.CONTAINS_TOKEN, Operator.NOT_CONTAINS_TOKEN)


class Filter(NamedTuple):
    """A filter as a request has it. None stands for what is left out or empty."""

    name: str
    operator: str
    value: str | None = None
    values: Sequence[str | None] = ()
    high_value: str | None = None


class Condition(NamedTuple):
    """What the value of a property must be. is_numeric: it is compared as a number or a moment, else as text."""

    name: str
    operator: Operator
    operands: tuple[Value, ...] = ()
    is_numeric: bool = False

    def holds_for(self, text: str | None) -> bool:
        """Whether a value meets it; None for a record without the property, which only one operator asks for.

        Source: docs/behaviour.md, section 9.5.
        """
        if text is None:
            return self.operator is Operator.NOT_HAS_PROPERTY
        return _HOLDS[self.operator](self, text)


class LinkedTo(NamedTuple):
    """Linked to at least one of some records, as read from the record that is searched.

    one_way: the keys of types that link those records to ones that are searched, and are read from those only.
    """

    object_type: int
    record_ids: frozenset[int]
    one_way: frozenset[int] = frozenset()


class Sort(NamedTuple):
    """By which property results are sorted. is_numeric: as numbers or moments, else as text."""

    name: str
    is_descending: bool = False
    is_numeric: bool = False


class Found(NamedTuple):
    """How many records match, and the ids of those of the page."""

    total: int
    record_ids: Sequence[int]


class SearchPage(NamedTuple):
    """How many records match, and those of the page, which ends early where they are large."""

    total: int
    records: Sequence[Record]


IsLinked = Callable[[int, LinkedTo], bool]
"""Whether the record with an id is linked so."""


@dataclass(frozen=True, slots=True)
class Search:
    """Records of one type to find.

    groups: a record matches when it meets every condition of one of them, or when there are none.
    words: of the query; each is words joined by spaces, which must stand one after the other in one of the searched
    properties or in the record id, the last as the beginning of one.
    offset, limit: which of the matching records to show.
    """

    object_type: ObjectType
    groups: tuple[tuple[Condition | LinkedTo, ...], ...] = ()
    words: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    sort: Sort | None = None
    offset: int = 0
    limit: int = 10

    def matches(self, record: Record, is_linked: IsLinked) -> bool:
        """Whether a record is one that is searched for."""
        return self.has_words(record, self.words) and (
            not self.groups or any(self._meets(group, record, is_linked) for group in self.groups)
        )

    @property
    def is_unfiltered(self) -> bool:
        """Whether every record matches."""
        return not self.words and (not self.groups or not all(self.groups))

    def find(self, records: Iterable[Record], is_linked: IsLinked) -> Found:
        """Which of some records to show; none is kept. records: those that may match, in ascending order of id."""
        total = 0

        def matching() -> Iterator[Record]:
            nonlocal total
            for record in records:
                if self.matches(record, is_linked):
                    total += 1
                    yield record

        first = self._first(matching(), self.offset + self.limit)
        return Found(total, first[self.offset :])

    def rank(self, record: Record) -> Decimal | str | None:
        """What a record is sorted by, if it has that."""
        text = value_of(self.object_type, record, self.sort.name) if self.sort else None
        return None if text is None or self.sort is None else rank_of(text, self.sort.is_numeric)

    def _meets(self, group: Sequence[Condition | LinkedTo], record: Record, is_linked: IsLinked) -> bool:
        return all(
            is_linked(record.record_id, condition)
            if isinstance(condition, LinkedTo)
            else condition.holds_for(value_of(self.object_type, record, condition.name))
            for condition in group
        )

    def has_words(self, record: Record, wanted: Sequence[str]) -> bool:
        """Whether a record has some of the words of the query, all of them."""
        if not wanted:
            return True
        texts = [
            spaced(text.casefold())
            for name in (RECORD_ID_PROPERTY, *self.searched)
            if (text := value_of(self.object_type, record, name)) is not None
        ]
        return all(any(has_words(text, words, is_beginning=True) for text in texts) for words in wanted)

    def _first(self, records: Iterator[Record], count: int) -> list[int]:
        """The ids of the first records as they are sorted; goes through all, and keeps no more than it must.

        Those without a value to sort by come last in either direction; equal ones stay in the order of their ids.
        """
        lacking: list[int] = []

        def having() -> Iterator[tuple[Decimal | str, int]]:
            for record in records:
                rank = self.rank(record)
                if rank is not None:
                    yield rank, record.record_id
                elif len(lacking) < count:
                    lacking.append(record.record_id)

        pick = nlargest if self.sort and self.sort.is_descending else nsmallest
        found = pick(count, having(), key=itemgetter(0))
        return [*(record_id for _, record_id in found), *lacking][:count]


def plan_search(
    catalog: Catalog,
    object_type: ObjectType,
    groups: Sequence[Sequence[Filter]] = (),
    query: str = "",
    searched: Sequence[str] = (),
    sorts: Sequence[tuple[str, str]] = (),
    offset: int = 0,
    limit: int = 10,
    definitions: Mapping[str, PropertyDefinition] | None = None,
) -> Search:
    """The search that a request asks for; what it says twice is there once.

    searched: the properties that the query is about. sorts: names, directions. definitions: the properties of the
    object type by name, whose types say how values are compared; others are text.
    Raises: SearchTooLarge, SearchOutOfReach, UnknownOperator, FilterIncomplete, UnknownSortDirection,
    InvalidLinkFilter, and for a filter on linked records UnknownObjectType, InvalidObjectTypeId, InvalidIdentifier.
    Source: docs/behaviour.md, section 9.5.
    """
    _require_at_most(GROUPS_MAX, "filterGroups", len(groups))
    for group in groups:
        _require_at_most(FILTERS_PER_GROUP_MAX, "filters in a filterGroup", len(group))
    _require_at_most(FILTERS_MAX, "filters", sum(map(len, groups)))
    _require_at_most(SORTS_MAX, "sorts", len(sorts))
    if offset + limit > REACH:
        raise SearchOutOfReach(offset, REACH)
    numeric = _NumericNames(object_type, definitions or {})
    planned = [
        tuple(dict.fromkeys(_condition(catalog, object_type, each, numeric) for each in group))
        for group in groups
    ]
    return Search(
        object_type,
        tuple({frozenset(group): group for group in planned}.values()),
        tuple(
            dict.fromkeys(words for text in query.casefold().split() if (words := " ".join(words_of(text))))
        ),
        tuple(dict.fromkeys(searched)),
        next((_sort(name, direction, numeric) for name, direction in sorts), None),
        offset,
        limit,
    )


class _NumericNames(NamedTuple):
    """Which properties of an object type are compared as numbers."""

    object_type: ObjectType
    definitions: Mapping[str, PropertyDefinition]

    def has(self, name: str) -> bool:
        found = self.definitions.get(name)
        return is_of_every_record(self.object_type, name) or (found is not None and found.type in _NUMERIC)


def is_of_every_record(object_type: ObjectType, name: str) -> bool:
    """Whether a property is none that is stored: the id, or a moment."""
    return name in (RECORD_ID_PROPERTY, object_type.created_property, object_type.last_modified_property)


def _require_at_most(maximum: int, what: str, count: int) -> None:
    if count > maximum:
        raise SearchTooLarge(what, maximum)


def _condition(
    catalog: Catalog, object_type: ObjectType, asked: Filter, numeric: _NumericNames
) -> Condition | LinkedTo:
    if asked.operator not in Operator.__members__:
        raise UnknownOperator(asked.operator)
    operator = Operator[asked.operator]
    texts = _operands(operator, asked)
    if not asked.name.startswith(LINKED):
        if operator in _TOKENS and WILDCARD in texts[0]:
            _require_at_most(ASTERISKS_MAX, "asterisks in a value", texts[0].count(WILDCARD))
            words = len(texts[0].split())
            _require_at_most(ASTERISK_WORDS_MAX, "words in a value with asterisks", words)
        operands = tuple(dict.fromkeys(map(Value.of, texts)))
        if operator is Operator.BETWEEN:
            operands = (Value.of(texts[0]), Value.of(texts[1]))
        return Condition(asked.name, operator, operands, numeric.has(asked.name))
    linked_type = catalog.object_type(asked.name.removeprefix(LINKED))
    if operator not in _EQUALITIES:
        raise InvalidLinkFilter(asked.name, operator)
    types = catalog.pair(linked_type, object_type).types.values()
    one_way = frozenset(each.key for each in types if not each.is_readable_from_target)
    return LinkedTo(linked_type.code, frozenset(map(record_id_in_body, texts)), one_way)


def _operands(operator: Operator, asked: Filter) -> list[str]:
    needed: list[tuple[str, str | None]] = []
    match operator:
        case Operator.HAS_PROPERTY | Operator.NOT_HAS_PROPERTY:
            pass
        case Operator.IN | Operator.NOT_IN:
            needed = [("values", text) for text in asked.values or [None]]
        case Operator.BETWEEN:
            needed = [("value", asked.value), ("highValue", asked.high_value)]
        case _:
            needed = [("value", asked.value)]
    texts = []
    for field, text in needed:
        if text is None:
            raise FilterIncomplete(asked.name, operator, field)
        texts.append(text)
    return texts


def _sort(name: str, direction: str, numeric: _NumericNames) -> Sort:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise UnknownSortDirection(direction)
    return Sort(name, direction == "DESCENDING", numeric.has(name))


def _is_in(condition: Condition, text: str) -> bool:
    if not condition.is_numeric:
        folded = text.casefold()
        return any(operand.folded == folded for operand in condition.operands)
    number = number_of(text)
    return number is not None and any(operand.number == number for operand in condition.operands)


def _contains(condition: Condition, text: str) -> bool:
    return contains(text.casefold(), condition.operands[0].folded)


def _is_in_range(condition: Condition, text: str, *holds: Callable[[Any, Any], bool]) -> bool:
    """Whether a value compares so with each operand; what is no number compares with nothing."""
    rank = rank_of(text, condition.is_numeric)
    bounds = [operand.rank(condition.is_numeric) for operand in condition.operands]
    return (
        rank is not None
        and None not in bounds
        and all(each(rank, bound) for each, bound in zip(holds, bounds, strict=True))
    )


_HOLDS: dict[Operator, Callable[[Condition, str], bool]] = {
    Operator.EQ: _is_in,
    Operator.NEQ: lambda condition, text: not _is_in(condition, text),
    Operator.LT: lambda condition, text: _is_in_range(condition, text, compare.lt),
    Operator.LTE: lambda condition, text: _is_in_range(condition, text, compare.le),
    Operator.GT: lambda condition, text: _is_in_range(condition, text, compare.gt),
    Operator.GTE: lambda condition, text: _is_in_range(condition, text, compare.ge),
    Operator.BETWEEN: lambda condition, text: _is_in_range(condition, text, compare.ge, compare.le),
    Operator.IN: _is_in,
    Operator.NOT_IN: lambda condition, text: not _is_in(condition, text),
    Operator.HAS_PROPERTY: lambda condition, text: True,
    Operator.NOT_HAS_PROPERTY: lambda condition, text: False,
    Operator.CONTAINS_TOKEN: _contains,
    Operator.NOT_CONTAINS_TOKEN: lambda condition, text: not _contains(condition, text),
}
