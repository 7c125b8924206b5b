"""A portal keeps pipelines: what was put is read, what is in use is not removed, and other portals see none of it."""

import asyncio
from dataclasses import replace

import pytest

from edgewise.domain.model import NewRecord, RecordRef, TypesChange
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
from edgewise.domain.ports import Created
from tests.contract.toy_types import COMPANIES, DEALS
from tests.contract.world import AT, World

OPEN = Stage("open", "Open", 0, {"isClosed": "false", "probability": "0.2"}, AT, AT + 1)
WON = Stage("won", 'Won "it"', 5, {"isClosed": "true", "probability": "1.0"}, AT, AT + 2)
SALES = Pipeline("sales", "Sales", 1, (OPEN, WON), AT, AT + 3)
RENEWALS = Pipeline("Renewals", "Renewals", 0, (WON, OPEN), AT, AT)
GONE = Pipeline("default", "Default", 0, (OPEN,), 0, AT, is_removed=True)


async def _put(world: World, *pipelines: Pipeline, object_type: int = DEALS.code, number: int = 0) -> None:
    await _change(world, PipelinesChange(object_type, pipelines, next_number=number))


async def _change(world: World, change: PipelinesChange) -> PipelinesChanged:
    return await world.store.pipelines.change(world.portal_id, lambda _: change)


async def _held(world: World) -> Held:
    return await world.store.pipelines.held(world.portal_id)


async def _deal(world: World, **properties: str) -> RecordRef:
    created = await world.create(DEALS, NewRecord(properties))
    assert isinstance(created, Created)
    return RecordRef(DEALS.code, created.records[0].record_id)


async def _remove(world: World, *stages: str) -> PipelinesChanged:
    """Remove the pipeline of sales when no deal is in one of some stages."""
    use = StageUse(DEALS.code, "dealstage", stages)
    return await _change(world, PipelinesChange(DEALS.code, removed=["sales"], unused=use))


async def test_a_new_portal_defined_no_pipelines(world: World):
    assert await _held(world) == Held({}, FIRST_NUMBER)


async def test_pipelines_are_read_as_they_were_put_in_the_order_of_their_ids(world: World):
    await _put(world, SALES, GONE, RENEWALS)
    await _put(world, replace(SALES, pipeline_id="s"), object_type=COMPANIES.code)
    held = await _held(world)
    assert held.by_type == {
        DEALS.code: [RENEWALS, GONE, SALES],
        COMPANIES.code: [replace(SALES, pipeline_id="s")],
    }


async def test_a_pipeline_that_is_put_again_takes_the_place_of_the_former(world: World):
    await _put(world, SALES, RENEWALS)
    changed = replace(SALES, label="Selling", stages=(WON,), updated_at=AT + 9)
    await _put(world, changed)
    assert (await _held(world)).by_type == {DEALS.code: [RENEWALS, changed]}


async def test_a_pipeline_is_removed_from_its_object_type_alone(world: World):
    await _put(world, SALES, RENEWALS)
    await _put(world, SALES, object_type=COMPANIES.code)
    await _change(world, PipelinesChange(DEALS.code, removed=["sales", "nothing"]))
    assert (await _held(world)).by_type == {DEALS.code: [RENEWALS], COMPANIES.code: [SALES]}


async def test_ids_tell_letters_apart(world: World):
    await _put(world, SALES, replace(SALES, pipeline_id="SALES"))
    await _change(world, PipelinesChange(DEALS.code, removed=["sales"]))
    assert (await _held(world)).by_type == {DEALS.code: [replace(SALES, pipeline_id="SALES")]}


async def test_the_next_number_never_goes_back(world: World):
    await _put(world, SALES, number=FIRST_NUMBER + 7)
    await _put(world, RENEWALS, number=FIRST_NUMBER + 3)
    await _put(world, GONE)
    assert (await _held(world)).next_number == FIRST_NUMBER + 7


