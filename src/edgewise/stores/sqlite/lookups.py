"""What a search leaves of the records of a type, as statements over indexes; the caller holds the moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from edgewise.domain.model import Record
from edgewise.domain.record_keys import RECORD_ID_PROPERTY
from edgewise.domain.search import Condition, LinkedTo, Operator, Search, is_of_every_record
from edgewise.domain.search_keys import (
    EVERY_VALUE,
    Keys,
    Numbers,
    Span,
    condition_keys,
    condition_numbers,
    ids_beginning,
    is_negated,
    words_keys,
)
from edgewise.domain.values import keys_of, value_of
from edgewise.stores.sqlite.connections import Cursor, fetch
from edgewise.stores.sqlite.json_text import to_json
from edgewise.stores.sqlite.records import read_records
from edgewise.stores.sqlite.values import VALUE_QUERIES

UNSURE_MAX = 2000
"""Records that are read to find out which of them meet a condition; of more, only the search as a whole is asked."""

WORDS_MAX = 8
"""Words of a query that an index is asked for; whatever is left by them is asked for the others."""

_OTHERS_MAX = 5000
"""Records that are read to count those once which several ways lead to."""

EVERY_NUMBER: Numbers = (-(2**62), 2**62)


class _OfColumn(NamedTuple):
    ids: str
    rising: str
    falling: str
    same: str


_COLUMNS = {"record_id": "record_live", "created_at": "record_created", "updated_at": "record_updated"}
"""What every record has, and the index in the order of it."""

OF_COLUMNS = {
    column: _OfColumn(
        *(
            statement.format(column=column, index=index)
            for statement in (
                VALUE_QUERIES.ids_by_number,
                VALUE_QUERIES.rising_numbers,
                VALUE_QUERIES.falling_numbers,
                VALUE_QUERIES.same_number,
            )
        )
    )
    for column, index in _COLUMNS.items()
}
"""The statements about each."""

Scope = tuple[int, int]
"""Portal and object type."""


class Ids(NamedTuple):
    """A statement that leads to ids of live records, in a column `record_id`. is_once: to each once."""

    sql: str
    bindings: tuple[Any, ...]
    is_once: bool

    def fetch(self, cursor: Cursor, statement: str, *further: int) -> list[Any]:
        """The rows of a statement about these."""
        return fetch(cursor, statement.format(ids=self.sql), (*self.bindings, *further))

    def count(self, cursor: Cursor, statement: str = VALUE_QUERIES.count_ids, *further: int) -> int:
        """The number that a statement about these says."""
        number: int = cursor.execute(statement.format(ids=self.sql), (*self.bindings, *further)).get
        return number


class Source(Protocol):
    """Records to which one index leads."""

    @property
    def ids(self) -> Ids: ...

    def parts(self) -> Sequence[Source]:
        """Sources of a single range each."""
        ...

    def is_once(self, cursor: Cursor) -> bool:
        """Whether it leads to each record once, found out from the database where it must."""
        ...

    def has(self, record: Record) -> bool:
        """Whether it leads to a record."""
        ...


class Choice(NamedTuple):
    """sure: records that meet what is asked. unsure: others that do are among these."""

    sure: tuple[Source, ...]
    unsure: tuple[Source, ...] = ()

    @property
    def all(self) -> tuple[Source, ...]:
        return self.sure + self.unsure


class Part(NamedTuple):
    """What a search asks for, and how it is found.

    choices: one of them is enough. within: where it stands, the choices are of what does not meet it, and these records
    are all that can. meets: whether a record is one of the choices' own.
    """

    choices: Sequence[Choice]
    within: Source | None
    meets: Callable[[Record], bool]

    @property
    def is_sure(self) -> bool:
        """Whether the first of the candidates are those that meet it."""
        return self.within is None and not self.choices[0].unsure

    def candidates(self) -> Sequence[tuple[Source, ...]]:
        """Records among which all are that meet it, in ways to choose from."""
        return [choice.all for choice in self.choices] if self.within is None else [(self.within,)]

    def exact(self, cursor: Cursor, scope: Scope) -> tuple[Source, ...] | None:
        """Records that are those of the choices; None where too many would have to be read for that."""
        for choice in self.choices:
            if not choice.unsure:
                return choice.sure
        for choice in self.choices:
            rows = union(choice.unsure).fetch(cursor, VALUE_QUERIES.first_different_ids, UNSURE_MAX + 1)
            if len(rows) <= UNSURE_MAX:
                found = [
                    record for record in those(cursor, scope, [row[0] for row in rows]) if self.meets(record)
                ]
                listed = (ByList([record.record_id for record in found]),) if found else ()
                return choice.sure + listed
        return None


def union(sources: Sequence[Source]) -> Ids:
    """Records to which any of some sources leads."""
    return union_of([source.ids for source in sources] or [ByList([]).ids])


def union_of(each: Sequence[Ids]) -> Ids:
    """Records to which any of some statements leads."""
    if len(each) == 1:
        return each[0]
    sql = " UNION ALL ".join(VALUE_QUERIES.each_id.format(ids=ids.sql) for ids in each)
    return Ids(sql, tuple(binding for ids in each for binding in ids.bindings), False)


def parts_of(scope: Scope, search: Search, group: Sequence[Condition | LinkedTo]) -> list[Part]:
    """What the indexes can say of a group's conditions and the words of a search."""
    conditions = [
        part for condition in group if (part := _of_condition(scope, search, condition)) is not None
    ]
    words = sorted(search.words, key=len, reverse=True)[:WORDS_MAX]
    return [*conditions, *(_of_words(scope, search, each) for each in words)]


