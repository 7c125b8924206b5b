"""The verbs about tokens: create, list, revoke."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.databases import use_store
from edgewise.cli.failures import FAILED, BadUsage, Failed
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.scopes import scopes_of
from edgewise.cli.terminal import columns, complain, minute, moment, print_json, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgewise.domain.accounts import Token
    from edgewise.domain.ports import Store

_HEADING = (
    "ID", "NAME", "PORTAL", "SCOPES", "READ-ONLY", "RATE", "CREATED", "EXPIRES", "LAST USED", "STATE",
)  # fmt: skip
_UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}
_NAME_LENGTH_MAX = 200

_OpenedOption = Annotated[
    int | None,
    typer.Option(min=1, metavar="ID", help="The portal it opens; the default one, 1000001, without it."),
]
_ScopesOption = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="What it may do; every scope without it.", show_default=False),
]
_ExpiresOption = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN",
        help="In minutes, hours or days, as 30m, 12h or 30d, or as a date begins in UTC, as 2027-01-31.",
    ),
]
_RateLimitOption = Annotated[
    str | None,
    typer.Option(metavar="CALLS/TIME", help="In place of the rate of its tier, as 20/10s: to rehearse 429s."),
]


def create(
    database: DatabaseOption,
    portal: _OpenedOption = None,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "default",
    scopes: _ScopesOption = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="It changes nothing, whatever its scopes.")
    ] = False,
    expires: _ExpiresOption = None,
    rate_limit: _RateLimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it, once.

    It opens one portal: the default one, which is made if there is none, or that of --portal. The database keeps only
    its SHA-256. A server may use the database meanwhile; it takes the token at once.
    """
    from uuid import uuid4

    from edgewise.domain.accounts import BadRateLimit, Token, parse_rate_limit
    from edgewise.http.auth import token_digest
    from edgewise.settings import DEFAULT_PORTAL_ID
    from edgewise.wiring import SystemClock

    at = SystemClock().now_ms()
    text = f"pat-na1-{uuid4()}"
    try:
        limit = None if rate_limit is None else parse_rate_limit(rate_limit)
    except BadRateLimit as error:
        raise BadUsage(f"--rate-limit: {error}") from error
    token = Token(
        token_digest(text),
        DEFAULT_PORTAL_ID if portal is None else portal,
        name_of(name),
        at,
        None if scopes is None else scopes_of("--scopes", scopes),
        read_only,
        None if expires is None else expiry_of(expires, at),
        limit,
    )

    async def keep(store: Store) -> Token:
        if portal is None:
            from edgewise.wiring import ensure_portal

            await ensure_portal(store, DEFAULT_PORTAL_ID, at, "name another one with --portal")
        elif await store.accounts.find_account(portal) is None:
            raise Failed(f"there is no portal {portal}; edgewise portal list shows those there are")
        return await store.accounts.add_token(token)

    kept = use_store(database, "a token", keep, is_made=portal is None)
    if as_json:
        created = {"token": text} | _as_json(kept, at)
        print_json({key: created[key] for key in created if key not in ("revokedAt", "lastUsedAt", "state")})
        return
    typer.echo(text)
    if sys.stdout.isatty():
        tell("Keep it now: it cannot be shown again.")


