"""What properties were before they changed; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edgewise.domain.histories import Histories
from edgewise.domain.model import Record, Version
from edgewise.stores.sqlite.connections import Cursor
from edgewise.stores.sqlite.json_text import to_json
from edgewise.stores.sqlite.presence import integers
from edgewise.stores.sqlite.values import VALUE_QUERIES


def add_versions(
    cursor: Cursor,
    portal_id: int,
    object_type: int,
    record: Record,
    before: Mapping[str, str],
    changed: Iterable[str],
) -> None:
    """Keep the values that properties have now, and of those that never changed before the former ones.

    record: as it is now. before: what it had. changed: the names of what is not the same.
    """
    scope = (portal_id, object_type, record.record_id)
    names = sorted(changed)
    first = [(*scope, name, record.created_at, before[name]) for name in names if name in before]
    cursor.executemany(VALUE_QUERIES.add_first_version, first)
    now = [(*scope, name, record.updated_at, record.properties.get(name)) for name in names]
    cursor.executemany(VALUE_QUERIES.add_version, now)


def remove_versions(cursor: Cursor, portal_id: int, object_type: int, record_id: int) -> None:
    """Forget what a record was."""
    cursor.execute(VALUE_QUERIES.remove_versions, (portal_id, object_type, record_id))


def read_versions(
    cursor: Cursor, portal_id: int, object_type: int, record_ids: Sequence[int], names: Sequence[str]
) -> list[Mapping[str, Sequence[Version]]]:
    """The values of properties that changed, the latest first, for each record."""
    found = Histories()
    if record_ids:
        bindings = (portal_id, object_type, integers(set(record_ids)), to_json(names))
        for record_id, name, at, value in cursor.execute(VALUE_QUERIES.read_versions, bindings):
            found.add(record_id, name, Version(at, value))
    return found.of(record_ids)
