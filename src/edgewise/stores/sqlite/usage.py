"""How much is stored: counts over everything of a portal, for other threads than the event loop's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgewise.domain.model import RecordRef
from edgewise.domain.usage import Degree, Threshold
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.json_text import from_json, to_json


def count_records(cursor: Cursor, portal_id: int) -> Mapping[int, int]:
    """How many records live, by object type."""
    return dict(fetch(cursor, QUERIES.count_records, (portal_id,)))


def crowded(cursor: Cursor, portal_id: int, thresholds: Sequence[Threshold]) -> Sequence[Degree]:
    """The records with at least so many targets under a type."""
    least: dict[int, int] = {}
    for source_type, _, at_least in thresholds:
        least[source_type] = min(at_least, least.get(source_type, at_least))
    keys = [(each.key, each.at_least) for each in thresholds]
    rows = fetch(cursor, QUERIES.crowded, (portal_id, to_json(list(least.items())), to_json(keys)))
    found = (
        Degree(RecordRef(source_type, record_id), target_type, key, count)
        for source_type, degrees in rows
        for record_id, target_type, key, count in from_json(degrees)
    )
    return sorted(found, key=lambda degree: (degree.key, degree.source))
