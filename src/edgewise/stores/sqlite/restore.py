"""Restores: a backup takes the place of a database, whole or not at all."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from glob import escape
from pathlib import Path

import apsw

from edgewise.domain.errors import ForeignDatabase
from edgewise.stores.sqlite.connections import domain_errors
from edgewise.stores.sqlite.copies import (
    BACKUP_QUERIES,
    BESIDE,
    Contents,
    CopyFailed,
    Progress,
    Unfinished,
    check,
    checksum_file,
    copy_errors,
    digest,
    free_name,
    link,
    require_room,
    sync_folder,
    unfinished,
)
from edgewise.stores.sqlite.identity import is_sqlite, require_ours
from edgewise.stores.sqlite.locks import Held, like, replace_database

_CHECKSUM_LINE = re.compile(r"([0-9a-fA-F]{64})(?:[ \t]+[*]?(.*))?", re.ASCII)


class DatabaseInUse(Exception):
    """A database that a program has open, even if it does nothing."""


class Restore:
    """A backup that was read, checked and copied beside the database that it is to replace.

    contents: of the backup. is_compared: whether there was a checksum, which it has. replaces: whether there is a
    database that holds anything.
    """

    def __init__(self, database: Path, copy: Unfinished, contents: Contents, is_compared: bool) -> None:
        self._database = database
        self._copy = copy
        self.contents = contents
        self.is_compared = is_compared
        self.replaces = database.exists() and database.stat().st_size > 0

    def finish(self, is_kept: bool) -> Path | None:
        """Put the backup in the database's place; at every moment one of both is there, and whole.

        is_kept: the old database stays beside the new one under another name, which is answered.
        Raises: DatabaseInUse; CopyFailed, also where what would be gone may not be a database at all.
        """
        database = self._database
        if self.replaces and not is_kept and not is_sqlite(database):
            raise CopyFailed(f"{database} is too damaged to tell whose it is, or no database; keep it")
        with copy_errors(database):
            _settle(database)
            kept = self._keep() if is_kept and self.replaces else None
            for (
                end
            ) in BESIDE:  # of a database that could not be settled; SQLite would take it for the new one's
                database.with_name(database.name + end).unlink(missing_ok=True)
            sync_folder(database.parent)
            self._copy.place(database, is_forced=True)
            return kept

    def _keep(self) -> Path:
        """Give the old database, with what is beside it, a second name."""
        at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        kept = free_name(self._database.with_name(f"{self._database.name}.before-restore-{at}"))
        for end in ("", *BESIDE):
            if end != "-shm":
                _give_second_name(
                    self._database.with_name(self._database.name + end), kept.with_name(kept.name + end)
                )
        sync_folder(kept.parent)
        return kept


@contextmanager
def restoring(
    backup: Path, database: Path, has_checksum: bool, tell: Callable[[Progress], None]
) -> Iterator[Restore]:
    """Check a backup, and keep everybody from opening the database until the block ends.

    has_checksum: compare it with the file beside the backup, if there is one.
    Raises: DatabaseInUse, Unavailable; CopyFailed when the backup is damaged, or is none.
    """
    database = database.resolve()
    with _alone(database), copy_errors(backup), unfinished(database) as copy:
        _require_ours(database)
        if database.exists() and backup.samefile(database):
            raise CopyFailed(f"{backup} is the database itself")
        is_compared = _copy(backup, copy, has_checksum, tell)
        tell(Progress(0, 0, is_checking=True))
        contents = check(copy.path, str(backup), BACKUP_QUERIES.with_log)
        like(database, copy.lock.descriptor)
        yield Restore(database, copy, contents, is_compared)


def _require_ours(database: Path) -> None:
    """Refuse to replace a database of another program. Raises: CopyFailed."""
    with copy_errors(database), suppress(apsw.NotADBError, apsw.CorruptError):
        try:
            require_ours(database)
        except ForeignDatabase as error:
            if is_sqlite(database):
                raise CopyFailed(f"{database} is not replaced: {error}") from error


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Keep everybody else from a database. Raises: DatabaseInUse, Unavailable."""
    with ExitStack() as lock:
        with domain_errors():
            try:
                lock.enter_context(replace_database(database))
            except Held as error:
                raise DatabaseInUse from error
            _forget_second_names(database)
            _settle(database)
        yield


def _settle(database: Path) -> None:
    """Move into the file of a database what is beside it, unless it is too damaged for that.

    Raises: DatabaseInUse when a program has it open, Edgewise or not.
    """
    if not database.exists():
        return
    try:
        with closing(apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)) as connection:
            connection.execute(BACKUP_QUERIES.as_sole_user).fetchall()
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    except apsw.BusyError as error:
        raise DatabaseInUse from error
    except (apsw.NotADBError, apsw.CorruptError):
        pass


def _copy(backup: Path, copy: Unfinished, has_checksum: bool, tell: Callable[[Progress], None]) -> bool:
    """Copy a backup; answers whether its checksum was compared. Raises: CopyFailed."""
    size = backup.stat().st_size
    if not size:
        raise CopyFailed(f"{backup} is empty")
    log = backup.with_name(f"{backup.name}-wal")
    if log.exists() and log.stat().st_size:
        raise CopyFailed(
            f"{backup} is not a backup but a database that was not closed: {log.name} beside it holds a part of it; "
            f"make a backup of it first: edgewise backup --database sqlite:///{backup} --to FILE"
        )
    require_room(copy.path.parent, size)
    wanted = _wanted_digest(backup) if has_checksum else None
    found = digest(backup, copy.lock.descriptor, lambda done: tell(Progress(done, size)))
    if wanted is not None and wanted != found:
        raise CopyFailed(
            f"{backup} is damaged or was changed: it does not have the checksum of its .sha256 file"
        )
    return wanted is not None


def _wanted_digest(backup: Path) -> str | None:
    """What the checksum file says, None where there is none. Raises: CopyFailed when it says nothing of the backup."""
    file = checksum_file(backup)
    if not file.exists():
        return None
    found = [
        match
        for line in file.read_text("utf-8", "replace").splitlines()
        if (match := _CHECKSUM_LINE.fullmatch(line))
    ]
    named = [match for match in found if match[2] == backup.name] or found
    if len(named) != 1:
        raise CopyFailed(f"{file} has no SHA-256 of {backup.name}")
    return named[0][1].lower()


def _forget_second_names(database: Path) -> None:
    """Remove what a restore that was killed gave as second names to files that are still in use."""
    for end in ("", *BESIDE):
        file = database.with_name(database.name + end)
        for other in database.parent.glob(f"{escape(database.name)}.before-restore-*"):
            if file.exists() and other.samefile(file):
                other.unlink()


def _give_second_name(file: Path, other: Path) -> None:
    """Let a file be found by another name too; where the system has no such thing, a copy of it. No file: nothing."""
    if file.exists() and not link(file, other):
        with unfinished(other) as copy:
            digest(file, copy.lock.descriptor)
            copy.place(other, is_forced=False)
