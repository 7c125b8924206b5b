"""Backups amid writers, and what is left when a backup or a restore is killed at any moment."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic, sleep

import apsw
import pytest

from edgewise.stores.sqlite.connections import QUERIES
from tests.acceptance.program import edgewise, environment
from tests.support.crm import Crm
from tests.support.mixed import Contact, Writers
from tests.support.mixed_states import read_states, require_found, require_intact
from tests.support.portal import define_types
from tests.support.server import DATABASE, ROOT, Server, database_of
from tests.unit.stores.sqlite.database import CONTACT, FIRST, PORTAL, add_records, new_database

WRITERS = 64
COMPANIES = 12
SOON_S = 30
EARLY = 70
"""What `tests/faults/ending.py` answers for a command that had not begun."""
BEFORE, AFTER = 400, 700
"""How many records there were at the backup, and how many there are at the restore."""


# Amid writers.


@pytest.mark.parametrize("run", [1, 2, *(pytest.param(run, marks=pytest.mark.long) for run in range(3, 21))])
def test_a_backup_amid_writers_holds_all_that_was_acknowledged_before_it_began(tmp_path: Path, run: int):
    define_types(database_of(tmp_path))
    rng = Random()
    writers = Writers((), rng)
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        writers.companies = crm.create("companies", COMPANIES)
        writing = threading.Thread(target=lambda: asyncio.run(writers.run(server.url, WRITERS)))
        writing.start()
        sleep(rng.uniform(0.05, 1.5))
        # Counted before the program starts. The lists only grow, and one write of a contact is on its way at most.
        known = {each.record_id: _acknowledged(each) for each in list(writers.contacts)}
        made = _run("backup", "--to", "b.db", folder=tmp_path)
        written, give_up_at = writers.acknowledged, monotonic() + SOON_S
        while writers.acknowledged == written:
            assert monotonic() < give_up_at, "it ended because nobody wrote any more"
            sleep(0.01)
        server.kill()
        writing.join(SOON_S)
    assert made.returncode == 0, made.stderr

    restored = _run("restore", "--from", "b.db", "--yes", folder=tmp_path)
    assert restored.returncode == 0, restored.stderr
    require_intact(tmp_path / DATABASE)
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        found = read_states(crm, writers)
        for contact in writers.contacts:
            state = found.get(contact.record_id)
            since = contact.states[known.get(contact.record_id, 1) - 1 :]
            if state is None:
                is_gone = contact.record_id not in known or any(each.is_archived for each in since)
                assert is_gone, f"{contact.record_id} was acknowledged before the backup began, and is lost"
                contact.state = contact.state.archived
            else:
                assert state in since, f"{state} is none of {since}"
                contact.state = state
        require_found(crm, writers.contacts)


def _acknowledged(contact: Contact) -> int:
    """How many of its states were acknowledged; counted first, as the list grows before anything is sent."""
    count = len(contact.states)
    return count if contact.pending is None else count - 1


def _run(command: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return edgewise(command, "--database", database_of(folder), *arguments, folder=folder)


# Killed.


class Endings:
    """Runs commands, and ends them. See `tests/faults/ending.py`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ending"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, *arguments: str | Path, step: int = 0, after_s: float = 0, number: int = 0) -> int:
        """What became of a command; below zero: the signal that ended it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {"arguments": list(map(str, arguments)), "step": step, "after_s": after_s, "signal": number}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def endings() -> Iterator[Endings]:
    endings = Endings()
    yield endings
    endings.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, endings: Endings) -> Path:
    """A folder with a database whose server was killed, its last records in its log, and a backup from before them."""
    folder = tmp_path_factory.mktemp("site")
    writer = new_database(folder / DATABASE)
    add_records(writer, CONTACT, BEFORE)
    assert endings.run("backup", "--database", database_of(folder), "--to", folder / "b.db") == 0
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with writer:
        rows = [(PORTAL, CONTACT, FIRST + number, 1, "{}") for number in range(BEFORE, AFTER)]
        writer.executemany(QUERIES.add_record, rows)
    killed = {
        file: file.read_bytes() for file in folder.iterdir() if not file.name.endswith(("-shm", "-lock"))
    }
    assert folder / f"{DATABASE}-wal" in killed
    writer.close()
    for file, content in killed.items():
        file.write_bytes(content)
    return folder


def _count(database: Path) -> int:
    """How many records a whole database has; read as a server would, with what is beside it."""
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        return int(connection.execute("SELECT count(*) FROM record").get)
    finally:
        connection.close()


def _unfinished(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.name.endswith(("unfinished", "-lock"))]


def test_a_restore_killed_before_any_step_leaves_the_old_or_the_new_database(endings, site, tmp_path):
    seen = []
    for step in count(1):
        folder = tmp_path / str(step)
        shutil.copytree(site, folder)
        restore = ("restore", "--database", database_of(folder), "--from", folder / "b.db", "--yes")
        code = endings.run(*restore, step=step)
        assert code in (0, -signal.SIGKILL)
        seen.append(_count(folder / DATABASE))
        assert endings.run(*restore) == 0, "the next one does"
        assert _count(folder / DATABASE) == BEFORE
        kept = {_count(file) for file in folder.glob("*.before-restore-*")}
        assert AFTER in kept, "the old database is not lost"
        assert _unfinished(folder) == []
        if code == 0:
            break
    assert seen == sorted(seen, reverse=True), "new, then old again"
    assert seen.count(AFTER) > 5
    assert seen.count(BEFORE) > 1


def test_a_restore_that_keeps_nothing_leaves_the_old_or_the_new_database_too(endings, site, tmp_path):
    for step in count(1):
        folder = tmp_path / str(step)
        shutil.copytree(site, folder)
        restore = (
            "restore",
            "--database",
            database_of(folder),
            "--from",
            folder / "b.db",
            "--yes",
            "--discard",
        )
        code = endings.run(*restore, step=step)
        assert _count(folder / DATABASE) in (AFTER, BEFORE)
        if code == 0:
            break
    assert sorted(file.name for file in folder.iterdir()) == ["b.db", "b.db.sha256", DATABASE]


def test_a_backup_killed_before_any_step_leaves_a_whole_file_or_none(endings, site, tmp_path):
    seen = set()
    for step in count(1):
        folder = tmp_path / str(step)
        shutil.copytree(site, folder)
        (folder / "to").mkdir()
        file, checksum = folder / "to" / "n.db", folder / "to" / "n.db.sha256"
        make = ("backup", "--database", database_of(folder), "--to", file)
        code = endings.run(*make, step=step)
        assert code in (0, -signal.SIGKILL)
        seen.add((file.exists(), checksum.exists()))
        if file.exists():
            assert _count(file) == AFTER
        if checksum.exists():
            assert checksum.read_text().split()[0] == sha256(file.read_bytes()).hexdigest()
        assert _count(folder / DATABASE) == AFTER
        assert endings.run(*make, "--force") == 0
        assert sorted(each.name for each in (folder / "to").iterdir()) == ["n.db", "n.db.sha256"]
        if code == 0:
            break
    assert seen == {(False, False), (True, False), (True, True)}


@pytest.mark.parametrize(
    "rounds",
    [
        pytest.param(6, id="short"),
        pytest.param(100, id="long", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_ended_at_any_moment_leaves_nothing_half_done(
    endings, site, tmp_path, rounds, number
):
    rng = Random()
    began = monotonic()
    shutil.copytree(site, tmp_path / "whole")
    whole = ("--database", database_of(tmp_path / "whole"))
    assert endings.run("backup", *whole, "--to", tmp_path / "whole" / "n.db") == 0
    takes_s = monotonic() - began
    for turn in range(rounds):
        folder = tmp_path / str(turn)
        shutil.copytree(site, folder)
        database = ("--database", database_of(folder))
        after_s = rng.uniform(0, takes_s)
        code = endings.run("backup", *database, "--to", folder / "n.db", after_s=after_s, number=number)
        assert code in (0, -number, 1, 130, EARLY)
        if (folder / "n.db").exists():
            assert _count(folder / "n.db") == AFTER
        else:
            assert code != 0
        restore = ("restore", *database, "--from", folder / "b.db", "--yes")
        code = endings.run(*restore, after_s=after_s, number=number)
        assert _count(folder / DATABASE) in ((BEFORE,) if code == 0 else (BEFORE, AFTER))
        assert endings.run("backup", *database, "--to", folder / "n.db", "--force") == 0
        assert endings.run(*restore) == 0
        assert _unfinished(folder) == []
        shutil.rmtree(folder)
