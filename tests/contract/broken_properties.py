"""Stores with one planted fault each, in what they keep of properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from edgewise.domain.model import TypesChange
from edgewise.domain.properties import ObjectProperties
from edgewise.domain.property_ports import Defined, PropertiesChange, PropertyCount
from edgewise.stores.memory import portal
from edgewise.stores.memory.properties import MemoryProperties
from tests.contract.broken_stores import BrokenStore

Decide = Callable[[Defined], PropertiesChange]


class KeepsTheFirstDefinition(BrokenStore):
    class Portal(portal.Portal):
        def put_properties(self, object_type: int, change: PropertiesChange) -> None:
            known = self.own_properties(object_type).properties
            new = [each for each in change.properties if each.name not in known]
            super().put_properties(object_type, change._replace(properties=new))


class KeepsTheFirstGroup(BrokenStore):
    class Portal(portal.Portal):
        def put_properties(self, object_type: int, change: PropertiesChange) -> None:
            known = self.own_properties(object_type).groups
            new = [each for each in change.groups if each.name not in known]
            super().put_properties(object_type, change._replace(groups=new))


class ReadsPropertiesAsTheyCame(BrokenStore):
    class Portal(portal.Portal):
        def put_properties(self, object_type: int, change: PropertiesChange) -> None:
            before = self.own_properties(object_type)
            merged = {**before.properties, **{each.name: each for each in change.properties}}
            super().put_properties(object_type, change)
            self.properties[object_type] = self.properties[object_type]._replace(properties=merged)


class ForgetsArchivedProperties(BrokenStore):
    class Portal(portal.Portal):
        def own_properties(self, object_type: int) -> ObjectProperties:
            held = super().own_properties(object_type)
            return held._replace(properties={each.name: each for each in held.active()})


class ForgetsArchivedGroups(BrokenStore):
    class Portal(portal.Portal):
        def own_properties(self, object_type: int) -> ObjectProperties:
            held = super().own_properties(object_type)
            return held._replace(groups={each.name: each for each in held.active_groups()})


class LosesOptionsThatAreHidden(BrokenStore):
    class Portal(portal.Portal):
        def own_properties(self, object_type: int) -> ObjectProperties:
            held = super().own_properties(object_type)
            return held._replace(
                properties={
                    name: replace(each, options=tuple(o for o in each.options if not o.is_hidden))
                    for name, each in held.properties.items()
                }
            )


class SharesPropertiesAmongObjectTypes(BrokenStore):
    class Portal(portal.Portal):
        def own_properties(self, object_type: int) -> ObjectProperties:
            return super().own_properties(0)

        def put_properties(self, object_type: int, change: PropertiesChange) -> None:
            super().put_properties(0, change)


class KeepsThePropertiesOfPurgedTypes(BrokenStore):
    class Portal(portal.Portal):
        def change_types(self, change: TypesChange) -> None:
            kept = dict(self.properties)
            super().change_types(change)
            self.properties = kept


class SharesPropertiesAmongPortals(BrokenStore):
    class Properties(MemoryProperties):
        async def held(self, portal_id: int, object_type: int) -> ObjectProperties:
            return await super().held(min(self._portals, default=portal_id), object_type)


class CountsInEveryPortal(BrokenStore):
    class Properties(MemoryProperties):
        async def count(self, portal_id: int) -> Mapping[int, PropertyCount]:
            counts: dict[int, PropertyCount] = {}
            for each in tuple(self._portals):
                counts |= await super().count(each)
            return counts


class CountsWhatIsHubSpots(BrokenStore):
    class Properties(MemoryProperties):
        async def count(self, portal_id: int) -> Mapping[int, PropertyCount]:
            held = self._portals[portal_id].properties
            return {
                code: PropertyCount(len(each.active()), sum(p.is_calculated for p in each.active()))
                for code, each in held.items()
            }


class CountsArchivedProperties(BrokenStore):
    class Properties(MemoryProperties):
        async def count(self, portal_id: int) -> Mapping[int, PropertyCount]:
            held = self._portals[portal_id].properties
            own = {
                code: [p for p in each.properties.values() if not p.is_hubspot_defined]
                for code, each in held.items()
            }
            return {
                code: PropertyCount(len(each), sum(p.is_calculated for p in each))
                for code, each in own.items()
                if each
            }


class LeavesTheVersion(BrokenStore):
    class Properties(MemoryProperties):
        async def change(self, portal_id: int, object_type: int, decide: Decide) -> PropertiesChange:
            version = self._portals[portal_id].types_version
            change = await super().change(portal_id, object_type, decide)
            self._portals[portal_id].types_version = version
            return change


class LeavesTheVersionForGroups(BrokenStore):
    class Properties(MemoryProperties):
        async def change(self, portal_id: int, object_type: int, decide: Decide) -> PropertiesChange:
            version = self._portals[portal_id].types_version
            change = await super().change(portal_id, object_type, decide)
            if not change.properties:
                self._portals[portal_id].types_version = version
            return change


class CountsChangesOfNothing(BrokenStore):
    class Properties(MemoryProperties):
        async def change(self, portal_id: int, object_type: int, decide: Decide) -> PropertiesChange:
            change = await super().change(portal_id, object_type, decide)
            if not change.properties and not change.groups:
                self._portals[portal_id].types_version += 1
            return change


class CountsARefusedChange(BrokenStore):
    class Properties(MemoryProperties):
        async def change(self, portal_id: int, object_type: int, decide: Decide) -> PropertiesChange:
            try:
                return await super().change(portal_id, object_type, decide)
            except LookupError:
                self._portals[portal_id].types_version += 1
                raise


class CountsTheTypeItselfAsElsewhere(BrokenStore):
    class Properties(MemoryProperties):
        async def change(self, portal_id: int, object_type: int, decide: Decide) -> PropertiesChange:
            counts = await self.count(portal_id)
            everywhere = sum(each.total for each in counts.values())
            return await super().change(
                portal_id, object_type, lambda defined: decide(defined._replace(elsewhere=everywhere))
            )


PROPERTY_FAULTS: tuple[type[BrokenStore], ...] = (
    KeepsTheFirstDefinition,
    KeepsTheFirstGroup,
    ReadsPropertiesAsTheyCame,
    ForgetsArchivedProperties,
    ForgetsArchivedGroups,
    LosesOptionsThatAreHidden,
    SharesPropertiesAmongObjectTypes,
    KeepsThePropertiesOfPurgedTypes,
    SharesPropertiesAmongPortals,
    CountsInEveryPortal,
    CountsWhatIsHubSpots,
    CountsArchivedProperties,
    LeavesTheVersion,
    LeavesTheVersionForGroups,
    CountsChangesOfNothing,
    CountsARefusedChange,
    CountsTheTypeItselfAsElsewhere,
)
