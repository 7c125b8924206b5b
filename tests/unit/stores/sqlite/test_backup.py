"""A backup is one state of the database, whole, for its owner only, and under its name at once or not at all."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from edgewise.domain.errors import NewerDatabase, Unavailable
from edgewise.stores.sqlite import backup, copies
from edgewise.stores.sqlite.backup import back_up
from edgewise.stores.sqlite.connections import QUERIES, Connection
from edgewise.stores.sqlite.copies import CopyFailed, Progress
from edgewise.stores.sqlite.locks import FileLock, Held, replace_database
from tests.unit.stores.sqlite.database import COMPANY, CONTACT, PORTAL, add_records, new_database

RECORDS = 3_000


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Connection]:
    """A database that is open, with records of which a part is in the log alone."""
    connection = new_database(tmp_path / "crm.db")
    add_records(connection, CONTACT, RECORDS)
    yield connection
    connection.close()


@pytest.fixture
def database(writer: Connection, tmp_path: Path) -> Path:
    return tmp_path / "crm.db"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "kept").mkdir()
    return tmp_path / "kept" / "b.db"


def _ignore(_: Progress) -> None: ...


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def _ids(file: Path) -> list[int]:
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        return [row[0] for row in connection.execute("SELECT record_id FROM record ORDER BY record_id")]
    finally:
        connection.close()


def test_a_backup_is_two_files_that_only_their_owner_reads(database, target):
    made = back_up(database, target, False, _ignore)
    assert _names(target.parent) == ["b.db", "b.db.sha256"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in target.parent.iterdir()} == {0o600}
    assert (made.size, made.sha256) == (target.stat().st_size, sha256(target.read_bytes()).hexdigest())
    assert made.checksum_file.read_text() == f"{made.sha256}  b.db\n"
    assert made.contents._asdict() == {
        "schema_version": len(copies.MIGRATIONS), "portals": 0, "tokens": 0, "records": RECORDS, "links": 0
    }  # fmt: skip


def test_a_backup_needs_no_log_and_makes_none(database, target):
    back_up(database, target, False, _ignore)
    target.chmod(0o400)
    target.parent.chmod(0o500)
    try:
        assert len(_ids(target)) == RECORDS
    finally:
        target.parent.chmod(0o700)
    assert _names(target.parent) == ["b.db", "b.db.sha256"]


def test_who_writes_neither_waits_nor_makes_it_begin_anew(database, target, writer, monkeypatch):
    """What is written after it began is not in it, and each page is copied once."""
    monkeypatch.setattr(backup, "PAGES_AT_ONCE", 4)
    done: list[int] = []

    def write(progress: Progress) -> None:
        if not progress.is_checking:
            done.append(progress.done)
            writer.execute(QUERIES.add_record, (PORTAL, 2, len(done), 1, "{}"))

    back_up(database, target, False, write)
    assert len(done) > 10
    assert done == sorted(set(done)), "it began anew"
    assert len(_ids(target)) == RECORDS
    assert writer.execute("SELECT count(*) FROM record").get == RECORDS + len(done)


def test_progress_is_told_until_all_is_copied(database, target):
    told: list[Progress] = []
    back_up(database, target, False, told.append)
    copied, checked = told[-2:]
    assert copied == Progress(target.stat().st_size, target.stat().st_size)
    assert checked.is_checking


def test_a_file_that_is_there_stays_as_it_is(database, target):
    target.write_text("mine")
    with pytest.raises(CopyFailed, match="there already"):
        back_up(database, target, False, _ignore)
    assert (_names(target.parent), target.read_text()) == (["b.db"], "mine")


def test_a_file_that_appears_meanwhile_stays_as_it_is(database, target):
    with pytest.raises(CopyFailed, match="there already"):
        back_up(database, target, False, lambda _: target.write_text("mine") and None)
    assert (_names(target.parent), target.read_text()) == (["b.db"], "mine")


def test_a_file_is_replaced_where_that_is_wanted(database, target):
    target.write_text("old")
    target.with_name("b.db.sha256").write_text("old")
    made = back_up(database, target, True, _ignore)
    assert len(_ids(target)) == RECORDS
    assert target.with_name("b.db.sha256").read_text().startswith(made.sha256)


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-lock"])
@pytest.mark.parametrize("is_forced", [False, True])
def test_the_database_and_what_belongs_to_it_are_never_replaced(database, writer, end, is_forced):
    with pytest.raises(
        CopyFailed, match="there already" if not is_forced and end not in ("-lock",) else "itself"
    ):
        back_up(database, database.with_name(database.name + end), is_forced, _ignore)
    add_records(writer, COMPANY, 1)
    assert len(_ids(database)) == RECORDS + 1


def test_the_database_is_known_by_any_of_its_names(database, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "second.db").hardlink_to(database)
    for name in ("link/crm.db", "link/crm.db-wal", "second.db"):
        with pytest.raises(CopyFailed, match="belongs to the database itself"):
            back_up(database, tmp_path / name, True, _ignore)


def test_no_other_database_that_is_in_use_is_replaced(database, target):
    other = new_database(target)
    add_records(other, CONTACT, 1)
    with pytest.raises(CopyFailed, match="in use or was not closed"):
        back_up(database, target, True, _ignore)
    other.close()
    back_up(database, target, True, _ignore)


def test_what_is_no_regular_file_is_not_replaced(database, target):
    os.mkfifo(target)
    with pytest.raises(CopyFailed, match="not a regular file"):
        back_up(database, target, True, _ignore)
    assert target.is_fifo()


def test_where_a_file_has_one_name_only_it_is_renamed(database, target, monkeypatch):
    """Some file systems know no second names."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    back_up(database, target, False, _ignore)
    assert _names(target.parent) == ["b.db", "b.db.sha256"]
    with pytest.raises(CopyFailed, match="there already"):
        back_up(database, target, False, _ignore)


