"""Reads that are too long for the event loop: quick ones never wait behind slow ones, and no read runs for ever.

Nobody has to guess what a read costs. Each begins in the quick lane; one that takes longer than a moment is given up
there and done again in the slow lane, until its time is up.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from edgewise.domain.asked import asked
from edgewise.domain.errors import ReadNotReached, ReadTooLong, Stopping, TooManyReads
from edgewise.stores.sqlite.connections import QUERIES, Connection, Cursor, in_domain_words, open_reader
from edgewise.stores.sqlite.lanes import Bounds, Lane

QUICK_CPU_S = 0.05
QUICK_S = 0.1
"""What a read may take in the quick lane: of a processor, and of time. On a busy machine a read waits for its processor
and is not slow for that, so there are two."""

TICK_S = 0.01
"""How often the reads that run are looked at."""

_CLOSE_S = 1.0
_NS = 1_000_000_000

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Way(StrEnum):
    """The lanes. Background reads are asked for by no request and have no limit of time."""

    QUICK = "quick"
    SLOW = "slow"
    BACKGROUND = "background"


BOUNDS = {
    Way.QUICK: Bounds(threads=2, at_once=2, waiting_max=256),
    Way.SLOW: Bounds(threads=2, at_once=1, waiting_max=32),
    Way.BACKGROUND: Bounds(threads=1, at_once=1, waiting_max=1_000_000),
}
"""Few threads, so that they leave processors to the event loop and the writer."""


class _GivenUp(Exception):
    """Ends the work of a read that is given up."""


class _Read:
    """A read that waits or runs.

    until: by `time.perf_counter_ns`, or None. thread: that does it. fate: why it is given up; `_GivenUp` when it goes
    on in the slow lane.
    """

    __slots__ = ("fate", "future", "portal_id", "thread", "until", "way", "work")

    def __init__(self, work: Callable[[Cursor], Any], future: Any) -> None:
        self.portal_id = 0
        self.way = Way.BACKGROUND
        self.until: int | None = None
        self.work = work
        self.future: asyncio.Future[Any] = future
        self.thread: _Thread | None = None
        self.fate: Exception | None = None


class Readers:
    """Threads, each with a connection of its own, and the lanes they serve.

    timeout_s: how long after its request came a read is given up. refused, timed_out, abandoned: how many reads were
    not taken on, were given up for their time, and for clients that left. moved: how many went on in the slow lane.
    """

    def __init__(self, path: Path, timeout_s: float, loop: asyncio.AbstractEventLoop) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._loop = loop
        self._lock = threading.Lock()
        self._lanes: dict[Way, Lane[_Read]] = {way: Lane(bounds) for way, bounds in BOUNDS.items()}
        self._wakes = {way: threading.Condition(self._lock) for way in Way}
        self._threads: dict[Way, list[_Thread]] = {way: [] for way in Way}
        self._is_watching = False
        self._is_stopped = False
        self._is_closed = False
        self.refused = self.timed_out = self.abandoned = self.moved = 0

    def waiting(self, way: Way) -> int:
        """How many reads wait in a lane."""
        return self._lanes[way].waiting

    def running(self, way: Way) -> int:
        """How many reads of a lane run."""
        return self._lanes[way].running

    def given_up(self) -> dict[str, int]:
        """How many reads were not finished, by cause."""
        return {"refused": self.refused, "timed_out": self.timed_out, "abandoned": self.abandoned}

    async def run(
        self,
        read: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """What `read` answers. When the caller is cancelled, the read ends too. See `edgewise.domain.asked`.

        Raises: TooManyReads, ReadNotReached, ReadTooLong, Stopping, and what the read raises, in the domain's words.
        """
        request = asked.get()
        future: asyncio.Future[Result] = self._loop.create_future()
        mine = _Read(lambda cursor: read(cursor, *args, **kwargs), future)
        if request is not None:
            mine.portal_id = request.portal_id
            mine.way = Way.QUICK
            mine.until = request.at_ns + round(self._timeout_s * _NS)
        self._take_on(mine)
        try:
            return await future
        except asyncio.CancelledError:
            self._abandon(mine)
            raise

    def stop(self) -> None:
        """Give up every read and take on no more, on the event loop's thread."""
        with self._lock:
            self._is_stopped = True
            waiting = [read for lane in self._lanes.values() for read in lane]
            for read in waiting:
                self._lanes[read.way].remove(read)
            for read in self._all_running():
                self._give_up(read, Stopping())
        for read in waiting:
            _tell(read.future, None, Stopping())

    def close(self) -> None:
        """Let go of the threads after `stop`; one that does not end soon is left behind. Not on the event loop."""
        with self._lock:
            self._is_closed = True
            for wake in self._wakes.values():
                wake.notify_all()
        ends_at = time.monotonic() + _CLOSE_S
        for thread in [each for threads in self._threads.values() for each in threads]:
            while thread.is_alive() and time.monotonic() < ends_at:
                with self._lock:
                    thread.interrupt()
                thread.join(TICK_S)

    def _take_on(self, read: _Read) -> None:
        with self._lock:
            if self._is_stopped:
                raise Stopping
            for way in (Way.QUICK, Way.SLOW) if read.way is Way.QUICK else (read.way,):
                # One whose slow reads fill their lane is told so at the door: quick or not, it cannot be known here.
                if not self._lanes[way].has_room(read.portal_id):
                    self.refused += 1
                    raise TooManyReads(self._lanes[way].bounds.waiting_max)
            self._queue(read)
        if not self._is_watching:
            self._is_watching = True
            self._loop.call_later(TICK_S, self._watch)

    def _queue(self, read: _Read) -> None:
        self._lanes[read.way].add(read)
        threads = self._threads[read.way]
        if not threads:
            threads += [_Thread(self, self._path, read.way) for _ in range(BOUNDS[read.way].threads)]
            for thread in threads:
                thread.start()
        self._wakes[read.way].notify()

    def _abandon(self, read: _Read) -> None:
        """The client is gone."""
        with self._lock:
            if read.thread is not None:
                self._give_up(read, Stopping())
            elif read in self._lanes[read.way]:
                self._lanes[read.way].remove(read)
            else:
                return
            self.abandoned += 1

    def _give_up(self, read: _Read, fate: Exception) -> None:
        """End a read that runs; the lock is held. What it is at may just have ended, so this is done again."""
        read.fate = fate
        if read.thread is not None:
            read.thread.interrupt()

    def _all_running(self) -> list[_Read]:
        return [each.read for threads in self._threads.values() for each in threads if each.read is not None]

    def _watch(self) -> None:
        """Look at what runs and what waits, on the event loop's thread, for as long as there is any."""
        now = time.perf_counter_ns()
        with self._lock:
            for read in self._all_running():
                if read.fate is not None:
                    self._give_up(read, read.fate)
                elif read.until is not None and now > read.until:
                    self.timed_out += 1
                    self._give_up(read, ReadTooLong(self._timeout_s))
                elif read.way is Way.QUICK and read.thread is not None and read.thread.is_over_budget(now):
                    self._give_up(read, _GivenUp())
            overdue = [
                read
                for lane in self._lanes.values()
                if lane.waiting
                for read in lane
                if read.until is not None and now > read.until
            ]
            for read in overdue:
                self._lanes[read.way].remove(read)
            self.timed_out += len(overdue)
            self._is_watching = any(lane.waiting or lane.running for lane in self._lanes.values())
        for read in overdue:
            _tell(read.future, None, ReadNotReached(self._timeout_s))
        if self._is_watching:
            self._loop.call_later(TICK_S, self._watch)

    def next_for(self, thread: _Thread) -> _Read | None:
        """The next read for a thread, which waits for it; None when it is time to end."""
        lane, wake = self._lanes[thread.way], self._wakes[thread.way]
        with self._lock:
            while not self._is_closed:
                read = lane.take()
                if read is not None:
                    read.thread = thread
                    thread.begin(read)
                    return read
                wake.wait()
        return None

    def finish(self, thread: _Thread, read: _Read, result: Any, error: Exception | None) -> None:
        """Tell who waits for a read what became of it, or let it go on in the slow lane."""
        with self._lock:
            thread.read = read.thread = None
            self._lanes[read.way].done(read)
            self._wakes[read.way].notify()  # another one of the portal may run now
            if error is not None and read.fate is not None:
                error = read.fate
                if isinstance(error, _GivenUp):
                    error = self._move(read)
                    if error is None:
                        return
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(_tell, read.future, result, error)

    def _move(self, read: _Read) -> Exception | None:
        """Let a read that is too long for the quick lane wait for the slow one; else why not."""
        slow = self._lanes[Way.SLOW]
        if self._is_stopped:
            return Stopping()
        if not slow.has_room(read.portal_id):
            self.refused += 1
            return TooManyReads(slow.bounds.waiting_max)
        self.moved += 1
        read.fate, read.way = None, Way.SLOW
        self._queue(read)
        return None


