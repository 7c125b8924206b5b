"""How a schema is told: the object type, its properties and its associations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain.model import AssociationType, Holder, ObjectType, object_number, object_type_id
from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.properties import PropertyDefinition
from edgewise.wire import bodies_schemas as bodies
from edgewise.wire.messages import Call
from edgewise.wire.properties import property_body
from edgewise.wire.times import timestamp

UNLIMITED = 500_000
"""What stands for no limit. Source: docs/behaviour.md, section 6.3, observed."""


class Shown(NamedTuple):
    """What of a schema is asked for."""

    properties: bool = True
    associations: bool = True
    audit: bool = True


def schema_body(
    call: Call,
    shown: Shown,
    object_type: ObjectType,
    schema: ObjectSchema,
    properties: Sequence[PropertyDefinition],
    associations: Sequence[AssociationType],
) -> bodies.ObjectSchema:
    """A schema as reads tell it; HubSpot's own begin with the epoch."""
    body = bodies.ObjectSchema(
        **_common(call, object_type, schema),
        properties=[property_body(each) for each in properties] if shown.properties else [],
        associations=[association_body(call, each) for each in associations] if shown.associations else [],
    )
    if shown.audit:
        body.created_by_user_id = UNSET if schema.created_by is None else schema.created_by
        body.updated_by_user_id = UNSET if schema.updated_by is None else schema.updated_by
    return body


def definition_body(call: Call, object_type: ObjectType, schema: ObjectSchema) -> bodies.ObjectTypeDefinition:
    """An object type as a change answers it."""
    return bodies.ObjectTypeDefinition(**_common(call, object_type, schema), portal_id=call.portal.portal_id)


def _common(call: Call, object_type: ObjectType, schema: ObjectSchema) -> dict[str, Any]:
    is_recorded = call.portal.quirks.schema_details == "recorded"
    name = object_type.name
    if not object_type.is_custom:
        name = next((each for each in object_type.aliases if each.isupper()), name.upper())
    qualified = next(iter(object_type.aliases), name) if object_type.is_custom else name
    return {
        "labels": bodies.ObjectTypeDefinitionLabels(schema.singular, schema.plural),
        "required_properties": list(schema.required_properties),
        "searchable_properties": list(schema.searchable_properties),
        "primary_display_property": schema.primary_display_property,
        "secondary_display_properties": list(schema.secondary_display_properties),
        "description": UNSET if schema.description is None else schema.description,
        "allows_sensitive_properties": True,
        "archived": schema.is_archived,
        "restorable": True if is_recorded and object_type.is_custom else UNSET,
        "meta_type": ("PORTAL_SPECIFIC" if object_type.is_custom else "HUBSPOT") if is_recorded else UNSET,
        "id": str(object_number(object_type.code)),
        "fully_qualified_name": qualified,
        "created_at": timestamp(schema.created_at),
        "updated_at": timestamp(schema.updated_at),
        "object_type_id": object_type.id,
        "name": name,
    }


def association_body(call: Call, link_type: AssociationType) -> bodies.AssociationDefinition:
    """An association as a schema lists it; its name in capitals. Source: docs/behaviour.md, section 10, observed."""
    source, target = object_type_id(link_type.source_type), object_type_id(link_type.target_type)
    body = bodies.AssociationDefinition(str(link_type.type_id), source, target, link_type.name.upper())
    if call.portal.quirks.schema_details == "recorded":
        limits = call.portal.types.limits
        there, back = (limits.get(key) for key in (link_type.key, link_type.mirror_key))
        body.cardinality = "ONE_TO_ONE" if link_type.holder is Holder.SOURCE else "ONE_TO_MANY"
        body.inverse_cardinality = "ONE_TO_ONE" if link_type.holder is Holder.TARGET else "ONE_TO_MANY"
        body.has_user_enforced_max_to_object_ids = there is not None
        body.has_user_enforced_max_from_object_ids = back is not None
        body.max_to_object_ids = UNLIMITED if there is None else there
        body.max_from_object_ids = UNLIMITED if back is None else back
        body.created_at = body.updated_at = None
    return body


def listed_associations(types: Sequence[AssociationType], object_type: ObjectType) -> list[AssociationType]:
    """The associations that a schema lists: those that end at the object type, in either direction."""
    return [
        each
        for each in types
        if object_type.code in (each.source_type, each.target_type) and not each.is_legacy
    ]
