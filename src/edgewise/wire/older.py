"""Answers of the lists that connectors still ask for in their first versions.

Source: docs/behaviour.md, sections 11 and 18.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgewise.domain.model import ObjectType
from edgewise.domain.pipelines import Pipeline, Stage
from edgewise.domain.properties import PropertyDefinition, PropertyOption
from edgewise.wire import bodies_older as bodies
from edgewise.wire.messages import Call, Reply
from edgewise.wire.properties import ListProperties
from edgewise.wire.steps import Steps, encoded

_DEFAULT = ("default", "0")
"""The ids of the pipelines that deals and tickets start with."""


def encode_properties_v2(
    call: Call, command: ListProperties, found: Sequence[PropertyDefinition]
) -> Steps[Reply]:
    """The properties as a bare array."""
    told: list[Any] = []
    for definition in found:
        told.append(encoded(_property(definition)))
        yield
    return Reply(200, told)


def encode_pipelines_v1(call: Call, command: ObjectType, found: Sequence[Pipeline]) -> Reply:
    """Every pipeline with its stages."""
    return Reply(200, bodies.PipelinesV1([_pipeline(command, each) for each in found]))


def _property(definition: PropertyDefinition) -> bodies.PropertyV2:
    return bodies.PropertyV2(
        name=definition.name,
        label=definition.label,
        description=definition.description,
        group_name=definition.group_name,
        type=definition.type,
        field_type=definition.field_type,
        options=[_option(each) for each in definition.options],
        created_at=definition.created_at,
        updated_at=definition.updated_at,
        created_user_id=definition.created_by,
        updated_user_id=definition.updated_by,
        referenced_object_type=definition.referenced_object_type or None,
        display_order=definition.display_order,
        hidden=definition.is_hidden,
        deleted=definition.archived_at is not None,
        form_field=definition.is_form_field,
        calculated=definition.is_calculated,
        external_options=definition.has_external_options,
        has_unique_value=definition.has_unique_value,
        hubspot_defined=definition.is_hubspot_defined,
        read_only_value=definition.is_value_read_only,
        read_only_definition=definition.is_definition_read_only,
        options_are_mutable=not definition.are_options_read_only if definition.options else None,
        mutable_definition_not_deletable=definition.is_hubspot_defined,
        show_currency_symbol=definition.shows_currency or None,
        currency_property_name=definition.currency_property_name or None,
        number_display_hint=definition.number_display_hint or None,
        text_display_hint=definition.text_display_hint or None,
    )


def _option(option: PropertyOption) -> bodies.OptionV2:
    return bodies.OptionV2(
        value=option.value,
        label=option.label,
        description=option.description,
        display_order=option.display_order,
        hidden=option.is_hidden,
        read_only=False,
        double_data=0.0,
    )


def _pipeline(object_type: ObjectType, pipeline: Pipeline) -> bodies.PipelineV1:
    return bodies.PipelineV1(
        pipeline_id=pipeline.pipeline_id,
        object_type=object_type.name.upper(),
        object_type_id=object_type.id,
        label=pipeline.label,
        display_order=pipeline.display_order,
        stages=[_stage(each) for each in pipeline.stages],
        created_at=pipeline.created_at,
        updated_at=pipeline.updated_at,
        active=True,
        default=pipeline.pipeline_id in _DEFAULT,
    )


def _stage(stage: Stage) -> bodies.StageV1:
    return bodies.StageV1(
        stage_id=stage.stage_id,
        label=stage.label,
        display_order=stage.display_order,
        metadata=dict(stage.metadata),
        created_at=stage.created_at,
        updated_at=stage.updated_at,
        active=True,
    )
