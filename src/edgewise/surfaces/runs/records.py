"""What the operations on records ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import CreateRecords, LinkPage, ObjectType, Record, RecordChange
from edgewise.domain.ports import RecordsMissing, Store
from edgewise.domain.record_keys import PropertyKey, Upserted
from edgewise.domain.search import SearchPage
from edgewise.wire.associations import PAGE_SIZE_MAX
from edgewise.wire.merges import PurgeRecord
from edgewise.wire.messages import Call
from edgewise.wire.objects import (
    ArchiveRecord,
    ChangeRecord,
    CreateOutcome,
    ListRecords,
    OneRecord,
    RecordsRead,
)
from edgewise.wire.objects_batches import ArchiveRecords, ChangeRecords, ManyRecords
from edgewise.wire.search import SearchRecords


async def create_records(
    store: Store, call: Call, command: tuple[ObjectType, CreateRecords]
) -> CreateOutcome:
    """Create records and their links."""
    return await store.create_records(command[1])


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
    return RecordsRead(present, associated)


async def list_records(store: Store, call: Call, command: ListRecords) -> RecordsRead:
    """A page of records and the links asked for with them."""
    page = await store.list_records(
        call.portal.portal_id, command.object_type.code, command.first_id, command.limit, command.is_archived
    )
    associated = await _associated(store, call, command.object_type, page.records, command.associated)
    return RecordsRead(page.records, associated, page.next_id)


async def read_records(store: Store, call: Call, command: ManyRecords) -> Sequence[Record | None]:
    """Records by id, or by a property."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    ids = [key for key in command.keys if isinstance(key, int)]
    if len(ids) == len(command.keys):
        return await store.read_records(portal_id, code, ids, command.is_archived)
    told = [key for key in command.keys if isinstance(key, PropertyKey)]
    return await store.find_records(portal_id, code, told, command.is_archived)


async def update_record(store: Store, call: Call, command: ChangeRecord) -> Record | None:
    """Change one record; in place of one that was merged, the record that it became part of."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    key, properties, _ = command.change
    if isinstance(key, PropertyKey):
        [upserted] = await store.upsert_records(portal_id, code, [command.change], call.at)
        return upserted and upserted.record
    [record] = await store.update_records(portal_id, code, [RecordChange(key, properties)], call.at)
    if record is None:
        winner_id = await store.merged_into(portal_id, code, key)
        if winner_id is not None:
            change = RecordChange(winner_id, properties)
            [record] = await store.update_records(portal_id, code, [change], call.at)
    return record


async def upsert_records(store: Store, call: Call, command: ChangeRecords) -> Sequence[Upserted | None]:
    """Change many records, and make those that are to be made."""
    portal_id, code = call.portal.portal_id, command.object_type.code
    return await store.upsert_records(portal_id, code, command.upserts, call.at) if command.upserts else ()


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


async def _associated(
    store: Store,
    call: Call,
    object_type: ObjectType,
    records: Sequence[Record],
    targets: Sequence[ObjectType],
) -> list[tuple[ObjectType, Sequence[LinkPage]]]:
    sources = [(record.record_id, 0) for record in records]
    return [
        (
            target,
            await store.read_links(
                call.portal.portal_id, object_type.code, target.code, sources, PAGE_SIZE_MAX
            ),
        )
        for target in targets
    ]
