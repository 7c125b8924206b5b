"""A link that a limit refuses, or a type that is gone, changes nothing; records are created with all links or not."""

import asyncio
from collections import Counter
from random import Random

from edgewise.domain.model import (
    AssociationType,
    LimitReached,
    Linked,
    LinkWrite,
    NewLink,
    NewRecord,
    RecordRef,
    TypeGone,
    TypesChange,
)
from edgewise.domain.ports import Created, TargetsMissing
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    ASSOCIATION_TYPES,
    AUDITS,
    CHILD_OF,
    COMPANIES,
    COMPANY_COMPANY,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACTS,
    MANAGES,
    PARENT_OF,
    PRIMARY,
    PRIMARY_OF,
    REPORTS_TO,
)
from tests.contract.world import World, company, contact

DONE = Linked.DONE
ENDS = (CONTACT_COMPANY, COMPANY_CONTACT, CONTACT_CONTACT, COMPANY_COMPANY)
FIRST_TYPES = {CONTACT_COMPANY: PRIMARY, COMPANY_CONTACT: PRIMARY_OF}
LIMITED = (CONTACT_COMPANY, COMPANY_CONTACT, CONTACT_CONTACT, COMPANY_COMPANY, ADVISES, ADVISED_BY, PRIMARY,
           PRIMARY_OF, MANAGES, REPORTS_TO, PARENT_OF, CHILD_OF)  # fmt: skip


async def _full(world: World, link_type: AssociationType = ADVISES) -> tuple[RecordRef, RecordRef]:
    """A contact and a company whose link takes all the room that a type leaves the contact."""
    await world.limit(link_type, 1)
    ann, acme = await world.contact(), await world.company()
    assert await world.link(ann, acme, CONTACT_COMPANY, link_type) is DONE
    return ann, acme


async def test_a_refused_write_writes_none_of_its_types(world: World):
    ann, _ = await _full(world)
    bolt = await world.company()
    before = await world.state()
    full = LimitReached(ADVISES.key, ann, 1)
    assert await world.link(ann, bolt, CONTACT_COMPANY, AUDITS, ADVISES) == full
    assert await world.link(bolt, ann, COMPANY_CONTACT, ADVISED_BY, first_type=PRIMARY_OF) == full
    assert await world.state() == before


async def test_a_refused_write_takes_no_primary_from_another_company(world: World):
    ann, acme = await _full(world)
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY)
    bolt = await world.company()
    before = await world.state()
    assert await world.link(ann, bolt, CONTACT_COMPANY, PRIMARY, ADVISES) == LimitReached(ADVISES.key, ann, 1)
    assert await world.state() == before


async def test_a_refused_write_replaces_no_labels(world: World):
    ann, _ = await _full(world)
    bolt = await world.company()
    assert await world.link(ann, bolt, CONTACT_COMPANY, AUDITS) is DONE
    before = await world.state()
    for count in (1, 12):
        writes = [LinkWrite(ann.record_id, bolt.record_id, (CONTACT_COMPANY, ADVISES))] * count
        outcomes = await world.link_all(CONTACT_COMPANY, writes, replaces_labels=True)
        assert outcomes == [LimitReached(ADVISES.key, ann, 1)] * count
    assert await world.state() == before


async def test_a_refused_write_makes_no_bare_record(world: World):
    ann, _ = await _full(world, CONTACT_COMPANY)
    before = await world.state()
    full = LimitReached(CONTACT_COMPANY.key, ann, 1)
    for count in (1, 12):
        writes = [LinkWrite(ann.record_id, 50 + number, (CONTACT_COMPANY,)) for number in range(count)]
        assert await world.link_all(CONTACT_COMPANY, writes, creates_records=True) == [full] * count
    assert await world.state() == before
    assert await world.link(contact(7), company(50), CONTACT_COMPANY, creates_records=True) is DONE


async def test_the_first_type_is_left_out_where_there_is_no_room_for_it(world: World):
    await world.limit(PRIMARY_OF, 1)
    (ann, ben, cid), acme = await world.records(CONTACTS, 3), await world.company()
    for person in (ann, ben):
        assert await world.link(person, acme, CONTACT_COMPANY, first_type=PRIMARY) is DONE
    assert await world.link(acme, cid, COMPANY_CONTACT, first_type=PRIMARY_OF) is DONE
    assert [await world.types(person, acme) for person in (ann, ben, cid)] == [
        {CONTACT_COMPANY, PRIMARY},
        {CONTACT_COMPANY},
        {CONTACT_COMPANY},
    ]


