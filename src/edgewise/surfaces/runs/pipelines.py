"""What the operations on pipelines ask of the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from edgewise.data.pipelines import default_pipelines
from edgewise.domain import pipeline_changes as rules
from edgewise.domain.errors_pipelines import StagesInUse
from edgewise.domain.model import ObjectType
from edgewise.domain.pipeline_changes import Place
from edgewise.domain.pipelines import Held, Pipeline, PipelinesChange, Stage, pipelines_of
from edgewise.domain.ports import Store
from edgewise.wire.messages import Call
from edgewise.wire.pipelines import (
    ChangePipeline,
    ChangeStage,
    CreateStage,
    OnePipeline,
    OneStage,
    PutPipeline,
)


async def list_pipelines(store: Store, call: Call, command: ObjectType) -> Sequence[Pipeline]:
    """The pipelines of an object type."""
    return pipelines_of(default_pipelines(), await store.pipelines.held(call.portal.portal_id), command)


async def read_pipeline(store: Store, call: Call, command: OnePipeline) -> Pipeline:
    """One pipeline."""
    return rules.find_pipeline(await list_pipelines(store, call, command.object_type), command.pipeline_id)


async def read_stage(store: Store, call: Call, command: OneStage) -> Stage:
    """One stage of a pipeline."""
    pipelines = await list_pipelines(store, call, command.object_type)
    return rules.find_stage(rules.find_pipeline(pipelines, command.pipeline_id), command.stage_id)


async def create_pipeline(store: Store, call: Call, command: PutPipeline) -> Pipeline:
    """Define a pipeline."""
    return await _put(
        store, call, command.object_type, lambda place: rules.create_pipeline(place, command.new)
    )


async def replace_pipeline(store: Store, call: Call, command: PutPipeline) -> Pipeline:
    """Define a pipeline anew."""
    object_type, pipeline_id, new = command
    return await _put(
        store, call, object_type, lambda place: rules.replace_pipeline(place, pipeline_id or "", new)
    )


async def change_pipeline(store: Store, call: Call, command: ChangePipeline) -> Pipeline:
    """Give a pipeline another label or place."""
    object_type, pipeline_id, label, display_order = command
    return await _put(
        store,
        call,
        object_type,
        lambda place: rules.change_pipeline(place, pipeline_id, label, display_order),
    )


async def remove_pipeline(store: Store, call: Call, command: OnePipeline) -> None:
    """Remove a pipeline."""
    object_type, pipeline_id = command
    await _change(store, call, object_type, lambda place: rules.remove_pipeline(place, pipeline_id))


async def create_stage(store: Store, call: Call, command: CreateStage) -> Stage:
    """Add a stage to a pipeline."""
    object_type, pipeline_id, new = command
    change = await _change(
        store, call, object_type, lambda place: rules.create_stage(place, pipeline_id, new)
    )
    return rules.find_stage(change.put[0], new.stage_id or str(change.next_number - 1))


async def change_stage(store: Store, call: Call, command: ChangeStage) -> Stage:
    """Give a stage another label, place or meaning."""
    object_type, pipeline_id, stage_id, wanted = command
    change = await _change(
        store, call, object_type, lambda place: rules.change_stage(place, pipeline_id, stage_id, wanted)
    )
    return rules.find_stage(change.put[0], stage_id)


async def remove_stage(store: Store, call: Call, command: OneStage) -> None:
    """Remove a stage, also where there is none."""
    object_type, pipeline_id, stage_id = command
    nothing = PipelinesChange(object_type.code)
    await _change(
        store,
        call,
        object_type,
        lambda place: rules.remove_stage(place, pipeline_id, stage_id) or nothing,
    )


async def count_pipelines(store: Store, call: Call, command: None) -> Mapping[int, int]:
    """How many pipelines there are beside those that HubSpot defines, by the code of their object type."""
    held = await store.pipelines.held(call.portal.portal_id)
    defaults = default_pipelines()
    return {
        each.code: sum(
            pipeline.pipeline_id not in {d.pipeline_id for d in defaults.get(each.id, ())}
            for pipeline in held.by_type.get(each.code, ())
        )
        for each in call.portal.catalog.object_types
    }


async def _put(
    store: Store, call: Call, object_type: ObjectType, decide: Callable[[Place], PipelinesChange]
) -> Pipeline:
    return (await _change(store, call, object_type, decide)).put[0]


async def _change(
    store: Store, call: Call, object_type: ObjectType, decide: Callable[[Place], PipelinesChange]
) -> PipelinesChange:
    """Change the pipelines of an object type. Raises: StagesInUse."""

    def decide_now(held: Held) -> PipelinesChange:
        return decide(Place(default_pipelines(), held, object_type, call.at))

    changed = await store.pipelines.change(call.portal.portal_id, decide_now)
    if changed.in_use is not None:
        raise StagesInUse(list(changed.in_use.values), list(changed.in_use.record_ids))
    return changed.change
