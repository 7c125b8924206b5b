"""Creating, changing and removing pipelines and their stages: what a request may change, and what it comes to.

Source: docs/behaviour.md, section 18.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from edgewise.domain.errors_pipelines import (
    ClosedStageMissing,
    InvalidDisplayOrder,
    InvalidPipelineText,
    InvalidStageMetadata,
    PipelineIdTaken,
    PipelineIdTakenElsewhere,
    PipelineLabelTaken,
    PipelineNotFound,
    StageIdTaken,
    StageIdTakenElsewhere,
    StageLabelTaken,
    StageNotFound,
    StagesMissing,
    TooManyPipelines,
    TooManyStages,
)
from edgewise.domain.model import ObjectType
from edgewise.domain.pipelines import (
    Held,
    Pipeline,
    PipelinesChange,
    Stage,
    StageUse,
    pipelines_of,
    stage_property,
)
from edgewise.domain.usage import CUSTOM_PIPELINES_MAX, PIPELINES_MAX

PIPELINE_ID_MAX = 36
STAGE_ID_MAX = 100
LABEL_MAX = 200
"""Of labels in characters. Ours: nothing is known."""

_MANY_STAGES_MAX, _STAGES_MAX = 100, 30
_WITH_MANY_STAGES = ("0-3", "0-5")
_DEAL, _TICKET = "0-3", "0-5"
_OPEN, _CLOSED = "OPEN", "CLOSED"
_NUMBER = re.compile(r"\d*\.?\d+|\d+\.", re.ASCII)


class NewStage(NamedTuple):
    """A stage as a request gives it. stage_id: None for one that gets a number."""

    label: str
    display_order: int
    metadata: Mapping[str, str | None]
    stage_id: str | None = None


class NewPipeline(NamedTuple):
    """A pipeline as a request gives it. pipeline_id: None for one that gets a number."""

    label: str
    display_order: int
    stages: Sequence[NewStage]
    pipeline_id: str | None = None


class StageChange(NamedTuple):
    """What to change of a stage; None leaves it, and so do keys of the metadata that are left out."""

    label: str | None = None
    display_order: int | None = None
    metadata: Mapping[str, str | None] | None = None


class Place(NamedTuple):
    """Where a change happens. defaults: HubSpot's own pipelines, by the id of their object type.

    at: milliseconds since the epoch.
    """

    defaults: Mapping[str, Sequence[Pipeline]]
    held: Held
    object_type: ObjectType
    at: int

    def pipelines(self) -> list[Pipeline]:
        return pipelines_of(self.defaults, self.held, self.object_type)

    def find(self, pipeline_id: str) -> Pipeline:
        """Raises: PipelineNotFound."""
        return find_pipeline(self.pipelines(), pipeline_id)

    def others(self, pipeline_id: str | None) -> list[Pipeline]:
        return [each for each in self.pipelines() if each.pipeline_id != pipeline_id]

    def put(self, pipeline: Pipeline, next_number: int = 0, removed: Sequence[str] = ()) -> PipelinesChange:
        """The change that keeps a pipeline, when no record is in the stages that are removed."""
        use = StageUse(self.object_type.code, stage_property(self.object_type), removed) if removed else None
        return PipelinesChange(
            self.object_type.code, (pipeline,), next_number=next_number or self.held.next_number, unused=use
        )


def find_pipeline(pipelines: Iterable[Pipeline], pipeline_id: str) -> Pipeline:
    """The pipeline with an id. Raises: PipelineNotFound."""
    for each in pipelines:
        if each.pipeline_id == pipeline_id:
            return each
    raise PipelineNotFound(pipeline_id)


def find_stage(pipeline: Pipeline, stage_id: str) -> Stage:
    """The stage with an id. Raises: StageNotFound."""
    found = pipeline.stage(stage_id)
    if found is None:
        raise StageNotFound(stage_id)
    return found


def create_pipeline(place: Place, new: NewPipeline) -> PipelinesChange:
    """Define a pipeline with its stages.

    Raises: InvalidPipelineText, PipelineIdTaken, PipelineIdTakenElsewhere, PipelineLabelTaken, TooManyPipelines; as
    `replace_pipeline`.
    """
    number = place.held.next_number
    pipeline_id = new.pipeline_id
    if pipeline_id is None:
        pipeline_id, number = str(number), number + 1
    _require_text("pipelineId", pipeline_id, PIPELINE_ID_MAX)
    _require_free_id(place, pipeline_id)
    others = place.others(None)
    most = PIPELINES_MAX.get(place.object_type.id, CUSTOM_PIPELINES_MAX)
    if len(others) >= most:
        raise TooManyPipelines(most)
    _require_free_label(others, new.label)
    stages, number = _stages(place, new.stages, None, others, number)
    pipeline = Pipeline(pipeline_id, new.label, new.display_order, stages, place.at, place.at)
    return place.put(pipeline, number)


def change_pipeline(
    place: Place, pipeline_id: str, label: str | None, display_order: int | None
) -> PipelinesChange:
    """Give a pipeline another label or place; None leaves it.

    Raises: PipelineNotFound, InvalidPipelineText, PipelineLabelTaken.
    """
    found = place.find(pipeline_id)
    if label is not None:
        _require_free_label(place.others(pipeline_id), label)
    changed = replace(
        found,
        label=found.label if label is None else label,
        display_order=found.display_order if display_order is None else display_order,
        stages=tuple(replace(stage, updated_at=place.at) for stage in found.stages),
        updated_at=place.at,
    )
    return place.put(changed)


def replace_pipeline(place: Place, pipeline_id: str, new: NewPipeline) -> PipelinesChange:
    """Define a pipeline anew: stages that it names stay, those that it leaves out are removed.

    Raises: PipelineNotFound, InvalidPipelineText, PipelineLabelTaken, StagesMissing, TooManyStages, StageIdTaken,
    StageIdTakenElsewhere, StageLabelTaken, InvalidDisplayOrder, InvalidStageMetadata, ClosedStageMissing.
    """
    found = place.find(pipeline_id)
    others = place.others(pipeline_id)
    _require_free_label(others, new.label)
    stages, number = _stages(place, new.stages, found, others, place.held.next_number)
    kept = {stage.stage_id for stage in stages}
    removed = [stage.stage_id for stage in found.stages if stage.stage_id not in kept]
    changed = replace(
        found, label=new.label, display_order=new.display_order, stages=stages, updated_at=place.at
    )
    return place.put(changed, number, removed)


def remove_pipeline(place: Place, pipeline_id: str) -> PipelinesChange:
    """Remove a pipeline without records. Raises: PipelineNotFound."""
    found = place.find(pipeline_id)
    is_default = any(each.pipeline_id == pipeline_id for each in place.defaults.get(place.object_type.id, ()))
    change = place.put(replace(found, is_removed=True), removed=[stage.stage_id for stage in found.stages])
    return change if is_default else change._replace(put=(), removed=(pipeline_id,))


def create_stage(place: Place, pipeline_id: str, new: NewStage) -> PipelinesChange:
    """Add a stage to a pipeline.

    Raises: PipelineNotFound, TooManyStages, InvalidPipelineText, StageIdTaken, StageLabelTaken, InvalidDisplayOrder,
    InvalidStageMetadata.
    """
    found = place.find(pipeline_id)
    number = place.held.next_number
    stage_id = new.stage_id
    if stage_id is None:
        stage_id, number = str(number), number + 1
    _require_text("stageId", stage_id, STAGE_ID_MAX)
    if any(each.stage(stage_id) is not None for each in place.pipelines()):
        raise StageIdTaken(stage_id)
    metadata = _metadata(place.object_type, new.metadata, {})
    stage = Stage(stage_id, new.label, new.display_order, metadata, place.at, place.at)
    return place.put(_with_stage(place, found, stage), number)


def change_stage(place: Place, pipeline_id: str, stage_id: str, change: StageChange) -> PipelinesChange:
    """Give a stage another label, place or meaning.

    Raises: PipelineNotFound, StageNotFound, InvalidPipelineText, StageLabelTaken, InvalidDisplayOrder,
    InvalidStageMetadata, ClosedStageMissing.
    """
    pipeline = place.find(pipeline_id)
    found = find_stage(pipeline, stage_id)
    metadata = found.metadata
    if change.metadata is not None:
        metadata = _metadata(place.object_type, change.metadata, found.metadata)
    stage = replace(
        found,
        label=found.label if change.label is None else change.label,
        display_order=found.display_order if change.display_order is None else change.display_order,
        metadata=metadata,
        updated_at=place.at,
    )
    return place.put(_with_stage(place, pipeline, stage))


def remove_stage(place: Place, pipeline_id: str, stage_id: str) -> PipelinesChange | None:
    """Remove a stage without records; None when the pipeline has no such stage, which is no error.

    Raises: StagesMissing, ClosedStageMissing.
    """
    pipeline = next((each for each in place.pipelines() if each.pipeline_id == pipeline_id), None)
    if pipeline is None or pipeline.stage(stage_id) is None:
        return None
    stages = tuple(each for each in pipeline.stages if each.stage_id != stage_id)
    _require_whole(place.object_type, stages)
    return place.put(replace(pipeline, stages=stages, updated_at=place.at), removed=[stage_id])


def _stages(
    place: Place,
    given: Sequence[NewStage],
    former: Pipeline | None,
    others: Sequence[Pipeline],
    number: int,
) -> tuple[tuple[Stage, ...], int]:
    """The stages of a pipeline, and the next number after those that they got."""
    stages: list[Stage] = []
    for new in given:
        stage_id = new.stage_id
        if stage_id is None:
            stage_id, number = str(number), number + 1
        _require_text("stageId", stage_id, STAGE_ID_MAX)
        held = former.stage(stage_id) if former else None
        metadata = _metadata(place.object_type, new.metadata, held.metadata if held else {})
        created_at = held.created_at if held else place.at
        stages.append(Stage(stage_id, new.label, new.display_order, metadata, created_at, place.at))
    ids = [stage.stage_id for stage in stages]
    repeated = next((each for each in ids if ids.count(each) > 1), None)
    if repeated is not None:
        raise StageIdTaken(repeated)
    elsewhere = [each for each in ids if any(other.stage(each) is not None for other in others)]
    if elsewhere:
        raise StageIdTakenElsewhere(elsewhere)
    _require_sound(place.object_type, stages)
    return _in_order(stages), number


def _with_stage(place: Place, pipeline: Pipeline, stage: Stage) -> Pipeline:
    """A pipeline with a stage in its place: right behind the one that held it, and then all are counted anew."""
    others = [each for each in pipeline.stages if each.stage_id != stage.stage_id]
    _require_sound(place.object_type, [*others, stage])
    if any(each.display_order == stage.display_order for each in others):
        before = [each for each in others if each.display_order <= stage.display_order]
        after = [each for each in others if each.display_order > stage.display_order]
        stages = _counted([*before, stage, *after])
    else:
        stages = _in_order([*others, stage])
    return replace(pipeline, stages=stages, updated_at=place.at)


def _in_order(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """Stages by their places; where two have the same one, in the order given, and all counted anew."""
    ordered = sorted(stages, key=lambda stage: stage.display_order)
    places = {stage.display_order for stage in ordered}
    return _counted(ordered) if len(places) < len(ordered) else tuple(ordered)


def _counted(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    return tuple(replace(stage, display_order=place) for place, stage in enumerate(stages))


def _require_sound(object_type: ObjectType, stages: Sequence[Stage]) -> None:
    has_many = object_type.is_custom or object_type.id in _WITH_MANY_STAGES
    most = _MANY_STAGES_MAX if has_many else _STAGES_MAX
    if len(stages) > most:
        raise TooManyStages(most)
    labels: set[str] = set()
    for stage in stages:
        _require_text("label", stage.label, LABEL_MAX)
        if stage.display_order < 0:
            raise InvalidDisplayOrder(stage.display_order)
        if _same(stage.label) in labels:
            raise StageLabelTaken(stage.label)
        labels.add(_same(stage.label))
    _require_whole(object_type, stages)


def _require_whole(object_type: ObjectType, stages: Sequence[Stage]) -> None:
    if not stages:
        raise StagesMissing
    if object_type.id == _TICKET and all(stage.metadata["ticketState"] != _CLOSED for stage in stages):
        raise ClosedStageMissing


def _metadata(
    object_type: ObjectType, given: Mapping[str, str | None], held: Mapping[str, str]
) -> dict[str, str]:
    """What is kept of a stage's metadata: the one key that its object type knows, and whether it is the end."""
    if object_type.id == _DEAL:
        text = given.get("probability", held.get("probability"))
        return _of_probability(text)
    key = "ticketState" if object_type.id == _TICKET else "state"
    state = given.get(key, held.get(key, _OPEN))
    if state not in (_OPEN, _CLOSED):
        raise InvalidStageMetadata(key, state, f"[{_OPEN}, {_CLOSED}]")
    return {"isClosed": _as_text(state == _CLOSED), key: state}


