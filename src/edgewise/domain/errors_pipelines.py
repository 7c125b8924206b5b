"""Every way a request can break a rule of pipelines, their stages, and owners.

DomainError
  PipelineNotFound, StageNotFound
  PipelineIdTaken, PipelineIdTakenElsewhere, PipelineLabelTaken, StageIdTaken, StageIdTakenElsewhere, StageLabelTaken
  InvalidPipelineText, InvalidDisplayOrder, StagesMissing, InvalidStageMetadata, ClosedStageMissing
  TooManyPipelines, TooManyStages, StagesInUse
  OwnerNotFound, InvalidOwnerKey
"""

from __future__ import annotations

from edgewise.domain.errors import DomainError


class PipelineNotFound(DomainError):
    """A pipeline that the object type does not have."""

    pipeline_id: str


class StageNotFound(DomainError):
    """A stage that the pipeline does not have."""

    stage_id: str


class PipelineIdTaken(DomainError):
    """An id that a pipeline of the object type has."""

    pipeline_id: str


class PipelineIdTakenElsewhere(DomainError):
    """An id that a pipeline of another object type has."""

    pipeline_id: str


class PipelineLabelTaken(DomainError):
    """A label that another pipeline of the object type has, in whatever letter case."""

    label: str


class StageIdTaken(DomainError):
    """An id that a stage of the object type has, and another one of the same pipeline would get."""

    stage_id: str


class StageIdTakenElsewhere(DomainError):
    """Ids that stages of other pipelines of the object type have."""

    stage_ids: list[str]


class StageLabelTaken(DomainError):
    """A label that another stage of the pipeline has, in whatever letter case."""

    label: str


class InvalidPipelineText(DomainError):
    """A label or an id that is blank or too long. field: its key in the request."""

    field: str
    length_max: int


class InvalidDisplayOrder(DomainError):
    """A place below zero."""

    place: int


class StagesMissing(DomainError):
    """A pipeline without stages."""


class InvalidStageMetadata(DomainError):
    """What is said of a stage is missing or none of the values that there are. key: of the metadata."""

    key: str
    text: str | None
    allowed: str


class ClosedStageMissing(DomainError):
    """A pipeline of tickets without a stage in which they are closed."""


class TooManyPipelines(DomainError):
    """One pipeline more than an object type may have."""

    pipelines_max: int


class TooManyStages(DomainError):
    """More stages than a pipeline may have."""

    stages_max: int


class StagesInUse(DomainError):
    """Stages to remove in which there are records. record_ids: the first of them."""

    stage_ids: list[str]
    record_ids: list[int]


class OwnerNotFound(DomainError):
    """An owner that the portal does not have."""

    text: str


class InvalidOwnerKey(DomainError):
    """What tells an owner is neither its id nor its user id."""

    text: str