class _Thread(threading.Thread):
    """Does one read after the other. read: the one at hand."""

    def __init__(self, readers: Readers, path: Path, way: Way) -> None:
        super().__init__(name=f"edgewise-{way}-reader", daemon=True)
        self.way = way
        self.read: _Read | None = None
        self._readers = readers
        self._path = path
        self._connection: Connection | None = None
        self._cursor: Cursor | None = None
        self._cpu_clock: int | None = None
        self._since = 0
        self._cpu_since = 0.0

    def run(self) -> None:
        if hasattr(time, "pthread_getcpuclockid"):
            self._cpu_clock = time.pthread_getcpuclockid(threading.get_ident())
        while (read := self._readers.next_for(self)) is not None:
            result: Any = None
            failure: Exception | None = None
            try:
                result = read.work(self._prepared())
            except Exception as error:
                failure = in_domain_words(error)
                self._tidy()
            self._readers.finish(self, read, result, failure)
            del read, result, failure  # they may be large, and the next one may be long in coming
        if self._connection is not None:
            self._connection.close()

    def begin(self, read: _Read) -> None:
        """Take a read on, in this thread; the lock is held."""
        self.read = read
        self._since = time.perf_counter_ns()
        self._cpu_since = time.thread_time()

    def interrupt(self) -> None:
        """End the statement that runs, if one does; the lock is held."""
        if self.read is not None and self._connection is not None:
            self._connection.interrupt()

    def is_over_budget(self, now: int) -> bool:
        """Whether the read at hand is none for the quick lane."""
        if now - self._since > QUICK_S * _NS or self._cpu_clock is None:
            return now - self._since > QUICK_S * _NS
        return time.clock_gettime(self._cpu_clock) - self._cpu_since > QUICK_CPU_S

    def _prepared(self) -> Cursor:
        if self._connection is None:
            self._connection = open_reader(self._path)
        if self._cursor is None:
            self._cursor = self._connection.cursor()
            self._cursor.exec_trace = self._heed
        return self._cursor

    def _heed(self, cursor: Cursor, statement: str, bindings: Any) -> bool:
        """Begin no further statement of a read that is given up: an interruption ends only one that runs."""
        if self.read is not None and self.read.fate is not None:
            raise _GivenUp
        return True

    def _tidy(self) -> None:
        """Leave no statement and no transaction of a read that failed, for they would hold on to an old state."""
        cursor, self._cursor = self._cursor, None
        connection = self._connection
        if cursor is None or connection is None:
            return
        cursor.close(True)
        if connection.in_transaction:
            connection.execute(QUERIES.rollback)


def heed(cursor: Cursor) -> None:
    """End a read that is given up: for loops that run long between two statements. Raises: what `run` catches."""
    if cursor.exec_trace is not None:
        cursor.exec_trace(cursor, "", None)


def _tell(future: asyncio.Future[Any], result: Any, error: Exception | None) -> None:
    if future.done():  # cancelled: its client left
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
