"""What a write does to the labels of its pair, and to the one link that may be primary."""

from edgewise.domain.model import Linked, LinkWrite, NewLink
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    AUDITED_BY,
    AUDITS,
    BILLING,
    CHILD_OF,
    COMPANIES,
    COMPANY_COMPANY,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_DEAL,
    CONTACTS,
    MANAGES,
    PARENT_OF,
    PRIMARY,
    PRIMARY_OF,
    REPORTS_TO,
    SYNCED,
    WORKS,
)
from tests.contract.world import World, company, contact


async def test_labels_add_up_when_a_write_does_not_replace(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.link(ann, acme, CONTACT_COMPANY, AUDITS)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES, AUDITS}
    assert await world.types(acme, ann) == {COMPANY_CONTACT, ADVISED_BY, AUDITED_BY}


async def test_a_replacing_write_drops_the_labels_it_leaves_out_at_both_ends(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, SYNCED)
    await world.link(ann, acme, CONTACT_COMPANY, AUDITS, replaces_labels=True)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, AUDITS}
    assert await world.types(acme, ann) == {COMPANY_CONTACT, AUDITED_BY}


async def test_a_replacing_write_from_the_other_end_drops_them_too(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.link(acme, ann, COMPANY_CONTACT, AUDITED_BY, replaces_labels=True)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, AUDITS}


async def test_a_replacing_write_keeps_the_labels_it_names(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES, AUDITS, replaces_labels=True)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES, AUDITS}


async def test_a_replacing_write_keeps_the_types_that_hubspot_defines(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY, BILLING, WORKS)
    await world.link(ann, acme, AUDITS, replaces_labels=True)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY, BILLING, WORKS, AUDITS}


async def test_a_replacing_write_leaves_the_labels_of_other_pairs(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, bolt, CONTACT_COMPANY, ADVISES)
    await world.link(ben, acme, CONTACT_COMPANY, ADVISES)
    await world.link(ann, acme, CONTACT_COMPANY, AUDITS, replaces_labels=True)
    assert await world.types(ann, bolt) == {CONTACT_COMPANY, ADVISES}
    assert await world.types(ben, acme) == {CONTACT_COMPANY, ADVISES}


async def test_a_replacing_write_within_one_object_type_drops_both_halves(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    await world.link(ann, ben, MANAGES)
    await world.link(ben, ann, MANAGES, replaces_labels=True)
    assert await world.types(ann, ben) == {REPORTS_TO}
    assert await world.types(ben, ann) == {MANAGES}


async def test_a_refused_write_drops_no_label(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    unknown = contact(ann.record_id + 1000)
    outcome = await world.link(unknown, acme, CONTACT_COMPANY, AUDITS, replaces_labels=True)
    assert outcome is Linked.SOURCE_MISSING
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES}


async def test_the_same_number_in_another_category_is_another_type(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, PRIMARY, ADVISES)
    assert PRIMARY.type_id == ADVISES.type_id
    assert await world.types(ann, acme) == {PRIMARY, ADVISES}
    await world.unlink(ann, acme, ADVISES)
    assert await world.types(acme, ann) == {PRIMARY_OF}


async def test_primary_moves_and_the_former_company_keeps_the_rest(world: World):
    ann = await world.contact()
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY, ADVISES)
    await world.link(ann, bolt, CONTACT_COMPANY, PRIMARY)
    assert await world.types(ann, bolt) == {CONTACT_COMPANY, PRIMARY}
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES}
    assert await world.types(acme, ann) == {COMPANY_CONTACT, ADVISED_BY}


async def test_primary_moves_when_written_from_the_company(world: World):
    ann = await world.contact()
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY)
    await world.link(bolt, ann, COMPANY_CONTACT, PRIMARY_OF)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.types(acme, ann) == {COMPANY_CONTACT}
    assert await world.types(ann, bolt) == {CONTACT_COMPANY, PRIMARY}


async def test_primary_moves_when_a_new_company_takes_it(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY)
    bolt = await world.create_linked(COMPANIES, NewLink(ann, (COMPANY_CONTACT, PRIMARY_OF)))
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.types(ann, bolt) == {CONTACT_COMPANY, PRIMARY}


async def test_a_company_may_be_primary_of_many_contacts(world: World):
    people = await world.records(CONTACTS, 3)
    acme = await world.company()
    for person in people:
        await world.link(acme, person, COMPANY_CONTACT, PRIMARY_OF)
    assert [await world.types(person, acme) for person in people] == [{CONTACT_COMPANY, PRIMARY}] * 3


