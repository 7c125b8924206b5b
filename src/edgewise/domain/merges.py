"""Two records become one."""

from __future__ import annotations

from dataclasses import dataclass

from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import SelfMerge
from edgewise.domain.model import AssociationType, Holder, ObjectType


@dataclass(frozen=True, slots=True)
class MergeRecords:
    """A record to go on, and one that becomes part of it.

    held_once: the types that a record of this object type holds once only, as read from it.
    at: milliseconds since the epoch.
    """

    portal_id: int
    object_type: int
    winner_id: int
    loser_id: int
    held_once: tuple[AssociationType, ...]
    at: int


def merge(
    portal_id: int, catalog: Catalog, object_type: ObjectType, winner_id: int, loser_id: int, at: int
) -> MergeRecords:
    """Merge one record into another of the same object type. at: milliseconds since the epoch.

    Raises: SelfMerge.
    Source: docs/behaviour.md, section 9.6.
    """
    if winner_id == loser_id:
        raise SelfMerge(winner_id)
    held_once = tuple(
        link_type
        for other in catalog.object_types
        for link_type in catalog.pair(object_type, other).types.values()
        if link_type.holder is Holder.SOURCE
    )
    return MergeRecords(portal_id, object_type.code, winner_id, loser_id, held_once, at)