async def test_the_first_types_of_one_call_take_the_room_that_there_is(world: World):
    for count in (4, 12):
        await world.limit(PRIMARY_OF, 3)
        people, acme = await world.records(CONTACTS, count), await world.company()
        writes = [LinkWrite(p.record_id, acme.record_id, (CONTACT_COMPANY,), PRIMARY) for p in people]
        assert await world.link_all(CONTACT_COMPANY, writes) == [DONE] * count
        types = [await world.types(person, acme) for person in people]
        assert types == [{CONTACT_COMPANY, PRIMARY}] * 3 + [{CONTACT_COMPANY}] * (count - 3)


async def test_the_first_type_of_a_new_record_is_left_out_where_there_is_no_room_for_it(world: World):
    await world.limit(PRIMARY_OF, 1)
    acme, bolt = await world.records(COMPANIES, 2)
    links = [NewLink(acme, (CONTACT_COMPANY,), PRIMARY), NewLink(bolt, (CONTACT_COMPANY,), PRIMARY)]
    ann = await world.create_linked(CONTACTS, links[0])
    ben = await world.create_linked(CONTACTS, *links)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}
    assert [await world.types(ben, ref) for ref in (acme, bolt)] == [{CONTACT_COMPANY}] * 2


async def test_one_link_without_room_keeps_all_records_of_a_call_from_being_created(world: World):
    await world.limit(COMPANY_CONTACT, 3)
    acme, bolt = await world.records(COMPANIES, 2)
    new = NewRecord(
        {"name": "Ann"}, (NewLink(bolt, (CONTACT_COMPANY, AUDITS)), NewLink(acme, (CONTACT_COMPANY,)))
    )
    before = await world.state()
    full = LimitReached(COMPANY_CONTACT.key, bolt, 3)
    for count in (4, 30):
        assert await world.create(CONTACTS, *[new] * count) == full
        assert await world.state() == before
    created = await world.create(CONTACTS, *[new] * 3)
    assert isinstance(created, Created)
    assert [record.record_id for record in created.records] == [bolt.record_id + n for n in (1, 2, 3)]
    assert await world.create(CONTACTS, new) == full


