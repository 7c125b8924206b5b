"""Does the jobs that a store keeps, one after the other, beside the requests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from edgewise.domain.errors import Stopping
from edgewise.domain.jobs import ATTEMPTS_MAX, LEASE_MS, Job, Made, retry_at
from edgewise.domain.ports import Clock, Store

POLL_S = 1.5
"""How long a job may wait that another process accepted, or whose next attempt is due."""

_ERROR_LENGTH_MAX = 500
_log = logging.getLogger("edgewise.jobs")

Work = Callable[[Job], Awaitable[Made]]


class Worker:
    """Takes jobs that are due and does them, each with the work of its kind.

    A job that fails is tried again later, and at last given up; its error is kept with it. A job whose worker was
    killed is taken over when its lease has run out, so what it does may happen twice, and never not at all.
    """

    def __init__(self, store: Store, clock: Clock, works: Mapping[str, Work], poll_s: float = POLL_S) -> None:
        self._store = store
        self._clock = clock
        self._works = works
        self._poll_s = poll_s
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for jobs, on the event loop that runs."""
        self._store.when_job_added(self._woken.set)
        self._task = asyncio.create_task(self._run(), name="edgewise-jobs")

    async def stop(self, timeout_s: float) -> None:
        """Finish the job at hand, or leave it to a later worker when that takes too long."""
        if self._task is None:
            return
        self._is_stopping = True
        self._woken.set()
        await asyncio.wait([self._task], timeout=timeout_s)
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def do_next(self) -> bool:
        """Do the job that has been due the longest; False when none is due."""
        job = await self._store.take_job(self._clock.now_ms(), LEASE_MS)
        if job is None:
            return False
        try:
            made = await self._make(job)
        except Exception as error:
            await self._note_failure(job, error)
        else:
            if not await self._store.finish_job(job, made, self._clock.now_ms()):
                _log.warning("job %d was done twice: it took longer than its lease", job.job_id)
        return True

    async def _run(self) -> None:
        while not self._is_stopping:
            self._woken.clear()
            is_idle = True
            try:
                is_idle = not await self.do_next()
            except Exception as error:  # the store's: what the work raises is noted with the job
                _log.error("a job could not be taken, or noted as done", exc_info=error)
            if is_idle and not self._is_stopping:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._poll_s)

    async def _make(self, job: Job) -> Made:
        work = self._works.get(job.kind)
        if work is None:
            raise LookupError(f"this program does no jobs of the kind {job.kind}")
        if job.attempts > ATTEMPTS_MAX:
            raise RuntimeError(f"{ATTEMPTS_MAX} attempts ended midway")
        return await work(job)

    async def _note_failure(self, job: Job, error: Exception) -> None:
        now = self._clock.now_ms()
        text = f"{type(error).__name__}: {error}"[:_ERROR_LENGTH_MAX]
        again = now if isinstance(error, Stopping) else retry_at(job.attempts, now)
        _log.warning(
            "attempt %d at job %d (%s) failed and %s: %s",
            job.attempts, job.job_id, job.kind, "is the last one" if again is None else "will be repeated", text,
        )  # fmt: skip
        await self._store.fail_job(job, text, now, again)
