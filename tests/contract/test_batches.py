"""Many inputs in one call: each decided on its own, in order, as if it had come alone."""

from itertools import pairwise
from random import Random

from edgewise.domain.model import (
    AssociationType,
    Linked,
    LinkRemoval,
    LinkWrite,
    NewLink,
    NewRecord,
    RecordRef,
)
from edgewise.domain.ports import Created
from tests.contract.toy_types import (
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
    PARENT_OF,
    PRIMARY,
    PRIMARY_OF,
)
from tests.contract.world import AT, World, company, contact

UNKNOWN = 99
ENDS = (CONTACT_COMPANY, COMPANY_CONTACT, CONTACT_CONTACT, COMPANY_COMPANY)
FIRST_TYPES = {CONTACT_COMPANY: PRIMARY, COMPANY_CONTACT: PRIMARY_OF}


async def test_missing_ends_are_told_for_each_input_and_the_others_are_kept(world: World):
    ann, acme = (await world.contact()).record_id, (await world.company()).record_id
    writes = [
        LinkWrite(source, target, (CONTACT_COMPANY,))
        for source, target in ((UNKNOWN, acme), (ann, UNKNOWN), (ann, acme), (UNKNOWN, UNKNOWN), (ann, acme))
    ]
    expected = [
        Linked.SOURCE_MISSING,
        Linked.TARGET_MISSING,
        Linked.DONE,
        Linked.BOTH_MISSING,
        Linked.DONE,
    ]
    assert await world.link_all(CONTACT_COMPANY, writes) == expected
    assert await world.targets(contact(ann), COMPANIES) == [acme]
    assert await world.all_records() == {contact(ann), company(acme)}


async def test_no_inputs_have_no_outcomes(world: World):
    assert await world.link_all(CONTACT_COMPANY, []) == []


async def test_two_thousand_inputs_are_kept_in_one_call(world: World):
    people, companies = await world.records(CONTACTS, 500), await world.records(COMPANIES, 40)
    pairs = [
        (person.record_id, companies[(n * 7 + k) % 40].record_id)
        for n, person in enumerate(people)
        for k in range(4)
    ]
    pairs[1234] = (people[0].record_id, UNKNOWN)
    outcomes = await world.link_all(
        CONTACT_COMPANY, [LinkWrite(*pair, (CONTACT_COMPANY, ADVISES)) for pair in pairs]
    )
    assert [n for n, outcome in enumerate(outcomes) if outcome is not Linked.DONE] == [1234]
    assert outcomes[1234] is Linked.TARGET_MISSING
    kept = {pair for pair in pairs if pair[1] != UNKNOWN}
    links = await world.all_links()
    for key in (CONTACT_COMPANY.key, ADVISES.key):
        assert {(source[1], target[1]) for source, target, k in links if k == key} == kept


async def test_the_last_of_several_primaries_in_one_call_stays(world: World):
    ann, ben = [ref.record_id for ref in await world.records(CONTACTS, 2)]
    companies = [ref.record_id for ref in await world.records(COMPANIES, 6)]
    writes = [LinkWrite(person, i, (CONTACT_COMPANY, PRIMARY)) for i in companies for person in (ann, ben)]
    await world.link_all(CONTACT_COMPANY, writes)
    for person in (ann, ben):
        types = [await world.types(contact(person), company(i)) for i in companies]
        assert types == [{CONTACT_COMPANY}] * 5 + [{CONTACT_COMPANY, PRIMARY}]


async def test_the_first_of_several_companies_in_one_call_becomes_primary(world: World):
    ann = await world.contact()
    companies = [ref.record_id for ref in await world.records(COMPANIES, 6)]
    writes = [LinkWrite(ann.record_id, i, (CONTACT_COMPANY,), PRIMARY) for i in reversed(companies)]
    await world.link_all(CONTACT_COMPANY, writes)
    types = [await world.types(ann, company(i)) for i in companies]
    assert types == [{CONTACT_COMPANY}] * 5 + [{CONTACT_COMPANY, PRIMARY}]


async def test_the_last_labels_of_a_pair_in_one_call_stay(world: World):
    ann = await world.contact()
    companies = [ref.record_id for ref in await world.records(COMPANIES, 3)]
    writes = [
        LinkWrite(ann.record_id, i, (CONTACT_COMPANY, label))
        for label in (ADVISES, AUDITS)
        for i in companies
    ]
    await world.link_all(CONTACT_COMPANY, writes, replaces_labels=True)
    assert [await world.types(ann, company(i)) for i in companies] == [{CONTACT_COMPANY, AUDITS}] * 3


async def test_a_chain_of_parents_in_one_call_keeps_each_step(world: World):
    chain = [ref.record_id for ref in await world.records(COMPANIES, 6)]
    writes = [LinkWrite(parent, child, (PARENT_OF,)) for parent, child in pairwise(chain)]
    await world.link_all(PARENT_OF, writes)
    assert [await world.targets(company(i), COMPANIES) for i in (chain[0], chain[2])] == [
        [chain[1]],
        [chain[1], chain[3]],
    ]
    await world.link_all(CHILD_OF, [LinkWrite(i, chain[0], (CHILD_OF,)) for i in chain[2:]])
    assert await world.targets(company(chain[0]), COMPANIES) == chain[1:]
    assert await world.targets(company(chain[2]), COMPANIES) == [chain[0]]


