"""Schemas: creating, changing, archiving and purging the object types that a portal defines.

Source, where a docstring names no other: docs/behaviour.md, section 10.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import UnknownObjectType
from edgewise.domain.errors_properties import RequiredPropertiesMissing
from edgewise.domain.errors_schemas import (
    AssociationDefinitionUnknown,
    AssociationElsewhere,
    AssociationWithItself,
    HubSpotDefinedSchema,
    InvalidSchemaLabel,
    InvalidSchemaName,
    InvalidSecondaryProperties,
    PrimaryDisplayPropertyMissing,
    SchemaActive,
    SchemaNameTaken,
    SchemaPropertiesUnknown,
    SensitivePropertiesFixed,
    TooManyObjectTypes,
)
from edgewise.domain.identifiers import is_number
from edgewise.domain.labels import unlabelled_halves
from edgewise.domain.model import (
    AssociationType,
    Category,
    ObjectType,
    PortalTypes,
    TypesChange,
    object_type_code,
    object_type_id,
)
from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.properties import ObjectProperties, PropertyDefinition
from edgewise.domain.property_definitions import NewProperty, create_property
from edgewise.domain.property_ports import PropertiesChange
from edgewise.domain.property_values import missing_required

LENGTH_MAX = 50
"""Of names and labels, in characters."""

SECONDARY_MAX = 2
OBJECT_TYPES_MAX = 20
"""What an account was seen to have. Source: docs/behaviour.md, section 12."""

ACTIVITY_IDS = ("0-4", "0-18", "0-27", "0-46", "0-47", "0-48", "0-49", "0-116")
"""What a new object type can be linked to at once: nine kinds of activities, of which these have known ids."""

_USUAL_PROPERTIES = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


class NewSchema(NamedTuple):
    """An object type to create. The first lists name properties; properties: those that only it has.

    associated: what its records can be linked to beside activities.
    """

    name: str
    singular: str
    plural: str
    primary_display_property: str | None
    secondary_display_properties: Sequence[str] = ()
    required_properties: Sequence[str] = ()
    searchable_properties: Sequence[str] = ()
    description: str | None = None
    properties: Sequence[NewProperty] = ()
    associated: Sequence[ObjectType] = ()
    is_linked_to_itself: bool = False


class SchemaChange(NamedTuple):
    """What to change of an object type; None leaves it."""

    singular: str | None = None
    plural: str | None = None
    primary_display_property: str | None = None
    secondary_display_properties: Sequence[str] | None = None
    required_properties: Sequence[str] | None = None
    searchable_properties: Sequence[str] | None = None
    description: str | None = None
    clears_description: bool = False
    allows_sensitive_properties: bool | None = None


class Author(NamedTuple):
    """Where and when a schema is changed. at: milliseconds since the epoch. user_id: who does it, or None."""

    portal_id: int
    at: int
    user_id: int | None = None


def defined_schema(types: PortalTypes, object_type: ObjectType) -> ObjectSchema | None:
    """The schema that the portal defined of an object type, or None."""
    return next((each for each in types.schemas if each.code == object_type.code), None)


def schema_of(types: PortalTypes, object_type: ObjectType) -> ObjectSchema:
    """The schema of an object type of the portal; one that was defined without, gets what can be told of it."""
    return defined_schema(types, object_type) or ObjectSchema(
        object_type.code,
        object_type.name,
        object_type.name.replace("_", " ").capitalize(),
        object_type.plural.replace("_", " ").capitalize(),
        "hs_object_id",
    )


def required_properties(types: PortalTypes, object_type: ObjectType) -> Sequence[str]:
    """What a new record must have; nothing but where a portal's own schema demands it."""
    schema = defined_schema(types, object_type) if object_type.is_custom else None
    return () if schema is None else schema.required_properties


def lacking(
    types: PortalTypes, object_type: ObjectType, values: Mapping[str, str | None]
) -> RequiredPropertiesMissing | None:
    """Why values are too few for a new record of a custom object type: its schema demands more. Else None."""
    missing = missing_required(required_properties(types, object_type), values)
    return RequiredPropertiesMissing(object_type, missing) if missing else None


def archived_schema(types: PortalTypes, portal_id: int, text: str) -> ObjectSchema | None:
    """The archived object type that a path names, by id or fully qualified name, or None."""
    wanted = text.casefold()
    for schema in types.schemas:
        told = object_type_for(schema, portal_id)
        if schema.is_archived and wanted in {told.id, *(alias.casefold() for alias in told.aliases)}:
            return schema
    return None


