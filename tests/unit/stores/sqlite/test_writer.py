"""The writer: jobs that wait together share a transaction, and nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event

import apsw
import pytest

from edgewise.domain.asked import Asked, asked
from edgewise.domain.errors import Conflict, Stopping, TooManyWrites, Unavailable
from edgewise.stores.sqlite import writer
from edgewise.stores.sqlite.checkpoint import Checkpointer
from edgewise.stores.sqlite.condition import Files, Watch
from edgewise.stores.sqlite.connections import Connection, Cursor, open_reader
from edgewise.stores.sqlite.definitions import Definitions
from edgewise.stores.sqlite.writer import GROUP_S, JOBS_MAX, Writer
from tests.unit.stores.sqlite.database import new_database


class Desk:
    """A writer on a database with a table `note`, and what another connection sees of it."""

    def __init__(self, path: Path) -> None:
        self.connection = new_database(path)
        self.connection.execute("CREATE TABLE note (text TEXT PRIMARY KEY)")
        self.checkpointer = Checkpointer(path)
        self.watch = Watch(Files(path, self.connection))
        self.writer = Writer(
            self.connection, self.checkpointer, Definitions(), self.watch, asyncio.get_running_loop()
        )
        self._reader = open_reader(path)

    def notes(self) -> set[str]:
        return {text for (text,) in self._reader.execute("SELECT text FROM note")}

    async def together(self) -> Event:
        """Hold the writer up in a job of its own, so that what is submitted until the event is set waits together."""
        is_held, may_go_on = Event(), Event()

        def hold(_: Cursor) -> None:
            is_held.set()
            may_go_on.wait()

        self.writer.submit(hold)
        await asyncio.to_thread(is_held.wait)
        return may_go_on

    async def close(self) -> None:
        self.writer.refuse_more()
        await asyncio.to_thread(self.writer.join)
        self.checkpointer.close()
        self.connection.close()
        self._reader.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "edgewise.db")
    yield desk
    await desk.close()


def note(cursor: Cursor, text: str) -> str:
    cursor.execute("INSERT INTO note VALUES (?)", (text,))
    return f"noted {text}"


def fail_after_writing(cursor: Cursor) -> None:
    note(cursor, "never")
    raise ZeroDivisionError("a programming error")


def use_nowhere(cursor: Cursor) -> None:
    cursor.execute("SELECT * FROM nowhere")


async def test_a_job_answers_what_its_work_returns(desk: Desk) -> None:
    assert await desk.writer.submit(note, "one") == "noted one"
    assert desk.notes() == {"one"}


async def test_a_job_is_told_after_its_commit(desk: Desk) -> None:
    seen = []

    async def submit(text: str) -> None:
        await desk.writer.submit(note, text)
        seen.append(text in desk.notes())

    await asyncio.gather(*[submit(str(number)) for number in range(100)])

    assert seen == [True] * 100


async def test_jobs_that_wait_together_are_committed_together(desk: Desk) -> None:
    commits = 0

    def count() -> bool:
        nonlocal commits
        commits += 1
        return False

    go_on = await desk.together()
    desk.connection.set_commit_hook(count)
    jobs = [desk.writer.submit(note, str(number)) for number in range(2 * JOBS_MAX)]
    go_on.set()
    await asyncio.gather(*jobs)

    assert commits == 3  # the first one is of the job that held the writer up


@pytest.mark.parametrize("position", [0, 1, 2])
async def test_a_job_that_raises_fails_alone(desk: Desk, position: int) -> None:
    go_on = await desk.together()
    good = [desk.writer.submit(note, str(number)) for number in range(position)]
    bad = desk.writer.submit(fail_after_writing)
    good += [desk.writer.submit(note, str(number)) for number in range(position, 2)]
    go_on.set()

    with pytest.raises(ZeroDivisionError):
        await bad
    assert await asyncio.gather(*good) == ["noted 0", "noted 1"]
    assert desk.notes() == {"0", "1"}
    assert await desk.writer.submit(note, "later") == "noted later"


async def test_each_of_several_jobs_that_raise_gets_its_own_error(desk: Desk) -> None:
    await desk.writer.submit(note, "taken")
    go_on = await desk.together()
    jobs = [
        desk.writer.submit(fail_after_writing),
        desk.writer.submit(note, "taken"),
        desk.writer.submit(use_nowhere),
        desk.writer.submit(note, "free"),
    ]
    go_on.set()
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [ZeroDivisionError, Conflict, apsw.SQLError, str]
    assert desk.notes() == {"taken", "free"}


async def test_the_drivers_words_stay_behind_the_domains(desk: Desk) -> None:
    await desk.writer.submit(note, "taken")
    with pytest.raises(Conflict) as caught:
        await desk.writer.submit(note, "taken")

    assert "note" not in str(caught.value)
    assert isinstance(caught.value.__cause__, apsw.ConstraintError)


async def test_a_database_locked_by_another_program_is_a_conflict(desk: Desk, tmp_path: Path) -> None:
    desk.connection.set_busy_timeout(1)
    other = Connection(str(tmp_path / "edgewise.db"))
    other.execute("BEGIN IMMEDIATE")
    jobs = [desk.writer.submit(note, str(number)) for number in range(3)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    other.execute("ROLLBACK")
    other.close()

    assert [type(outcome) for outcome in outcomes] == [Conflict] * 3
    assert await desk.writer.submit(note, "later") == "noted later"


async def test_a_commit_that_fails_keeps_nothing(desk: Desk) -> None:
    desk.connection.set_commit_hook(lambda: True)
    outcomes = await asyncio.gather(
        desk.writer.submit(note, "one"), desk.writer.submit(note, "two"), return_exceptions=True
    )
    desk.connection.set_commit_hook(None)

    assert [type(outcome) for outcome in outcomes] == [Conflict] * 2
    assert desk.notes() == set()
    assert await desk.writer.submit(note, "later") == "noted later"


async def test_a_waiter_that_went_away_harms_nobody(desk: Desk) -> None:
    go_on = await desk.together()
    gone = desk.writer.submit(note, "gone")
    stays = desk.writer.submit(note, "stays")
    gone.cancel()
    go_on.set()

    assert await stays == "noted stays"
    assert desk.notes() == {"gone", "stays"}


async def test_closing_finishes_what_was_taken_on(desk: Desk) -> None:
    jobs = [desk.writer.submit(note, str(number)) for number in range(3 * JOBS_MAX)]
    desk.writer.refuse_more()
    await asyncio.to_thread(desk.writer.join)

    assert len(await asyncio.gather(*jobs)) == 3 * JOBS_MAX
    assert len(desk.notes()) == 3 * JOBS_MAX


async def test_a_closed_writer_takes_on_nothing(desk: Desk) -> None:
    desk.writer.refuse_more()
    desk.writer.refuse_more()

    with pytest.raises(Unavailable):
        desk.writer.submit(note, "late")


def of_portal(portal_id: int) -> None:
    """What is submitted from now on is for a request of this portal."""
    asked.set(Asked(portal_id, 1))


async def test_portals_take_turns_and_each_keeps_its_order(desk: Desk) -> None:
    done: list[str] = []
    go_on = await desk.together()
    for text in ("a1", "a2", "a3", "b1", "b2", "c1"):
        of_portal(ord(text[0]))
        last = desk.writer.submit(lambda _, text: done.append(text), text)
    assert desk.writer.waiting == 7
    go_on.set()
    await last
    await asyncio.sleep(0)
    assert done == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert desk.writer.waiting == 0


async def test_a_flood_of_one_portal_holds_up_another_for_no_longer_than_a_transaction(desk: Desk) -> None:
    def take_time(cursor: Cursor, text: str) -> None:
        note(cursor, text)
        time.sleep(GROUP_S / 2)

    of_portal(1)
    flood = [desk.writer.submit(take_time, str(number)) for number in range(20)]
    await flood[0]
    of_portal(2)
    await desk.writer.submit(note, "other")
    assert sum(each.done() for each in flood) < 15
    await asyncio.gather(*flood)


async def test_only_so_many_changes_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "WAITING_MAX", 3)
    go_on = await desk.together()
    waiting = [desk.writer.submit(note, text) for text in "ab"]
    with pytest.raises(TooManyWrites):
        desk.writer.submit(note, "c")
    go_on.set()
    await asyncio.gather(*waiting)
    await desk.writer.submit(note, "d")
    assert desk.notes() == {"a", "b", "d"}


async def test_what_is_given_up_changes_nothing_and_is_told_so(desk: Desk) -> None:
    is_running = Event()

    def endless(cursor: Cursor) -> None:
        note(cursor, "taken back")
        is_running.set()
        while True:
            cursor.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            )

    await desk.writer.submit(note, "before")
    at_hand, waiting = desk.writer.submit(endless), desk.writer.submit(note, "waits")
    await asyncio.to_thread(is_running.wait)
    desk.writer.give_up()
    for each in (at_hand, waiting):
        with pytest.raises(Stopping):
            await each
    with pytest.raises(Stopping):
        desk.writer.submit(note, "late")
    assert desk.notes() == {"before"}
