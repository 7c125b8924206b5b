"""Portals of a strict server, and tokens to them: good ones, and each kind that must open nothing."""

import asyncio
from collections.abc import Sequence
from time import time_ns

from edgewise import wiring
from edgewise.domain.accounts import Token, usual_account
from edgewise.http.auth import token_digest
from edgewise.surfaces.scopes import Demands
from tests.support.portal import portal_types

PORTAL, OTHER_PORTAL = 1_000_001, 1_000_002
DAY_MS = 86_400_000

FULL = "pat-na1-full"
READ_ONLY = "pat-na1-read-only"
READ_SCOPES = "pat-na1-read-scopes"
EXPIRED = "pat-na1-expired"
REVOKED = "pat-na1-revoked"
ELSEWHERE = "pat-na1-elsewhere"


def full_key(portal_id: int) -> str:
    """The token with every scope of a portal that `prepare` made."""
    return f"pat-na1-full-{portal_id}"


def prepare(database: str, portal_ids: Sequence[int] = (PORTAL, OTHER_PORTAL)) -> None:
    """Make portals that define the same types, a full token to each, and the other tokens of the first two."""
    asyncio.run(_prepare(database, portal_ids))


async def _prepare(database: str, portal_ids: Sequence[int]) -> None:
    store = wiring.open_store(database, is_durable=False)
    await store.start()
    at = time_ns() // 1_000_000
    try:
        for portal_id in portal_ids:
            await store.accounts.add_account(usual_account(portal_id, at))
            await store.add_portal_types(portal_id, portal_types())
            await store.accounts.add_token(_token(full_key(portal_id), portal_id, at))
        for token in _tokens(at):
            kept = await store.accounts.add_token(token)
            if token.name == REVOKED:
                await store.accounts.revoke_token(kept.token_id, at)
    finally:
        await store.close()


def _tokens(at: int) -> Sequence[Token]:
    return [
        _token(FULL, PORTAL, at),
        _token(ELSEWHERE, OTHER_PORTAL, at),
        Token(token_digest(READ_ONLY), PORTAL, READ_ONLY, at, is_read_only=True),
        Token(token_digest(READ_SCOPES), PORTAL, READ_SCOPES, at, read_scopes()),
        Token(token_digest(EXPIRED), PORTAL, EXPIRED, at - DAY_MS, expires_at=at - 75_000),
        _token(REVOKED, PORTAL, at),
    ]


def _token(text: str, portal_id: int, at: int) -> Token:
    return Token(token_digest(text), portal_id, text, at)


def read_scopes() -> tuple[str, ...]:
    """Every scope that grants reading alone."""
    guarded = [route for route in wiring.routes() if not route.operation.is_public]
    every = {scope for route in guarded for scope in DEMANDS.of(route)}
    return tuple(sorted(scope for scope in every if ".read" in scope))


DEMANDS = Demands(wiring.routes())
