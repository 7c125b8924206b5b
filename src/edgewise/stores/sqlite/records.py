"""Records: what each call does to the rows, and reads of them; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from edgewise.domain.model import (
    CreateRecords,
    LimitReached,
    LinkWrite,
    PutLinks,
    Record,
    RecordChange,
    RecordPage,
    RecordRef,
    TypeGone,
    ValueTaken,
    without_new_id,
)
from edgewise.domain.ports import Created, CreateOutcome, CreateRefused, TargetsMissing, partly_created
from edgewise.domain.property_values import resolved
from edgewise.domain.records import require_object_type
from edgewise.domain.sizes import PAGE_BYTES_MAX, RECORD_CHARACTERS_MAX, require_room
from edgewise.stores.sqlite import links, presence
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.definitions import Defined, Definitions, refusal
from edgewise.stores.sqlite.json_text import from_json, to_json
from edgewise.stores.sqlite.single_writes import write_link
from edgewise.stores.sqlite.unique_values import for_each, taken, taken_by_new
from edgewise.stores.sqlite.values import add_values, change_values, remove_values
from edgewise.stores.sqlite.versions import add_versions

_IDS_LOOKED_AT_MAX = 10_000

RecordRow = tuple[int, str, int, int, int | None]


def read_records(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    record_ids: Collection[int],
    is_archived: bool,
) -> list[Record | None]:
    """Records in the order asked for."""
    if len(record_ids) <= 1:
        statement = QUERIES.read_archived_record if is_archived else QUERIES.read_live_record
        rows = [fetch(cursor, statement, (portal_id, object_type, record_id)) for record_id in record_ids]
        return [record_of(row[0]) if row else None for row in rows]
    statement = QUERIES.read_archived_records if is_archived else QUERIES.read_live_records
    bindings = (portal_id, object_type, presence.integers(set(record_ids)))
    found = {row[0]: row for row in fetch(cursor, statement, bindings)}
    return [record_of(found[i]) if i in found else None for i in record_ids]


def list_records(
    cursor: Cursor, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool
) -> RecordPage:
    """A page of records. How large they are is looked at first; one more tells where the next page begins."""
    measure = QUERIES.measure_archived_records if is_archived else QUERIES.measure_live_records
    sizes = fetch(cursor, measure, (portal_id, object_type, first_id, limit + 1))
    count, next_id = _page_of(sizes, limit)
    statement = QUERIES.list_archived_records if is_archived else QUERIES.list_live_records
    rows = fetch(cursor, statement, (portal_id, object_type, first_id, count))
    return RecordPage([record_of(row) for row in rows if next_id is None or row[0] < next_id], next_id)


def _page_of(sizes: Sequence[tuple[int, int]], limit: int) -> tuple[int, int | None]:
    """How many records a page has, and the id that the next one begins with. sizes: ids and bytes."""
    room = PAGE_BYTES_MAX
    for count, (record_id, size) in enumerate(sizes):
        room -= size
        if count == limit or (count and room < 0):
            return count, record_id
    return len(sizes), None


def size_of(
    cursor: Cursor, portal_id: int, object_type: int, record_ids: Collection[int], is_archived: bool
) -> int:
    """How many bytes the values of some records are, which is known without reading them."""
    statement = QUERIES.size_of_archived_records if is_archived else QUERIES.size_of_live_records
    size: int = cursor.execute(statement, (portal_id, object_type, presence.integers(set(record_ids)))).get
    return size


def create_records(cursor: Cursor, definitions: Definitions, command: CreateRecords) -> CreateOutcome:
    """Create records and their links, all of them or each on its own. Raises: InvalidObjectTypeId."""
    defined = definitions.of(cursor, command.portal_id)
    require_object_type(command.object_type, defined.object_types)
    if not command.is_partial:
        return _create_all(cursor, defined, command)
    alone = (replace(command, records=[record]) for record in command.records)
    return partly_created(_create_all(cursor, defined, each) for each in alone)


def _create_all(cursor: Cursor, defined: Defined, command: CreateRecords) -> Created | CreateRefused:
    """Where what is defined may refuse a link, what was done is taken back then."""
    kinds = {(link.types, link.first_type) for record in command.records for link in record.links}
    if not any(defined.may_refuse(types if first is None else (*types, first)) for types, first in kinds):
        return _create_records(cursor, command)
    pass_taken_ids(cursor, command.portal_id, len(command.records))
    cursor.execute(QUERIES.savepoint)
    outcome = _create_records(cursor, command, defined)
    is_kept = isinstance(outcome, Created)
    cursor.execute(QUERIES.release_savepoint if is_kept else QUERIES.roll_back_to_savepoint)
    return outcome


def update_records(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    changes: Sequence[RecordChange],
    at: int,
    unique: Sequence[str],
    is_partial: bool,
) -> Sequence[Record | ValueTaken | None] | ValueTaken:
    """Set and clear properties."""

    def update(change: RecordChange) -> Record | ValueTaken | None:
        return update_record(cursor, portal_id, object_type, change.record_id, change.properties, at, unique)

    return for_each(cursor, changes, update, bool(unique) and not is_partial)


def update_record(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    record_id: int,
    properties: Mapping[str, str | None],
    at: int,
    unique: Sequence[str] = (),
) -> Record | ValueTaken | None:
    """Set and clear properties of one record."""
    [record] = read_records(cursor, portal_id, object_type, [record_id], is_archived=False)
    if record is None:
        return None
    before = record.properties
    properties = resolved(before, properties)
    held = taken(cursor, portal_id, object_type, unique, properties, before)
    if held is not None:
        return held
    after = {**before, **properties}
    record.properties = {name: text for name, text in after.items() if text is not None}
    record.updated_at = at
    text = to_json(record.properties)
    if len(text) > RECORD_CHARACTERS_MAX:
        require_room(before, record.properties)
    cursor.execute(QUERIES.set_properties, (portal_id, object_type, record_id, text, at))
    changed = [name for name, text in properties.items() if before.get(name) != text]
    change_values(cursor, portal_id, object_type, record_id, before, record.properties)
    add_versions(cursor, portal_id, object_type, record, before, changed)
    return record


def archive_records(
    cursor: Cursor, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
) -> list[int]:
    """Archive records that live, and remove their links; answers which they were."""
    archived = []
    for record_id in record_ids:
        rows = fetch(cursor, QUERIES.archive_record, (portal_id, object_type, record_id, at))
        if rows:
            remove_values(cursor, portal_id, object_type, [(record_id, from_json(rows[0][0]))])
            links.remove_links_of(cursor, portal_id, RecordRef(object_type, record_id))
            archived.append(record_id)
    return archived


def _create_records(
    cursor: Cursor, command: CreateRecords, defined: Defined | None = None
) -> Created | CreateRefused:
    """Where records are missing or values taken, nothing is changed; where a link is refused, the caller takes back
    what was.
    """
    properties = (record.properties for record in command.records)
    held = taken_by_new(cursor, command.portal_id, command.object_type, command.unique, properties)
    if held is not None:
        return held
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
    values = ((record_id, record.properties) for record_id, record in zip(ids, command.records, strict=True))
    add_values(cursor, command.portal_id, command.object_type, values)
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
    return Record(record_id, from_json(properties), created_at, updated_at, archived_at)


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
    """The next free ids of a portal, ascending; the portal goes on to count behind them.

    Where ids are taken, more and more are looked at together: a portal may have mentioned a million in a row.
    """
    ids: list[int] = []
    wanted = behind = count
    while len(ids) < count:
        behind = cursor.execute(QUERIES.count_record_ids, (portal_id, wanted)).get
        first = behind - wanted
        taken = {row[0] for row in fetch(cursor, QUERIES.taken_record_ids, (portal_id, first, behind - 1))}
        ids += [record_id for record_id in range(first, behind) if record_id not in taken]
        wanted = max(count - len(ids), min(2 * wanted, _IDS_LOOKED_AT_MAX))
    too_many = behind - 1 - ids[count - 1] if ids else 0
    if too_many:
        cursor.execute(QUERIES.count_record_ids, (portal_id, -too_many))
    return ids[:count]


def pass_taken_ids(cursor: Cursor, portal_id: int, count: int) -> None:
    """Let the portal count on to free ids, so that a savepoint that is rolled back does not look for them again.

    Where so many free ids lie far apart, those before the last ones in a row are never given.
    """
    ids = take_record_ids(cursor, portal_id, count)
    first = ids[0]
    if ids[-1] - first > _IDS_LOOKED_AT_MAX + count:
        first = next(ids[n] for n in range(count - 1, -1, -1) if not n or ids[n] - ids[n - 1] > 1)
    cursor.execute(QUERIES.count_record_ids, (portal_id, first - ids[-1] - 1))


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
