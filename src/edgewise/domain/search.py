"""Search: which records of a type match, and in which order they come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from heapq import nlargest, nsmallest
from operator import itemgetter
from typing import NamedTuple

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
from edgewise.domain.model import RECORD_ID_MAX, ObjectType, Record
from edgewise.domain.record_keys import RECORD_ID_PROPERTY
from edgewise.domain.values import Value, value_of

GROUPS_MAX = 5
FILTERS_PER_GROUP_MAX = 6
FILTERS_MAX = 18
SORTS_MAX = 1
REACH = 10_000
"""Source: docs/behaviour.md, section 9.5."""

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


class Filter(NamedTuple):
    """A filter as a request has it. None stands for what is left out or empty."""

    name: str
    operator: str
    value: str | None = None
    values: Sequence[str | None] = ()
    high_value: str | None = None


class Condition(NamedTuple):
    """What the value of a property must be."""

    name: str
    operator: Operator
    operands: tuple[Value, ...] = ()

    def holds_for(self, text: str | None) -> bool:
        """Whether a value meets it; None for a record without the property, which only one operator asks for.

        Source: docs/behaviour.md, section 9.5.
        """
        if text is None:
            return self.operator is Operator.NOT_HAS_PROPERTY
        return _HOLDS[self.operator](text, self.operands)


class LinkedTo(NamedTuple):
    """Linked to at least one of some records, as read from the record that is searched.

    one_way: the keys of types that link those records to ones that are searched, and are read from those only.
    """

    object_type: int
    record_ids: frozenset[int]
    one_way: frozenset[int] = frozenset()


class Sort(NamedTuple):
    """By which property results are sorted."""

    name: str
    is_descending: bool = False


class SearchPage(NamedTuple):
    """How many records match, and those of the page."""

    total: int
    records: Sequence[Record]


IsLinked = Callable[[int, LinkedTo], bool]
"""Whether the record with an id is linked so."""


@dataclass(frozen=True, slots=True)
class Search:
    """Records of one type to find.

    groups: a record matches when it meets every condition of one of them, or when there are none.
    words: each must begin a word of one of the searched properties, or of the record id.
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
        return self._has_words(record) and (
            not self.groups or any(self._meets(group, record, is_linked) for group in self.groups)
        )

    @property
    def is_unfiltered(self) -> bool:
        """Whether every record matches."""
        return not self.words and (not self.groups or not all(self.groups))

    def page(self, records: Iterable[Record], is_linked: IsLinked) -> SearchPage:
        """What of some records to show. records: those that may match, in ascending order of id."""
        total = 0

        def matching() -> Iterator[Record]:
            nonlocal total
            for record in records:
                if self.matches(record, is_linked):
                    total += 1
                    yield record

        first = self._first(matching(), self.offset + self.limit)
        return SearchPage(total, first[self.offset :])

    def _meets(self, group: Sequence[Condition | LinkedTo], record: Record, is_linked: IsLinked) -> bool:
        return all(
            is_linked(record.record_id, condition)
            if isinstance(condition, LinkedTo)
            else condition.holds_for(value_of(self.object_type, record, condition.name))
            for condition in group
        )

    def _has_words(self, record: Record) -> bool:
        if not self.words:
            return True
        texts = [
            text.casefold()
            for name in (RECORD_ID_PROPERTY, *self.searched)
            if (text := value_of(self.object_type, record, name)) is not None
        ]
        return all(any(_word_start(word).search(text) for text in texts) for word in self.words)

    def _first(self, records: Iterator[Record], count: int) -> list[Record]:
        """The first records as they are sorted; goes through all, and keeps no more than it must.

        Those without the property come last in either direction; equal ones stay in the order of their ids.
        """
        lacking: list[Record] = []

        def having() -> Iterator[tuple[tuple[bool, Decimal, str], Record]]:
            for record in records:
                text = value_of(self.object_type, record, self.sort.name) if self.sort else None
                if text is not None:
                    yield Value.of(text).order(), record
                elif len(lacking) < count:
                    lacking.append(record)

        pick = nlargest if self.sort and self.sort.is_descending else nsmallest
        found = pick(count, having(), key=itemgetter(0))
        return [*(record for _, record in found), *lacking][:count]


