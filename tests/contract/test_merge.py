"""One record becomes part of another, and records are removed for good."""

import pytest

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    FIRST_RECORD_ID,
    AssociationType,
    Holder,
    LimitReached,
    Linked,
    NewRecord,
    ObjectType,
    Record,
    RecordRef,
)
from edgewise.domain.ports import Created, RecordsMissing
from edgewise.domain.record_keys import RecordKey, property_key
from tests.contract.toy_types import (
    ADVISES,
    ASSOCIATION_TYPES,
    BILLING,
    CHILD_OF,
    COMPANIES,
    COMPANY_COMPANY,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACT_DEAL,
    CONTACTS,
    DEALS,
    MANAGES,
    ONE_WAY,
    PARENT_OF,
    PRIMARY,
    PRIMARY_OF,
)
from tests.contract.world import AT, World, company, contact

LATER = AT + 9


async def _merge(world: World, winner: RecordRef, loser: RecordRef) -> Record | RecordsMissing:
    held_once = tuple(
        link_type
        for link_type in ASSOCIATION_TYPES.values()
        if link_type.source_type == winner.object_type and link_type.holder is Holder.SOURCE
    )
    command = MergeRecords(
        world.portal_id, winner.object_type, winner.record_id, loser.record_id, held_once, LATER
    )
    return await world.store.merge_records(command)


async def _made(world: World, object_type: ObjectType, **properties: str) -> RecordRef:
    created = await world.create(object_type, NewRecord(properties))
    assert isinstance(created, Created)
    return RecordRef(object_type.code, created.records[0].record_id)


async def _linked(world: World, source: RecordRef, *types: AssociationType) -> RecordRef:
    """A new company with links from a record."""
    target = await world.company()
    assert await world.link(source, target, *types) is Linked.DONE
    return target


async def _purge(world: World, object_type: ObjectType, key: RecordKey) -> None:
    await world.store.purge_record(world.portal_id, object_type.code, key)


async def _merged_into(world: World, ref: RecordRef) -> int | None:
    return await world.store.merged_into(world.portal_id, ref.object_type, ref.record_id)


async def test_the_one_that_goes_on_keeps_its_values_and_takes_those_it_lacks(world: World):
    winner = await _made(world, CONTACTS, name="Ann", age="1")
    loser = await _made(world, CONTACTS, name="Anne", email="a@b.c")
    expected = Record(winner.record_id, {"name": "Ann", "age": "1", "email": "a@b.c"}, AT, LATER)
    assert await _merge(world, winner, loser) == expected
    assert await world.read(winner) == expected


async def test_the_other_one_is_archived_and_leads_to_it(world: World):
    winner, loser = await world.records(CONTACTS, 2)
    await _merge(world, winner, loser)
    assert await world.read(loser) is None
    archived = await world.read(loser, is_archived=True)
    assert archived == Record(loser.record_id, {}, AT, LATER, LATER)
    assert await _merged_into(world, loser) == winner.record_id
    assert await _merged_into(world, winner) is None
    assert await world.store.merged_into(world.portal_id, COMPANIES.code, loser.record_id) is None
    assert await world.elsewhere().store.merged_into(202, CONTACTS.code, loser.record_id) is None


async def test_links_of_both_survive_at_both_ends_with_their_types(world: World):
    winner, loser = await world.records(CONTACTS, 2)
    own, deal = await _linked(world, winner, CONTACT_COMPANY), await world.deal()
    taken = await _linked(world, loser, CONTACT_COMPANY, BILLING, ADVISES)
    await world.link(loser, deal, CONTACT_DEAL)
    await _merge(world, winner, loser)
    assert await world.targets(winner, COMPANIES) == [own.record_id, taken.record_id]
    assert await world.types(winner, taken) == {CONTACT_COMPANY, BILLING, ADVISES}
    assert await world.targets(taken, CONTACTS) == [winner.record_id]
    assert await world.targets(deal, CONTACTS) == [winner.record_id]
    assert await world.targets(loser, COMPANIES) == []


async def test_links_to_the_same_record_become_one_with_all_types(world: World):
    winner, loser = await world.records(CONTACTS, 2)
    acme = await _linked(world, winner, CONTACT_COMPANY, BILLING)
    await world.link(loser, acme, CONTACT_COMPANY, ADVISES)
    await _merge(world, winner, loser)
    assert await world.types(winner, acme) == {CONTACT_COMPANY, BILLING, ADVISES}
    assert await world.targets(acme, CONTACTS) == [winner.record_id]


