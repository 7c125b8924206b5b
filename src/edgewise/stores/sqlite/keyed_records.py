"""Records told by the value of a property: found, changed and made; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgewise.domain.model import Record
from edgewise.domain.record_keys import PropertyKey, Upsert, Upserted, property_key
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch, one_moment
from edgewise.stores.sqlite.records import read_records, take_record_ids, to_json, update_record


class Holders:
    """Which records of a type have the values that some keys name; each property is looked for once."""

    def __init__(
        self,
        cursor: Cursor,
        portal_id: int,
        object_type: int,
        keys: Iterable[PropertyKey],
        is_archived: bool = False,
    ) -> None:
        self._ids: dict[PropertyKey, set[int]] = {key: set() for key in keys}
        self._names = dict.fromkeys(key.name for key in self._ids)
        statement = QUERIES.archived_records_by_property if is_archived else QUERIES.live_records_by_property
        for name in self._names:
            texts = to_json([key.folded.casefold() for key in self._ids if key.name == name])
            for record_id, text in fetch(cursor, statement, (portal_id, object_type, name, texts)):
                self._add(name, text, record_id)

    def first(self, key: PropertyKey) -> int | None:
        """The lowest id of a record that has the value of a key."""
        return min(self._ids[key], default=None)

    def note(self, record: Record) -> None:
        """Take in what a record has become."""
        for ids in self._ids.values():
            ids.discard(record.record_id)
        for name in self._names:
            if name in record.properties:
                self._add(name, record.properties[name], record.record_id)

    def _add(self, name: str, text: str, record_id: int) -> None:
        ids = self._ids.get(property_key(name, text))
        if ids is not None:
            ids.add(record_id)


def find_records(
    cursor: Cursor, portal_id: int, object_type: int, keys: Sequence[PropertyKey], is_archived: bool
) -> list[Record | None]:
    """Records by a property, in the order asked for."""
    with one_moment(cursor):
        holders = Holders(cursor, portal_id, object_type, keys, is_archived)
        ids = [holders.first(key) for key in keys]
        known = [record_id for record_id in ids if record_id is not None]
        found = iter(read_records(cursor, portal_id, object_type, known, is_archived))
    return [None if record_id is None else next(found) for record_id in ids]


def upsert_records(
    cursor: Cursor, portal_id: int, object_type: int, upserts: Sequence[Upsert], at: int
) -> list[Upserted | None]:
    """Change records, or make those that are told by a property and missing."""
    keys = (upsert.key for upsert in upserts if isinstance(upsert.key, PropertyKey))
    holders = Holders(cursor, portal_id, object_type, keys)
    outcomes: list[Upserted | None] = []
    for upsert in upserts:
        outcome = _upsert(cursor, portal_id, object_type, holders, upsert, at)
        if outcome is not None:
            holders.note(outcome.record)
        outcomes.append(outcome)
    return outcomes


def _upsert(
    cursor: Cursor, portal_id: int, object_type: int, holders: Holders, upsert: Upsert, at: int
) -> Upserted | None:
    key = upsert.key
    record_id = key if isinstance(key, int) else holders.first(key)
    if record_id is not None:
        record = update_record(cursor, portal_id, object_type, record_id, upsert.properties, at)
        return None if record is None else Upserted(record, False)
    if not upsert.creates:
        return None
    [record_id] = take_record_ids(cursor, portal_id, 1)
    properties = upsert.new_properties()
    cursor.execute(QUERIES.add_record, (portal_id, object_type, record_id, at, to_json(properties)))
    return Upserted(Record(record_id, properties, at, at), True)