def object_type_for(schema: ObjectSchema, portal_id: int) -> ObjectType:
    """What the catalog has of a schema."""
    type_id = object_type_id(schema.code)
    qualified = f"p{portal_id}_{schema.name}"
    return ObjectType(schema.code, type_id, schema.name, schema.plural, (qualified,), _USUAL_PROPERTIES)


def _new_properties(
    held: ObjectProperties, given: Iterable[NewProperty], author: Author
) -> tuple[PropertyDefinition, ...]:
    """The properties that a new object type is to have beside those that all have; without a group, in its first."""
    first_group = next(iter(held.groups))
    definitions: dict[str, PropertyDefinition] = {}
    for new in given:
        known = ObjectProperties({**held.properties, **definitions}, held.groups)
        wanted = new if new.group_name else new._replace(group_name=first_group)
        definitions[new.name] = create_property(known, wanted, author.at, by=author.user_id)
    return tuple(definitions.values())


def create_schema(
    catalog: Catalog, types: PortalTypes, new: NewSchema, held: ObjectProperties, author: Author
) -> TypesChange:
    """Define an object type, and how its records are linked to activities and to what else was asked for.

    catalog: that of `types`. held: the properties that a new object type has. An archived one with the name is purged.
    Raises: InvalidSchemaName, InvalidSchemaLabel, PrimaryDisplayPropertyMissing, InvalidSecondaryProperties,
    SchemaPropertiesUnknown, SchemaNameTaken, TooManyObjectTypes; as `create_property`.
    """
    if len(new.name) > LENGTH_MAX or not _NAME.fullmatch(new.name):
        raise InvalidSchemaName(new.name, LENGTH_MAX)
    _require_label("singular", new.singular)
    _require_label("plural", new.plural)
    if not new.primary_display_property:
        raise PrimaryDisplayPropertyMissing
    taken = {each.name.casefold() for each in types.object_types}
    if new.name.casefold() in taken:
        raise SchemaNameTaken(new.name)
    if len(types.object_types) >= OBJECT_TYPES_MAX:
        raise TooManyObjectTypes(OBJECT_TYPES_MAX)
    properties = _new_properties(held, new.properties, author)
    schema = ObjectSchema(
        object_type_code(f"2-{types.next_object_number}"),
        new.name,
        new.singular,
        new.plural,
        new.primary_display_property,
        tuple(new.secondary_display_properties),
        tuple(dict.fromkeys(new.required_properties)),
        tuple(dict.fromkeys(new.searchable_properties)) or ("hs_object_id",),
        new.description,
        author.at,
        author.at,
        author.user_id,
        author.user_id,
    )
    _require_properties(schema, {*held.properties, *(each.name for each in properties)})
    object_type = object_type_for(schema, author.portal_id)
    return TypesChange(
        added=_first_types(catalog, types, object_type, new),
        object_types=(object_type,),
        schemas=(schema,),
        properties={schema.code: PropertiesChange(properties, tuple(held.groups.values()))},
        purged=[
            each.code
            for each in types.schemas
            if each.is_archived and each.name.casefold() == new.name.casefold()
        ],
    )


def change_schema(
    types: PortalTypes,
    object_type: ObjectType,
    change: SchemaChange,
    property_names: Collection[str],
    author: Author,
) -> TypesChange:
    """Give an object type other labels and other properties to show, to demand and to search in.

    property_names: of the properties that the object type has.
    Raises: HubSpotDefinedSchema, InvalidSchemaLabel, InvalidSecondaryProperties, SchemaPropertiesUnknown,
    PrimaryDisplayPropertyMissing, SensitivePropertiesFixed.
    """
    held = _own_schema(types, object_type)
    if change.allows_sensitive_properties is False:
        raise SensitivePropertiesFixed
    wanted: dict[str, Any] = {
        name: tuple(dict.fromkeys(value))
        for name in ("required_properties", "searchable_properties")
        if (value := getattr(change, name)) is not None
    }
    if change.secondary_display_properties is not None:
        wanted["secondary_display_properties"] = tuple(change.secondary_display_properties)
    for name in ("singular", "plural", "primary_display_property", "description"):
        if getattr(change, name) is not None:
            wanted[name] = getattr(change, name)
    if change.clears_description:
        wanted["description"] = None
    schema = replace(held, **wanted, updated_at=author.at, updated_by=author.user_id)
    if not schema.searchable_properties:
        schema = replace(schema, searchable_properties=("hs_object_id",))
    _require_label("singular", schema.singular)
    _require_label("plural", schema.plural)
    if not schema.primary_display_property:
        raise PrimaryDisplayPropertyMissing
    _require_properties(schema, property_names)
    return TypesChange(object_types=(replace(object_type, plural=schema.plural),), schemas=(schema,))


