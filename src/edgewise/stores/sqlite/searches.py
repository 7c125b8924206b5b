"""Search: narrowed by a key where the search allows it, else through every record of the type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgewise.domain.model import Record
from edgewise.domain.search import LinkedTo, Search, SearchPage, wanted_ids, wanted_texts
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch, one_moment
from edgewise.stores.sqlite.presence import integers
from edgewise.stores.sqlite.records import read_records, record_of, to_json

Linked = Mapping[LinkedTo, frozenset[int]]


def search_records(cursor: Cursor, portal_id: int, search: Search) -> SearchPage:
    """The records that match."""
    with one_moment(cursor):
        linked = {
            condition: _linked_ids(cursor, portal_id, search.object_type.code, condition)
            for group in search.groups
            for condition in group
            if isinstance(condition, LinkedTo)
        }
        ids = _candidates(cursor, portal_id, search, linked)
        records = _all(cursor, portal_id, search) if ids is None else _those(cursor, portal_id, search, ids)
        return search.page(records, lambda record_id, condition: record_id in linked[condition])


def _candidates(cursor: Cursor, portal_id: int, search: Search, linked: Linked) -> frozenset[int] | None:
    """The ids of all records that can match, and of few others; None where only reading them can tell."""
    by_key: list[frozenset[int]] = []
    by_text: list[tuple[str, frozenset[str]]] = []
    for condition in search.required():
        if isinstance(condition, LinkedTo):
            by_key.append(linked[condition])
        elif (ids := wanted_ids(condition)) is not None:
            by_key.append(ids)
        elif (texts := wanted_texts(search.object_type, condition)) is not None:
            by_text.append((condition.name, texts))
    if by_key:
        return frozenset.intersection(*by_key)
    if by_text:
        name, texts = by_text[0]
        bindings = (portal_id, search.object_type.code, name, to_json(sorted(texts)))
        return frozenset(i for i, _ in fetch(cursor, QUERIES.live_records_by_property, bindings))
    return None


def _linked_ids(cursor: Cursor, portal_id: int, object_type: int, condition: LinkedTo) -> frozenset[int]:
    bindings = (portal_id, condition.object_type, integers(condition.record_ids), object_type)
    return frozenset(record_id for (record_id,) in fetch(cursor, QUERIES.records_linked_to, bindings))


def _those(cursor: Cursor, portal_id: int, search: Search, ids: frozenset[int]) -> Iterator[Record]:
    for record_id in sorted(ids):
        [record] = read_records(cursor, portal_id, search.object_type.code, [record_id], is_archived=False)
        if record is not None:
            yield record


def _all(cursor: Cursor, portal_id: int, search: Search) -> Iterator[Record]:
    no_limit = -1
    bindings = (portal_id, search.object_type.code, 1, no_limit)
    return map(record_of, cursor.execute(QUERIES.list_live_records, bindings))
