"""Pipelines: the stages that records of an object type go through.

Source, where a docstring names no other: docs/behaviour.md, section 18.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from edgewise.domain.model import ObjectType

FIRST_NUMBER = 100_000_001
"""Where a portal starts to count ids of pipelines and stages that nobody named."""

PERMISSION = "CRM_PERMISSIONS_ENFORCEMENT"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. metadata: what it means, as texts by key. Times are milliseconds since the epoch."""

    stage_id: str
    label: str
    display_order: int
    metadata: Mapping[str, str]
    created_at: int = 0
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline with its stages in order. Times are milliseconds since the epoch.

    is_removed: HubSpot defines it, and the portal removed it.
    """

    pipeline_id: str
    label: str
    display_order: int
    stages: tuple[Stage, ...]
    created_at: int = 0
    updated_at: int = 0
    is_removed: bool = False

    def stage(self, stage_id: str) -> Stage | None:
        """The stage with an id, or None."""
        return next((each for each in self.stages if each.stage_id == stage_id), None)


class StageUse(NamedTuple):
    """Values of a property that no live record of an object type may have."""

    object_type: int
    property_name: str
    values: Sequence[str]


class InUse(NamedTuple):
    """Values that were not to be in use, and the first of the records that have them."""

    values: Sequence[str]
    record_ids: Sequence[int]


class Held(NamedTuple):
    """What a portal defined of pipelines: those of its own and those of HubSpot's that it changed.

    by_type: by the code of an object type, in the order of their ids. next_number: the next id that nobody names.
    """

    by_type: Mapping[int, Sequence[Pipeline]]
    next_number: int = FIRST_NUMBER


class PipelinesChange(NamedTuple):
    """A change of pipelines of one object type.

    put: further ones, or in place of those with the same id. removed: ids. next_number: as in `Held`, from now on.
    unused: what no live record may have, else nothing is changed.
    """

    object_type: int
    put: Sequence[Pipeline] = ()
    removed: Sequence[str] = ()
    next_number: int = 0
    unused: StageUse | None = None


class PipelinesChanged(NamedTuple):
    """A change that was made; or what was in use, and then nothing was changed."""

    change: PipelinesChange
    in_use: InUse | None = None


def stage_property(object_type: ObjectType) -> str:
    """The property that holds the stage of a record."""
    return _STAGE_PROPERTIES.get(object_type.id, "hs_pipeline_stage")


_STAGE_PROPERTIES = {"0-1": "lifecyclestage", "0-2": "lifecyclestage", "0-3": "dealstage"}


def pipelines_of(
    defaults: Mapping[str, Sequence[Pipeline]], held: Held, object_type: ObjectType
) -> list[Pipeline]:
    """The pipelines of an object type in order of place and label.

    defaults: those that HubSpot defines, by the id of their object type.
    """
    found = {each.pipeline_id: each for each in defaults.get(object_type.id, ())}
    found |= {each.pipeline_id: each for each in held.by_type.get(object_type.code, ())}
    live = [each for each in found.values() if not each.is_removed]
    return sorted(live, key=lambda each: (each.display_order, each.label, each.pipeline_id))
