"""What the operations on labels ask of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgewise.domain import labels
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.labels import Definitions
from edgewise.domain.model import AssociationType, PortalTypes, TypesChange
from edgewise.domain.ports import Store
from edgewise.surfaces.runs.definitions import change_types
from edgewise.wire.labels import CreateLabel, DeleteLabel, RenameLabel
from edgewise.wire.messages import Call


async def create_label(store: Store, call: Call, command: CreateLabel) -> Sequence[AssociationType]:
    """Define a label; answers its halves."""
    pair, new = command
    maximum = call.portal.rules.labels_per_pair_max
    change = await _change(store, call, pair, lambda defined: labels.create_label(defined, new, maximum))
    return [half for half in change.added if half.is_default == (not new.label)]


async def rename_label(store: Store, call: Call, command: RenameLabel) -> None:
    """Give a label other texts."""
    pair, type_id, label, inverse = command
    await _change(store, call, pair, lambda defined: labels.rename_label(defined, type_id, label, inverse))


async def delete_label(store: Store, call: Call, command: DeleteLabel) -> None:
    """Remove a label, also from the records that carry it."""
    pair, type_id = command
    await _change(store, call, pair, lambda defined: labels.delete_label(defined, type_id))


async def _change(
    store: Store, call: Call, pair: PairTypes, decide: Callable[[Definitions], TypesChange]
) -> TypesChange:
    """Change what the portal defines between two object types."""

    def decide_now(catalog: Catalog, types: PortalTypes) -> TypesChange:
        return decide(labels.definitions_between(catalog, types, pair.source, pair.target))

    return (await change_types(store, call, decide_now)).change
