"""A restore puts a whole backup in a database's place, or changes nothing; nothing of the old one gets into the new."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from edgewise.stores.sqlite import copies
from edgewise.stores.sqlite.backup import back_up
from edgewise.stores.sqlite.connections import QUERIES
from edgewise.stores.sqlite.copies import Contents, CopyFailed
from edgewise.stores.sqlite.locks import use_database
from edgewise.stores.sqlite.restore import DatabaseInUse, restoring
from tests.unit.stores.sqlite.database import CONTACT, FIRST, PORTAL, add_records, new_database

BEFORE, AFTER = 500, 700
"""How many records there were at the backup, and how many there are at the restore."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with more records than its backup, the last ones in its log: its server was killed."""
    path = tmp_path / "data" / "crm.db"
    path.parent.mkdir()
    writer = new_database(path)
    add_records(writer, CONTACT, BEFORE)
    back_up(path, tmp_path / "b.db", False, lambda _: None)
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    with writer:
        rows = [(PORTAL, CONTACT, FIRST + number, 1, "{}") for number in range(BEFORE, AFTER)]
        writer.executemany(QUERIES.add_record, rows)
    log = path.with_name("crm.db-wal")
    killed = {file: file.read_bytes() for file in (path, log)}
    writer.close()
    for file, content in killed.items():
        file.write_bytes(content)
    assert log.stat().st_size > 4096
    return path


@pytest.fixture
def backup(database: Path, tmp_path: Path) -> Path:
    return tmp_path / "b.db"


def _restore(
    backup: Path, database: Path, is_kept: bool = True, has_checksum: bool = True
) -> tuple[Contents, bool, Path | None]:
    with restoring(backup, database, has_checksum, lambda _: None) as restore:
        return restore.contents, restore.is_compared, restore.finish(is_kept)


def _count(path: Path) -> int:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        return int(connection.execute("SELECT count(*) FROM record").get)
    finally:
        connection.close()


def _names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_backup_is_in_place_and_the_old_database_beside_it(database, backup):
    contents, is_compared, kept = _restore(backup, database)
    assert (contents.records, is_compared) == (BEFORE, True)
    assert kept is not None
    assert kept.name.startswith("crm.db.before-restore-2")
    assert _names(database.parent) == ["crm.db", kept.name]
    assert (_count(database), _count(kept)) == (BEFORE, AFTER)
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_the_old_database_is_gone_where_nobody_wants_it(database, backup):
    assert _restore(backup, database, is_kept=False)[2] is None
    assert _names(database.parent) == ["crm.db"]
    assert _count(database) == BEFORE


def test_two_restores_within_a_second_keep_both_old_databases(database, backup):
    kept = [_restore(backup, database)[2] for _ in range(3)]
    assert len(set(kept)) == 3
    assert [_count(path) for path in kept if path is not None] == [AFTER, BEFORE, BEFORE]


def test_a_database_may_be_made_by_a_restore(backup, tmp_path):
    (tmp_path / "new").mkdir()
    assert _restore(backup, tmp_path / "new" / "crm.db")[2] is None
    assert _count(tmp_path / "new" / "crm.db") == BEFORE


def test_a_log_without_its_database_is_no_part_of_the_new_one(database, backup):
    database.unlink()
    _restore(backup, database)
    assert _names(database.parent) == ["crm.db"]
    assert _count(database) == BEFORE


