"""Each change of links makes one entry that says who did what; what changes nothing makes none."""

import asyncio
from typing import Any

from edgewise.domain.callers import Actor
from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    AssociationType,
    LinkRemoval,
    LinkWrite,
    NewLink,
    NewRecord,
    RecordRef,
    TypesChange,
)
from edgewise.domain.ports import Created
from edgewise.domain.record_keys import PropertyKey
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    AUDITS,
    COMPANIES,
    CONTACT_COMPANY,
    CONTACTS,
    PRIMARY,
)
from tests.contract.watch import ALICE, BOB, CLIENT, NOBODY, PLAIN, acts, watch_log
from tests.contract.world import AT, PORTAL, World


def _group(*pairs: tuple[RecordRef, RecordRef], types: list[Any] | None, **more: Any) -> dict[str, Any]:
    ids = [[source.record_id, target.record_id] for source, target in pairs]
    return {"from": "0-1", "to": "0-2", "types": types, "pairs": ids} | more


def _write(source: RecordRef, target: RecordRef, *types: Any) -> LinkWrite:
    return LinkWrite(source.record_id, target.record_id, types)


# Who and when.


async def test_an_entry_names_who_acts_and_when(world: World):
    contact, company = await world.contact(), await world.company()
    watch = await watch_log(world)
    with acts(BOB, AT + 5):
        await world.link(contact, company, CONTACT_COMPANY)
    [entry] = await watch.entries()
    assert (entry.actor, entry.at, entry.deed.portal_id) == (BOB, AT + 5, PORTAL)


async def test_each_call_is_noted_for_who_made_it(world: World):
    contact, company = await world.contact(), await world.company()
    watch = await watch_log(world)

    async def link(actor: Actor, link_type: AssociationType) -> None:
        with acts(actor, AT):
            await world.link(contact, company, link_type)

    await asyncio.gather(link(ALICE, CONTACT_COMPANY), link(BOB, ADVISES))
    assert [entry.actor for entry in await watch.entries()] == [ALICE, BOB]


async def test_without_anybody_it_was_the_server_itself_just_now(world: World):
    watch = await watch_log(world)
    await world.archive(await world.contact())
    [entry] = await watch.entries()
    assert entry.actor.name == "edgewise"
    assert entry.at > AT, "the time of the machine, where none was said"


# Links.


async def test_a_link_is_told_with_its_type(world: World):
    contact, company = await world.contact(), await world.company()
    watch = await watch_log(world)
    await world.link(contact, company, CONTACT_COMPANY, ADVISES)
    group = _group((contact, company), types=[PLAIN, CLIENT])
    assert await watch.only() == ("links.put", {"links": [group]})


async def test_what_else_a_write_may_do_is_told(world: World):
    contact, company = await world.contact(), await world.company()
    watch = await watch_log(world)
    await world.link(contact, company, CONTACT_COMPANY, first_type=PRIMARY, replaces_labels=True)
    more = {"firstType": ["HUBSPOT_DEFINED", 1, "Primary"], "replacesLabels": True}
    group = _group((contact, company), types=[PLAIN], **more)
    assert await watch.only() == ("links.put", {"links": [group]})


async def test_a_batch_is_one_entry_with_every_pair(world: World):
    for count in (3, 60):
        contacts, company = await world.records(CONTACTS, count), await world.company()
        watch = await watch_log(world)
        writes = [_write(contact, company, CONTACT_COMPANY) for contact in contacts[1:]]
        labelled = _write(contacts[0], company, CONTACT_COMPANY, ADVISES)
        await world.link_all(CONTACT_COMPANY, [*writes, labelled])
        action, details = await watch.only()
        assert action == "links.put"
        assert details == {
            "links": [
                _group(*[(contact, company) for contact in contacts[1:]], types=[PLAIN]),
                _group((contacts[0], company), types=[PLAIN, CLIENT]),
            ]
        }


async def test_only_what_was_kept_of_a_batch_is_told(world: World):
    for count in (3, 60):
        contacts, company = await world.records(CONTACTS, count), await world.company()
        watch = await watch_log(world)
        gone = LinkWrite(NOBODY, company.record_id, (CONTACT_COMPANY,))
        writes = [_write(contact, company, CONTACT_COMPANY) for contact in contacts]
        await world.link_all(CONTACT_COMPANY, [gone, *writes])
        group = _group(*[(contact, company) for contact in contacts], types=[PLAIN])
        assert await watch.only() == ("links.put", {"links": [group]})


async def test_refused_links_make_no_entry(world: World):
    contact, company, other = await world.contact(), *await world.records(COMPANIES, 2)
    await world.limit(ADVISES, 1)
    await world.link(contact, company, CONTACT_COMPANY, ADVISES)
    await world.change(TypesChange(removed=[AUDITS.key, AUDITS.mirror_key]))
    watch = await watch_log(world)
    assert await world.link(contact, RecordRef(COMPANIES.code, NOBODY), CONTACT_COMPANY)
    assert await world.link(contact, other, CONTACT_COMPANY, ADVISES)
    assert await world.link(contact, company, CONTACT_COMPANY, AUDITS)
    assert await watch.entries() == []


