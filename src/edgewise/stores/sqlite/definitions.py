"""What portals defined, remembered by the writer: which types there are, and which have limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from edgewise.domain.model import (
    AssociationType,
    Category,
    Holder,
    LimitReached,
    PortalTypes,
    RecordRef,
    TypeGone,
    TypesChange,
)
from edgewise.domain.ports import TypesChanged
from edgewise.stores.sqlite import portals
from edgewise.stores.sqlite.connections import QUERIES, Cursor


class Defined(NamedTuple):
    """What one portal defined, as far as a write asks.

    limits: by type key. keys: of its USER_DEFINED types. object_types: codes of those of its own that are not archived.
    """

    limits: Mapping[int, int]
    keys: frozenset[int]
    object_types: frozenset[int]

    def may_refuse(self, types: Sequence[AssociationType]) -> bool:
        """Whether links with some types may have to be refused: rows decide where a type has a limit."""
        limits, keys = self.limits, self.keys
        for link_type in types:
            if link_type.category is Category.USER_DEFINED and link_type.key not in keys:
                return True
            if limits and (link_type.key in limits or link_type.mirror_key in limits):
                return True
        return False


class Definitions:
    """What each portal defined, read when a write first asks for it.

    It holds for the transactions of one connection. What may have changed is forgotten: all, when a transaction was
    rolled back or another connection wrote, and a portal, when a job changes it.
    """

    def __init__(self) -> None:
        self._defined: dict[int, Defined] = {}
        self._data_version = 0

    def of(self, cursor: Cursor, portal_id: int) -> Defined:
        """What a portal defined."""
        defined = self._defined.get(portal_id)
        if defined is None:
            types = portals.portal_types(cursor, portal_id)
            keys = (t.key for t in types.association_types if t.category is Category.USER_DEFINED)
            codes = (each.code for each in types.object_types)
            defined = self._defined[portal_id] = Defined(types.limits, frozenset(keys), frozenset(codes))
        return defined

    def begin(self, cursor: Cursor) -> None:
        """At the start of a transaction: forget what another connection may have changed."""
        data_version: int = cursor.execute(QUERIES.data_version).get
        if data_version != self._data_version:
            self._defined.clear()
            self._data_version = data_version

    def forget(self, portal_id: int) -> None:
        """Forget what a portal defined, after a change of it."""
        self._defined.pop(portal_id, None)

    def forget_all(self) -> None:
        """Forget everything, when what was done is taken back."""
        self._defined.clear()


def add_portal_types(cursor: Cursor, definitions: Definitions, portal_id: int, types: PortalTypes) -> None:
    """Define further types of a portal."""
    definitions.forget(portal_id)
    portals.add_portal_types(cursor, portal_id, types)


def change_types(
    cursor: Cursor,
    definitions: Definitions,
    portal_id: int,
    decide: Callable[[PortalTypes], TypesChange],
) -> TypesChanged:
    """Change what a portal defined."""
    definitions.forget(portal_id)
    return portals.change_types(cursor, portal_id, decide)


def refusal(
    cursor: Cursor,
    portal_id: int,
    defined: Defined,
    source: RecordRef,
    target: RecordRef,
    types: Sequence[AssociationType],
) -> TypeGone | LimitReached | None:
    """Why two records cannot be linked with some types, or None. See `edgewise.domain.ports.Store.put_links`."""
    for link_type in types:
        if link_type.category is Category.USER_DEFINED and link_type.key not in defined.keys:
            return TypeGone(link_type.key)
    for link_type in types:
        for key, holder, other, end in (
            (link_type.key, source, target, Holder.SOURCE),
            (link_type.mirror_key, target, source, Holder.TARGET),
        ):
            limit = defined.limits.get(key)
            if limit is None or link_type.holder is end:
                continue
            if _is_full(cursor, portal_id, holder, other, key, limit):
                return LimitReached(key, holder, limit)
    return None


def _is_full(
    cursor: Cursor, portal_id: int, holder: RecordRef, other: RecordRef, key: int, limit: int
) -> bool:
    """Whether a record has no room for one more target under a type, and the other record is not one already."""
    bindings = (portal_id, *holder, other.object_type, key, limit)
    if not cursor.execute(QUERIES.is_full, bindings).get:
        return False
    return not cursor.execute(QUERIES.has_link_of_type, (portal_id, *holder, *other, key)).get
