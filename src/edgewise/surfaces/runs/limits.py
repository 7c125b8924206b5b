"""What the operations on limits ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain import limits
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors import forget_frames
from edgewise.domain.model import PortalTypes, TypesChange
from edgewise.domain.ports import Store
from edgewise.surfaces.runs.definitions import change_types
from edgewise.wire.limits import LimitsSet, RemoveLimits, SetLimits, TypeLimit
from edgewise.wire.messages import Call


async def list_all(store: Store, call: Call, command: None) -> Sequence[TypeLimit]:
    """The limits of every pair."""
    portal = call.portal
    types = await store.portal_types(portal.portal_id)
    found = limits.limited_types(portal.catalog_of(types), types.limits)
    return [TypeLimit(link_type, types.limits.get(link_type.key)) for link_type in found]


async def list_of_pair(store: Store, call: Call, pair: PairTypes) -> Sequence[TypeLimit]:
    """The limits of one ordered pair."""
    ends = pair.source.code, pair.target.code
    found = await list_all(store, call, None)
    return [each for each in found if (each.link_type.source_type, each.link_type.target_type) == ends]


async def set_limits(store: Store, call: Call, command: SetLimits) -> LimitsSet:
    """Set limits: all of them, or none."""
    pair, inputs = command
    if not inputs:
        return LimitsSet(())

    def decide(catalog: Catalog, types: PortalTypes) -> TypesChange:
        now = catalog.pair(pair.source, pair.target)
        return limits.set_limits(now, types.limits, call.portal.rules, inputs)

    try:
        types, change, _ = await change_types(store, call, decide)
    except limits.InputsRefused as refused:
        forget_frames(refused)
        return LimitsSet((), refused.failures)
    catalog = call.portal.catalog_of(types)
    return LimitsSet(
        [TypeLimit(catalog.association_type(key), limit) for key, limit in change.limits.items()]
    )


async def remove_limits(store: Store, call: Call, command: RemoveLimits) -> None:
    """Remove limits, also where there are none."""
    pair, specs = command
    if specs:
        await change_types(
            store,
            call,
            lambda catalog, types: limits.remove_limits(catalog.pair(pair.source, pair.target), specs),
        )
