"""A job that was accepted is done: it is taken by one worker at a time, and by another when that one is gone."""

import asyncio

from edgewise.domain.jobs import Job, JobState, Made, NewJob
from edgewise.domain.ports import Store
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, World

LEASE_MS = 1_000
ARGUMENTS = {"userId": 42, "mailTo": "a@example.org"}


async def _add(store: Store, portal_id: int = PORTAL, at: int = AT) -> Job:
    return await store.add_job(NewJob(portal_id, "report", ARGUMENTS, at))


async def _take(store: Store, at: int = AT) -> Job:
    job = await store.take_job(at, LEASE_MS)
    assert job is not None
    return job


async def _read(store: Store, job: Job) -> tuple[Job, str | None]:
    kept = await store.read_job(job.portal_id, job.job_id)
    assert kept is not None
    return kept.job, kept.content


async def test_a_job_waits_as_it_was_accepted(world: World):
    store = world.store
    job = await _add(store)
    assert job == Job(job.job_id, PORTAL, "report", ARGUMENTS, JobState.WAITING, 0, AT, AT)
    assert await store.list_jobs(PORTAL) == [job]
    assert await _read(store, job) == (job, None)


async def test_each_portal_counts_its_own_jobs(world: World):
    store = world.store
    portals = (PORTAL, OTHER_PORTAL, OTHER_PORTAL, PORTAL)
    assert [(await _add(store, portal_id)).job_id for portal_id in portals] == [1, 1, 2, 2]


async def test_a_job_is_taken_once(world: World):
    store = world.store
    job = await _add(store)
    taken = await _take(store)
    assert (taken.job_id, taken.state, taken.attempts) == (job.job_id, JobState.RUNNING, 1)
    assert taken.due_at == AT + LEASE_MS
    assert await store.take_job(AT, LEASE_MS) is None
    assert await store.list_jobs(PORTAL) == [taken]


async def test_two_workers_never_take_the_same_job(world: World):
    store = world.store
    added = {(await _add(store)).job_id for _ in range(20)}
    taken = await asyncio.gather(*(store.take_job(AT, LEASE_MS) for _ in range(30)))
    ids = [job.job_id for job in taken if job is not None]
    assert len(ids) == len(set(ids)) == 20
    assert set(ids) == added


async def test_the_job_that_has_been_due_the_longest_is_taken_first(world: World):
    store = world.store
    later, sooner, same = await _add(store, at=AT + 2), await _add(store, at=AT), await _add(store, at=AT)
    taken = [(await _take(store, AT + 5)).job_id for _ in range(3)]
    assert taken == [sooner.job_id, same.job_id, later.job_id]


async def test_a_job_is_not_taken_before_it_is_due(world: World):
    store = world.store
    await _add(store, at=AT + 1)
    assert await store.take_job(AT, LEASE_MS) is None
    assert await store.take_job(AT + 1, LEASE_MS) is not None


async def test_a_job_whose_lease_ran_out_is_taken_over(world: World):
    store = world.store
    await _add(store)
    first = await _take(store)
    assert await store.take_job(AT + LEASE_MS - 1, LEASE_MS) is None
    second = await _take(store, AT + LEASE_MS)
    assert (second.job_id, second.attempts) == (first.job_id, 2)


async def test_what_a_job_made_is_kept(world: World):
    store = world.store
    await _add(store)
    taken = await _take(store)
    assert await store.finish_job(taken, Made("a,b\r\n", "a@example.org"), AT + 7) is True
    job, content = await _read(store, taken)
    assert content == "a,b\r\n"
    assert (job.state, job.finished_at, job.mailed_to, job.error) == (
        JobState.DONE,
        AT + 7,
        "a@example.org",
        None,
    )
    assert await store.take_job(AT + 10 * LEASE_MS, LEASE_MS) is None


async def test_a_worker_that_lost_its_lease_changes_nothing(world: World):
    store = world.store
    await _add(store)
    first = await _take(store)
    second = await _take(store, AT + LEASE_MS)
    assert await store.finish_job(first, Made("first"), AT) is False
    assert await store.fail_job(first, "late", AT, None) is False
    assert await _read(store, second) == (second, None)
    assert await store.finish_job(second, Made("second"), AT) is True
    assert await store.finish_job(second, Made("again"), AT) is False
    assert (await _read(store, second))[1] == "second"


async def test_a_job_that_failed_is_tried_again_when_it_is_due(world: World):
    store = world.store
    await _add(store)
    assert await store.fail_job(await _take(store), "no server", AT, AT + 500) is True
    (job,) = await store.list_jobs(PORTAL)
    assert (job.state, job.due_at, job.error, job.finished_at) == (
        JobState.WAITING,
        AT + 500,
        "no server",
        None,
    )
    assert await store.take_job(AT + 499, LEASE_MS) is None
    again = await _take(store, AT + 500)
    assert again.attempts == 2
    await store.finish_job(again, Made("done"), AT)
    assert (await _read(store, again))[0].error is None


async def test_a_job_that_is_given_up_is_never_taken_again(world: World):
    store = world.store
    await _add(store)
    assert await store.fail_job(await _take(store), "no server", AT + 3, None) is True
    (job,) = await store.list_jobs(PORTAL)
    assert (job.state, job.finished_at, job.error) == (JobState.FAILED, AT + 3, "no server")
    assert await store.take_job(AT + 10 * LEASE_MS, LEASE_MS) is None


async def test_a_portal_sees_its_own_jobs_alone_and_the_operator_all(world: World):
    store = world.store
    own, first, foreign = [await _add(store, portal) for portal in (PORTAL, OTHER_PORTAL, OTHER_PORTAL)]
    assert await store.list_jobs(PORTAL) == [own]
    assert await store.list_jobs(OTHER_PORTAL) == [first, foreign]
    assert await store.list_jobs(None) == [own, first, foreign]
    assert await store.read_job(PORTAL, foreign.job_id) is None
    assert await store.read_job(PORTAL, 10**17) is None


async def test_whoever_waits_for_jobs_is_told_of_each(world: World):
    told: list[int] = []
    world.store.when_job_added(lambda: told.append(1))
    await _add(world.store)
    await _add(world.store, OTHER_PORTAL)
    assert len(told) == 2


async def test_the_operator_is_told_how_many_jobs_are_in_each_state(world: World):
    store = world.store
    assert await store.count_jobs(AT) == {}
    for portal in (PORTAL, OTHER_PORTAL, PORTAL, PORTAL, PORTAL):
        await _add(store, portal)
    await store.finish_job(await _take(store), Made("a,b"), AT)
    await store.fail_job(await _take(store), "no server", AT, None)
    await store.fail_job(await _take(store), "no server", AT, AT + 500)
    await _take(store)
    assert await store.count_jobs(AT) == {"done": 1, "failed": 1, "waiting": 1, "running": 1, "due": 1}
    assert await store.count_jobs(AT + 500) == {"done": 1, "failed": 1, "running": 1, "due": 2}
