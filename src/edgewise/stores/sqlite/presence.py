"""Which records live: what a link write asks before anything else, and the bare records it may make."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable

import apsw

from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch


def missing_records(
    cursor: Cursor, portal_id: int, object_type: int, record_ids: Collection[int]
) -> set[int]:
    """Those of some ids under which no record lives, unknown and archived ones alike."""
    return _those(cursor, QUERIES.missing_records, portal_id, object_type, record_ids)


def archived_records(
    cursor: Cursor, portal_id: int, object_type: int, record_ids: Collection[int]
) -> set[int]:
    """Those of some ids whose record is archived."""
    return _those(cursor, QUERIES.archived_records, portal_id, object_type, record_ids)


def add_bare_records(cursor: Cursor, portal_id: int, refs: Iterable[tuple[int, int]], at: int) -> None:
    """Make records without properties that nobody knows. refs: object type and id of each."""
    rows = [(portal_id, object_type, record_id, at, "{}") for object_type, record_id in sorted(refs)]
    cursor.executemany(QUERIES.add_record, rows)


def integers(values: Iterable[int]) -> apsw.CArrayBinding:
    """A list of 64-bit integers as one parameter, for `carray(?)`; in order, as neighbours in a key share pages."""
    return apsw.carray(array("q", sorted(values)))


def _those(
    cursor: Cursor, statement: str, portal_id: int, object_type: int, record_ids: Collection[int]
) -> set[int]:
    if not record_ids:
        return set()
    rows = fetch(cursor, statement, (portal_id, object_type, integers(record_ids)))
    return {record_id for (record_id,) in rows}
