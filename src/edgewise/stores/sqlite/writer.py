"""The one thread that writes: it commits the jobs that wait together, so that they share one wait for the disk."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import apsw

from edgewise.domain.asked import asked
from edgewise.domain.errors import Stopping, TooManyWrites, Unavailable
from edgewise.domain.figures import Histogram
from edgewise.stores.sqlite.checkpoint import Checkpointer
from edgewise.stores.sqlite.condition import Watch
from edgewise.stores.sqlite.connections import QUERIES, Connection, Cursor, in_domain_words
from edgewise.stores.sqlite.definitions import Definitions
from edgewise.stores.sqlite.journal import Journal
from edgewise.stores.sqlite.lanes import Turns

JOBS_MAX = 256
"""The most jobs of one transaction: four times the clients of the benchmark, so it only bounds the wait."""

GROUP_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, JOBS_MAX)
COMMITS_S = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""The bounds that groups and commits are counted by."""

GROUP_S = 0.05
"""No further job joins a transaction that is at work for so long: the jobs of other portals wait for it."""

WAITING_MAX = 10_000
"""How many jobs may wait. Each is a request, so far fewer do unless the limit of connections is raised."""

_TICK_S = 0.01

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Job(NamedTuple):
    """One change to make, for which portal, and who waits for it."""

    portal_id: int
    work: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    future: asyncio.Future[Any]


class Settled(NamedTuple):
    """A job that was committed, or failed and changed nothing."""

    future: asyncio.Future[Any]
    result: Any
    error: Exception | None


class Writer:
    """Drains a queue of jobs into transactions, by turns of portals; each job's waiter is told after the commit.

    A job that raises takes back what the whole transaction did; as nobody was told of anything yet, its jobs are
    then done again, each in a transaction of its own. That is rarer than savepoints around every job are dear.

    group_sizes, commit_s: how many jobs were committed together, and how long that took. failed: how many jobs were
    not kept, for the sake of the disk.
    """

    def __init__(
        self,
        connection: Connection,
        checkpointer: Checkpointer,
        definitions: Definitions,
        watch: Watch,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._checkpointer = checkpointer
        self._definitions = definitions
        self._watch = watch
        self._loop = loop
        self.journal = Journal(connection)
        self.group_sizes = Histogram(GROUP_SIZES)
        self.commit_s = Histogram(COMMITS_S)
        self.failed = 0
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._turns: Turns[Job] = Turns()
        self._is_closed = False
        self._is_given_up = False
        self._is_busy = False
        self._submitted = self._told = 0
        self._thread = threading.Thread(target=self._run, name="edgewise-writer", daemon=True)
        checkpointer.watch(connection)
        self._thread.start()

    def submit(
        self,
        work: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> asyncio.Future[Result]:
        """Take on a job, on the event loop's thread. The future raises what the work raised, in the domain's words.

        Raises: Unavailable after `refuse_more`, Stopping after `give_up`, TooManyWrites.
        """
        if self._is_closed:
            raise Unavailable("the store is closed")
        if self._is_given_up:
            raise Stopping
        if self.waiting >= WAITING_MAX:
            raise TooManyWrites
        self._submitted += 1
        request = asked.get()
        future: asyncio.Future[Result] = self._loop.create_future()
        self._jobs.put(Job(0 if request is None else request.portal_id, work, args, kwargs, future))
        return future

    @property
    def waiting(self) -> int:
        """How many jobs nobody was told the outcome of, on the event loop's thread."""
        return self._submitted - self._told

    def give_up(self) -> None:
        """Take back the transaction at hand and refuse all that waits and comes, on the event loop's thread."""
        self._is_given_up = True
        if self._is_busy:
            # What is at hand may be between two statements just now, so this is done again.
            self._connection.interrupt()
            self._loop.call_later(_TICK_S, self.give_up)

    def refuse_more(self) -> None:
        """Take on no further job, on the event loop's thread."""
        if not self._is_closed:
            self._is_closed = True
            self._jobs.put(None)

    def join(self) -> None:
        """Wait, on another thread, until all that was taken on is committed and its waiters are told."""
        self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open or self._turns:
            is_open = self._gather() and is_open
            self._is_busy = True
            settled = self._settle(self._group()) if self._turns else []
            self._is_busy = False
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._tell, settled)
            self._checkpointer.finish(self._connection)

    def _gather(self) -> bool:
        """Take all that came, and wait for it when nothing waits for its turn; whether more may come."""
        try:
            while True:
                job = self._jobs.get(block=not self._turns)
                if job is None:
                    return False
                self._turns.add(job)
        except queue.Empty:
            return True

    def _group(self) -> Iterator[Job]:
        """The jobs of a transaction, as long as it has room."""
        ends_at = perf_counter() + GROUP_S
        for _ in range(JOBS_MAX):
            job = self._turns.take()
            if job is None:
                return
            yield job
            if perf_counter() > ends_at:
                return

    def _settle(self, waiting: Iterable[Job]) -> list[Settled]:
        """Do jobs in one transaction, or each in its own when one of them raises."""
        if self._is_given_up:
            return self._failed(list(waiting), Stopping())
        try:
            self._cursor.execute(QUERIES.begin)
        except Exception as error:
            return self._failed(list(waiting), error)
        jobs: list[Job] = []
        results: list[Any] = []
        try:
            self._definitions.begin(self._cursor)
            for job in waiting:
                jobs.append(job)
                results.append(job.work(self._cursor, *job.args, **job.kwargs))
        except Exception as error:
            self._roll_back()
            if len(jobs) <= 1:
                return self._failed(jobs or list(waiting), error)
            return [settled for job in jobs for settled in self._settle([job])]
        try:
            self.journal.keep(self._cursor)
            self._watch.require_files()
            commits = self._checkpointer.commits
            began = perf_counter()
            self._cursor.execute(QUERIES.commit)
        except Exception as error:
            self._roll_back()
            return self._failed(jobs, error)
        self.commit_s.observe(perf_counter() - began)
        self.group_sizes.observe(len(jobs))
        if self._checkpointer.commits != commits:  # one that changed nothing says nothing about the disk
            self._watch.kept()
        return [Settled(job.future, result, None) for job, result in zip(jobs, results, strict=True)]

    def _failed(self, jobs: Sequence[Job], error: Exception) -> list[Settled]:
        told = in_domain_words(error) if not self._is_given_up else Stopping()
        if isinstance(told, Unavailable):
            self.failed += len(jobs)
            self._watch.failed(error)
        return [Settled(job.future, None, told) for job in jobs]

    def _roll_back(self) -> None:
        self._definitions.forget_all()
        self.journal.forget()
        # A full disk may have rolled it back already, and a broken one may not even do that.
        with suppress(apsw.Error):
            self._cursor.execute(QUERIES.rollback)

    def _tell(self, settled: Sequence[Settled]) -> None:
        self._told += len(settled)
        for future, result, error in settled:
            if future.done():  # cancelled: its waiter went away
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
