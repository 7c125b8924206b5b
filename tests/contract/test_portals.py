"""A portal never sees or changes a row of another one."""

from edgewise.domain.model import FIRST_RECORD_ID, Linked
from tests.contract.toy_types import ADVISES, COMPANIES, CONTACT_COMPANY, CONTACTS, DEALS, PRIMARY
from tests.contract.world import AT, World


async def test_every_portal_counts_its_own_ids(world: World):
    assert (await world.contact()).record_id == FIRST_RECORD_ID
    assert (await world.elsewhere().company()).record_id == FIRST_RECORD_ID


async def test_a_record_of_another_portal_is_unknown(world: World):
    ann, acme = await world.elsewhere().contact(), await world.elsewhere().company()
    assert await world.read(ann) is None
    assert await world.update(ann, AT + 1, name="Ann") is None
    assert await world.link(ann, acme, CONTACT_COMPANY) is Linked.BOTH_MISSING
    assert await world.all_records() == set()
    assert await world.elsewhere().all_records() == {ann, acme}


async def test_the_same_ids_are_linked_in_each_portal_apart(world: World):
    other = world.elsewhere()
    for portal in (world, other):
        ann, acme = await portal.contact(), await portal.company()
    await world.link(ann, acme, CONTACT_COMPANY)
    assert await other.all_links() == set()
    await other.link(ann, acme, CONTACT_COMPANY, ADVISES)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await other.types(ann, acme) == {CONTACT_COMPANY, ADVISES}


async def test_a_removal_in_one_portal_leaves_the_other(world: World):
    other = world.elsewhere()
    for portal in (world, other):
        ann, acme = await portal.contact(), await portal.company()
        await portal.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.unlink(ann, acme, ADVISES)
    assert await other.types(ann, acme) == {CONTACT_COMPANY, ADVISES}
    await world.unlink(ann, acme)
    assert await other.targets(acme, CONTACTS) == [ann.record_id]


async def test_primary_moves_and_labels_are_replaced_within_their_portal(world: World):
    other = world.elsewhere()
    for portal in (world, other):
        ann = await portal.contact()
        acme, bolt = await portal.records(COMPANIES, 2)
        await portal.link(ann, acme, CONTACT_COMPANY, ADVISES, first_type=PRIMARY)
    await world.link(ann, bolt, CONTACT_COMPANY, PRIMARY)
    await world.link(ann, acme, CONTACT_COMPANY, replaces_labels=True)
    assert await world.types(ann, acme) == {CONTACT_COMPANY}
    assert await other.types(ann, acme) == {CONTACT_COMPANY, ADVISES, PRIMARY}


async def test_archiving_in_one_portal_leaves_the_other(world: World):
    other = world.elsewhere()
    for portal in (world, other):
        ann, acme = await portal.contact(), await portal.company()
        await portal.link(ann, acme, CONTACT_COMPANY)
    await world.archive(ann)
    assert await other.all_records() == {ann, acme}
    assert await other.types(ann, acme) == {CONTACT_COMPANY}


async def test_a_record_changed_in_one_portal_stays_in_the_other(world: World):
    other = world.elsewhere()
    ann = await world.contact()
    assert await other.contact() == ann
    await world.update(ann, AT + 1, name="Ann")
    record = await other.read(ann)
    assert record is not None
    assert (record.properties, record.updated_at) == ({}, AT)


async def test_ids_taken_by_mention_in_another_portal_are_free(world: World):
    ann = await world.contact()
    twin = ann._replace(record_id=ann.record_id + 1)
    acme = await world.company()
    await world.link(twin, acme, CONTACT_COMPANY, creates_records=True)
    assert [ref.record_id for ref in await world.elsewhere().records(DEALS, 3)] == [
        FIRST_RECORD_ID,
        FIRST_RECORD_ID + 1,
        FIRST_RECORD_ID + 2,
    ]
