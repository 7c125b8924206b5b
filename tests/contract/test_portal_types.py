"""A portal defines object types and association types of its own."""

from dataclasses import asdict, replace
from itertools import chain

import pytest

from edgewise.domain.errors import Conflict
from edgewise.domain.model import AssociationType, ObjectType, PortalTypes, object_type_code
from tests.contract.toy_types import ADVISED_BY, ADVISES, CONTACT_COMPANY, ONE_WAY, PRIMARY, SYNCED
from tests.contract.world import World

CARS = ObjectType(
    object_type_code("2-7"), "2-7", "car", "cars", ("p101_car", "AUTO"), ("name", "colour"), "changed"
)
BOATS = ObjectType(object_type_code("2-12"), "2-12", "boat", "boats")
EVERY_KIND = (CONTACT_COMPANY, PRIMARY, ADVISES, ADVISED_BY, SYNCED, replace(ONE_WAY, is_legacy=True))


def _unused(world: World) -> int:
    """A portal that nobody defined anything in."""
    return world.portal_id + 1


async def _add(world: World, *types: ObjectType | AssociationType) -> None:
    defined = PortalTypes(
        [t for t in types if isinstance(t, ObjectType)],
        [t for t in types if isinstance(t, AssociationType)],
    )
    await world.store.add_portal_types(_unused(world), defined)


async def _defined(world: World) -> list[dict[str, object]]:
    types = await world.store.portal_types(_unused(world))
    return [asdict(t) for t in chain(types.object_types, types.association_types)]


async def test_a_new_portal_has_defined_nothing(world: World):
    assert await _defined(world) == []


async def test_types_are_read_as_they_were_defined_in_order_of_their_keys(world: World):
    await _add(world, BOATS, CARS, *EVERY_KIND)
    in_order = [CARS, BOATS, *sorted(EVERY_KIND, key=lambda link_type: link_type.key)]
    assert await _defined(world) == [asdict(t) for t in in_order]


async def test_further_types_join_the_former_ones(world: World):
    await _add(world, CARS, ADVISES)
    await _add(world, BOATS, ADVISED_BY)
    assert await _defined(world) == [asdict(t) for t in (CARS, BOATS, ADVISES, ADVISED_BY)]


@pytest.mark.parametrize("again", [CARS, ADVISES], ids=["object type", "association type"])
async def test_a_type_that_exists_is_a_conflict_and_nothing_is_added(
    world: World, again: ObjectType | AssociationType
):
    await _add(world, CARS, ADVISES)
    with pytest.raises(Conflict):
        await _add(world, BOATS, ADVISED_BY, again)
    assert await _defined(world) == [asdict(t) for t in (CARS, ADVISES)]


async def test_a_type_named_twice_in_one_call_is_a_conflict(world: World):
    for twice in (CARS, ADVISES):
        with pytest.raises(Conflict):
            await _add(world, BOATS, SYNCED, twice, twice)
    assert await _defined(world) == []


async def test_what_one_portal_defined_another_has_not(world: World):
    await _add(world, CARS, ADVISES)
    assert await _defined(world.elsewhere()) == []
    await _add(world.elsewhere(), replace(CARS, name="wagon"), ADVISES)
    assert await _defined(world) == [asdict(t) for t in (CARS, ADVISES)]
