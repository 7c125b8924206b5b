"""Pipelines and their stages."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import pipelines as runs
from edgewise.wire import bodies_older, older, pipelines
from edgewise.wire import bodies_pipelines as bodies
from edgewise.wire.associations import encode_no_content

UNCOLLECTED = "guides and SDKs have it; the documents collected here are of other families"
_ALL = "/{objectType}"
_ONE = f"{_ALL}/{{pipelineId}}"
_STAGES = f"{_ONE}/stages"
_STAGE = f"{_STAGES}/{{stageId}}"
_NO_AUDIT = "the list is empty: changes of pipelines are not kept one by one"

OPERATIONS = (
    Operation(
        "list_pipelines_v1", "List the pipelines of an object type, as connectors still ask for it",
        "older_pipelines", "GET", f"/pipelines{_ALL}",
        pipelines.decode_list, runs.list_pipelines, older.encode_pipelines_v1, (200,), access=Access.READ,
        response=bodies_older.PipelinesV1, unpublished="connectors ask for it; it is older than the documents",
    ),
    Operation(
        "list_pipelines", "List the pipelines of an object type", "pipelines", "GET", _ALL,
        pipelines.decode_list, runs.list_pipelines, pipelines.encode_list, (200,), access=Access.READ,
        response=bodies.CollectionResponsePipelineNoPaging, unpublished=UNCOLLECTED,
    ),
    Operation(
        "create_pipeline", "Create a pipeline with its stages", "pipelines", "POST", _ALL,
        pipelines.decode_create, runs.create_pipeline, pipelines.encode_created, (201,), access=Access.WRITE,
        request=bodies.PipelineInput, response=bodies.Pipeline, unpublished=UNCOLLECTED,
    ),
    Operation(
        "read_pipeline", "Read a pipeline", "pipelines", "GET", _ONE,
        pipelines.decode_one, runs.read_pipeline, pipelines.encode_one, (200,), access=Access.READ,
        response=bodies.Pipeline, unpublished=UNCOLLECTED,
    ),
    Operation(
        "update_pipeline", "Give a pipeline another label or place", "pipelines", "PATCH", _ONE,
        pipelines.decode_change, runs.change_pipeline, pipelines.encode_one, (200,), access=Access.WRITE,
        request=bodies.PipelinePatchInput, response=bodies.Pipeline, unpublished=UNCOLLECTED,
    ),
    Operation(
        "replace_pipeline", "Define a pipeline anew with its stages", "pipelines", "PUT", _ONE,
        pipelines.decode_replace, runs.replace_pipeline, pipelines.encode_one, (200,), access=Access.WRITE,
        request=bodies.PipelineInput, response=bodies.Pipeline, unpublished=UNCOLLECTED,
    ),
    Operation(
        "delete_pipeline", "Remove a pipeline without records", "pipelines", "DELETE", _ONE,
        pipelines.decode_one, runs.remove_pipeline, encode_no_content, (204,), access=Access.WRITE,
        unpublished=UNCOLLECTED,
    ),
    Operation(
        "read_pipeline_audit", "Read how a pipeline changed", "pipelines", "GET", f"{_ONE}/audit",
        pipelines.decode_one, runs.read_pipeline, pipelines.encode_audit, (200,), access=Access.READ,
        response=bodies.CollectionResponsePublicAuditInfoNoPaging, unpublished=UNCOLLECTED, caveat=_NO_AUDIT,
    ),
    Operation(
        "list_stages", "List the stages of a pipeline", "pipelines", "GET", _STAGES,
        pipelines.decode_one, runs.read_pipeline, pipelines.encode_stages, (200,), access=Access.READ,
        response=bodies.CollectionResponsePipelineStageNoPaging, unpublished=UNCOLLECTED,
    ),
    Operation(
        "create_stage", "Add a stage to a pipeline", "pipelines", "POST", _STAGES,
        pipelines.decode_create_stage, runs.create_stage, pipelines.encode_created_stage, (201,),
        access=Access.WRITE, request=bodies.PipelineStageInput, response=bodies.PipelineStage,
        unpublished=UNCOLLECTED,
    ),
    Operation(
        "read_stage", "Read a stage", "pipelines", "GET", _STAGE,
        pipelines.decode_stage, runs.read_stage, pipelines.encode_stage, (200,), access=Access.READ,
        response=bodies.PipelineStage, unpublished=UNCOLLECTED,
    ),
    Operation(
        "update_stage", "Give a stage another label, place or meaning", "pipelines", "PATCH", _STAGE,
        pipelines.decode_change_stage, runs.change_stage, pipelines.encode_stage, (200,), access=Access.WRITE,
        request=bodies.PipelineStagePatchInput, response=bodies.PipelineStage, unpublished=UNCOLLECTED,
    ),
    Operation(
        "replace_stage", "Define a stage anew", "pipelines", "PUT", _STAGE,
        pipelines.decode_replace_stage, runs.change_stage, pipelines.encode_stage, (200,),
        access=Access.WRITE, request=bodies.PipelineStageInput, response=bodies.PipelineStage,
        unpublished=UNCOLLECTED,
    ),
    Operation(
        "delete_stage", "Remove a stage without records", "pipelines", "DELETE", _STAGE,
        pipelines.decode_stage, runs.remove_stage, encode_no_content, (204,), access=Access.WRITE,
        unpublished=UNCOLLECTED,
    ),
    Operation(
        "read_stage_audit", "Read how a stage changed", "pipelines", "GET", f"{_STAGE}/audit",
        pipelines.decode_stage, runs.read_stage, pipelines.encode_audit, (200,), access=Access.READ,
        response=bodies.CollectionResponsePublicAuditInfoNoPaging, unpublished=UNCOLLECTED, caveat=_NO_AUDIT,
    ),
)  # fmt: skip