def count(cursor: Cursor, scope: Scope, sources: Sequence[Source]) -> int:
    """How many records some sources lead to.

    Where one leads to far more than the others together, its rows are counted, and the others' records are asked
    whether they are among them: that takes a tenth of what telling all apart would.
    """
    ids = union(sources)
    if ids.is_once:
        return ids.count(cursor)
    parts = [part for source in sources for part in source.parts()]
    sizes = [part.ids.count(cursor) for part in parts]
    largest = max(range(len(parts)), key=sizes.__getitem__)
    if sum(sizes) - sizes[largest] <= _OTHERS_MAX and parts[largest].is_once(cursor):
        others = union([part for n, part in enumerate(parts) if n != largest and sizes[n]])
        rows = others.fetch(cursor, VALUE_QUERIES.first_different_ids, _OTHERS_MAX)
        records = those(cursor, scope, [row[0] for row in rows])
        return sizes[largest] + sum(not parts[largest].has(record) for record in records)
    return ids.count(cursor, VALUE_QUERIES.count_different_ids)


def count_within(cursor: Cursor, scope: Scope, part: Part, sources: Sequence[Source]) -> int:
    """How many records meet a part. sources: its exact ones."""
    found = count(cursor, scope, sources)
    return found if part.within is None else count(cursor, scope, [part.within]) - found


def those(cursor: Cursor, scope: Scope, record_ids: Collection[int]) -> Iterator[Record]:
    """Some live records in ascending order of id, a hundred at once: one may have a megabyte of values."""
    ids = sorted(record_ids)
    for first in range(0, len(ids), 100):
        for record in read_records(cursor, *scope, ids[first : first + 100], is_archived=False):
            if record is not None:
                yield record


class ByKeys:
    """Those that have values with keys of ranges."""

    def __init__(self, scope: Scope, rows: Sequence[tuple[str, str, str]], is_once: bool = False) -> None:
        self._scope = scope
        self._rows = rows
        self._is_once = is_once

    @property
    def ids(self) -> Ids:
        return Ids(VALUE_QUERIES.ids_by_keys, (to_json(self._rows), *self._scope), self._is_once)

    def parts(self) -> Sequence[Source]:
        return [ByKeys(self._scope, [row]) for row in self._rows]

    def is_once(self, cursor: Cursor) -> bool:
        """A value has one key of its text, and any key once: keys of one range are mostly a single one, or of texts."""
        if self._is_once:
            return True
        if len(self._rows) > 1:
            return False
        [(name, first, end)] = self._rows
        if first >= EVERY_VALUE[0] and end <= EVERY_VALUE[1]:
            return True
        bindings = (*self._scope, name, first, end)
        ends = [fetch(cursor, each, bindings) for each in (VALUE_QUERIES.first_key, VALUE_QUERIES.last_key)]
        return ends[0] == ends[1]

    def has(self, record: Record) -> bool:
        for name, first, end in self._rows:
            text = record.properties.get(name)
            if text is not None and any(first <= key < end for key in keys_of(text)):
                return True
        return False


class ByNumber:
    """Those whose id or moment is in ranges that do not overlap."""

    def __init__(self, scope: Scope, column: str, spans: Sequence[Numbers]) -> None:
        self._column = column
        self._spans = spans
        statement = OF_COLUMNS[column].ids
        self.ids = Ids(statement, (json.dumps(spans), *scope), True)

    def parts(self) -> Sequence[Source]:
        return [self]

    def is_once(self, cursor: Cursor) -> bool:
        return True

    def has(self, record: Record) -> bool:
        number: int = getattr(record, self._column)
        return any(first <= number < end for first, end in self._spans)


