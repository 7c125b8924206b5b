"""Links: what each call does to the rows, and reads of them; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from edgewise.domain.model import (
    Linked,
    LinkedTarget,
    LinkPage,
    LinkWrite,
    Outcome,
    PutLinks,
    RecordRef,
    RemoveLinks,
)
from edgewise.stores.sqlite import joint_writes, presence
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.definitions import Defined, Definitions, refusal
from edgewise.stores.sqlite.json_text import from_json, to_json
from edgewise.stores.sqlite.single_writes import missing_ends, write_link

_ONE_BY_ONE_MAX = 8
"""Up to here a few statements for each write cost less than statements over lists. Measured 2026-11-24: 8 writes take
0.75 to 0.9 of the time one by one, 16 about the same, 64 1.4 of it."""

_LINKED = tuple(Linked)

_linked_target: Callable[[Iterable[Any]], LinkedTarget] = partial(tuple.__new__, LinkedTarget)
"""`LinkedTarget._make` without its check: pages of links are made of little else."""


def put_links(cursor: Cursor, definitions: Definitions, command: PutLinks) -> Sequence[Outcome]:
    """Write links; answers what became of each."""
    defined = definitions.of(cursor, command.portal_id)
    writes = command.writes
    if len(writes) <= _ONE_BY_ONE_MAX or _may_refuse(defined, writes):
        return [_put_one(cursor, defined, command, write) for write in writes]
    return _put_many(cursor, command, writes)


def write_links(cursor: Cursor, command: PutLinks, writes: Sequence[LinkWrite]) -> None:
    """Write links between records that live, in order, where the portal's definitions refuse none."""
    if len(writes) <= _ONE_BY_ONE_MAX or joint_writes.order_decides(command, writes):
        for write in writes:
            write_link(cursor, command, write)
    else:
        joint_writes.write_links(cursor, command, writes)


def list_links(
    cursor: Cursor, portal_id: int, source: RecordRef, target_type: int, after: int, limit: int
) -> LinkPage:
    """A page of the targets of one record."""
    asked = _rows_for(limit)
    scope = (portal_id, *source, target_type)
    rows = fetch(cursor, QUERIES.list_links, (*scope, after, asked))
    if len(rows) < asked:
        targets = _by_target(rows)
        return LinkPage(targets[:limit], len(targets) > limit)
    return _long_page(cursor, scope, rows, after, limit)


def read_links(
    cursor: Cursor,
    portal_id: int,
    source_type: int,
    target_type: int,
    sources: Sequence[tuple[int, int]],
    limit: int,
) -> list[LinkPage]:
    """A page of the targets of each of many records, in one statement."""
    asked = _rows_for(limit)
    bindings = (portal_id, source_type, target_type, to_json(sources), asked)
    rows_read = fetch(cursor, QUERIES.read_links, bindings)
    pages = []
    for (source_id, after), (target_ids, keys) in zip(sources, _decoded(rows_read), strict=True):
        rows = list(zip(target_ids, keys, strict=True))
        if len(rows) < asked:
            targets = _by_target(rows)
            pages.append(LinkPage(targets[:limit], len(targets) > limit))
        else:
            scope = (portal_id, source_type, source_id, target_type)
            pages.append(_long_page(cursor, scope, rows, after, limit))
    return pages


def _decoded(rows: Sequence[tuple[str]]) -> Iterator[Any]:
    """JSON of many rows, a hundred at once: that is faster than each, and others get their turn in between."""
    for first in range(0, len(rows), 100):
        texts = ",".join(text for (text,) in rows[first : first + 100])
        yield from from_json(f"[{texts}]")


def remove_links(cursor: Cursor, command: RemoveLinks) -> None:
    """Remove links at both ends."""
    portal_id, source_type, target_type = command.portal_id, command.source_type, command.target_type
    pairs = []
    links = []
    for source_id, target_id, types in command.removals:
        if types is None:
            pairs.append((portal_id, source_type, source_id, target_type, target_id))
            pairs.append((portal_id, target_type, target_id, source_type, source_id))
        else:
            links += [
                (portal_id, source_type, source_id, target_type, target_id, t.key, t.mirror_key)
                for t in types
            ]
    cursor.executemany(QUERIES.remove_pair, sorted(pairs))
    cursor.executemany(QUERIES.remove_link, sorted(links))


def remove_links_of(cursor: Cursor, portal_id: int, record: RecordRef) -> None:
    """Remove all links of a record, at both ends, whatever types the ends have."""
    neighbours = fetch(cursor, QUERIES.neighbours, (portal_id, *record))
    cursor.executemany(QUERIES.remove_pair, [(portal_id, *neighbour, *record) for neighbour in neighbours])
    cursor.execute(QUERIES.remove_edges_of, (portal_id, *record))


