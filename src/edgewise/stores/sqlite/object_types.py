"""What else of an object type changes when a portal changes what it defined; the caller holds the transaction."""

from __future__ import annotations

from collections.abc import Callable

from edgewise.domain.model import PortalTypes, TypesChange
from edgewise.domain.ports import TypesChanged
from edgewise.stores.sqlite import definitions
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch
from edgewise.stores.sqlite.definitions import Definitions
from edgewise.stores.sqlite.merges import purge_record
from edgewise.stores.sqlite.pipelines import remove_pipelines
from edgewise.stores.sqlite.properties import put_properties, remove_properties


def change_types(
    cursor: Cursor,
    defined: Definitions,
    portal_id: int,
    decide: Callable[[PortalTypes], TypesChange],
) -> TypesChanged:
    """Change what a portal defined; all that purged types had goes for good."""
    changed = definitions.change_types(cursor, defined, portal_id, decide)
    if not changed.occupied:
        for code in changed.change.purged:
            for (record_id,) in fetch(cursor, QUERIES.archived_record_ids, (portal_id, code)):
                purge_record(cursor, portal_id, code, record_id)
            remove_pipelines(cursor, portal_id, code)
            remove_properties(cursor, portal_id, code)
        for code, properties in changed.change.properties.items():
            put_properties(cursor, portal_id, code, properties)
    return changed