def list_tokens(
    database: DatabaseOption,
    portal: Annotated[int | None, typer.Option(min=1, metavar="ID", help="Of one portal only.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List tokens: what each may do, when it was last used, to the minute, and whether it still opens its portal.

    The tokens themselves cannot be shown: the database has only their SHA-256.
    """
    from edgewise.wiring import SystemClock

    async def read(store: Store) -> Sequence[Token]:
        if portal is not None and await store.accounts.find_account(portal) is None:
            raise Failed(f"there is no portal {portal}; edgewise portal list shows those there are")
        return await store.accounts.list_tokens(portal)

    found = use_store(database, "tokens", read)
    at = SystemClock().now_ms()
    if as_json:
        print_json([_as_json(token, at) for token in found])
    elif found:
        typer.echo(columns([_HEADING, *(_row(token, at) for token in found)]))
    else:
        tell("There are no tokens." if portal is None else f"Portal {portal} has no tokens.")


def revoke(
    database: DatabaseOption,
    token_ids: Annotated[
        list[int], typer.Argument(metavar="ID...", help="As `edgewise token list` has them.")
    ],
    as_json: JsonOption = False,
) -> None:
    """End tokens, by their ids.

    A server that runs lets a token in for up to 5 seconds more, if it let it in just before. Where a token cannot be
    ended, the others are all the same.
    """
    from edgewise.wiring import SystemClock

    at = SystemClock().now_ms()

    async def end(store: Store) -> tuple[list[int], list[str]]:
        ended, refused = [], []
        tokens = {token.token_id: token for token in await store.accounts.list_tokens(None)}
        for token_id in dict.fromkeys(token_ids):
            token = tokens.get(token_id)
            if token is None:
                refused.append(f"there is no token {token_id}; edgewise token list shows those there are")
            elif await store.accounts.revoke_token(token_id, at):
                ended.append(token_id)
            else:
                refused.append(
                    f"token {token_id} was revoked before: {moment(token.revoked_at) or 'just now'}"
                )
        return ended, refused

    ended, refused = use_store(database, "tokens", end)
    if as_json:
        print_json([{"id": token_id, "revokedAt": moment(at)} for token_id in ended])
    elif ended:
        names = ", ".join(map(str, ended))
        tell(f"Revoked: {names}. Servers that run refuse it within 5 seconds.")
    for reason in refused:
        complain(reason)
    if refused:
        raise typer.Exit(FAILED)


def name_of(text: str) -> str:
    """What something is called. Raises: BadUsage."""
    name = text.strip()
    if not name or len(name) > _NAME_LENGTH_MAX or not name.isprintable():
        raise BadUsage(f"--name takes 1 to {_NAME_LENGTH_MAX} printable characters, not {text!r}")
    return name


def expiry_of(text: str, at: int) -> int:
    """When a token ends that is made at a time, both milliseconds since the epoch. Raises: BadUsage."""
    from datetime import UTC, datetime

    from edgewise.wire.times import timestamp

    examples = "write 30m, 12h, 30d or a date such as 2027-01-31"
    match = re.fullmatch(r"(\d{1,6})([mhd])", text, re.ASCII)
    if match is not None:
        ends = at + int(match[1]) * _UNIT_MS[match[2]]
    else:
        try:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError as error:
            raise BadUsage(f"--expires: {text!r} is not a time; {examples}") from error
        ends = int(day.timestamp() * 1000)
    if ends <= at:
        raise BadUsage(f"--expires: {text} is over: it would be {timestamp(ends)}; {examples}")
    return ends


def state_of(token: Token, at: int) -> str:
    """`live`, `expired` or `revoked`."""
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= at else "live"


def _as_json(token: Token, at: int) -> dict[str, Any]:
    return {
        "id": token.token_id,
        "name": token.name,
        "portalId": token.portal_id,
        "appId": token.app_id or None,
        "userId": token.user_id or None,
        "scopes": None if token.scopes is None else list(token.scopes),
        "isReadOnly": token.is_read_only,
        "rateLimit": None if token.rate_limit is None else str(token.rate_limit),
        "createdAt": moment(token.created_at),
        "expiresAt": moment(token.expires_at),
        "revokedAt": moment(token.revoked_at),
        "lastUsedAt": moment(token.last_used_at),
        "state": state_of(token, at),
    }


def _row(token: Token, at: int) -> tuple[str, ...]:
    identity = str(token.token_id), token.name, str(token.portal_id)
    allowed = _compact(token.scopes), "yes" if token.is_read_only else "no"
    rate = "" if token.rate_limit is None else str(token.rate_limit)
    times = (token.created_at, token.expires_at, token.last_used_at)
    return *identity, *allowed, rate, *(minute(time) for time in times), state_of(token, at)


def _compact(scopes: Sequence[str] | None) -> str:
    """Scopes in a few characters: the first, and how many more there are."""
    if scopes is None:
        return "all"
    return "none" if not scopes else scopes[0] + (f" +{len(scopes) - 1}" if len(scopes) > 1 else "")
