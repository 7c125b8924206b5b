"""Whether writes are kept: by the last one's outcome, and by whether the path still leads to what is open."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from time import monotonic, time_ns

import apsw

from edgewise.domain.figures import SOUND, Condition
from edgewise.stores.sqlite.connections import QUERIES, Connection, Cursor

CHECK_S = 1.0
"""How often the files are looked at for who asks while nobody writes."""

COMMIT_CHECK_S = 0.001
"""How long before a commit the files were looked at, at most. To look costs a fifth of the smallest commit."""

PROBE_S = 2.0
"""How long after a failure, or after the last attempt, a write of our own finds out whether writes are kept again."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (apsw.FullError, "the disk is full"),
    (apsw.ReadOnlyError, "the database is read-only"),
    (apsw.PermissionsError, "the database is read-only"),
    (apsw.CorruptError, "the database is damaged"),
    (apsw.NotADBError, "the database is damaged"),
)
_OTHER_REASON = "the disk refuses to be written"
_logger = logging.getLogger("edgewise.store")


class FilesGone(OSError):
    """The database's path leads no longer to the files that are open: what is written to them is lost."""


class Files:
    """The database and its log, as they are when this is made.

    SQLite goes on writing to a file that was deleted or replaced, and what is written there is gone with the process.
    """

    def __init__(self, path: Path, connection: Connection) -> None:
        # The log is beside the file that SQLite found, which is another place where the path is a link.
        paths = [str(path), connection.filename_wal]
        self._files = [(each, _identity(each)) for each in paths]

    def are_there(self) -> bool:
        """Whether the paths still lead to them."""
        try:
            return all(_identity(path) == identity for path, identity in self._files)
        except OSError:
            return False


def _identity(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 -- for each group of writes; pathlib takes four times as long
    return found.st_dev, found.st_ino


class Watch:
    """What the writer knows of its condition. It is told by the writer's thread, and asked by the event loop's."""

    def __init__(self, files: Files) -> None:
        self.condition = SOUND
        self._files = files
        self._checked_at = self._probed_at = self._seen_at = monotonic()

    def require_files(self) -> None:
        """For each group of writes, before it is committed. Raises: FilesGone."""
        now = monotonic()
        if now < self._seen_at + COMMIT_CHECK_S:
            return
        if not self._files.are_there():
            raise FilesGone("the files of the database were deleted or replaced")
        self._seen_at = now

    def failed(self, error: Exception) -> None:
        """A write failed, not for what was to be written and not for another writer."""
        if isinstance(error, FilesGone):
            reason = "the files of the database were deleted or replaced"
        else:
            reason = next((told for kind, told in _REASONS if isinstance(error, kind)), _OTHER_REASON)
        before = self.condition
        if before.reason == reason:
            return
        if before is SOUND:
            self._probed_at = monotonic()
        self.condition = Condition(reason, before.since or time_ns() // 1_000_000)
        _logger.error("no write is kept: %s (%s: %s)", reason, type(error).__name__, error)

    def kept(self) -> None:
        """A write reached the disk."""
        if self.condition is not SOUND:
            self.condition = SOUND
            _logger.warning("writes are kept again")

    def look(self) -> None:
        """Look whether the files are there, unless that was done just now; for who asks while nobody writes."""
        now = monotonic()
        if now >= self._checked_at + CHECK_S:
            self._checked_at = now
            if not self._files.are_there():
                self.failed(FilesGone())

    def is_probe_due(self) -> bool:
        """Whether to write something in order to find out; answers True once in PROBE_S."""
        now = monotonic()
        if self.condition is SOUND or now < self._probed_at + PROBE_S:
            return False
        self._probed_at = now
        return True


def probe(cursor: Cursor) -> None:
    """Write something that changes nothing and has to reach the disk."""
    cursor.execute(QUERIES.write_nothing_new)
