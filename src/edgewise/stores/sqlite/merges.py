"""Records that end: merged into another one, or removed for good; the caller holds the transaction."""

from __future__ import annotations

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import Record, RecordRef
from edgewise.domain.ports import RecordsMissing
from edgewise.domain.record_keys import PropertyKey, RecordKey
from edgewise.stores.sqlite import links
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.json_text import from_json
from edgewise.stores.sqlite.keyed_records import first_holder
from edgewise.stores.sqlite.records import archive_records, read_records, update_record
from edgewise.stores.sqlite.values import remove_values
from edgewise.stores.sqlite.versions import remove_versions


def merge_records(cursor: Cursor, command: MergeRecords) -> Record | RecordsMissing:
    """Make one record part of another."""
    portal_id, object_type, at = command.portal_id, command.object_type, command.at
    ids = (command.winner_id, command.loser_id)
    winner, loser = read_records(cursor, portal_id, object_type, ids, is_archived=False)
    if winner is None or loser is None:
        found = zip(ids, (winner, loser), strict=True)
        return RecordsMissing([record_id for record_id, record in found if record is None])
    _move_links(cursor, command)
    archive_records(cursor, portal_id, object_type, [command.loser_id], at)
    cursor.execute(
        QUERIES.follow_merged_records, (portal_id, object_type, command.loser_id, command.winner_id)
    )
    cursor.execute(QUERIES.add_merged_record, (portal_id, object_type, command.loser_id, command.winner_id))
    properties = {**loser.properties, **winner.properties}
    merged = update_record(cursor, portal_id, object_type, command.winner_id, properties, at)
    assert isinstance(merged, Record), "it was read in this transaction, and no value is asked to be unique"
    return merged


def merged_into(cursor: Cursor, portal_id: int, object_type: int, record_id: int) -> int | None:
    """What a record became part of."""
    winner_id: int | None = cursor.execute(QUERIES.merged_into, (portal_id, object_type, record_id)).get
    return winner_id


def purge_record(cursor: Cursor, portal_id: int, object_type: int, key: RecordKey) -> list[int]:
    """Remove a record for good, and those that are part of it; answers which they were."""
    record_id = key if isinstance(key, int) else _first(cursor, portal_id, object_type, key)
    if record_id is None:
        return []
    purged = []
    rows = fetch(cursor, QUERIES.merged_records, (portal_id, object_type, record_id))
    for each in (record_id, *(merged_id for (merged_id,) in rows)):
        links.remove_links_of(cursor, portal_id, RecordRef(object_type, each))
        cursor.execute(QUERIES.remove_merged_record, (portal_id, object_type, each))
        removed = fetch(cursor, QUERIES.purge_record, (portal_id, object_type, each))
        if removed:
            remove_values(cursor, portal_id, object_type, [(each, from_json(removed[0][0]))])
            remove_versions(cursor, portal_id, object_type, each)
            cursor.execute(QUERIES.add_purged_record, (portal_id, each))
            purged.append(each)
    return purged


def _first(cursor: Cursor, portal_id: int, object_type: int, key: PropertyKey) -> int | None:
    """The record with a value, a live one before an archived one."""
    for is_archived in (False, True):
        record_id = first_holder(cursor, portal_id, object_type, key, is_archived)
        if record_id is not None:
            return record_id
    return None


def _move_links(cursor: Cursor, command: MergeRecords) -> None:
    """Give one record the links of another, which keeps them for its archiving to remove."""
    portal_id, object_type = command.portal_id, command.object_type
    winner, loser = (portal_id, object_type, command.winner_id), (portal_id, object_type, command.loser_id)
    cursor.execute(QUERIES.remove_pair, (*winner, *loser[1:]))
    cursor.execute(QUERIES.remove_pair, (*loser, *winner[1:]))
    any_target = 0
    for link_type in command.held_once:
        held = (link_type.target_type, any_target, link_type.key)
        if fetch(cursor, QUERIES.other_holdings, (*winner, *held)):
            for (target_id,) in fetch(cursor, QUERIES.other_holdings, (*loser, *held)):
                link = (link_type.target_type, target_id, link_type.key, link_type.mirror_key)
                cursor.execute(QUERIES.remove_link, (*loser, *link))
    cursor.execute(QUERIES.copy_edges_of, (*loser, command.winner_id))
    neighbours = fetch(cursor, QUERIES.neighbours, loser)
    cursor.executemany(
        QUERIES.copy_pair, [(portal_id, *other, *loser[1:], command.winner_id) for other in neighbours]
    )
