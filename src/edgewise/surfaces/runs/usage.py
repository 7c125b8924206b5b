"""What limits tracking asks of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgewise.domain import usage
from edgewise.domain.ports import Store
from edgewise.domain.property_ports import PropertyCount
from edgewise.domain.usage import Crowded
from edgewise.wire.messages import Call
from edgewise.wire.usage import Crowding, PairCrowding, PairFound


async def crowded(store: Store, call: Call, command: Crowding | PairCrowding) -> Sequence[Crowded]:
    """The records near or at their limit."""
    wanted = usage.thresholds(call.portal.catalog, command.limits)
    return usage.crowded(await store.crowded(call.portal.portal_id, wanted), command.limits)


async def crowded_of_pair(store: Store, call: Call, command: PairCrowding) -> PairFound:
    """The records of a pair near or at their limit, and the ones to name."""
    found = usage.fullest(await crowded(store, call, command))
    near = [each for each in found if not each.is_at_limit]
    at = [each for each in found if each.is_at_limit]
    named = [each.degree.source.record_id for part in (near, at) for each in part[: usage.SAMPLES_MAX]]
    records = await store.read_records(call.portal.portal_id, command.pair.source.code, named)
    return PairFound(near, at, {record.record_id: record for record in records if record is not None})


async def count_properties(store: Store, call: Call, command: None) -> Mapping[int, PropertyCount]:
    """How many properties the portal defined."""
    return await store.properties.count(call.portal.portal_id)


async def count_records(store: Store, call: Call, command: None) -> Mapping[int, int]:
    """How many records live."""
    return await store.count_records(call.portal.portal_id)
