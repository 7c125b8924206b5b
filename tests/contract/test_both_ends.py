"""A link is kept at both ends, each reading its own type."""

from edgewise.domain.model import Linked, LinkPage, NewLink
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    CHILD_OF,
    COMPANIES,
    COMPANY_COMPANY,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACT_DEAL,
    CONTACTS,
    DEALS,
    MANAGES,
    ONE_WAY,
    PARENT_OF,
    REPORTS_TO,
)
from tests.contract.world import World

NOTHING = LinkPage([], False)


async def test_a_link_is_read_from_both_ends_under_paired_types(world: World):
    ann, acme = await world.contact(), await world.company()
    assert await world.link(ann, acme, CONTACT_COMPANY) is Linked.DONE
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await world.types(acme, ann) == {COMPANY_CONTACT}


async def test_a_link_may_be_written_from_either_end(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(acme, ann, COMPANY_CONTACT, ADVISED_BY)
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES}
    assert await world.types(acme, ann) == {COMPANY_CONTACT, ADVISED_BY}


async def test_a_type_that_mirrors_itself_reads_the_same_from_both_ends(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    await world.link(ben, ann, CONTACT_CONTACT)
    assert await world.types(ann, ben) == {CONTACT_CONTACT}
    assert await world.types(ben, ann) == {CONTACT_CONTACT}


async def test_a_paired_type_within_one_object_type_keeps_its_direction(world: World):
    parent, child = await world.records(COMPANIES, 2)
    await world.link(parent, child, COMPANY_COMPANY, PARENT_OF)
    assert await world.types(parent, child) == {COMPANY_COMPANY, PARENT_OF}
    assert await world.types(child, parent) == {COMPANY_COMPANY, CHILD_OF}


async def test_both_halves_of_a_pair_may_link_the_same_two_records(world: World):
    ann, ben = await world.records(CONTACTS, 2)
    await world.link(ann, ben, MANAGES)
    await world.link(ben, ann, MANAGES)
    assert await world.types(ann, ben) == {MANAGES, REPORTS_TO}
    assert await world.types(ben, ann) == {MANAGES, REPORTS_TO}


async def test_a_one_way_type_is_never_read_from_its_target(world: World):
    ann, acme = await world.contact(), await world.company()
    assert await world.link(ann, acme, ONE_WAY) is Linked.DONE
    assert await world.types(ann, acme) == {ONE_WAY}
    assert await world.page(acme, CONTACTS) == NOTHING


async def test_a_one_way_type_hides_no_other_type_of_its_pair(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, ONE_WAY, CONTACT_COMPANY)
    assert await world.types(ann, acme) == {ONE_WAY, CONTACT_COMPANY}
    assert await world.types(acme, ann) == {COMPANY_CONTACT}


async def test_links_to_one_object_type_are_not_read_as_links_to_another(world: World):
    ann, acme, deal = await world.contact(), await world.company(), await world.deal()
    await world.link(ann, acme, CONTACT_COMPANY)
    await world.link(ann, deal, CONTACT_DEAL)
    assert await world.targets(ann, COMPANIES) == [acme.record_id]
    assert await world.targets(ann, DEALS) == [deal.record_id]
    assert await world.page(ann, CONTACTS) == NOTHING


async def test_links_of_a_new_record_are_kept_at_both_ends(world: World):
    acme, deal = await world.company(), await world.deal()
    ann = await world.create_linked(
        CONTACTS, NewLink(acme, (CONTACT_COMPANY, ADVISES)), NewLink(deal, (CONTACT_DEAL,))
    )
    assert await world.types(ann, acme) == {CONTACT_COMPANY, ADVISES}
    assert await world.types(acme, ann) == {COMPANY_CONTACT, ADVISED_BY}
    assert await world.targets(deal, CONTACTS) == [ann.record_id]


async def test_an_unknown_record_has_no_links(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    assert await world.page(ann._replace(record_id=ann.record_id + 1000), COMPANIES) == NOTHING
