"""Properties: requests to what the rules change, definitions to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from msgspec import UNSET, UnsetType

from edgewise.domain.batches import Failure, require_at_most
from edgewise.domain.errors_properties import UnknownPropertyType
from edgewise.domain.model import ObjectType
from edgewise.domain.properties import PropertyDefinition, PropertyOption
from edgewise.domain.property_definitions import NewProperty, PropertyChange
from edgewise.wire import bodies_properties as bodies
from edgewise.wire.envelopes import batch_steps
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import is_archived
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps, encoded
from edgewise.wire.times import timestamp

INPUTS_MAX = 100
"""Of a batch, as for records. Ours: nothing is known."""

NON_SENSITIVE = "non_sensitive"

_create: BodyReader[bodies.PropertyCreate] = BodyReader(bodies.PropertyCreate, is_null_missing=True)
_update: BodyReader[bodies.PropertyUpdate] = BodyReader(bodies.PropertyUpdate)
_create_many: BodyReader[bodies.BatchInputPropertyCreate] = BodyReader(
    bodies.BatchInputPropertyCreate, is_null_missing=True
)
_read_many: BodyReader[bodies.BatchReadInputPropertyName] = BodyReader(
    bodies.BatchReadInputPropertyName, is_null_missing=True
)
_archive_many: BodyReader[bodies.BatchInputPropertyName] = BodyReader(
    bodies.BatchInputPropertyName, is_null_missing=True
)


class ListProperties(NamedTuple):
    """Properties of an object type. names: those that are asked for; none asks for all."""

    object_type: ObjectType
    is_archived: bool
    sensitivity: str
    names: Sequence[str]


class OneProperty(NamedTuple):
    """A property to read or to archive."""

    object_type: ObjectType
    name: str
    is_archived: bool = False


class CreateProperties(NamedTuple):
    """Properties to create, each decided on its own."""

    object_type: ObjectType
    inputs: Sequence[NewProperty]


class ChangeProperty(NamedTuple):
    """What to change of a property."""

    object_type: ObjectType
    name: str
    change: PropertyChange


class ManyProperties(NamedTuple):
    """Properties to read or to archive together."""

    object_type: ObjectType
    names: Sequence[str]
    is_archived: bool = False


class PropertiesDone(NamedTuple):
    """What a batch found or made, and which inputs it refused."""

    properties: Sequence[PropertyDefinition]
    failures: Sequence[Failure] = ()


# Decoding.


def decode_list(call: Call) -> ListProperties:
    """Which properties are asked for. Raises: UnknownPropertyType for a sensitivity that there is not."""
    object_type = call.portal.catalog.object_type(call.params[0])
    sensitivity = call.query("dataSensitivity") or NON_SENSITIVE
    if sensitivity not in get_args(bodies.Sensitivity):
        raise UnknownPropertyType("dataSensitivity", sensitivity)
    names = [
        name.strip() for text in call.query_list("properties") for name in text.split(",") if name.strip()
    ]
    return ListProperties(object_type, is_archived(call), sensitivity, names)


def decode_one(call: Call) -> OneProperty:
    """A property to read, an archived one if that is asked for; or to archive."""
    return OneProperty(call.portal.catalog.object_type(call.params[0]), call.params[1], is_archived(call))


def decode_create(call: Call) -> CreateProperties:
    """A property to create."""
    object_type = call.portal.catalog.object_type(call.params[0])
    return CreateProperties(object_type, [_new_property(_create.read(call.body))])


def decode_batch_create(call: Call) -> CreateProperties:
    """Many properties to create."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _create_many.read(call.body).inputs
    require_at_most(INPUTS_MAX, inputs)
    return CreateProperties(object_type, [_new_property(each) for each in inputs])


def decode_update(call: Call) -> ChangeProperty:
    """A property to change."""
    object_type = call.portal.catalog.object_type(call.params[0])
    given = _given(_update.read(call.body))
    return ChangeProperty(object_type, call.params[1], PropertyChange(**given))


def decode_batch_read(call: Call) -> ManyProperties:
    """Many properties to read."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _read_many.read(call.body)
    require_at_most(INPUTS_MAX, body.inputs)
    return ManyProperties(object_type, [each.name for each in body.inputs], bool(body.archived))


def decode_batch_archive(call: Call) -> ManyProperties:
    """Many properties to archive."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _archive_many.read(call.body).inputs
    require_at_most(INPUTS_MAX, inputs)
    return ManyProperties(object_type, [each.name for each in inputs])


