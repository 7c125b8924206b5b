"""What a condition of a search leaves of the records of a type, read from indexes; the caller holds the moment."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from edgewise.domain.search import Condition, LinkedTo, Search, wanted_ids, wanted_keys
from edgewise.domain.values import is_cut
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.presence import integers
from edgewise.stores.sqlite.values import VALUE_QUERIES

_FEW, _MANY = 100, 100_000
"""How far sizes are counted before one is called the smallest: mostly the first is enough."""


class Matching(NamedTuple):
    """Live records in ascending order of id. is_exact: they are those that match; else those and some others."""

    record_ids: Sequence[int]
    is_exact: bool


class Lookup(Protocol):
    """A condition that an index answers."""

    is_exact: bool

    def size(self, cursor: Cursor, at_most: int) -> int:
        """How many records it leaves, about; counted no further than `at_most`."""
        ...

    def all(self, cursor: Cursor) -> Iterable[int]:
        """The records that it leaves."""
        ...

    def among(self, cursor: Cursor, record_ids: Collection[int]) -> Iterable[int]:
        """Those of some records that it leaves."""
        ...


def matching(cursor: Cursor, portal_id: int, search: Search) -> Matching | None:
    """The records that can match, whatever the words of a search; None where only reading all of them can tell."""
    if search.is_unfiltered or not search.groups:
        return None
    found = [_of_group(cursor, portal_id, search, group) for group in search.groups]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return None
    if len(known) == 1:
        return known[0]
    union = set().union(*(each.record_ids for each in known))
    return Matching(sorted(union), all(each.is_exact for each in known))


def lookup_of(portal_id: int, object_type: int, condition: LinkedTo) -> Lookup:
    """What finds the records of a type that are linked so."""
    if not condition.record_ids:
        return _ById(portal_id, object_type, ())
    return _ByLink(portal_id, object_type, condition)


def _of_group(
    cursor: Cursor, portal_id: int, search: Search, group: Sequence[Condition | LinkedTo]
) -> Matching | None:
    """Begins with the condition that leaves the fewest records, and asks the others about these."""
    lookups = [each for condition in group if (each := _lookup(portal_id, search, condition)) is not None]
    if not lookups:
        return None
    if len(lookups) > 1:
        lookups = _by_size(cursor, lookups)
    record_ids = set(lookups[0].all(cursor))
    for lookup in lookups[1:]:
        record_ids = set(lookup.among(cursor, record_ids)) if record_ids else record_ids
    is_exact = len(lookups) == len(group) and all(lookup.is_exact for lookup in lookups)
    return Matching(sorted(record_ids), is_exact)


def _by_size(cursor: Cursor, lookups: Sequence[Lookup]) -> list[Lookup]:
    sizes = [lookup.size(cursor, _FEW) for lookup in lookups]
    if min(sizes) == _FEW:
        sizes = [lookup.size(cursor, _MANY) for lookup in lookups]
    return [lookups[n] for n in sorted(range(len(lookups)), key=sizes.__getitem__)]


def _lookup(portal_id: int, search: Search, condition: Condition | LinkedTo) -> Lookup | None:
    object_type = search.object_type
    if isinstance(condition, LinkedTo):
        return lookup_of(portal_id, object_type.code, condition)
    ids = wanted_ids(condition)
    if ids is not None:
        return _ById(portal_id, object_type.code, ids)
    keys = wanted_keys(object_type, condition)
    return None if keys is None else _ByValue(portal_id, object_type.code, condition.name, keys)


class _ById:
    is_exact = True

    def __init__(self, portal_id: int, object_type: int, record_ids: Collection[int]) -> None:
        self._scope = (portal_id, object_type)
        self._record_ids = record_ids

    def size(self, cursor: Cursor, at_most: int) -> int:
        return min(len(self._record_ids), at_most)

    def all(self, cursor: Cursor) -> Iterable[int]:
        if not self._record_ids:
            return ()
        rows = fetch(cursor, VALUE_QUERIES.living_records, (*self._scope, integers(self._record_ids)))
        return (record_id for (record_id,) in rows)

    def among(self, cursor: Cursor, record_ids: Collection[int]) -> Iterable[int]:
        return set(record_ids).intersection(self._record_ids)


class _ByValue:
    def __init__(self, portal_id: int, object_type: int, name: str, keys: Collection[str]) -> None:
        self._bindings = (portal_id, object_type, name, json.dumps(sorted(keys)))
        self.is_exact = not any(map(is_cut, keys))

    def size(self, cursor: Cursor, at_most: int) -> int:
        count: int = cursor.execute(VALUE_QUERIES.count_by_value, (*self._bindings, at_most)).get
        return count

    def all(self, cursor: Cursor) -> Iterable[int]:
        rows = fetch(cursor, VALUE_QUERIES.records_by_value, self._bindings)
        return (record_id for (record_id,) in rows)

    def among(self, cursor: Cursor, record_ids: Collection[int]) -> Iterable[int]:
        rows = fetch(cursor, VALUE_QUERIES.those_by_value, (*self._bindings, integers(record_ids)))
        return (record_id for (record_id,) in rows)


class _ByLink:
    is_exact = True

    def __init__(self, portal_id: int, object_type: int, condition: LinkedTo) -> None:
        self._bindings = (portal_id, condition.object_type, integers(condition.record_ids), object_type)
        self._one_way = json.dumps(list(condition.one_way))

    def size(self, cursor: Cursor, at_most: int) -> int:
        count: int = cursor.execute(VALUE_QUERIES.count_linked_to, (*self._bindings, at_most)).get
        return count

    def all(self, cursor: Cursor) -> Iterable[int]:
        rows = fetch(cursor, QUERIES.records_linked_to, (*self._bindings, self._one_way))
        return (record_id for (record_id,) in rows)

    def among(self, cursor: Cursor, record_ids: Collection[int]) -> Iterable[int]:
        rows = fetch(cursor, VALUE_QUERIES.those_linked_to, (*self._bindings, integers(record_ids)))
        return (record_id for (record_id,) in rows)