def _of_probability(text: str | None) -> dict[str, str]:
    if text is None or not _NUMBER.fullmatch(text) or not 0 <= float(text) <= 1:
        raise InvalidStageMetadata("probability", text, "from 0.0 to 1.0")
    probability = float(text)
    return {"isClosed": _as_text(probability in (0, 1)), "probability": repr(probability)}


def _as_text(claim: bool) -> str:
    return "true" if claim else "false"


def _require_free_id(place: Place, pipeline_id: str) -> None:
    if any(each.pipeline_id == pipeline_id for each in place.pipelines()):
        raise PipelineIdTaken(pipeline_id)
    own = place.object_type
    elsewhere = [
        *(e for type_id, each in place.defaults.items() if type_id != own.id for e in each),
        *(e for code, each in place.held.by_type.items() if code != own.code for e in each),
    ]
    if any(each.pipeline_id == pipeline_id for each in elsewhere):
        raise PipelineIdTakenElsewhere(pipeline_id)


def _require_free_label(others: Iterable[Pipeline], label: str) -> None:
    _require_text("label", label, LABEL_MAX)
    if any(_same(each.label) == _same(label) for each in others):
        raise PipelineLabelTaken(label)


def _require_text(field: str, text: str, length_max: int) -> None:
    if not text.strip() or len(text) > length_max:
        raise InvalidPipelineText(field, length_max)


def _same(label: str) -> str:
    return label.strip().casefold()