class ByList:
    """Those of a list of live ones, in which none is twice."""

    def __init__(self, record_ids: Collection[int]) -> None:
        self._record_ids = frozenset(record_ids)
        self.ids = Ids(VALUE_QUERIES.ids_listed, (json.dumps(list(record_ids)),), True)

    def parts(self) -> Sequence[Source]:
        return [self]

    def is_once(self, cursor: Cursor) -> bool:
        return True

    def has(self, record: Record) -> bool:
        return record.record_id in self._record_ids


class ByLink:
    """Those that are linked to one of some records."""

    def __init__(self, scope: Scope, condition: LinkedTo) -> None:
        portal_id, object_type = scope
        one_way = json.dumps(list(condition.one_way))
        bindings = (
            json.dumps(sorted(condition.record_ids)),
            portal_id,
            condition.object_type,
            object_type,
            one_way,
        )
        self.ids = Ids(VALUE_QUERIES.ids_linked_to, bindings, False)

    def parts(self) -> Sequence[Source]:
        return [self]

    def is_once(self, cursor: Cursor) -> bool:
        return False

    def has(self, record: Record) -> bool:
        raise NotImplementedError("nobody asks where records may come twice")


def linked_to(scope: Scope, condition: LinkedTo) -> Ids:
    """The records that are linked to one of some records."""
    return ByLink(scope, condition).ids


def is_linked(cursor: Cursor, scope: Scope, record_id: int, condition: LinkedTo) -> bool:
    """Whether a record is linked to one of some records."""
    portal_id, object_type = scope
    bindings = (
        json.dumps(sorted(condition.record_ids)),
        portal_id,
        object_type,
        record_id,
        condition.object_type,
    )
    return bool(cursor.execute(VALUE_QUERIES.is_linked_to, bindings).get)


def column_of(search: Search, name: str) -> str | None:
    """Where a property is kept that every record has; None for another one."""
    object_type = search.object_type
    if name == RECORD_ID_PROPERTY:
        return "record_id"
    if name == object_type.created_property:
        return "created_at"
    return "updated_at" if name == object_type.last_modified_property else None


def _of_condition(scope: Scope, search: Search, condition: Condition | LinkedTo) -> Part | None:
    if isinstance(condition, LinkedTo):
        return Part([Choice((ByLink(scope, condition),))], None, _asked_of_no_record)
    name = condition.name
    column = column_of(search, name)
    if column is not None:
        spans = condition_numbers(condition)
        if spans is None:
            return None
        return Part([Choice((ByNumber(scope, column, spans),))], None, _asked_of_no_record)
    negated = is_negated(condition)

    def meets(record: Record) -> bool:
        text = value_of(search.object_type, record, name)
        return text is not None and condition.holds_for(text) is not negated

    within: Source | None = None
    if condition.operator is Operator.NOT_HAS_PROPERTY:
        within = ByNumber(scope, "record_id", [EVERY_NUMBER])
    elif negated:
        within = _by_spans(scope, [name], (EVERY_VALUE,), True)
    choices = [_choice(scope, [name], keys, []) for keys in condition_keys(condition)]
    return Part(choices, within, meets)


def _of_words(scope: Scope, search: Search, words: str) -> Part:
    names = [name for name in search.searched if not is_of_every_record(search.object_type, name)]
    choices = [_choice(scope, names, keys, ids_beginning(words)) for keys in words_keys(words)]
    return Part(choices, None, lambda record: search.has_words(record, [words]))


def _choice(scope: Scope, names: Sequence[str], keys: Keys, ids: Sequence[Numbers]) -> Choice:
    is_once = keys.is_once and len(names) == 1
    sure: list[Source] = [_by_spans(scope, names, keys.sure, is_once)] if keys.sure and names else []
    if ids:
        sure.append(ByNumber(scope, "record_id", ids))
    unsure: list[Source] = [_by_spans(scope, names, keys.unsure, False)] if keys.unsure and names else []
    return Choice(tuple(sure), tuple(unsure))


def _by_spans(scope: Scope, names: Sequence[str], spans: Sequence[Span], is_once: bool) -> ByKeys:
    return ByKeys(scope, [(name, *span) for name in names for span in spans], is_once)


def _asked_of_no_record(record: Record) -> bool:
    raise NotImplementedError("the index alone tells")
