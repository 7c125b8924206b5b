"""Every way a request can break a rule of properties, their groups and their values.

DomainError
  PropertyValuesInvalid, RequiredPropertiesMissing        values of a record
  PropertyNotFound, PropertyExists, HubSpotDefinedProperty, PropertyInUse
  InvalidPropertyName, InvalidPropertyLabel, UnknownPropertyType, MismatchedFieldType
  PropertyOptionsMissing, InvalidPropertyOption, UniqueValueFixed
  TooManyProperties, TooManyUniqueProperties
  PropertyGroupNotFound, PropertyGroupExists, PropertyGroupInUse, HubSpotDefinedGroup
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType


class InvalidValue(NamedTuple):
    """A value that its property cannot have. error: the code; value: as it was sent."""

    message: str
    error: str
    name: str
    portal_id: int
    value: str

    @property
    def is_valid(self) -> bool:
        return False

    @property
    def localized_message(self) -> str:
        return self.message


class OptionFault(Enum):
    """What is wrong with an option of a property."""

    BLANK = auto()
    REPEATED = auto()
    WHITESPACE = auto()
    SEMICOLON = auto()
    NOT_BOOLEAN = auto()
    TOO_MANY = auto()
    TOO_LONG = auto()


class PropertyValuesInvalid(DomainError):
    """Values that a record cannot have: all of them, in the order of the request."""

    invalid: list[InvalidValue]


class RequiredPropertiesMissing(DomainError):
    """A record to create without properties that its object type demands."""

    object_type: ObjectType
    names: list[str]


class PropertyNotFound(DomainError):
    """A property that the object type does not have, or that is archived."""

    name: str


class PropertyExists(DomainError):
    """A name that an active property of the object type has."""

    name: str


class HubSpotDefinedProperty(DomainError):
    """A property to change or archive that every portal has."""

    name: str


class PropertyInUse(DomainError):
    """A property to archive that others are calculated from. users: their names."""

    name: str
    users: list[str]


class InvalidPropertyName(DomainError):
    """A name that no property or group may have."""

    name: str
    length_max: int


class InvalidPropertyLabel(DomainError):
    """A label that is blank. name: of the property or group."""

    name: str


class UnknownPropertyType(DomainError):
    """A text that is no type or field type. field: its key in the request."""

    field: str
    text: str


class MismatchedFieldType(DomainError):
    """A field type that cannot show values of the type."""

    type: str
    field_type: str


class PropertyOptionsMissing(DomainError):
    """An enumeration without options."""

    name: str


class InvalidPropertyOption(DomainError):
    """An option that a property cannot have. value: of the option."""

    name: str
    value: str
    fault: OptionFault


class UniqueValueFixed(DomainError):
    """A change of whether the values of a property are unique, which is settled when it is created."""

    name: str


class TooManyProperties(DomainError):
    """One property more than a portal may define: of the object type, or of all together when is_of_account."""

    properties_max: int
    is_of_account: bool


class TooManyUniqueProperties(DomainError):
    """One property with unique values more than an object type may have."""

    unique_max: int


class PropertyGroupNotFound(DomainError):
    """A group that the object type does not have."""

    name: str


class PropertyGroupExists(DomainError):
    """A name that an active group of the object type has."""

    name: str


class PropertyGroupInUse(DomainError):
    """A group to archive that holds active properties."""

    name: str


class HubSpotDefinedGroup(DomainError):
    """A group to archive that every portal has."""

    name: str
