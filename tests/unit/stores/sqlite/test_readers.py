"""Long reads: quick ones never wait behind slow ones, each has its time, and an end on demand."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import pytest

from edgewise.domain.asked import Asked, asked
from edgewise.domain.errors import (
    DomainError,
    ReadNotReached,
    ReadTooLong,
    Stopping,
    TooManyReads,
    Unavailable,
)
from edgewise.stores.sqlite.connections import Cursor, fetch, one_moment
from edgewise.stores.sqlite.readers import BOUNDS, Readers, Way, heed
from tests.unit.stores.sqlite.database import new_database

HOG, OTHER = 1, 2
ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
ONE = "SELECT 1"
SOON_S = 1.0
"""What a quick read takes at most on a machine that does other things too; the scans beside it have no end."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    new_database(tmp_path / "edgewise.db").close()
    return tmp_path / "edgewise.db"


@pytest.fixture
async def readers(path: Path) -> AsyncIterator[Readers]:
    readers = Readers(path, 60.0, asyncio.get_running_loop())
    yield readers
    await closed(readers)


async def closed(readers: Readers) -> None:
    readers.stop()
    await asyncio.to_thread(readers.close)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    assert time.perf_counter() - begun < seconds


def request(readers: Readers, portal_id: int, read: Callable[..., Any], *args: Any) -> asyncio.Task[Any]:
    """A read on behalf of a request that came just now."""

    async def ask() -> Any:
        asked.set(Asked(portal_id, time.perf_counter_ns()))
        return await readers.run(read, *args)

    task = asyncio.create_task(ask())
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # not every test looks
    return task


def statement(readers: Readers, portal_id: int, sql: str) -> asyncio.Task[Any]:
    return request(readers, portal_id, fetch, sql, ())


def loop_in_python(cursor: Cursor) -> None:
    while True:
        sum(range(1000))
        heed(cursor)


def loop_of_statements(cursor: Cursor) -> None:
    while True:
        fetch(cursor, ONE, ())


def loop_over_rows(cursor: Cursor) -> None:
    with one_moment(cursor):
        for _ in cursor.execute(ENDLESS.replace("max(i)", "i")):
            sum(range(100))


HOGS: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "a statement": (fetch, (ENDLESS, ())),
    "statements": (loop_of_statements, ()),
    "rows": (loop_over_rows, ()),
    "python": (loop_in_python, ()),
}


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)


async def error_of(read: Awaitable[Any]) -> DomainError:
    with pytest.raises(DomainError) as caught:
        await read
    return caught.value


@pytest.mark.parametrize("kind", HOGS)
async def test_quick_reads_do_not_wait_for_endless_ones(readers: Readers, kind: str) -> None:
    read, args = HOGS[kind]
    hogs = [request(readers, portal_id, read, *args) for portal_id in (HOG, OTHER, 3, 4)]
    await until(lambda: readers.running(Way.SLOW) == BOUNDS[Way.SLOW].threads)
    for _ in range(20):
        with within(SOON_S):
            assert await statement(readers, OTHER, ONE) == [(1,)]
    assert not any(hog.done() for hog in hogs)


async def test_a_portal_runs_one_slow_read_at_a_time_and_another_portal_gets_the_next_thread(
    readers: Readers,
) -> None:
    for _ in range(4):
        statement(readers, HOG, ENDLESS)
    await until(lambda: readers.waiting(Way.SLOW) == 3)
    other = request(
        readers, OTHER, lambda cursor: [time.sleep(0.01) or fetch(cursor, ONE, ()) for _ in range(50)]
    )
    assert len(await other) == 50
    assert (readers.running(Way.SLOW), readers.waiting(Way.SLOW)) == (1, 3)


async def test_a_read_that_is_moved_is_answered_as_if_it_had_not_been(readers: Readers) -> None:
    sql = ENDLESS.replace("FROM n)", "FROM n WHERE i < 3000000)")
    assert await statement(readers, HOG, sql) == [(3_000_000,)]
    assert readers.moved == 1


@pytest.mark.parametrize("kind", HOGS)
async def test_a_read_is_given_up_when_its_time_is_up(path: Path, kind: str) -> None:
    readers = Readers(path, 0.5, asyncio.get_running_loop())
    read, args = HOGS[kind]
    with within(0.5 + SOON_S):
        error = await error_of(request(readers, HOG, read, *args))
    assert (type(error), vars(error)) == (ReadTooLong, {"timeout_s": 0.5})
    assert await statement(readers, HOG, ONE) == [(1,)]
    assert (readers.timed_out, readers.running(Way.SLOW)) == (1, 0)
    await closed(readers)


async def test_the_time_a_read_waits_is_part_of_its_time(path: Path) -> None:
    readers = Readers(path, 0.5, asyncio.get_running_loop())
    opened = threading.Event()
    for _ in range(BOUNDS[Way.QUICK].threads):
        request(readers, HOG, lambda _: opened.wait(60))
    await until(lambda: readers.running(Way.QUICK) == BOUNDS[Way.QUICK].threads)
    with within(0.5 + SOON_S):
        error = await error_of(statement(readers, OTHER, ONE))
    assert (type(error), vars(error)) == (ReadNotReached, {"timeout_s": 0.5})
    opened.set()
    await closed(readers)


