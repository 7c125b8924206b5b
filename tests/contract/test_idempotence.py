"""Doing a thing twice is doing it once."""

from edgewise.domain.model import Linked, LinkWrite
from tests.contract.toy_types import (
    ADVISES,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACTS,
    PRIMARY,
)
from tests.contract.world import AT, World


async def test_a_link_written_twice_is_there_once(world: World):
    ann, acme = await world.contact(), await world.company()
    outcomes = [await world.link(ann, acme, CONTACT_COMPANY) for _ in range(2)]
    assert outcomes == [Linked.DONE, Linked.DONE]
    assert [target.keys for target in (await world.page(ann, COMPANIES)).targets] == [(CONTACT_COMPANY.key,)]
    assert await world.targets(acme, CONTACTS) == [ann.record_id]


async def test_a_link_written_from_each_end_is_there_once(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.link(acme, ann, COMPANY_CONTACT)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    await world.unlink(ann, acme, CONTACT_COMPANY)
    assert await world.targets(acme, CONTACTS) == []


async def test_a_write_repeated_within_one_call_counts_once(world: World):
    ann, acme = await world.contact(), await world.company()
    write = LinkWrite(ann.record_id, acme.record_id, (CONTACT_COMPANY,))
    assert await world.link_all(CONTACT_COMPANY, [write] * 3) == [Linked.DONE] * 3
    assert await world.targets(ann, COMPANIES) == [acme.record_id]


async def test_the_same_labels_written_again_change_nothing(world: World):
    ann, acme = await world.contact(), await world.company()
    for _ in range(2):
        await world.link(ann, acme, CONTACT_COMPANY, ADVISES, PRIMARY, replaces_labels=True)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES, PRIMARY}


async def test_a_write_without_replacing_drops_no_label(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.link(ann, acme, CONTACT_COMPANY)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES}


async def test_a_removal_repeated_is_no_error(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    for _ in range(2):
        await world.unlink(ann, acme)
    assert await world.targets(ann, COMPANIES) == []


async def test_a_record_archived_again_keeps_the_time_of_the_first(world: World):
    ann = await world.contact()
    await world.archive(ann, at=AT + 1)
    await world.archive(ann, at=AT + 2)
    record = await world.read(ann, is_archived=True)
    assert record is not None
    assert record.archived_at == AT + 1


async def test_a_record_made_on_first_mention_is_made_once(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.update(acme, AT + 1, name="Acme")
    await world.link(ann, acme, CONTACT_COMPANY, creates_records=True)
    record = await world.read(acme)
    assert record is not None
    assert record.properties == {"name": "Acme"}
