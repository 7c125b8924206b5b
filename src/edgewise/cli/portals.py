"""The verbs about portals: create, list, show, delete."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from edgewise.cli.databases import use_store
from edgewise.cli.failures import BadUsage, Failed
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.terminal import columns, definitions, minute, moment, print_json, tell
from edgewise.cli.tokens import name_of, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from edgewise.domain.accounts import Account, Token
    from edgewise.domain.ports import Store

FIRST_ID = 1_000_002
"""The one before is the default portal, which `dev` and `token create` open without being told."""
ID_MAX = 2**53 - 1
"""The largest number that every client's JSON keeps."""

TierName = Literal["free", "starter", "professional", "enterprise"]
SWEPT_AT_ONCE = 10_000
"""Rows that one transaction removes: servers that run wait for it, for some hundredths of a second."""

UNDER_WAY_S = 1.0
"""How long a request that was let in at the last moment may take to write."""

_HEADING = ("ID", "NAME", "DOMAIN", "TIME ZONE", "TIER", "ADD-ONS", "CREATED")
_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_PortalArgument = Annotated[int, typer.Argument(min=1, metavar="ID", help="The portal.", show_default=False)]


def create(
    database: DatabaseOption,
    portal_id: Annotated[
        int | None,
        typer.Option(
            "--id",
            min=1,
            max=ID_MAX,
            metavar="ID",
            help=f"The hub id; without it, the first from {FIRST_ID} on that no portal has or had.",
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What it is called.", show_default=False)] = None,
    domain: Annotated[
        str | None, typer.Option(metavar="HOST", help="The domain that its owner works under.")
    ] = None,
    time_zone: Annotated[
        str, typer.Option(metavar="ZONE", help="Its days of calls end at midnight there, as Europe/Berlin.")
    ] = "UTC",
    tier: Annotated[
        TierName, typer.Option(help="What it subscribes to, which sets its rates.")
    ] = "enterprise",
    api_add_ons: Annotated[
        int, typer.Option(min=0, max=2, metavar="COUNT", help="Packs of further calls that it bought.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Make a portal and print its id.

    A portal is an account of a customer, with records of its own. A server may use the database meanwhile; it knows the
    portal at once.
    """
    from dataclasses import replace

    from edgewise.domain.accounts import Tier, usual_account
    from edgewise.wiring import SystemClock

    at = SystemClock().now_ms()
    told: dict[str, Any] = {"time_zone": _zone_of(time_zone), "tier": Tier(tier), "api_add_ons": api_add_ons}
    if name is not None:
        told["name"] = name_of(name)
    if domain is not None:
        told["domain"] = _host_of(domain)

    async def keep(store: Store) -> Account:
        wanted = portal_id or await store.accounts.first_free_portal_id(FIRST_ID)
        account = replace(usual_account(wanted, at), **told)
        await _add(store, account, is_chosen=portal_id is None)
        return account

    account = use_store(database, "a portal", keep, is_made=True)
    if as_json:
        print_json(_as_json(account))
        return
    typer.echo(account.portal_id)
    if sys.stdout.isatty():
        tell(f"Make a token for it: edgewise token create --database {database} --portal {account.portal_id}")


def list_portals(database: DatabaseOption, as_json: JsonOption = False) -> None:
    """List the portals of a database."""

    async def read(store: Store) -> Sequence[Account]:
        return await store.accounts.list_accounts()

    found = use_store(database, "portals", read)
    if as_json:
        print_json([_as_json(account) for account in found])
    elif found:
        typer.echo(columns([_HEADING, *map(_row, found)]))
    else:
        tell("There are no portals.")


def show(database: DatabaseOption, portal_id: _PortalArgument, as_json: JsonOption = False) -> None:
    """Show a portal, its records and its tokens."""
    from edgewise.wiring import SystemClock

    async def read(store: Store) -> tuple[Account, dict[str, int], Sequence[Token]]:
        account = await store.accounts.find_account(portal_id)
        if account is None:
            raise Failed(await _why_there_is_none(store, portal_id))
        return account, await _records_of(store, portal_id), await store.accounts.list_tokens(portal_id)

    account, records, tokens = use_store(database, "a portal", read)
    at = SystemClock().now_ms()
    states = [state_of(token, at) for token in tokens]
    counts = {state: states.count(state) for state in ("live", "expired", "revoked")}
    if as_json:
        print_json(_as_json(account) | {"records": records, "tokens": counts})
        return
    rows = list(zip(map(str.capitalize, _HEADING), _row(account), strict=True))
    rows += [("Records", _told(records)), ("Tokens", _told(counts))]
    typer.echo(definitions(rows, sys.stdout))


def delete(
    database: DatabaseOption,
    portal_id: _PortalArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a portal with all that it holds, for good.

    Its tokens open nothing from then on; a server that runs lets one in for up to 5 seconds more, if it let it in just
    before, so this waits that long and then removes what came meanwhile. It can be interrupted at any time: run again,
    it goes on. The id is never used again.
    """
    import asyncio

    from edgewise.http.auth import REMEMBERED_S
    from edgewise.wiring import SystemClock

    if not yes and not sys.stdin.isatty():
        raise BadUsage(
            "a portal is deleted after its id was typed on a terminal; where there is none, add --yes"
        )

    async def read(store: Store) -> tuple[Account, Mapping[str, int]] | None:
        account = await store.accounts.find_account(portal_id)
        if account is None and not await store.accounts.is_closed(portal_id):
            raise Failed(await _why_there_is_none(store, portal_id))
        return None if account is None else (account, await _records_of(store, portal_id))

    async def remove(store: Store) -> int:
        was_open = await store.accounts.close_account(portal_id, SystemClock().now_ms())
        swept = await _sweep(store, portal_id)
        if not was_open and not swept:
            raise Failed(await _why_there_is_none(store, portal_id))
        wait_s = REMEMBERED_S + UNDER_WAY_S
        if sys.stderr.isatty():
            tell(f"Closed. Waiting {wait_s:.0f} seconds for what servers let in before.")
        await asyncio.sleep(wait_s)
        return swept + await _sweep(store, portal_id)

    held = use_store(database, "a portal", read)
    if held is not None and not yes:
        _require_confirmation(*held)
    swept = use_store(database, "a portal", remove)
    tell(f"Portal {portal_id} is deleted; rows removed: {swept:,}.")


async def _add(store: Store, account: Account, is_chosen: bool) -> None:
    """Keep a portal. is_chosen: whether its id was found free, which somebody else may have taken since."""
    from edgewise.domain.errors import Conflict

    try:
        await store.accounts.add_account(account)
    except Conflict as error:
        if is_chosen:
            raise
        if await store.accounts.is_closed(account.portal_id):
            raise Failed(f"there was a portal {account.portal_id}, and its id is never used again") from error
        raise Failed(f"there is a portal {account.portal_id} already") from error


async def _why_there_is_none(store: Store, portal_id: int) -> str:
    if await store.accounts.is_closed(portal_id):
        return f"portal {portal_id} was deleted, and nothing is left of it"
    return f"there is no portal {portal_id}; edgewise portal list shows those there are"


async def _records_of(store: Store, portal_id: int) -> dict[str, int]:
    """How many records live, by the plural name of their object type."""
    from edgewise.data import hubspot_types

    own = (await store.portal_types(portal_id)).object_types
    names = {each.code: each.plural for each in (*hubspot_types().object_types, *own)}
    counts = await store.count_records(portal_id)
    return {names.get(code, str(code)): count for code, count in sorted(counts.items()) if count}


def _require_confirmation(account: Account, records: Mapping[str, int]) -> None:
    held = _told(records) if records else "no records"
    told = f"Portal {account.portal_id} ({account.name}) holds {held}."
    tell(f"{told} All of it will be gone, and all tokens end.")
    typer.echo("Type its id to delete it: ", err=True, nl=False)
    if sys.stdin.readline().strip() != str(account.portal_id):
        raise Failed("that is not its id; nothing was changed")


async def _sweep(store: Store, portal_id: int) -> int:
    """Remove the rows of a closed portal in slices; answers how many there were."""
    total, count = 0, SWEPT_AT_ONCE
    while count == SWEPT_AT_ONCE:
        count = await store.accounts.sweep_account(portal_id, SWEPT_AT_ONCE)
        total += count
        if total and sys.stderr.isatty():
            typer.echo(f"\rRows removed: {total:,}", err=True, nl=count < SWEPT_AT_ONCE)
    return total


def _zone_of(text: str) -> str:
    """The name of a time zone. Raises: BadUsage."""
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    zones = available_timezones() | {"UTC"}
    if text not in zones:
        near = get_close_matches(text, sorted(zones), 3, 0.6) or ["Europe/Berlin", "America/New_York", "UTC"]
        raise BadUsage(f"--time-zone: {text!r} is not an IANA time zone, such as {', '.join(near)}")
    return text


def _host_of(text: str) -> str:
    """A host name in lower case. Raises: BadUsage."""
    host = text.strip().lower()
    if not host or len(host) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in host.split(".")):
        raise BadUsage(f"--domain: {text!r} is not a host name, such as crm.example.com")
    return host


def _as_json(account: Account) -> dict[str, Any]:
    return {
        "portalId": account.portal_id,
        "name": account.name,
        "domain": account.domain,
        "timeZone": account.time_zone,
        "tier": account.tier.value,
        "apiAddOns": account.api_add_ons,
        "createdAt": moment(account.created_at),
    }


def _row(account: Account) -> tuple[str, ...]:
    texts = account.name, account.domain, account.time_zone, account.tier.value
    return str(account.portal_id), *texts, str(account.api_add_ons), minute(account.created_at)


def _told(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"
