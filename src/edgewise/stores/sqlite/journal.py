"""What the audit log is to say of the transaction under way."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain
from typing import Concatenate, ParamSpec, TypeVar

from edgewise.domain.audit import Acting, Deed
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Connection, Cursor

AUDIT_QUERIES = load_queries(FOLDER / "audit.sql")

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
                    AUDIT_QUERIES.add_eight_entries, tuple(chain.from_iterable(rows[first : first + 8]))
                )
            cursor.executemany(AUDIT_QUERIES.add_entry, rows[in_eights:])

    def forget(self) -> None:
        """Drop the entries, when what they tell is taken back."""
        self._rows = []
