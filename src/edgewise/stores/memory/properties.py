"""The properties that the memory store keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping

from edgewise.domain import audit_deeds
from edgewise.domain.properties import ObjectProperties
from edgewise.domain.property_ports import Defined, Properties, PropertiesChange, PropertyCount
from edgewise.stores.memory.audit import MemoryAuditLog
from edgewise.stores.memory.portal import Portal


class MemoryProperties(Properties):
    """See `edgewise.domain.property_ports.Properties`. portals: where they are kept. audit: where changes are noted."""

    def __init__(self, portals: MutableMapping[int, Portal], audit: MemoryAuditLog) -> None:
        self._portals = portals
        self._audit = audit

    async def held(self, portal_id: int, object_type: int) -> ObjectProperties:
        return self._portals[portal_id].own_properties(object_type)

    async def change(
        self, portal_id: int, object_type: int, decide: Callable[[Defined], PropertiesChange]
    ) -> PropertiesChange:
        portal = self._portals[portal_id]
        counts = _count(portal)
        elsewhere = sum(count.total for code, count in counts.items() if code != object_type)
        change = decide(Defined(portal.own_properties(object_type), elsewhere))
        portal.put_properties(object_type, change)
        portal.types_version += bool(change.properties or change.groups)
        self._audit.note(audit_deeds.properties_changed(portal_id, object_type, change))
        return change

    async def count(self, portal_id: int) -> Mapping[int, PropertyCount]:
        return _count(self._portals[portal_id])


def _count(portal: Portal) -> dict[int, PropertyCount]:
    counts = {}
    for code, held in portal.properties.items():
        own = [each for each in held.active() if not each.is_hubspot_defined]
        if own:
            counts[code] = PropertyCount(len(own), sum(each.is_calculated for each in own))
    return counts
