"""Archiving a record takes its links off every other record, and it gets no new ones."""

from edgewise.domain.model import Linked, LinkWrite, NewLink, NewRecord, RecordRef
from edgewise.domain.ports import TargetsMissing
from tests.contract.toy_types import (
    ADVISES,
    CHILD_OF,
    COMPANIES,
    COMPANY_COMPANY,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACT_DEAL,
    CONTACTS,
    DEALS,
    ONE_WAY,
    PARENT_OF,
    PRIMARY,
)
from tests.contract.world import AT, World, company, contact


async def test_an_archived_record_is_on_nobodys_list(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    acme, deal = await world.company(), await world.deal()
    await world.link(ann, ben, CONTACT_CONTACT)
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, PRIMARY)
    await world.link(ann, deal, CONTACT_DEAL)
    await world.archive(ann)
    assert [await world.targets(other, CONTACTS) for other in (ben, acme, deal)] == [[], [], []]


async def test_an_archived_record_has_no_links_of_its_own(world: World):
    ann, acme, deal = await world.contact(), await world.company(), await world.deal()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.link(ann, deal, CONTACT_DEAL)
    await world.archive(ann)
    assert [await world.targets(ann, far) for far in (CONTACTS, COMPANIES, DEALS)] == [[], [], []]


async def test_archiving_the_target_of_a_one_way_link_removes_it(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, ONE_WAY)
    await world.archive(acme)
    assert await world.targets(ann, COMPANIES) == []


async def test_archiving_a_parent_frees_its_children(world: World):
    parent, child, next_parent = await world.records(COMPANIES, 3)
    await world.link(parent, child, COMPANY_COMPANY, PARENT_OF)
    await world.archive(parent)
    assert await world.targets(child, COMPANIES) == []
    await world.link(child, next_parent, COMPANY_COMPANY, CHILD_OF)
    assert await world.types(next_parent, child) == {COMPANY_COMPANY, PARENT_OF}


async def test_links_between_other_records_stay(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    acme, bolt = await world.records(COMPANIES, 2)
    for source, target in ((ann, acme), (ann, bolt), (ben, acme), (ben, bolt)):
        await world.link(source, target, CONTACT_COMPANY)
    await world.archive(ann)
    assert await world.targets(ben, COMPANIES) == [acme.record_id, bolt.record_id]
    assert await world.targets(acme, CONTACTS) == [ben.record_id]


async def test_a_record_of_another_type_with_the_same_id_stays(world: World):
    ann, acme = await world.contact(), await world.company()
    twin = company(ann.record_id)
    await world.link(ann, twin, CONTACT_COMPANY, creates_records=True)
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.archive(twin)
    assert await world.all_records() == {ann, acme}
    assert await world.targets(ann, COMPANIES) == [acme.record_id]


async def test_an_archived_record_refuses_links_at_either_end(world: World):
    ann, acme = await world.contact(), await world.company()
    gone, closed = await world.contact(), await world.company()
    await world.archive(gone, closed)
    assert await world.link(gone, acme, CONTACT_COMPANY) is Linked.SOURCE_MISSING
    assert await world.link(ann, closed, CONTACT_COMPANY) is Linked.TARGET_MISSING
    assert await world.link(gone, closed, CONTACT_COMPANY) is Linked.BOTH_MISSING
    assert await world.targets(ann, COMPANIES) == []


async def test_an_archived_record_is_not_made_again_on_mention(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.archive(ann)
    assert await world.link(ann, acme, CONTACT_COMPANY, creates_records=True) is Linked.SOURCE_MISSING
    assert await world.read(ann) is None


async def test_a_write_to_an_archived_record_makes_no_record_at_the_other_end(world: World):
    acme = await world.company()
    await world.archive(acme)
    outcome = await world.link(contact(7), acme, CONTACT_COMPANY, creates_records=True)
    assert outcome is Linked.TARGET_MISSING
    assert await world.all_records() == set()


async def test_a_new_record_is_not_linked_to_an_archived_one(world: World):
    acme = await world.company()
    await world.archive(acme)
    new = NewRecord({}, (NewLink(acme, (CONTACT_COMPANY,)),))
    for creates_records in (False, True):
        answer = await world.create(CONTACTS, new, creates_records=creates_records)
        assert isinstance(answer, TargetsMissing)
        assert list(answer.missing) == [acme]
    assert await world.all_records() == set()


async def test_an_archived_record_is_read_in_that_state_only(world: World):
    ann = await world.contact()
    await world.update(ann, AT + 1, name="Ann")
    await world.archive(ann, at=AT + 2)
    assert await world.read(ann) is None
    record = await world.read(ann, is_archived=True)
    assert record is not None
    assert record.is_archived
    assert (record.properties, record.created_at, record.archived_at) == ({"name": "Ann"}, AT, AT + 2)


async def test_an_archived_record_cannot_be_changed(world: World):
    ann = await world.contact()
    await world.archive(ann)
    assert await world.update(ann, AT + 1, name="Ann") is None
    record = await world.read(ann, is_archived=True)
    assert record is not None
    assert record.properties == {}


async def test_archiving_what_does_not_exist_is_no_error_and_makes_nothing(world: World):
    await world.archive(contact(7))
    assert await world.all_records() == set()
    assert await world.all_records(is_archived=True) == set()


async def test_many_records_with_links_among_them_are_archived_in_one_call(world: World):
    people = await world.records(CONTACTS, 6)
    acme = await world.company()
    first, *others = [ref.record_id for ref in people]
    await world.link_all(CONTACT_CONTACT, [LinkWrite(first, other, (CONTACT_CONTACT,)) for other in others])
    await world.link_all(
        CONTACT_COMPANY, [LinkWrite(ref.record_id, acme.record_id, (CONTACT_COMPANY,)) for ref in people]
    )
    gone = [first, *others[:3], 99]
    await world.store.archive_records(world.portal_id, CONTACTS.code, gone, AT + 1)
    assert await world.targets(acme, CONTACTS) == others[3:]
    assert [await world.targets(ref, CONTACTS) for ref in people] == [[]] * 6
    assert await world.all_records(is_archived=True) == {RecordRef(CONTACTS.code, i) for i in gone[:-1]}
