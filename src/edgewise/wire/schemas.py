"""Schemas: requests to what the rules change, object types to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edgewise.domain.batches import require_at_most
from edgewise.domain.labels import NewLabel
from edgewise.domain.model import AssociationType, ObjectType
from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.properties import PropertyDefinition, PropertyOption
from edgewise.domain.property_definitions import NewProperty
from edgewise.domain.schemas import Author, NewSchema, SchemaChange, linked_types
from edgewise.wire import bodies_schemas as bodies
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import is_archived
from edgewise.wire.requests import BodyReader
from edgewise.wire.schema_bodies import Shown, definition_body, schema_body
from edgewise.wire.times import timestamp

INPUTS_MAX = 100
"""Of a batch read. Ours: nothing is known."""

_create: BodyReader[bodies.ObjectSchemaEgg] = BodyReader(bodies.ObjectSchemaEgg, is_null_missing=True)
_update: BodyReader[bodies.ObjectTypeDefinitionPatch] = BodyReader(bodies.ObjectTypeDefinitionPatch)
_read_many: BodyReader[bodies.ObjectSchemaBatchReadRequest] = BodyReader(bodies.ObjectSchemaBatchReadRequest)
_associate: BodyReader[bodies.AssociationDefinitionEgg] = BodyReader(
    bodies.AssociationDefinitionEgg, is_null_missing=True
)


class Described(NamedTuple):
    """An object type and what is known of it. properties, associations: empty where they were not asked for."""

    object_type: ObjectType
    schema: ObjectSchema
    properties: Sequence[PropertyDefinition] = ()
    associations: Sequence[AssociationType] = ()


class ListSchemas(NamedTuple):
    """The schemas of the portal. is_archived: of archived object types."""

    is_archived: bool
    shown: Shown


class ReadSchemas(NamedTuple):
    """The schemas of some object types."""

    object_types: Sequence[ObjectType]
    shown: Shown


class UpdateSchema(NamedTuple):
    """What to change of an object type."""

    object_type: ObjectType
    change: SchemaChange


class RemoveSchema(NamedTuple):
    """An object type to archive; or, when it is archived, to purge. text: as the path names it."""

    text: str
    purges: bool


class CreateAssociation(NamedTuple):
    """An association to define between two object types."""

    source: ObjectType
    target: ObjectType
    new: NewLabel


class RemoveAssociation(NamedTuple):
    """An association of an object type to remove, as the path names it."""

    object_type: ObjectType
    text: str


# Decoding.


def decode_list(call: Call) -> ListSchemas:
    """Which schemas are asked for."""
    return ListSchemas(is_archived(call), _shown(call))


def decode_create(call: Call) -> NewSchema:
    """An object type to create. Labels that are left out are blank, which the rules refuse."""
    body = _create.read(call.body)
    catalog = call.portal.catalog
    associated = [catalog.object_type(text) for text in body.associated_objects or ()]
    return NewSchema(
        body.name,
        body.labels.singular or "",
        body.labels.plural or "",
        body.primary_display_property,
        body.secondary_display_properties or (),
        body.required_properties or (),
        body.searchable_properties or (),
        body.description,
        [_new_property(each) for each in body.properties or ()],
        associated,
        bool(body.should_create_same_object_association),
    )


def decode_read(call: Call) -> ReadSchemas:
    """The object type whose schema is asked for."""
    return ReadSchemas([call.portal.catalog.object_type(call.params[0])], _shown(call))


def decode_read_many(call: Call) -> ReadSchemas:
    """The object types whose schemas are asked for."""
    body = _read_many.read(call.body)
    require_at_most(INPUTS_MAX, body.inputs)
    shown = Shown(
        body.include_property_definitions, body.include_association_definitions, body.include_audit_metadata
    )
    return ReadSchemas([call.portal.catalog.object_type(text) for text in body.inputs], shown)


def decode_update(call: Call) -> UpdateSchema:
    """An object type to change."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _update.read(call.body)
    labels = body.labels or bodies.ObjectTypeDefinitionLabels()
    return UpdateSchema(
        object_type,
        SchemaChange(
            labels.singular,
            labels.plural,
            body.primary_display_property,
            body.secondary_display_properties,
            body.required_properties,
            body.searchable_properties,
            body.description,
            body.clear_description,
            body.allows_sensitive_properties,
        ),
    )


def decode_delete(call: Call) -> RemoveSchema:
    """An object type to archive or to purge."""
    return RemoveSchema(call.params[0], is_archived(call))


def decode_create_association(call: Call) -> CreateAssociation:
    """An association to define; one that nobody names is called by its ends."""
    catalog = call.portal.catalog
    object_type = catalog.object_type(call.params[0])
    body = _associate.read(call.body)
    ends = linked_types(catalog, object_type, body.from_object_type_id, body.to_object_type_id)
    name = body.name or f"{ends[0].name}_to_{ends[1].name}"
    return CreateAssociation(*ends, NewLabel(name, ""))


def decode_delete_association(call: Call) -> RemoveAssociation:
    """An association to remove."""
    return RemoveAssociation(call.portal.catalog.object_type(call.params[0]), call.params[1])


def author_of(call: Call) -> Author:
    """Who changes a schema: the user that a token acts for, if it is known."""
    return Author(call.portal.portal_id, call.at, call.caller.actor.user_id or None)


def _shown(call: Call) -> Shown:
    return Shown(
        *(
            (call.query(f"include{what}") or "").lower() != "false"
            for what in ("PropertyDefinitions", "AssociationDefinitions", "AuditMetadata")
        )
    )


def _new_property(body: bodies.ObjectTypePropertyCreate) -> NewProperty:
    return NewProperty(
        body.name,
        body.label,
        body.group_name or "",
        body.type,
        body.field_type,
        description=body.description or "",
        options=[
            PropertyOption(each.value, each.label, each.display_order, each.hidden, each.description or "")
            for each in body.options or ()
        ],
        display_order=body.display_order,
        has_unique_value=body.has_unique_value,
        has_external_options=body.external_options_reference_type is not None,
        referenced_object_type=body.external_options_reference_type or body.referenced_object_type or "",
        number_display_hint=body.number_display_hint or "",
        text_display_hint=body.text_display_hint or "",
        shows_currency=body.show_currency_symbol,
        is_hidden=body.hidden,
        is_form_field=body.form_field,
    )


# Encoding.


def encode_list(call: Call, command: ListSchemas | ReadSchemas, found: Sequence[Described]) -> Reply:
    """The schemas."""
    results = [schema_body(call, command.shown, *each) for each in found]
    return Reply(200, bodies.CollectionResponseObjectSchemaNoPaging(results))


def encode_create(call: Call, command: NewSchema, created: Described) -> Reply:
    """The schema with all that it has."""
    return Reply(201, schema_body(call, Shown(), *created))


def encode_read(call: Call, command: ReadSchemas, found: Sequence[Described]) -> Reply:
    """The schema."""
    return Reply(200, schema_body(call, command.shown, *found[0]))


def encode_update(call: Call, command: UpdateSchema, changed: Described) -> Reply:
    """The object type, without its properties and associations."""
    return Reply(200, definition_body(call, changed.object_type, changed.schema))


def encode_create_association(call: Call, command: CreateAssociation, created: AssociationType) -> Reply:
    """The half of the association that leads from the source to the target."""
    return Reply(
        201,
        bodies.AssociationDefinition(
            str(created.type_id),
            command.source.id,
            command.target.id,
            created.name,
            created_at=timestamp(call.at),
            updated_at=timestamp(call.at),
        ),
    )
