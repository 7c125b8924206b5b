"""Search: from indexes where they can answer, else by reading the records that can match, or every one of the type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice

from edgewise.domain.model import Record
from edgewise.domain.search import LinkedTo, Search, SearchPage
from edgewise.domain.sizes import PAGE_BYTES_MAX, fitting_sizes
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch, one_moment
from edgewise.stores.sqlite.lookups import (
    Ids,
    Part,
    Scope,
    Source,
    count,
    count_within,
    is_linked,
    linked_to,
    parts_of,
    those,
    union,
    union_of,
)
from edgewise.stores.sqlite.orders import ids_in_order
from edgewise.stores.sqlite.presence import integers
from edgewise.stores.sqlite.records import read_records, record_of
from edgewise.stores.sqlite.values import VALUE_QUERIES

_FEW, _SOME = 200, 10_000
"""So many candidates are read and compared at once, and so many rather than asking all the indexes."""

_ENOUGH = 20
"""So few candidates that reading them costs less than asking for fewer."""

_MANY = 100_000
"""How far sizes are counted before one is called the smallest."""

_READ_AT_ONCE = 100
"""Records that are held in memory while they are looked through; one may have a megabyte of values."""

_READ_COST, _ID_COST = 8, 0.4
"""Microseconds that reading and comparing a record takes, and finding an id through an index. Measured 2026-11-29."""


def search_records(cursor: Cursor, portal_id: int, search: Search) -> SearchPage:
    """The records that match."""
    with one_moment(cursor), closing(cursor.connection.cursor()) as stream:
        return _Searching(cursor, stream, portal_id, search).page()


class _Searching:
    """A search and what it runs on. stream: for rows that are read while other statements run on the cursor."""

    def __init__(self, cursor: Cursor, stream: Cursor, portal_id: int, search: Search) -> None:
        self._cursor = cursor
        self._stream = stream
        self._scope: Scope = (portal_id, search.object_type.code)
        self._search = search
        self._needed = search.offset + search.limit
        self._linked: dict[LinkedTo, frozenset[int] | None] = {}

    def page(self) -> SearchPage:
        search, scope = self._search, self._scope
        if search.is_unfiltered:
            return SearchPage(self._living(), self._shown(self._all_in_order()))
        groups = [parts_of(scope, search, group) for group in search.groups or [()]]
        if not all(groups):
            return self._looked_through(None)
        candidates = self._candidates(groups, _FEW)
        if candidates is None:
            candidates = self._candidates(groups, _SOME)
        if candidates is not None:
            if search.sort is None and self._are_told_by_one_index(groups):
                shown = sorted(candidates)[search.offset : self._needed]
                return SearchPage(len(candidates), self._shown(shown))
            return self._compared(those(self._cursor, scope, candidates))
        found = self._exact(groups)
        if found is None:
            return self._looked_through(union_of([union(self._narrowest(group)) for group in groups]))
        total, ids = found
        return SearchPage(total, self._shown(self._page_of(total, ids)))

    def _are_told_by_one_index(self, groups: Sequence[Sequence[Part]]) -> bool:
        """Whether what can match is what does match, so that no record need be compared."""
        asked = [len(group) + len(self._search.words) for group in self._search.groups or [()]]
        return max(asked) == 1 and all(part.is_sure for [part] in groups)

    def _living(self) -> int:
        return self._cursor.execute(VALUE_QUERIES.count_living, self._scope).get or 0

    def _all_in_order(self) -> list[int]:
        ids = ids_in_order(self._stream, self._scope, self._search)
        return list(islice(ids, self._search.offset, self._needed))

    def _candidates(self, groups: Sequence[Sequence[Part]], at_most: int) -> set[int] | None:
        """The records that can match, found by what leaves the fewest of them; None for more than some."""
        found: set[int] = set()
        for group in groups:
            ids: list[int] | None = None
            for ways in (way for part in group for way in part.candidates()):
                if ids is not None and len(ids) <= _ENOUGH:
                    break
                behind = at_most if ids is None else len(ids)
                some = self._first(union(ways), behind + 1)
                if len(some) <= behind:
                    ids = some
            if ids is None:
                return None
            found.update(ids)
        return found if len(found) <= at_most else None

    def _first(self, ids: Ids, count: int) -> list[int]:
        rows = ids.fetch(self._cursor, VALUE_QUERIES.first_ids, count)
        return [record_id for (record_id,) in rows]

    def _narrowest(self, group: Sequence[Part]) -> tuple[Source, ...]:
        """Of the ways to all that can match in a group, the one that leads to the fewest records."""
        ways = [way for part in group for way in part.candidates()]
        return min(ways, key=lambda way: self._size(union(way)))

    def _size(self, ids: Ids) -> int:
        return ids.count(self._cursor, VALUE_QUERIES.count_first_ids, _MANY)

    def _exact(self, groups: Sequence[Sequence[Part]]) -> tuple[int, Ids] | None:
        """How many records match, and what leads to them; None where the indexes cannot tell."""
        search, cursor, scope = self._search, self._cursor, self._scope
        found: list[list[tuple[Part, tuple[Source, ...]]]] = []
        for conditions, group in zip(search.groups or [()], groups, strict=True):
            if len(group) < len(conditions) + len(search.words):
                return None
            exact = [(part, part.exact(cursor, scope)) for part in group]
            found.append([(part, sources) for part, sources in exact if sources is not None])
            if len(found[-1]) < len(group):
                return None
        each = [self._together(group) for group in found]
        if all(len(group) == 1 and group[0][0].within is None for group in found):
            return count(cursor, scope, [source for [(_, sources)] in found for source in sources]), union_of(
                each
            )
        if len(found) == 1 and len(found[0]) == 1:
            return count_within(cursor, scope, *found[0][0]), each[0]
        ids = union_of(each)
        return ids.count(cursor, VALUE_QUERIES.count_different_ids), ids

    def _together(self, group: Sequence[tuple[Part, tuple[Source, ...]]]) -> Ids:
        """What leads to the records that meet every part of a group."""
        wanted: list[Ids] = []
        unwanted: list[Ids] = []
        for part, sources in group:
            if part.within is None:
                wanted.append(union(sources))
            else:
                wanted.append(part.within.ids)
                unwanted.append(union(sources))
        if len(wanted) > 1:
            wanted.sort(key=self._size)
        first, *others = wanted
        # The plus keeps SQLite from looking up every id of the list: it shall ask the list about every row.
        tests = [(f"+record_id IN ({ids.sql})", ids) for ids in others]
        tests += [(f"+record_id NOT IN ({ids.sql})", ids) for ids in unwanted]
        if not tests:
            return first
        return Ids(
            VALUE_QUERIES.ids_with.format(ids=first.sql, tests=" AND ".join(test for test, _ in tests)),
            (*first.bindings, *(binding for _, ids in tests for binding in ids.bindings)),
            first.is_once,
        )

    def _page_of(self, total: int, ids: Ids) -> Sequence[int]:
        """Which to show of all that match. Where they are many, it is found by going through all in order, unless the
        first of them are far away.
        """
        search = self._search
        if total <= search.offset:
            return []
        cost = total * (_READ_COST if search.sort else _ID_COST)
        if self._needed * self._living() / total * _READ_COST < cost:
            page = self._walked(int(cost / _READ_COST) + self._needed)
            if page is not None:
                return page
        if search.sort:
            return search.find(self._stream_of(ids), self._is_linked).record_ids
        rows = ids.fetch(self._cursor, VALUE_QUERIES.ids_in_order, search.limit, search.offset)
        return [record_id for (record_id,) in rows]

    def _walked(self, reads_max: int) -> list[int] | None:
        """The page, found by comparing one record after the other in order; None when it takes too many."""
        found: list[int] = []
        ids = ids_in_order(self._stream, self._scope, self._search)
        while some := list(islice(ids, min(100, reads_max))):
            records = self._read(some)
            found += [each.record_id for each in records if self._search.matches(each, self._is_linked)]
            reads_max -= len(some)
            if len(found) >= self._needed:
                break
        else:
            if reads_max <= 0:
                return None
        return found[self._search.offset : self._needed]

    def _looked_through(self, ids: Ids | None) -> SearchPage:
        """What matches of some records, or of all."""
        return self._compared(self._all() if ids is None else self._stream_of(ids))

    def _compared(self, records: Iterator[Record]) -> SearchPage:
        total, ids = self._search.find(records, self._is_linked)
        return SearchPage(total, self._shown(ids))

    def _stream_of(self, ids: Ids) -> Iterator[Record]:
        """Records to which a statement leads, in ascending order of id."""
        no_limit, statement = -1, VALUE_QUERIES.ids_in_order.format(ids=ids.sql)
        rows = self._stream.execute(statement, (*ids.bindings, no_limit, 0))
        while some := [record_id for (record_id,) in islice(rows, _READ_AT_ONCE)]:
            yield from self._read(some)

    def _all(self) -> Iterator[Record]:
        no_limit = -1
        return map(record_of, self._stream.execute(QUERIES.list_live_records, (*self._scope, 1, no_limit)))

    def _shown(self, ids: Sequence[int]) -> list[Record]:
        """The records of a page, up to where they are too large; their sizes are known without reading them."""
        if len(ids) > 1:
            rows = fetch(self._cursor, VALUE_QUERIES.sizes_of_records, (*self._scope, integers(ids)))
            sizes = dict(rows)
            ids = ids[: fitting_sizes(map(sizes.__getitem__, ids), PAGE_BYTES_MAX)]
        return self._read(ids)

    def _read(self, ids: Sequence[int]) -> list[Record]:
        found = read_records(self._cursor, *self._scope, ids, is_archived=False)
        return [record for record in found if record is not None]

    def _is_linked(self, record_id: int, condition: LinkedTo) -> bool:
        """Looked up in the records that are linked so, where they are few."""
        if condition not in self._linked:
            rows = linked_to(self._scope, condition).fetch(
                self._cursor, VALUE_QUERIES.first_different_ids, _READ_AT_ONCE + 1
            )
            few = len(rows) <= _READ_AT_ONCE
            self._linked[condition] = frozenset(row[0] for row in rows) if few else None
        known = self._linked[condition]
        if known is not None:
            return record_id in known
        return is_linked(self._cursor, self._scope, record_id, condition)