async def test_a_new_record_that_wants_too_much_is_told_without_an_id(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    companies = await world.records(COMPANIES, 2)
    before = await world.state()
    links = tuple(NewLink(ref, (CONTACT_COMPANY,)) for ref in companies)
    wanted = [NewRecord({}), NewRecord({}, links[:1]), NewRecord({}, links)]
    assert await world.create(CONTACTS, *wanted) == LimitReached(CONTACT_COMPANY.key, contact(0), 1)
    assert await world.state() == before
    assert await world.contact() == contact(companies[-1].record_id + 1)


async def test_a_refused_create_makes_no_bare_record_of_its_targets(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    ids = (50, 51)
    new = NewRecord({}, tuple(NewLink(company(i), (CONTACT_COMPANY,)) for i in ids))
    before = await world.state()
    full = LimitReached(CONTACT_COMPANY.key, contact(0), 1)
    assert await world.create(CONTACTS, new, creates_records=True) == full
    assert await world.state() == before
    assert await world.create(CONTACTS, new) == TargetsMissing([company(i) for i in ids])


async def test_a_create_with_a_type_that_is_gone_changes_nothing(world: World):
    everything = [t.key for t in ASSOCIATION_TYPES.values() if t.category.name == "USER_DEFINED"]
    acme = await world.company()
    new = NewRecord({}, (NewLink(acme, (CONTACT_COMPANY,)), NewLink(company(50), (CONTACT_COMPANY, ADVISES))))
    for removed in (
        [ADVISES.key, ADVISED_BY.key],
        [k for k in everything if k not in {ADVISES.key, ADVISED_BY.key}],
    ):
        await world.change(TypesChange(removed=removed))
        before = await world.state()
        assert await world.create(CONTACTS, NewRecord({}), new, creates_records=True) == TypeGone(ADVISES.key)
        assert await world.state() == before


async def test_of_links_written_at_once_exactly_as_many_are_kept_as_the_limit_allows(world: World):
    await world.limit(CONTACT_COMPANY, 10)
    ann, ben = await world.records(CONTACTS, 2)
    companies = await world.records(COMPANIES, 64)
    calls = []
    for number, acme in enumerate(companies):
        if number % 2:
            calls.append(world.link(ann, acme, CONTACT_COMPANY))
        else:
            calls.append(world.link(acme, ann, COMPANY_CONTACT))
        calls += [world.link(acme, companies[number - 1], COMPANY_COMPANY), world.contact()]
    outcomes = await asyncio.gather(*calls)
    full = LimitReached(CONTACT_COMPANY.key, ann, 10)
    assert Counter(outcomes[::3]) == {DONE: 10, full: 54}
    assert set(outcomes[1::3]) == {DONE}
    assert len(await world.targets(ann, COMPANIES)) == 10
    assert await world.targets(ben, COMPANIES) == []


async def test_a_limit_set_among_writes_holds_for_those_that_come_after_it(world: World):
    for _ in range(10):
        ann, companies = await world.contact(), await world.records(COMPANIES, 20)
        calls = [world.link(ann, acme, CONTACT_COMPANY) for acme in companies]
        calls.insert(5, world.limit(CONTACT_COMPANY, 8))
        outcomes = await asyncio.gather(*calls)
        del outcomes[5]
        assert outcomes == [DONE] * 8 + [LimitReached(CONTACT_COMPANY.key, ann, 8)] * 12
        await world.limit(CONTACT_COMPANY, None)


async def test_under_limits_one_call_comes_to_the_same_as_its_inputs_one_by_one(world: World):
    """Random calls over few records: in one portal as they are, in the other each input alone."""
    alone = world.elsewhere()
    for portal in (world, alone):
        await portal.records(CONTACTS, 4)
        await portal.records(COMPANIES, 4)
    refused = 0
    for seed in range(60):
        random = Random(seed)
        ends, limited = random.choice(ENDS), random.choice(LIMITED)
        limit = random.choice((None, 1, 2))
        for portal in (world, alone):
            await portal.limit(limited, limit)
        replaces, creates = random.random() < 0.4, random.random() < 0.1
        ids = await _ids_of(world, ends)
        writes = [_random_write(random, ends, ids) for _ in range(random.choice((2, 5, 12)))]
        together = await world.link_all(ends, writes, replaces, creates)
        one_by_one = [(await alone.link_all(ends, [write], replaces, creates))[0] for write in writes]
        assert together == one_by_one, seed
        assert await world.all_links() == await alone.all_links(), seed
        refused += sum(isinstance(outcome, LimitReached) for outcome in together)
        gone = random.choice(sorted(await world.all_records()))
        for portal in (world, alone):
            for target in sorted(await portal.all_records())[::2]:
                await portal.unlink(gone, target)
    assert refused > 20


async def _ids_of(world: World, ends: AssociationType) -> tuple[list[int], list[int]]:
    """Of both object types a few ids, and one that is unknown at first."""
    records = sorted(await world.all_records())
    source, target = (
        [*(ref.record_id for ref in records if ref.object_type == code), 50][:5]
        for code in (ends.source_type, ends.target_type)
    )
    return source, target


def _random_write(random: Random, ends: AssociationType, ids: tuple[list[int], list[int]]) -> LinkWrite:
    source_id, target_id = random.choice(ids[0]), random.choice(ids[1])
    while RecordRef(ends.source_type, source_id) == RecordRef(ends.target_type, target_id):
        target_id = random.choice(ids[1])
    possible = [
        t
        for t in ASSOCIATION_TYPES.values()
        if (t.source_type, t.target_type) == (ends.source_type, ends.target_type)
    ]
    named = random.sample(possible, random.choice((0, 0, 1, 2)))
    first_type = FIRST_TYPES.get(ends) if random.random() < 0.4 else None
    return LinkWrite(source_id, target_id, tuple(dict.fromkeys((ends, *named))), first_type)
