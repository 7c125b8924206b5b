"""Records told by the value of a property: found, changed and made; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.errors import AnswerTooLarge
from edgewise.domain.model import Record, ValueTaken
from edgewise.domain.record_keys import PropertyKey, Upsert, Upserted, property_key
from edgewise.domain.records import require_object_type
from edgewise.domain.sizes import ANSWER_BYTES_MAX
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch, one_moment
from edgewise.stores.sqlite.definitions import Definitions
from edgewise.stores.sqlite.json_text import to_json
from edgewise.stores.sqlite.records import (
    pass_taken_ids,
    read_records,
    size_of,
    take_record_ids,
    update_record,
)
from edgewise.stores.sqlite.unique_values import for_each, taken
from edgewise.stores.sqlite.values import add_values, holders


def first_holder(
    cursor: Cursor, portal_id: int, object_type: int, key: PropertyKey, is_archived: bool = False
) -> int | None:
    """The lowest id of a record that has the value of a key."""
    if is_archived:
        return _archived_holders(cursor, portal_id, object_type, [key])[key]
    return next(iter(holders(cursor, portal_id, object_type, key)), None)


def find_records(
    cursor: Cursor, portal_id: int, object_type: int, keys: Sequence[PropertyKey], is_archived: bool
) -> list[Record | None]:
    """Records by a property, in the order asked for. Raises: AnswerTooLarge."""
    with one_moment(cursor):
        if is_archived:
            found_ids = _archived_holders(cursor, portal_id, object_type, keys)
        else:
            found_ids = {key: first_holder(cursor, portal_id, object_type, key) for key in keys}
        ids = [found_ids[key] for key in keys]
        known = [record_id for record_id in ids if record_id is not None]
        if len(known) > 1 and size_of(cursor, portal_id, object_type, known, is_archived) > ANSWER_BYTES_MAX:
            raise AnswerTooLarge(ANSWER_BYTES_MAX)
        found = iter(read_records(cursor, portal_id, object_type, known, is_archived))
    return [None if record_id is None else next(found) for record_id in ids]


def upsert_records(
    cursor: Cursor,
    definitions: Definitions,
    portal_id: int,
    object_type: int,
    upserts: Sequence[Upsert],
    at: int,
    unique: Sequence[str],
    is_partial: bool,
) -> Sequence[Upserted | ValueTaken | None] | ValueTaken:
    """Change records, or make those that are told by a property and missing. Raises: InvalidObjectTypeId."""
    require_object_type(object_type, definitions.of(cursor, portal_id).object_types)

    def put(upsert: Upsert) -> Upserted | ValueTaken | None:
        return _upsert(cursor, portal_id, object_type, upsert, at, unique)

    takes_back = bool(unique) and not is_partial
    if takes_back and len(upserts) > 1:
        pass_taken_ids(cursor, portal_id, len(upserts))
    return for_each(cursor, upserts, put, takes_back)


def _archived_holders(
    cursor: Cursor, portal_id: int, object_type: int, keys: Sequence[PropertyKey]
) -> dict[PropertyKey, int | None]:
    """As `first_holder` for many keys; each property is looked for once, through all that is archived."""
    ids: dict[PropertyKey, int | None] = dict.fromkeys(keys)
    for name in dict.fromkeys(key.name for key in ids):
        texts = to_json([key.folded.casefold() for key in ids if key.name == name])
        for record_id, text in fetch(
            cursor, QUERIES.archived_records_by_property, (portal_id, object_type, name, texts)
        ):
            key = property_key(name, text)
            if key in ids:
                ids[key] = min(ids[key] or record_id, record_id)
    return ids


def _upsert(
    cursor: Cursor, portal_id: int, object_type: int, upsert: Upsert, at: int, unique: Sequence[str]
) -> Upserted | ValueTaken | None:
    key = upsert.key
    record_id = key if isinstance(key, int) else first_holder(cursor, portal_id, object_type, key)
    if record_id is not None:
        record = update_record(cursor, portal_id, object_type, record_id, upsert.properties, at, unique)
        return Upserted(record, False) if isinstance(record, Record) else record
    if not upsert.creates:
        return None
    properties = upsert.new_properties()
    held = taken(cursor, portal_id, object_type, unique, properties)
    if held is not None:
        return held
    [record_id] = take_record_ids(cursor, portal_id, 1)
    cursor.execute(QUERIES.add_record, (portal_id, object_type, record_id, at, to_json(properties)))
    add_values(cursor, portal_id, object_type, [(record_id, properties)])
    return Upserted(Record(record_id, properties, at, at), True)
