"""The verb that shows the audit log."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from edgewise.cli.databases import use_store
from edgewise.cli.failures import INTERRUPTED, BadUsage
from edgewise.cli.options import DatabaseOption
from edgewise.cli.terminal import moment, tell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgewise.domain.audit import Entry, Wanted
    from edgewise.domain.ports import Store

Action = Literal[
    "links.put",
    "links.remove",
    "labels.change",
    "limits.change",
    "types.add",
    "schemas.change",
    "properties.change",
    "pipelines.change",
    "records.create_linked",
    "records.archive",
    "records.merge",
    "records.purge",
    "portal.create",
    "portal.delete",
    "token.create",
    "token.revoke",
    "app.create",
    "app.rotate_secret",
    "app.authorize",
    "grant.revoke",
]
_PAGE = 500
_FOLLOW_S = 1.0
_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def audit(
    database: DatabaseOption,
    portal: Annotated[int | None, typer.Option(min=1, metavar="ID", help="Of one portal only.")] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="From a time on, in UTC, as 2026-11-24 or 2026-11-24T10:30, or so long ago, as 90s, 30m, 2h or 7d.",
        ),
    ] = None,
    action: Annotated[
        Action | None, typer.Option(metavar="ACTION", help="Of one kind only, as links.put or token.create.")
    ] = None,
    token: Annotated[
        int | None, typer.Option(min=1, metavar="ID", help="What one token did, by its id.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, metavar="COUNT", help="The latest so many entries; 0 for all.")
    ] = 100,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what is added, until Ctrl-C.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a JSON object for each entry, one a line, with all it tells."),
    ] = False,
) -> None:
    """Show who changed which links, types, properties, pipelines, tokens, apps and portals, and when.

    The latest entry comes last; times are in UTC. Servers may use the database meanwhile.
    """
    from edgewise.domain.audit import Action as Kind
    from edgewise.domain.audit import Wanted
    from edgewise.wiring import SystemClock

    now = SystemClock().now_ms()
    wanted = Wanted(
        portal,
        None if since is None else since_of(since, now),
        None if action is None else Kind(action),
        token,
    )

    async def show(store: Store) -> None:
        printer = _Printer(store, as_json)
        last_id = await _print_latest(store, printer, wanted, limit)
        if not follow and not printer.count:
            tell("Nothing of that kind is in the audit log.")
        while follow:
            await asyncio.sleep(_FOLLOW_S)
            last_id = await _print_after(store, printer, wanted, last_id)

    try:
        use_store(database, "an audit log", show)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


class _Printer:
    """Prints entries. count: how many so far."""

    def __init__(self, store: Store, as_json: bool) -> None:
        self._store = store
        self._as_json = as_json
        self._names: dict[int, dict[str, str]] = {}
        self.count = 0

    async def print(self, entries: Iterable[Entry]) -> None:
        from edgewise.cli.audit_lines import line

        for entry in entries:
            if self._as_json:
                typer.echo(json.dumps(_as_json(entry), ensure_ascii=False))
            else:
                typer.echo(line(entry, await self._object_types(entry.deed.portal_id)))
            self.count += 1

    async def _object_types(self, portal_id: int) -> dict[str, str]:
        """The plural names of a portal's object types by their ids."""
        from edgewise.data import hubspot_types

        if portal_id not in self._names:
            own = (await self._store.portal_types(portal_id)).object_types
            self._names[portal_id] = {each.id: each.plural for each in (*hubspot_types().object_types, *own)}
        return self._names[portal_id]


async def _print_latest(store: Store, printer: _Printer, wanted: Wanted, limit: int) -> int:
    """Print the last entries, all of them for 0; answers the id to go on from."""
    from edgewise.domain.audit import Wanted

    if not limit:
        return await _print_after(store, printer, wanted, 0)
    ends = await store.audit.read_latest(Wanted(), 1)
    found = await store.audit.read_latest(wanted, limit + 1)
    await printer.print(found[-limit:])
    if len(found) > limit:
        tell(f"These are the latest {limit}; --limit 0 shows all.")
    return max((entry.entry_id for entry in (*ends, *found)), default=0)


async def _print_after(store: Store, printer: _Printer, wanted: Wanted, entry_id: int) -> int:
    """Print what follows an entry; answers the id of the last one."""
    while page := await store.audit.read_after(wanted, entry_id, _PAGE):
        await printer.print(page)
        entry_id = page[-1].entry_id
    return entry_id


def since_of(text: str, now: int) -> int:
    """A time, in milliseconds since the epoch: a date, a date and time in UTC, or so long before `now`.

    Raises: BadUsage.
    """
    from datetime import UTC, datetime

    ago = re.fullmatch(r"(\d{1,6})([smhd])", text.strip(), re.ASCII)
    if ago is not None:
        return now - int(ago[1]) * _UNIT_MS[ago[2]]
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadUsage(
            f"--since: {text!r} is not a time; write 2026-11-24, 2026-11-24T10:30 or, for so long ago, 2h"
        ) from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def _as_json(entry: Entry) -> dict[str, Any]:
    token_id, app_id, user_id, name = entry.actor
    return {
        "id": entry.entry_id,
        "at": moment(entry.at),
        "portalId": entry.deed.portal_id,
        "actor": {"tokenId": token_id, "appId": app_id, "userId": user_id, "name": name},
        "action": entry.deed.action.value,
        "details": json.loads(entry.deed.details),
    }
