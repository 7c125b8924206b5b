"""A portal keeps properties: what was put is read, changes are told by a version, and other portals see none of it."""

import asyncio
from dataclasses import replace

import pytest

from edgewise.domain.model import TypesChange
from edgewise.domain.properties import (
    FieldType,
    ObjectProperties,
    PropertyDefinition,
    PropertyGroup,
    PropertyOption,
    PropertyType,
)
from edgewise.domain.property_ports import Defined, PropertiesChange, PropertyCount
from tests.contract.test_schemas import CAR_SCHEMA, CARS
from tests.contract.toy_types import COMPANIES, DEALS
from tests.contract.world import AT, World, plain

HIVES = PropertyDefinition("hives", "Hives", "apiary", PropertyType.NUMBER, FieldType.NUMBER)
SIZE = PropertyDefinition(
    "size",
    'The "size"',
    "apiary",
    PropertyType.ENUMERATION,
    FieldType.CHECKBOX,
    "How large",
    (PropertyOption("s", "Small", 0), PropertyOption("ü", "Übergroß", 3, True, "rare")),
    display_order=4,
    has_unique_value=True,
    referenced_object_type="OWNER",
    data_sensitivity="sensitive",
    is_hidden=True,
    created_at=AT,
    updated_at=AT + 1,
    created_by=7,
)
TOTAL = replace(HIVES, name="total", calculation_formula="hives * 2", is_calculated=True)
GONE = replace(HIVES, name="gone", archived_at=AT + 5)
EMAIL = replace(HIVES, name="email", is_hubspot_defined=True)
APIARY = PropertyGroup("apiary", "Apiary", 2)
FORMER = PropertyGroup("Former", "Former", archived_at=AT)
NOTHING = ObjectProperties({}, {})


def _change(*properties: PropertyDefinition, groups: tuple[PropertyGroup, ...] = ()) -> PropertiesChange:
    return PropertiesChange(properties, groups)


async def _put(world: World, change: PropertiesChange, object_type: int = DEALS.code) -> PropertiesChange:
    return await world.store.properties.change(world.portal_id, object_type, lambda _: change)


async def _held(world: World, object_type: int = DEALS.code) -> ObjectProperties:
    return await world.store.properties.held(world.portal_id, object_type)


async def _version(world: World) -> int:
    return await world.store.types_version(world.portal_id)


async def test_a_new_portal_defined_no_properties(world: World):
    assert await _held(world) == NOTHING
    assert await world.store.properties.count(world.portal_id) == {}


async def test_properties_and_groups_are_read_as_they_were_put_in_the_order_of_their_names(world: World):
    await _put(world, _change(SIZE, HIVES, GONE, groups=(APIARY, FORMER)))
    held = await _held(world)
    assert list(held.properties.values()) == [GONE, HIVES, SIZE]
    assert list(held.properties) == ["gone", "hives", "size"]
    assert list(held.groups.values()) == [FORMER, APIARY]
    assert list(held.groups) == ["Former", "apiary"]
    assert held.properties["size"].option_values == {"s", "ü"}
    assert held.properties["size"].is_multiple


async def test_what_is_put_again_takes_the_place_of_the_former(world: World):
    await _put(world, _change(SIZE, HIVES, groups=(APIARY, FORMER)))
    fewer = replace(SIZE, label="Size", options=(), archived_at=AT + 9)
    await _put(world, _change(fewer, groups=(replace(APIARY, label="Bees"),)))
    held = await _held(world)
    assert list(held.properties.values()) == [HIVES, fewer]
    assert list(held.groups.values()) == [FORMER, replace(APIARY, label="Bees")]


async def test_object_types_have_properties_of_their_own(world: World):
    await _put(world, _change(HIVES, groups=(APIARY,)))
    await _put(world, _change(replace(HIVES, label="Else")), COMPANIES.code)
    assert await _held(world) == ObjectProperties({"hives": HIVES}, {"apiary": APIARY})
    assert await _held(world, COMPANIES.code) == ObjectProperties({"hives": replace(HIVES, label="Else")}, {})


