"""Backups: a copy of a database as it is at one moment, made while servers write to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import apsw

from edgewise.stores.migrate import next_migration
from edgewise.stores.sqlite.connections import Connection, domain_errors, open_reader
from edgewise.stores.sqlite.copies import (
    BACKUP_QUERIES,
    BESIDE,
    Contents,
    CopyFailed,
    Progress,
    check,
    checksum_file,
    copy_errors,
    digest,
    open_copy,
    require_room,
    unfinished,
)
from edgewise.stores.sqlite.desk import MIGRATIONS
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.locks import LOCK_END, use_database

PAGES_AT_ONCE = 1024
"""4 MiB of 4 KiB pages: a few milliseconds, after which a signal is heard and progress is told."""


class Backup(NamedTuple):
    """A backup that was made. size: in bytes. sha256: of the file, in hexadecimal digits."""

    file: Path
    checksum_file: Path
    size: int
    sha256: str
    contents: Contents
    seconds: float


def back_up(database: Path, file: Path, is_forced: bool, tell: Callable[[Progress], None]) -> Backup:
    """Copy a database into a file, check the copy, and write its checksum beside it.

    It holds every change that was answered before it began, and nothing of those that were not. Writers are not kept
    waiting; but the write-ahead log cannot start afresh until all pages are copied, so it grows by what is written.
    is_forced: another file may have that name, but neither a database that was not closed nor what belongs to one.
    Raises: CopyFailed, and no file has the name that had not; Unavailable, NewerDatabase, AlteredMigration.
    """
    started = time.monotonic()
    with copy_errors(file):
        if not is_forced and file.exists():
            raise CopyFailed(f"{file} is there already; --force replaces it")
        _require_harmless(database, file)
        with unfinished(file) as copy:
            _copy(database, copy.path, tell)
            tell(Progress(copy.path.stat().st_size, 0, is_checking=True))
            contents = check(copy.path, "the copy", BACKUP_QUERIES.without_log)
            sha256, size = digest(copy.path), copy.path.stat().st_size
            beside = checksum_file(file)
            if is_forced:  # so that it never stands beside a file that it is not of
                beside.unlink(missing_ok=True)
            copy.place(file, is_forced)
        _write_checksum(beside, sha256, file.name)
    return Backup(file, beside, size, sha256, contents, time.monotonic() - started)


def _require_harmless(database: Path, file: Path) -> None:
    """Refuse to put a backup where a database, or what belongs to one, would be lost. Raises: CopyFailed."""
    if file.exists() and not file.is_file():
        raise CopyFailed(f"{file} is not a regular file")
    source, target = database.resolve(), file.parent.resolve() / file.name
    for end in ("", *BESIDE, LOCK_END):
        own = source.with_name(source.name + end)
        if own == target or (own.exists() and file.exists() and own.samefile(file)):
            raise CopyFailed(f"{file} belongs to the database itself")
    for end in BESIDE:
        if file.with_name(file.name + end).exists():
            raise CopyFailed(f"{file} is a database that is in use or was not closed")


def _write_checksum(beside: Path, sha256: str, name: str) -> None:
    with unfinished(beside) as text:
        text.path.write_text(f"{sha256}  {name}\n", "utf-8")
        text.place(beside, is_forced=True)


def _copy(database: Path, path: Path, tell: Callable[[Progress], None]) -> None:
    """Copy every page as it was when this began: all within one transaction, which no writer disturbs.

    Without it the copying would begin anew whenever somebody wrote, and never end under load.
    """
    with closing(open_copy(path)) as copy, _reading(database) as source:
        next_migration(MIGRATIONS, SqliteLedger(source).applied())
        page_bytes = int(source.pragma("page_size"))
        total = int(source.pragma("page_count")) * page_bytes
        require_room(path.parent, total)
        with copy.backup("main", source, "main") as backup:
            while not backup.done:
                _step(backup)
                tell(Progress(total - backup.remaining * page_bytes, total))


@contextmanager
def _reading(database: Path) -> Iterator[Connection]:
    """A database as it is now, for as long as the block takes."""
    with domain_errors(), use_database(database), closing(open_reader(database)) as source:
        source.execute(BACKUP_QUERIES.as_copied).fetchall()
        source.execute(BACKUP_QUERIES.pin).fetchall()
        yield source


def _step(backup: apsw.Backup) -> None:
    try:
        backup.step(PAGES_AT_ONCE)
    except apsw.FullError as error:
        raise CopyFailed("there is no room left where the backup is written") from error
    except apsw.IOError as error:
        # The copy is all that is written. The driver's types do not tell that errors have this.
        if getattr(error, "extendedresult", None) != apsw.SQLITE_IOERR_WRITE:
            raise
        raise CopyFailed("the disk refuses to be written where the backup is to be") from error
