"""Links are read in pages of targets, in numeric order of their ids, whatever the ids and the types."""

from edgewise.domain.model import RECORD_ID_MAX, LinkWrite, ObjectType, RecordRef
from tests.contract.toy_types import (
    ADVISES,
    AUDITS,
    COMPANIES,
    CONTACT_COMPANY,
    CONTACTS,
    MANAGES,
    ONE_WAY,
    PRIMARY,
    SYNCED,
)
from tests.contract.world import World, company, contact

ANN = contact(1)
EXACT_IN_FLOAT = 2**53


async def _link_ann_to(world: World, company_ids: list[int], *types: object) -> None:
    writes = [LinkWrite(ANN.record_id, i, (CONTACT_COMPANY, *types)) for i in company_ids]
    await world.link_all(CONTACT_COMPANY, writes, creates_records=True)


async def _walk(world: World, source: RecordRef, object_type: ObjectType, limit: int) -> list[list[int]]:
    """Follow pages to the end; of each page the ids."""
    pages, after, has_more = [], 0, True
    while has_more:
        targets, has_more = await world.page(source, object_type, after, limit)
        assert targets, "a page promised more and there is none"
        assert targets[0].target_id > after
        pages.append([target_id for target_id, _ in targets])
        after = targets[-1].target_id
    return pages


async def test_targets_come_in_numeric_order(world: World):
    await _link_ann_to(world, [100, 9, 20, 3_000_000_000, 10])
    assert await world.targets(ANN, COMPANIES) == [9, 10, 20, 100, 3_000_000_000]


async def test_types_of_a_target_come_in_order_of_their_keys(world: World):
    await _link_ann_to(world, [7], SYNCED, AUDITS, PRIMARY, ADVISES)
    [target] = (await world.page(ANN, COMPANIES)).targets
    assert list(target.keys) == sorted(t.key for t in (CONTACT_COMPANY, SYNCED, AUDITS, PRIMARY, ADVISES))


async def test_pages_follow_each_other_without_gap_or_repeat(world: World):
    await _link_ann_to(world, list(range(11, 18)))
    assert await _walk(world, ANN, COMPANIES, 3) == [[11, 12, 13], [14, 15, 16], [17]]


async def test_a_full_last_page_says_that_nothing_follows(world: World):
    await _link_ann_to(world, list(range(11, 17)))
    assert await _walk(world, ANN, COMPANIES, 3) == [[11, 12, 13], [14, 15, 16]]


async def test_a_page_may_hold_one_target(world: World):
    await _link_ann_to(world, [11, 12, 13])
    assert await _walk(world, ANN, COMPANIES, 1) == [[11], [12], [13]]


async def test_a_page_counts_targets_and_not_types(world: World):
    await _link_ann_to(world, [11, 12, 13, 14], ADVISES, AUDITS, SYNCED)
    assert await _walk(world, ANN, COMPANIES, 2) == [[11, 12], [13, 14]]


async def test_the_types_of_a_target_stay_together_at_a_page_boundary(world: World):
    for company_id, types in enumerate(((), (ADVISES, AUDITS, SYNCED), (ADVISES,), (AUDITS, SYNCED)), 11):
        await _link_ann_to(world, [company_id], *types)
    for limit in (1, 2, 3, 4):
        after, found = 0, {}
        for _ in range(4):
            page = await world.page(ANN, COMPANIES, after, limit)
            found |= {target_id: set(keys) for target_id, keys in page.targets}
            after = max(found)
        every = CONTACT_COMPANY.key, ADVISES.key, AUDITS.key, SYNCED.key
        assert found == {
            11: {every[0]},
            12: set(every),
            13: {every[0], every[1]},
            14: {every[0], every[2], every[3]},
        }


async def test_a_one_way_link_takes_no_place_on_a_page_of_its_target(world: World):
    for contact_id in (1, 2, 3):
        await world.link(contact(contact_id), company(9), ONE_WAY, creates_records=True)
    await world.link(contact(4), company(9), CONTACT_COMPANY, creates_records=True)
    page = await world.page(company(9), CONTACTS, limit=1)
    assert [target_id for target_id, _ in page.targets] == [4]
    assert not page.has_more


