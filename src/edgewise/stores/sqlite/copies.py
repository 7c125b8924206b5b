"""Files that hold a whole database: how they are checked, and how they get their names."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

import apsw

from edgewise.domain.errors import StoreError
from edgewise.stores.migrate import next_migration
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Connection
from edgewise.stores.sqlite.desk import MIGRATIONS
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.locks import FileLock, Held

BACKUP_QUERIES = load_queries(FOLDER / "backups.sql")

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database that is open, or was not closed."""

_TABLES = {
    "account": BACKUP_QUERIES.count_portals,
    "access_token": BACKUP_QUERIES.count_every_token,
    "record": BACKUP_QUERIES.count_every_record,
    "edge": BACKUP_QUERIES.count_every_link,
}
_STEPS_BETWEEN_SIGNALS = 50_000
_READ_BYTES = 1 << 20


class CopyFailed(Exception):
    """No copy came about, or a file is no whole one; the text says why."""


class Contents(NamedTuple):
    """What a whole copy holds. schema_version: of this program at most. None for what its schema has no table of."""

    schema_version: int
    portals: int | None
    tokens: int | None
    records: int | None
    links: int | None


class Progress(NamedTuple):
    """How far a copy is: bytes that are copied, of how many; or it is checked."""

    done: int
    total: int
    is_checking: bool = False


class Unfinished:
    """A file that is being made beside the one it is to become.

    path: under another name until `place`. lock: tells others that somebody is at it.
    """

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path = path
        self.lock = lock

    def sync(self) -> None:
        """Wait until the disk has it."""
        os.fsync(self.lock.descriptor)

    def place(self, final: Path, is_forced: bool) -> None:
        """Give it its name, at once and for good. Raises: CopyFailed where a file has it, unless is_forced."""
        self.sync()
        if is_forced or not link(self.path, final):
            self.path.replace(final)
        self.path.unlink(missing_ok=True)
        sync_folder(final.parent)


@contextmanager
def unfinished(final: Path) -> Iterator[Unfinished]:
    """A new file for its owner only; when the block ends without having placed it, it is gone.

    What a killed program left beside `final` is removed.
    """
    for left in final.parent.glob(f".{escape(final.name)}.*.unfinished"):
        _remove_abandoned(left)
    path = final.with_name(f".{final.name}.{token_hex(4)}.unfinished")
    with FileLock(path, is_new=True) as lock:
        try:
            yield Unfinished(path, lock)
        finally:
            for end in BESIDE:
                path.with_name(path.name + end).unlink(missing_ok=True)


def open_copy(path: Path) -> Connection:
    """A connection to an unfinished file, which nobody else has open.

    The system's locks are left alone: where a file is on a network, they would be at odds with the lock on the file.
    """
    vfs = "unix-none" if "unix-none" in apsw.vfs_names() else None
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
    try:
        connection.execute(BACKUP_QUERIES.as_copy).fetchall()
        # Python looks for signals between its own steps, and one statement here may read a whole database.
        connection.set_progress_handler(lambda: False, _STEPS_BETWEEN_SIGNALS)
    except BaseException:
        connection.close()
        raise
    return connection


def check(path: Path, name: str, journal: str) -> Contents:
    """Read a whole copy. name: what is said of it when it is none. journal: the statement that says how it is used.

    Raises: CopyFailed when it is damaged, or no database of Edgewise that this program knows.
    """
    try:
        with closing(open_copy(path)) as connection:
            damages = [str(text) for (text,) in connection.execute(BACKUP_QUERIES.integrity_check)]
            if damages != ["ok"]:
                raise CopyFailed(f"{name} is damaged: {' '.join(damages[0].split())}")
            contents = _contents(connection, name)
            connection.execute(journal).fetchall()
            return contents
    except StoreError as error:
        raise CopyFailed(f"{name} cannot be used by this program: {error}") from error
    except apsw.NotADBError as error:
        raise CopyFailed(f"{name} is not a SQLite database") from error
    except apsw.CorruptError as error:
        raise CopyFailed(f"{name} is damaged, or only a part of a database") from error
    except apsw.SQLError as error:
        raise CopyFailed(f"{name} is a SQLite database, but not one of Edgewise ({error})") from error


def _contents(connection: Connection, name: str) -> Contents:
    applied = SqliteLedger(connection).applied()
    if not applied:
        raise CopyFailed(f"{name} is a SQLite database, but not one of Edgewise")
    next_migration(MIGRATIONS, applied)
    counts = (
        connection.execute(count).get if connection.table_exists("main", table) else None
        for table, count in _TABLES.items()
    )
    return Contents(len(applied), *counts)


@contextmanager
def copy_errors(file: Path) -> Iterator[None]:
    """Raise as CopyFailed what the system says of a file."""
    try:
        yield
    except (OSError, apsw.Error) as error:
        raise CopyFailed(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def checksum_file(file: Path) -> Path:
    """Where the checksum of a backup is, in the form of `sha256sum`."""
    return file.with_name(f"{file.name}.sha256")


def digest(path: Path, copied_to: int | None = None, tell: Callable[[int], None] = lambda _: None) -> str:
    """The SHA-256 of a file, in hexadecimal digits.

    copied_to: descriptor of a file that gets the same bytes. tell: told of the bytes read so far.
    """
    found, done = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        while part := file.read(_READ_BYTES):
            found.update(part)
            if copied_to is not None:
                _write(copied_to, part)
            done += len(part)
            tell(done)
    return found.hexdigest()


def require_room(folder: Path, size: int) -> None:
    """Raises: CopyFailed where so many bytes do not fit."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise CopyFailed(
            f"{size / 2**20:,.0f} MiB do not fit into {folder}: {free / 2**20:,.0f} MiB are free"
        )


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder's files."""
    if os.name == "nt":  # where folders cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link(path: Path, final: Path) -> bool:
    """Give a file a second name; False where the system has no such thing, and nothing has that name."""
    try:
        os.link(path, final)
    except FileExistsError as error:
        raise CopyFailed(f"{final} is there already") from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EOPNOTSUPP, errno.EACCES):
            raise
        if os.path.lexists(final):
            raise CopyFailed(f"{final} is there already") from error
        return False
    return True


def free_name(wanted: Path) -> Path:
    """A name that no file has: the one wanted, or one with a number at its end."""
    found, number = wanted, 1
    while os.path.lexists(found):
        number += 1
        found = wanted.with_name(f"{wanted.name}-{number}")
    return found


def _write(descriptor: int, part: bytes) -> None:
    while part:
        part = part[os.write(descriptor, part) :]


def _remove_abandoned(path: Path) -> None:
    """Remove an unfinished file, and what SQLite made beside it, unless somebody is at it."""
    with suppress(Held, FileNotFoundError, PermissionError), FileLock(path):
        for end in BESIDE:
            path.with_name(path.name + end).unlink(missing_ok=True)
