"""Records are created whole or not at all, under ids of the store's choice, and read back as they were written."""

from edgewise.domain.model import FIRST_RECORD_ID, RECORD_ID_MAX, NewLink, NewRecord, Record, RecordChange
from edgewise.domain.ports import Created, TargetsMissing
from tests.contract.toy_types import (
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_DEAL,
    CONTACTS,
    DEALS,
    PRIMARY,
)
from tests.contract.world import AT, World, company, contact

TEXTS = {
    "plain": "Ann",
    "quotes": "\"'`\\",
    "lines": "a\nb\tc",
    "far": "Ωλ 漢字 🙂",
    "$.path[0]": "1",
    "": "none",
}


async def test_a_new_record_is_answered_and_read_as_it_was_given(world: World):
    answer = await world.create(CONTACTS, NewRecord(TEXTS), at=AT + 5)
    assert isinstance(answer, Created)
    assert list(answer.records) == [Record(FIRST_RECORD_ID, TEXTS, AT + 5, AT + 5)]
    assert await world.read(contact(FIRST_RECORD_ID)) == answer.records[0]


async def test_ids_ascend_over_all_object_types(world: World):
    created = [*await world.records(CONTACTS, 2), await world.company(), *await world.records(CONTACTS, 1)]
    assert [ref.record_id for ref in created] == list(range(FIRST_RECORD_ID, FIRST_RECORD_ID + 4))


async def test_records_created_together_are_answered_in_the_order_asked_for(world: World):
    answer = await world.create(CONTACTS, *[NewRecord({"n": str(n)}) for n in range(20)])
    assert isinstance(answer, Created)
    assert [record.properties["n"] for record in answer.records] == [str(n) for n in range(20)]
    assert [record.record_id - FIRST_RECORD_ID for record in answer.records] == list(range(20))


async def test_ids_taken_by_mention_are_passed_over_whatever_their_object_type(world: World):
    await world.link(
        contact(FIRST_RECORD_ID), company(FIRST_RECORD_ID + 2), CONTACT_COMPANY, creates_records=True
    )
    assert [ref.record_id - FIRST_RECORD_ID for ref in await world.records(DEALS, 3)] == [1, 3, 4]


async def test_a_large_id_taken_by_mention_does_not_move_the_count(world: World):
    await world.link(contact(RECORD_ID_MAX), company(5), CONTACT_COMPANY, creates_records=True)
    assert (await world.contact()).record_id == FIRST_RECORD_ID


async def test_ids_of_archived_records_are_not_given_again(world: World):
    ann = await world.contact()
    await world.archive(ann)
    assert (await world.contact()).record_id == ann.record_id + 1


async def test_a_record_is_created_with_its_links(world: World):
    acme, deal = await world.company(), await world.deal()
    first, second = NewLink(acme, (CONTACT_COMPANY, PRIMARY)), NewLink(deal, (CONTACT_DEAL,))
    ann, ben = NewRecord({"name": "Ann"}, (first, second)), NewRecord({"name": "Ben"}, (first,))
    answer = await world.create(CONTACTS, ann, ben)
    assert isinstance(answer, Created)
    ids = [record.record_id for record in answer.records]
    assert await world.targets(acme, CONTACTS) == ids
    assert await world.targets(deal, CONTACTS) == ids[:1]
    assert await world.types(contact(ids[1]), acme) == {CONTACT_COMPANY, PRIMARY}


async def test_two_links_to_one_target_add_up(world: World):
    acme = await world.company()
    ann = await world.create_linked(CONTACTS, NewLink(acme, (CONTACT_COMPANY,)), NewLink(acme, (PRIMARY,)))
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}


async def test_one_missing_target_leaves_nothing_of_the_whole_call(world: World):
    acme = await world.company()
    good = NewRecord({}, (NewLink(acme, (CONTACT_COMPANY,)),))
    bad = NewRecord({}, (NewLink(company(5), (CONTACT_COMPANY,)), NewLink(company(6), (CONTACT_COMPANY,))))
    answer = await world.create(CONTACTS, good, bad, good)
    assert isinstance(answer, TargetsMissing)
    assert list(answer.missing) == [company(5), company(6)]
    assert await world.all_records() == {acme}
    assert await world.targets(acme, CONTACTS) == []


async def test_targets_are_made_on_mention_where_that_is_asked_for(world: World):
    new = NewRecord({}, (NewLink(company(5), (CONTACT_COMPANY,)),))
    answer = await world.create(CONTACTS, new, at=AT + 1, creates_records=True)
    assert isinstance(answer, Created)
    assert await world.targets(company(5), CONTACTS) == [answer.records[0].record_id]
    assert await world.read(company(5)) == Record(5, {}, AT + 1, AT + 1)


async def test_a_failed_create_makes_no_target_on_mention(world: World):
    acme = await world.company()
    await world.archive(acme)
    links = (NewLink(company(5), (CONTACT_COMPANY,)), NewLink(acme, (CONTACT_COMPANY,)))
    answer = await world.create(CONTACTS, NewRecord({}, links), creates_records=True)
    assert isinstance(answer, TargetsMissing)
    assert list(answer.missing) == [acme]
    assert await world.all_records() == set()


