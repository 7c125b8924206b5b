"""The properties and property groups that every account has, from default_properties.json; read at the first use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from edgewise.domain.model import ObjectType
from edgewise.domain.properties import (
    FieldType,
    ObjectProperties,
    PropertyDefinition,
    PropertyGroup,
    PropertyOption,
    PropertyType,
)

_FIELD_TYPES = {
    PropertyType.STRING: FieldType.TEXT,
    PropertyType.NUMBER: FieldType.NUMBER,
    PropertyType.BOOL: FieldType.BOOLEANCHECKBOX,
    PropertyType.ENUMERATION: FieldType.SELECT,
    PropertyType.DATE: FieldType.DATE,
    PropertyType.DATETIME: FieldType.DATE,
    PropertyType.PHONE_NUMBER: FieldType.PHONENUMBER,
    PropertyType.OBJECT_COORDINATES: FieldType.TEXT,
    PropertyType.JSON: FieldType.TEXT,
}
"""The field type of a row that names none."""

_YES_NO = (PropertyOption("true", "Yes", 0), PropertyOption("false", "No", 1))


class _Row(msgspec.Struct, rename="camel", frozen=True):
    """A property. group: the first of its object type, unless told. options: values and labels, or a list's name."""

    name: str
    label: str
    description: str = ""
    group: str = ""
    type: PropertyType = PropertyType.STRING
    field_type: FieldType | None = None
    options: list[tuple[str, str]] | str = []
    display_order: int = -1
    referenced_object_type: str = ""
    currency_property_name: str = ""
    calculated: bool = False
    read_only_value: bool = False
    read_only_options: bool = False
    external_options: bool = False
    has_unique_value: bool = False
    hidden: bool = False
    form_field: bool = False
    show_currency_symbol: bool = False


class _ObjectTypeRows(msgspec.Struct, frozen=True):
    """What an object type has beyond the properties that all have. name: as object_types.json spells it."""

    name: str
    groups: list[tuple[str, str]]
    properties: list[_Row]


class _File(msgspec.Struct, rename="camel", frozen=True):
    sources: list[str]
    option_lists: dict[str, list[tuple[str, str]]]
    every_type: list[_Row]
    object_types: list[_ObjectTypeRows]


@cache
def _file() -> _File:
    raw = files(__package__).joinpath("default_properties.json").read_bytes()
    return msgspec.json.decode(raw, type=_File)


@cache
def default_properties(type_name: str) -> ObjectProperties:
    """The properties and groups that HubSpot defines of an object type, by name; read-only, and shared by all callers.

    type_name: as `ObjectType.name` has it. A type without rows of its own, and a custom one, has what all types have,
    in the group `<name>_information`.
    """
    found = next((rows for rows in _file().object_types if rows.name == type_name), None)
    groups = found.groups if found else [(f"{type_name}_information", f"{_titled(type_name)} information")]
    first = groups[0][0]
    rows = {row.name: row for row in (*_file().every_type, *(found.properties if found else ()))}
    return ObjectProperties(
        MappingProxyType({name: _definition(row, first) for name, row in rows.items()}),
        MappingProxyType(
            {
                name: PropertyGroup(name, label, place, is_hubspot_defined=True)
                for place, (name, label) in enumerate(groups)
            }
        ),
    )


def custom_properties(type_name: str, singular: str) -> ObjectProperties:
    """What an object type that a portal defines has from the start, whatever it is called. singular: its label.

    Source: docs/behaviour.md, section 10: the name and the label of its group, which HubSpot does not call its own.
    """
    group = PropertyGroup(f"{type_name}_information", f"{singular} Information", 0)
    rows = {row.name: _definition(row, group.name) for row in _file().every_type}
    return ObjectProperties(MappingProxyType(rows), MappingProxyType({group.name: group}))


def usual_properties(object_type: ObjectType) -> ObjectProperties:
    """What an object type has in every portal that has it."""
    if object_type.is_custom:
        return custom_properties(object_type.name, object_type.name)
    return default_properties(object_type.name)


def described_types() -> tuple[str, ...]:
    """The names of the object types that have rows of their own, in the order of the file."""
    return tuple(rows.name for rows in _file().object_types)


def _definition(row: _Row, first_group: str) -> PropertyDefinition:
    return PropertyDefinition(
        name=row.name,
        label=row.label,
        group_name=row.group or first_group,
        type=row.type,
        field_type=row.field_type or _FIELD_TYPES[row.type],
        description=row.description,
        options=_options(row),
        display_order=row.display_order,
        has_unique_value=row.has_unique_value,
        has_external_options=row.external_options,
        referenced_object_type=row.referenced_object_type,
        currency_property_name=row.currency_property_name,
        shows_currency=row.show_currency_symbol,
        is_calculated=row.calculated,
        is_hidden=row.hidden,
        is_form_field=row.form_field,
        is_hubspot_defined=True,
        is_value_read_only=row.read_only_value or row.calculated,
        are_options_read_only=row.read_only_options,
    )


def _options(row: _Row) -> tuple[PropertyOption, ...]:
    if row.type is PropertyType.BOOL:
        return _YES_NO
    return _listed(row.options) if isinstance(row.options, str) else _in_order(row.options)


@cache
def _listed(name: str) -> tuple[PropertyOption, ...]:
    return _in_order(_file().option_lists[name])


def _in_order(pairs: Sequence[tuple[str, str]]) -> tuple[PropertyOption, ...]:
    return tuple(PropertyOption(value, label, place) for place, (value, label) in enumerate(pairs))


def _titled(name: str) -> str:
    return name.replace("_", " ").capitalize()
