"""The SQLite store: one thread writes, small reads run where they are asked for, large ones on threads of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from edgewise.domain import audit_deeds
from edgewise.domain.errors import AnswerTooLarge
from edgewise.domain.figures import Condition, StoreFigures
from edgewise.domain.jobs import Job, KeptJob, Made, NewJob
from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    CreateRecords,
    LinkPage,
    Outcome,
    PortalTypes,
    PutLinks,
    Record,
    RecordChange,
    RecordPage,
    RecordRef,
    RemoveLinks,
    TypesChange,
    ValueTaken,
    Version,
)
from edgewise.domain.ports import (
    CreateOutcome,
    RecordsMissing,
    Store,
    StoreInfo,
    TypesChanged,
)
from edgewise.domain.record_keys import PropertyKey, RecordKey, Upsert, Upserted
from edgewise.domain.search import Search, SearchPage
from edgewise.domain.sizes import ANSWER_BYTES_MAX
from edgewise.domain.usage import Degree, Threshold
from edgewise.stores.sqlite import (
    definitions,
    jobs,
    keyed_records,
    links,
    merges,
    object_types,
    portals,
    records,
    searches,
    usage,
    versions,
)
from edgewise.stores.sqlite.accounts import SqliteAccounts
from edgewise.stores.sqlite.audit import SqliteAuditLog
from edgewise.stores.sqlite.connections import Durability
from edgewise.stores.sqlite.desk import MIGRATIONS, Desk
from edgewise.stores.sqlite.pipelines import SqlitePipelines
from edgewise.stores.sqlite.properties import SqliteProperties

QUERY_TIMEOUT_S = 10.0
SMALL_SOURCES_MAX = 32
SMALL_LINKS_MAX = 1_000
SMALL_RECORDS_MAX = 100
SMALL_BYTES_MAX = 256 * 1024
"""Up to here a read holds the event loop for less than a millisecond, about what the way to a thread and back adds."""


class SqliteStore(Store):
    """See `edgewise.domain.ports.Store`. path: the database's file, made when there is none.

    is_audited: whether changes are noted in the audit log. query_timeout_s: what the reads of a request may take, from
    when it came.
    """

    def __init__(
        self,
        path: Path,
        durability: Durability = Durability.FULL,
        is_audited: bool = True,
        query_timeout_s: float = QUERY_TIMEOUT_S,
    ) -> None:
        desk = Desk(path, durability, is_audited, query_timeout_s)
        self._desk = desk
        self._read, self._read_aside, self._write = desk.read, desk.read_aside, desk.write
        self._change = desk.change
        self._definitions = desk.definitions
        self.accounts = SqliteAccounts(desk)
        self.audit = SqliteAuditLog(desk)
        self.pipelines = SqlitePipelines(desk)
        self.properties = SqliteProperties(desk)
        self._tell_of_job: Callable[[], None] | None = None

    async def start(self) -> None:
        self._desk.open()

    async def close(self) -> None:
        await self._desk.close()

    def stop_reading(self) -> None:
        self._desk.stop_reading()

    def stop_writing(self) -> None:
        self._desk.stop_writing()

    def info(self) -> StoreInfo:
        return StoreInfo("sqlite", len(MIGRATIONS))

    def condition(self) -> Condition:
        return self._desk.condition()

    def figures(self) -> StoreFigures:
        return self._desk.figures()

    async def portal_types(self, portal_id: int) -> PortalTypes:
        return self._read(portals.portal_types, portal_id)

    async def types_version(self, portal_id: int) -> int:
        return self._read(portals.types_version, portal_id)

    async def add_portal_types(self, portal_id: int, types: PortalTypes) -> None:
        await self._change(
            lambda _: audit_deeds.types_added(portal_id, types),
            definitions.add_portal_types,
            self._definitions(),
            portal_id,
            types,
        )

    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        watch = audit_deeds.TypesWatch(portal_id, decide)
        return await self._change(
            watch.deed, object_types.change_types, self._definitions(), portal_id, watch.decide
        )

    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        tell = partial(audit_deeds.links_put, command)
        return await self._change(tell, links.put_links, self._definitions(), command)

    async def list_links(
        self, portal_id: int, source: RecordRef, target_type: int, after: int, limit: int
    ) -> LinkPage:
        return self._read(links.list_links, portal_id, source, target_type, after, limit)

    async def read_links(
        self,
        portal_id: int,
        source_type: int,
        target_type: int,
        sources: Sequence[tuple[int, int]],
        limit: int,
    ) -> Sequence[LinkPage]:
        pages: list[LinkPage] = []
        found = 0
        if len(sources) <= SMALL_SOURCES_MAX:
            for source_id, after in sources:
                source = RecordRef(source_type, source_id)
                page = self._read(links.list_links, portal_id, source, target_type, after, limit)
                pages.append(page)
                found += len(page.targets)
                if found > SMALL_LINKS_MAX:
                    break
        rest = sources[len(pages) :]
        if rest:
            pages += await self._read_aside(
                links.read_links, portal_id, source_type, target_type, rest, limit
            )
        return pages

    async def remove_links(self, command: RemoveLinks) -> None:
        await self._change(lambda _: audit_deeds.links_removed(command), links.remove_links, command)

    async def create_records(self, command: CreateRecords) -> CreateOutcome:
        tell = partial(audit_deeds.records_created, command)
        return await self._change(tell, records.create_records, self._definitions(), command)

    async def read_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], is_archived: bool = False
    ) -> Sequence[Record | None]:
        size = 0
        if len(record_ids) > 1:
            size = self._read(records.size_of, portal_id, object_type, record_ids, is_archived)
            if size > ANSWER_BYTES_MAX:
                raise AnswerTooLarge(ANSWER_BYTES_MAX)
        if len(record_ids) <= SMALL_RECORDS_MAX and size <= SMALL_BYTES_MAX:
            return self._read(records.read_records, portal_id, object_type, record_ids, is_archived)
        return await self._read_aside(records.read_records, portal_id, object_type, record_ids, is_archived)

    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        if limit <= SMALL_RECORDS_MAX:
            return self._read(records.list_records, portal_id, object_type, first_id, limit, is_archived)
        return await self._read_aside(
            records.list_records, portal_id, object_type, first_id, limit, is_archived
        )

    async def update_records(
        self,
        portal_id: int,
        object_type: int,
        changes: Sequence[RecordChange],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Sequence[Record | ValueTaken | None] | ValueTaken:
        return await self._write(
            records.update_records, portal_id, object_type, changes, at, unique, is_partial
        )

    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        tell = partial(audit_deeds.records_archived, portal_id, object_type)
        await self._change(tell, records.archive_records, portal_id, object_type, record_ids, at)

    async def find_records(
        self, portal_id: int, object_type: int, keys: Sequence[PropertyKey], is_archived: bool = False
    ) -> Sequence[Record | None]:
        return await self._read_aside(keyed_records.find_records, portal_id, object_type, keys, is_archived)

    async def upsert_records(
        self,
        portal_id: int,
        object_type: int,
        upserts: Sequence[Upsert],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Sequence[Upserted | ValueTaken | None] | ValueTaken:
        return await self._write(
            keyed_records.upsert_records,
            self._definitions(),
            portal_id,
            object_type,
            upserts,
            at,
            unique,
            is_partial,
        )

    async def read_versions(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], names: Sequence[str]
    ) -> Sequence[Mapping[str, Sequence[Version]]]:
        return await self._read_aside(versions.read_versions, portal_id, object_type, record_ids, names)

    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        return await self._read_aside(searches.search_records, portal_id, search)

    async def merge_records(self, command: MergeRecords) -> Record | RecordsMissing:
        tell = partial(audit_deeds.records_merged, command)
        return await self._change(tell, merges.merge_records, command)

    async def merged_into(self, portal_id: int, object_type: int, record_id: int) -> int | None:
        return self._read(merges.merged_into, portal_id, object_type, record_id)

    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        tell = partial(audit_deeds.records_purged, portal_id, object_type)
        await self._change(tell, merges.purge_record, portal_id, object_type, key)

    async def count_records(self, portal_id: int) -> Mapping[int, int]:
        return await self._read_aside(usage.count_records, portal_id)

    async def crowded(self, portal_id: int, thresholds: Sequence[Threshold]) -> Sequence[Degree]:
        return await self._read_aside(usage.crowded, portal_id, thresholds)

    async def add_job(self, job: NewJob) -> Job:
        added = await self._write(jobs.add_job, job)
        if self._tell_of_job is not None:
            self._tell_of_job()
        return added

    def when_job_added(self, tell: Callable[[], None]) -> None:
        self._tell_of_job = tell

    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        if not self._read(jobs.has_due_job, at):
            return None
        return await self._write(jobs.take_job, at, lease_ms)

    async def finish_job(self, job: Job, made: Made, at: int) -> bool:
        return await self._write(jobs.finish_job, job, made, at)

    async def fail_job(self, job: Job, error: str, at: int, retry_at: int | None) -> bool:
        return await self._write(jobs.fail_job, job, error, at, retry_at)

    async def count_jobs(self, at: int) -> Mapping[str, int]:
        return await self._read_aside(jobs.count_jobs, at)

    async def list_jobs(self, portal_id: int | None) -> Sequence[Job]:
        return await self._read_aside(jobs.list_jobs, portal_id)

    async def read_job(self, portal_id: int, job_id: int) -> KeptJob | None:
        return await self._read_aside(jobs.read_job, portal_id, job_id)
