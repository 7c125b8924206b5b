"""Many link writes in a few statements over lists, with the outcome of doing them one after the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain

from edgewise.domain.model import AssociationType, Category, Holder, LinkWrite, PutLinks, split_type_key
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.presence import integers
from edgewise.stores.sqlite.single_writes import from_holder, keys_from_holder, remove_other_labels

_LABELS = (Category.USER_DEFINED, Category.INTEGRATOR_DEFINED)

Pair = tuple[int, int]
"""Source and target id."""

LinkRow = tuple[int, int, int, int, int, int, int]
"""A row of `edge` and the key at the other end."""


def order_decides(command: PutLinks, writes: Sequence[LinkWrite]) -> bool:
    """Whether a write may change what a later one finds in a way that statements over lists do not follow.

    They follow the types that a record holds once, and first types, as long as the holders are all at one end; and
    labels that are replaced, as long as no first type depends on what is left.
    """
    kinds = {(write.types, write.first_type) for write in writes}
    ends = {t.holder for types, _ in kinds for t in types if t.holder is not Holder.NONE}
    first_ends = {_end_of_holder(first_type) for _, first_type in kinds if first_type is not None}
    if command.source_type == command.target_type:
        return bool(ends | first_ends) or (command.replaces_labels and _reverses_a_pair(writes))
    return len(ends | first_ends) > 1 or (command.replaces_labels and bool(first_ends))


def write_links(cursor: Cursor, command: PutLinks, writes: Sequence[LinkWrite]) -> None:
    """Write links between records that live, where `order_decides` does not hold."""
    plan = _Plan(command.replaces_labels)
    first_type = next((write.first_type for write in writes if write.first_type is not None), None)
    if first_type is not None:
        plan.end = _end_of_holder(first_type)
        plan.linked = _linked_holders(cursor, command, writes, plan.end)
    for write in writes:
        plan.add(write)
    cursor.executemany(QUERIES.remove_link, _rows_taken_over(cursor, command, plan))
    if command.replaces_labels:
        pairs = _pairs_with_other_labels(cursor, command, plan)
        remove_other_labels(cursor, command, [(*pair, tuple(plan.pairs[pair].values())) for pair in pairs])
    _add_edges(cursor, command, plan)


class _Plan:
    """What writes come to, one after the other.

    pairs: of each pair, the types that shall link it, by key.
    held: of each type that a record holds once, by its key and the record, the last pair that it was written to.
    held_types: those types by key.
    end, linked: where there are first types: which end holds them, and the records there that have a link by now.
    """

    def __init__(self, replaces_labels: bool) -> None:
        self.pairs: dict[Pair, dict[int, AssociationType]] = {}
        self.held: dict[tuple[int, int], Pair] = {}
        self.held_types: dict[int, AssociationType] = {}
        self.end = Holder.NONE
        self.linked: set[int] = set()
        self._replaces_labels = replaces_labels

    def add(self, write: LinkWrite) -> None:
        source_id, target_id, types, first_type = write
        pair = (source_id, target_id)
        planned = self.pairs.get(pair)
        if planned is None:
            planned = self.pairs[pair] = {}
        elif self._replaces_labels:
            for key in [key for key in planned if split_type_key(key)[0] in _LABELS]:
                del planned[key]
        if self.end is not Holder.NONE:
            holder_id = target_id if self.end is Holder.TARGET else source_id
            if first_type is not None and holder_id not in self.linked:
                types = (*types, first_type)
            if types:
                self.linked.add(holder_id)
        for link_type in types:
            planned[link_type.key] = link_type
            if link_type.holder is not Holder.NONE:
                self._hold(link_type, pair)

    def _hold(self, link_type: AssociationType, pair: Pair) -> None:
        holding = link_type.key, pair[1] if link_type.holder is Holder.TARGET else pair[0]
        former = self.held.get(holding)
        if former is not None and former != pair:
            self.pairs[former].pop(link_type.key, None)
        self.held[holding] = pair
        self.held_types[link_type.key] = link_type


def _end_of_holder(link_type: AssociationType) -> Holder:
    return Holder.TARGET if link_type.holder is Holder.TARGET else Holder.SOURCE


def _reverses_a_pair(writes: Sequence[LinkWrite]) -> bool:
    pairs = {(write.source_id, write.target_id) for write in writes}
    return any((target_id, source_id) in pairs for source_id, target_id in pairs)


def _linked_holders(cursor: Cursor, command: PutLinks, writes: Sequence[LinkWrite], end: Holder) -> set[int]:
    if end is Holder.TARGET:
        holder_type, other_type = command.target_type, command.source_type
        holder_ids = {write.target_id for write in writes}
    else:
        holder_type, other_type = command.source_type, command.target_type
        holder_ids = {write.source_id for write in writes}
    bindings = (command.portal_id, holder_type, integers(holder_ids), other_type)
    rows = fetch(cursor, QUERIES.linked_records, bindings)
    return {holder_id for (holder_id,) in rows}


def _rows_taken_over(cursor: Cursor, command: PutLinks, plan: _Plan) -> list[LinkRow]:
    """The links whose holder holds their type elsewhere now, as their holders see them."""
    portal_id = command.portal_id
    rows: list[LinkRow] = []
    for link_type in plan.held_types.values():
        last = {
            holder_id: source_id if link_type.holder is Holder.TARGET else target_id
            for (key, holder_id), (source_id, target_id) in plan.held.items()
            if key == link_type.key
        }
        holder_type, _, other_type, _ = from_holder(command, link_type, (0, 0))
        key, far_key = keys_from_holder(link_type)
        held = fetch(cursor, QUERIES.holdings, (portal_id, holder_type, integers(last), other_type, key))
        for holder_id, other_id in held:
            if other_id != last[holder_id]:
                rows.append((portal_id, holder_type, holder_id, other_type, other_id, key, far_key))
    return rows


def _pairs_with_other_labels(cursor: Cursor, command: PutLinks, plan: _Plan) -> set[Pair]:
    pairs = json.dumps(sorted(plan.pairs))
    bindings = (command.portal_id, command.source_type, command.target_type, pairs)
    labels = fetch(cursor, QUERIES.labels_of_pairs, bindings)
    return {
        (source_id, target_id)
        for source_id, target_id, key in labels
        if key not in plan.pairs[source_id, target_id]
    }


def _add_edges(cursor: Cursor, command: PutLinks, plan: _Plan) -> None:
    """Add one end of all links in the order of the key, then the other end, as neighbours share pages."""
    near = sorted(
        (source_id, target_id, key) for (source_id, target_id), types in plan.pairs.items() for key in types
    )
    far = sorted(
        (target_id, source_id, link_type.mirror_key)
        for (source_id, target_id), types in plan.pairs.items()
        for link_type in types.values()
    )
    _add_edges_between(cursor, (command.portal_id, command.source_type, command.target_type), near)
    _add_edges_between(cursor, (command.portal_id, command.target_type, command.source_type), far)


def _add_edges_between(
    cursor: Cursor, scope: tuple[int, int, int], edges: Sequence[tuple[int, int, int]]
) -> None:
    """Add edges of a portal from one object type to another. edges: from id, to id and key of each."""
    portal_id, from_type, to_type = scope
    in_eights = len(edges) - len(edges) % 8
    numbers = list(chain.from_iterable(edges[:in_eights]))
    cursor.executemany(
        QUERIES.add_eight_edges, [scope + tuple(numbers[i : i + 24]) for i in range(0, len(numbers), 24)]
    )
    cursor.executemany(
        QUERIES.add_edge,
        [(portal_id, from_type, from_id, to_type, to_id, key) for from_id, to_id, key in edges[in_eights:]],
    )
