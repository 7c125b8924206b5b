"""How what a portal defines is changed: by the rules, inside the store, and at once for the calls that follow."""

from __future__ import annotations

from collections.abc import Callable

from edgewise.domain.catalog import Catalog
from edgewise.domain.model import PortalTypes, TypesChange
from edgewise.domain.ports import Store, TypesChanged
from edgewise.wire.messages import Call


async def read_definitions(store: Store, call: Call) -> None:
    """Let the portal know the properties of the object type that a path begins with, as the portal defines them now.

    Raises: UnknownObjectType, InvalidObjectTypeId.
    """
    await call.portal.definitions(store, call.portal.catalog.object_type(call.params[0]))


async def change_types(
    store: Store, call: Call, decide: Callable[[Catalog, PortalTypes], TypesChange]
) -> TypesChanged:
    """Change what the portal defines, and go on with what it defines then.

    decide: gets what the portal defines now, also as a catalog; see `edgewise.domain.ports.Store.change_types`.
    """
    portal = call.portal
    changed = await store.change_types(
        portal.portal_id, lambda types: decide(portal.catalog_of(types), types)
    )
    portal.adopt(changed.types)
    return changed
