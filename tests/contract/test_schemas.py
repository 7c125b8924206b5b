"""A portal defines, changes, archives and purges object types while it is used; their numbers are never given twice."""

from dataclasses import asdict, replace

import pytest

from edgewise.domain.errors import InvalidObjectTypeId
from edgewise.domain.model import (
    Category,
    NewRecord,
    ObjectType,
    PortalTypes,
    RecordRef,
    TypesChange,
    object_type_code,
)
from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.ports import Created, TypesChanged
from edgewise.domain.record_keys import Upsert, property_key
from tests.contract.toy_types import CONTACTS, both_halves
from tests.contract.world import AT, World

CARS = ObjectType(object_type_code("2-1"), "2-1", "car", "Cars", ("p101_car",), ("hs_object_id",))
BOATS = ObjectType(object_type_code("2-2"), "2-2", "boat", "Boats", ("p101_boat",))
CAR_SCHEMA = ObjectSchema(
    CARS.code, "car", "Car", "Cars", "model", ("colour", "year"), ("model",), ("model", "hs_object_id"),
    'The "fleet"', AT, AT + 1, 42, 43,
)  # fmt: skip
BOAT_SCHEMA = ObjectSchema(BOATS.code, "boat", "Boat", "Boats", "hs_object_id")
CREWED, CREW_OF = both_halves(CARS, CONTACTS, (7, 8), Category.USER_DEFINED)


async def _types(world: World) -> PortalTypes:
    return await world.store.portal_types(world.portal_id)


async def _define(world: World, *kinds: tuple[ObjectType, ObjectSchema]) -> TypesChanged:
    return await world.change(
        TypesChange(object_types=[each for each, _ in kinds], schemas=[schema for _, schema in kinds])
    )


async def _archive(world: World, schema: ObjectSchema) -> TypesChanged:
    return await world.change(
        TypesChange(
            removed_object_types=[schema.code],
            schemas=[replace(schema, archived_at=AT + 5)],
            vacant=[schema.code],
        )
    )


def _plain(object_types: list[ObjectType]) -> list[dict[str, object]]:
    return [asdict(each) for each in object_types]


async def test_an_object_type_and_its_schema_are_read_as_they_were_defined(world: World):
    changed = await _define(world, (BOATS, BOAT_SCHEMA), (CARS, CAR_SCHEMA))
    types = await _types(world)
    assert _plain(list(types.object_types)) == _plain([CARS, BOATS])
    assert list(types.schemas) == [CAR_SCHEMA, BOAT_SCHEMA]
    assert list(changed.types.schemas) == list(types.schemas)
    assert changed.types.version == types.version


async def test_each_change_of_object_types_is_another_version(world: World):
    before = (await _types(world)).version
    await _define(world, (CARS, CAR_SCHEMA))
    await _define(world, (replace(CARS, plural="Autos"), replace(CAR_SCHEMA, plural="Autos")))
    await _archive(world, CAR_SCHEMA)
    assert await world.store.types_version(world.portal_id) == before + 3


async def test_a_change_takes_the_place_of_what_was_there(world: World):
    await _define(world, (CARS, CAR_SCHEMA), (BOATS, BOAT_SCHEMA))
    renamed = replace(CARS, plural="Autos", aliases=("p101_car", "auto"))
    schema = replace(CAR_SCHEMA, plural="Autos", description=None, updated_at=AT + 9)
    await _define(world, (renamed, schema))
    types = await _types(world)
    assert _plain(list(types.object_types)) == _plain([renamed, BOATS])
    assert list(types.schemas) == [schema, BOAT_SCHEMA]


async def test_records_of_a_new_object_type_are_made_and_linked_at_once(world: World):
    await world.change(TypesChange(object_types=[CARS], schemas=[CAR_SCHEMA], added=(CREWED, CREW_OF)))
    ann = await world.contact()
    created = await world.create(CARS, NewRecord({"model": "T"}))
    assert isinstance(created, Created)
    car = RecordRef(CARS.code, created.records[0].record_id)
    assert not await world.link(car, ann, CREWED)
    assert await world.keys(ann, car) == {CREW_OF.key}
    await world.archive(car)


async def test_the_next_number_follows_the_highest_ever_given(world: World):
    assert (await _types(world)).next_object_number == 1
    await _define(world, (BOATS, BOAT_SCHEMA))
    assert (await _types(world)).next_object_number == 3
    await _archive(world, BOAT_SCHEMA)
    await world.change(TypesChange(purged=[BOATS.code]))
    await _define(world, (CARS, CAR_SCHEMA))
    assert (await _types(world)).next_object_number == 3


async def test_object_types_that_were_loaded_are_counted_too(world: World):
    trains = ObjectType(object_type_code("2-70"), "2-70", "train", "trains")
    await world.store.add_portal_types(world.portal_id, PortalTypes((trains,), schemas=(BOAT_SCHEMA,)))
    types = await _types(world)
    assert types.next_object_number == 71
    assert list(types.schemas) == [BOAT_SCHEMA]


