"""The reference store: plain dictionaries, gone when the process ends; the other stores are compared with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TypeVar

from edgewise.domain import audit_deeds
from edgewise.domain.errors import Conflict
from edgewise.domain.figures import SOUND, Condition, StoreFigures
from edgewise.domain.histories import Histories
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
    Created,
    CreateOutcome,
    CreateRefused,
    RecordsMissing,
    Store,
    StoreInfo,
    TargetsMissing,
    TypesChanged,
    partly_created,
)
from edgewise.domain.record_keys import PropertyKey, RecordKey, Upsert, Upserted, unique_keys
from edgewise.domain.records import require_object_type
from edgewise.domain.search import Search, SearchPage
from edgewise.domain.sizes import PAGE_BYTES_MAX, fitting, require_readable
from edgewise.domain.usage import Degree, Threshold
from edgewise.stores.memory.accounts import MemoryAccounts
from edgewise.stores.memory.audit import MemoryAuditLog
from edgewise.stores.memory.jobs import Jobs
from edgewise.stores.memory.pipelines import MemoryPipelines
from edgewise.stores.memory.portal import Portal, copy_of
from edgewise.stores.memory.properties import MemoryProperties
from edgewise.stores.memory.values import require_room_of, taken

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class MemoryStore(Store):
    """Keeps everything in memory. No method suspends, so on one event loop each call happens as a whole.

    is_audited: whether changes are noted in the audit log.
    """

    def __init__(self, is_audited: bool = True) -> None:
        self._portals: defaultdict[int, Portal] = defaultdict(Portal)
        self._jobs = Jobs()
        self.audit = MemoryAuditLog(is_audited)
        self.accounts = MemoryAccounts(self._portals, self._jobs, self.audit)
        self.pipelines = MemoryPipelines(self._portals, self.audit)
        self.properties = MemoryProperties(self._portals, self.audit)
        self._tell_of_job: Callable[[], None] | None = None

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def stop_reading(self) -> None:
        pass  # none takes long

    def stop_writing(self) -> None:
        pass  # none waits

    def info(self) -> StoreInfo:
        return StoreInfo("memory", 0)

    def condition(self) -> Condition:
        return SOUND

    def figures(self) -> StoreFigures:
        return StoreFigures()

    async def portal_types(self, portal_id: int) -> PortalTypes:
        return self._portals[portal_id].types()

    async def types_version(self, portal_id: int) -> int:
        return self._portals[portal_id].types_version

    async def add_portal_types(self, portal_id: int, types: PortalTypes) -> None:
        portal = self._portals[portal_id]
        object_types = {t.code: t for t in types.object_types}
        association_types = {t.key: t for t in types.association_types}
        if (
            portal.object_types.keys() & object_types
            or portal.association_types.keys() & association_types
            or len(object_types) < len(types.object_types)
            or len(association_types) < len(types.association_types)
        ):
            raise Conflict("a type with this identity exists")
        portal.change_types(
            TypesChange(added=types.association_types, object_types=types.object_types, schemas=types.schemas)
        )
        self.audit.note(audit_deeds.types_added(portal_id, types))

    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        portal = self._portals[portal_id]
        watch = audit_deeds.TypesWatch(portal_id, decide)
        change = watch.decide(portal.types())
        occupied = [code for code in change.vacant if portal.has_records(code)]
        if occupied:
            return TypesChanged(portal.types(), change, occupied)
        portal.change_types(change)
        changed = TypesChanged(portal.types(), change)
        self.audit.note(watch.deed(changed))
        return changed

    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        portal = self._portals[command.portal_id]
        before = portal.links_changed
        outcomes = [portal.put(command, write) for write in command.writes]
        if portal.links_changed != before:
            self.audit.note(audit_deeds.links_put(command, outcomes))
        return outcomes

    async def list_links(
        self, portal_id: int, source: RecordRef, target_type: int, after: int, limit: int
    ) -> LinkPage:
        return self._portals[portal_id].page(source, target_type, after, limit)

    async def read_links(
        self,
        portal_id: int,
        source_type: int,
        target_type: int,
        sources: Sequence[tuple[int, int]],
        limit: int,
    ) -> Sequence[LinkPage]:
        portal = self._portals[portal_id]
        return [
            portal.page(RecordRef(source_type, source_id), target_type, after, limit)
            for source_id, after in sources
        ]

    async def remove_links(self, command: RemoveLinks) -> None:
        portal = self._portals[command.portal_id]
        before = portal.links_changed
        for source_id, target_id, types in command.removals:
            source = RecordRef(command.source_type, source_id)
            target = RecordRef(command.target_type, target_id)
            keys = portal.keys(source, target) if types is None else [t.key for t in types]
            portal.unlink(source, target, keys)
        if portal.links_changed != before:
            self.audit.note(audit_deeds.links_removed(command))

    async def create_records(self, command: CreateRecords) -> CreateOutcome:
        require_object_type(command.object_type, self._portals[command.portal_id].object_types)
        if command.is_partial:
            each = [self._create(replace(command, records=[new])) for new in command.records]
            outcome: CreateOutcome = partly_created(each)
        else:
            outcome = self._create(command)
        self.audit.note(audit_deeds.records_created(command, outcome))
        return outcome

    def _create(self, command: CreateRecords) -> Created | CreateRefused:
        portal = self._portals[command.portal_id]
        earlier: set[PropertyKey] = set()
        for new in command.records:
            held = taken(
                lambda key: portal.find_by(command.object_type, key),
                command.unique,
                new.properties,
                earlier=earlier,
            )
            if held is not None:
                return held
            earlier.update(unique_keys(command.unique, new.properties))
        targets = list(dict.fromkeys(link.target for new in command.records for link in new.links))
        missing = [target for target in targets if portal.refuses(target, command.creates_records)]
        if missing:
            return TargetsMissing(missing)
        types = {link_type for new in command.records for link in new.links for link_type in link.types}
        before = deepcopy(portal) if portal.may_refuse(types) else portal
        for target in targets:
            portal.ensure(target, command.at)
        created = []
        for new in command.records:
            outcome = portal.create(command.object_type, new, command.at)
            if not isinstance(outcome, Record):
                self._portals[command.portal_id] = before
                return outcome
            created.append(outcome)
        return Created(created)

    async def read_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], is_archived: bool = False
    ) -> Sequence[Record | None]:
        portal = self._portals[portal_id]
        found = [portal.find(object_type, record_id, is_archived) for record_id in record_ids]
        require_readable(found)
        return [record and copy_of(record) for record in found]

    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        records = self._portals[portal_id].records[object_type]
        ids = [i for i in sorted(records) if i >= first_id and records[i].is_archived is is_archived]
        count = fitting([records[i] for i in ids[:limit]], PAGE_BYTES_MAX)
        next_id = ids[count] if len(ids) > count else None
        return RecordPage([copy_of(records[i]) for i in ids[:count]], next_id)

    async def update_records(
        self,
        portal_id: int,
        object_type: int,
        changes: Sequence[RecordChange],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Sequence[Record | ValueTaken | None] | ValueTaken:
        for change in changes:
            require_room_of(self._portals[portal_id].find(object_type, change.record_id), change.properties)

        def update(portal: Portal, change: RecordChange) -> Record | ValueTaken | None:
            record = portal.find(object_type, change.record_id)
            return record and portal.update(object_type, record, change.properties, at, unique)

        touches = any(name in change.properties for change in changes for name in unique)
        return self._each(portal_id, changes, update, touches and not is_partial)

    def _each(
        self,
        portal_id: int,
        items: Sequence[Item],
        do: Callable[[Portal, Item], Answer | ValueTaken],
        takes_back: bool,
    ) -> list[Answer | ValueTaken] | ValueTaken:
        """Do something with items, one after the other. takes_back: one that is refused leaves all of them undone."""
        portal = self._portals[portal_id]
        before = deepcopy(portal) if takes_back and len(items) > 1 else portal
        answers: list[Answer | ValueTaken] = []
        for item in items:
            answer = do(portal, item)
            if takes_back and isinstance(answer, ValueTaken):
                self._portals[portal_id] = before
                return answer
            answers.append(answer)
        return answers

    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        portal = self._portals[portal_id]
        archived = []
        for record_id in record_ids:
            record = portal.find(object_type, record_id)
            if record is not None:
                portal.archive(object_type, record, at)
                archived.append(record_id)
        self.audit.note(audit_deeds.records_archived(portal_id, object_type, archived))

    async def find_records(
        self, portal_id: int, object_type: int, keys: Sequence[PropertyKey], is_archived: bool = False
    ) -> Sequence[Record | None]:
        portal = self._portals[portal_id]
        found = [portal.find_by(object_type, key, is_archived) for key in keys]
        require_readable(found)
        return [record and copy_of(record) for record in found]

    async def upsert_records(
        self,
        portal_id: int,
        object_type: int,
        upserts: Sequence[Upsert],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Sequence[Upserted | ValueTaken | None] | ValueTaken:
        require_object_type(object_type, self._portals[portal_id].object_types)
        for upsert in upserts:
            require_room_of(self._portals[portal_id].find_by(object_type, upsert.key), upsert.properties)

        def put(portal: Portal, upsert: Upsert) -> Upserted | ValueTaken | None:
            return portal.upsert(object_type, upsert, at, unique)

        touches = any(name in upsert.properties for upsert in upserts for name in unique)
        return self._each(portal_id, upserts, put, touches and not is_partial)

    async def read_versions(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], names: Sequence[str]
    ) -> Sequence[Mapping[str, Sequence[Version]]]:
        versions = self._portals[portal_id].versions
        found = Histories()
        for record_id in set(record_ids):
            for name, kept in versions.latest_first(RecordRef(object_type, record_id), names).items():
                for version in kept:
                    found.add(record_id, name, version)
        return found.of(record_ids)

    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        portal, code = self._portals[portal_id], search.object_type.code
        records = portal.records[code]
        living = [record for _, record in sorted(records.items()) if not record.is_archived]
        total, ids = search.find(living, lambda i, wanted: portal.is_linked(RecordRef(code, i), wanted))
        found = [records[record_id] for record_id in ids]
        return SearchPage(total, [copy_of(record) for record in found[: fitting(found, PAGE_BYTES_MAX)]])

    async def merge_records(self, command: MergeRecords) -> Record | RecordsMissing:
        portal = self._portals[command.portal_id]
        ids = (command.winner_id, command.loser_id)
        winner, loser = (portal.find(command.object_type, record_id) for record_id in ids)
        if winner is None or loser is None:
            return RecordsMissing([i for i in ids if portal.find(command.object_type, i) is None])
        merged = portal.merge(command, winner, loser)
        self.audit.note(audit_deeds.records_merged(command, merged))
        return merged

    async def merged_into(self, portal_id: int, object_type: int, record_id: int) -> int | None:
        return self._portals[portal_id].merged.get(RecordRef(object_type, record_id))

    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        portal = self._portals[portal_id]
        record = portal.find_by(object_type, key) or portal.find_by(object_type, key, is_archived=True)
        if record is not None:
            purged = portal.purge(RecordRef(object_type, record.record_id))
            self.audit.note(audit_deeds.records_purged(portal_id, object_type, purged))

    async def count_records(self, portal_id: int) -> Mapping[int, int]:
        records = self._portals[portal_id].records
        return {code: sum(not r.is_archived for r in of_type.values()) for code, of_type in records.items()}

    async def crowded(self, portal_id: int, thresholds: Sequence[Threshold]) -> Sequence[Degree]:
        return self._portals[portal_id].crowded(thresholds)

    async def add_job(self, job: NewJob) -> Job:
        added = self._jobs.add(job)
        if self._tell_of_job is not None:
            self._tell_of_job()
        return added

    def when_job_added(self, tell: Callable[[], None]) -> None:
        self._tell_of_job = tell

    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        return self._jobs.take(at, lease_ms)

    async def finish_job(self, job: Job, made: Made, at: int) -> bool:
        return self._jobs.finish(job, made, at)

    async def fail_job(self, job: Job, error: str, at: int, retry_at: int | None) -> bool:
        return self._jobs.fail(job, error, at, retry_at)

    async def count_jobs(self, at: int) -> Mapping[str, int]:
        return self._jobs.count(at)

    async def list_jobs(self, portal_id: int | None) -> Sequence[Job]:
        return self._jobs.list(portal_id)

    async def read_job(self, portal_id: int, job_id: int) -> KeptJob | None:
        return self._jobs.read(portal_id, job_id)
