"""The audit log in SQLite: entries are written with what they tell, and read."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from edgewise.domain.audit import Acting, Action, AuditLog, Deed, Entry, Wanted
from edgewise.domain.callers import Actor
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Connection, Cursor, fetch

if TYPE_CHECKING:
    from edgewise.stores.sqlite.desk import Desk

_QUERIES = load_queries(FOLDER / "audit.sql")

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Journal:
    """The entries of the transaction under way, for the writer's thread: they are written together before it ends."""

    def __init__(self, connection: Connection) -> None:
        self._count_changes = connection.total_changes
        self._rows: list[tuple[int | str, ...]] = []

    def do(
        self,
        cursor: Cursor,
        by: Acting,
        tell: Callable[[Result], Deed | None],
        work: Callable[Concatenate[Cursor, Arguments], Result],
        /,
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Do some work and note it, when it changed a row. tell: what the work comes to, by its result."""
        before = self._count_changes()
        result = work(cursor, *args, **kwargs)
        if self._count_changes() != before:
            deed = tell(result)
            if deed is not None:
                at = by.at if by.at is not None else time.time_ns() // 1_000_000
                self._rows.append((at, deed[0], *by.actor, deed[1], deed[2]))
        return result

    def keep(self, cursor: Cursor) -> None:
        """Write the entries, in their transaction."""
        if self._rows:
            rows, self._rows = self._rows, []
            in_eights = len(rows) - len(rows) % 8
            for first in range(0, in_eights, 8):
                cursor.execute(
                    _QUERIES.add_eight_entries, tuple(chain.from_iterable(rows[first : first + 8]))
                )
            cursor.executemany(_QUERIES.add_entry, rows[in_eights:])

    def forget(self) -> None:
        """Drop the entries, when what they tell is taken back."""
        self._rows = []


class SqliteAuditLog(AuditLog):
    """See `edgewise.domain.audit.AuditLog`."""

    def __init__(self, desk: Desk) -> None:
        self._read_aside = desk.read_aside

    async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
        rows = await self._read_aside(fetch, _QUERIES.read_after, (entry_id, *wanted, limit))
        return [_entry(*row) for row in rows]

    async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        rows = await self._read_aside(fetch, _QUERIES.read_latest, (*wanted, limit))
        return [_entry(*row) for row in reversed(rows)]


def _entry(
    entry_id: int,
    at: int,
    portal_id: int,
    token_id: int,
    app_id: int,
    user_id: int,
    name: str,
    action: str,
    details: str,
) -> Entry:
    actor = Actor(token_id, app_id, user_id, name)
    return Entry(entry_id, at, actor, Deed(portal_id, Action(action), details))