async def test_the_own_primary_company_wins(world: World):
    winner, loser = await world.records(CONTACTS, 2)
    own = await _linked(world, winner, CONTACT_COMPANY, PRIMARY)
    other = await _linked(world, loser, CONTACT_COMPANY, PRIMARY)
    await _merge(world, winner, loser)
    assert await world.types(winner, own) == {CONTACT_COMPANY, PRIMARY}
    assert await world.types(winner, other) == {CONTACT_COMPANY}
    assert PRIMARY_OF not in await world.types(other, winner)


async def test_a_primary_company_is_taken_where_there_was_none(world: World):
    winner, loser = await world.records(CONTACTS, 2)
    own = await _linked(world, winner, CONTACT_COMPANY)
    other = await _linked(world, loser, CONTACT_COMPANY, PRIMARY)
    await _merge(world, winner, loser)
    assert await world.types(winner, own) == {CONTACT_COMPANY}
    assert await world.types(winner, other) == {CONTACT_COMPANY, PRIMARY}


async def test_the_primary_company_of_others_may_be_merged(world: World):
    winner, loser = await world.records(COMPANIES, 2)
    ann, ben = await world.records(CONTACTS, 2)
    await world.link(ann, loser, CONTACT_COMPANY, PRIMARY)
    await world.link(ben, winner, CONTACT_COMPANY, PRIMARY)
    await world.link(ben, loser, CONTACT_COMPANY)
    await _merge(world, winner, loser)
    for person in (ann, ben):
        assert await world.types(person, winner) == {CONTACT_COMPANY, PRIMARY}
        assert await world.targets(person, COMPANIES) == [winner.record_id]


async def test_the_own_parent_company_wins(world: World):
    winner, loser, own, other = await world.records(COMPANIES, 4)
    await world.link(own, winner, COMPANY_COMPANY, PARENT_OF)
    await world.link(other, loser, COMPANY_COMPANY, PARENT_OF)
    await _merge(world, winner, loser)
    assert await world.types(winner, own) == {COMPANY_COMPANY, CHILD_OF}
    assert await world.types(winner, other) == {COMPANY_COMPANY}
    assert await world.types(other, winner) == {COMPANY_COMPANY}


async def test_children_of_both_are_children_of_one(world: World):
    winner, loser, first, second = await world.records(COMPANIES, 4)
    await world.link(winner, first, COMPANY_COMPANY, PARENT_OF)
    await world.link(loser, second, COMPANY_COMPANY, PARENT_OF)
    await _merge(world, winner, loser)
    for child in (first, second):
        assert await world.types(winner, child) == {COMPANY_COMPANY, PARENT_OF}


@pytest.mark.parametrize("is_turned", [False, True])
async def test_a_link_between_the_two_does_not_become_one_to_itself(world: World, is_turned: bool):
    winner, loser = await world.records(CONTACTS, 2)
    ends = (loser, winner) if is_turned else (winner, loser)
    await world.link(*ends, CONTACT_CONTACT, MANAGES)
    await _merge(world, winner, loser)
    assert await world.targets(winner, CONTACTS) == []
    assert await world.targets(loser, CONTACTS) == []


async def test_a_third_record_of_the_type_is_linked_once(world: World):
    winner, loser, third = await world.records(CONTACTS, 3)
    await world.link(winner, third, CONTACT_CONTACT)
    await world.link(third, loser, CONTACT_CONTACT, MANAGES)
    await _merge(world, winner, loser)
    assert await world.types(third, winner) == {CONTACT_CONTACT, MANAGES}
    assert await world.targets(third, CONTACTS) == [winner.record_id]


async def test_a_hidden_end_moves_too(world: World):
    ann = await world.contact()
    winner, loser = await world.records(COMPANIES, 2)
    await world.link(ann, loser, ONE_WAY)
    await _merge(world, winner, loser)
    assert await world.types(ann, winner) == {ONE_WAY}
    await world.archive(winner)
    assert await world.targets(ann, COMPANIES) == []


