"""The worker does what is due, tries again what failed, and stops when it is told to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from edgewise.domain.errors import Stopping, Unavailable
from edgewise.domain.jobs import ATTEMPTS_MAX, LEASE_MS, Job, JobState, Made, NewJob
from edgewise.jobs.worker import Worker
from edgewise.stores.memory import MemoryStore

PORTAL = 4711
LONG_S = 60


class HandClock:
    """Stands still until it is moved."""

    now = 1_790_000_000_000

    def now_ms(self) -> int:
        return self.now


class Bench:
    """A worker over a memory store. outcomes: what each attempt makes, or raises."""

    def __init__(self, *outcomes: str | Exception) -> None:
        self.store, self.clock = MemoryStore(), HandClock()
        self.outcomes = list(outcomes)
        self.done: list[Job] = []
        self.worker = Worker(self.store, self.clock, {"report": self._work}, poll_s=LONG_S)

    async def _work(self, job: Job) -> Made:
        self.done.append(job)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return Made(outcome)

    async def add(self, kind: str = "report") -> Job:
        return await self.store.add_job(NewJob(PORTAL, kind, {}, self.clock.now))

    async def only(self) -> Job:
        (job,) = await self.store.list_jobs(None)
        return job


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await holds():
            await asyncio.sleep(0.001)


async def test_a_job_is_done_and_what_it_made_is_kept():
    bench = Bench("a,b")
    job = await bench.add()
    assert await bench.worker.do_next() is True
    kept = await bench.store.read_job(PORTAL, job.job_id)
    assert kept is not None
    assert (kept.job.state, kept.content) == (JobState.DONE, "a,b")
    assert await bench.worker.do_next() is False


async def test_a_failure_is_noted_and_tried_again_when_it_is_due(caplog: pytest.LogCaptureFixture):
    bench = Bench(ConnectionRefusedError("nobody there"), "done")
    await bench.add()
    with caplog.at_level(logging.WARNING, "edgewise.jobs"):
        await bench.worker.do_next()
    job = await bench.only()
    assert (job.state, job.error) == (JobState.WAITING, "ConnectionRefusedError: nobody there")
    assert "nobody there" in caplog.text
    assert await bench.worker.do_next() is False
    bench.clock.now = job.due_at
    assert await bench.worker.do_next() is True
    assert (await bench.only()).state is JobState.DONE


async def test_a_job_that_always_fails_is_given_up():
    bench = Bench(*[OSError("no")] * ATTEMPTS_MAX)
    await bench.add()
    for _ in range(ATTEMPTS_MAX):
        assert await bench.worker.do_next() is True
        bench.clock.now += 4_000_000
    job = await bench.only()
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, ATTEMPTS_MAX, "OSError: no")
    assert await bench.worker.do_next() is False


async def test_a_job_that_ends_its_worker_again_and_again_is_given_up():
    bench = Bench()
    await bench.add()
    for _ in range(ATTEMPTS_MAX):
        await bench.store.take_job(bench.clock.now, LEASE_MS)
        bench.clock.now += LEASE_MS
    await bench.worker.do_next()
    assert (await bench.only()).state is JobState.FAILED
    assert bench.done == []


async def test_a_job_of_an_unknown_kind_fails_and_says_so():
    bench = Bench()
    await bench.add("unheard_of")
    await bench.worker.do_next()
    assert "unheard_of" in str((await bench.only()).error)


async def test_a_long_error_is_cut():
    bench = Bench(OSError("x" * 10_000))
    await bench.add()
    await bench.worker.do_next()
    assert len(str((await bench.only()).error)) == 500


async def test_a_running_worker_is_woken_by_a_job():
    bench = Bench("first", "second")
    bench.worker.start()
    try:
        await asyncio.sleep(0)
        for count in (1, 2):
            await bench.add()
            await _until(lambda count=count: _done(bench, count))
    finally:
        await bench.worker.stop(1)


async def test_jobs_that_waited_before_the_worker_started_are_done():
    bench = Bench("first", "second")
    await bench.add()
    await bench.add()
    bench.worker.start()
    try:
        await _until(lambda: _done(bench, 2))
    finally:
        await bench.worker.stop(1)


async def test_a_stopping_worker_finishes_the_job_at_hand():
    bench = Bench("late")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(job: Job) -> Made:
        begun.set()
        await go_on.wait()
        return Made("late")

    worker = Worker(bench.store, bench.clock, {"report": slow}, poll_s=LONG_S)
    worker.start()
    await bench.add()
    await begun.wait()
    stopping = asyncio.create_task(worker.stop(5))
    await asyncio.sleep(0)
    go_on.set()
    await stopping
    assert (await bench.only()).state is JobState.DONE


async def test_a_job_that_takes_too_long_at_the_stop_is_left_to_the_next_worker():
    bench = Bench("done")
    begun = asyncio.Event()

    async def endless(job: Job) -> Made:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    worker = Worker(bench.store, bench.clock, {"report": endless}, poll_s=LONG_S)
    worker.start()
    await bench.add()
    await begun.wait()
    await worker.stop(0.01)
    assert (await bench.only()).state is JobState.RUNNING
    bench.clock.now += LEASE_MS
    assert await bench.worker.do_next() is True
    assert (await bench.only()).state is JobState.DONE


async def test_a_store_that_fails_does_not_end_the_worker(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    bench = Bench("done")
    take = bench.store.take_job

    async def fail(at: int, lease_ms: int) -> Job | None:
        monkeypatch.setattr(bench.store, "take_job", take)
        raise Unavailable("disk full")

    monkeypatch.setattr(bench.store, "take_job", fail)
    bench.worker.start()
    try:
        await asyncio.sleep(0)
        await bench.add()
        await _until(lambda: _done(bench, 1))
    finally:
        await bench.worker.stop(1)
    assert "could not be taken" in caplog.text


async def test_a_worker_that_never_started_can_be_stopped():
    await Bench().worker.stop(1)


async def _done(bench: Bench, count: int) -> bool:
    return [job.state for job in await bench.store.list_jobs(None)] == [JobState.DONE] * count


async def test_a_job_that_a_stop_ended_is_due_at_once_for_the_next_worker():
    bench = Bench(Stopping(), "done")
    await bench.add()
    await bench.worker.do_next()
    assert await bench.worker.do_next() is True
    assert (await bench.only()).state is JobState.DONE