async def test_a_new_record_does_not_take_the_id_of_a_target_made_with_it(world: World):
    target = contact(FIRST_RECORD_ID)
    new = await world.create(
        COMPANIES, NewRecord({}, (NewLink(target, (COMPANY_CONTACT,)),)), creates_records=True
    )
    assert isinstance(new, Created)
    assert [record.record_id for record in new.records] == [FIRST_RECORD_ID + 1]


async def test_creating_no_records_creates_none(world: World):
    answer = await world.create(CONTACTS)
    assert isinstance(answer, Created)
    assert list(answer.records) == []


async def test_records_are_read_in_the_order_asked_for_with_gaps(world: World):
    ids = [ref.record_id for ref in await world.records(CONTACTS, 3)]
    acme = await world.company()
    asked = [ids[2], 99, ids[0], acme.record_id, ids[2]]
    found = await world.store.read_records(world.portal_id, CONTACTS.code, asked)
    assert [record and record.record_id for record in found] == [ids[2], None, ids[0], None, ids[2]]


async def test_a_live_record_is_not_read_as_archived(world: World):
    ann = await world.contact()
    assert await world.read(ann, is_archived=True) is None


async def test_properties_are_set_cleared_and_kept(world: World):
    answer = await world.create(CONTACTS, NewRecord({"a": "1", "b": "2", "c": "3"}))
    assert isinstance(answer, Created)
    ann = contact(answer.records[0].record_id)
    expected = Record(ann.record_id, {"a": "9", "c": "3", "d": "4"}, AT, AT + 7)
    assert await world.update(ann, AT + 7, a="9", b=None, d="4", e=None) == expected
    assert await world.read(ann) == expected


async def test_properties_of_any_text_survive_a_change(world: World):
    ann = await world.contact()
    await world.update(ann, AT, **TEXTS)
    record = await world.update(ann, AT, plain=None)
    assert record is not None
    assert record.properties == {name: text for name, text in TEXTS.items() if name != "plain"}


async def test_changes_of_many_records_are_answered_in_order_with_gaps(world: World):
    first, second = [ref.record_id for ref in await world.records(CONTACTS, 2)]
    names = ((second, "b"), (99, "x"), (first, "a"), (second, "c"))
    changes = [RecordChange(record_id, {"name": name}) for record_id, name in names]
    answers = await world.store.update_records(world.portal_id, CONTACTS.code, changes, AT + 1)
    assert [record and (record.record_id, record.properties["name"]) for record in answers] == [
        (second, "b"),
        None,
        (first, "a"),
        (second, "c"),
    ]
    assert await world.read(contact(99)) is None


async def test_a_record_read_before_a_change_stays_as_it_was(world: World):
    ann = await world.contact()
    before = await world.update(ann, AT + 1, name="Ann")
    await world.update(ann, AT + 2, name="Anna")
    assert before == Record(ann.record_id, {"name": "Ann"}, AT, AT + 1)


async def test_a_reader_cannot_change_what_is_stored(world: World):
    ann = await world.contact()
    record = await world.read(ann)
    assert record is not None
    record.properties["name"] = "Eve"
    assert await world.read(ann) == Record(ann.record_id, {}, AT, AT)


async def test_records_are_listed_in_pages_by_id(world: World):
    ids = [ref.record_id for ref in await world.records(CONTACTS, 5)]
    await world.company()
    pages, next_id = [], 1
    while next_id is not None:
        records, next_id = await world.store.list_records(world.portal_id, CONTACTS.code, next_id, 2)
        pages.append([record.record_id for record in records])
    assert pages == [ids[:2], ids[2:4], ids[4:]]


async def test_a_full_last_page_of_records_says_that_nothing_follows(world: World):
    ids = [ref.record_id for ref in await world.records(CONTACTS, 4)]
    page = await world.store.list_records(world.portal_id, CONTACTS.code, ids[2], 2)
    assert ([record.record_id for record in page.records], page.next_id) == (ids[2:], None)


async def test_live_and_archived_records_are_listed_apart(world: World):
    ids = [ref.record_id for ref in await world.records(CONTACTS, 5)]
    await world.archive(contact(ids[1]), contact(ids[3]), contact(ids[4]))
    live = await world.store.list_records(world.portal_id, CONTACTS.code, 1, 1)
    assert ([record.record_id for record in live.records], live.next_id) == (ids[:1], ids[2])
    archived = await world.store.list_records(world.portal_id, CONTACTS.code, 1, 2, is_archived=True)
    assert ([record.record_id for record in archived.records], archived.next_id) == ([ids[1], ids[3]], ids[4])


async def test_records_with_ids_at_the_limit_are_listed(world: World):
    for contact_id in (RECORD_ID_MAX, RECORD_ID_MAX - 1):
        await world.link(contact(contact_id), company(5), CONTACT_COMPANY, creates_records=True)
    page = await world.store.list_records(world.portal_id, CONTACTS.code, RECORD_ID_MAX, 10)
    assert ([record.record_id for record in page.records], page.next_id) == ([RECORD_ID_MAX], None)