async def test_a_change_is_decided_by_what_there_is_and_how_many_there_are_elsewhere(world: World):
    await _put(world, _change(HIVES, groups=(APIARY,)))
    await _put(world, _change(HIVES, TOTAL, GONE, EMAIL), COMPANIES.code)
    seen: list[Defined] = []

    def decide(defined: Defined) -> PropertiesChange:
        seen.append(defined)
        return _change(TOTAL)

    assert await world.store.properties.change(world.portal_id, DEALS.code, decide) == _change(TOTAL)
    assert seen[-1] == Defined(ObjectProperties({"hives": HIVES}, {"apiary": APIARY}), 2)
    assert list((await _held(world)).properties) == ["hives", "total"]


async def test_a_change_that_is_refused_changes_nothing(world: World):
    await _put(world, _change(HIVES))
    version = await _version(world)

    def decide(defined: Defined) -> PropertiesChange:
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await world.store.properties.change(world.portal_id, DEALS.code, decide)
    assert await _held(world) == ObjectProperties({"hives": HIVES}, {})
    assert await _version(world) == version


async def test_every_change_makes_the_version_of_the_types_another_one(world: World):
    versions = [await _version(world)]
    for change in (_change(HIVES), _change(groups=(APIARY,)), _change(HIVES)):
        await _put(world, change)
        versions.append(await _version(world))
    assert len(set(versions)) == len(versions)
    assert versions == sorted(versions)


async def test_a_change_of_nothing_leaves_the_version(world: World):
    await _put(world, _change(HIVES))
    version = await _version(world)
    await _put(world, _change())
    assert await _version(world) == version


async def test_a_change_of_properties_leaves_the_types(world: World):
    before = plain(await world.store.portal_types(world.portal_id))
    await _put(world, _change(HIVES))
    assert plain(await world.store.portal_types(world.portal_id))[:-1] == before[:-1]


async def test_own_active_properties_are_counted_by_object_type(world: World):
    await _put(world, _change(HIVES, TOTAL, GONE, EMAIL))
    await _put(world, _change(SIZE), COMPANIES.code)
    await _put(world, _change(GONE, EMAIL), CARS.code)
    assert await world.store.properties.count(world.portal_id) == {
        DEALS.code: PropertyCount(2, 1),
        COMPANIES.code: PropertyCount(1, 0),
    }


async def test_changes_at_the_same_time_all_happen(world: World):
    async def add(number: int) -> None:
        def decide(defined: Defined) -> PropertiesChange:
            named = replace(HIVES, name=f"hives_{number}", display_order=len(defined.own.properties))
            return _change(named)

        await world.store.properties.change(world.portal_id, DEALS.code, decide)

    await asyncio.gather(*map(add, range(8)))
    held = await _held(world)
    assert sorted(each.display_order for each in held.properties.values()) == list(range(8))


async def test_a_purged_object_type_leaves_no_properties(world: World):
    await world.change(TypesChange(object_types=[CARS], schemas=[CAR_SCHEMA]))
    await _put(world, _change(HIVES, groups=(APIARY,)), CARS.code)
    await _put(world, _change(SIZE))
    await world.change(TypesChange(purged=[CARS.code]))
    assert await _held(world, CARS.code) == NOTHING
    assert list((await _held(world)).properties) == ["size"]


async def test_another_portal_sees_and_changes_none_of_it(world: World):
    await _put(world, _change(HIVES, groups=(APIARY,)))
    version = await _version(world)
    elsewhere = world.elsewhere()
    assert await _held(elsewhere) == NOTHING
    assert await world.store.properties.count(elsewhere.portal_id) == {}
    await _put(elsewhere, _change(replace(HIVES, label="Other"), TOTAL))
    assert await _held(world) == ObjectProperties({"hives": HIVES}, {"apiary": APIARY})
    assert await world.store.properties.count(world.portal_id) == {DEALS.code: PropertyCount(1, 0)}
    assert await _version(world) == version


async def test_what_was_read_stays_as_it_was(world: World):
    await _put(world, _change(HIVES))
    first = await _held(world)
    await _put(world, _change(SIZE))
    assert list(first.properties) == ["hives"]