def _new_property(body: bodies.PropertyCreate) -> NewProperty:
    return NewProperty(**_given(body))


_RULE_NAMES = {
    "external_options": "has_external_options",
    "show_currency_symbol": "shows_currency",
    "hidden": "is_hidden",
    "form_field": "is_form_field",
}
"""What the rules call a field of a body, where it has another name there."""


def _given(body: bodies.PropertyCreate | bodies.PropertyUpdate) -> dict[str, Any]:
    """What a body says, by the names that the rules have; what it leaves out, or has as null, is left out."""
    given: dict[str, Any] = {}
    for name in body.__struct_fields__:
        value = getattr(body, name)
        if value is not None:
            given[_RULE_NAMES.get(name, name)] = value
    if "options" in given:
        given["options"] = [_option(each) for each in given["options"]]
    return given


def _option(body: bodies.OptionInput) -> PropertyOption:
    return PropertyOption(body.value, body.label, body.display_order, body.hidden, body.description or "")


# Encoding.


def encode_list(call: Call, command: ListProperties, found: Sequence[PropertyDefinition]) -> Steps[Reply]:
    """The properties that were asked for."""
    return Reply(200, bodies.CollectionResponsePropertyNoPaging((yield from _each(found))))


def encode_one(call: Call, command: object, found: PropertyDefinition) -> Reply:
    """The property."""
    return Reply(200, property_body(found))


def encode_create(call: Call, command: CreateProperties, outcome: PropertiesDone) -> Reply:
    """The property that was created, or why it was not."""
    for failure in outcome.failures:
        raise failure.error
    return Reply(201, property_body(outcome.properties[0]))


def encode_batch(call: Call, command: object, outcome: PropertiesDone) -> Steps[Reply]:
    """The properties that were created or found, and what became of the other inputs."""
    return (yield from batch_steps(call, (yield from _each(outcome.properties)), outcome.failures))


def _each(found: Sequence[PropertyDefinition]) -> Steps[list[Any]]:
    told: list[Any] = []
    for definition in found:
        told.append(encoded(property_body(definition)))
        yield
    return told


def property_body(definition: PropertyDefinition) -> bodies.Property:
    """A property as it is told. Source: observed, and docs/behaviour.md, section 11."""
    is_enumeration = bool(definition.options) or definition.has_external_options
    return bodies.Property(
        name=definition.name,
        label=definition.label,
        type=definition.type,
        field_type=definition.field_type,
        description=definition.description,
        group_name=definition.group_name,
        options=[
            bodies.Option(
                label=each.label,
                value=each.value,
                description=each.description or UNSET,
                display_order=each.display_order,
                hidden=each.is_hidden,
            )
            for each in definition.options
        ],
        created_at=_moment(definition.created_at),
        updated_at=_moment(definition.updated_at),
        archived_at=_moment(definition.archived_at),
        created_user_id=UNSET if definition.created_by is None else str(definition.created_by),
        updated_user_id=UNSET if definition.updated_by is None else str(definition.updated_by),
        referenced_object_type=definition.referenced_object_type or UNSET,
        display_order=definition.display_order,
        calculated=definition.is_calculated,
        calculation_formula=definition.calculation_formula or UNSET,
        external_options=definition.has_external_options,
        archived=definition.archived_at is not None,
        has_unique_value=definition.has_unique_value,
        hidden=definition.is_hidden,
        hubspot_defined=definition.is_hubspot_defined,
        show_currency_symbol=True if definition.shows_currency else UNSET,
        currency_property_name=definition.currency_property_name or UNSET,
        number_display_hint=definition.number_display_hint or UNSET,
        text_display_hint=definition.text_display_hint or UNSET,
        modification_metadata=bodies.PropertyModificationMetadata(
            True,
            definition.is_definition_read_only,
            definition.is_value_read_only,
            definition.are_options_read_only if is_enumeration else UNSET,
        ),
        form_field=definition.is_form_field,
        data_sensitivity=definition.data_sensitivity,
    )


def _moment(at: int | None) -> str | UnsetType:
    return UNSET if at is None else timestamp(at)
