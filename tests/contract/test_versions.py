"""Every value that a property of a record had is kept, with the moment from which on it had it."""

import pytest

from edgewise.domain.errors import AnswerTooLarge
from edgewise.domain.histories import VERSIONS_MAX
from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import NewRecord, RecordRef, Version
from edgewise.domain.ports import Created
from edgewise.domain.record_keys import Upsert, property_key
from edgewise.domain.sizes import RECORD_CHARACTERS_MAX
from tests.contract.toy_types import COMPANIES, CONTACTS
from tests.contract.world import AT, World, contact


async def _made(world: World, **properties: str) -> RecordRef:
    created = await world.create(CONTACTS, NewRecord(properties))
    assert isinstance(created, Created)
    return contact(created.records[0].record_id)


async def _versions(world: World, ref: RecordRef, *names: str) -> dict[str, list[Version]]:
    [found] = await world.store.read_versions(world.portal_id, ref.object_type, [ref.record_id], names)
    return {name: list(versions) for name, versions in found.items()}


async def test_a_property_that_never_changed_has_no_versions(world: World):
    ann = await _made(world, name="Ann", age="1")
    await world.update(ann, AT + 1, age="2")
    assert await _versions(world, ann, "name", "nothing") == {}
    assert await _versions(world, ann) == {}


async def test_every_value_is_kept_from_the_creation_on_and_the_latest_comes_first(world: World):
    ann = await _made(world, name="Ann")
    for at, name in ((1, "Anna"), (2, None), (2, "Anne")):
        await world.update(ann, AT + at, name=name)
    expected = [Version(AT + 2, "Anne"), Version(AT + 2, None), Version(AT + 1, "Anna"), Version(AT, "Ann")]
    assert await _versions(world, ann, "name") == {"name": expected}


async def test_a_property_that_was_set_later_begins_then(world: World):
    ann = await _made(world)
    await world.update(ann, AT + 1, name="Ann")
    await world.update(ann, AT + 2, name="Anna")
    assert await _versions(world, ann, "name") == {"name": [Version(AT + 2, "Anna"), Version(AT + 1, "Ann")]}


async def test_a_write_of_the_value_that_is_there_is_no_change(world: World):
    ann = await _made(world, name="Ann")
    await world.update(ann, AT + 1, name="Ann", nothing=None)
    assert await _versions(world, ann, "name", "nothing") == {}
    await world.update(ann, AT + 2, name="Anna")
    await world.update(ann, AT + 3, name="Anna")
    assert await _versions(world, ann, "name") == {"name": [Version(AT + 2, "Anna"), Version(AT, "Ann")]}


async def test_an_upsert_keeps_versions_too(world: World):
    ann = await _made(world, code="a", name="Ann")
    upsert = Upsert(property_key("code", "a"), {"name": "Anna"}, creates=True)
    await world.store.upsert_records(world.portal_id, CONTACTS.code, [upsert], AT + 5)
    assert await _versions(world, ann, "name") == {"name": [Version(AT + 5, "Anna"), Version(AT, "Ann")]}


async def test_versions_of_many_records_are_answered_in_the_order_asked_for(world: World):
    ann, ben = await _made(world, name="Ann"), await _made(world, name="Ben")
    await world.update(ben, AT + 1, name="Benn")
    ids = [ben.record_id, 7, ann.record_id, ben.record_id]
    found = await world.store.read_versions(world.portal_id, CONTACTS.code, ids, ["name"])
    assert [list(each) for each in found] == [["name"], [], [], ["name"]]
    assert list(await world.store.read_versions(world.portal_id, CONTACTS.code, [], ["name"])) == []


async def test_a_record_of_another_type_or_portal_has_versions_of_its_own(world: World):
    ann = await _made(world, name="Ann")
    other = await _made(world.elsewhere(), name="Ann")
    assert other == ann
    await world.elsewhere().update(other, AT + 1, name="Anna")
    assert await _versions(world, ann, "name") == {}
    assert await _versions(world, RecordRef(COMPANIES.code, ann.record_id), "name") == {}


async def test_an_archived_record_keeps_its_versions_and_a_purged_one_does_not(world: World):
    ann = await _made(world, name="Ann")
    await world.update(ann, AT + 1, name="Anna")
    await world.archive(ann)
    assert list(await _versions(world, ann, "name")) == ["name"]
    await world.store.purge_record(world.portal_id, CONTACTS.code, ann.record_id)
    assert await _versions(world, ann, "name") == {}


async def test_a_merge_leaves_the_versions_of_the_one_that_goes_on_and_notes_what_it_takes(world: World):
    ann, ben = await _made(world, name="Ann"), await _made(world, name="Ben", city="Bonn")
    await world.update(ann, AT + 1, name="Anna")
    await world.update(ben, AT + 2, name="Benn")
    command = MergeRecords(world.portal_id, CONTACTS.code, ann.record_id, ben.record_id, (), AT + 3)
    await world.store.merge_records(command)
    assert await _versions(world, ann, "name", "city") == {
        "name": [Version(AT + 1, "Anna"), Version(AT, "Ann")],
        "city": [Version(AT + 3, "Bonn")],
    }
    await world.store.purge_record(world.portal_id, CONTACTS.code, ann.record_id)
    assert await _versions(world, ben, "name") == {}


async def test_the_latest_versions_of_a_property_are_told(world: World):
    ann, ben = await _made(world, name="0", age="0"), await _made(world, name="0")
    for at in range(1, VERSIONS_MAX + 6):
        await world.update(ann, AT + at, name=str(at))
    await world.update(ann, AT + 1_000, age="1")
    await world.update(ben, AT + 1_000, name="1")
    found = await _versions(world, ann, "name", "age")
    last = VERSIONS_MAX + 5
    assert found["name"] == [Version(AT + at, str(at)) for at in range(last, last - VERSIONS_MAX, -1)]
    assert len(found["age"]) == 2
    assert len((await _versions(world, ben, "name"))["name"]) == 2


async def test_versions_that_are_too_large_together_are_not_read_together(world: World):
    texts = [character * (RECORD_CHARACTERS_MAX - 100) for character in "abcdefghi"]
    people = [await _made(world, name=""), await _made(world, name="")]
    for at, text in enumerate(texts, 1):
        for ref in people:
            await world.update(ref, AT + at, name=text)
    for ref in people:
        assert len((await _versions(world, ref, "name"))["name"]) == 1 + len(texts)
    ids = [ref.record_id for ref in people]
    with pytest.raises(AnswerTooLarge):
        await world.store.read_versions(world.portal_id, CONTACTS.code, ids, ["name"])
