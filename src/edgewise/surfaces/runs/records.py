"""What the operations on records ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.model import CreateRecords, LinkPage, ObjectType, Record
from edgewise.domain.ports import Store
from edgewise.wire.associations import PAGE_SIZE_MAX
from edgewise.wire.messages import Call
from edgewise.wire.objects import (
    ArchiveRecord,
    ChangeRecord,
    CreateOutcome,
    ListRecords,
    ManyRecords,
    OneRecord,
    RecordsRead,
)


async def create_records(
    store: Store, call: Call, command: tuple[ObjectType, CreateRecords]
) -> CreateOutcome:
    """Create records and their links."""
    return await store.create_records(command[1])


async def read_record(store: Store, call: Call, command: OneRecord) -> RecordsRead:
    """One record and the links asked for with it."""
    found = await store.read_records(
        call.portal.portal_id, command.object_type.code, [command.record_id], command.is_archived
    )
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
    """Records by id."""
    return await store.read_records(
        call.portal.portal_id, command.object_type.code, command.record_ids, command.is_archived
    )


async def update_record(store: Store, call: Call, command: ChangeRecord) -> Sequence[Record | None]:
    """Change one record."""
    return await store.update_records(
        call.portal.portal_id, command.object_type.code, [command.change], call.at
    )


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
