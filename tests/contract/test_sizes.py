"""Records have room for so much, and an answer holds so many of them."""

from typing import Any

import pytest

from edgewise.domain.errors import AnswerTooLarge, RecordTooLarge
from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import CreateRecords, NewRecord, RecordChange
from edgewise.domain.ports import Created
from edgewise.domain.record_keys import PropertyKey, Upsert, property_key
from edgewise.domain.search import Condition, Operator, Search, Sort
from edgewise.domain.sizes import ANSWER_BYTES_MAX, PAGE_BYTES_MAX, RECORD_CHARACTERS_MAX
from edgewise.domain.values import Value
from tests.contract.toy_types import CONTACTS
from tests.contract.world import AT, World

CONTACT = CONTACTS.code
HALF = "x" * (RECORD_CHARACTERS_MAX // 2)


async def _create(world: World, *records: dict[str, str]) -> list[int]:
    made = await world.store.create_records(
        CreateRecords(world.portal_id, CONTACT, [NewRecord(each) for each in records], AT)
    )
    assert isinstance(made, Created)
    return [record.record_id for record in made.records]


async def test_pages_of_large_records_end_early_and_lack_none(world: World):
    texts = [character * (PAGE_BYTES_MAX // 3) for character in "abcdefg"]
    made = await _create(world, *({"a": text} for text in texts), {"a": "h"})
    seen: list[int] = []
    next_id: int | None = made[0]
    pages = 0
    while next_id is not None:
        page = await world.store.list_records(world.portal_id, CONTACT, next_id, 100)
        assert 1 <= len(page.records) <= 3
        seen += [record.record_id for record in page.records]
        next_id = page.next_id
        pages += 1
    assert seen == made
    assert pages >= 3


async def test_a_record_larger_than_a_page_is_a_page(world: World):
    """Databases have such records from before there was a bound."""
    large = {"a": "x" * (PAGE_BYTES_MAX * 2)}
    first, second, last = await _create(world, large, large, {"a": "x"})
    page = await world.store.list_records(world.portal_id, CONTACT, first, 10)
    assert ([record.record_id for record in page.records], page.next_id) == ([first], second)
    page = await world.store.list_records(world.portal_id, CONTACT, second, 1)
    assert ([record.properties for record in page.records], page.next_id) == ([large], last)
    [read] = await world.store.read_records(world.portal_id, CONTACT, [second])
    assert read is not None
    assert read.properties == large


@pytest.mark.parametrize(
    "groups",
    [
        (),
        ((Condition("a", Operator.HAS_PROPERTY),),),
        ((Condition("k", Operator.EQ, (Value.of("k"),)),),),
        (
            (
                Condition("k", Operator.EQ, (Value.of("k"),)),
                Condition("a", Operator.CONTAINS_TOKEN, (Value.of("x*"),)),
            ),
        ),
    ],
    ids=["all", "having", "equal", "compared"],
)
@pytest.mark.parametrize(
    "sort", [None, Sort("n"), Sort("n", is_descending=True)], ids=["by id", "rising", "falling"]
)
async def test_pages_of_large_records_that_are_found_end_early_and_lack_none(
    world: World, groups: Any, sort: Sort | None
):
    text = "x " * (PAGE_BYTES_MAX // 6)
    made = await _create(
        world, *({"a": text, "k": "k", "n": str(n)} for n in range(7)), {"a": "x", "k": "k", "n": "7"}
    )
    seen: list[int] = []
    sizes = []
    total = 8
    while len(seen) < total:
        search = Search(CONTACTS, groups, sort=sort, offset=len(seen), limit=100)
        total, records = await world.store.search_records(world.portal_id, search)
        assert total == 8
        seen += [record.record_id for record in records]
        sizes.append(len(records))
    assert seen == (made[::-1] if sort and sort.is_descending else made)
    assert max(sizes) <= 3
    assert min(sizes) >= 1


async def test_a_record_larger_than_a_page_is_a_page_of_a_search(world: World):
    large = {"a": "x" * (PAGE_BYTES_MAX * 2)}
    made = await _create(world, large, {"a": "x"})
    for offset in range(2):
        page = await world.store.search_records(world.portal_id, Search(CONTACTS, offset=offset, limit=10))
        assert (page.total, [record.record_id for record in page.records]) == (2, [made[offset]])


async def test_records_too_large_together_are_not_read_together(world: World):
    text = "x" * (ANSWER_BYTES_MAX // 2)
    made = await _create(world, {"a": text, "k": "1"}, {"a": text, "k": "2"})
    with pytest.raises(AnswerTooLarge):
        await world.store.read_records(world.portal_id, CONTACT, made)
    keys: list[PropertyKey] = [property_key("k", "1"), property_key("k", "2")]
    with pytest.raises(AnswerTooLarge):
        await world.store.find_records(world.portal_id, CONTACT, keys)
    assert len(await world.store.find_records(world.portal_id, CONTACT, keys[:1])) == 1


async def test_a_change_that_a_record_has_no_room_for_changes_nothing(world: World):
    full, other = await _create(world, {"a": HALF, "b": HALF}, {"a": "before"})
    changes = [RecordChange(other, {"a": "after"}), RecordChange(full, {"c": "x"})]
    with pytest.raises(RecordTooLarge):
        await world.store.update_records(world.portal_id, CONTACT, changes, AT + 1)
    with pytest.raises(RecordTooLarge):
        await world.store.upsert_records(world.portal_id, CONTACT, [Upsert(full, {"c": "x"})], AT + 1)
    for record in await world.store.read_records(world.portal_id, CONTACT, [full]):
        assert record is not None
        assert "c" not in record.properties
    [kept] = await world.store.read_records(world.portal_id, CONTACT, [other])
    assert kept is not None
    assert kept.properties == {"a": "before"}


async def test_a_record_that_is_too_large_already_may_become_smaller(world: World):
    [large] = await _create(world, {"a": HALF, "b": HALF, "c": HALF})
    assert await world.store.update_records(
        world.portal_id, CONTACT, [RecordChange(large, {"c": "x"})], AT + 1
    )
    with pytest.raises(RecordTooLarge):
        await world.store.update_records(world.portal_id, CONTACT, [RecordChange(large, {"c": "xx"})], AT + 2)
    assert await world.store.update_records(
        world.portal_id, CONTACT, [RecordChange(large, {"c": None})], AT + 3
    )


async def test_records_that_are_too_large_as_one_are_not_merged(world: World):
    winner, loser = await _create(world, {"a": HALF, "b": "x"}, {"c": HALF, "d": "x"})
    with pytest.raises(RecordTooLarge):
        await world.store.merge_records(MergeRecords(world.portal_id, CONTACT, winner, loser, (), AT + 1))
    assert None not in await world.store.read_records(world.portal_id, CONTACT, [winner, loser])
