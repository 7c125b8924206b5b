"""A limit lets a record have so many targets under a type and no more, however they are written."""

from collections import Counter
from collections.abc import Sequence

from edgewise.domain.model import (
    AssociationType,
    LimitReached,
    Linked,
    LinkWrite,
    NewLink,
    NewRecord,
    Outcome,
    RecordRef,
)
from edgewise.domain.ports import Created
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
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
SIZES = (1, 4, 8, 9, 40, 340)
"""Numbers of inputs, since stores may write few and many in different ways."""


async def _link_each(
    world: World, source: RecordRef, targets: Sequence[RecordRef], *types: AssociationType
) -> list[Outcome]:
    """Link a record with each of several in a call of its own."""
    return [await world.link(source, target, *types) for target in targets]


async def _link_together(
    world: World, source: RecordRef, targets: Sequence[RecordRef], *types: AssociationType
) -> list[Outcome]:
    writes = [LinkWrite(source.record_id, target.record_id, types) for target in targets]
    return await world.link_all(types[0], writes)


async def test_a_limit_lets_a_record_have_exactly_so_many_targets(world: World):
    for limit in (1, 2, 5):
        await world.limit(CONTACT_COMPANY, limit)
        ann, companies = await world.contact(), await world.records(COMPANIES, 7)
        full = LimitReached(CONTACT_COMPANY.key, ann, limit)
        outcomes = await _link_each(world, ann, companies, CONTACT_COMPANY)
        assert outcomes == [DONE] * limit + [full] * (7 - limit)
        assert await world.targets(ann, COMPANIES) == [ref.record_id for ref in companies[:limit]]