def archive_schema(types: PortalTypes, object_type: ObjectType, author: Author) -> TypesChange:
    """Take an object type without records out of use, with its associations. Raises: HubSpotDefinedSchema."""
    held = _own_schema(types, object_type)
    archived = replace(held, archived_at=author.at, updated_at=author.at, updated_by=author.user_id)
    return TypesChange(
        removed=[each.key for each in types.association_types if _is_end(object_type, each)],
        removed_object_types=(object_type.code,),
        schemas=(archived,),
        vacant=(object_type.code,),
    )


def purge_schema(catalog: Catalog, types: PortalTypes, portal_id: int, text: str) -> TypesChange:
    """Remove an archived object type for good, with its records, which are archived too.

    Raises: SchemaActive, HubSpotDefinedSchema; UnknownObjectType and InvalidObjectTypeId for one that is not there.
    """
    schema = archived_schema(types, portal_id, text)
    if schema is None:
        object_type = catalog.object_type(text)
        _own_schema(types, object_type)
        raise SchemaActive(object_type)
    return TypesChange(purged=(schema.code,))


def linked_types(
    catalog: Catalog, object_type: ObjectType, source: str, target: str
) -> tuple[ObjectType, ObjectType]:
    """The two ends of an association to define, which differ: an object type is linked with itself by a label.

    Raises: AssociationWithItself, AssociationElsewhere; as `Catalog.object_type`.
    """
    ends = catalog.object_type(source), catalog.object_type(target)
    if ends[0].code == ends[1].code:
        raise AssociationWithItself(ends[0])
    if object_type.code not in [end.code for end in ends]:
        raise AssociationElsewhere(object_type)
    return ends


def association_type(types: PortalTypes, object_type: ObjectType, text: str) -> AssociationType:
    """The association of an object type that a path names: by number, or by name in any letter case.

    Raises: AssociationDefinitionUnknown.
    """
    own = [each for each in types.association_types if _is_end(object_type, each)]
    for each in own:
        if each.category is Category.USER_DEFINED and text == str(each.type_id):
            return each
    found = None if is_number(text) else next((e for e in own if e.name.casefold() == text.casefold()), None)
    if found is None:
        raise AssociationDefinitionUnknown(text)
    return found


def require_active(types: PortalTypes, object_type: ObjectType) -> None:
    """Refuse what is about an object type that another call archived meanwhile. Raises: UnknownObjectType."""
    if object_type.is_custom and all(each.code != object_type.code for each in types.object_types):
        raise UnknownObjectType(object_type.id)


def _own_schema(types: PortalTypes, object_type: ObjectType) -> ObjectSchema:
    if not object_type.is_custom:
        raise HubSpotDefinedSchema(object_type)
    require_active(types, object_type)
    return schema_of(types, object_type)


def _require_label(field: str, label: str) -> None:
    if not label.strip() or len(label) > LENGTH_MAX:
        raise InvalidSchemaLabel(field, LENGTH_MAX)


def _require_properties(schema: ObjectSchema, property_names: Collection[str]) -> None:
    secondary = schema.secondary_display_properties
    if len(secondary) > SECONDARY_MAX or len(set(secondary)) < len(secondary):
        raise InvalidSecondaryProperties(SECONDARY_MAX)
    for field, names in (
        ("primaryDisplayProperty", (schema.primary_display_property,)),
        ("secondaryDisplayProperties", secondary),
        ("requiredProperties", schema.required_properties),
        ("searchableProperties", schema.searchable_properties),
    ):
        unknown = [name for name in names if name not in property_names]
        if unknown:
            raise SchemaPropertiesUnknown(field, unknown)


def _first_types(
    catalog: Catalog, types: PortalTypes, object_type: ObjectType, new: NewSchema
) -> list[AssociationType]:
    """The unlabelled types that a new object type starts with."""
    itself = [object_type] if new.is_linked_to_itself else []
    targets = {
        target.code: target for target in (*map(catalog.object_type, ACTIVITY_IDS), *new.associated, *itself)
    }
    taken = {each.name.casefold() for each in types.association_types}
    added: list[AssociationType] = []
    for target in targets.values():
        name = f"{object_type.name}_to_{target.name}"
        while name.casefold() in taken:
            name += "_unlabeled"
        added += unlabelled_halves(object_type, target, types.next_type_id + len(added), name)
    return added


def _is_end(object_type: ObjectType, link_type: AssociationType) -> bool:
    return object_type.code in (link_type.source_type, link_type.target_type)
