"""Records are told by the value of a property, changed where there is one, and made where there is none."""

import pytest

from edgewise.domain.model import FIRST_RECORD_ID, NewRecord, Record, RecordRef
from edgewise.domain.ports import Created
from edgewise.domain.record_keys import PropertyKey, RecordKey, Upsert, Upserted, property_key
from tests.contract.toy_types import COMPANIES, CONTACT_COMPANY, CONTACTS
from tests.contract.world import AT, World, company, contact

LATER = AT + 9
ODD_NAMES = ["", 'a"b', "a\\b", "$.a", "[0]", "ä", "a.b"]
ODD_TEXTS = ["Ann", "0", "\"'\\", "Ωλ 漢字 🙂", "a\nb"]


async def _made(world: World, **properties: str) -> int:
    created = await world.create(CONTACTS, NewRecord(properties))
    assert isinstance(created, Created)
    return created.records[0].record_id


async def _found(world: World, *keys: PropertyKey, is_archived: bool = False) -> list[int | None]:
    found = await world.store.find_records(world.portal_id, CONTACTS.code, keys, is_archived)
    return [record and record.record_id for record in found]


async def _upsert(world: World, *upserts: Upsert) -> list[Upserted | None]:
    return list(await world.store.upsert_records(world.portal_id, CONTACTS.code, upserts, LATER))


def _upsertion(key: RecordKey, **properties: str | None) -> Upsert:
    return Upsert(key, properties, creates=True)


async def test_a_record_is_found_by_any_property(world: World):
    ann, ben = await _made(world, code="a"), await _made(world, code="b")
    keys = [property_key("code", text) for text in ("b", "c", "a", "b")]
    assert await _found(world, *keys) == [ben, None, ann, ben]
    assert await _found(world, property_key("name", "a")) == [None]
    assert await _found(world) == []


async def test_a_record_found_is_whole(world: World):
    ann = await _made(world, code="a", name="Ann")
    [record] = await world.store.find_records(world.portal_id, CONTACTS.code, [property_key("code", "a")])
    assert record == Record(ann, {"code": "a", "name": "Ann"}, AT, AT)


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("text", ODD_TEXTS)
async def test_names_and_values_may_be_any_text(world: World, name: str, text: str):
    ann = await _made(world, **{name: text, "other": "x"})
    await _made(world, **{name: text + "x", "other": text})
    assert await _found(world, property_key(name, text)) == [ann]


@pytest.mark.parametrize("written", ["Ann@Example.org", "ann@example.org", "ANN@EXAMPLE.ORG"])
async def test_an_email_is_found_in_any_case_and_other_values_only_as_they_are(world: World, written: str):
    ann = await _made(world, email="aNN@example.org", code="aNN@example.org")
    assert await _found(world, property_key("email", written)) == [ann]
    assert await _found(world, property_key("code", written)) == [None]


async def test_an_email_beyond_ascii_is_found_in_any_case(world: World):
    ann = await _made(world, email="Änn@example.org")
    assert await _found(world, property_key("email", "äNN@EXAMPLE.org")) == [ann]
    assert await _found(world, property_key("email", "ann@example.org")) == [None]


async def test_of_several_records_with_a_value_the_first_is_found(world: World):
    first = await _made(world, code="a")
    await _made(world, code="a")
    assert await _found(world, property_key("code", "a")) == [first]


async def test_live_and_archived_records_are_found_apart(world: World):
    ann, ben = await _made(world, code="a"), await _made(world, code="a")
    await world.archive(contact(ann))
    key = property_key("code", "a")
    assert await _found(world, key) == [ben]
    assert await _found(world, key, is_archived=True) == [ann]


async def test_a_record_of_another_type_or_portal_is_not_found(world: World):
    await world.create(COMPANIES, NewRecord({"code": "a"}))
    await world.elsewhere().create(CONTACTS, NewRecord({"code": "a"}))
    assert await _found(world, property_key("code", "a")) == [None]
    [made] = await _upsert(world, _upsertion(property_key("code", "a")))
    assert made is not None
    assert made.is_new