async def test_a_limit_counts_the_targets_of_each_record_alone(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    people, acme = await world.records(CONTACTS, 5), await world.company()
    assert [await world.link(person, acme, CONTACT_COMPANY) for person in people] == [DONE] * 5


async def test_a_limit_holds_whichever_end_writes(world: World):
    await world.limit(COMPANY_CONTACT, 2)
    acme, people = await world.company(), await world.records(CONTACTS, 4)
    full = LimitReached(COMPANY_CONTACT.key, acme, 2)
    assert await world.link(people[0], acme, CONTACT_COMPANY) is DONE
    assert await world.link(acme, people[1], COMPANY_CONTACT) is DONE
    assert await world.link(people[2], acme, CONTACT_COMPANY) == full
    assert await world.link(acme, people[3], COMPANY_CONTACT) == full
    assert await world.targets(acme, CONTACTS) == [ref.record_id for ref in people[:2]]


async def test_both_directions_may_have_limits_of_their_own(world: World):
    await world.limit(ADVISES, 2)
    await world.limit(ADVISED_BY, 1)
    (ann, ben), (acme, bolt, core) = await world.records(CONTACTS, 2), await world.records(COMPANIES, 3)
    types = (CONTACT_COMPANY, ADVISES)
    assert await _link_each(world, ann, [acme, bolt, core], *types) == [
        DONE,
        DONE,
        LimitReached(ADVISES.key, ann, 2),
    ]
    assert await _link_each(world, ben, [acme, core], *types) == [
        LimitReached(ADVISED_BY.key, acme, 1),
        DONE,
    ]


async def test_the_types_of_one_object_type_have_a_limit_for_each_direction(world: World):
    await world.limit(REPORTS_TO, 1)
    boss, other, *people = await world.records(CONTACTS, 4)
    assert await _link_each(world, boss, people, CONTACT_CONTACT, MANAGES) == [DONE] * 2
    full = LimitReached(REPORTS_TO.key, people[0], 1)
    assert await world.link(other, people[0], CONTACT_CONTACT, MANAGES) == full
    assert await world.link(people[0], other, CONTACT_CONTACT, REPORTS_TO) == full
    assert await world.link(boss, other, CONTACT_CONTACT, REPORTS_TO) is DONE


async def test_a_type_that_is_its_own_inverse_has_one_limit_for_both_ends(world: World):
    await world.limit(CONTACT_CONTACT, 2)
    ann, *people = await world.records(CONTACTS, 6)
    full = LimitReached(CONTACT_CONTACT.key, ann, 2)
    assert await world.link(ann, people[0], CONTACT_CONTACT) is DONE
    assert await world.link(people[1], ann, CONTACT_CONTACT) is DONE
    assert await world.link(people[2], ann, CONTACT_CONTACT) == full
    assert await world.link(ann, people[3], CONTACT_CONTACT) == full
    assert await world.link(ann, people[1], CONTACT_CONTACT) is DONE
    assert await world.link(people[0], people[1], CONTACT_CONTACT) is DONE
    assert await world.link(people[4], people[1], CONTACT_CONTACT) == full._replace(holder=people[1])


async def test_a_link_that_is_there_needs_no_room(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    await world.limit(COMPANY_CONTACT, 1)
    ann, acme = await world.contact(), await world.company()
    for _ in range(2):
        assert await world.link(ann, acme, CONTACT_COMPANY) is DONE
        assert await world.link(acme, ann, COMPANY_CONTACT) is DONE
    assert await world.link(ann, acme, CONTACT_COMPANY, ADVISES) is DONE


async def test_removing_makes_room(world: World):
    await world.limit(ADVISES, 1)
    ann, (acme, bolt, core) = await world.contact(), await world.records(COMPANIES, 3)
    assert await world.link(ann, acme, CONTACT_COMPANY, ADVISES) is DONE
    await world.unlink(ann, acme, ADVISES)
    assert await world.link(ann, bolt, CONTACT_COMPANY, ADVISES) is DONE
    await world.unlink(bolt, ann)
    assert await world.link(ann, core, CONTACT_COMPANY, ADVISES) is DONE
    assert await world.link(ann, acme, CONTACT_COMPANY, ADVISES) == LimitReached(ADVISES.key, ann, 1)


async def test_archiving_makes_room(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    ann, (acme, bolt) = await world.contact(), await world.records(COMPANIES, 2)
    assert await world.link(ann, acme, CONTACT_COMPANY) is DONE
    assert await world.link(ann, bolt, CONTACT_COMPANY) == LimitReached(CONTACT_COMPANY.key, ann, 1)
    await world.archive(acme)
    assert await world.link(ann, bolt, CONTACT_COMPANY) is DONE


async def test_replacing_labels_makes_room_for_the_next_write(world: World):
    await world.limit(ADVISED_BY, 1)
    (ann, ben), acme = await world.records(CONTACTS, 2), await world.company()
    assert await world.link(ann, acme, CONTACT_COMPANY, ADVISES) is DONE
    writes = [
        LinkWrite(person.record_id, acme.record_id, (CONTACT_COMPANY, label))
        for person, label in ((ben, ADVISES), (ann, AUDITS), (ben, ADVISES))
    ]
    full = LimitReached(ADVISED_BY.key, acme, 1)
    assert await world.link_all(CONTACT_COMPANY, writes, replaces_labels=True) == [full, DONE, DONE]
    assert await world.types(ann, acme) == {CONTACT_COMPANY, AUDITS}


async def test_lowering_a_limit_keeps_the_links_and_refuses_new_ones(world: World):
    ann, companies = await world.contact(), await world.records(COMPANIES, 5)
    assert await _link_each(world, ann, companies[:4], CONTACT_COMPANY) == [DONE] * 4
    await world.limit(CONTACT_COMPANY, 2)
    full = LimitReached(CONTACT_COMPANY.key, ann, 2)
    assert await world.targets(ann, COMPANIES) == [ref.record_id for ref in companies[:4]]
    assert await world.link(ann, companies[0], CONTACT_COMPANY, AUDITS) is DONE
    for freed in companies[:3]:
        assert await world.link(ann, companies[4], CONTACT_COMPANY) == full
        await world.unlink(ann, freed)
    assert await world.link(ann, companies[4], CONTACT_COMPANY) is DONE


async def test_a_limit_that_is_raised_or_removed_lets_more_in(world: World):
    ann, companies = await world.contact(), await world.records(COMPANIES, 6)
    for limit, room in ((1, 1), (3, 2), (None, 3)):
        await world.limit(CONTACT_COMPANY, limit)
        outcomes = await _link_each(world, ann, companies, CONTACT_COMPANY)
        companies = companies[room:]
        assert Counter(outcome is DONE for outcome in outcomes)[False] == len(companies)


async def test_a_type_that_moves_needs_no_room_at_its_holder(world: World):
    await world.limit(PRIMARY, 1)
    ann, (acme, bolt) = await world.contact(), await world.records(COMPANIES, 2)
    assert await _link_each(world, ann, [acme, bolt], CONTACT_COMPANY, PRIMARY) == [DONE, DONE]
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.link(acme, ann, COMPANY_CONTACT, PRIMARY_OF) is DONE
    assert await world.types(ann, bolt) == {CONTACT_COMPANY}


async def test_a_type_that_moves_needs_room_at_the_other_end(world: World):
    await world.limit(PRIMARY_OF, 1)
    (ann, ben), (acme, bolt) = await world.records(CONTACTS, 2), await world.records(COMPANIES, 2)
    assert await world.link(ann, acme, CONTACT_COMPANY, PRIMARY) is DONE
    assert await world.link(ben, bolt, CONTACT_COMPANY, PRIMARY) is DONE
    full = LimitReached(PRIMARY_OF.key, acme, 1)
    assert await world.link(ben, acme, CONTACT_COMPANY, PRIMARY) == full
    assert await world.link(acme, ben, COMPANY_CONTACT, PRIMARY_OF) == full
    assert await world.types(ben, bolt) == {CONTACT_COMPANY, PRIMARY}
    assert await world.types(ben, acme) == set()
    assert await world.link(ann, bolt, CONTACT_COMPANY, PRIMARY) == full._replace(holder=bolt)
    await world.unlink(ben, bolt, PRIMARY)
    assert await world.link(ann, bolt, CONTACT_COMPANY, PRIMARY) is DONE
    assert await world.link(ben, acme, CONTACT_COMPANY, PRIMARY) is DONE


async def test_a_parent_may_have_so_many_children_and_a_child_changes_its_parent(world: World):
    await world.limit(PARENT_OF, 2)
    parent, other, *children = await world.records(COMPANIES, 5)
    full = LimitReached(PARENT_OF.key, parent, 2)
    types = (COMPANY_COMPANY, PARENT_OF)
    assert await _link_each(world, parent, children, *types) == [DONE, DONE, full]
    assert await world.link(children[2], parent, COMPANY_COMPANY, CHILD_OF) == full
    assert await world.link(other, children[0], *types) is DONE
    assert await world.link(children[2], parent, COMPANY_COMPANY, CHILD_OF) is DONE


async def test_the_limits_of_a_label_and_of_the_unlabelled_type_are_independent(world: World):
    await world.limit(CONTACT_COMPANY, 3)
    await world.limit(ADVISES, 1)
    ann, companies = await world.contact(), await world.records(COMPANIES, 4)
    assert await _link_each(world, ann, companies[:2], CONTACT_COMPANY, ADVISES) == [
        DONE,
        LimitReached(ADVISES.key, ann, 1),
    ]
    assert await _link_each(world, ann, companies[1:3], CONTACT_COMPANY, AUDITS) == [DONE, DONE]
    assert await _link_each(world, ann, companies[3:], CONTACT_COMPANY, AUDITS) == [
        LimitReached(CONTACT_COMPANY.key, ann, 3)
    ]
    assert await world.link(ann, companies[1], CONTACT_COMPANY, PRIMARY) is DONE


async def test_the_inputs_of_one_call_are_decided_in_order(world: World):
    for size in SIZES:
        limit = size // 2 + 1
        await world.limit(CONTACT_COMPANY, limit)
        ann, companies = await world.contact(), await world.records(COMPANIES, size)
        outcomes = await _link_together(world, ann, companies[::-1], CONTACT_COMPANY)
        full = LimitReached(CONTACT_COMPANY.key, ann, limit)
        done = min(limit, size)
        assert outcomes == [DONE] * done + [full] * (size - done)
        assert await world.targets(ann, COMPANIES) == [ref.record_id for ref in companies[-done:]]


async def test_the_far_ends_of_one_call_are_decided_in_order(world: World):
    for size in SIZES[1:]:
        await world.limit(COMPANY_CONTACT, 3)
        people, acme = await world.records(CONTACTS, size), await world.company()
        writes = [LinkWrite(person.record_id, acme.record_id, (CONTACT_COMPANY,)) for person in people]
        outcomes = await world.link_all(CONTACT_COMPANY, writes)
        full = LimitReached(COMPANY_CONTACT.key, acme, 3)
        assert outcomes == [DONE] * 3 + [full] * (size - 3)
        assert await world.targets(acme, CONTACTS) == [person.record_id for person in people[:3]]


async def test_missing_ends_repeated_links_and_full_records_are_told_apart_in_one_call(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    (ann, ben), (acme, bolt) = await world.records(CONTACTS, 2), await world.records(COMPANIES, 2)
    pairs = [(ann, acme), (ann, bolt), (contact(99), acme), (ann, acme), (ann, company(99)), (ben, bolt)]
    full = LimitReached(CONTACT_COMPANY.key, ann, 1)
    expected = [DONE, full, Linked.SOURCE_MISSING, DONE, Linked.TARGET_MISSING, DONE]
    for times in (1, 3, 60):
        writes = [LinkWrite(a.record_id, b.record_id, (CONTACT_COMPANY,)) for a, b in pairs * times]
        assert await world.link_all(CONTACT_COMPANY, writes) == expected * times


async def test_a_limit_of_another_portal_does_not_count(world: World):
    await world.limit(CONTACT_COMPANY, 3)
    await world.elsewhere().limit(CONTACT_COMPANY, 1)
    for portal, limit in ((world, 3), (world.elsewhere(), 1)):
        ann, companies = await portal.contact(), await portal.records(COMPANIES, 4)
        outcomes = await _link_each(portal, ann, companies, CONTACT_COMPANY)
        assert outcomes.count(DONE) == limit
        assert outcomes[-1] == LimitReached(CONTACT_COMPANY.key, ann, limit)


async def test_the_links_of_another_portal_take_no_room(world: World):
    await world.limit(CONTACT_COMPANY, 1)
    elsewhere = world.elsewhere()
    for portal in (elsewhere, world):
        ann, acme = await portal.contact(), await portal.company()
        assert await portal.link(ann, acme, CONTACT_COMPANY) is DONE
    await elsewhere.limit(CONTACT_COMPANY, 2)
    assert await elsewhere.link(ann, await elsewhere.company(), CONTACT_COMPANY) is DONE


async def test_a_record_created_with_as_many_links_as_allowed_is_kept(world: World):
    await world.limit(CONTACT_COMPANY, 2)
    companies = await world.records(COMPANIES, 3)
    links = [NewLink(acme, (CONTACT_COMPANY,)) for acme in companies]
    assert isinstance(await world.create(CONTACTS, NewRecord({}, tuple(links[:2]))), Created)
    assert await world.create(CONTACTS, NewRecord({}, tuple(links))) == LimitReached(
        CONTACT_COMPANY.key, contact(0), 2
    )
