"""Stores with one planted fault each, of the kinds that stores have: the tests of a promise must notice its fault."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from edgewise.domain.errors import Conflict
from edgewise.domain.model import (
    FIRST_RECORD_ID,
    AssociationType,
    CreateRecords,
    Holder,
    Linked,
    LinkPage,
    NewRecord,
    PortalTypes,
    PutLinks,
    Record,
    RecordChange,
    RecordPage,
    RecordRef,
    RemoveLinks,
)
from edgewise.domain.ports import Created, TargetsMissing
from edgewise.stores.memory import MemoryStore, portal
from edgewise.stores.memory.accounts import MemoryAccounts
from edgewise.stores.memory.audit import MemoryAuditLog
from edgewise.stores.memory.pipelines import MemoryPipelines
from edgewise.stores.memory.properties import MemoryProperties

Types = tuple[AssociationType, ...]


class BrokenStore(MemoryStore):
    """A memory store whose portals are of the class `Portal`; `Accounts` and others stand for its parts."""

    Portal: type[portal.Portal] = portal.Portal
    Accounts: type[MemoryAccounts] = MemoryAccounts
    Audit: type[MemoryAuditLog] = MemoryAuditLog
    Pipelines: type[MemoryPipelines] = MemoryPipelines
    Properties: type[MemoryProperties] = MemoryProperties

    def __init__(self) -> None:
        super().__init__()
        self._portals = defaultdict(self.Portal)
        self.audit = self.Audit(is_kept=True)
        self.accounts = self.Accounts(self._portals, self._jobs, self.audit)
        self.pipelines = self.Pipelines(self._portals, self.audit)
        self.properties = self.Properties(self._portals, self.audit)


class WritesOneEnd(BrokenStore):
    class Portal(portal.Portal):
        def link(
            self, source: RecordRef, target: RecordRef, types: Types, first_type: AssociationType | None
        ) -> None:
            super().link(source, target, types, first_type)
            self.links[target].pop(source)


class MirrorsUnderTheSameKey(BrokenStore):
    class Portal(portal.Portal):
        def link(
            self, source: RecordRef, target: RecordRef, types: Types, first_type: AssociationType | None
        ) -> None:
            same = tuple(replace(t, mirror_key=t.key) for t in types)
            super().link(source, target, same, first_type)


class ReadsHiddenKeys(BrokenStore):
    class Portal(portal.Portal):
        def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
            shown = deepcopy(self)
            for links in shown.links[source].values():
                for key in [key for key in links if key < 0]:
                    links[~key] = links.pop(key)
            return portal.Portal.page(shown, source, target_type, after, limit)


class LosesTheLastRemoval(BrokenStore):
    async def remove_links(self, command: RemoveLinks) -> None:
        await super().remove_links(replace(command, removals=command.removals[:-1]))


class RemovesOneEnd(BrokenStore):
    class Portal(portal.Portal):
        def unlink(self, source: RecordRef, target: RecordRef, keys: Sequence[int]) -> None:
            for key in keys:
                self.links[source].get(target, {}).pop(key, None)


class RemovesWholePairs(BrokenStore):
    async def remove_links(self, command: RemoveLinks) -> None:
        whole = [removal._replace(types=None) for removal in command.removals]
        await super().remove_links(replace(command, removals=whole))


class StartsAPageAtTheCursor(BrokenStore):
    class Portal(portal.Portal):
        def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
            return super().page(source, target_type, after - 1, limit)


class PromisesMoreAfterAFullPage(BrokenStore):
    class Portal(portal.Portal):
        def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
            page = super().page(source, target_type, after, limit)
            return page._replace(has_more=len(page.targets) == limit)


class CutsTheTypesAtAPageBoundary(BrokenStore):
    class Portal(portal.Portal):
        def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
            targets, has_more = super().page(source, target_type, after, limit)
            if has_more:
                targets = [*targets[:-1], targets[-1]._replace(keys=targets[-1].keys[:1])]
            return LinkPage(targets, has_more)


class OrdersIdsAsText(BrokenStore):
    class Portal(portal.Portal):
        def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
            targets, has_more = super().page(source, target_type, after, limit)
            return LinkPage(sorted(targets, key=lambda target: str(target.target_id)), has_more)


class ComparesIdsAsFloats(BrokenStore):
    class Portal(portal.Portal):
        def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
            targets, has_more = super().page(source, target_type, after, limit)
            return LinkPage([t for t in targets if float(t.target_id) > float(after)], has_more)


class RemovesInEveryPortal(BrokenStore):
    async def remove_links(self, command: RemoveLinks) -> None:
        for portal_id in list(self._portals):
            await super().remove_links(replace(command, portal_id=portal_id))


class ArchivesInEveryPortal(BrokenStore):
    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        for each in list(self._portals):
            await super().archive_records(each, object_type, record_ids, at)


class ReadsLinksOfEveryPortal(BrokenStore):
    async def list_links(
        self, portal_id: int, source: RecordRef, target_type: int, after: int, limit: int
    ) -> LinkPage:
        pages = [each.page(source, target_type, after, limit) for each in self._portals.values()]
        return max(pages, key=lambda page: len(page.targets))

    async def read_links(
        self,
        portal_id: int,
        source_type: int,
        target_type: int,
        sources: Sequence[tuple[int, int]],
        limit: int,
    ) -> Sequence[LinkPage]:
        return [
            await self.list_links(portal_id, RecordRef(source_type, source_id), target_type, after, limit)
            for source_id, after in sources
        ]


class LinksArchivedRecords(BrokenStore):
    class Portal(portal.Portal):
        def refuses(self, ref: RecordRef, creates_records: bool) -> bool:
            is_known = ref.record_id in self.records[ref.object_type]
            return not is_known and not creates_records


class RevivesArchivedRecords(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        portal = self._portals[command.portal_id]
        if command.creates_records:
            for write in command.writes:
                portal.records[command.source_type].pop(write.source_id, None)
        return await super().put_links(command)


class ForgetsHiddenEndsWhenArchiving(BrokenStore):
    class Portal(portal.Portal):
        def unlink_all(self, ref: RecordRef) -> None:
            for target in tuple(self.links[ref]):
                self.unlink(ref, target, [key for key in self.keys(ref, target) if key >= 0])


class KeepsTheFormerPrimary(BrokenStore):
    class Portal(portal.Portal):
        def link(
            self, source: RecordRef, target: RecordRef, types: Types, first_type: AssociationType | None
        ) -> None:
            free = tuple(replace(t, holder=Holder.NONE) for t in types)
            super().link(source, target, free, first_type)


class MovesPrimaryFromTheContactOnly(BrokenStore):
    class Portal(portal.Portal):
        def link(
            self, source: RecordRef, target: RecordRef, types: Types, first_type: AssociationType | None
        ) -> None:
            free = tuple(t if t.holder is Holder.SOURCE else replace(t, holder=Holder.NONE) for t in types)
            super().link(source, target, free, first_type)


class TakesTheWholeLinkOfTheFormerPrimary(BrokenStore):
    class Portal(portal.Portal):
        def _hold_once(self, holder: RecordRef, kept: RecordRef, key: int) -> None:
            for linked in tuple(self.links[holder]):
                if linked != kept and key in self.links[holder][linked]:
                    self.unlink(holder, linked, self.keys(holder, linked))


class GivesTheFirstTypeTwice(BrokenStore):
    class Portal(portal.Portal):
        def _is_first(self, source: RecordRef, target: RecordRef, link_type: AssociationType) -> bool:
            return True


class LooksForTheFirstLinkAtTheSource(BrokenStore):
    class Portal(portal.Portal):
        def _is_first(self, source: RecordRef, target: RecordRef, link_type: AssociationType) -> bool:
            return super()._is_first(source, target, replace(link_type, holder=Holder.SOURCE))


class NeverReplacesLabels(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        return await super().put_links(replace(command, replaces_labels=False))


class ReplacesEveryType(BrokenStore):
    class Portal(portal.Portal):
        def drop_labels(self, source: RecordRef, target: RecordRef, kept: Types) -> None:
            self.unlink(source, target, self.keys(source, target))


class TellsTypesByTheirNumber(BrokenStore):
    class Portal(portal.Portal):
        def unlink(self, source: RecordRef, target: RecordRef, keys: Sequence[int]) -> None:
            numbers = {key >> 2 for key in keys}
            same = [key for key in self.keys(source, target) if key >> 2 in numbers]
            super().unlink(source, target, same)


class KeepsHalfOfAFailedCreate(BrokenStore):
    async def create_records(self, command: CreateRecords) -> Created | TargetsMissing:
        answer = await super().create_records(command)
        if isinstance(answer, TargetsMissing):
            bare = [new for new in command.records if not set(answer.missing) & {t for t, *_ in new.links}]
            await super().create_records(replace(command, records=bare))
        return answer


class GivesIdsTakenByOtherObjectTypes(BrokenStore):
    class Portal(portal.Portal):
        def create(self, object_type: int, new: NewRecord, at: int) -> Record:
            every, own = self.records, self.records[object_type]
            self.records = defaultdict(dict, {object_type: own})
            record = super().create(object_type, new, at)
            self.records = every
            return record


class CountsOnFromTheLargestId(BrokenStore):
    class Portal(portal.Portal):
        def create(self, object_type: int, new: NewRecord, at: int) -> Record:
            ids = [i for records in self.records.values() for i in records]
            self.next_id = max(ids, default=FIRST_RECORD_ID - 1) + 1
            return super().create(object_type, new, at)


class ListsArchivedRecordsAmongLiveOnes(BrokenStore):
    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        live = await super().list_records(portal_id, object_type, first_id, limit)
        archived = await super().list_records(portal_id, object_type, first_id, limit, is_archived=True)
        return RecordPage([*live.records, *archived.records][:limit], live.next_id)


class KeepsClearedProperties(BrokenStore):
    async def update_records(
        self, portal_id: int, object_type: int, changes: Sequence[RecordChange], at: int, *more: Any
    ) -> Any:
        kept = [
            replace(change, properties={k: v for k, v in change.properties.items() if v is not None})
            for change in changes
        ]
        return await super().update_records(portal_id, object_type, kept, at, *more)


class ForgetsTheFirstArchiving(BrokenStore):
    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        await super().archive_records(portal_id, object_type, record_ids, at)
        for record_id in record_ids:
            record = self._portals[portal_id].find(object_type, record_id, is_archived=True)
            if record is not None:
                record.archived_at = at


class StopsAtTheFirstMissingEnd(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        outcomes: list[Linked] = []
        for write in command.writes:
            if not any(outcomes):
                outcomes += await super().put_links(replace(command, writes=[write]))
            else:
                outcomes.append(Linked.BOTH_MISSING)
        return outcomes


class DecidesInputsInReverse(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        outcomes = await super().put_links(replace(command, writes=command.writes[::-1]))
        return outcomes[::-1]


class LosesWritesMadeMeanwhile(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        links = deepcopy(self._portals[command.portal_id].links)
        await asyncio.sleep(0)
        self._portals[command.portal_id].links = links
        return await super().put_links(command)


class ChecksRecordsBeforeItsTurn(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        portal = self._portals[command.portal_id]
        then = {
            code: {i: replace(record) for i, record in records.items()}
            for code, records in portal.records.items()
        }
        await asyncio.sleep(0)
        now, portal.records = portal.records, defaultdict(dict, then)
        outcomes = await super().put_links(command)
        portal.records = now
        return outcomes


class ShowsACallUnderWay(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        outcomes: list[Linked] = []
        for write in command.writes:
            outcomes += await super().put_links(replace(command, writes=[write]))
            await asyncio.sleep(0)
        return outcomes


class FailsTheNextCallToo(BrokenStore):
    has_failed = False

    async def add_portal_types(self, portal_id: int, types: PortalTypes) -> None:
        try:
            await super().add_portal_types(portal_id, types)
        except Conflict:
            self.has_failed = True
            raise

    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        if self.has_failed:
            self.has_failed = False
            raise Conflict
        return await super().put_links(command)


class OverwritesPortalTypes(BrokenStore):
    async def add_portal_types(self, portal_id: int, types: PortalTypes) -> None:
        self._portals[portal_id].object_types.clear()
        self._portals[portal_id].association_types.clear()
        await super().add_portal_types(portal_id, types)
