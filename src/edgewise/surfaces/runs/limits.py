"""What the operations on limits ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain import limits
from edgewise.domain.catalog import PairTypes
from edgewise.domain.model import PortalTypes, TypesChange
from edgewise.domain.ports import Store
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
    if not command.inputs:
        return LimitsSet(())
    portal, pair, inputs = call.portal, command.pair, command.inputs

    def decide(types: PortalTypes) -> TypesChange:
        now = portal.catalog_of(types).pair(pair.source, pair.target)
        return limits.set_limits(now, types.limits, portal.rules, inputs)

    try:
        changed = await store.change_types(portal.portal_id, decide)
    except limits.InputsRefused as refused:
        return LimitsSet((), refused.failures)
    portal.adopt(changed.types)
    catalog = portal.catalog_of(changed.types)
    return LimitsSet(
        [TypeLimit(catalog.association_type(key), limit) for key, limit in changed.change.limits.items()]
    )


async def remove_limits(store: Store, call: Call, command: RemoveLimits) -> None:
    """Remove limits, also where there are none."""
    if not command.specs:
        return
    portal, pair, specs = call.portal, command.pair, command.specs

    def decide(types: PortalTypes) -> TypesChange:
        now = portal.catalog_of(types).pair(pair.source, pair.target)
        return limits.remove_limits(now, specs)

    portal.adopt((await store.change_types(portal.portal_id, decide)).types)
