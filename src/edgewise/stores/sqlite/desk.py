"""Where a SQLite store reads and writes: what is open between start and close."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Concatenate, NoReturn, ParamSpec, TypeVar

import apsw

from edgewise.domain.audit import Deed, acting
from edgewise.domain.errors import DomainError, Unavailable
from edgewise.domain.figures import Condition, StoreFigures
from edgewise.stores.migrate import load_migrations, migrate
from edgewise.stores.sqlite.checkpoint import Checkpointer
from edgewise.stores.sqlite.condition import Files, Watch, probe
from edgewise.stores.sqlite.connections import (
    FOLDER,
    Cursor,
    Durability,
    create_file,
    domain_errors,
    in_domain_words,
    open_reader,
    open_writer,
)
from edgewise.stores.sqlite.definitions import Definitions
from edgewise.stores.sqlite.identity import claim, require_ours
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.locks import use_database
from edgewise.stores.sqlite.readers import Readers, Way
from edgewise.stores.sqlite.writer import Writer

MIGRATIONS = load_migrations(FOLDER / "migrations")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Desk:
    """Hands reads and writes to the connections that do them.

    is_audited: changes are noted in the audit log. query_timeout_s: what a request's reads may take, from when it came.
    """

    def __init__(self, path: Path, durability: Durability, is_audited: bool, query_timeout_s: float) -> None:
        self._path = path
        self._durability = durability
        self._is_audited = is_audited
        self._query_timeout_s = query_timeout_s
        self._opened: _Opened | None = None
        self._ending: _Opened | None = None

    def open(self) -> None:
        """Open the database and bring its schema up to date, unless it is open."""
        if self._opened is None:
            with domain_errors():
                self._opened = self._ending = _Opened(self._path, self._durability, self._query_timeout_s)

    async def close(self) -> None:
        """Finish the writes that were accepted, and give up the reads. May be called twice."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.readers.stop()
            opened.writer.refuse_more()
            await asyncio.to_thread(opened.close)
            self._ending = None

    def condition(self) -> Condition:
        """Whether writes are kept; while they are not, now and then by a write of its own."""
        opened = self._opened
        return opened.condition() if opened is not None else Condition("the store is closed")

    def stop_reading(self) -> None:
        """Give up the reads that run or wait on other threads, and take on no more of them."""
        if self._ending is not None:
            self._ending.readers.stop()

    def stop_writing(self) -> None:
        """Take back the change at hand and refuse the others; also while `close` waits for them."""
        if self._ending is not None:
            self._ending.writer.give_up()

    def figures(self) -> StoreFigures:
        """See `Store.figures`; none while it is closed."""
        opened = self._opened
        return opened.figures() if opened is not None else StoreFigures()

    def definitions(self) -> Definitions:
        """What the writer knows of the types that portals defined."""
        return (self._opened or _refuse()).definitions

    def read(
        self,
        read: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Read here and now, on the event loop."""
        opened = self._opened or _refuse()
        try:
            return read(opened.reader, *args, **kwargs)
        except Exception as error:
            told = in_domain_words(error)
            raise told from told.__cause__

    async def read_aside(
        self,
        read: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Read on another thread. Raises: TooManyReads, ReadNotReached, ReadTooLong, Stopping."""
        opened = self._opened or _refuse()
        return await opened.readers.run(read, *args, **kwargs)

    def write(
        self,
        work: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> asyncio.Future[Result]:
        """Hand over to the writer; done when it is durable."""
        opened = self._opened or _refuse()
        return opened.writer.submit(work, *args, **kwargs)

    def change(
        self,
        tell: Callable[[Result], Deed | None],
        work: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> asyncio.Future[Result]:
        """As `write`, and who acts is noted with it. tell: what the audit log says of the result, on that thread."""
        writer = (self._opened or _refuse()).writer
        if not self._is_audited:
            return writer.submit(work, *args, **kwargs)
        return writer.submit(writer.journal.do, acting.get(), tell, work, *args, **kwargs)


class _Opened:
    """What is there between start and close.

    reader: for the event loop's thread.
    """

    def __init__(self, path: Path, durability: Durability, query_timeout_s: float) -> None:
        require_ours(path)
        with ExitStack() as opening:
            self._use = opening.enter_context(use_database(path))
            create_file(path)
            self._connection = open_writer(path, durability)
            opening.callback(self._connection.close)
            migrate(SqliteLedger(self._connection), MIGRATIONS, time.time_ns() // 1_000_000)
            claim(self._connection)
            reader = open_reader(path)
            opening.callback(reader.close)
            self._checkpointer = Checkpointer(path)
            opening.pop_all()
        self.reader = reader.cursor()
        loop = asyncio.get_running_loop()
        self.readers = Readers(path, query_timeout_s, loop)
        self.definitions = Definitions()
        self._watch = Watch(Files(path, self._connection))
        self.writer = Writer(self._connection, self._checkpointer, self.definitions, self._watch, loop)

    def condition(self) -> Condition:
        """See `Store.condition`."""
        self._watch.look()
        if self._watch.is_probe_due():
            with suppress(DomainError, Unavailable):  # where it takes on no more, others try
                self.writer.submit(probe).add_done_callback(_heard)
        return self._watch.condition

    def figures(self) -> StoreFigures:
        """See `Store.figures`."""
        writer = self.writer
        return StoreFigures(
            writes_waiting=writer.waiting,
            writes_failed=writer.failed,
            group_sizes=writer.group_sizes,
            commit_s=writer.commit_s,
            log_bytes=self._checkpointer.log_bytes(),
            reads_waiting={way.value: self.readers.waiting(way) for way in Way},
            reads_running={way.value: self.readers.running(way) for way in Way},
            reads_given_up=self.readers.given_up(),
            reads_moved=self.readers.moved,
        )

    def close(self) -> None:
        """Finish what was taken on; waits, so not for the event loop's thread."""
        self.writer.join()
        self.readers.close()
        self.reader.connection.close()
        self._checkpointer.close()
        # When another program uses the database, it must not wait for this: the log stays, and is read at a start.
        self._connection.set_busy_timeout(0)
        with suppress(apsw.Error):
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        self._connection.close()
        self._use.close()


def _heard(probed: asyncio.Future[None]) -> None:
    """What became of it was told to the watch."""
    if not probed.cancelled():
        probed.exception()


def _refuse() -> NoReturn:
    raise Unavailable("the store is closed")
