"""Creating, changing and archiving the properties and property groups that a portal defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from edgewise.domain.errors_properties import (
    HubSpotDefinedGroup,
    HubSpotDefinedProperty,
    InvalidPropertyLabel,
    InvalidPropertyName,
    InvalidPropertyOption,
    MismatchedFieldType,
    OptionFault,
    PropertyExists,
    PropertyGroupExists,
    PropertyGroupInUse,
    PropertyGroupNotFound,
    PropertyInUse,
    PropertyNotFound,
    PropertyOptionsMissing,
    TooManyProperties,
    TooManyUniqueProperties,
    UniqueValueFixed,
    UnknownPropertyType,
)
from edgewise.domain.properties import (
    FieldType,
    ObjectProperties,
    PropertyDefinition,
    PropertyGroup,
    PropertyOption,
    PropertyType,
    is_combined,
)

NAME_LENGTH_MAX = 100
OPTIONS_MAX = 5_000
"""Ours, after the figure that is commonly told; no source was read."""

OPTIONS_CHARACTERS_MAX = 1024 * 1024
"""Of the values, labels and descriptions of all options of a property. Ours."""

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_FORMULA_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_BOOLEAN_OPTIONS = (PropertyOption("true", "Yes", 0), PropertyOption("false", "No", 1))


class PropertyLimits(NamedTuple):
    """How many properties a portal may define. Source: docs/behaviour.md, section 11."""

    per_object_type: int = 1_000
    per_account: int = 10_000
    unique_per_object_type: int = 10


LIMITS = PropertyLimits()


class NewProperty(NamedTuple):
    """A property to create. type, field_type: as the request spells them."""

    name: str
    label: str
    group_name: str
    type: str
    field_type: str
    description: str = ""
    options: Sequence[PropertyOption] = ()
    display_order: int = -1
    has_unique_value: bool = False
    has_external_options: bool = False
    referenced_object_type: str = ""
    calculation_formula: str = ""
    data_sensitivity: str = "non_sensitive"
    currency_property_name: str = ""
    number_display_hint: str = ""
    text_display_hint: str = ""
    shows_currency: bool = False
    is_hidden: bool = False
    is_form_field: bool = False


class PropertyChange(NamedTuple):
    """What to change of a property; None leaves it. Options replace all that there are."""

    label: str | None = None
    group_name: str | None = None
    type: str | None = None
    field_type: str | None = None
    description: str | None = None
    options: Sequence[PropertyOption] | None = None
    display_order: int | None = None
    has_unique_value: bool | None = None
    calculation_formula: str | None = None
    currency_property_name: str | None = None
    number_display_hint: str | None = None
    text_display_hint: str | None = None
    shows_currency: bool | None = None
    is_hidden: bool | None = None
    is_form_field: bool | None = None


_UNCHECKED = (
    "description",
    "display_order",
    "calculation_formula",
    "currency_property_name",
    "number_display_hint",
    "text_display_hint",
    "shows_currency",
    "is_hidden",
    "is_form_field",
)


def create_property(
    held: ObjectProperties,
    new: NewProperty,
    at: int,
    *,
    limits: PropertyLimits = LIMITS,
    elsewhere: int = 0,
    by: int | None = None,
) -> PropertyDefinition:
    """Define a property. The name of an archived one restores it, with the definition given here.

    elsewhere: how many properties the portal defined of other object types. at: milliseconds since the epoch.
    by: a user id.
    Raises: InvalidPropertyName, InvalidPropertyLabel, PropertyExists, HubSpotDefinedProperty, PropertyGroupNotFound,
    UnknownPropertyType, MismatchedFieldType, PropertyOptionsMissing, InvalidPropertyOption, TooManyProperties,
    TooManyUniqueProperties.
    Source: docs/behaviour.md, section 11; that a restored property keeps its time of creation, observed 2026-09-29.
    """
    require_valid_name(new.name)
    require_valid_label(new.name, new.label)
    former = held.properties.get(new.name)
    if former is not None and former.archived_at is None:
        raise PropertyExists(new.name)
    _require_group(held, new.group_name)
    kind, field_type = _kinds(new.type, new.field_type)
    options = _checked_options(new.name, kind, field_type, new.options, new.has_external_options)
    _require_room(held, limits, elsewhere, new.has_unique_value)
    is_calculated = bool(new.calculation_formula) or field_type is FieldType.CALCULATION_EQUATION
    given = new._asdict()
    given |= {"type": kind, "field_type": field_type, "options": options}
    return PropertyDefinition(
        **given,
        is_calculated=is_calculated,
        is_value_read_only=is_calculated,
        created_at=at if former is None else former.created_at,
        created_by=by if former is None else former.created_by,
        updated_at=at,
        updated_by=by,
    )


def change_property(
    held: ObjectProperties, name: str, change: PropertyChange, at: int, by: int | None = None
) -> PropertyDefinition:
    """A property with another definition. Of HubSpot-defined ones the options change alone, if at all.

    Raises: PropertyNotFound, HubSpotDefinedProperty, UniqueValueFixed, InvalidPropertyLabel, PropertyGroupNotFound,
    UnknownPropertyType, MismatchedFieldType, PropertyOptionsMissing, InvalidPropertyOption.
    """
    found = find_property(held, name)
    if found.is_hubspot_defined:
        _require_options_alone(found, change)
    if change.has_unique_value is not None and change.has_unique_value != found.has_unique_value:
        raise UniqueValueFixed(name)
    if change.label is not None:
        require_valid_label(name, change.label)
    if change.group_name is not None:
        _require_group(held, change.group_name)
    kind, field_type = found.type, found.field_type
    if change.type is not None or change.field_type is not None:
        kind, field_type = _kinds(change.type or kind, change.field_type or field_type)
    options: Sequence[PropertyOption] = found.options if change.options is None else change.options
    if change.options is not None or kind is not found.type or field_type is not found.field_type:
        options = _checked_options(name, kind, field_type, options, found.has_external_options)
    wanted: dict[str, Any] = {key: value for key in _UNCHECKED if (value := getattr(change, key)) is not None}
    is_calculated = found.is_calculated or bool(wanted.get("calculation_formula"))
    return replace(
        found,
        **wanted,
        label=found.label if change.label is None else change.label,
        group_name=found.group_name if change.group_name is None else change.group_name,
        type=kind,
        field_type=field_type,
        options=tuple(options),
        is_calculated=is_calculated,
        is_value_read_only=found.is_value_read_only or is_calculated,
        updated_at=at,
        updated_by=by,
    )


def archive_property(held: ObjectProperties, name: str, at: int) -> PropertyDefinition | None:
    """The property, archived; None when there is nothing to archive, which is no error.

    Raises: HubSpotDefinedProperty, PropertyInUse.
    Source: docs/behaviour.md, section 11.
    """
    found = held.properties.get(name)
    if found is None or found.archived_at is not None:
        return None
    if found.is_hubspot_defined:
        raise HubSpotDefinedProperty(name)
    users = [
        each.name
        for each in held.active()
        if each.name != name and name in _FORMULA_NAME.findall(each.calculation_formula)
    ]
    if users:
        raise PropertyInUse(name, users)
    return replace(found, archived_at=at)


def find_property(held: ObjectProperties, name: str, *, is_archived: bool = False) -> PropertyDefinition:
    """The active property of that name, or the archived one. Raises: PropertyNotFound."""
    found = held.properties.get(name)
    if found is None or (found.archived_at is not None) is not is_archived:
        raise PropertyNotFound(name)
    return found


def create_group(held: ObjectProperties, name: str, label: str, display_order: int = -1) -> PropertyGroup:
    """Define a group; the name of an archived one brings it back, with this label.

    Raises: InvalidPropertyName, InvalidPropertyLabel, PropertyGroupExists.
    Source: observed 2026-09-29.
    """
    require_valid_name(name)
    require_valid_label(name, label)
    former = held.groups.get(name)
    if former is not None and former.archived_at is None:
        raise PropertyGroupExists(name)
    return PropertyGroup(name, label, display_order)


def change_group(
    held: ObjectProperties, name: str, label: str | None = None, display_order: int | None = None
) -> PropertyGroup:
    """A group with another label or place; None leaves it. Raises: PropertyGroupNotFound, InvalidPropertyLabel."""
    found = find_group(held, name)
    if label is not None:
        require_valid_label(name, label)
    return replace(
        found,
        label=found.label if label is None else label,
        display_order=found.display_order if display_order is None else display_order,
    )


def archive_group(held: ObjectProperties, name: str, at: int) -> PropertyGroup | None:
    """The group, archived; None when there is nothing to archive, which is no error.

    Raises: HubSpotDefinedGroup, PropertyGroupInUse.
    Source: docs/behaviour.md, section 11.
    """
    found = held.groups.get(name)
    if found is None or found.archived_at is not None:
        return None
    if any(each.group_name == name for each in held.active()):
        raise PropertyGroupInUse(name)
    if found.is_hubspot_defined:
        raise HubSpotDefinedGroup(name)
    return replace(found, archived_at=at)


def find_group(held: ObjectProperties, name: str) -> PropertyGroup:
    """The active group of that name. Raises: PropertyGroupNotFound."""
    found = held.groups.get(name)
    if found is None or found.archived_at is not None:
        raise PropertyGroupNotFound(name)
    return found


def require_valid_name(name: str) -> None:
    """Refuse what no property or group may be called.

    Raises: InvalidPropertyName. How the service tells it is unknown.
    """
    if len(name) > NAME_LENGTH_MAX or not _NAME.fullmatch(name):
        raise InvalidPropertyName(name, NAME_LENGTH_MAX)


def require_valid_label(name: str, label: str) -> None:
    """Raises: InvalidPropertyLabel."""
    if not label.strip():
        raise InvalidPropertyLabel(name)


def _require_group(held: ObjectProperties, name: str) -> None:
    find_group(held, name)


def _kinds(type_text: str, field_type_text: str) -> tuple[PropertyType, FieldType]:
    try:
        kind = PropertyType(type_text)
    except ValueError:
        raise UnknownPropertyType("type", type_text) from None
    try:
        field_type = FieldType(field_type_text)
    except ValueError:
        raise UnknownPropertyType("fieldType", field_type_text) from None
    if not is_combined(kind, field_type):
        raise MismatchedFieldType(type_text, field_type_text)
    return kind, field_type


def _checked_options(
    name: str,
    kind: PropertyType,
    field_type: FieldType,
    options: Sequence[PropertyOption],
    has_external_options: bool,
) -> tuple[PropertyOption, ...]:
    """The options to keep. Types that have none drop them; a bool without any gets yes and no."""
    if kind is PropertyType.BOOL:
        if not options:
            return _BOOLEAN_OPTIONS
        _require_boolean(name, options)
    elif kind is not PropertyType.ENUMERATION:
        return ()
    elif not options:
        if has_external_options or field_type is FieldType.CALCULATION_EQUATION:
            return ()
        if field_type is FieldType.BOOLEANCHECKBOX:
            return _BOOLEAN_OPTIONS
        raise PropertyOptionsMissing(name)
    elif field_type is FieldType.BOOLEANCHECKBOX:
        _require_boolean(name, options)
    if len(options) > OPTIONS_MAX:
        raise InvalidPropertyOption(name, options[OPTIONS_MAX].value, OptionFault.TOO_MANY)
    seen: set[str] = set()
    room = OPTIONS_CHARACTERS_MAX
    for option in options:
        room -= len(option.value) + len(option.label) + len(option.description)
        if room < 0:
            raise InvalidPropertyOption(name, option.value[:NAME_LENGTH_MAX], OptionFault.TOO_LONG)
        fault = _fault_of(option, seen)
        if fault is not None:
            raise InvalidPropertyOption(name, option.value, fault)
        seen.add(option.value)
    return tuple(options)


def _fault_of(option: PropertyOption, seen: set[str]) -> OptionFault | None:
    if not option.value.strip() or not option.label.strip():
        return OptionFault.BLANK
    if option.value != option.value.strip():
        return OptionFault.WHITESPACE
    if ";" in option.value:
        return OptionFault.SEMICOLON
    return OptionFault.REPEATED if option.value in seen else None


def _require_boolean(name: str, options: Iterable[PropertyOption]) -> None:
    for option in options:
        if option.value not in {"true", "false"}:
            raise InvalidPropertyOption(name, option.value, OptionFault.NOT_BOOLEAN)


def _require_room(
    held: ObjectProperties, limits: PropertyLimits, elsewhere: int, has_unique_value: bool
) -> None:
    custom = [each for each in held.active() if not each.is_hubspot_defined]
    if len(custom) >= limits.per_object_type:
        raise TooManyProperties(limits.per_object_type, False)
    if len(custom) + elsewhere >= limits.per_account:
        raise TooManyProperties(limits.per_account, True)
    if has_unique_value and sum(each.has_unique_value for each in custom) >= limits.unique_per_object_type:
        raise TooManyUniqueProperties(limits.unique_per_object_type)


def _require_options_alone(found: PropertyDefinition, change: PropertyChange) -> None:
    """Source: readOnlyDefinition and readOnlyOptions of modificationMetadata."""
    others = change._replace(options=None, has_unique_value=None)
    if any(value is not None for value in others):
        raise HubSpotDefinedProperty(found.name)
    has_own_options = found.type is PropertyType.ENUMERATION and not found.has_external_options
    if change.options is not None and (found.are_options_read_only or not has_own_options):
        raise HubSpotDefinedProperty(found.name)