def _may_refuse(defined: Defined, writes: Sequence[LinkWrite]) -> bool:
    kinds = {(write.types, write.first_type) for write in writes}
    return any(defined.may_refuse(types if first is None else (*types, first)) for types, first in kinds)


def _put_one(cursor: Cursor, defined: Defined, command: PutLinks, write: LinkWrite) -> Outcome:
    missing = missing_ends(cursor, command, write)
    unknown: Collection[RecordRef] = ()
    if missing and command.creates_records:
        missing, unknown = _archived_and_unknown(cursor, command, write, missing)
    if missing:
        return _LINKED[missing]
    if defined.may_refuse(write.types):
        ends = (
            RecordRef(command.source_type, write.source_id),
            RecordRef(command.target_type, write.target_id),
        )
        refused = refusal(cursor, command.portal_id, defined, *ends, write.types)
        if refused is not None:
            return refused
    if unknown:
        presence.add_bare_records(cursor, command.portal_id, unknown, command.at)
    write_link(cursor, command, write, defined)
    return Linked.DONE


def _archived_and_unknown(
    cursor: Cursor, command: PutLinks, write: LinkWrite, missing: int
) -> tuple[int, set[RecordRef]]:
    """Of the ends that do not live: those that are archived, as `Linked` counts them, and those nobody knows."""
    archived = 0
    unknown = set()
    for bit, object_type, record_id in (
        (Linked.SOURCE_MISSING, command.source_type, write.source_id),
        (Linked.TARGET_MISSING, command.target_type, write.target_id),
    ):
        if missing & bit:
            if presence.archived_records(cursor, command.portal_id, object_type, [record_id]):
                archived |= bit
            else:
                unknown.add(RecordRef(object_type, record_id))
    return archived, unknown


def _put_many(cursor: Cursor, command: PutLinks, writes: Sequence[LinkWrite]) -> list[Linked]:
    sources, targets = _refused_ends(cursor, command, writes)
    if not sources and not targets:
        write_links(cursor, command, writes)
        return [Linked.DONE] * len(writes)
    outcomes = [_LINKED[(w.source_id in sources) + 2 * (w.target_id in targets)] for w in writes]
    write_links(
        cursor,
        command,
        [w for w, outcome in zip(writes, outcomes, strict=True) if outcome is Linked.DONE],
    )
    return outcomes


def _refused_ends(
    cursor: Cursor, command: PutLinks, writes: Sequence[LinkWrite]
) -> tuple[set[int], set[int]]:
    """The ids of sources and of targets that take no link; unknown ones are made where the command wants that."""
    sides = (
        (command.source_type, {write.source_id for write in writes}),
        (command.target_type, {write.target_id for write in writes}),
    )
    missing = [presence.missing_records(cursor, command.portal_id, *side) for side in sides]
    if not command.creates_records or not any(missing):
        return missing[0], missing[1]
    archived = [
        presence.archived_records(cursor, command.portal_id, object_type, ids)
        for (object_type, _), ids in zip(sides, missing, strict=True)
    ]
    refused_sources, refused_targets = archived
    wanted = [w for w in writes if w.source_id not in refused_sources and w.target_id not in refused_targets]
    unknown = {(command.source_type, w.source_id) for w in wanted if w.source_id in missing[0]}
    unknown |= {(command.target_type, w.target_id) for w in wanted if w.target_id in missing[1]}
    presence.add_bare_records(cursor, command.portal_id, unknown, command.at)
    return refused_sources, refused_targets


def _rows_for(limit: int) -> int:
    """How many rows to ask for: most targets have one or two, and one more tells whether others follow."""
    return 2 * limit + 2


def _by_target(rows: Iterable[tuple[int, int]]) -> list[LinkedTarget]:
    keys: dict[int, tuple[int, ...]] = {}
    for target_id, key in rows:
        if target_id in keys:
            keys[target_id] += (key,)
        else:
            keys[target_id] = (key,)
    return list(map(_linked_target, keys.items()))


def _long_page(
    cursor: Cursor,
    scope: tuple[int, int, int, int],
    rows: Sequence[tuple[int, int]],
    after: int,
    limit: int,
) -> LinkPage:
    """A page that more rows follow than were asked for, so the last target of `rows` may lack some of its types."""
    asked = len(rows)
    targets: list[LinkedTarget] = []
    while True:
        found = _by_target(rows)
        if len(rows) < asked:
            targets += found
            break
        targets += found[:-1]
        if len(targets) > limit:
            break
        if len(found) > 1:
            after = found[-2].target_id
        else:
            asked *= 2
        rows = fetch(cursor, QUERIES.list_links, (*scope, after, asked))
    return LinkPage(targets[:limit], len(targets) > limit)
