"""Stores with one planted fault each, in what they keep of object types and pipelines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from edgewise.domain.model import (
    FIRST_RECORD_ID,
    ObjectType,
    PortalTypes,
    RecordRef,
    TypesChange,
    object_number,
)
from edgewise.domain.pipelines import Held, InUse, PipelinesChange, PipelinesChanged, StageUse
from edgewise.domain.ports import TypesChanged
from edgewise.stores.memory import pipelines, portal
from tests.contract.broken_stores import BrokenStore


class CountsObjectTypesThatAreThere(BrokenStore):
    class Portal(portal.Portal):
        def types(self) -> PortalTypes:
            numbers = [object_number(code) for code in self.object_types]
            return replace(super().types(), next_object_number=max(numbers, default=0) + 1)


class KeepsTheFirstSchema(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            former = dict(self.schemas)
            super().change_types(change)
            self.schemas |= {code: schema for code, schema in former.items() if code in self.schemas}


class KeepsTheFirstObjectType(BrokenStore):
    class Portal(portal.Portal):
        def add_object_types(self, object_types: Sequence[ObjectType]) -> None:
            super().add_object_types([t for t in object_types if t.code not in self.object_types])


class ForgetsTheSchemaOfAnArchivedType(BrokenStore):
    class Portal(portal.Portal):
        def types(self) -> PortalTypes:
            types = super().types()
            return replace(types, schemas=[s for s in types.schemas if not s.is_archived])


class LeavesAnArchivedTypeInUse(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            super().change_types(replace(change, removed_object_types=()))


class ArchivesAnObjectTypeWithRecords(BrokenStore):
    class Portal(portal.Portal):
        def has_records(self, object_type: int) -> bool:
            return False


class CountsArchivedRecordsAsUse(BrokenStore):
    class Portal(portal.Portal):
        def has_records(self, object_type: int) -> bool:
            return bool(self.records[object_type])


class CountsRecordsOfEveryTypeAsUse(BrokenStore):
    class Portal(portal.Portal):
        def has_records(self, object_type: int) -> bool:
            return any(super(type(self), self).has_records(code) for code in tuple(self.records))


class ChangesBeforeItLooksForRecords(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        changed = await super().change_types(portal_id, decide)
        if changed.occupied:
            self._portals[portal_id].change_types(changed.change)
        return changed


class KeepsTheRecordsOfAPurgedType(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            kept = {code: dict(self.records[code]) for code in change.purged}
            super().change_types(change)
            for code, records in kept.items():
                self.records[code].update(records)


class GivesTheIdsOfAPurgedTypeAgain(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            super().change_types(change)
            if change.purged:
                self.purged_ids.clear()
                self.next_id = FIRST_RECORD_ID


class PurgesInEveryPortal(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        changed = await super().change_types(portal_id, decide)
        for each in self._portals.values():
            for code in changed.change.purged:
                for record_id in tuple(each.records[code]):
                    each.purge(RecordRef(code, record_id))
        return changed


class DefinesObjectTypesInEveryPortal(BrokenStore):
    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        changed = await super().change_types(portal_id, decide)
        for each in self._portals.values():
            each.add_object_types(changed.change.object_types)
        return changed


class CountsNoVersionForObjectTypes(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            version = self.types_version
            super().change_types(change)
            if change.object_types:
                self.types_version = version


class KeepsPipelinesOfOnePortalForAll(BrokenStore):
    class Pipelines(pipelines.MemoryPipelines):
        async def held(self, portal_id: int) -> Held:
            return await super().held(0)

        async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
            return await super().change(0, decide)


class RemovesPipelinesOfEveryType(BrokenStore):
    class Pipelines(pipelines.MemoryPipelines):
        async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
            changed = await super().change(portal_id, decide)
            kept = self._portals[portal_id].pipelines
            for key in [key for key in kept if key[1] in changed.change.removed]:
                del kept[key]
            return changed


class LetsPipelineNumbersGoBack(BrokenStore):
    class Pipelines(pipelines.MemoryPipelines):
        async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
            changed = await super().change(portal_id, decide)
            if changed.change.next_number:
                self._portals[portal_id].next_pipeline_number = changed.change.next_number
            return changed


class RemovesStagesInUse(BrokenStore):
    class Pipelines(pipelines.MemoryPipelines):
        async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
            return await super().change(portal_id, lambda held: decide(held)._replace(unused=None))


class _Looks(pipelines.MemoryPipelines):
    """Looks for records in stages in a way of its own."""

    async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
        change = decide(await self.held(portal_id))
        use, found = change.unused, {}
        if use is not None:
            found = self.found(self._portals[portal_id], use)
        if found and use is not None:
            return PipelinesChanged(
                change, InUse([v for v in use.values if v in found.values()], sorted(found))
            )
        return await super().change(portal_id, lambda _: change._replace(unused=None))

    def found(self, of: portal.Portal, use: StageUse) -> Mapping[int, str]:
        raise NotImplementedError


class CountsArchivedRecordsInStages(BrokenStore):
    class Pipelines(_Looks):
        def found(self, of: portal.Portal, use: StageUse) -> Mapping[int, str]:
            return {
                i: record.properties[use.property_name]
                for i, record in of.records[use.object_type].items()
                if record.properties.get(use.property_name) in use.values
            }


class TellsStagesWithoutCase(BrokenStore):
    class Pipelines(_Looks):
        def found(self, of: portal.Portal, use: StageUse) -> Mapping[int, str]:
            folded = {value.casefold(): value for value in use.values}
            return {
                i: folded[text]
                for i, record in of.records[use.object_type].items()
                if not record.is_archived
                and (text := record.properties.get(use.property_name, "").casefold()) in folded
            }


class LooksForStagesInEveryProperty(BrokenStore):
    class Pipelines(_Looks):
        def found(self, of: portal.Portal, use: StageUse) -> Mapping[int, str]:
            return {
                i: text
                for i, record in of.records[use.object_type].items()
                for text in record.properties.values()
                if not record.is_archived and text in use.values
            }


class DecidesPipelinesOnWhatWasThere(BrokenStore):
    class Pipelines(pipelines.MemoryPipelines):
        async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
            import asyncio

            before = await self.held(portal_id)
            await asyncio.sleep(0)
            return await super().change(portal_id, lambda _: decide(before))


SCHEMA_FAULTS = [
    CountsObjectTypesThatAreThere,
    KeepsTheFirstSchema,
    KeepsTheFirstObjectType,
    ForgetsTheSchemaOfAnArchivedType,
    LeavesAnArchivedTypeInUse,
    ArchivesAnObjectTypeWithRecords,
    CountsArchivedRecordsAsUse,
    CountsRecordsOfEveryTypeAsUse,
    ChangesBeforeItLooksForRecords,
    KeepsTheRecordsOfAPurgedType,
    GivesTheIdsOfAPurgedTypeAgain,
    PurgesInEveryPortal,
    DefinesObjectTypesInEveryPortal,
    CountsNoVersionForObjectTypes,
]
PIPELINE_FAULTS = [
    KeepsPipelinesOfOnePortalForAll,
    RemovesPipelinesOfEveryType,
    LetsPipelineNumbersGoBack,
    RemovesStagesInUse,
    CountsArchivedRecordsInStages,
    TellsStagesWithoutCase,
    LooksForStagesInEveryProperty,
    DecidesPipelinesOnWhatWasThere,
]
