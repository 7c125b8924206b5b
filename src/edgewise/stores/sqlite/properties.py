"""The properties that the SQLite store keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from functools import partial
from typing import Any

from edgewise.domain import audit_deeds
from edgewise.domain.properties import (
    FieldType,
    ObjectProperties,
    PropertyDefinition,
    PropertyGroup,
    PropertyOption,
    PropertyType,
)
from edgewise.domain.property_ports import Defined, Properties, PropertiesChange, PropertyCount
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Cursor, fetch, one_moment
from edgewise.stores.sqlite.desk import Desk

_QUERIES = load_queries(FOLDER / "properties.sql")
_KEPT = [each.name for each in fields(PropertyDefinition) if each.init]

_FEW = 50
"""So many definitions are read at once; more are read aside, as each takes up to 0.1 ms."""


class SqliteProperties(Properties):
    """See `edgewise.domain.property_ports.Properties`."""

    def __init__(self, desk: Desk) -> None:
        self._read = desk.read
        self._read_aside = desk.read_aside
        self._change = desk.change

    async def held(self, portal_id: int, object_type: int) -> ObjectProperties:
        counted = self._read(_count, portal_id).get(object_type)
        if counted is not None and counted.total > _FEW:
            return await self._read_aside(_held_at_once, portal_id, object_type)
        return self._read(_held_at_once, portal_id, object_type)

    async def change(
        self, portal_id: int, object_type: int, decide: Callable[[Defined], PropertiesChange]
    ) -> PropertiesChange:
        tell = partial(audit_deeds.properties_changed, portal_id, object_type)
        return await self._change(tell, _change, portal_id, object_type, decide)

    async def count(self, portal_id: int) -> Mapping[int, PropertyCount]:
        return self._read(_count, portal_id)


def put_properties(cursor: Cursor, portal_id: int, object_type: int, change: PropertiesChange) -> None:
    """Make and change properties and groups of an object type; the caller holds the transaction."""
    keyed = portal_id, object_type
    cursor.executemany(_QUERIES.put_property, [(*keyed, *_row(each)) for each in change.properties])
    groups = [(*keyed, each.name, json.dumps(asdict(each))) for each in change.groups]
    cursor.executemany(_QUERIES.put_property_group, groups)


def remove_properties(cursor: Cursor, portal_id: int, object_type: int) -> None:
    """Remove the properties and groups of an object type that is purged; the caller holds the transaction."""
    cursor.execute(_QUERIES.remove_properties, (portal_id, object_type))
    cursor.execute(_QUERIES.remove_property_groups, (portal_id, object_type))


def _held_at_once(cursor: Cursor, portal_id: int, object_type: int) -> ObjectProperties:
    with one_moment(cursor):
        return _held(cursor, portal_id, object_type)


def _held(cursor: Cursor, portal_id: int, object_type: int) -> ObjectProperties:
    properties = fetch(cursor, _QUERIES.read_properties, (portal_id, object_type))
    groups = fetch(cursor, _QUERIES.read_property_groups, (portal_id, object_type))
    definitions = [_definition(json.loads(definition)) for (definition,) in properties]
    found = [PropertyGroup(**json.loads(definition)) for (definition,) in groups]
    return ObjectProperties({each.name: each for each in definitions}, {each.name: each for each in found})


def _change(
    cursor: Cursor, portal_id: int, object_type: int, decide: Callable[[Defined], PropertiesChange]
) -> PropertiesChange:
    counts = _count(cursor, portal_id)
    elsewhere = sum(count.total for code, count in counts.items() if code != object_type)
    change = decide(Defined(_held(cursor, portal_id, object_type), elsewhere))
    put_properties(cursor, portal_id, object_type, change)
    if change.properties or change.groups:
        cursor.execute(_QUERIES.next_types_version, (portal_id,))
    return change


def _count(cursor: Cursor, portal_id: int) -> dict[int, PropertyCount]:
    rows = fetch(cursor, _QUERIES.count_properties, (portal_id,))
    return {object_type: PropertyCount(*counts) for object_type, *counts in rows}


def _row(definition: PropertyDefinition) -> tuple[str, bool, bool, int | None, str]:
    asked = definition.name, not definition.is_hubspot_defined, definition.is_calculated
    return *asked, definition.archived_at, json.dumps({name: getattr(definition, name) for name in _KEPT})


def _definition(values: dict[str, Any]) -> PropertyDefinition:
    kinds = PropertyType(values.pop("type")), FieldType(values.pop("field_type"))
    options = tuple(PropertyOption(*each) for each in values.pop("options"))
    return PropertyDefinition(type=kinds[0], field_type=kinds[1], options=options, **values)
