"""What the operations on records ask of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import LinkPage, ObjectType, Record, RecordChange, ValueTaken, Version
from edgewise.domain.ports import CreateOutcome, RecordsMissing, Store
from edgewise.domain.record_keys import PropertyKey, Upserted
from edgewise.domain.search import SearchPage
from edgewise.domain.sizes import LINKS_MAX, count_targets, shortened
from edgewise.wire.associations import PAGE_SIZE_MAX
from edgewise.wire.creates import NewRecords
from edgewise.wire.merges import PurgeRecord
from edgewise.wire.messages import Call
from edgewise.wire.objects import (
    ArchiveRecord,
    ChangeRecord,
    ListRecords,
    OneRecord,
    RecordsRead,
)
from edgewise.wire.objects_batches import ArchiveRecords, ChangeOutcome, ChangeRecords, ManyRead, ManyRecords
from edgewise.wire.search import SearchRecords


async def create_records(store: Store, call: Call, command: NewRecords) -> CreateOutcome:
    """Create records and their links."""
    return await store.create_records(command.command)


async def read_record(store: Store, call: Call, command: OneRecord) -> RecordsRead:
    """One record and the links asked for with it; of one that was merged, the record that it became part of."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    if isinstance(command.key, int):
        found = await store.read_records(portal_id, code, [command.key], command.is_archived)
        if found[0] is None and not command.is_archived:
            winner_id = await store.merged_into(portal_id, code, command.key)
            found = [] if winner_id is None else await store.read_records(portal_id, code, [winner_id])
    else:
        found = await store.find_records(portal_id, code, [command.key], command.is_archived)
    present = [record for record in found if record is not None]
    associated = await _associated(store, call, command.object_type, present, command.associated)
    versions = await _versions(store, call, command.object_type, present, command.history)
    return RecordsRead(present, associated, None, versions)


async def list_records(store: Store, call: Call, command: ListRecords) -> RecordsRead:
    """A page of records and the links asked for with them."""
    page = await store.list_records(
        call.portal.portal_id, command.object_type.code, command.first_id, command.limit, command.is_archived
    )
    associated = await _associated(store, call, command.object_type, page.records, command.associated)
    versions = await _versions(store, call, command.object_type, page.records, command.history)
    return RecordsRead(page.records, associated, page.next_id, versions)


async def read_records(store: Store, call: Call, command: ManyRecords) -> ManyRead:
    """Records by id, or by a property."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    ids = [key for key in command.keys if isinstance(key, int)]
    if len(ids) == len(command.keys):
        found = await store.read_records(portal_id, code, ids, command.is_archived)
    else:
        told = [key for key in command.keys if isinstance(key, PropertyKey)]
        found = await store.find_records(portal_id, code, told, command.is_archived)
    return ManyRead(found, await _versions(store, call, command.object_type, found, command.history))


async def update_record(store: Store, call: Call, command: ChangeRecord) -> Record | ValueTaken | None:
    """Change one record; in place of one that was merged, the record that it became part of."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    unique = call.portal.unique_names(code)
    key, properties, _ = command.change
    if isinstance(key, PropertyKey):
        upserted = await store.upsert_records(portal_id, code, [command.change], call.at, unique)
        outcome = upserted if isinstance(upserted, ValueTaken) else upserted[0]
        return outcome.record if isinstance(outcome, Upserted) else outcome
    record = await _update(store, call, code, RecordChange(key, properties), unique)
    if record is None:
        winner_id = await store.merged_into(portal_id, code, key)
        if winner_id is not None:
            record = await _update(store, call, code, RecordChange(winner_id, properties), unique)
    return record


async def upsert_records(store: Store, call: Call, command: ChangeRecords) -> ChangeOutcome:
    """Change many records, and make those that are to be made."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    if not command.upserts:
        return ()
    return await store.upsert_records(
        portal_id, code, command.upserts, call.at, call.portal.unique_names(code), command.is_partial
    )


async def search_records(store: Store, call: Call, command: SearchRecords) -> SearchPage:
    """A page of the records that match."""
    return await store.search_records(call.portal.portal_id, command.search)


async def merge_records(
    store: Store, call: Call, command: tuple[ObjectType, MergeRecords]
) -> Record | RecordsMissing:
    """Make one record part of another."""
    return await store.merge_records(command[1])


async def purge_record(store: Store, call: Call, command: PurgeRecord) -> None:
    """Remove one record for good."""
    await store.purge_record(call.portal.portal_id, command.object_type.code, command.key)


async def archive_records(store: Store, call: Call, command: ArchiveRecords) -> None:
    """Archive many records and remove their links."""
    await store.archive_records(call.portal.portal_id, command.object_type.code, command.record_ids, call.at)


async def archive_record(store: Store, call: Call, command: ArchiveRecord) -> None:
    """Archive one record and remove its links."""
    await store.archive_records(call.portal.portal_id, command.object_type.code, [command.record_id], call.at)


async def _update(
    store: Store, call: Call, object_type: int, change: RecordChange, unique: Sequence[str]
) -> Record | ValueTaken | None:
    updated = await store.update_records(call.portal.portal_id, object_type, [change], call.at, unique)
    return updated if isinstance(updated, ValueTaken) else updated[0]


async def _versions(
    store: Store,
    call: Call,
    object_type: ObjectType,
    records: Sequence[Record | None],
    names: Sequence[str],
) -> Sequence[Mapping[str, Sequence[Version]]]:
    if not names:
        return [{}] * len(records)
    ids = [0 if record is None else record.record_id for record in records]
    return await store.read_versions(call.portal.portal_id, object_type.code, ids, names)


async def _associated(
    store: Store,
    call: Call,
    object_type: ObjectType,
    records: Sequence[Record],
    targets: Sequence[ObjectType],
) -> list[tuple[ObjectType, Sequence[LinkPage]]]:
    sources = [(record.record_id, 0) for record in records]
    associated: list[tuple[ObjectType, Sequence[LinkPage]]] = []
    room = LINKS_MAX
    for target in targets:
        whole = await store.read_links(
            call.portal.portal_id, object_type.code, target.code, sources, PAGE_SIZE_MAX
        )
        pages = shortened(whole, room)
        room -= count_targets(pages)
        associated.append((target, pages))
    return associated
