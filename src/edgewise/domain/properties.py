"""Properties: what a value of a record is called, what it may be, and how it is shown.

Source: API description of properties, 2026-09 (types and field types); docs/behaviour.md, section 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class PropertyType(StrEnum):
    """What kind of values a property has. Portals define all but the last two."""

    STRING = "string"
    NUMBER = "number"
    BOOL = "bool"
    ENUMERATION = "enumeration"
    DATE = "date"
    DATETIME = "datetime"
    PHONE_NUMBER = "phone_number"
    OBJECT_COORDINATES = "object_coordinates"
    JSON = "json"


class FieldType(StrEnum):
    """How a property is shown and edited. The last three are of calculated properties that HubSpot defines."""

    TEXT = "text"
    TEXTAREA = "textarea"
    HTML = "html"
    FILE = "file"
    PHONENUMBER = "phonenumber"
    NUMBER = "number"
    DATE = "date"
    BOOLEANCHECKBOX = "booleancheckbox"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    SELECT = "select"
    CALCULATION_EQUATION = "calculation_equation"
    CALCULATION_ROLLUP = "calculation_rollup"
    CALCULATION_READ_TIME = "calculation_read_time"
    CALCULATION_SCORE = "calculation_score"


_CALCULATED_BY_HUBSPOT = frozenset(
    {FieldType.CALCULATION_ROLLUP, FieldType.CALCULATION_READ_TIME, FieldType.CALCULATION_SCORE}
)

FIELD_TYPES: Mapping[PropertyType, frozenset[FieldType]] = {
    PropertyType.STRING: frozenset(
        {
            FieldType.TEXT,
            FieldType.TEXTAREA,
            FieldType.HTML,
            FieldType.FILE,
            FieldType.PHONENUMBER,
            FieldType.CALCULATION_EQUATION,
        }
    ),
    PropertyType.NUMBER: frozenset({FieldType.NUMBER, FieldType.CALCULATION_EQUATION}),
    PropertyType.BOOL: frozenset({FieldType.BOOLEANCHECKBOX, FieldType.CALCULATION_EQUATION}),
    PropertyType.ENUMERATION: frozenset(
        {
            FieldType.SELECT,
            FieldType.RADIO,
            FieldType.CHECKBOX,
            FieldType.BOOLEANCHECKBOX,
            FieldType.CALCULATION_EQUATION,
        }
    ),
    PropertyType.DATE: frozenset({FieldType.DATE}),
    PropertyType.DATETIME: frozenset({FieldType.DATE}),
    PropertyType.PHONE_NUMBER: frozenset({FieldType.PHONENUMBER}),
}
"""Which field types go with a type, of the types that a portal may define."""


def is_combined(kind: PropertyType, field_type: FieldType, *, by_hubspot: bool = False) -> bool:
    """Whether a field type can show values of the type; HubSpot's own properties combine more freely."""
    if field_type in FIELD_TYPES.get(kind, ()):
        return True
    if not by_hubspot:
        return False
    is_calculated = field_type in _CALCULATED_BY_HUBSPOT or field_type is FieldType.CALCULATION_EQUATION
    return is_calculated or (kind not in FIELD_TYPES and field_type is FieldType.TEXT)


_NO_VALUES: frozenset[str] = frozenset()
"""Of the many properties without options; each empty set would be another one."""


class PropertyOption(NamedTuple):
    """A value that an enumeration may have. display_order: from 0; -1 after all others."""

    value: str
    label: str
    display_order: int = -1
    is_hidden: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class PropertyGroup:
    """A heading under which an object type shows properties. archived_at: milliseconds since the epoch, or None."""

    name: str
    label: str
    display_order: int = -1
    is_hubspot_defined: bool = False
    archived_at: int | None = None


@dataclass(frozen=True, slots=True)
class PropertyDefinition:
    """A property of an object type.

    has_external_options: what an enumeration may hold is kept elsewhere, such as in pipelines and owners.
    referenced_object_type: whose ids the values are, such as OWNER; empty for none.
    created_at, updated_at, archived_at: milliseconds since the epoch; None for a HubSpot-defined property.
    created_by, updated_by: user ids, or None.
    """

    name: str
    label: str
    group_name: str
    type: PropertyType = PropertyType.STRING
    field_type: FieldType = FieldType.TEXT
    description: str = ""
    options: tuple[PropertyOption, ...] = ()
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
    is_calculated: bool = False
    is_hidden: bool = False
    is_form_field: bool = False
    is_hubspot_defined: bool = False
    is_value_read_only: bool = False
    are_options_read_only: bool = False
    created_at: int | None = None
    updated_at: int | None = None
    archived_at: int | None = None
    created_by: int | None = None
    updated_by: int | None = None
    option_values: frozenset[str] = field(init=False, repr=False, compare=False)
    """The values of the options, for a quick look whether one of them was sent."""

    def __post_init__(self) -> None:
        values = frozenset(option.value for option in self.options) if self.options else _NO_VALUES
        object.__setattr__(self, "option_values", values)

    @property
    def is_definition_read_only(self) -> bool:
        return self.is_hubspot_defined

    @property
    def is_multiple(self) -> bool:
        """Whether a value may be several options, joined by semicolons."""
        return self.type is PropertyType.ENUMERATION and self.field_type is FieldType.CHECKBOX


class ObjectProperties(NamedTuple):
    """The properties and groups of one object type by name, archived ones too."""

    properties: Mapping[str, PropertyDefinition]
    groups: Mapping[str, PropertyGroup]

    def with_own(self, own: ObjectProperties) -> ObjectProperties:
        """These, with what a portal defined beside them, and in their place."""
        return ObjectProperties({**self.properties, **own.properties}, {**self.groups, **own.groups})

    def unique_names(self) -> tuple[str, ...]:
        """The properties of which no two live records may have the same value."""
        return tuple(
            each.name for each in self.active() if each.has_unique_value and not each.is_value_read_only
        )

    def active(self) -> list[PropertyDefinition]:
        return [each for each in self.properties.values() if each.archived_at is None]

    def active_groups(self) -> list[PropertyGroup]:
        return [each for each in self.groups.values() if each.archived_at is None]