def plan_search(
    catalog: Catalog,
    object_type: ObjectType,
    groups: Sequence[Sequence[Filter]] = (),
    query: str = "",
    searched: Sequence[str] = (),
    sorts: Sequence[tuple[str, str]] = (),
    offset: int = 0,
    limit: int = 10,
) -> Search:
    """The search that a request asks for. searched: the properties that the query is about. sorts: names, directions.

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
    return Search(
        object_type,
        tuple(tuple(_condition(catalog, object_type, each) for each in group) for group in groups),
        tuple(query.casefold().split()),
        tuple(searched),
        next((_sort(*each) for each in sorts), None),
        offset,
        limit,
    )


def wanted_ids(condition: Condition) -> frozenset[int] | None:
    """The record ids that a condition leaves, or None when it is not about equal ids."""
    if condition.name != RECORD_ID_PROPERTY or condition.operator not in _EQUALITIES:
        return None
    numbers = (operand.number for operand in condition.operands)
    return frozenset(int(n) for n in numbers if n is not None and 0 < n <= RECORD_ID_MAX and n == int(n))


def wanted_keys(object_type: ObjectType, condition: Condition) -> frozenset[str] | None:
    """The keys, one of which the value of a stored property has that meets a condition; else None.

    See `edgewise.domain.values.key_of`.
    """
    if condition.operator not in _EQUALITIES or condition.name in (
        RECORD_ID_PROPERTY,
        object_type.created_property,
        object_type.last_modified_property,
    ):
        return None
    return frozenset(operand.key for operand in condition.operands)


def _require_at_most(maximum: int, what: str, count: int) -> None:
    if count > maximum:
        raise SearchTooLarge(what, maximum)


def _condition(catalog: Catalog, object_type: ObjectType, asked: Filter) -> Condition | LinkedTo:
    if asked.operator not in Operator.__members__:
        raise UnknownOperator(asked.operator)
    operator = Operator[asked.operator]
    texts = _operands(operator, asked)
    if not asked.name.startswith(LINKED):
        return Condition(asked.name, operator, tuple(map(Value.of, texts)))
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


def _sort(name: str, direction: str) -> Sort:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise UnknownSortDirection(direction)
    return Sort(name, direction == "DESCENDING")


def _is_in(text: str, operands: Sequence[Value]) -> bool:
    return any(operand.compare(text) == 0 for operand in operands)


def _contains(text: str, operands: Sequence[Value]) -> bool:
    return _token(operands[0].folded).search(text.casefold()) is not None


_HOLDS: dict[Operator, Callable[[str, Sequence[Value]], bool]] = {
    Operator.EQ: _is_in,
    Operator.NEQ: lambda text, operands: not _is_in(text, operands),
    Operator.LT: lambda text, operands: operands[0].compare(text) > 0,
    Operator.LTE: lambda text, operands: operands[0].compare(text) >= 0,
    Operator.GT: lambda text, operands: operands[0].compare(text) < 0,
    Operator.GTE: lambda text, operands: operands[0].compare(text) <= 0,
    Operator.BETWEEN: lambda text, operands: operands[0].compare(text) <= 0 <= operands[1].compare(text),
    Operator.IN: _is_in,
    Operator.NOT_IN: lambda text, operands: not _is_in(text, operands),
    Operator.HAS_PROPERTY: lambda text, operands: True,
    Operator.NOT_HAS_PROPERTY: lambda text, operands: False,
    Operator.CONTAINS_TOKEN: _contains,
    Operator.NOT_CONTAINS_TOKEN: lambda text, operands: not _contains(text, operands),
}


@lru_cache(maxsize=1024)
def _word_start(word: str) -> re.Pattern[str]:
    return re.compile(_before(word) + re.escape(word))


@lru_cache(maxsize=1024)
def _token(text: str) -> re.Pattern[str]:
    """Whole words, one after the other; an asterisk stands for any characters of one word.

    Each part between asterisks is found once and for all (an atomic group), so that no text takes long to refuse.
    """
    first, *rest = text.split("*")
    parts = "".join(rf"(?>\S*?{re.escape(part)})" for part in rest[:-1] if part)
    last = rf"\S*{re.escape(rest[-1])}" if rest else ""
    return re.compile(_before(text) + re.escape(first) + parts + last + _behind(text))


def _before(text: str) -> str:
    return r"(?<!\w)" if re.match(r"\w", text) else ""


def _behind(text: str) -> str:
    return r"(?!\w)" if re.search(r"\w\Z", text) else ""
