"""The pipelines that HubSpot defines in every account, from pipelines.json; read at the first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from edgewise.domain.pipelines import Pipeline, Stage


class _Row(msgspec.Struct, rename="camel", frozen=True):
    """A pipeline. stages: id, label and metadata of each, in order."""

    object_type_id: str
    id: str
    label: str
    stages: list[tuple[str, str, dict[str, str]]]


class _File(msgspec.Struct, frozen=True):
    sources: list[str]
    date: str
    pipelines: list[_Row]


@cache
def default_pipelines() -> Mapping[str, Sequence[Pipeline]]:
    """By the id of an object type; they were created at the epoch, as the service tells it."""
    raw = files(__package__).joinpath("pipelines.json").read_bytes()
    found: dict[str, list[Pipeline]] = {}
    for row in msgspec.json.decode(raw, type=_File).pipelines:
        stages = tuple(
            Stage(stage_id, label, place, metadata)
            for place, (stage_id, label, metadata) in enumerate(row.stages)
        )
        pipelines = found.setdefault(row.object_type_id, [])
        pipelines.append(Pipeline(row.id, row.label, len(pipelines), stages))
    return found
