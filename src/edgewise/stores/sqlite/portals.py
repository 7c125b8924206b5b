"""The types that portals defined; the caller holds the transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from edgewise.domain.model import (
    AssociationType,
    Category,
    Holder,
    ObjectType,
    PortalTypes,
    TypesChange,
    object_number,
)
from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.ports import TypesChanged
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch


def portal_types(cursor: Cursor, portal_id: int) -> PortalTypes:
    """The types that a portal defined."""
    object_types = fetch(cursor, QUERIES.read_object_types, (portal_id,))
    association_types = fetch(cursor, QUERIES.read_association_types, (portal_id,))
    schemas = fetch(cursor, QUERIES.read_schemas, (portal_id,))
    next_type_id, version, next_object_number = _type_counters(cursor, portal_id)
    return PortalTypes(
        [_object_type(*row) for row in object_types],
        [_association_type(*row) for row in association_types],
        dict(fetch(cursor, QUERIES.read_limits, (portal_id,))),
        next_type_id,
        version,
        [_schema(definition) for (definition,) in schemas],
        next_object_number,
    )


def types_version(cursor: Cursor, portal_id: int) -> int:
    """How often a portal changed what it defined."""
    return _type_counters(cursor, portal_id)[1]


def add_portal_types(cursor: Cursor, portal_id: int, types: PortalTypes) -> None:
    """Define further types of a portal; the driver raises a constraint error when one of them exists."""
    cursor.executemany(QUERIES.add_object_type, [_object_type_row(portal_id, t) for t in types.object_types])
    _put_schemas(cursor, portal_id, types.schemas)
    _add_association_types(cursor, portal_id, types.association_types, types.object_types)


def change_types(
    cursor: Cursor, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
) -> TypesChanged:
    """Change what a portal defined, as `decide` says of what it defines now."""
    types = portal_types(cursor, portal_id)
    change = decide(types)
    occupied = [
        code for code in change.vacant if cursor.execute(QUERIES.has_live_record, (portal_id, code)).get
    ]
    if occupied:
        return TypesChanged(types, change, occupied)
    by_key = {link_type.key: link_type for link_type in types.association_types}
    cursor.executemany(
        QUERIES.change_association_type, [(portal_id, t.key, t.label, t.name) for t in change.changed]
    )
    for key, limit in change.limits.items():
        if limit is None:
            cursor.execute(QUERIES.remove_limit, (portal_id, key))
        else:
            cursor.execute(QUERIES.set_limit, (portal_id, key, limit))
    _remove_association_types(cursor, portal_id, [by_key[key] for key in change.removed])
    _change_object_types(cursor, portal_id, change)
    _add_association_types(cursor, portal_id, change.added, change.object_types)
    return TypesChanged(portal_types(cursor, portal_id), change)


def _change_object_types(cursor: Cursor, portal_id: int, change: TypesChange) -> None:
    """Make, change and remove object types and their schemas."""
    cursor.executemany(QUERIES.put_object_type, [_object_type_row(portal_id, t) for t in change.object_types])
    _put_schemas(cursor, portal_id, change.schemas)
    cursor.executemany(
        QUERIES.remove_object_type, [(portal_id, code) for code in change.removed_object_types]
    )
    cursor.executemany(QUERIES.remove_schema, [(portal_id, code) for code in change.purged])


def _put_schemas(cursor: Cursor, portal_id: int, schemas: Sequence[ObjectSchema]) -> None:
    rows = [(portal_id, schema.code, json.dumps(asdict(schema))) for schema in schemas]
    cursor.executemany(QUERIES.put_schema, rows)


def _add_association_types(
    cursor: Cursor, portal_id: int, added: Sequence[AssociationType], object_types: Sequence[ObjectType]
) -> None:
    """Add types, and count the change. object_types: those that were made or changed with it."""
    rows = [_association_type_row(portal_id, link_type) for link_type in added]
    cursor.executemany(QUERIES.add_association_type, rows)
    next_type_id, version, next_object_number = _type_counters(cursor, portal_id)
    ids = [t.type_id for t in added if t.category is Category.USER_DEFINED]
    numbers = [object_number(t.code) for t in object_types if t.is_custom]
    counters = max([next_type_id - 1, *ids]) + 1, version + 1, max([next_object_number - 1, *numbers]) + 1
    cursor.execute(QUERIES.set_type_counters, (portal_id, *counters))


def _remove_association_types(cursor: Cursor, portal_id: int, removed: Sequence[AssociationType]) -> None:
    """Remove types, their limits and both ends of their links."""
    there = {(portal_id, t.source_type, t.target_type, t.key) for t in removed}
    back = {(portal_id, t.target_type, t.source_type, t.mirror_key) for t in removed}
    cursor.executemany(QUERIES.remove_links_of_type, sorted(there | back))
    keys = [(portal_id, t.key) for t in removed]
    cursor.executemany(QUERIES.remove_limit, keys)
    cursor.executemany(QUERIES.remove_association_type, keys)


def _type_counters(cursor: Cursor, portal_id: int) -> tuple[int, int, int]:
    """The next USER_DEFINED id of a portal, the version of its types, and its next number of an object type."""
    rows: list[tuple[int, int, int]] = fetch(cursor, QUERIES.read_type_counters, (portal_id,))
    return rows[0] if rows else (1, 0, 1)


def _object_type_row(portal_id: int, t: ObjectType) -> tuple[int, int, str, str, str, str, str, str]:
    lists = json.dumps(t.aliases), json.dumps(t.default_properties)
    return portal_id, t.code, t.id, t.name, t.plural, *lists, t.last_modified_property


def _association_type_row(portal_id: int, t: AssociationType) -> tuple[int | str | None, ...]:
    identity = (portal_id, t.key, t.category, t.type_id, t.source_type, t.target_type, t.mirror_key)
    return *identity, t.label, t.name, t.is_default, t.is_legacy, t.is_primary, t.holder


def _object_type(
    code: int, text_id: str, name: str, plural: str, aliases: str, default_properties: str, modified: str
) -> ObjectType:
    lists = tuple(json.loads(aliases)), tuple(json.loads(default_properties))
    return ObjectType(code, text_id, name, plural, *lists, modified)


def _schema(definition: str) -> ObjectSchema:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(definition).items()
    }
    return ObjectSchema(**values)


def _association_type(
    key: int,
    category: int,
    type_id: int,
    source_type: int,
    target_type: int,
    mirror_key: int,
    label: str | None,
    name: str,
    is_default: int,
    is_legacy: int,
    is_primary: int,
    holder: int,
) -> AssociationType:
    flags = bool(is_default), bool(is_legacy), bool(is_primary)
    texts = label, name
    identity = key, Category(category), type_id
    return AssociationType(*identity, source_type, target_type, mirror_key, *texts, *flags, Holder(holder))
