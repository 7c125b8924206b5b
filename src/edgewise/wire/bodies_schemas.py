"""Request and response shapes of schemas, named as HubSpot names them."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from edgewise.wire.bodies import Body
from edgewise.wire.bodies_properties import NumberHint, OptionInput, Property, TextHint


class ObjectTypeDefinitionLabels(Body, omit_defaults=True):
    singular: str | None = None
    plural: str | None = None


class ObjectTypePropertyCreate(Body):
    name: str
    label: str
    type: str
    field_type: str
    group_name: str | None = None
    description: str | None = None
    options: list[OptionInput] | None = None
    display_order: int = -1
    has_unique_value: bool = False
    hidden: bool = False
    form_field: bool = False
    referenced_object_type: str | None = None
    external_options_reference_type: str | None = None
    number_display_hint: NumberHint | None = None
    text_display_hint: TextHint | None = None
    show_currency_symbol: bool = False


class ObjectSchemaEgg(Body):
    """The published schema requires other keys; these are what the service demands."""

    name: str
    labels: ObjectTypeDefinitionLabels
    primary_display_property: str | None = None
    secondary_display_properties: list[str] | None = None
    required_properties: list[str] | None = None
    searchable_properties: list[str] | None = None
    properties: list[ObjectTypePropertyCreate] | None = None
    associated_objects: list[str] | None = None
    description: str | None = None
    allows_sensitive_properties: bool | None = None
    should_create_same_object_association: bool | None = None


class ObjectTypeDefinitionPatch(Body):
    labels: ObjectTypeDefinitionLabels | None = None
    primary_display_property: str | None = None
    secondary_display_properties: list[str] | None = None
    required_properties: list[str] | None = None
    searchable_properties: list[str] | None = None
    description: str | None = None
    clear_description: bool = False
    allows_sensitive_properties: bool | None = None
    restorable: bool | None = None


class ObjectSchemaBatchReadRequest(Body):
    inputs: list[str]
    include_association_definitions: bool = True
    include_audit_metadata: bool = True
    include_property_definitions: bool = True


class AssociationDefinitionEgg(Body):
    from_object_type_id: str
    to_object_type_id: str
    name: str | None = None


class AssociationDefinition(Body):
    """An association; in a schema with its limits, as observed. Source: docs/behaviour.md, section 10."""

    id: str
    from_object_type_id: str
    to_object_type_id: str
    name: str
    cardinality: str | UnsetType = UNSET
    inverse_cardinality: str | UnsetType = UNSET
    has_user_enforced_max_to_object_ids: bool | UnsetType = UNSET
    has_user_enforced_max_from_object_ids: bool | UnsetType = UNSET
    max_to_object_ids: int | UnsetType = UNSET
    max_from_object_ids: int | UnsetType = UNSET
    created_at: str | UnsetType | None = UNSET
    updated_at: str | UnsetType | None = UNSET


class _Described(Body, kw_only=True):
    """What both answers begin with."""

    labels: ObjectTypeDefinitionLabels
    required_properties: list[str]
    searchable_properties: list[str]
    primary_display_property: str
    secondary_display_properties: list[str]
    description: str | UnsetType = UNSET
    allows_sensitive_properties: bool
    archived: bool
    restorable: bool | UnsetType = UNSET
    meta_type: str | UnsetType = UNSET
    id: str
    fully_qualified_name: str


class ObjectTypeDefinition(_Described, kw_only=True):
    portal_id: int | UnsetType = UNSET
    created_at: str
    updated_at: str
    object_type_id: str
    name: str


class ObjectSchema(_Described, kw_only=True):
    created_by_user_id: int | UnsetType = UNSET
    updated_by_user_id: int | UnsetType = UNSET
    object_type_id: str
    properties: list[Property]
    associations: list[AssociationDefinition]
    name: str
    created_at: str | UnsetType = UNSET
    updated_at: str | UnsetType = UNSET


class CollectionResponseObjectSchemaNoPaging(Body):
    results: list[ObjectSchema]
