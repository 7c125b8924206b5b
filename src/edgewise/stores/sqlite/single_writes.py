"""One link write, decided and done on its own; what a batch of them comes to is defined by this."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from edgewise.domain.model import AssociationType, Holder, LinkWrite, PutLinks, RecordRef
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.definitions import Defined, refusal
from edgewise.stores.sqlite.json_text import to_json


def missing_ends(cursor: Cursor, command: PutLinks, write: LinkWrite) -> int:
    """Which records of a write do not live, as `Linked` counts them."""
    ends = (command.portal_id, command.source_type, write.source_id, command.target_type, write.target_id)
    missing: int = cursor.execute(QUERIES.missing_ends, ends).get
    return missing


def write_link(cursor: Cursor, command: PutLinks, write: LinkWrite, defined: Defined | None = None) -> None:
    """Write one link between records that live. defined: what may refuse its first type."""
    portal_id, source_type, target_type = command.portal_id, command.source_type, command.target_type
    source_id, target_id, types, first_type = write
    if command.replaces_labels:
        remove_other_labels(cursor, command, [(source_id, target_id, types)])
    if (
        first_type is not None
        and not _has_links(cursor, command, write, first_type)
        and not (defined and _is_refused(cursor, defined, command, write, first_type))
    ):
        types = (*types, first_type)
    for link_type in types:
        if link_type.holder is not Holder.NONE:
            _take_over(cursor, command, write, link_type)
        cursor.execute(
            QUERIES.add_link,
            (portal_id, source_type, source_id, target_type, target_id, link_type.key, link_type.mirror_key),
        )


def remove_other_labels(
    cursor: Cursor,
    command: PutLinks,
    kept: Iterable[tuple[int, int, tuple[AssociationType, ...]]],
) -> None:
    """Remove the labels of some pairs, from both ends, but the types kept. kept: source id, target id, types."""
    portal_id, source_type, target_type = command.portal_id, command.source_type, command.target_type
    cursor.executemany(
        QUERIES.remove_other_labels,
        [
            row
            for source_id, target_id, types in kept
            for row in (
                (portal_id, source_type, source_id, target_type, target_id, _keys(types)),
                (portal_id, target_type, target_id, source_type, source_id, _mirror_keys(types)),
            )
        ],
    )


def from_holder(
    command: PutLinks, link_type: AssociationType, pair: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Ends of a link as the holder of its type sees them: its own object type and id, and the others."""
    source_id, target_id = pair
    if link_type.holder is Holder.TARGET:
        return command.target_type, target_id, command.source_type, source_id
    return command.source_type, source_id, command.target_type, target_id


def keys_from_holder(link_type: AssociationType) -> tuple[int, int]:
    """The key under which the holder of a type keeps it, and the key at the other end."""
    if link_type.holder is Holder.TARGET:
        return link_type.mirror_key, link_type.key
    return link_type.key, link_type.mirror_key


def _has_links(cursor: Cursor, command: PutLinks, write: LinkWrite, link_type: AssociationType) -> bool:
    ends = from_holder(command, link_type, write[:2])
    return bool(cursor.execute(QUERIES.has_link, (command.portal_id, *ends[:3])).get)


def _is_refused(
    cursor: Cursor, defined: Defined, command: PutLinks, write: LinkWrite, link_type: AssociationType
) -> bool:
    if not defined.may_refuse((link_type,)):
        return False
    ends = RecordRef(command.source_type, write.source_id), RecordRef(command.target_type, write.target_id)
    return refusal(cursor, command.portal_id, defined, *ends, (link_type,)) is not None


def _take_over(cursor: Cursor, command: PutLinks, write: LinkWrite, link_type: AssociationType) -> None:
    """Remove a type that is held once from the other links of its holder, from both ends."""
    portal_id = command.portal_id
    holder_type, holder_id, other_type, other_id = from_holder(command, link_type, write[:2])
    key, far_key = keys_from_holder(link_type)
    bindings = (portal_id, holder_type, holder_id, other_type, other_id, key)
    for (former_id,) in fetch(cursor, QUERIES.other_holdings, bindings):
        cursor.execute(
            QUERIES.remove_link, (portal_id, holder_type, holder_id, other_type, former_id, key, far_key)
        )


@lru_cache(maxsize=1024)
def _keys(types: tuple[AssociationType, ...]) -> str:
    return to_json([link_type.key for link_type in types])


@lru_cache(maxsize=1024)
def _mirror_keys(types: tuple[AssociationType, ...]) -> str:
    return to_json([link_type.mirror_key for link_type in types])
