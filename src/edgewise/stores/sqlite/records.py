"""Records: what each call does to the rows, and reads of them; the caller holds the transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from edgewise.domain.model import (
    FIRST_RECORD_ID,
    CreateRecords,
    LimitReached,
    LinkWrite,
    PutLinks,
    Record,
    RecordChange,
    RecordPage,
    RecordRef,
    TypeGone,
    without_new_id,
)
from edgewise.domain.ports import Created, TargetsMissing
from edgewise.stores.sqlite import links, presence
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.definitions import Defined, Definitions, refusal
from edgewise.stores.sqlite.single_writes import write_link

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

RecordRow = tuple[int, str, int, int, int | None]


def read_records(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    record_ids: Iterable[int],
    is_archived: bool,
) -> list[Record | None]:
    """Records in the order asked for."""
    statement = QUERIES.read_archived_record if is_archived else QUERIES.read_live_record
    rows = [fetch(cursor, statement, (portal_id, object_type, record_id)) for record_id in record_ids]
    return [record_of(row[0]) if row else None for row in rows]


def list_records(
    cursor: Cursor, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool
) -> RecordPage:
    """A page of records; one more row tells where the next page begins."""
    statement = QUERIES.list_archived_records if is_archived else QUERIES.list_live_records
    rows = fetch(cursor, statement, (portal_id, object_type, first_id, limit + 1))
    next_id = rows[limit][0] if len(rows) > limit else None
    return RecordPage([record_of(row) for row in rows[:limit]], next_id)


def create_records(
    cursor: Cursor, definitions: Definitions, command: CreateRecords
) -> Created | TargetsMissing | LimitReached | TypeGone:
    """Create records and their links; where what is defined may refuse a link, what was done is taken back then."""
    defined = definitions.of(cursor, command.portal_id)
    kinds = {(link.types, link.first_type) for record in command.records for link in record.links}
    if not any(defined.may_refuse(types if first is None else (*types, first)) for types, first in kinds):
        return _create_records(cursor, command)
    cursor.execute(QUERIES.savepoint)
    outcome = _create_records(cursor, command, defined)
    is_kept = isinstance(outcome, Created)
    cursor.execute(QUERIES.release_savepoint if is_kept else QUERIES.roll_back_to_savepoint)
    return outcome


def update_records(
    cursor: Cursor, portal_id: int, object_type: int, changes: Sequence[RecordChange], at: int
) -> list[Record | None]:
    """Set and clear properties."""
    return [
        update_record(cursor, portal_id, object_type, change.record_id, change.properties, at)
        for change in changes
    ]


def update_record(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    record_id: int,
    properties: Mapping[str, str | None],
    at: int,
) -> Record | None:
    """Set and clear properties of one record."""
    bindings = (portal_id, object_type, record_id, to_json(properties), at)
    rows = fetch(cursor, QUERIES.update_record, bindings)
    return record_of(rows[0]) if rows else None


def archive_records(
    cursor: Cursor, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
) -> list[int]:
    """Archive records that live, and remove their links; answers which they were."""
    archived = []
    for record_id in record_ids:
        if fetch(cursor, QUERIES.archive_record, (portal_id, object_type, record_id, at)):
            links.remove_links_of(cursor, portal_id, RecordRef(object_type, record_id))
            archived.append(record_id)
    return archived


def _create_records(
    cursor: Cursor, command: CreateRecords, defined: Defined | None = None
) -> Created | TargetsMissing | LimitReached | TypeGone:
    """Where records are missing, nothing is changed; where a link is refused, the caller takes back what was."""
    targets = list(dict.fromkeys(link.target for record in command.records for link in record.links))
    missing = _refused_targets(cursor, command, targets)
    if missing:
        return TargetsMissing(missing)
    ids = take_record_ids(cursor, command.portal_id, len(command.records))
    cursor.executemany(
        QUERIES.add_record,
        [
            (command.portal_id, command.object_type, record_id, command.at, to_json(record.properties))
            for record_id, record in zip(ids, command.records, strict=True)
        ],
    )
    if defined is None:
        _write_links(cursor, command, ids)
    else:
        refused = _write_links_one_by_one(cursor, defined, command, ids)
        if refused is not None:
            return refused
    return Created(
        [
            Record(record_id, dict(record.properties), command.at, command.at)
            for record_id, record in zip(ids, command.records, strict=True)
        ]
    )


def record_of(row: RecordRow) -> Record:
    """A row as the record it is."""
    record_id, properties, created_at, updated_at, archived_at = row
    return Record(record_id, json.loads(properties), created_at, updated_at, archived_at)


def _refused_targets(cursor: Cursor, command: CreateRecords, targets: Sequence[RecordRef]) -> list[RecordRef]:
    """Targets that take no link; unknown ones are made where the command wants that and nothing is refused."""
    ids_by_type: dict[int, list[int]] = {}
    for object_type, record_id in targets:
        ids_by_type.setdefault(object_type, []).append(record_id)
    missing: set[tuple[int, int]] = set()
    archived: set[tuple[int, int]] = set()
    for object_type, ids in ids_by_type.items():
        gone = presence.missing_records(cursor, command.portal_id, object_type, ids)
        missing |= {(object_type, record_id) for record_id in gone}
        if gone and command.creates_records:
            known = presence.archived_records(cursor, command.portal_id, object_type, gone)
            archived |= {(object_type, record_id) for record_id in known}
    refused = archived if command.creates_records else missing
    if not refused and missing:
        presence.add_bare_records(cursor, command.portal_id, missing, command.at)
    return [target for target in targets if target in refused]


def take_record_ids(cursor: Cursor, portal_id: int, count: int) -> list[int]:
    """The next free ids of a portal, ascending; the portal goes on to count behind them."""
    first = cursor.execute(QUERIES.next_record_id, (portal_id,)).get or FIRST_RECORD_ID
    ids: list[int] = []
    while len(ids) < count:
        behind = first + count - len(ids)
        rows = fetch(cursor, QUERIES.taken_record_ids, (portal_id, first, behind - 1))
        taken = {record_id for (record_id,) in rows}
        ids += [record_id for record_id in range(first, behind) if record_id not in taken]
        first = behind
    cursor.execute(QUERIES.set_next_record_id, (portal_id, first))
    return ids


def _write_links(cursor: Cursor, command: CreateRecords, ids: Sequence[int]) -> None:
    """The links of new records; writes to different object types cannot touch each other's links."""
    writes: dict[int, list[LinkWrite]] = {}
    for record_id, record in zip(ids, command.records, strict=True):
        for target, types, first_type in record.links:
            write = LinkWrite(record_id, target.record_id, types, first_type)
            writes.setdefault(target.object_type, []).append(write)
    for target_type, to_type in writes.items():
        put = PutLinks(command.portal_id, command.object_type, target_type, to_type, command.at)
        links.write_links(cursor, put, to_type)


def _write_links_one_by_one(
    cursor: Cursor, defined: Defined, command: CreateRecords, ids: Sequence[int]
) -> LimitReached | TypeGone | None:
    """As `_write_links`, asking for each link whether it is refused; stops at the first that is."""
    for record_id, record in zip(ids, command.records, strict=True):
        source = RecordRef(command.object_type, record_id)
        for target, types, first_type in record.links:
            refused = refusal(cursor, command.portal_id, defined, source, target, types)
            if refused is not None:
                return without_new_id(refused, source)
            put = PutLinks(command.portal_id, command.object_type, target.object_type, (), command.at)
            write_link(cursor, put, LinkWrite(record_id, target.record_id, types, first_type), defined)
    return None