async def test_links_that_are_there_make_no_entry(world: World):
    for count in (1, 60):
        contacts, company = await world.records(CONTACTS, count), await world.company()
        writes = [_write(contact, company, CONTACT_COMPANY) for contact in contacts]
        await world.link_all(CONTACT_COMPANY, writes)
        watch = await watch_log(world)
        await world.link_all(CONTACT_COMPANY, writes)
        assert await watch.entries() == []


async def test_a_link_that_moves_makes_an_entry(world: World):
    contact, company, other = await world.contact(), *await world.records(COMPANIES, 2)
    await world.link(contact, company, CONTACT_COMPANY, PRIMARY)
    await world.link(contact, other, CONTACT_COMPANY)
    watch = await watch_log(world)
    await world.link(contact, other, PRIMARY)
    group = _group((contact, other), types=[["HUBSPOT_DEFINED", 1, "Primary"]])
    assert await watch.only() == ("links.put", {"links": [group]})


async def test_a_removal_is_told(world: World):
    contact, company, other = await world.contact(), *await world.records(COMPANIES, 2)
    for each in (company, other):
        await world.link(contact, each, CONTACT_COMPANY, ADVISES)
    watch = await watch_log(world)
    all_types = LinkRemoval(contact.record_id, company.record_id, None)
    label = LinkRemoval(contact.record_id, other.record_id, (ADVISES,))
    await world.unlink_all(CONTACTS.code, COMPANIES.code, all_types, label)
    groups = [_group((contact, company), types=None), _group((contact, other), types=[CLIENT])]
    assert await watch.only() == ("links.remove", {"links": groups})


async def test_a_removal_of_nothing_makes_no_entry(world: World):
    contact, company = await world.contact(), await world.company()
    watch = await watch_log(world)
    await world.unlink(contact, company)
    await world.unlink(contact, company, ADVISES)
    assert await watch.entries() == []


# Records.


async def test_a_record_that_is_created_linked_is_told_with_its_new_id(world: World):
    company = await world.company()
    watch = await watch_log(world)
    links = (NewLink(company, (CONTACT_COMPANY,)),)
    created = await world.create(CONTACTS, NewRecord({"email": "ann@acme.example"}, links), NewRecord({}))
    assert isinstance(created, Created)
    ann = RecordRef(CONTACTS.code, created.records[0].record_id)
    group = _group((ann, company), types=[PLAIN])
    assert await watch.only() == ("records.create_linked", {"links": [group]})


async def test_records_without_links_and_their_properties_make_no_entry(world: World):
    watch = await watch_log(world)
    contact = await world.contact()
    await world.update(contact, AT, email="ann@acme.example")
    assert await watch.entries() == []


async def test_a_refused_create_makes_no_entry(world: World):
    company = await world.company()
    await world.limit(ADVISED_BY, 1)
    link = NewLink(company, (CONTACT_COMPANY, ADVISES))
    watch = await watch_log(world)
    assert not isinstance(
        await world.create(CONTACTS, NewRecord({}, (link,)), NewRecord({}, (link,))), Created
    )
    lost = NewLink(RecordRef(COMPANIES.code, NOBODY), (CONTACT_COMPANY,))
    assert not isinstance(await world.create(CONTACTS, NewRecord({}, (lost,))), Created)
    assert await watch.entries() == []


async def test_the_records_that_were_archived_are_told_and_no_others(world: World):
    ann, bob = await world.records(CONTACTS, 2)
    watch = await watch_log(world)
    ids = [ann.record_id, NOBODY, bob.record_id, ann.record_id]
    await world.store.archive_records(PORTAL, CONTACTS.code, ids, AT)
    told = ("records.archive", {"type": "0-1", "ids": [ann.record_id, bob.record_id]})
    assert await watch.only() == told
    await world.store.archive_records(PORTAL, CONTACTS.code, ids, AT)
    assert await watch.only() == told


async def test_a_merge_is_told(world: World):
    ann, bob = await world.records(CONTACTS, 2)
    watch = await watch_log(world)
    merge = MergeRecords(PORTAL, CONTACTS.code, ann.record_id, bob.record_id, (), AT)
    await world.store.merge_records(merge)
    told = ("records.merge", {"type": "0-1", "merged": bob.record_id, "into": ann.record_id})
    assert await watch.only() == told
    await world.store.merge_records(merge)
    assert await watch.only() == told, "the other one is archived by now"


async def test_a_purge_is_told_by_ids_and_never_by_the_property_that_found_the_record(world: World):
    ann, bob = await world.records(CONTACTS, 2)
    await world.update(ann, AT, email="ann@acme.example")
    await world.store.merge_records(MergeRecords(PORTAL, CONTACTS.code, ann.record_id, bob.record_id, (), AT))
    watch = await watch_log(world)
    key = PropertyKey("email", "ann@acme.example", "ann@acme.example")
    await world.store.purge_record(PORTAL, CONTACTS.code, key)
    told = ("records.purge", {"type": "0-1", "ids": sorted([ann.record_id, bob.record_id])})
    assert await watch.only() == told
    await world.store.purge_record(PORTAL, CONTACTS.code, key)
    await world.store.purge_record(PORTAL, CONTACTS.code, NOBODY)
    assert await watch.only() == told
