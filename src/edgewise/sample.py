"""The sample CRM of `edgewise dev`: a few companies, people, deals, tickets, notes and pets, linked in every way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from edgewise.data import hubspot_types
from edgewise.data.properties import usual_properties
from edgewise.domain.catalog import Catalog
from edgewise.domain.model import (
    AssociationType,
    Category,
    CreateRecords,
    NewRecord,
    ObjectType,
    PortalTypes,
    object_type_code,
    type_key,
)
from edgewise.domain.ports import Created, Store
from edgewise.domain.properties import ObjectProperties
from edgewise.domain.property_definitions import NewProperty, create_property
from edgewise.domain.property_ports import Defined, PropertiesChange
from edgewise.domain.property_values import valid_values
from edgewise.domain.records import InlineAssociation, new_record
from edgewise.domain.rules import Rules

_RULES = Rules(first_link_is_primary=False)
"""The sample says itself what is primary, so it is the same whatever the profile."""


async def load_sample(store: Store, portal_id: int, at_ms: int) -> None:
    """Fill a portal that has no record, archived ones included; else change nothing."""
    sample = json.loads(files("edgewise.data").joinpath("sample_crm.json").read_bytes())
    defined = await store.portal_types(portal_id)
    if not await _is_empty(store, portal_id, defined):
        return
    if not defined.object_types and not defined.association_types:
        defined = _sample_types(sample)
        await store.add_portal_types(portal_id, defined)
    catalog = Catalog(hubspot_types(), defined)
    for row in sample["objectTypes"]:
        await _define_properties(store, portal_id, catalog.object_type(row["fullyQualifiedName"]), row, at_ms)
    ids: dict[str, int] = {}
    for object_type, rows in _groups(sample["records"]):
        kind = catalog.object_type(object_type)
        own = await store.properties.held(portal_id, kind.code)
        held = usual_properties(kind).with_own(own)
        records = [_new_record(catalog, kind, held, row, ids) for row in rows]
        outcome = await store.create_records(CreateRecords(portal_id, kind.code, records, at_ms))
        if not isinstance(outcome, Created):
            return  # somebody archived sample records while they were being loaded
        ids |= {row["key"]: made.record_id for row, made in zip(rows, outcome.records, strict=True)}


async def _is_empty(store: Store, portal_id: int, defined: PortalTypes) -> bool:
    for object_type in (*hubspot_types().object_types, *defined.object_types):
        for is_archived in (False, True):
            page = await store.list_records(portal_id, object_type.code, 1, 1, is_archived)
            if page.records:
                return False
    return True


async def _define_properties(
    store: Store, portal_id: int, kind: ObjectType, row: dict[str, Any], at_ms: int
) -> None:
    """Define the properties of an object type of the sample that it lacks."""
    usual = usual_properties(kind)
    group_name = next(iter(usual.groups))

    def decide(defined: Defined) -> PropertiesChange:
        held = usual.with_own(defined.own)
        return PropertiesChange(
            [
                create_property(
                    held,
                    NewProperty(each["name"], each["label"], group_name, each["type"], each["fieldType"]),
                    at_ms,
                )
                for each in row["properties"]
                if each["name"] not in held.properties
            ]
        )

    await store.properties.change(portal_id, kind.code, decide)


def _groups(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Consecutive records that can be created together: of one object type, none linked to another of the group."""
    group: list[dict[str, Any]] = []
    for row in rows:
        keys = {member["key"] for member in group}
        if group and (
            row["objectType"] != group[0]["objectType"] or any(link["to"] in keys for link in row["links"])
        ):
            yield group[0]["objectType"], group
            group = []
        group.append(row)
    yield group[0]["objectType"], group


def _new_record(
    catalog: Catalog, kind: ObjectType, held: ObjectProperties, row: dict[str, Any], ids: dict[str, int]
) -> NewRecord:
    associations = []
    for link in row["links"]:
        target = catalog.object_type(link["objectType"])
        specs = [(spec["category"], spec["typeId"]) for spec in link.get("types", ())]
        default = catalog.pair(kind, target).require_default()
        specs.insert(0, (default.category.name, default.type_id))
        associations.append(InlineAssociation(ids[link["to"]], specs))
    values = valid_values(held.properties, row["properties"], 0)
    return new_record(catalog, _RULES, kind, values, associations)


def _sample_types(sample: dict[str, Any]) -> PortalTypes:
    codes = dict(_codes(sample))
    return PortalTypes(
        [_object_type(row) for row in sample["objectTypes"]],
        [
            link_type
            for row in sample["associationTypes"]
            for link_type in _both_directions(row, codes[row["from"]], codes[row["to"]])
        ],
    )


def _codes(sample: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The codes of the object types that the sample's association types link, by the names it uses."""
    yield from ((kind.plural, kind.code) for kind in hubspot_types().object_types)
    yield from ((row["fullyQualifiedName"], object_type_code(row["id"])) for row in sample["objectTypes"])


def _object_type(row: dict[str, Any]) -> ObjectType:
    return ObjectType(
        code=object_type_code(row["id"]),
        id=row["id"],
        name=row["name"],
        plural=row["plural"],
        aliases=(row["fullyQualifiedName"],),
        default_properties=tuple(each["name"] for each in row["properties"]),
    )


def _both_directions(row: dict[str, Any], source: int, target: int) -> Iterator[AssociationType]:
    """A type as the source and as the target lists it; without a label it is the unlabelled type of the pair."""
    there, back = (type_key(Category.USER_DEFINED, row[name]) for name in ("typeId", "inverseTypeId"))
    for key, mirror_key, ends, type_id, name in (
        (there, back, (source, target), row["typeId"], row["name"]),
        (back, there, (target, source), row["inverseTypeId"], row["inverseName"]),
    ):
        yield AssociationType(
            key=key,
            category=Category.USER_DEFINED,
            type_id=type_id,
            source_type=ends[0],
            target_type=ends[1],
            mirror_key=mirror_key,
            label=row["label"],
            name=name,
            is_default=row["label"] is None,
        )
