"""Stores with one planted fault each in what they do about limits and types that change, as in `broken_stores`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace

from edgewise.domain.model import (
    AssociationType,
    Category,
    CreateRecords,
    Holder,
    LimitReached,
    LinkWrite,
    NewRecord,
    Outcome,
    PortalTypes,
    PutLinks,
    Record,
    RecordRef,
    TypeGone,
    TypesChange,
)
from edgewise.domain.ports import Created, TargetsMissing, TypesChanged
from edgewise.stores.memory import portal
from tests.contract.broken_stores import BrokenStore, Types

Refusal = TypeGone | LimitReached | None


class LetsOneTooManyIn(BrokenStore):
    class Portal(portal.Portal):
        def degree(self, holder: RecordRef, key: int) -> int:
            return super().degree(holder, key) - 1


class LetsOneTooFewIn(BrokenStore):
    class Portal(portal.Portal):
        def degree(self, holder: RecordRef, key: int) -> int:
            return super().degree(holder, key) + 1


class CountsAtTheWrongEnd(BrokenStore):
    class Portal(portal.Portal):
        def refusal(self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]) -> Refusal:
            swapped = [replace(t, key=t.mirror_key, mirror_key=t.key) for t in types]
            return super().refusal(source, target, swapped)


class LimitsTheEndThatWritesOnly(BrokenStore):
    class Portal(portal.Portal):
        def refusal(self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]) -> Refusal:
            return super().refusal(source, target, [replace(t, mirror_key=-1) for t in types])


class CountsAllTypesTogether(BrokenStore):
    class Portal(portal.Portal):
        def degree(self, holder: RecordRef, key: int) -> int:
            return len(self.links[holder])


class LimitsEveryPortal(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        answer = await super().change_types(portal_id, decide)
        for each in self._portals.values():
            each.limits.update(answer.types.limits)
        return answer


class CountsLinksOfEveryPortal(BrokenStore):
    class Portal(portal.Portal):
        everyone: Sequence[portal.Portal] = ()

        def degree(self, holder: RecordRef, key: int) -> int:
            return sum(portal.Portal.degree(each, holder, key) for each in self.everyone)

    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        for each in self._portals.values():
            each.everyone = list(self._portals.values())
        return await super().put_links(command)


class NeedsRoomForALinkThatIsThere(BrokenStore):
    class Portal(portal.Portal):
        def refusal(self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]) -> Refusal:
            for link_type in types:
                limit = self.limits.get(link_type.key)
                if limit is not None and self.degree(source, link_type.key) >= limit:
                    return LimitReached(link_type.key, source, limit)
            return super().refusal(source, target, types)


class NeedsRoomForATypeThatMoves(BrokenStore):
    class Portal(portal.Portal):
        def refusal(self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]) -> Refusal:
            return super().refusal(source, target, [replace(t, holder=Holder.NONE) for t in types])


class NeverRefusesATypeThatMoves(BrokenStore):
    class Portal(portal.Portal):
        def refusal(self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]) -> Refusal:
            return super().refusal(source, target, [t for t in types if t.holder is Holder.NONE])


class CutsLinksDownToANewLimit(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            super().change_types(change)
            for source in list(self.links):
                for key, limit in self.limits.items():
                    held = [target for target, links in self.links[source].items() if key in links]
                    for target in held[limit:]:
                        self.unlink(source, target, [key])


class CountsAsAtTheStartOfACall(BrokenStore):
    class Portal(portal.Portal):
        then: dict[RecordRef, dict[RecordRef, dict[int, int]]] | None = None

        def degree(self, holder: RecordRef, key: int) -> int:
            links = self.links if self.then is None else self.then
            return sum(key in keys for keys in links.get(holder, {}).values())

    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        portal = self._portals[command.portal_id]
        portal.then = deepcopy(dict(portal.links))
        outcomes = await super().put_links(command)
        portal.then = None
        return outcomes


class CountsBeforeItsTurn(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        then = deepcopy(self._portals[command.portal_id])
        await asyncio.sleep(0)
        outcomes = [then.put(command, write) for write in command.writes]
        kept = [w for w, outcome in zip(command.writes, outcomes, strict=True) if not outcome]
        portal = self._portals[command.portal_id]
        limits, portal.limits = portal.limits, {}
        await super().put_links(replace(command, writes=kept))
        portal.limits = limits
        return outcomes


class WritesTheTypesThatHaveRoom(BrokenStore):
    class Portal(portal.Portal):
        def put(self, command: PutLinks, write: LinkWrite) -> Outcome:
            outcome = super().put(command, write)
            if isinstance(outcome, LimitReached):
                others = tuple(t for t in write.types if outcome.key not in {t.key, t.mirror_key})
                super().put(command, write._replace(types=others))
            return outcome


class ReplacesLabelsBeforeItRefuses(BrokenStore):
    class Portal(portal.Portal):
        def put(self, command: PutLinks, write: LinkWrite) -> Outcome:
            if command.replaces_labels:
                ends = (command.source_type, write.source_id), (command.target_type, write.target_id)
                self.drop_labels(RecordRef(*ends[0]), RecordRef(*ends[1]), write.types)
            return super().put(command, write)


class MakesRecordsBeforeItRefuses(BrokenStore):
    class Portal(portal.Portal):
        def refuses(self, ref: RecordRef, creates_records: bool) -> bool:
            if creates_records:
                self.ensure(ref, 0)
            return super().refuses(ref, creates_records)


class GivesTheFirstTypeWithoutRoom(BrokenStore):
    class Portal(portal.Portal):
        def link(
            self, source: RecordRef, target: RecordRef, types: Types, first_type: AssociationType | None
        ) -> None:
            if first_type is not None and self._is_first(source, target, first_type):
                types = (*types, first_type)
            super().link(source, target, types, None)


class RefusesAWriteForItsFirstType(BrokenStore):
    class Portal(portal.Portal):
        def put(self, command: PutLinks, write: LinkWrite) -> Outcome:
            if write.first_type is not None:
                write = write._replace(types=(*write.types, write.first_type), first_type=None)
            return super().put(command, write)


class IgnoresLimitsOnCreate(BrokenStore):
    class Portal(portal.Portal):
        def create(self, object_type: int, new: NewRecord, at: int) -> Record | LimitReached | TypeGone:
            limits, self.limits = self.limits, {}
            outcome = super().create(object_type, new, at)
            self.limits = limits
            return outcome


class KeepsHalfOfARefusedCreate(BrokenStore):
    async def create_records(
        self, command: CreateRecords
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        answer = await super().create_records(command)
        if isinstance(answer, LimitReached | TypeGone):
            await super().create_records(replace(command, records=[NewRecord({})]))
        return answer


class UsesUpTheIdsOfARefusedCreate(BrokenStore):
    async def create_records(
        self, command: CreateRecords
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        answer = await super().create_records(command)
        if isinstance(answer, LimitReached):
            self._portals[command.portal_id].next_id += len(command.records)
        return answer


class TellsTheIdOfARecordThatIsNot(BrokenStore):
    async def create_records(
        self, command: CreateRecords
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        answer = await super().create_records(command)
        if isinstance(answer, LimitReached) and not answer.holder.record_id:
            next_id = self._portals[command.portal_id].next_id
            return answer._replace(holder=answer.holder._replace(record_id=next_id))
        return answer


class LeavesARemovedTypeAtTheFarEnd(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            before = deepcopy(self.links)
            super().change_types(change)
            for source, targets in before.items():
                for target, links in targets.items():
                    for key in change.removed[:1]:
                        if key in links:
                            self.links[target].setdefault(source, {})[links[key]] = key


class KeepsTheLinksOfARemovedType(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            super().change_types(replace(change, removed=()))
            for key in change.removed:
                del self.association_types[key]
                self.limits.pop(key, None)


class TakesWholeLinksWithARemovedType(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            for source in list(self.links):
                for target, links in list(self.links[source].items()):
                    if links.keys() & set(change.removed):
                        self.unlink(source, target, list(links))
            super().change_types(change)


class KeepsTheLimitOfARemovedType(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            limits = {key: self.limits[key] for key in change.removed if key in self.limits}
            super().change_types(change)
            self.limits.update(limits)


class WritesTypesThatAreGone(BrokenStore):
    class Portal(portal.Portal):
        def refusal(self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]) -> Refusal:
            refused = super().refusal(source, target, types)
            return None if isinstance(refused, TypeGone) else refused


class GivesTypeIdsTwice(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            super().change_types(change)
            own = [t.type_id for t in self.association_types.values() if t.category is Category.USER_DEFINED]
            self.next_type_id = max(own, default=0) + 1


class CountsChangesOfTypesOnly(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            super().change_types(change)
            self.types_version -= bool(change.limits)


class CountsChangesThatFail(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        self._portals[portal_id].types_version += 1
        return await super().change_types(portal_id, decide)


class DecidesOnFormerTypes(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        former = await self.portal_types(portal_id)
        await asyncio.sleep(0)
        return await super().change_types(portal_id, lambda _: decide(former))


class ChangesTypesOfEveryPortal(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        answer = await super().change_types(portal_id, decide)
        for other in self._portals.keys() - {portal_id}:
            await super().change_types(other, lambda _: answer.change)
        return answer