async def test_a_link_whose_only_type_moves_is_gone(world: World):
    ann = await world.contact()
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, acme, PRIMARY)
    await world.link(ann, bolt, PRIMARY)
    assert await world.targets(ann, COMPANIES) == [bolt.record_id]
    assert await world.targets(acme, CONTACTS) == []


async def test_a_second_parent_takes_the_place_of_the_first(world: World):
    child, first, second = await world.records(COMPANIES, 3)
    await world.link(first, child, COMPANY_COMPANY, PARENT_OF)
    await world.link(second, child, COMPANY_COMPANY, PARENT_OF)
    assert await world.types(child, first) == {COMPANY_COMPANY}
    assert await world.types(first, child) == {COMPANY_COMPANY}
    assert await world.types(child, second) == {COMPANY_COMPANY, CHILD_OF}
    await world.link(child, first, COMPANY_COMPANY, CHILD_OF)
    assert await world.types(second, child) == {COMPANY_COMPANY}


async def test_a_parent_has_many_children_and_a_parent_of_its_own(world: World):
    top, middle, *children = await world.records(COMPANIES, 4)
    for child in children:
        await world.link(middle, child, PARENT_OF)
    await world.link(middle, top, CHILD_OF)
    assert [await world.types(child, middle) for child in children] == [{CHILD_OF}] * 2
    assert await world.types(top, middle) == {PARENT_OF}


async def test_the_first_company_becomes_primary_and_the_second_does_not(world: World):
    ann = await world.contact()
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, acme, CONTACT_COMPANY, first_type=PRIMARY)
    await world.link(ann, bolt, CONTACT_COMPANY, first_type=PRIMARY)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}
    assert await world.types(acme, ann) == {COMPANY_CONTACT, PRIMARY_OF}
    assert await world.types(ann, bolt) == {CONTACT_COMPANY}


async def test_the_first_company_repeated_is_not_first_again(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.link(ann, acme, CONTACT_COMPANY, first_type=PRIMARY)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}


async def test_first_is_told_for_the_holder_whichever_end_writes(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, bolt, CONTACT_COMPANY)
    await world.link(acme, ann, COMPANY_CONTACT, first_type=PRIMARY_OF)
    await world.link(acme, ben, COMPANY_CONTACT, first_type=PRIMARY_OF)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.types(ben, acme) == {CONTACT_COMPANY, PRIMARY}


async def test_links_to_other_object_types_do_not_spoil_the_first(world: World):
    ann, deal = await world.contact(), await world.deal()
    await world.link(ann, deal, CONTACT_DEAL)
    acme = await world.create_linked(COMPANIES, NewLink(ann, (COMPANY_CONTACT,), PRIMARY_OF))
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}


async def test_after_the_last_company_is_gone_the_next_is_first(world: World):
    ann, acme = await world.contact(), await world.company()
    takes = (world.unlink(ann, acme), world.unlink(acme, ann), world.archive(acme))
    for take_away in takes:
        await world.link(ann, acme, CONTACT_COMPANY, first_type=PRIMARY)
        assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}
        await take_away
    bolt = await world.company()
    await world.link(ann, bolt, CONTACT_COMPANY, first_type=PRIMARY)
    assert await world.types(ann, bolt) == {CONTACT_COMPANY, PRIMARY}


async def test_a_refused_write_is_nobodys_first(world: World):
    ann, acme = await world.contact(), await world.company()
    unknown = company(acme.record_id + 1000)
    writes = [
        LinkWrite(ann.record_id, target.record_id, (CONTACT_COMPANY,), PRIMARY) for target in (unknown, acme)
    ]
    assert await world.link_all(CONTACT_COMPANY, writes) == [Linked.TARGET_MISSING, Linked.DONE]
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}


async def test_a_refused_write_moves_no_primary(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY)
    unknown = company(acme.record_id + 1000)
    assert await world.link(ann, unknown, CONTACT_COMPANY, PRIMARY) is Linked.TARGET_MISSING
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}


async def test_removing_the_primary_promotes_nobody(world: World):
    ann = await world.contact()
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, acme, CONTACT_COMPANY, PRIMARY)
    await world.link(ann, bolt, CONTACT_COMPANY)
    await world.unlink(ann, acme)
    assert await world.types(ann, bolt) == {CONTACT_COMPANY}
