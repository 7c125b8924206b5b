"""Request and response shapes of pipelines and owners, named as HubSpot names them."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from edgewise.wire.bodies import Body, ForwardPaging

Metadata = dict[str, str | int | float | bool | None]
"""What is said of a stage: texts in answers, and in requests whatever clients send."""


class PipelineStageInput(Body):
    label: str
    display_order: int
    metadata: Metadata = {}
    stage_id: str | None = None


class PipelineInput(Body):
    label: str
    display_order: int
    stages: list[PipelineStageInput]
    pipeline_id: str | None = None


class PipelinePatchInput(Body):
    label: str | None = None
    display_order: int | None = None
    archived: bool | None = None


class PipelineStagePatchInput(Body):
    label: str | None = None
    display_order: int | None = None
    metadata: Metadata | None = None
    archived: bool | None = None


class PipelineStage(Body):
    label: str
    display_order: int
    metadata: dict[str, str]
    id: str
    created_at: str
    updated_at: str
    archived: bool
    write_permissions: str


class Pipeline(Body):
    label: str
    display_order: int
    id: str
    stages: list[PipelineStage]
    created_at: str
    updated_at: str
    archived: bool


class CollectionResponsePipelineNoPaging(Body):
    results: list[Pipeline]


class CollectionResponsePipelineStageNoPaging(Body):
    results: list[PipelineStage]


class CollectionResponsePublicAuditInfoNoPaging(Body):
    results: list[Any]


class PublicTeam(Body):
    id: str
    name: str
    primary: bool


class PublicOwner(Body, kw_only=True):
    id: str
    email: str
    type: str
    first_name: str
    last_name: str
    user_id: int | UnsetType = UNSET
    user_id_including_inactive: int
    created_at: str
    updated_at: str
    archived: bool
    teams: list[PublicTeam] | UnsetType = UNSET


class CollectionResponsePublicOwnerForwardPaging(Body):
    results: list[PublicOwner]
    paging: ForwardPaging | UnsetType = UNSET
