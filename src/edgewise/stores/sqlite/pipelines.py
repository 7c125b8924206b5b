"""The pipelines that the SQLite store keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from edgewise.domain import audit_deeds
from edgewise.domain.pipeline_ports import RECORDS_TOLD_MAX, Pipelines
from edgewise.domain.pipelines import (
    FIRST_NUMBER,
    Held,
    InUse,
    Pipeline,
    PipelinesChange,
    PipelinesChanged,
    Stage,
    StageUse,
)
from edgewise.domain.values import key_of
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Cursor, fetch
from edgewise.stores.sqlite.desk import Desk

_QUERIES = load_queries(FOLDER / "pipelines.sql")


class SqlitePipelines(Pipelines):
    """See `edgewise.domain.pipeline_ports.Pipelines`."""

    def __init__(self, desk: Desk) -> None:
        self._read = desk.read
        self._change = desk.change

    async def held(self, portal_id: int) -> Held:
        return self._read(_held, portal_id)

    async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
        tell = partial(audit_deeds.pipelines_changed, portal_id)
        return await self._change(tell, _change, portal_id, decide)


def remove_pipelines(cursor: Cursor, portal_id: int, object_type: int) -> None:
    """Remove the pipelines of an object type that is purged; the caller holds the transaction."""
    cursor.execute(_QUERIES.remove_pipelines, (portal_id, object_type))


def _held(cursor: Cursor, portal_id: int) -> Held:
    by_type: dict[int, list[Pipeline]] = {}
    for object_type, definition in fetch(cursor, _QUERIES.read_pipelines, (portal_id,)):
        by_type.setdefault(object_type, []).append(_pipeline(json.loads(definition)))
    next_number: int | None = cursor.execute(_QUERIES.next_pipeline_number, (portal_id,)).get
    return Held(by_type, next_number or FIRST_NUMBER)


def _change(cursor: Cursor, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
    change = decide(_held(cursor, portal_id))
    in_use = None if change.unused is None else _in_use(cursor, portal_id, change.unused)
    if in_use is not None:
        return PipelinesChanged(change, in_use)
    keyed = portal_id, change.object_type
    cursor.executemany(_QUERIES.remove_pipeline, [(*keyed, each) for each in change.removed])
    rows = [(*keyed, each.pipeline_id, json.dumps(asdict(each))) for each in change.put]
    cursor.executemany(_QUERIES.put_pipeline, rows)
    cursor.execute(_QUERIES.set_next_pipeline_number, (portal_id, change.next_number))
    return PipelinesChanged(change)


def _in_use(cursor: Cursor, portal_id: int, use: StageUse) -> InUse | None:
    values: list[str] = []
    record_ids: set[int] = set()
    for value in use.values:
        where = portal_id, use.object_type, use.property_name, key_of(value), value, RECORDS_TOLD_MAX
        found = {record_id for (record_id,) in fetch(cursor, _QUERIES.records_in_stage, where)}
        if found:
            values.append(value)
            record_ids |= found
    return InUse(values, sorted(record_ids)[:RECORDS_TOLD_MAX]) if values else None


def _pipeline(values: dict[str, Any]) -> Pipeline:
    stages = tuple(Stage(**each) for each in values.pop("stages"))
    return Pipeline(stages=stages, **values)
