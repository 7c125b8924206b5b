"""How the rules of pipelines and owners refuse. Source: docs/behaviour.md, sections 18 and 19."""

from __future__ import annotations

from edgewise.domain import errors_pipelines as rules
from edgewise.domain.errors import DomainError
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, ErrorShape


def _listed(values: list[str]) -> str:
    return f"[{', '.join(values)}]"


def _in_use(error: rules.StagesInUse) -> tuple[str, str]:
    return _listed(error.stage_ids), _listed([str(each) for each in error.record_ids])


SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.PipelineNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"Pipeline with ID {e.pipeline_id} does not exist",
        lambda e: {"pipelineId": [e.pipeline_id]},
    ),
    rules.StageNotFound: ErrorShape(
        404,
        NOT_FOUND,
        lambda e: f"Stage with ID {e.stage_id} does not exist",
        lambda e: {"stageId": [e.stage_id]},
    ),
    rules.PipelineIdTaken: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"There's another pipeline with pipelineId {e.pipeline_id}",
        lambda e: {"pipelineId": [e.pipeline_id]},
    ),
    rules.PipelineIdTakenElsewhere: ErrorShape(
        409,
        VALIDATION,
        lambda e: f"A pipeline of another object type has the pipelineId {e.pipeline_id}",
        lambda e: {"pipelineId": [e.pipeline_id]},
        sub_category="PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
    ),
    rules.PipelineLabelTaken: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"An active pipeline with label {e.label} already exists",
        lambda e: {"label": [e.label]},
    ),
    rules.StageIdTaken: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Another stage is already using stage id {e.stage_id}",
        lambda e: {"stageId": [e.stage_id]},
        is_category_recorded=False,
    ),
    rules.StageIdTakenElsewhere: ErrorShape(
        409,
        VALIDATION,
        lambda e: f"Stage IDs: {_listed(e.stage_ids)} exist in another pipeline",
        lambda e: {"stageIds": [_listed(e.stage_ids)]},
        sub_category="PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
    ),
    rules.StageLabelTaken: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Another stage of the pipeline has the label {e.label}",
        lambda e: {"label": [e.label]},
        sub_category="PipelineError.STAGE_LABEL_EXISTS",
    ),
    rules.InvalidPipelineText: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.field} must not be blank, and must have at most {e.length_max} characters",
    ),
    rules.InvalidDisplayOrder: ErrorShape(
        400, VALIDATION, lambda e: f"displayOrder of a stage must not be below 0, and is {e.place}"
    ),
    rules.StagesMissing: ErrorShape(400, VALIDATION, lambda e: "Pipeline must have at least one stage"),
    rules.InvalidStageMetadata: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            "must specify probability when writing a dealstage"
            if e.text is None
            else f"{e.text} is not a valid {e.key}; it must be {e.allowed}"
        ),
        lambda e: {} if e.text is None else {e.key: [e.text]},
        sub_category="PipelineError.INVALID_PIPELINE_STAGE_METADATA",
    ),
    rules.ClosedStageMissing: ErrorShape(
        400,
        VALIDATION,
        lambda e: "A ticket pipeline must have a stage with the ticketState CLOSED",
        sub_category="PipelineError.MISSING_CLOSED_STAGE",
    ),
    rules.TooManyPipelines: ErrorShape(
        400, VALIDATION, lambda e: f"No more than {e.pipelines_max} pipelines are allowed in an object type"
    ),
    rules.TooManyStages: ErrorShape(
        400, VALIDATION, lambda e: f"No more than {e.stages_max} stages are allowed in a pipeline"
    ),
    rules.StagesInUse: ErrorShape(
        400,
        VALIDATION,
        lambda e: "Stage IDs: {} are being referenced by object IDs: {}".format(*_in_use(e)),
        lambda e: dict(zip(("stageIds", "objectIds"), ([each] for each in _in_use(e)), strict=True)),
        sub_category="PipelineError.STAGE_ID_IN_USE",
    ),
    rules.OwnerNotFound: ErrorShape(
        404, NOT_FOUND, lambda e: f"Owner {e.text} does not exist", lambda e: {"ownerId": [e.text]}
    ),
    rules.InvalidOwnerKey: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"{e.text} is not a valid idProperty; it must be id or userId",
        lambda e: {"idProperty": [e.text]},
    ),
}
