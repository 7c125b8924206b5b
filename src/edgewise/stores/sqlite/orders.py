"""Ids of all live records of a type as a search sorts them, row by row from an index."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from edgewise.domain.search import Search
from edgewise.domain.search_keys import sort_span
from edgewise.stores.sqlite.connections import Cursor, fetch
from edgewise.stores.sqlite.lookups import EVERY_NUMBER, OF_COLUMNS, Scope, column_of
from edgewise.stores.sqlite.values import VALUE_QUERIES

_AT_ONCE = 500
"""Rows that are read while they fall."""


def ids_in_order(stream: Cursor, scope: Scope, search: Search) -> Iterator[int]:
    """Ids, those of records without a value to sort by last. stream: nobody else runs statements on it meanwhile."""
    sort = search.sort
    column = column_of(search, sort.name) if sort else "record_id"
    if sort is None or column is not None:
        statements = OF_COLUMNS[column or "record_id"]
        if sort is None or not sort.is_descending:
            rows: Iterator[Any] = stream.execute(statements.rising, scope)
        else:
            falling, same = statements.falling, statements.same
            rows = _falling(stream, falling, same, scope, (), EVERY_NUMBER[1])
        return map(itemgetter(1), rows)
    first, end = sort_span(sort.is_numeric)
    named = (*scope, sort.name)
    if sort.is_descending:
        rows = _falling(stream, VALUE_QUERIES.falling_keys, VALUE_QUERIES.same_key, named, (first,), end)
    else:
        rows = stream.execute(VALUE_QUERIES.rising_keys, (*named, first, end))
    return map(itemgetter(1), chain(rows, _lazily(stream, (*named, first, end))))


def _lazily(stream: Cursor, bindings: tuple[Any, ...]) -> Iterator[Any]:
    yield from stream.execute(VALUE_QUERIES.without_keys, bindings)


def _falling(
    stream: Cursor, falling: str, same: str, named: tuple[Any, ...], first: tuple[Any, ...], end: Any
) -> Iterator[Any]:
    """Rows of falling keys, and rising ids of the same key.

    The index is read backwards, some rows at once; how many have the last key of those is not known, so these are read
    anew, forwards.
    """
    while rows := fetch(stream, falling, (*named, *first, end, _AT_ONCE)):
        end = rows[-1][0]
        for key, of_key in groupby(rows, itemgetter(0)):
            if key != end:
                yield from reversed(list(of_key))
        yield from stream.execute(same, (*named, end))
