"""No two live records of a type share the value of a unique property, whoever writes at the same time."""

import asyncio
from typing import Any

from edgewise.domain.model import (
    FIRST_RECORD_ID,
    CreateRecords,
    NewLink,
    NewRecord,
    Record,
    RecordChange,
    ValueTaken,
)
from edgewise.domain.ports import Created, PartlyCreated, TargetsMissing
from edgewise.domain.record_keys import Upsert, Upserted, property_key
from tests.contract.toy_types import COMPANIES, CONTACT_COMPANY, CONTACTS
from tests.contract.world import AT, World, company, contact

UNIQUE = ("email", "code")
LATER = AT + 9


async def _create(world: World, *records: dict[str, str] | NewRecord, is_partial: bool = False) -> Any:
    new = [each if isinstance(each, NewRecord) else NewRecord(each) for each in records]
    command = CreateRecords(world.portal_id, CONTACTS.code, new, AT, unique=UNIQUE, is_partial=is_partial)
    return await world.store.create_records(command)


async def _made(world: World, **properties: str) -> int:
    created = await _create(world, properties)
    assert isinstance(created, Created)
    return created.records[0].record_id


async def _update(world: World, *changes: tuple[int, dict[str, str | None]], is_partial: bool = False) -> Any:
    return await world.store.update_records(
        world.portal_id, CONTACTS.code, [RecordChange(*each) for each in changes], LATER, UNIQUE, is_partial
    )


async def _upsert(world: World, *upserts: Upsert, is_partial: bool = False) -> Any:
    return await world.store.upsert_records(
        world.portal_id, CONTACTS.code, upserts, LATER, UNIQUE, is_partial
    )


async def _emails(world: World) -> list[str | None]:
    page = await world.store.list_records(world.portal_id, CONTACTS.code, 1, 1000)
    return [record.properties.get("email") for record in page.records]


async def test_a_value_that_a_live_record_has_is_taken(world: World):
    ann = await _made(world, email="ann@b.c", code="A")
    assert await _create(world, {"email": "ann@b.c"}) == ValueTaken("email", "ann@b.c", ann)
    assert await _create(world, {"email": "x", "code": "A"}) == ValueTaken("code", "A", ann)
    assert await world.all_records() == {contact(ann)}


async def test_an_email_is_taken_in_any_case_and_other_values_only_as_they_are(world: World):
    ann = await _made(world, email="Ann@b.c", code="A")
    assert await _create(world, {"email": "aNN@B.C"}) == ValueTaken("email", "aNN@B.C", ann)
    assert isinstance(await _create(world, {"code": "a"}), Created)
    assert isinstance(await _create(world, {"code": "1"}, {"code": "1.0"}), Created)


async def test_a_long_value_is_taken_as_a_whole(world: World):
    long = "a" * 300
    ann = await _made(world, code=long)
    assert isinstance(await _create(world, {"code": f"{long}b"}), Created)
    assert await _create(world, {"code": long}) == ValueTaken("code", long, ann)


async def test_a_value_of_another_property_type_or_portal_and_an_unset_one_are_free(world: World):
    await _made(world, email="a@b.c", name="Ann")
    await world.create(COMPANIES, NewRecord({"email": "free@b.c"}))
    await world.elsewhere().create(CONTACTS, NewRecord({"email": "free@b.c"}))
    made = await _create(world, {"email": "free@b.c", "name": "Ann"}, {"name": "Ann"}, {})
    assert isinstance(made, Created)


async def test_the_value_of_an_archived_record_is_free(world: World):
    ann = await _made(world, email="a@b.c")
    await world.archive(contact(ann))
    assert isinstance(await _create(world, {"email": "a@b.c"}), Created)


async def test_a_value_is_free_once_its_record_has_another_one(world: World):
    ann = await _made(world, email="a@b.c")
    await _update(world, (ann, {"email": "new@b.c"}))
    assert isinstance(await _create(world, {"email": "a@b.c"}), Created)
    assert isinstance(await _create(world, {"email": "NEW@b.c"}), ValueTaken)


async def test_two_new_records_with_one_value_leave_nothing_of_the_call(world: World):
    taken = await _create(world, {"email": "a@b.c"}, {"email": "x"}, {"email": "A@b.c"})
    assert taken == ValueTaken("email", "A@b.c", 0)
    assert await world.all_records() == set()
    assert await _made(world, email="a@b.c") == FIRST_RECORD_ID


