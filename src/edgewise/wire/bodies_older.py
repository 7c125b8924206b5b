"""Shapes of the lists that connectors still ask for in their first versions, named by what they hold."""

from __future__ import annotations

from edgewise.wire.bodies import Body


class OptionV2(Body):
    value: str
    label: str
    description: str
    display_order: int
    hidden: bool
    read_only: bool
    double_data: float


class PropertyV2(Body):
    """Times are milliseconds since the epoch; null for a property that HubSpot defines."""

    name: str
    label: str
    description: str
    group_name: str
    type: str
    field_type: str
    options: list[OptionV2]
    created_at: int | None
    updated_at: int | None
    created_user_id: int | None
    updated_user_id: int | None
    referenced_object_type: str | None
    display_order: int
    hidden: bool
    deleted: bool
    form_field: bool
    calculated: bool
    external_options: bool
    has_unique_value: bool
    hubspot_defined: bool
    read_only_value: bool
    read_only_definition: bool
    options_are_mutable: bool | None
    mutable_definition_not_deletable: bool
    show_currency_symbol: bool | None
    currency_property_name: str | None
    number_display_hint: str | None
    text_display_hint: str | None


class StageV1(Body):
    stage_id: str
    label: str
    display_order: int
    metadata: dict[str, str]
    created_at: int
    updated_at: int
    active: bool


class PipelineV1(Body):
    """Times are milliseconds since the epoch."""

    pipeline_id: str
    object_type: str
    object_type_id: str
    label: str
    display_order: int
    stages: list[StageV1]
    created_at: int
    updated_at: int
    active: bool
    default: bool


class PipelinesV1(Body):
    results: list[PipelineV1]