async def test_all_reads_of_a_request_share_its_time(path: Path) -> None:
    readers = Readers(path, 0.5, asyncio.get_running_loop())

    async def ask_twice() -> None:
        asked.set(Asked(HOG, time.perf_counter_ns()))
        await readers.run(lambda cursor: time.sleep(0.3))
        await readers.run(fetch, ENDLESS, ())

    with within(0.5 + SOON_S):
        assert isinstance(await error_of(ask_twice()), ReadTooLong)
    await closed(readers)


async def test_what_no_request_asks_for_has_its_own_lane_and_no_limit_of_time(path: Path) -> None:
    readers = Readers(path, 0.2, asyncio.get_running_loop())
    background = asyncio.create_task(readers.run(fetch, ENDLESS, ()))
    await until(lambda: readers.running(Way.BACKGROUND) == 1)
    await asyncio.sleep(0.5)
    assert not background.done()
    assert await statement(readers, HOG, ONE) == [(1,)]
    await closed(readers)
    assert isinstance(await error_of(background), Stopping)


@pytest.mark.parametrize("kind", HOGS)
async def test_a_read_whose_caller_is_cancelled_ends(readers: Readers, kind: str) -> None:
    read, args = HOGS[kind]
    reads = [request(readers, HOG, read, *args) for _ in range(3)]
    await until(lambda: readers.running(Way.SLOW) == 1 and readers.waiting(Way.SLOW) == 2)
    for each in reads:
        each.cancel()
    assert all(
        isinstance(each, asyncio.CancelledError)
        for each in await asyncio.gather(*reads, return_exceptions=True)
    )
    await until(lambda: readers.running(Way.SLOW) == 0)
    assert (readers.waiting(Way.SLOW), readers.abandoned) == (0, 3)


def moved_more(readers: Readers, than: int) -> bool:
    return readers.moved > than


async def test_a_portal_with_too_many_slow_reads_is_refused_and_another_one_is_not(readers: Readers) -> None:
    most = BOUNDS[Way.SLOW].waiting_max
    for _ in range(most + 1):
        moved = readers.moved
        statement(readers, HOG, ENDLESS)
        await until(partial(moved_more, readers, moved))
    error = await error_of(statement(readers, HOG, ONE))
    assert (type(error), vars(error)) == (TooManyReads, {"waiting_max": most})
    assert await statement(readers, OTHER, ONE) == [(1,)]
    assert readers.refused == 1


async def test_a_portal_with_too_many_reads_is_refused(readers: Readers) -> None:
    quick = BOUNDS[Way.QUICK]
    opened = threading.Event()
    reads = [request(readers, HOG, lambda _: opened.wait(60)) for _ in range(quick.threads)]
    await until(lambda: readers.running(Way.QUICK) == quick.threads)
    reads += [request(readers, HOG, lambda _: opened.wait(60)) for _ in range(quick.waiting_max)]
    await until(lambda: readers.waiting(Way.QUICK) == quick.waiting_max)
    error = await error_of(statement(readers, HOG, ONE))
    assert (type(error), vars(error)) == (TooManyReads, {"waiting_max": quick.waiting_max})
    opened.set()
    assert all(await asyncio.gather(*reads))


@pytest.mark.parametrize("kind", HOGS)
async def test_a_stop_ends_every_read_at_once_and_takes_on_no_more(path: Path, kind: str) -> None:
    readers = Readers(path, 60.0, asyncio.get_running_loop())
    read, args = HOGS[kind]
    reads = [request(readers, portal_id, read, *args) for portal_id in (HOG, HOG, OTHER, OTHER, 3)]
    await until(lambda: readers.running(Way.SLOW) == 2)
    with within(2 * SOON_S):
        readers.stop()
        assert {type(await error_of(each)) for each in reads} == {Stopping}
        await asyncio.to_thread(readers.close)
    assert isinstance(await error_of(statement(readers, HOG, ONE)), Stopping)


async def test_a_read_that_hears_nothing_does_not_hold_up_the_end(path: Path) -> None:
    readers = Readers(path, 60.0, asyncio.get_running_loop())
    opened = threading.Event()
    request(readers, HOG, lambda _: opened.wait(60))
    await until(lambda: readers.running(Way.QUICK) == 1)
    with within(2 * SOON_S):
        await closed(readers)
    opened.set()


@pytest.mark.parametrize("kind", ["rows", "a statement"])
async def test_a_read_that_was_given_up_holds_on_to_no_old_state(
    readers: Readers, path: Path, kind: str
) -> None:
    writer = new_database(path)
    read, args = HOGS[kind]
    hog = request(readers, HOG, read, *args)
    await until(lambda: readers.running(Way.SLOW) == 1)
    hog.cancel()
    await until(lambda: readers.running(Way.SLOW) == 0)
    writer.execute("CREATE TABLE later (i)")
    copied = writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    assert copied == (0, 0)
    writer.close()


async def test_what_a_read_raises_is_told_in_the_domains_words(readers: Readers) -> None:
    with pytest.raises(ZeroDivisionError):
        await request(readers, HOG, lambda _: 1 // 0)

    def unreachable(_: Cursor) -> None:
        raise OSError("gone")

    with pytest.raises(Unavailable):
        await request(readers, HOG, unreachable)
    assert await statement(readers, HOG, ONE) == [(1,)]
