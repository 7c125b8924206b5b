"""Search: from indexes where they can answer, else by reading the records that can match, or every one of the type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from edgewise.domain.model import Record
from edgewise.domain.search import LinkedTo, Search, SearchPage
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch, one_moment
from edgewise.stores.sqlite.lookups import lookup_of, matching
from edgewise.stores.sqlite.records import read_records, record_of
from edgewise.stores.sqlite.values import VALUE_QUERIES

_READ_AT_ONCE = 1000
"""Records that are held in memory while they are looked through."""


def search_records(cursor: Cursor, portal_id: int, search: Search) -> SearchPage:
    """The records that match."""
    with one_moment(cursor):
        in_order_of_ids = search.sort is None
        if in_order_of_ids and search.is_unfiltered:
            return _page_of_all(cursor, portal_id, search)
        found = matching(cursor, portal_id, search)
        if found is None:
            return _looked_through(cursor, portal_id, search, None)
        if in_order_of_ids and found.is_exact and not search.words:
            ids = found.record_ids[search.offset : search.offset + search.limit]
            records = read_records(cursor, portal_id, search.object_type.code, ids, is_archived=False)
            return SearchPage(len(found.record_ids), [record for record in records if record is not None])
        return _looked_through(cursor, portal_id, search, found.record_ids)


def _page_of_all(cursor: Cursor, portal_id: int, search: Search) -> SearchPage:
    scope = (portal_id, search.object_type.code)
    total: int = cursor.execute(VALUE_QUERIES.count_living, scope).get
    rows = fetch(cursor, VALUE_QUERIES.skip_live_records, (*scope, search.offset, search.limit))
    return SearchPage(total, list(map(record_of, rows)))


def _looked_through(cursor: Cursor, portal_id: int, search: Search, ids: Sequence[int] | None) -> SearchPage:
    """What matches of some records, or of all."""
    linked = _linked_ids(cursor, portal_id, search)
    records = _all(cursor, portal_id, search) if ids is None else _those(cursor, portal_id, search, ids)
    return search.page(records, lambda record_id, condition: record_id in linked[condition])


def _linked_ids(cursor: Cursor, portal_id: int, search: Search) -> Mapping[LinkedTo, frozenset[int]]:
    conditions = {each for group in search.groups for each in group if isinstance(each, LinkedTo)}
    code = search.object_type.code
    return {each: frozenset(lookup_of(portal_id, code, each).all(cursor)) for each in conditions}


def _those(cursor: Cursor, portal_id: int, search: Search, ids: Sequence[int]) -> Iterator[Record]:
    for first in range(0, len(ids), _READ_AT_ONCE):
        some = ids[first : first + _READ_AT_ONCE]
        for record in read_records(cursor, portal_id, search.object_type.code, some, is_archived=False):
            if record is not None:
                yield record


def _all(cursor: Cursor, portal_id: int, search: Search) -> Iterator[Record]:
    no_limit = -1
    bindings = (portal_id, search.object_type.code, 1, no_limit)
    return map(record_of, cursor.execute(QUERIES.list_live_records, bindings))
