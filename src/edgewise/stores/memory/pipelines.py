"""The pipelines that the memory store keeps."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping

from edgewise.domain import audit_deeds
from edgewise.domain.pipeline_ports import RECORDS_TOLD_MAX, Pipelines
from edgewise.domain.pipelines import (
    Held,
    InUse,
    Pipeline,
    PipelinesChange,
    PipelinesChanged,
    StageUse,
)
from edgewise.stores.memory.audit import MemoryAuditLog
from edgewise.stores.memory.portal import Portal


class MemoryPipelines(Pipelines):
    """See `edgewise.domain.pipeline_ports.Pipelines`. portals: where they are kept. audit: where changes are noted."""

    def __init__(self, portals: MutableMapping[int, Portal], audit: MemoryAuditLog) -> None:
        self._portals = portals
        self._audit = audit

    async def held(self, portal_id: int) -> Held:
        return _held(self._portals[portal_id])

    async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
        portal = self._portals[portal_id]
        change = decide(_held(portal))
        in_use = None if change.unused is None else _in_use(portal, change.unused)
        if in_use is not None:
            return PipelinesChanged(change, in_use)
        for pipeline_id in change.removed:
            portal.pipelines.pop((change.object_type, pipeline_id), None)
        for pipeline in change.put:
            portal.pipelines[change.object_type, pipeline.pipeline_id] = pipeline
        portal.next_pipeline_number = max(portal.next_pipeline_number, change.next_number)
        changed = PipelinesChanged(change)
        self._audit.note(audit_deeds.pipelines_changed(portal_id, changed))
        return changed


def _held(portal: Portal) -> Held:
    by_type: dict[int, list[Pipeline]] = {}
    for (object_type, _), pipeline in sorted(portal.pipelines.items(), key=lambda item: item[0]):
        by_type.setdefault(object_type, []).append(pipeline)
    return Held(by_type, portal.next_pipeline_number)


def _in_use(portal: Portal, use: StageUse) -> InUse | None:
    found = {
        record_id: text
        for record_id, record in sorted(portal.records[use.object_type].items())
        if not record.is_archived and (text := record.properties.get(use.property_name)) in use.values
    }
    if not found:
        return None
    return InUse([v for v in use.values if v in found.values()], list(found)[:RECORDS_TOLD_MAX])