async def test_what_decides_sees_what_there_is(world: World):
    await _put(world, SALES)
    seen = []

    def decide(held: Held) -> PipelinesChange:
        seen.append(held)
        return PipelinesChange(DEALS.code)

    answer = await world.store.pipelines.change(world.portal_id, decide)
    assert answer == PipelinesChanged(PipelinesChange(DEALS.code))
    assert seen[-1] == await _held(world)


async def test_a_refusal_changes_nothing(world: World):
    await _put(world, SALES)

    def refuse(held: Held) -> PipelinesChange:
        raise KeyError("no")

    with pytest.raises(KeyError):
        await world.store.pipelines.change(world.portal_id, refuse)
    assert (await _held(world)).by_type == {DEALS.code: [SALES]}


async def test_what_is_in_use_stays_and_the_records_are_told(world: World):
    await _put(world, SALES)
    deals = [await _deal(world, dealstage=stage) for stage in ("won", "open", "won", "else")]
    changed = await _remove(world, "open", "lost", "won")
    assert changed.in_use == InUse(["open", "won"], [deal.record_id for deal in deals[:3]])
    assert (await _held(world)).by_type == {DEALS.code: [SALES]}


async def test_what_no_live_record_has_is_removed(world: World):
    await _put(world, SALES)
    await world.archive(await _deal(world, dealstage="open"))
    moved = await _deal(world, dealstage="won")
    await world.update(moved, AT + 1, dealstage="else")
    await _deal(world, dealstage="Open", stage="open")
    await world.create(COMPANIES, NewRecord({"dealstage": "open"}))
    await world.elsewhere().create(DEALS, NewRecord({"dealstage": "open"}))
    assert (await _remove(world, "open", "won")).in_use is None
    assert (await _held(world)).by_type == {}


async def test_a_stage_is_told_to_the_letter_also_where_it_looks_like_a_number(world: World):
    await _put(world, SALES)
    await _deal(world, dealstage="1.0")
    long = "x" * 99
    await _deal(world, dealstage=f"{long}a")
    assert (await _remove(world, "1", f"{long}b")).in_use is None
    await _put(world, SALES)
    assert (await _remove(world, "1.0")).in_use is not None
    assert (await _remove(world, f"{long}a")).in_use is not None


async def test_portals_do_not_see_each_others_pipelines(world: World):
    await _put(world, SALES, number=FIRST_NUMBER + 5)
    assert await _held(world.elsewhere()) == Held({}, FIRST_NUMBER)
    await _put(world.elsewhere(), RENEWALS)
    await _change(world.elsewhere(), PipelinesChange(DEALS.code, removed=["sales"]))
    assert (await _held(world)).by_type == {DEALS.code: [SALES]}


async def test_two_changes_at_once_happen_one_after_the_other(world: World):
    def add_one(held: Held) -> PipelinesChange:
        number = held.next_number
        new = replace(SALES, pipeline_id=str(number))
        return PipelinesChange(DEALS.code, (new,), next_number=number + 1)

    await asyncio.gather(*[world.store.pipelines.change(world.portal_id, add_one) for _ in range(20)])
    held = await _held(world)
    assert len(held.by_type[DEALS.code]) == 20
    assert held.next_number == FIRST_NUMBER + 20


async def test_pipelines_go_with_their_object_type_when_it_is_purged(world: World):
    await _put(world, SALES, object_type=(2 << 32) + 1)
    await _put(world, SALES)
    await world.change(TypesChange(purged=[(2 << 32) + 1]))
    assert (await _held(world)).by_type == {DEALS.code: [SALES]}


async def test_record_ids_and_pipelines_do_not_disturb_each_other(world: World):
    first = await world.deal()
    await _put(world, SALES, number=FIRST_NUMBER + 2)
    second = await world.deal()
    assert second.record_id == first.record_id + 1
    assert (await _held(world)).next_number == FIRST_NUMBER + 2
