"""The audit log in SQLite, as it is read."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.audit import Action, AuditLog, Deed, Entry, Wanted
from edgewise.domain.callers import Actor
from edgewise.stores.sqlite.connections import fetch
from edgewise.stores.sqlite.desk import Desk
from edgewise.stores.sqlite.journal import AUDIT_QUERIES


class SqliteAuditLog(AuditLog):
    """See `edgewise.domain.audit.AuditLog`."""

    def __init__(self, desk: Desk) -> None:
        self._read_aside = desk.read_aside

    async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
        rows = await self._read_aside(fetch, AUDIT_QUERIES.read_after, (entry_id, *wanted, limit))
        return [_entry(*row) for row in rows]

    async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        rows = await self._read_aside(fetch, AUDIT_QUERIES.read_latest, (*wanted, limit))
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
