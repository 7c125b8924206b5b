"""A store counts what it holds: living records, and records with many targets under a type."""

from edgewise.domain.model import RecordRef
from edgewise.domain.usage import Degree, Threshold
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_DEAL,
    CONTACTS,
    DEAL_CONTACT,
    DEALS,
    ONE_WAY,
)
from tests.contract.world import World


def _from(link_type, at_least: int) -> Threshold:
    return Threshold(link_type.source_type, link_type.key, at_least)


async def _crowded(world: World, *thresholds: Threshold) -> list[Degree]:
    return list(await world.store.crowded(world.portal_id, thresholds))


async def _linked(world: World, count: int) -> RecordRef:
    """A company with so many contacts."""
    company = await world.company()
    for contact in await world.records(CONTACTS, count):
        await world.link(contact, company, CONTACT_COMPANY)
    return company


def _counted(counts) -> dict[int, int]:
    return {code: count for code, count in counts.items() if count}


async def test_living_records_are_counted_by_object_type(world: World):
    contacts = await world.records(CONTACTS, 3)
    await world.records(DEALS, 1)
    await world.archive(contacts[0])
    assert _counted(await world.store.count_records(world.portal_id)) == {CONTACTS.code: 2, DEALS.code: 1}


async def test_an_empty_portal_has_no_records_and_none_is_crowded(world: World):
    assert _counted(await world.store.count_records(world.portal_id)) == {}
    assert await _crowded(world, _from(CONTACT_COMPANY, 1)) == []
    assert await _crowded(world) == []


async def test_a_record_with_as_many_targets_as_the_threshold_is_crowded_and_one_with_fewer_is_not(
    world: World,
):
    await _linked(world, 2)
    company = await _linked(world, 3)
    found = await _crowded(world, _from(COMPANY_CONTACT, 3))
    assert found == [Degree(company, CONTACTS.code, COMPANY_CONTACT.key, 3)]


async def test_types_of_one_pair_of_object_types_are_counted_apart(world: World):
    company = await _linked(world, 3)
    contact = await world.contact()
    await world.link(contact, company, CONTACT_COMPANY, ADVISES)
    found = await _crowded(world, _from(COMPANY_CONTACT, 2), _from(ADVISED_BY, 1))
    assert [(degree.key, degree.targets) for degree in found] == [
        (ADVISED_BY.key, 1),
        (COMPANY_CONTACT.key, 4),
    ]
    assert await _crowded(world, _from(COMPANY_CONTACT, 5), _from(ADVISED_BY, 2)) == []


async def test_targets_of_another_object_type_do_not_count(world: World):
    contact = await world.contact()
    for company in await world.records(COMPANIES, 2):
        await world.link(contact, company, CONTACT_COMPANY)
    await world.link(contact, await world.deal(), CONTACT_DEAL)
    found = await _crowded(world, _from(CONTACT_COMPANY, 2), _from(CONTACT_DEAL, 2))
    assert found == [Degree(contact, COMPANIES.code, CONTACT_COMPANY.key, 2)]


async def test_a_type_is_counted_from_its_own_source_alone(world: World):
    await _linked(world, 2)
    assert await _crowded(world, Threshold(CONTACTS.code, COMPANY_CONTACT.key, 1)) == []


async def test_crowded_records_come_by_type_key_then_by_record_id(world: World):
    companies = [await _linked(world, 1) for _ in range(3)]
    deal, contact = await world.deal(), await world.contact()
    await world.link(contact, deal, CONTACT_DEAL)
    found = await _crowded(world, _from(COMPANY_CONTACT, 1), _from(DEAL_CONTACT, 1))
    assert found == [
        Degree(deal, CONTACTS.code, DEAL_CONTACT.key, 1),
        *(Degree(company, CONTACTS.code, COMPANY_CONTACT.key, 1) for company in companies),
    ]


async def test_archived_targets_and_removed_links_no_longer_count(world: World):
    company = await _linked(world, 3)
    page = await world.page(company, CONTACTS)
    ids = [RecordRef(CONTACTS.code, target.target_id) for target in page.targets]
    await world.archive(ids[0])
    await world.unlink(company, ids[1])
    assert [degree.targets for degree in await _crowded(world, _from(COMPANY_CONTACT, 1))] == [1]


async def test_the_hidden_end_of_a_one_way_type_is_not_counted(world: World):
    contact, company = await world.contact(), await world.company()
    await world.link(contact, company, ONE_WAY)
    found = await _crowded(world, _from(ONE_WAY, 1), _from(COMPANY_CONTACT, 1))
    assert found == [Degree(contact, COMPANIES.code, ONE_WAY.key, 1)]


async def test_another_portal_is_counted_apart(world: World):
    await _linked(world, 2)
    elsewhere = world.elsewhere()
    assert _counted(await elsewhere.store.count_records(elsewhere.portal_id)) == {}
    assert await _crowded(elsewhere, _from(COMPANY_CONTACT, 1)) == []


async def test_many_thresholds_are_looked_at_in_one_call(world: World):
    await _linked(world, 2)
    unused = [Threshold(DEALS.code, 4 * (9_000 + number), 1) for number in range(40)]
    assert len(await _crowded(world, *unused, _from(COMPANY_CONTACT, 2))) == 1