async def test_a_record_made_by_one_input_is_there_for_the_next(world: World):
    writes = [LinkWrite(1, target, (CONTACT_COMPANY,), PRIMARY) for target in (9, 8, 7, 9, 6, 5)]
    outcomes = await world.link_all(CONTACT_COMPANY, writes, creates_records=True)
    assert outcomes == [Linked.DONE] * 6
    assert await world.targets(contact(1), COMPANIES) == [5, 6, 7, 8, 9]
    assert await world.types(contact(1), company(9)) == {CONTACT_COMPANY, PRIMARY}


async def test_one_call_comes_to_the_same_as_its_inputs_one_by_one(world: World):
    """Random calls over few records: in one portal as they are, in the other each input alone."""
    alone = world.elsewhere()
    for portal in (world, alone):
        await portal.records(CONTACTS, 4)
        await portal.records(COMPANIES, 4)
    for seed in range(40):
        random = Random(seed)
        ends = random.choice(ENDS)
        ids = await _ids_of(world, ends, random)
        replaces, creates = random.random() < 0.4, random.random() < 0.1
        writes = [_random_write(random, ends, ids) for _ in range(random.choice((2, 5, 12)))]
        together = await world.link_all(ends, writes, replaces, creates)
        one_by_one = [(await alone.link_all(ends, [write], replaces, creates))[0] for write in writes]
        assert together == one_by_one, seed
        assert await world.all_links() == await alone.all_links(), seed
        removals = [_random_removal(random, ends, ids) for _ in range(6)]
        await world.unlink_all(ends.source_type, ends.target_type, *removals)
        for removal in removals:
            await alone.unlink_all(ends.source_type, ends.target_type, removal)
        assert await world.all_links() == await alone.all_links(), seed
    assert await world.all_links()


async def test_records_created_together_come_to_the_same_as_one_by_one(world: World):
    alone = world.elsewhere()
    for portal in (world, alone):
        people = await portal.records(CONTACTS, 3)
    new = [
        NewRecord({}, tuple(NewLink(ref, types, PRIMARY_OF) for ref in chosen))
        for chosen, types in (
            (people[:2], (COMPANY_CONTACT,)),
            (people, (COMPANY_CONTACT,)),
            (people[1:], (COMPANY_CONTACT, PRIMARY_OF)),
        )
    ]
    together = await world.create(COMPANIES, *new)
    assert isinstance(together, Created)
    for record in new:
        await alone.create(COMPANIES, record)
    assert await world.all_links() == await alone.all_links()
    primary = [await world.types(person, company(together.records[-1].record_id)) for person in people]
    assert primary == [set(), {CONTACT_COMPANY, PRIMARY}, {CONTACT_COMPANY, PRIMARY}]


async def test_changes_and_archiving_of_one_record_twice_in_one_call_hold(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.store.archive_records(world.portal_id, CONTACTS.code, [ann.record_id] * 2, AT + 1)
    assert await world.all_records() == {acme}
    assert await world.targets(acme, CONTACTS) == []


async def _ids_of(world: World, ends: AssociationType, random: Random) -> tuple[list[int], list[int]]:
    """Of both object types a few ids, rarely an unknown one."""
    records = sorted(await world.all_records())
    unknown = [random.randrange(50, 60)] if random.random() < 0.3 else []
    source, target = (
        [ref.record_id for ref in records if ref.object_type == code][:5] + unknown
        for code in (ends.source_type, ends.target_type)
    )
    return source, target


def _random_pair(random: Random, ends: AssociationType, ids: tuple[list[int], list[int]]) -> tuple[int, int]:
    while True:
        pair = random.choice(ids[0]), random.choice(ids[1])
        if RecordRef(ends.source_type, pair[0]) != RecordRef(ends.target_type, pair[1]):
            return pair


def _some_types(random: Random, ends: AssociationType) -> tuple[AssociationType, ...]:
    possible = [
        t
        for t in ASSOCIATION_TYPES.values()
        if (t.source_type, t.target_type) == (ends.source_type, ends.target_type)
    ]
    return tuple(random.sample(possible, random.choice((0, 0, 1, 2))))


def _random_write(random: Random, ends: AssociationType, ids: tuple[list[int], list[int]]) -> LinkWrite:
    first_type = FIRST_TYPES.get(ends) if random.random() < 0.4 else None
    types = _some_types(random, ends)
    if not types or random.random() < 0.8:
        types = tuple(dict.fromkeys((ends, *types)))
    return LinkWrite(*_random_pair(random, ends, ids), types, first_type)


def _random_removal(random: Random, ends: AssociationType, ids: tuple[list[int], list[int]]) -> LinkRemoval:
    types = _some_types(random, ends)
    return LinkRemoval(*_random_pair(random, ends, ids), types or None)
