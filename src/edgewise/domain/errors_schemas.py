"""Every way a request can break a rule of the schemas of custom object types.

DomainError
  InvalidSchemaName, InvalidSchemaLabel, SchemaNameTaken, TooManyObjectTypes
  PrimaryDisplayPropertyMissing, InvalidSecondaryProperties, SchemaPropertiesUnknown, SensitivePropertiesFixed
  HubSpotDefinedSchema, SchemaInUse, SchemaActive
  AssociationElsewhere, AssociationWithItself, AssociationDefinitionUnknown
"""

from __future__ import annotations

from edgewise.domain.errors import DomainError
from edgewise.domain.model import ObjectType


class InvalidSchemaName(DomainError):
    """A name that no object type may have."""

    name: str
    length_max: int


class InvalidSchemaLabel(DomainError):
    """A label that is blank or too long. field: its key in the request."""

    field: str
    length_max: int


class SchemaNameTaken(DomainError):
    """A name that an object type of the portal has, in whatever letter case."""

    name: str


class TooManyObjectTypes(DomainError):
    """One object type more than a portal may define."""

    object_types_max: int


class PrimaryDisplayPropertyMissing(DomainError):
    """A schema that does not say which property names its records."""


class InvalidSecondaryProperties(DomainError):
    """Secondary display properties that are too many, or one of them twice."""

    properties_max: int


class SchemaPropertiesUnknown(DomainError):
    """Properties that the object type does not have. field: the key of the request that names them."""

    field: str
    names: list[str]


class SensitivePropertiesFixed(DomainError):
    """A change of whether sensitive properties are allowed, which cannot be taken back."""


class HubSpotDefinedSchema(DomainError):
    """An object type to change or archive that every portal has."""

    object_type: ObjectType


class SchemaInUse(DomainError):
    """An object type to archive that has records."""

    object_type: ObjectType


class SchemaActive(DomainError):
    """An object type to purge that is not archived."""

    object_type: ObjectType


class AssociationElsewhere(DomainError):
    """An association to define through an object type that is at neither end of it."""

    object_type: ObjectType


class AssociationWithItself(DomainError):
    """An association of an object type with itself, defined in a way that has none for it."""

    object_type: ObjectType


class AssociationDefinitionUnknown(DomainError):
    """A text that tells no association which the portal defined for the object type."""

    text: str
