"""The write-ahead log: it is copied beside the commits, and does not grow without end."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

import apsw
import pytest

from edgewise.stores.sqlite import checkpoint
from edgewise.stores.sqlite.checkpoint import Checkpointer
from edgewise.stores.sqlite.condition import Files, Watch
from edgewise.stores.sqlite.connections import Cursor, open_reader
from edgewise.stores.sqlite.definitions import Definitions
from edgewise.stores.sqlite.writer import Writer
from tests.unit.stores.sqlite.database import new_database

PAGES_MAX = 200
PAGE_BYTES = 4096


class Desk:
    """A writer that scatters rows over many pages, and its log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = new_database(path)
        self.checkpointer = Checkpointer(path, pages_max=PAGES_MAX, pages_alarm=4 * PAGES_MAX)
        self.watch = Watch(Files(path, self.connection))
        self.writer = Writer(
            self.connection, self.checkpointer, Definitions(), self.watch, asyncio.get_running_loop()
        )
        self.written = 0
        self._random = Random(1)

    async def write(self, rows: int) -> None:
        numbers = [self._random.randrange(2**40) for _ in range(rows)]
        await self.writer.submit(_scatter, numbers)
        self.written += rows

    def log_bytes(self) -> int:
        return Path(f"{self.path}-wal").stat().st_size

    async def close(self) -> None:
        self.writer.refuse_more()
        await asyncio.to_thread(self.writer.join)
        self.checkpointer.close()
        self.connection.close()


def _scatter(cursor: Cursor, numbers: list[int]) -> None:
    cursor.executemany("INSERT OR IGNORE INTO edge VALUES (1, 1, ?, 2, ?, 4)", [(n, n) for n in numbers])


def _count(reader: Cursor) -> int:
    return int(reader.execute("SELECT count(*) FROM edge").get)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "edgewise.db")
    yield desk
    await desk.close()


async def test_constant_writing_does_not_let_the_log_grow(desk: Desk) -> None:
    # Three writers without a pause: without the writer's help the log never started afresh in such a run.
    async def write_on() -> None:
        for _ in range(200):
            await desk.write(20)

    await asyncio.gather(write_on(), write_on(), write_on())

    # It would be some sixty times as long as it may be; the rest is room for a busy machine.
    assert desk.log_bytes() < 15 * PAGES_MAX * PAGE_BYTES


async def test_readers_see_every_row_while_the_log_is_copied(desk: Desk) -> None:
    reader = open_reader(desk.path).cursor()
    for _ in count():
        await desk.write(50)
        assert _count(reader) == desk.written
        if desk.written > 10_000:
            break
    reader.connection.close()


async def test_a_long_read_is_told_of_and_the_log_starts_afresh_after_it(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    reader = open_reader(desk.path).cursor()
    await desk.write(10)
    reader.execute("BEGIN")
    before = _count(reader)
    with caplog.at_level(logging.WARNING, logger="edgewise.store"):
        while not caplog.records:
            await desk.write(100)
            assert _count(reader) == before

    reader.execute("COMMIT")
    reader.connection.close()
    grown = desk.log_bytes()
    written = desk.written
    while desk.log_bytes() < grown + 15 * PAGES_MAX * PAGE_BYTES and desk.written < written + 10_000:
        await desk.write(20)

    assert "a long read keeps it from shrinking" in caplog.text
    assert desk.written == written + 10_000


async def test_a_short_log_is_copied_when_nobody_writes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "IDLE_S", 0.01)
    for _ in range(3):
        await desk.write(5)
        deadline = monotonic() + 10
        while not _is_copied(desk):
            assert monotonic() < deadline
            await asyncio.sleep(0.01)


async def test_closing_does_not_wait_for_the_next_occasion(desk: Desk) -> None:
    await desk.write(5)
    begun = monotonic()
    await asyncio.to_thread(desk.checkpointer.close)

    assert monotonic() - begun < checkpoint.IDLE_S
    desk.checkpointer = Checkpointer(desk.path)


def _is_copied(desk: Desk) -> bool:
    """Whether the database has all rows without its log."""
    alone = desk.path.with_name("alone.db")
    alone.write_bytes(desk.path.read_bytes())
    try:
        with closing(open_reader(alone)) as reader:
            return _count(reader.cursor()) == desk.written
    except apsw.Error:  # it was read while half of it was copied
        return False
