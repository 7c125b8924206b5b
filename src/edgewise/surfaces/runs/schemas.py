"""What the operations on schemas ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.data import hubspot_schemas
from edgewise.data.properties import custom_properties
from edgewise.domain import labels, schemas
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors_schemas import SchemaInUse
from edgewise.domain.model import AssociationType, ObjectType, PortalTypes, TypesChange
from edgewise.domain.ports import Store
from edgewise.domain.schemas import NewSchema
from edgewise.surfaces.runs.definitions import change_types
from edgewise.wire.messages import Call
from edgewise.wire.schema_bodies import listed_associations
from edgewise.wire.schemas import (
    CreateAssociation,
    Described,
    ListSchemas,
    ReadSchemas,
    RemoveAssociation,
    RemoveSchema,
    UpdateSchema,
    author_of,
)


async def list_schemas(store: Store, call: Call, command: ListSchemas) -> Sequence[Described]:
    """The schemas of the object types that the portal defined."""
    portal = call.portal
    types, catalog = await _now(store, call)
    archived = [
        Described(schemas.object_type_for(each, portal.portal_id), each)
        for each in types.schemas
        if each.is_archived
    ]
    if command.is_archived and portal.quirks.archived_schemas == "only":
        return archived
    active = [await _described(store, call, catalog, types, each) for each in types.object_types]
    return [*active, *archived] if command.is_archived else active


async def read_schemas(store: Store, call: Call, command: ReadSchemas) -> Sequence[Described]:
    """The schemas of some object types, HubSpot's own among them."""
    types, catalog = await _now(store, call)
    return [await _described(store, call, catalog, types, each) for each in command.object_types]


async def create_schema(store: Store, call: Call, command: NewSchema) -> Described:
    """Define an object type, with its properties and what it can be linked to."""
    held = custom_properties(command.name, command.singular)
    author = author_of(call)
    types, change, _ = await change_types(
        store,
        call,
        lambda catalog, types: schemas.create_schema(catalog, types, command, held, author),
    )
    return await _described(store, call, call.portal.catalog_of(types), types, change.object_types[0])


async def update_schema(store: Store, call: Call, command: UpdateSchema) -> Described:
    """Change an object type."""
    object_type, wanted = command
    author = author_of(call)
    await _now(store, call)
    held = (await call.portal.definitions(store, object_type)).held
    names = {each.name for each in held.active()}

    def decide(catalog: Catalog, types: PortalTypes) -> TypesChange:
        return schemas.change_schema(types, object_type, wanted, names, author)

    types, change, _ = await change_types(store, call, decide)
    return await _described(store, call, call.portal.catalog_of(types), types, change.object_types[0])


async def remove_schema(store: Store, call: Call, command: RemoveSchema) -> None:
    """Archive an object type; or purge an archived one. Raises: SchemaInUse."""
    text, author = command.text, author_of(call)

    def decide(catalog: Catalog, types: PortalTypes) -> TypesChange:
        if command.purges:
            return schemas.purge_schema(catalog, types, author.portal_id, text)
        if schemas.archived_schema(types, author.portal_id, text) is not None:
            return TypesChange()
        return schemas.archive_schema(types, catalog.object_type(text), author)

    changed = await change_types(store, call, decide)
    if changed.occupied:
        raise SchemaInUse(call.portal.catalog.object_type_of(changed.occupied[0]))


async def create_association(store: Store, call: Call, command: CreateAssociation) -> AssociationType:
    """Define the unlabelled association of two object types; answers the half that leads from the first."""
    source, target, new = command
    maximum = call.portal.rules.labels_per_pair_max

    def decide(catalog: Catalog, types: PortalTypes) -> TypesChange:
        for end in (source, target):
            schemas.require_active(types, end)
        return labels.create_label(labels.definitions_between(catalog, types, source, target), new, maximum)

    return (await change_types(store, call, decide)).change.added[0]


async def remove_association(store: Store, call: Call, command: RemoveAssociation) -> None:
    """Remove an association, also from the records that it links."""
    object_type, text = command

    def decide(catalog: Catalog, types: PortalTypes) -> TypesChange:
        found = schemas.association_type(types, object_type, text)
        ends = (catalog.object_type_of(code) for code in (found.source_type, found.target_type))
        return labels.delete_label(labels.definitions_between(catalog, types, *ends), found.type_id)

    await change_types(store, call, decide)


async def _now(store: Store, call: Call) -> tuple[PortalTypes, Catalog]:
    """What the portal defines now, whichever server was told."""
    types = await store.portal_types(call.portal.portal_id)
    call.portal.adopt(types)
    return types, call.portal.catalog_of(types)


async def _described(
    store: Store, call: Call, catalog: Catalog, types: PortalTypes, object_type: ObjectType
) -> Described:
    schemas.require_active(types, object_type)
    held = (await call.portal.definitions(store, object_type)).held
    return Described(
        object_type,
        schemas.schema_of(types, object_type)
        if object_type.is_custom
        else hubspot_schemas()[object_type.code],
        held.active(),
        listed_associations(list(catalog.association_types), object_type),
    )
