"""Locks that end with the process that holds them: who uses a database, who replaces it, and whose a file is.

SQLite's own locks do not tell all: they belong to a file, and a restore puts another file in its place.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from edgewise.domain.errors import Unavailable

try:
    import fcntl
except ImportError:  # Windows, where no server runs
    fcntl = None  # type: ignore[assignment]

PATIENCE_S = 5.0
_PAUSE_S = 0.05

LOCK_END = "-lock"
"""How the name of the lock beside a database ends."""


class Held(Exception):
    """Somebody else has the lock."""


class FileLock:
    """A lock on a file that is made for it, held from construction until `close`. Raises: Held.

    The file goes with the last who holds it, unless it got another name meanwhile.
    """

    def __init__(self, path: Path, mode: int = 0o600, is_shared: bool = False, is_new: bool = False) -> None:
        self._path = path
        flags = os.O_RDWR | os.O_CREAT | (os.O_EXCL if is_new else 0)
        while True:
            self.descriptor = os.open(path, flags, mode)
            try:
                self._lock(is_shared)
                if self._is_there():  # and not removed, by who held it, between the opening and the locking
                    return
            except BlockingIOError:
                os.close(self.descriptor)
                raise Held(path) from None
            except BaseException:
                os.close(self.descriptor)
                raise
            os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let others have it."""
        with suppress(OSError):
            self._lock(is_shared=False)
            if self._is_there():
                self._path.unlink()
        os.close(self.descriptor)

    def _lock(self, is_shared: bool) -> None:
        if fcntl is not None:
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _is_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self.descriptor), self._path.stat())
        except FileNotFoundError:
            return False


def use_database(path: Path) -> FileLock:
    """Keep others from replacing a database while it is open here; many may use it at once.

    Waits a little while it is being replaced. Raises: Unavailable.
    """
    give_up_at = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _lock_database(path, is_shared=True)
        except Held as error:
            if time.monotonic() > give_up_at:
                raise Unavailable("the database is being restored") from error
        time.sleep(_PAUSE_S)


def replace_database(path: Path) -> FileLock:
    """Keep everybody else from opening a database. Raises: Held while anyone has it open."""
    return _lock_database(path, is_shared=False)


def is_used(path: Path) -> bool:
    """Whether somebody has a database open, or replaces it; False where that cannot be told."""
    try:
        descriptor = os.open(_beside(path.resolve()), os.O_RDWR)
    except OSError:  # nobody has it open, or nobody may know
        return False
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def like(path: Path, descriptor: int) -> None:
    """Give an open file the owner of another one, where that is there and ours to give: root may do work for others."""
    with suppress(FileNotFoundError, PermissionError, AttributeError):
        owner = path.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _lock_database(path: Path, is_shared: bool) -> FileLock:
    """The lock beside a database: its file is empty, and open to whoever may open the database."""
    path = path.resolve()
    beside = _beside(path)
    mode = stat.S_IMODE(path.stat().st_mode) & 0o666 if path.exists() else 0o600
    is_new = not beside.exists()
    lock = FileLock(beside, mode, is_shared)
    if is_new:
        like(path, lock.descriptor)
    return lock


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}{LOCK_END}")
