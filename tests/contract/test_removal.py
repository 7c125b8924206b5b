"""Links are removed from both ends, and nothing else is."""

from edgewise.domain.model import LinkRemoval, LinkWrite
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    AUDITS,
    CHILD_OF,
    COMPANIES,
    COMPANY_COMPANY,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_DEAL,
    CONTACTS,
    DEALS,
    MANAGES,
    ONE_WAY,
    PARENT_OF,
    REPORTS_TO,
)
from tests.contract.world import World, company


async def test_removing_a_pair_takes_every_type_off_both_ends(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, ONE_WAY)
    await world.unlink(ann, acme)
    assert await world.targets(ann, COMPANIES) == []
    assert await world.targets(acme, CONTACTS) == []


async def test_a_pair_may_be_removed_from_the_other_end(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, ONE_WAY)
    await world.unlink(acme, ann)
    assert await world.targets(ann, COMPANIES) == []
    assert await world.targets(acme, CONTACTS) == []


async def test_removing_a_label_leaves_the_other_types(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, AUDITS)
    await world.unlink(ann, acme, ADVISES)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, AUDITS}
    await world.unlink(ann, acme, AUDITS)
    assert await world.types(acme, ann) == {COMPANY_CONTACT}


async def test_a_label_may_be_removed_from_the_other_end(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.unlink(acme, ann, ADVISED_BY)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.types(acme, ann) == {COMPANY_CONTACT}


async def test_two_labels_may_be_removed_at_once(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, AUDITS)
    await world.unlink(ann, acme, ADVISES, AUDITS)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}


async def test_removing_a_one_way_label_leaves_the_other_types(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ONE_WAY)
    await world.unlink(ann, acme, ONE_WAY)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.types(acme, ann) == {COMPANY_CONTACT}


async def test_removing_the_last_type_unlinks_the_pair(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, ADVISES)
    await world.unlink(ann, acme, ADVISES)
    assert await world.targets(ann, COMPANIES) == []
    assert await world.targets(acme, CONTACTS) == []


async def test_removing_no_type_removes_nothing(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    nothing = LinkRemoval(ann.record_id, acme.record_id, ())
    await world.unlink_all(ann.object_type, acme.object_type, nothing)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}


async def test_removing_what_is_not_there_is_no_error(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.unlink(ann, acme, ADVISES)
    await world.unlink(ann, company(acme.record_id + 1000))
    assert await world.types(ann, acme) == {CONTACT_COMPANY}


async def test_other_pairs_of_the_same_records_stay(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    acme, bolt = await world.records(COMPANIES, 2)
    for source, target in ((ann, acme), (ann, bolt), (ben, acme), (ben, bolt)):
        await world.link(source, target, CONTACT_COMPANY, ADVISES)
    await world.unlink(ann, acme)
    assert await world.targets(ann, COMPANIES) == [bolt.record_id]
    assert await world.targets(acme, CONTACTS) == [ben.record_id]
    assert await world.types(ben, bolt) == {CONTACT_COMPANY, ADVISES}


async def test_links_to_a_record_of_another_type_with_the_same_id_stay(world: World):
    ann, deal = await world.contact(), await world.deal()
    twin = company(deal.record_id)
    await world.link(ann, twin, CONTACT_COMPANY, creates_records=True)
    await world.link(ann, deal, CONTACT_DEAL)
    await world.unlink(ann, twin)
    assert await world.targets(ann, COMPANIES) == []
    assert await world.targets(ann, DEALS) == [deal.record_id]


async def test_removing_a_pair_within_one_object_type_takes_both_directions(world: World):
    parent, child = await world.records(COMPANIES, 2)
    await world.link(parent, child, COMPANY_COMPANY, PARENT_OF)
    await world.unlink(child, parent)
    assert await world.targets(parent, COMPANIES) == []
    assert await world.targets(child, COMPANIES) == []


async def test_removing_one_half_leaves_the_other_half_the_other_way(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    await world.link(ann, ben, MANAGES)
    await world.link(ben, ann, MANAGES)
    await world.unlink(ann, ben, MANAGES)
    assert await world.types(ann, ben) == {REPORTS_TO}
    assert await world.types(ben, ann) == {MANAGES}


async def test_a_hierarchy_is_removed_by_the_half_that_the_source_reads(world: World):
    parent, child = await world.records(COMPANIES, 2)
    await world.link(parent, child, COMPANY_COMPANY, PARENT_OF)
    await world.unlink(parent, child, CHILD_OF)
    assert await world.types(parent, child) == {COMPANY_COMPANY, PARENT_OF}
    await world.unlink(child, parent, CHILD_OF)
    assert await world.types(parent, child) == {COMPANY_COMPANY}


async def test_many_pairs_are_removed_in_one_call(world: World):
    ann = await world.contact()
    companies = await world.records(COMPANIES, 5)
    writes = [LinkWrite(ann.record_id, target.record_id, (CONTACT_COMPANY, ADVISES)) for target in companies]
    await world.link_all(CONTACT_COMPANY, writes)
    removals = [LinkRemoval(ann.record_id, target.record_id) for target in companies[:3]]
    labels = LinkRemoval(ann.record_id, companies[3].record_id, (ADVISES,))
    await world.unlink_all(ann.object_type, companies[0].object_type, *removals, labels)
    assert await world.targets(ann, COMPANIES) == [target.record_id for target in companies[3:]]
    assert await world.types(ann, companies[3]) == {CONTACT_COMPANY}
    assert [await world.targets(target, CONTACTS) for target in companies[:3]] == [[], [], []]


async def test_the_records_of_a_removed_link_stay(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.unlink(ann, acme)
    assert await world.all_records() == {ann, acme}