def test_what_is_interrupted_leaves_nothing(database, target):
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(database, target, False, interrupt)
    assert _names(target.parent) == []


def test_what_a_killed_program_left_is_removed_and_what_another_is_at_stays(database, target):
    abandoned, another = target.with_name(".b.db.1a.unfinished"), target.with_name(".b.db.2b.unfinished")
    abandoned.write_text("half")
    abandoned.with_name(".b.db.1a.unfinished-journal").write_text("half")
    of_other = target.with_name(".c.db.1a.unfinished")
    of_other.write_text("half")
    with FileLock(another):
        back_up(database, target, False, _ignore)
        assert _names(target.parent) == [another.name, of_other.name, "b.db", "b.db.sha256"]


def test_a_full_disk_is_said_before_anything_is_copied(database, target, monkeypatch):
    usage = copies.shutil.disk_usage(target.parent)._replace(free=1)
    monkeypatch.setattr(copies.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(CopyFailed, match="do not fit"):
        back_up(database, target, False, _ignore)
    assert _names(target.parent) == []


def test_a_disk_that_fills_up_meanwhile_is_said(database, target, monkeypatch):
    def open_small(path: Path) -> Connection:
        connection = copies.open_copy(path)
        connection.execute("PRAGMA max_page_count = 10").fetchall()
        return connection

    monkeypatch.setattr(backup, "open_copy", open_small)
    with pytest.raises(CopyFailed, match="no room left"):
        back_up(database, target, False, _ignore)
    assert _names(target.parent) == []


def test_a_disk_that_refuses_to_be_written_is_said(database, target):
    code = (
        "import resource, sys, pathlib, signal\nfrom edgewise.stores.sqlite.backup import back_up\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "back_up(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), False, lambda _: None)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, database, target], capture_output=True, text=True, check=False
    )
    assert "CopyFailed: the disk refuses" in ran.stderr.splitlines()[-1]
    assert _names(target.parent) == []


def test_a_damaged_database_gives_no_backup(database, target, writer):
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    page = writer.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'record_key'").get
    writer.close()
    with database.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 64)
    with pytest.raises(CopyFailed, match="damaged"):
        back_up(database, target, False, _ignore)
    assert _names(target.parent) == []


def test_a_newer_database_is_left_to_the_program_that_made_it(database, target, writer):
    writer.execute(QUERIES.add_to_ledger, (9999, "later", "x", 1))
    with pytest.raises(NewerDatabase):
        back_up(database, target, False, _ignore)
    assert _names(target.parent) == []


def test_an_older_database_stays_as_it_is(database, target, writer):
    writer.execute("DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration)")
    made = back_up(database, target, False, _ignore)
    assert made.contents.schema_version == len(copies.MIGRATIONS) - 1
    assert writer.execute("SELECT count(*) FROM schema_migration").get == len(copies.MIGRATIONS) - 1


def test_what_is_no_database_of_ours_gives_no_backup(tmp_path, target):
    connection = apsw.Connection(str(tmp_path / "foreign.db"))
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(CopyFailed, match="not one of Edgewise"):
        back_up(tmp_path / "foreign.db", target, False, _ignore)
    (tmp_path / "text.db").write_text("no database, however long " * 100)
    with pytest.raises(Unavailable):
        back_up(tmp_path / "text.db", target, False, _ignore)
    assert _names(target.parent) == []


def test_a_database_is_not_replaced_while_it_is_copied(database, target, writer):
    writer.close()

    def replace(progress: Progress) -> None:
        if not progress.is_checking:
            with pytest.raises(Held):
                replace_database(database)
        else:
            replace_database(database).close()

    back_up(database, target, False, replace)
