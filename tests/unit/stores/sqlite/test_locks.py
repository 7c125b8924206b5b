"""Locks: many use a database, one replaces it, and nobody else meanwhile; nothing is left of them."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from edgewise.domain.errors import Unavailable
from edgewise.stores.sqlite import locks
from edgewise.stores.sqlite.locks import FileLock, Held, is_used, replace_database, use_database


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "crm.db"
    path.write_bytes(b"")
    path.chmod(0o640)
    return path


def test_many_use_a_database_and_nobody_replaces_it_meanwhile(database):
    first, second = use_database(database), use_database(database)
    first.close()
    with pytest.raises(Held):
        replace_database(database)
    second.close()
    replace_database(database).close()


def test_who_replaces_a_database_keeps_others_out_for_as_long_as_they_have_patience(database, monkeypatch):
    monkeypatch.setattr(locks, "PATIENCE_S", 0.1)
    with replace_database(database), pytest.raises(Unavailable, match="restored"):
        use_database(database)


def test_who_waits_gets_in_when_the_database_is_replaced(database):
    lock = replace_database(database)
    closing = threading.Timer(0.2, lock.close)
    closing.start()
    with use_database(database), pytest.raises(Held):
        replace_database(database)
    closing.join()


def test_the_file_goes_with_the_last_who_holds_it(database):
    beside = database.with_name("crm.db-lock")
    first, second = use_database(database), use_database(database)
    first.close()
    assert beside.exists()
    second.close()
    assert not beside.exists()


def test_who_may_open_the_database_may_open_the_lock(database):
    with use_database(database):
        assert database.with_name("crm.db-lock").stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_database_leads_to_its_lock(database, tmp_path):
    other = tmp_path / "other.db"
    other.symlink_to(database)
    with use_database(other), pytest.raises(Held):
        replace_database(database)


def test_a_process_that_is_killed_holds_nothing(database):
    code = (
        "import sys, pathlib\nfrom edgewise.stores.sqlite.locks import use_database\n"
        "lock = use_database(pathlib.Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(Held):
            replace_database(database)
        process.kill()
        process.wait()
    replace_database(database).close()


def test_a_lock_on_a_file_that_its_holder_just_removed_is_none(database, monkeypatch):
    """It would keep nobody out: the next one makes a new file."""
    holder = use_database(database)
    take = FileLock._lock

    def too_late(lock: FileLock, is_shared: bool) -> None:
        monkeypatch.setattr(FileLock, "_lock", take)
        holder.close()
        take(lock, is_shared)

    monkeypatch.setattr(FileLock, "_lock", too_late)
    with use_database(database), pytest.raises(Held):
        replace_database(database)


def test_a_file_that_got_another_name_stays(tmp_path):
    lock = FileLock(tmp_path / "unfinished", is_new=True)
    (tmp_path / "unfinished").rename(tmp_path / "final")
    lock.close()
    assert [file.name for file in tmp_path.iterdir()] == ["final"]


def test_it_is_told_whether_somebody_has_a_database_open(tmp_path):
    database = tmp_path / "crm.db"
    assert not is_used(database)
    with use_database(database), use_database(database):
        assert is_used(database)
        assert is_used(database), "a look takes nothing"
    assert not is_used(database)
    with replace_database(database):
        assert is_used(database)
    assert list(tmp_path.iterdir()) == [], "nor does it leave anything"
