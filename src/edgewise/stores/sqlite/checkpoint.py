"""Copying the write-ahead log into the database, away from the commits that wait for the disk."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import apsw

from edgewise.stores.sqlite.connections import Connection, open_checkpointer

PAGES_MAX = 4096
"""From this length on the log is copied at once: 16 MiB of 4 KiB pages. When a reader keeps it from starting afresh,
the next attempts come after each further quarter of this."""

OVERDUE = 3
"""How many times PAGES_MAX the log may outgrow what should have been copied, before commits wait for it."""

PAGES_ALARM = 65536
"""A log of 256 MiB is worth a warning: some reader holds on to an old state, and the file cannot shrink."""

IDLE_S = 1.0
"""A shorter log is copied when nobody has written for this long."""

_logger = logging.getLogger("edgewise.store")


class Checkpointer:
    """Copies the log on a thread and a connection of its own.

    That alone never ends under constant writing, since new pages come while the old ones are copied, and the log can
    only start afresh when all of it is copied. So the writer copies the few last pages between two transactions; and
    all of them when the thread falls behind, so that the disk's speed limits the writing and not its space.

    commits: how many it learned of that wrote something.
    """

    def __init__(self, path: Path, pages_max: int = PAGES_MAX, pages_alarm: int = PAGES_ALARM) -> None:
        self._connection = open_checkpointer(path)
        self._pages_max = pages_max
        self._pages_alarm = pages_alarm
        self._alarm_at = pages_alarm
        self._due_at = pages_max
        self._pages = 0
        self.commits = 0
        self._is_asleep = False
        self._is_closing = False
        self._writer_must_finish = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="edgewise-checkpoint", daemon=True)
        self._thread.start()

    def watch(self, writer: Connection) -> None:
        """Learn of every commit of a connection."""
        writer.set_wal_hook(self._committed)

    def finish(self, writer: Connection) -> None:
        """Copy what came while the thread was copying, if it asked for that; between two transactions."""
        if self._writer_must_finish or self._pages >= self._due_at + OVERDUE * self._pages_max:
            self._writer_must_finish = False
            self._copy(writer)

    def log_bytes(self) -> int:
        """How much of the disk the log takes; 0 where it is gone."""
        try:
            return Path(self._connection.filename_wal).stat().st_size
        except OSError:
            return 0

    def close(self) -> None:
        """Stop, and leave the rest of the log to whoever closes the database."""
        self._is_closing = True
        self._wake.set()
        self._thread.join()
        self._connection.close()

    def _committed(self, _writer: Connection, _database: str, pages: int) -> int:
        if pages < self._pages:
            self._due_at, self._alarm_at = self._pages_max, self._pages_alarm
        self._pages = pages
        self.commits += 1
        if self._is_asleep or pages >= self._due_at:
            self._is_asleep = False
            self._wake.set()
        return apsw.SQLITE_OK

    def _run(self) -> None:
        commits_copied = 0
        while self._wait_until_due(commits_copied):
            commits_copied = self.commits
            pages = self._copy(self._connection)
            self._writer_must_finish = pages >= self._pages_max
            if pages >= self._alarm_at:
                self._alarm_at = 2 * pages
                _logger.warning(
                    "the write-ahead log has %d pages: a long read keeps it from shrinking", pages
                )

    def _wait_until_due(self, commits_copied: int) -> bool:
        """Return when there is something to copy, False when it is time to stop."""
        self._is_asleep = True
        if self.commits == commits_copied:
            self._wake.wait()
        self._is_asleep = False
        while True:
            self._wake.clear()
            # Asked after the clearing, which may have been of the wake-up that `close` sent.
            if self._is_closing:
                return False
            commits = self.commits
            if self._pages >= self._due_at:
                return True
            if not self._wake.wait(IDLE_S) and commits == self.commits:
                return True

    def _copy(self, connection: Connection) -> int:
        """Copy what no reader still needs from the log; answers the length of the log, 0 when it failed."""
        pages = 0
        try:
            pages = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)[0]
        except apsw.BusyError:
            pass  # the other of both, or another program, is at it
        except apsw.Error:
            _logger.warning("the write-ahead log was not copied into the database", exc_info=True)
        self._due_at = max(self._pages_max, self._pages + self._pages_max // 4)
        return pages