async def test_a_one_way_link_after_the_last_target_is_not_more(world: World):
    await world.link(contact(1), company(9), CONTACT_COMPANY, creates_records=True)
    await world.link(contact(2), company(9), ONE_WAY, creates_records=True)
    page = await world.page(company(9), CONTACTS, limit=1)
    assert ([target_id for target_id, _ in page.targets], page.has_more) == ([1], False)


async def test_a_page_starts_after_an_id_whether_linked_or_not(world: World):
    await _link_ann_to(world, [10, 20, 30])
    for after, expected in ((9, [10, 20, 30]), (10, [20, 30]), (15, [20, 30]), (29, [30]), (30, [])):
        page = await world.page(ANN, COMPANIES, after)
        assert [target_id for target_id, _ in page.targets] == expected


async def test_a_page_after_a_removed_target_goes_on_where_it_was(world: World):
    await _link_ann_to(world, [10, 20, 30])
    page = await world.page(ANN, COMPANIES, limit=2)
    await world.unlink(ANN, company(20))
    following = await world.page(ANN, COMPANIES, page.targets[-1].target_id, 2)
    assert [target_id for target_id, _ in following.targets] == [30]


async def test_ids_beyond_what_a_float_holds_stay_apart(world: World):
    ids = [EXACT_IN_FLOAT - 1, EXACT_IN_FLOAT, EXACT_IN_FLOAT + 1, EXACT_IN_FLOAT + 2]
    await _link_ann_to(world, ids[::-1])
    assert await world.targets(ANN, COMPANIES) == ids
    assert await _walk(world, ANN, COMPANIES, 1) == [[i] for i in ids]


async def test_the_largest_ids_work_at_both_ends(world: World):
    largest = contact(RECORD_ID_MAX)
    near, far = company(RECORD_ID_MAX - 1), company(RECORD_ID_MAX)
    await world.link(largest, far, CONTACT_COMPANY, ADVISES, creates_records=True)
    await world.link(largest, near, CONTACT_COMPANY, creates_records=True)
    assert await _walk(world, largest, COMPANIES, 1) == [[RECORD_ID_MAX - 1], [RECORD_ID_MAX]]
    assert await world.targets(far, CONTACTS) == [RECORD_ID_MAX]
    after_the_last = await world.page(largest, COMPANIES, RECORD_ID_MAX)
    assert (after_the_last.targets, after_the_last.has_more) == ([], False)


async def test_targets_of_the_same_object_type_are_paged_alike(world: World):
    for contact_id in (5, 3, 8):
        await world.link(ANN, contact(contact_id), MANAGES, creates_records=True)
    assert await _walk(world, ANN, CONTACTS, 2) == [[3, 5], [8]]


async def test_many_records_are_read_at_once_each_from_where_it_was(world: World):
    await _link_ann_to(world, [10, 20, 30])
    await world.link(contact(2), company(20), CONTACT_COMPANY, creates_records=True)
    asked = [(2, 0), (1, 10), (99, 0), (1, 0), (1, 30), (2, 20)]
    pages = await world.store.read_links(world.portal_id, CONTACTS.code, COMPANIES.code, asked, 2)
    assert [([i for i, _ in targets], has_more) for targets, has_more in pages] == [
        ([20], False),
        ([20, 30], False),
        ([], False),
        ([10, 20], True),
        ([], False),
        ([], False),
    ]


async def test_reading_no_records_gives_no_pages(world: World):
    assert list(await world.store.read_links(world.portal_id, CONTACTS.code, COMPANIES.code, [], 10)) == []


async def test_over_a_thousand_links_are_all_read(world: World):
    ids = list(range(1001, 2206))
    await _link_ann_to(world, ids)
    pages = await _walk(world, ANN, COMPANIES, 500)
    assert [len(page) for page in pages] == [500, 500, 205]
    assert [target_id for page in pages for target_id in page] == ids
