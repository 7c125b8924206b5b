"""A closed portal opens to nobody at once, and what it held goes in slices; other portals keep everything."""

from edgewise.domain.accounts import usual_account
from edgewise.domain.jobs import Made, NewJob
from edgewise.domain.model import TypesChange
from edgewise.domain.pipelines import Pipeline, PipelinesChange
from edgewise.domain.property_ports import PropertiesChange
from tests.contract.keys import digest_of, granted, new_app, new_code, new_token
from tests.contract.test_properties import APIARY, HIVES
from tests.contract.test_schemas import CAR_SCHEMA, CARS
from tests.contract.toy_types import ADVISES, COMPANIES, CONTACT_COMPANY, CONTACTS
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, World

LATER = AT + 1_000


async def _fill(world: World) -> None:
    """Something of every kind: links, archived and purged records, labels, limits, object types, pipelines and jobs."""
    ann, bob, *_, gone = await world.records(CONTACTS, 6)
    acme, bolt = await world.records(COMPANIES, 2)
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.link(bob, bolt, CONTACT_COMPANY)
    await world.archive(gone)
    await world.limit(ADVISES, 5)
    await world.store.purge_record(world.portal_id, COMPANIES.code, bolt.record_id)
    await world.change(TypesChange(object_types=[CARS], schemas=[CAR_SCHEMA]))
    pipeline = PipelinesChange(CONTACTS.code, [Pipeline("a", "A", 0, ())])
    await world.store.pipelines.change(world.portal_id, lambda _: pipeline)
    properties = PropertiesChange([HIVES], [APIARY])
    await world.store.properties.change(world.portal_id, CONTACTS.code, lambda _: properties)
    for _ in range(2):
        await world.store.add_job(NewJob(world.portal_id, "report", {}, AT))


async def _sweep(world: World, rows_max: int = 1_000, portal_id: int = PORTAL) -> list[int]:
    """Sweep to the end; the count of each slice."""
    counts = [rows_max]
    while counts[-1] == rows_max:
        counts.append(await world.store.accounts.sweep_account(portal_id, rows_max))
    return counts[1:]


async def _everything(world: World) -> object:
    jobs = await world.store.list_jobs(world.portal_id)
    return await world.state(), jobs, await world.store.accounts.list_tokens(world.portal_id)


async def test_a_closed_portal_is_gone_for_whoever_asks(world: World):
    accounts = world.store.accounts
    assert await accounts.close_account(PORTAL, LATER)
    assert await accounts.find_account(PORTAL) is None
    assert await accounts.is_closed(PORTAL)
    assert not await accounts.is_closed(OTHER_PORTAL)
    assert [account.portal_id for account in await accounts.list_accounts()] == [OTHER_PORTAL]


async def test_a_portal_is_closed_once(world: World):
    assert await world.store.accounts.close_account(PORTAL, LATER)
    assert not await world.store.accounts.close_account(PORTAL, LATER)


async def test_closing_ends_the_tokens_of_the_portal_and_no_others(world: World):
    accounts = world.store.accounts
    await accounts.add_token(new_token("here"))
    there = await accounts.add_token(new_token("there", OTHER_PORTAL))
    await accounts.close_account(PORTAL, LATER)
    assert await accounts.find_token(digest_of("here")) is None
    assert await accounts.find_token(digest_of("there")) == there
    assert list(await accounts.list_tokens(None)) == [there]
    assert await accounts.list_tokens(PORTAL) == []
    assert await accounts.count_tokens() == 1


async def test_closing_ends_what_was_granted_in_the_portal_to_apps_of_others(world: World):
    accounts = world.store.accounts
    app = await accounts.add_app(new_app("elsewhere", OTHER_PORTAL))
    used, waiting = new_code("used", app.app_id), new_code("waiting", app.app_id)
    there = new_code("there", app.app_id, OTHER_PORTAL)
    for code in (used, waiting, there):
        await accounts.add_code(code)
    grant = await accounts.exchange_code(used.digest, AT, granted)
    assert grant is not None
    await accounts.close_account(PORTAL, LATER)
    assert await accounts.find_token(grant.token.digest) is None
    assert await accounts.find_refresh_token(grant.refresh_token.digest) is None
    assert await accounts.exchange_code(waiting.digest, LATER, granted) is None
    assert await accounts.find_app("elsewhere") == app
    assert await accounts.exchange_code(there.digest, LATER, granted) is not None