def test_a_link_stays_and_what_it_leads_to_is_replaced(database, backup, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(database)
    _restore(backup, link)
    assert link.is_symlink()
    assert _count(database) == BEFORE


def test_a_damaged_database_is_replaced_and_kept_with_its_log(database, backup):
    log = database.with_name("crm.db-wal").read_bytes()
    database.write_bytes(b"no database" * 1000)
    kept = _restore(backup, database)[2]
    assert kept is not None
    assert _count(database) == BEFORE
    assert kept.read_bytes() == b"no database" * 1000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == log


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_database_of_another_program_is_not_replaced(backup, tmp_path, is_kept):
    path = tmp_path / "other.db"
    other = apsw.Connection(str(path))
    other.execute("CREATE TABLE note (text)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(CopyFailed, match=r"other\.db is not replaced: the file is"):
        _restore(backup, path, is_kept)
    assert (path.read_bytes(), list(tmp_path.glob("other.db?*"))) == (before, [])


def test_what_may_be_no_database_is_replaced_only_when_it_is_kept(backup, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes")
    with pytest.raises(CopyFailed, match="keep it"):
        _restore(backup, path, is_kept=False)
    assert path.read_text() == "my notes"
    kept = _restore(backup, path)[2]
    assert kept is not None
    assert kept.read_text() == "my notes"


def test_where_a_file_has_one_name_only_the_old_database_is_copied(database, backup, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    kept = _restore(backup, database)[2]
    assert kept is not None
    assert (_count(database), _count(kept)) == (BEFORE, AFTER)
    assert _names(database.parent) == ["crm.db", kept.name]


def test_a_second_name_that_a_killed_restore_gave_is_forgotten(database, backup):
    alias = database.with_name("crm.db.before-restore-20260101T000000Z")
    alias.hardlink_to(database)
    kept = _restore(backup, database)[2]
    assert kept is not None
    assert _names(database.parent) == ["crm.db", kept.name]


def _flip(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        byte = opened.read(1)
        opened.seek(-1, 1)
        opened.write(bytes([byte[0] ^ 0x01]))


def _truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _break_page(file: Path) -> None:
    connection = apsw.Connection(str(file))
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'record_key'").get
    connection.close()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4096)
        opened.write(b"\xff" * 64)


def _drop_index_entry(file: Path) -> None:
    """Every page is sound, but an index lacks a row."""
    connection = apsw.Connection(str(file))
    connection.execute("PRAGMA writable_schema = ON")
    sql = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'record_live'").get
    connection.execute("DROP INDEX record_live")
    connection.execute(f"{sql} AND record_id > {FIRST}")
    connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'record_live'", (sql,))
    connection.close()


def _foreign(file: Path) -> None:
    file.unlink()
    connection = apsw.Connection(str(file))
    connection.execute("CREATE TABLE t (a); CREATE TABLE record (a)")
    connection.close()


def _foreign_ledger(file: Path) -> None:
    _foreign(file)
    connection = apsw.Connection(str(file))
    connection.execute("CREATE TABLE schema_migration (version, applied)")
    connection.close()


def _ledger(change: str) -> Callable[[Path], None]:
    def do(file: Path) -> None:
        connection = apsw.Connection(str(file))
        connection.execute(change)
        connection.close()

    return do


NEWER = "INSERT INTO schema_migration VALUES (9999, 'later', 'x', 1)"
ALTERED = "UPDATE schema_migration SET checksum = 'x' WHERE version = 3"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_flip, "checksum"),
        (_truncate, "checksum"),
        (lambda file: file.write_bytes(b""), "empty"),
        (lambda file: file.with_name("b.db.sha256").write_text(f"{'0' * 64}  b.db\n"), "checksum"),
        (lambda file: file.with_name("b.db.sha256").write_text("garbage"), "no SHA-256"),
        (lambda file: file.with_name("b.db-wal").write_text("log"), "not closed"),
    ],
)
def test_a_backup_that_is_not_as_it_was_made_is_refused(database, backup, spoil, said):
    spoil(backup)
    with pytest.raises(CopyFailed, match=said):
        _restore(backup, database)
    assert _names(database.parent) == ["crm.db"]
    assert _count(database) == AFTER


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_truncate, "damaged"),
        (_break_page, "damaged"),
        (_drop_index_entry, "damaged"),
        (lambda file: os.truncate(file, 100), "damaged|not a SQLite"),
        (lambda file: file.write_bytes(b""), "empty"),
        (lambda file: file.write_text("no database" * 1000), "not a SQLite"),
        (_foreign, "not one of Edgewise"),
        (_foreign_ledger, "not one of Edgewise"),
        (_ledger(NEWER), "newer"),
        (_ledger(ALTERED), "cannot be used"),
    ],
)
def test_what_is_no_whole_backup_is_refused_without_a_checksum_too(database, backup, spoil, said):
    spoil(backup)
    backup.with_name("b.db.sha256").unlink()
    with pytest.raises(CopyFailed, match=said):
        _restore(backup, database)
    assert _names(database.parent) == ["crm.db"]
    assert _count(database) == AFTER


def test_whoever_knows_better_leaves_the_checksum_aside(database, backup):
    backup.with_name("b.db.sha256").write_text(f"{'0' * 64}  b.db\n")
    assert _restore(backup, database, has_checksum=False)[1] is False
    assert _count(database) == BEFORE


def test_a_backup_that_was_renamed_has_its_checksum_still(database, backup):
    moved = backup.rename(backup.with_name("moved.db"))
    backup.with_name("b.db.sha256").rename(backup.with_name("moved.db.sha256"))
    assert _restore(moved, database)[1] is True


def test_a_backup_of_an_older_schema_is_taken(database, backup):
    _ledger("DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration)")(
        backup
    )
    backup.with_name("b.db.sha256").unlink()
    assert _restore(backup, database)[0].schema_version == len(copies.MIGRATIONS) - 1


def test_the_database_is_no_backup_of_itself(database):
    with pytest.raises(CopyFailed, match="itself"):
        _restore(database, database)
    assert _count(database) == AFTER


def test_a_database_that_edgewise_has_open_is_refused(database, backup):
    with use_database(database), pytest.raises(DatabaseInUse):
        _restore(backup, database)
    assert _count(database) == AFTER


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_a_database_that_another_program_reads_is_refused(database, backup, journal):
    """One that does nothing at the moment as well, where there is a log; where there is none, one that reads."""
    other = apsw.Connection(str(database))
    other.execute(f"PRAGMA journal_mode = {journal}").fetchall()
    rows = other.execute("SELECT * FROM record") if journal == "delete" else None
    with pytest.raises(DatabaseInUse):
        _restore(backup, database)
    assert other.execute("SELECT count(*) FROM record").get == AFTER
    del rows
    other.close()


def test_a_program_that_opens_the_database_while_somebody_is_asked_is_noticed(database, backup):
    with restoring(backup, database, True, lambda _: None) as restore:
        other = apsw.Connection(str(database))
        assert other.execute("SELECT count(*) FROM record").get == AFTER
        with pytest.raises(DatabaseInUse):
            restore.finish(is_kept=True)
        other.close()
    assert _names(database.parent) == ["crm.db"]
    assert _count(database) == AFTER


def test_what_is_not_finished_changes_nothing(database, backup):
    with restoring(backup, database, True, lambda _: None) as restore:
        assert (restore.contents.records, restore.replaces) == (BEFORE, True)
    assert _names(database.parent) == ["crm.db"]
    assert _count(database) == AFTER
