"""Pipelines and stages: requests to what the rules change, pipelines to answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from edgewise.domain.model import ObjectType
from edgewise.domain.pipeline_changes import NewPipeline, NewStage, StageChange
from edgewise.domain.pipelines import PERMISSION, Pipeline, Stage
from edgewise.wire import bodies_pipelines as bodies
from edgewise.wire.bodies_pipelines import Metadata
from edgewise.wire.messages import Call, Reply
from edgewise.wire.requests import BodyReader
from edgewise.wire.times import timestamp

_pipeline: BodyReader[bodies.PipelineInput] = BodyReader(bodies.PipelineInput, is_null_missing=True)
_pipeline_patch: BodyReader[bodies.PipelinePatchInput] = BodyReader(bodies.PipelinePatchInput)
_stage: BodyReader[bodies.PipelineStageInput] = BodyReader(bodies.PipelineStageInput, is_null_missing=True)
_stage_patch: BodyReader[bodies.PipelineStagePatchInput] = BodyReader(bodies.PipelineStagePatchInput)


class OnePipeline(NamedTuple):
    """A pipeline of an object type."""

    object_type: ObjectType
    pipeline_id: str


class OneStage(NamedTuple):
    """A stage of a pipeline."""

    object_type: ObjectType
    pipeline_id: str
    stage_id: str


class PutPipeline(NamedTuple):
    """A pipeline to create, or to define anew. pipeline_id: None for one to create."""

    object_type: ObjectType
    pipeline_id: str | None
    new: NewPipeline


class ChangePipeline(NamedTuple):
    """A label and a place to give to a pipeline; None leaves them."""

    object_type: ObjectType
    pipeline_id: str
    label: str | None
    display_order: int | None


class CreateStage(NamedTuple):
    """A stage to create."""

    object_type: ObjectType
    pipeline_id: str
    new: NewStage


class ChangeStage(NamedTuple):
    """What to change of a stage."""

    object_type: ObjectType
    pipeline_id: str
    stage_id: str
    change: StageChange


# Decoding.


def decode_list(call: Call) -> ObjectType:
    """The object type whose pipelines are asked for."""
    return call.portal.catalog.object_type(call.params[0])


def decode_one(call: Call) -> OnePipeline:
    """A pipeline to read, or to remove."""
    return OnePipeline(decode_list(call), call.params[1])


def decode_stage(call: Call) -> OneStage:
    """A stage to read, or to remove."""
    return OneStage(decode_list(call), *call.params[1:])


def decode_create(call: Call) -> PutPipeline:
    """A pipeline to create."""
    object_type = decode_list(call)
    return PutPipeline(object_type, None, _new_pipeline(call))


def decode_replace(call: Call) -> PutPipeline:
    """A pipeline to define anew."""
    object_type = decode_list(call)
    return PutPipeline(object_type, call.params[1], _new_pipeline(call))


def decode_change(call: Call) -> ChangePipeline:
    """A pipeline to change."""
    object_type = decode_list(call)
    body = _pipeline_patch.read(call.body)
    return ChangePipeline(object_type, call.params[1], body.label, body.display_order)


def decode_create_stage(call: Call) -> CreateStage:
    """A stage to create."""
    object_type = decode_list(call)
    return CreateStage(object_type, call.params[1], _new_stage(_stage.read(call.body)))


def decode_replace_stage(call: Call) -> ChangeStage:
    """A stage to define anew; of its metadata the keys that are left out stay."""
    object_type = decode_list(call)
    new = _new_stage(_stage.read(call.body))
    _, pipeline_id, stage_id = call.params
    change = StageChange(new.label, new.display_order, new.metadata)
    return ChangeStage(object_type, pipeline_id, stage_id, change)


def decode_change_stage(call: Call) -> ChangeStage:
    """A stage to change."""
    object_type = decode_list(call)
    body = _stage_patch.read(call.body)
    metadata = None if body.metadata is None else _texts(body.metadata)
    _, pipeline_id, stage_id = call.params
    change = StageChange(body.label, body.display_order, metadata)
    return ChangeStage(object_type, pipeline_id, stage_id, change)


def _new_pipeline(call: Call) -> NewPipeline:
    body = _pipeline.read(call.body)
    return NewPipeline(
        body.label, body.display_order, [_new_stage(each) for each in body.stages], body.pipeline_id
    )


def _new_stage(body: bodies.PipelineStageInput) -> NewStage:
    return NewStage(body.label, body.display_order, _texts(body.metadata), body.stage_id)


def _texts(metadata: Metadata) -> dict[str, str | None]:
    """Metadata as texts, whatever JSON had."""
    return {key: _text(value) for key, value in metadata.items()}


def _text(value: str | int | float | bool | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else repr(value)


# Encoding.


def encode_list(call: Call, command: ObjectType, found: Sequence[Pipeline]) -> Reply:
    """Every pipeline with its stages."""
    return Reply(200, bodies.CollectionResponsePipelineNoPaging([pipeline_body(each) for each in found]))


def encode_one(call: Call, command: object, found: Pipeline) -> Reply:
    """The pipeline."""
    return Reply(200, pipeline_body(found))


def encode_created(call: Call, command: object, created: Pipeline) -> Reply:
    """The pipeline that was created."""
    return Reply(201, pipeline_body(created))


def encode_stages(call: Call, command: OnePipeline, found: Pipeline) -> Reply:
    """The stages of a pipeline."""
    stages = [stage_body(each) for each in found.stages]
    return Reply(200, bodies.CollectionResponsePipelineStageNoPaging(stages))


def encode_stage(call: Call, command: object, found: Stage) -> Reply:
    """The stage."""
    return Reply(200, stage_body(found))


def encode_created_stage(call: Call, command: CreateStage, created: Stage) -> Reply:
    """The stage that was created."""
    return Reply(201, stage_body(created))


def encode_audit(call: Call, command: object, outcome: object) -> Reply:
    """What is known of changes: nothing, since they are not kept one by one."""
    return Reply(200, bodies.CollectionResponsePublicAuditInfoNoPaging([]))


def pipeline_body(pipeline: Pipeline) -> bodies.Pipeline:
    """A pipeline as it is told."""
    return bodies.Pipeline(
        pipeline.label,
        pipeline.display_order,
        pipeline.pipeline_id,
        [stage_body(stage) for stage in pipeline.stages],
        timestamp(pipeline.created_at),
        timestamp(pipeline.updated_at),
        archived=False,
    )


def stage_body(stage: Stage) -> bodies.PipelineStage:
    """A stage as it is told."""
    metadata: Mapping[str, str] = stage.metadata
    return bodies.PipelineStage(
        stage.label,
        stage.display_order,
        dict(metadata),
        stage.stage_id,
        timestamp(stage.created_at),
        timestamp(stage.updated_at),
        archived=False,
        write_permissions=PERMISSION,
    )