async def test_an_archived_object_type_is_gone_and_its_schema_stays(world: World):
    await _define(world, (CARS, CAR_SCHEMA), (BOATS, BOAT_SCHEMA))
    await _archive(world, CAR_SCHEMA)
    types = await _types(world)
    assert _plain(list(types.object_types)) == _plain([BOATS])
    assert list(types.schemas) == [replace(CAR_SCHEMA, archived_at=AT + 5), BOAT_SCHEMA]
    assert types.schemas[0].is_archived


async def test_an_object_type_with_a_live_record_is_told_and_nothing_is_changed(world: World):
    await world.change(TypesChange(object_types=[CARS], schemas=[CAR_SCHEMA], added=(CREWED, CREW_OF)))
    [car] = await world.records(CARS, 1)
    before = await world.state()
    changed = await world.change(
        TypesChange(
            removed=[CREWED.key, CREW_OF.key],
            removed_object_types=[CARS.code],
            schemas=[replace(CAR_SCHEMA, archived_at=AT)],
            vacant=[CARS.code],
        )
    )
    assert changed.occupied == [CARS.code]
    assert await world.state() == before
    await world.archive(car)
    assert (await _archive(world, CAR_SCHEMA)).occupied == ()


async def test_records_elsewhere_and_of_other_types_keep_no_object_type_from_being_archived(world: World):
    await _define(world, (CARS, CAR_SCHEMA), (BOATS, BOAT_SCHEMA))
    await world.records(BOATS, 1)
    await _define(world.elsewhere(), (CARS, CAR_SCHEMA))
    await world.elsewhere().records(CARS, 1)
    assert (await _archive(world, CAR_SCHEMA)).occupied == ()


@pytest.mark.parametrize("is_archived", [True, False])
async def test_no_record_is_made_of_an_object_type_that_is_not_there(world: World, is_archived: bool):
    if is_archived:
        await _define(world, (CARS, CAR_SCHEMA))
        await _archive(world, CAR_SCHEMA)
    upsert = Upsert(property_key("model", "T"), {"model": "T"}, creates=True)
    for write in (
        lambda: world.records(CARS, 1),
        lambda: world.store.upsert_records(world.portal_id, CARS.code, [upsert], AT),
    ):
        with pytest.raises(InvalidObjectTypeId) as refused:
            await write()
        assert refused.value.text == "2-1"
    assert not any((await world.store.count_records(world.portal_id)).values())


async def test_a_purge_removes_the_schema_and_the_archived_records_for_good(world: World):
    await _define(world, (CARS, CAR_SCHEMA), (BOATS, BOAT_SCHEMA))
    cars = await world.records(CARS, 3)
    await world.archive(*cars)
    boats = await world.records(BOATS, 1)
    await world.archive(*boats)
    await _archive(world, CAR_SCHEMA)
    await world.change(TypesChange(purged=[CARS.code]))
    assert list((await _types(world)).schemas) == [BOAT_SCHEMA]
    assert [await world.read(car, is_archived=True) for car in cars] == [None] * 3
    assert await world.read(boats[0], is_archived=True) is not None
    highest = max(ref.record_id for ref in [*cars, *boats])
    assert (await world.contact()).record_id > highest, "an id was given twice"


async def test_a_purge_leaves_records_of_that_type_in_other_portals(world: World):
    await _define(world, (CARS, CAR_SCHEMA))
    await _define(world.elsewhere(), (CARS, CAR_SCHEMA))
    there = await world.elsewhere().records(CARS, 1)
    await world.elsewhere().archive(*there)
    await _archive(world, CAR_SCHEMA)
    await world.change(TypesChange(purged=[CARS.code]))
    assert await world.elsewhere().read(there[0], is_archived=True) is not None


async def test_what_one_portal_defines_another_has_not(world: World):
    before = await _types(world.elsewhere())
    await _define(world, (CARS, CAR_SCHEMA))
    after = await _types(world.elsewhere())
    assert (after.version, list(after.object_types), list(after.schemas)) == (
        before.version, list(before.object_types), list(before.schemas),
    )  # fmt: skip
    assert after.next_object_number == 1


async def test_a_change_of_object_types_is_in_the_audit_log_and_a_refused_one_is_not(world: World):
    from edgewise.domain.audit import Wanted

    await _define(world, (CARS, CAR_SCHEMA))
    [car] = await world.records(CARS, 1)
    await _archive(world, CAR_SCHEMA)
    await world.archive(car)
    await _archive(world, CAR_SCHEMA)
    await world.change(TypesChange(purged=[CARS.code]))
    entries = await world.store.audit.read_latest(Wanted(world.portal_id), 4)
    told = [(entry.deed.action.value, entry.deed.details) for entry in entries]
    assert told == [
        ("schemas.change", '{"objectTypes":["2-1"]}'),
        ("records.archive", f'{{"type":"2-1","ids":[{car.record_id}]}}'),
        ("schemas.change", '{"archivedObjectTypes":["2-1"]}'),
        ("schemas.change", '{"purgedObjectTypes":["2-1"]}'),
    ]
