"""Portals, tokens and apps in SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from edgewise.domain import audit_deeds
from edgewise.domain.account_ports import Accounts
from edgewise.domain.accounts import (
    Account,
    App,
    Code,
    Granted,
    RateLimit,
    RefreshToken,
    Tier,
    Token,
    TokenUse,
)
from edgewise.domain.audit import Deed
from edgewise.domain.errors import Conflict
from edgewise.stores.sql import load_queries
from edgewise.stores.sqlite.connections import FOLDER, Cursor, fetch
from edgewise.stores.sqlite.desk import Desk

_QUERIES = load_queries(FOLDER / "accounts.sql")
_SWEEPS = (
    _QUERIES.sweep_job,  # first, so that no worker takes one
    _QUERIES.sweep_edge,
    _QUERIES.sweep_record_value,
    _QUERIES.sweep_property_version,
    _QUERIES.sweep_record,
    _QUERIES.sweep_record_count,  # behind the records, whose triggers change it
    _QUERIES.sweep_merged_record,
    _QUERIES.sweep_purged_record,
    _QUERIES.sweep_portal_limit,
    _QUERIES.sweep_portal_association_type,
    _QUERIES.sweep_portal_object_type,
    _QUERIES.sweep_portal_schema,
    _QUERIES.sweep_portal_pipeline,
    _QUERIES.sweep_portal_property,
    _QUERIES.sweep_portal_property_group,
    _QUERIES.sweep_portal,
)


class SqliteAccounts(Accounts):
    """See `edgewise.domain.account_ports.Accounts`."""

    def __init__(self, desk: Desk) -> None:
        self._read = desk.read
        self._read_aside = desk.read_aside
        self._write = desk.write
        self._change = desk.change

    async def add_account(self, account: Account) -> None:
        await self._change(lambda _: audit_deeds.portal_created(account), _add_account, account)

    async def find_account(self, portal_id: int) -> Account | None:
        rows = self._read(fetch, _QUERIES.find_account, (portal_id,))
        return _account(*rows[0]) if rows else None

    async def list_accounts(self) -> Sequence[Account]:
        return [_account(*row) for row in self._read(fetch, _QUERIES.list_accounts, ())]

    async def first_free_portal_id(self, first: int) -> int:
        portal_id: int = self._read(fetch, _QUERIES.first_free_portal_id, (first,))[0][0]
        return portal_id

    async def close_account(self, portal_id: int, at: int) -> bool:
        return await self._change(
            lambda _: audit_deeds.portal_deleted(portal_id), _close_account, portal_id, at
        )

    async def is_closed(self, portal_id: int) -> bool:
        return bool(self._read(fetch, _QUERIES.is_closed, (portal_id,)))

    async def sweep_account(self, portal_id: int, rows_max: int) -> int:
        return await self._write(_sweep_account, portal_id, rows_max)

    async def add_token(self, token: Token) -> Token:
        return await self._change(audit_deeds.token_created, _add_token, token)

    async def find_token(self, digest: bytes) -> Token | None:
        rows = self._read(fetch, _QUERIES.find_token, (digest,))
        return _token(*rows[0]) if rows else None

    async def list_tokens(self, portal_id: int | None) -> Sequence[Token]:
        if portal_id is None:
            rows = await self._read_aside(fetch, _QUERIES.list_all_tokens, ())
        else:
            rows = await self._read_aside(fetch, _QUERIES.list_tokens, (portal_id,))
        return [_token(*row) for row in rows]

    async def count_tokens(self) -> int:
        count: int = self._read(fetch, _QUERIES.count_tokens, ())[0][0]
        return count

    async def revoke_token(self, token_id: int, at: int) -> bool:
        return await self._change(_token_revoked, fetch, _QUERIES.revoke_token, (token_id, at)) != []

    async def note_token_uses(self, uses: Sequence[TokenUse]) -> None:
        await self._write(_note_token_uses, uses)

    async def add_app(self, app: App) -> App:
        return await self._change(audit_deeds.app_created, _add_app, app)

    async def find_app(self, client_id: str) -> App | None:
        rows = self._read(fetch, _QUERIES.find_app, (client_id,))
        return _app(*rows[0]) if rows else None

    async def read_app(self, app_id: int) -> App | None:
        rows = self._read(fetch, _QUERIES.read_app, (app_id,))
        return _app(*rows[0]) if rows else None

    async def list_apps(self) -> Sequence[App]:
        return [_app(*row) for row in self._read(fetch, _QUERIES.list_apps, ())]

    async def change_app_secret(self, client_id: str, secret_digest: bytes) -> bool:
        bindings = (client_id, secret_digest)
        return await self._change(_secret_rotated, fetch, _QUERIES.change_app_secret, bindings) != []

    async def add_code(self, code: Code) -> None:
        await self._change(lambda _: audit_deeds.app_authorized(code), _add_code, code)

    async def exchange_code(
        self, digest: bytes, at: int, decide: Callable[[Code], Granted]
    ) -> Granted | None:
        outcome = await self._change(audit_deeds.code_exchanged, _exchange_code, digest, at, decide)
        return None if isinstance(outcome, Code) else outcome

    async def find_refresh_token(self, digest: bytes) -> RefreshToken | None:
        rows = self._read(fetch, _QUERIES.find_refresh_token, (digest,))
        return _refresh_token(*rows[0]) if rows else None

    async def revoke_refresh_token(self, digest: bytes, at: int) -> bool:
        return await self._change(_grant_revoked, fetch, _QUERIES.revoke_refresh_token, (digest, at)) != []

    async def purge_expired(self, before: int) -> int:
        return await self._write(_purge_expired, before)


def _add_account(cursor: Cursor, a: Account) -> None:
    row = a.portal_id, a.name, a.domain, a.time_zone, a.tier.value, a.created_at, a.api_add_ons
    cursor.execute(_QUERIES.add_account, row)


def _close_account(cursor: Cursor, portal_id: int, at: int) -> bool:
    if not fetch(cursor, _QUERIES.close_account, (portal_id, at)):
        return False
    cursor.execute(_QUERIES.remove_tokens_of_portal, (portal_id,))
    cursor.execute(_QUERIES.remove_codes_of_portal, (portal_id,))
    cursor.execute(_QUERIES.remove_refresh_tokens_of_portal, (portal_id,))
    cursor.execute(_QUERIES.remove_apps_of_portal, (portal_id,))
    return True


def _sweep_account(cursor: Cursor, portal_id: int, rows_max: int) -> int:
    if not fetch(cursor, _QUERIES.is_closed, (portal_id,)):
        return 0
    swept = 0
    for sweep in _SWEEPS:
        if swept < rows_max:
            swept += len(fetch(cursor, sweep, (portal_id, rows_max - swept)))
    return swept


def _add_token(cursor: Cursor, t: Token) -> Token:
    limit = t.rate_limit or (None, None)
    scopes = None if t.scopes is None else json.dumps(t.scopes)
    identity = t.digest, t.portal_id, t.name, t.created_at, scopes, t.is_read_only, t.expires_at
    rows = fetch(cursor, _QUERIES.add_token, (*identity, *limit, t.app_id, t.user_id, t.code_digest))
    if not rows:
        raise Conflict("the portal does not exist")
    return replace(t, token_id=rows[0][0])


def _note_token_uses(cursor: Cursor, uses: Sequence[TokenUse]) -> None:
    cursor.executemany(_QUERIES.note_token_use, uses)


def _add_app(cursor: Cursor, a: App) -> App:
    lists = json.dumps(a.scopes), json.dumps(a.redirect_uris)
    identity = a.client_id, a.secret_digest, a.name, a.portal_id
    row = *identity, *lists, a.created_at, json.dumps(a.optional_scopes), a.is_public
    rows = fetch(cursor, _QUERIES.add_app, row)
    if not rows:
        raise Conflict("the portal does not exist")
    return replace(a, app_id=rows[0][0])


def _add_code(cursor: Cursor, c: Code) -> None:
    identity = c.digest, c.app_id, c.portal_id, c.user_id
    row = *identity, json.dumps(c.scopes), c.redirect_uri, c.challenge, c.expires_at
    if not fetch(cursor, _QUERIES.add_code, row):
        raise Conflict("the portal does not exist")


def _exchange_code(
    cursor: Cursor, digest: bytes, at: int, decide: Callable[[Code], Granted]
) -> Granted | Code | None:
    """As `Accounts.exchange_code`; answers the code when it was used before."""
    rows = fetch(cursor, _QUERIES.read_code, (digest,))
    if not rows:
        return None
    code = _code(*rows[0])
    if code.used_at is not None:
        cursor.execute(_QUERIES.revoke_tokens_of_code, (digest, at))
        cursor.execute(_QUERIES.revoke_refresh_tokens_of_code, (digest, at))
        return code
    granted = decide(code)
    t = granted.refresh_token
    identity = t.digest, t.app_id, t.portal_id, t.user_id
    kept = _add_token(cursor, granted.token)
    cursor.execute(_QUERIES.add_refresh_token, (*identity, json.dumps(t.scopes), t.created_at, t.code_digest))
    cursor.execute(_QUERIES.use_code, (digest, at))
    return granted._replace(token=kept)


def _purge_expired(cursor: Cursor, before: int) -> int:
    codes = fetch(cursor, _QUERIES.remove_expired_codes, (before,))
    tokens = fetch(cursor, _QUERIES.remove_expired_tokens, (before,))
    return len(codes) + len(tokens)


def _token_revoked(rows: list[tuple[int, int, str]]) -> Deed:
    return audit_deeds.token_revoked(*rows[0])


def _secret_rotated(rows: list[tuple[int, int, str]]) -> Deed:
    return audit_deeds.app_secret_rotated(*rows[0])


def _grant_revoked(rows: list[Any]) -> Deed:
    return audit_deeds.grant_revoked(_refresh_token(*rows[0]))


def _account(
    portal_id: int, name: str, domain: str, time_zone: str, tier: str, created_at: int, api_add_ons: int
) -> Account:
    return Account(portal_id, name, domain, time_zone, Tier(tier), created_at, api_add_ons)


def _token(
    digest: bytes,
    portal_id: int,
    name: str,
    created_at: int,
    scopes: str | None,
    is_read_only: int,
    expires_at: int | None,
    limit_amount: int | None,
    limit_seconds: int | None,
    app_id: int,
    user_id: int,
    code_digest: bytes | None,
    revoked_at: int | None,
    last_used_at: int | None,
    token_id: int,
) -> Token:
    granted = None if scopes is None else tuple(json.loads(scopes))
    return Token(
        digest,
        portal_id,
        name,
        created_at,
        granted,
        bool(is_read_only),
        expires_at,
        None if limit_amount is None or limit_seconds is None else RateLimit(limit_amount, limit_seconds),
        app_id,
        user_id,
        code_digest,
        revoked_at,
        last_used_at,
        token_id,
    )


def _app(
    client_id: str,
    secret_digest: bytes,
    name: str,
    portal_id: int,
    scopes: str,
    redirect_uris: str,
    created_at: int,
    optional_scopes: str,
    is_public: int,
    app_id: int,
) -> App:
    return App(
        client_id,
        secret_digest,
        name,
        portal_id,
        tuple(json.loads(scopes)),
        tuple(json.loads(redirect_uris)),
        created_at,
        tuple(json.loads(optional_scopes)),
        bool(is_public),
        app_id,
    )


def _code(
    digest: bytes,
    app_id: int,
    portal_id: int,
    user_id: int,
    scopes: str,
    redirect_uri: str,
    challenge: str | None,
    expires_at: int,
    used_at: int | None,
) -> Code:
    identity = digest, app_id, portal_id, user_id
    return Code(*identity, tuple(json.loads(scopes)), redirect_uri, challenge, expires_at, used_at)


def _refresh_token(
    digest: bytes,
    app_id: int,
    portal_id: int,
    user_id: int,
    scopes: str,
    created_at: int,
    code_digest: bytes | None,
    revoked_at: int | None,
) -> RefreshToken:
    identity = digest, app_id, portal_id, user_id
    return RefreshToken(*identity, tuple(json.loads(scopes)), created_at, code_digest, revoked_at)
