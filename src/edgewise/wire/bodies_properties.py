"""Request and response shapes of properties and their groups, named as HubSpot names them."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from edgewise.wire.bodies import BatchResponse, Body

Sensitivity = Literal["highly_sensitive", "non_sensitive", "sensitive"]
NumberHint = Literal["currency", "duration", "formatted", "percentage", "probability", "unformatted"]
TextHint = Literal[
    "domain_name",
    "email",
    "ip_address",
    "multi_line",
    "phone_number",
    "physical_address",
    "postal_code",
    "unformatted_single_line",
]


class OptionInput(Body):
    """The published schema requires more; what is left out is as HubSpot's own pages would send it."""

    label: str
    value: str
    display_order: int = -1
    hidden: bool = False
    description: str | None = None


class PropertyCreate(Body):
    name: str
    label: str
    type: str
    field_type: str
    group_name: str
    description: str | None = None
    options: list[OptionInput] | None = None
    display_order: int | None = None
    has_unique_value: bool | None = None
    hidden: bool | None = None
    form_field: bool | None = None
    external_options: bool | None = None
    referenced_object_type: str | None = None
    calculation_formula: str | None = None
    data_sensitivity: Sensitivity | None = None
    currency_property_name: str | None = None
    number_display_hint: NumberHint | None = None
    text_display_hint: TextHint | None = None
    show_currency_symbol: bool | None = None


class PropertyUpdate(Body):
    """hasUniqueValue is published nowhere, and answered, since it cannot be changed."""

    label: str | None = None
    type: str | None = None
    field_type: str | None = None
    group_name: str | None = None
    description: str | None = None
    options: list[OptionInput] | None = None
    display_order: int | None = None
    has_unique_value: bool | None = None
    hidden: bool | None = None
    form_field: bool | None = None
    calculation_formula: str | None = None
    currency_property_name: str | None = None
    number_display_hint: NumberHint | None = None
    text_display_hint: TextHint | None = None
    show_currency_symbol: bool | None = None


class BatchInputPropertyCreate(Body):
    inputs: list[PropertyCreate]


class PropertyName(Body):
    name: str


class BatchInputPropertyName(Body):
    inputs: list[PropertyName]


class BatchReadInputPropertyName(Body):
    """The published schema requires every key; older clients leave out all but the inputs."""

    inputs: list[PropertyName]
    archived: bool | None = None
    data_sensitivity: Sensitivity | None = None


class PropertyGroupCreate(Body):
    name: str
    label: str
    display_order: int | None = None


class PropertyGroupUpdate(Body):
    label: str | None = None
    display_order: int | None = None


class Option(Body, kw_only=True):
    label: str
    value: str
    description: str | UnsetType = UNSET
    display_order: int
    hidden: bool


class PropertyModificationMetadata(Body):
    archivable: bool
    read_only_definition: bool
    read_only_value: bool
    read_only_options: bool | UnsetType = UNSET


class Property(Body, kw_only=True):
    updated_at: str | UnsetType = UNSET
    created_at: str | UnsetType = UNSET
    archived_at: str | UnsetType = UNSET
    name: str
    label: str
    type: str
    field_type: str
    description: str
    group_name: str
    options: list[Option]
    created_user_id: str | UnsetType = UNSET
    updated_user_id: str | UnsetType = UNSET
    referenced_object_type: str | UnsetType = UNSET
    display_order: int
    calculated: bool
    calculation_formula: str | UnsetType = UNSET
    external_options: bool
    archived: bool
    has_unique_value: bool
    hidden: bool
    hubspot_defined: bool
    show_currency_symbol: bool | UnsetType = UNSET
    currency_property_name: str | UnsetType = UNSET
    number_display_hint: str | UnsetType = UNSET
    text_display_hint: str | UnsetType = UNSET
    modification_metadata: PropertyModificationMetadata
    form_field: bool
    data_sensitivity: str


class PropertyGroup(Body):
    name: str
    label: str
    display_order: int
    archived: bool


class CollectionResponsePropertyNoPaging(Body):
    results: list[Property]


class CollectionResponsePropertyGroupNoPaging(Body):
    results: list[PropertyGroup]


class BatchResponseProperty(BatchResponse):
    results: list[Property]