async def test_closing_ends_the_apps_of_the_portal_and_what_they_were_granted_elsewhere(world: World):
    accounts = world.store.accounts
    app = await accounts.add_app(new_app("here"))
    other = await accounts.add_app(new_app("other", OTHER_PORTAL))
    used = new_code("used", app.app_id, OTHER_PORTAL)
    waiting = new_code("waiting", app.app_id, OTHER_PORTAL)
    kept = new_code("kept", other.app_id, OTHER_PORTAL)
    for code in (used, waiting, kept):
        await accounts.add_code(code)
    grant = await accounts.exchange_code(used.digest, AT, granted)
    assert grant is not None
    await accounts.close_account(PORTAL, LATER)
    assert await accounts.find_app("here") is await accounts.read_app(app.app_id) is None
    assert list(await accounts.list_apps()) == [other]
    assert await accounts.find_token(grant.token.digest) is None
    assert await accounts.find_refresh_token(grant.refresh_token.digest) is None
    assert await accounts.exchange_code(waiting.digest, LATER, granted) is None
    assert await accounts.exchange_code(kept.digest, LATER, granted) is not None


async def test_sweeping_removes_all_that_a_portal_held(world: World):
    await _fill(world)
    await world.store.accounts.close_account(PORTAL, LATER)
    (count,) = await _sweep(world)
    assert count >= 2 + 7 + 2, "both ends of a link, the records that were not purged, and the jobs"
    assert (await world.state())[:2] == ([], set())
    assert await world.store.list_jobs(PORTAL) == []
    assert not (await world.store.portal_types(PORTAL)).association_types
    assert not (await world.store.portal_types(PORTAL)).limits
    assert not (await world.store.portal_types(PORTAL)).object_types
    assert not (await world.store.portal_types(PORTAL)).schemas
    assert not (await world.store.pipelines.held(PORTAL)).by_type
    assert not any(await world.store.properties.held(PORTAL, CONTACTS.code))
    assert not any((await world.store.count_records(PORTAL)).values())
    assert await _sweep(world) == [0]


async def test_sweeping_removes_no_more_than_it_is_told(world: World):
    await _fill(world)
    await world.store.accounts.close_account(PORTAL, LATER)
    *full, last = await _sweep(world, 3)
    assert set(full) == {3}
    assert last < 3
    assert len(full) >= 3
    assert (await world.state())[:2] == ([], set())


async def test_a_sweep_can_be_gone_on_with(world: World):
    await _fill(world)
    await world.store.accounts.close_account(PORTAL, LATER)
    assert await world.store.accounts.sweep_account(PORTAL, 2) == 2
    assert await world.store.accounts.is_closed(PORTAL)
    await _sweep(world)
    assert (await world.state())[:2] == ([], set())


async def test_what_is_written_after_a_sweep_goes_with_the_next(world: World):
    """A server may have let a request in just before the portal was closed."""
    await _fill(world)
    await world.store.accounts.close_account(PORTAL, LATER)
    await _sweep(world)
    await world.contact()
    (count,) = await _sweep(world)
    assert count >= 1
    assert await world.all_records() == set()


async def test_closing_and_sweeping_leave_other_portals_alone(world: World):
    other = world.elsewhere()
    for portal in (world, other):
        await _fill(portal)
    await world.store.accounts.add_token(new_token("there", OTHER_PORTAL))
    before = await _everything(other)
    await world.store.accounts.close_account(PORTAL, LATER)
    await _sweep(world, 2)
    assert await _everything(other) == before


async def test_an_open_portal_is_not_swept(world: World):
    await _fill(world)
    before = await _everything(world)
    assert await world.store.accounts.sweep_account(PORTAL, 1_000) == 0
    assert await _everything(world) == before


async def test_a_job_of_a_swept_portal_is_done_in_vain(world: World):
    await world.store.add_job(NewJob(PORTAL, "report", {}, AT))
    job = await world.store.take_job(AT, 60_000)
    assert job is not None
    await world.store.accounts.close_account(PORTAL, LATER)
    await _sweep(world)
    assert not await world.store.finish_job(job, Made("text", None), LATER)
    assert not await world.store.fail_job(job, "why", LATER, None)
    assert await world.store.list_jobs(PORTAL) == []
    assert await world.store.take_job(LATER + 60_000, 60_000) is None


async def test_ids_of_tokens_and_apps_are_not_given_again_after_a_portal_is_gone(world: World):
    accounts = world.store.accounts
    token, app = await accounts.add_token(new_token("here")), await accounts.add_app(new_app("here"))
    await accounts.close_account(PORTAL, LATER)
    await accounts.add_account(usual_account(303, LATER))
    assert (await accounts.add_token(new_token("next", 303))).token_id > token.token_id
    assert (await accounts.add_app(new_app("next", 303))).app_id > app.app_id


async def test_types_of_a_swept_portal_are_a_later_version_or_none(world: World):
    """What a server remembers of the portal must not pass for what is there now."""
    before = await world.store.types_version(PORTAL)
    await world.store.accounts.close_account(PORTAL, LATER)
    await _sweep(world)
    assert await world.store.types_version(PORTAL) != before
    assert await world.store.change_types(PORTAL, lambda types: TypesChange()) is not None