async def test_a_missing_record_is_made_with_the_value_that_tells_it(world: World):
    [made] = await _upsert(world, _upsertion(property_key("email", "A@b.c"), name="Ann", age=None))
    expected = Record(FIRST_RECORD_ID, {"email": "A@b.c", "name": "Ann"}, LATER, LATER)
    assert made == Upserted(expected, is_new=True)
    assert await world.read(contact(FIRST_RECORD_ID)) == expected


async def test_a_record_that_is_there_is_changed(world: World):
    ann = await _made(world, email="a@b.c", name="A", age="1")
    [changed] = await _upsert(world, _upsertion(property_key("email", "A@B.C"), name="Ann", age=None))
    assert changed == Upserted(Record(ann, {"email": "a@b.c", "name": "Ann"}, AT, LATER), is_new=False)
    assert await world.all_records() == {contact(ann)}


async def test_an_id_tells_a_record_and_makes_none(world: World):
    ann = await _made(world, name="A")
    changed, missing = await _upsert(world, _upsertion(ann, name="Ann"), _upsertion(99, name="Ben"))
    assert changed == Upserted(Record(ann, {"name": "Ann"}, AT, LATER), is_new=False)
    assert missing is None
    assert await world.all_records() == {contact(ann)}


async def test_without_the_wish_to_create_nothing_is_made(world: World):
    assert await _upsert(world, Upsert(property_key("code", "a"), {"name": "Ann"})) == [None]
    assert await world.all_records() == set()


async def test_the_second_input_with_a_key_changes_what_the_first_one_made(world: World):
    key = property_key("email", "a@b.c")
    first, second = await _upsert(world, _upsertion(key, name="A"), _upsertion(key, age="2"))
    assert first is not None
    assert second is not None
    assert (first.is_new, second.is_new) == (True, False)
    assert second.record.properties == {"email": "a@b.c", "name": "A", "age": "2"}
    assert await world.all_records() == {contact(first.record.record_id)}


async def test_inputs_find_records_by_what_the_earlier_ones_made_of_them(world: World):
    ann = await _made(world, code="a")
    a, b = property_key("code", "a"), property_key("code", "b")
    outcomes = await _upsert(world, _upsertion(ann, code="b"), _upsertion(a, n="1"), _upsertion(b, n="2"))
    assert [outcome and (outcome.record.record_id, outcome.is_new) for outcome in outcomes] == [
        (ann, False),
        (FIRST_RECORD_ID + 1, True),
        (ann, False),
    ]


async def test_inputs_may_tell_records_by_different_properties(world: World):
    ann, ben = await _made(world, code="a"), await _made(world, email="b@c.d")
    keys = [property_key("email", "B@C.D"), property_key("code", "a"), ann]
    outcomes = await _upsert(world, *[_upsertion(key, n="1") for key in keys])
    assert [outcome and outcome.record.record_id for outcome in outcomes] == [ben, ann, ann]


async def test_an_archived_record_is_not_changed_but_made_anew(world: World):
    ann = await _made(world, code="a")
    await world.archive(contact(ann))
    made, missing = await _upsert(world, _upsertion(property_key("code", "a")), _upsertion(ann, n="1"))
    assert made is not None
    assert (made.is_new, made.record.record_id, missing) == (True, ann + 1, None)


async def test_a_record_made_by_an_upsert_passes_over_ids_that_are_taken(world: World):
    await world.link(
        contact(FIRST_RECORD_ID), company(FIRST_RECORD_ID + 1), CONTACT_COMPANY, creates_records=True
    )
    [made] = await _upsert(world, _upsertion(property_key("code", "a")))
    assert made is not None
    assert RecordRef(CONTACTS.code, made.record.record_id) == contact(FIRST_RECORD_ID + 2)


async def test_many_records_are_upserted_together(world: World):
    await _upsert(world, *[_upsertion(property_key("code", str(n)), n="1") for n in range(0, 100, 2)])
    outcomes = await _upsert(world, *[_upsertion(property_key("code", str(n)), n="2") for n in range(100)])
    assert [outcome and outcome.is_new for outcome in outcomes] == [n % 2 == 1 for n in range(100)]
    assert len(await world.all_records()) == 100
