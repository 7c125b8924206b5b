"""Calls at the same time come to the same as calls in some order, and none spoils another."""

import asyncio
from collections import Counter

import pytest

from edgewise.domain.errors import Conflict
from edgewise.domain.model import Linked, LinkWrite, NewLink, NewRecord, PortalTypes, RecordChange
from edgewise.domain.ports import TargetsMissing
from tests.contract.toy_types import (
    ADVISES,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACTS,
    PRIMARY,
    PRIMARY_OF,
)
from tests.contract.world import AT, MANY, World, company

ROUNDS = 30


async def test_of_two_hundred_writes_to_one_record_none_is_lost(world: World):
    acme = await world.company()
    people = await world.records(CONTACTS, 200)
    outcomes = await asyncio.gather(*(world.link(person, acme, CONTACT_COMPANY) for person in people))
    assert Counter(outcomes) == {Linked.DONE: 200}
    assert await world.targets(acme, CONTACTS) == [person.record_id for person in people]


async def test_a_write_is_read_by_whoever_waited_for_it(world: World):
    acme = await world.company()

    async def write_and_read() -> bool:
        person = await world.contact()
        await world.link(person, acme, CONTACT_COMPANY)
        return person.record_id in await world.targets(acme, CONTACTS)

    assert all(await asyncio.gather(*(write_and_read() for _ in range(50))))


async def test_a_record_archived_while_it_is_linked_ends_without_links(world: World):
    people = await world.records(CONTACTS, 3)
    for number in range(ROUNDS):
        acme = await world.company()
        calls = [world.link(person, acme, CONTACT_COMPANY, ADVISES) for person in people]
        calls.insert(number % 4, world.archive(acme))
        await asyncio.gather(*calls)
        assert await world.targets(acme, CONTACTS) == []
        assert [await world.targets(person, COMPANIES) for person in people] == [[], [], []]


async def test_a_record_archived_while_another_is_created_with_a_link_to_it_ends_without_links(world: World):
    for number in range(ROUNDS):
        acme = await world.company()
        new = NewRecord({}, (NewLink(acme, (CONTACT_COMPANY,)),))
        calls = [world.create(CONTACTS, new), world.archive(acme)]
        await asyncio.gather(*calls[:: 1 if number % 2 else -1])
        assert await world.targets(acme, CONTACTS) == []
    assert await world.all_links() == set()


async def test_a_pair_linked_and_removed_at_once_agrees_at_both_ends(world: World):
    ann, acme = await world.contact(), await world.company()
    for _ in range(ROUNDS):
        await asyncio.gather(world.link(ann, acme, CONTACT_COMPANY, ADVISES), world.unlink(acme, ann))
        near, far = await world.types(ann, acme), await world.types(acme, ann)
        assert {link_type.mirror_key for link_type in near} == {link_type.key for link_type in far}
        assert len(near) in {0, 2}


async def test_overlapping_calls_in_opposite_order_both_succeed(world: World):
    people, companies = await world.records(CONTACTS, 20), await world.records(COMPANIES, 5)
    writes = [
        LinkWrite(person.record_id, acme.record_id, (CONTACT_COMPANY,))
        for person in people
        for acme in companies
    ]
    calls = [world.link_all(CONTACT_COMPANY, writes[::step]) for step in (1, -1, 1, -1)]
    assert await asyncio.gather(*calls) == [[Linked.DONE] * 100] * 4
    assert [len(await world.targets(acme, CONTACTS)) for acme in companies] == [20] * 5


@pytest.mark.parametrize("writer", ["contact", "company"])
async def test_of_companies_linked_at_once_exactly_one_becomes_primary(world: World, writer: str):
    ann = await world.contact()
    companies = await world.records(COMPANIES, 20)
    if writer == "contact":
        calls = [world.link(ann, acme, CONTACT_COMPANY, first_type=PRIMARY) for acme in companies]
    else:
        calls = [world.link(acme, ann, COMPANY_CONTACT, first_type=PRIMARY_OF) for acme in companies]
    await asyncio.gather(*calls)
    types = [await world.types(ann, acme) for acme in companies]
    assert [CONTACT_COMPANY in linked for linked in types] == [True] * 20
    assert [PRIMARY in linked for linked in types].count(True) == 1