async def test_records_on_their_own_are_made_beside_refused_ones(world: World):
    ann = await _made(world, email="a@b.c")
    missing = NewRecord({"email": "m@b.c"}, (NewLink(company(5), (CONTACT_COMPANY,)),))
    outcome = await _create(
        world, {"email": "A@B.c"}, {"email": "x@b.c"}, missing, {"email": "X@b.c"}, {}, is_partial=True
    )
    assert isinstance(outcome, PartlyCreated)
    taken, made, lost, repeated, bare = outcome.outcomes
    assert taken == ValueTaken("email", "A@B.c", ann)
    assert made == Record(ann + 1, {"email": "x@b.c"}, AT, AT)
    assert isinstance(lost, TargetsMissing)
    assert repeated == ValueTaken("email", "X@b.c", ann + 1)
    assert bare == Record(ann + 2, {}, AT, AT)
    assert await _emails(world) == ["a@b.c", "x@b.c", None]


async def test_a_change_to_a_taken_value_changes_nothing(world: World):
    ann, ben = await _made(world, email="a@b.c"), await _made(world, email="b@b.c")
    changes: tuple[tuple[int, dict[str, str | None]], ...] = (
        (ann, {"name": "Ann"}),
        (ben, {"email": "A@b.c", "name": "Ben"}),
    )
    assert await _update(world, *changes) == ValueTaken("email", "A@b.c", ann)
    for record_id, email in ((ann, "a@b.c"), (ben, "b@b.c")):
        record = await world.read(contact(record_id))
        assert record == Record(record_id, {"email": email}, AT, AT)
    outcomes = await _update(world, *changes, is_partial=True)
    assert [type(each) for each in outcomes] == [Record, ValueTaken]
    assert (await world.read(contact(ben))) == Record(ben, {"email": "b@b.c"}, AT, AT)


async def test_a_record_may_keep_its_value_and_write_it_in_another_way(world: World):
    ann = await _made(world, email="a@b.c", code="1")
    [record] = await _update(world, (ann, {"email": "A@B.C", "code": "1"}))
    assert record.properties == {"email": "A@B.C", "code": "1"}


async def test_two_records_may_exchange_a_value_in_one_call_that_frees_it_first(world: World):
    ann, ben = await _made(world, email="a@b.c"), await _made(world, email="b@b.c")
    outcomes = await _update(
        world, (ann, {"email": None}), (ben, {"email": "a@b.c"}), (ann, {"email": "b@b.c"})
    )
    assert [type(each) for each in outcomes] == [Record, Record, Record]
    assert await _emails(world) == ["b@b.c", "a@b.c"]


async def test_an_upsert_to_a_taken_value_changes_nothing(world: World):
    ann, ben = await _made(world, email="a@b.c", code="1"), await _made(world, email="b@b.c", code="2")
    good = Upsert(property_key("code", "1"), {"name": "Ann"}, True)
    bad = Upsert(property_key("code", "2"), {"email": "A@b.c"}, True)
    new = Upsert(property_key("code", "3"), {"email": "a@B.c"}, True)
    assert await _upsert(world, good, bad) == ValueTaken("email", "A@b.c", ann)
    assert await _upsert(world, new) == ValueTaken("email", "a@B.c", ann)
    assert await _upsert(world, good, new) == ValueTaken("email", "a@B.c", ann)
    assert await world.all_records() == {contact(ann), contact(ben)}
    assert (await world.read(contact(ann))) == Record(ann, {"email": "a@b.c", "code": "1"}, AT, AT)
    outcomes = await _upsert(world, bad, good, new, is_partial=True)
    assert [type(each) for each in outcomes] == [ValueTaken, Upserted, ValueTaken]


async def test_an_upsert_by_a_unique_property_changes_its_record(world: World):
    ann = await _made(world, email="a@b.c")
    key = property_key("email", "A@B.C")
    [upserted] = await _upsert(world, Upsert(key, {"email": "A@B.C", "name": "Ann"}, True))
    assert upserted.record == Record(ann, {"email": "A@B.C", "name": "Ann"}, AT, LATER)


async def test_of_many_creates_at_once_one_gets_the_value(world: World):
    outcomes = await asyncio.gather(*[_create(world, {"email": f"a@b.{'cC'[n % 2]}"}) for n in range(64)])
    made = [each for each in outcomes if isinstance(each, Created)]
    assert len(made) == 1
    [ann] = made[0].records
    assert {each.record_id for each in outcomes if isinstance(each, ValueTaken)} == {ann.record_id}
    assert len(await _emails(world)) == 1
