"""The index of the values of live records; the caller holds the transaction and says what records become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edgewise.domain.record_keys import PropertyKey
from edgewise.domain.values import key_of, keys_of
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Cursor, fetch

VALUE_QUERIES = load_queries(FOLDER / "values.sql")

Values = Mapping[str, str]
"""The properties of a record."""


def add_values(
    cursor: Cursor, portal_id: int, object_type: int, records: Iterable[tuple[int, Values]]
) -> None:
    """Let records be found by their values. records: id and properties of each."""
    rows = sorted(value_rows(portal_id, object_type, records))  # neighbours in the key share pages
    cursor.executemany(VALUE_QUERIES.add_value, rows)


def remove_values(
    cursor: Cursor, portal_id: int, object_type: int, records: Iterable[tuple[int, Values]]
) -> None:
    """Let records be found by their values no longer. records: as in `add_values`."""
    cursor.executemany(VALUE_QUERIES.remove_value, value_rows(portal_id, object_type, records))


def value_rows(
    portal_id: int, object_type: int, records: Iterable[tuple[int, Values]]
) -> list[tuple[int, int, str, str, int]]:
    """The rows of records: one for each key of each of their values."""
    return [
        (portal_id, object_type, name, key, record_id)
        for record_id, properties in records
        for name, text in properties.items()
        for key in keys_of(text)
    ]


def change_values(
    cursor: Cursor, portal_id: int, object_type: int, record_id: int, before: Values, after: Values
) -> None:
    """Let a record be found by the values that it has now."""
    lost = {name: text for name, text in before.items() if after.get(name) != text}
    gained = {name: text for name, text in after.items() if before.get(name) != text}
    had = set(value_rows(portal_id, object_type, [(record_id, lost)]))
    has = set(value_rows(portal_id, object_type, [(record_id, gained)]))
    cursor.executemany(VALUE_QUERIES.remove_value, had - has)
    cursor.executemany(VALUE_QUERIES.add_value, sorted(has - had))


def holders(cursor: Cursor, portal_id: int, object_type: int, key: PropertyKey) -> list[int]:
    """The ids of the live records that a key tells, in ascending order."""
    bindings = (portal_id, object_type, key.name, key_of(key.value))
    return sorted(i for i, text in fetch(cursor, VALUE_QUERIES.holders, bindings) if key.tells(text))