async def test_of_primaries_written_at_once_exactly_one_stays(world: World):
    ann = await world.contact()
    companies = await world.records(COMPANIES, 20)
    await asyncio.gather(*(world.link(ann, acme, CONTACT_COMPANY, PRIMARY) for acme in companies))
    types = [await world.types(ann, acme) for acme in companies]
    assert [PRIMARY in linked for linked in types].count(True) == 1
    assert [CONTACT_COMPANY in linked for linked in types] == [True] * 20


async def test_a_call_that_fails_does_not_fail_those_beside_it(world: World):
    defined = PortalTypes((), (ADVISES,))
    acme = await world.company()
    people = await world.records(CONTACTS, 10)
    unlinkable = NewRecord({}, (NewLink(acme, (CONTACT_COMPANY,)), NewLink(company(5), (CONTACT_COMPANY,))))
    calls = []
    for person in people:
        calls += [
            world.link(person, acme, CONTACT_COMPANY),
            world.store.add_portal_types(world.portal_id, defined),
            world.create(CONTACTS, unlinkable),
        ]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert answers[::3] == [Linked.DONE] * 10
    assert [type(answer) for answer in answers[1::3]] == [Conflict] * 10
    assert [type(answer) for answer in answers[2::3]] == [TargetsMissing] * 10
    assert await world.targets(acme, CONTACTS) == [person.record_id for person in people]
    assert await world.all_records() == {acme, *people}


async def test_a_call_given_up_does_not_disturb_those_beside_it(world: World):
    acme = await world.company()
    people = await world.records(CONTACTS, 40)
    tasks = [asyncio.ensure_future(world.link(person, acme, CONTACT_COMPANY)) for person in people]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert answers[1::2] == [Linked.DONE] * 20
    assert {person.record_id for person in people[1::2]} <= set(await world.targets(acme, CONTACTS))


async def test_records_created_at_once_get_different_ids(world: World):
    groups = await asyncio.gather(*(world.records(CONTACTS, 3) for _ in range(30)))
    assert len({ref for group in groups for ref in group}) == 90


async def test_changes_of_different_properties_at_once_are_all_kept(world: World):
    ann = await world.contact()
    await asyncio.gather(*(world.update(ann, AT + 1, **{f"p{n}": str(n)}) for n in range(50)))
    record = await world.read(ann)
    assert record is not None
    assert record.properties == {f"p{n}": str(n) for n in range(50)}


async def test_of_a_call_that_is_under_way_all_is_seen_or_nothing(world: World):
    acme = await world.company()
    people = [person.record_id for person in await world.records(CONTACTS, 300)]
    writes = [LinkWrite(person, acme.record_id, (CONTACT_COMPANY,)) for person in people]
    task = asyncio.ensure_future(world.link_all(CONTACT_COMPANY, writes))
    while not task.done():
        listed = await world.store.list_links(world.portal_id, acme, CONTACTS.code, 0, MANY)
        [read] = await world.store.read_links(
            world.portal_id, COMPANIES.code, CONTACTS.code, [(acme.record_id, 0)], MANY
        )
        assert {len(listed.targets), len(read.targets)} <= {0, 300}
        await asyncio.sleep(0)
    assert len(await world.targets(acme, CONTACTS)) == 300


async def test_changes_and_reads_at_once_never_show_a_half_made_change(world: World):
    ann = await world.contact()
    first, second = ({"a": name, "b": name} for name in ("first", "second"))

    async def change(properties: dict[str, str]) -> None:
        for _ in range(ROUNDS):
            change = RecordChange(ann.record_id, properties)
            await world.store.update_records(world.portal_id, CONTACTS.code, [change], AT)

    async def read() -> None:
        for _ in range(ROUNDS):
            record = await world.read(ann)
            assert record is not None
            assert record.properties in ({}, first, second)
            await asyncio.sleep(0)

    await asyncio.gather(change(first), change(second), read(), read())