async def test_limits_are_not_applied(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    winner, loser = await world.records(CONTACTS, 2)
    companies = [await _linked(world, each, CONTACT_COMPANY) for each in (winner, loser)]
    await _merge(world, winner, loser)
    assert await world.targets(winner, COMPANIES) == [each.record_id for each in companies]


async def test_missing_and_archived_records_are_told_and_nothing_is_changed(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    await world.archive(ben)
    before = await world.state()
    assert await _merge(world, ann, ben) == RecordsMissing([ben.record_id])
    assert await _merge(world, contact(98), ann) == RecordsMissing([98])
    assert await _merge(world, contact(98), contact(99)) == RecordsMissing([98, 99])
    assert await _merge(world, company(ann.record_id), ann) == RecordsMissing([ann.record_id] * 2)
    assert await world.state() == before
    assert await _merged_into(world, ben) is None


async def test_a_chain_of_merges_leads_to_its_end(world: World):
    first, second, third = await world.records(CONTACTS, 3)
    await _merge(world, second, first)
    await _merge(world, third, second)
    assert await _merged_into(world, first) == third.record_id
    assert await _merged_into(world, second) == third.record_id


async def test_a_purged_record_is_gone_with_its_links(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    acme = await _linked(world, ann, CONTACT_COMPANY, PRIMARY)
    await world.link(ben, acme, CONTACT_COMPANY)
    await world.link(ann, ben, CONTACT_CONTACT)
    await _purge(world, CONTACTS, ann.record_id)
    assert await world.read(ann) is None
    assert await world.read(ann, is_archived=True) is None
    assert await world.targets(acme, CONTACTS) == [ben.record_id]
    assert await world.targets(ben, CONTACTS) == []
    assert await world.all_records() == {ben, acme}


async def test_an_archived_record_is_purged_too(world: World):
    ann = await world.contact()
    await world.archive(ann)
    await _purge(world, CONTACTS, ann.record_id)
    assert await world.read(ann, is_archived=True) is None


async def test_purging_nobody_is_no_error(world: World):
    ann = await world.contact()
    await _purge(world, CONTACTS, 99)
    await _purge(world, CONTACTS, property_key("email", "a@b.c"))
    await _purge(world, DEALS, ann.record_id)
    await _purge(world.elsewhere(), CONTACTS, ann.record_id)
    assert await world.all_records() == {ann}


async def test_a_record_is_purged_by_a_property_the_live_one_first(world: World):
    archived, live, other = [await _made(world, CONTACTS, email=text) for text in ("a@b", "A@B", "c@d")]
    await world.archive(archived)
    await _purge(world, CONTACTS, property_key("email", "a@b"))
    assert await world.all_records() == {other}
    assert await world.all_records(is_archived=True) == {archived}
    await _purge(world, CONTACTS, property_key("email", "a@b"))
    assert await world.all_records(is_archived=True) == set()
    assert live.record_id > archived.record_id


async def test_what_was_merged_into_a_record_is_purged_with_it(world: World):
    first, second, third, other = [await _made(world, CONTACTS, email=text) for text in "abcd"]
    await _merge(world, second, first)
    await _merge(world, third, second)
    await _purge(world, CONTACTS, third.record_id)
    assert await world.all_records() == {other}
    assert await world.all_records(is_archived=True) == set()
    assert [await _merged_into(world, each) for each in (first, second)] == [None, None]


async def test_a_purged_part_of_a_record_leads_nowhere(world: World):
    winner, loser = await world.records(CONTACTS, 2)
    await _merge(world, winner, loser)
    await _purge(world, CONTACTS, loser.record_id)
    assert await _merged_into(world, loser) is None
    assert await world.all_records() == {winner}


async def test_the_id_of_a_purged_record_is_not_given_again(world: World):
    mentioned = contact(FIRST_RECORD_ID + 1)
    await world.link(mentioned, company(5), CONTACT_COMPANY, creates_records=True)
    await _purge(world, CONTACTS, mentioned.record_id)
    assert [ref.record_id - FIRST_RECORD_ID for ref in await world.records(COMPANIES, 3)] == [0, 2, 3]
    await _purge(world, COMPANIES, FIRST_RECORD_ID + 3)
    assert (await world.contact()).record_id == FIRST_RECORD_ID + 4


async def test_a_merge_drops_no_link_for_a_limit_and_leaves_no_room_above_it(world: World):
    await world.limit(CONTACT_COMPANY, 2)
    ann, anne = await world.contact(), await world.contact()
    companies = await world.records(COMPANIES, 5)
    for person, target in zip((ann, ann, anne, anne), companies, strict=False):
        assert await world.link(person, target, CONTACT_COMPANY) is Linked.DONE
    await _merge(world, ann, anne)
    assert await world.targets(ann, COMPANIES) == [each.record_id for each in companies[:4]]
    full = LimitReached(CONTACT_COMPANY.key, ann, 2)
    assert await world.link(ann, companies[4], CONTACT_COMPANY) == full
