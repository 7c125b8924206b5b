"""Who asks: from the Authorization header to the portal that its token opens, and what the token allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from edgewise.domain.accounts import Account, Token, TokenUse
from edgewise.domain.callers import Actor, Caller
from edgewise.domain.errors import StoreError
from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Store
from edgewise.wire.messages import Portal
from edgewise.wire.refusals import NotAuthenticated, TokenExpired

_SCHEME = b"Bearer "
_REMEMBERED_MAX = 10_000
_REMEMBERED_BYTES_MAX = 1_000
"""How many headers are remembered, and how long one may be."""

REMEMBERED_S = 5.0
"""How long a token that opened a portal is believed without asking the store again, unless a setting says otherwise.

It is how long a revoked token, or one of a deleted portal, may still open a running server.
"""

USE_NOTED_MS = 60_000
"""How exactly the last use of a token is kept."""

_log = logging.getLogger("edgewise.http")


def token_digest(token: str) -> bytes:
    """What is kept of a token. Tokens are random and long, so a slow hash would protect nothing."""
    return sha256(token.encode()).digest()


class Guest(NamedTuple):
    """A caller in the portal that its token opened."""

    portal: Portal
    caller: Caller


class Portals:
    """The portals in use, each made once. make: of an id and what the portal defined."""

    def __init__(self, store: Store, make: Callable[[int, PortalTypes], Portal]) -> None:
        self._store = store
        self._make = make
        self._made: dict[int, Portal] = {}

    async def get(self, portal_id: int) -> Portal:
        """A portal by id, with what it defines now, whoever defined it."""
        portal = self._made.get(portal_id)
        if portal is None:
            types = await self._store.portal_types(portal_id)
            return self._made.setdefault(portal_id, self._make(portal_id, types))
        if await self._store.types_version(portal_id) != portal.types.version:
            portal.adopt(await self._store.portal_types(portal_id))
        return portal


class _Remembered(NamedTuple):
    """What a header opened. until: milliseconds since the epoch, when it is believed no more."""

    until: int
    guest: Guest


class Authenticator:
    """Opens portals for bearer tokens.

    With `open_portal_id` a bearer token that the store does not know opens that portal; without it, none does.
    Times are milliseconds since the epoch, by the clock of the server; when it goes back, nothing is remembered, so
    that nothing is believed for longer.
    """

    def __init__(
        self,
        store: Store,
        portals: Portals,
        open_portal_id: int | None = None,
        remembered_s: float = REMEMBERED_S,
    ) -> None:
        self._store = store
        self._portals = portals
        self._open_portal_id = open_portal_id
        self._remembered_ms = int(remembered_s * 1000)
        self._remembered: dict[bytes, _Remembered] = {}
        self._latest = 0
        self._noting: set[asyncio.Task[None]] = set()

    def recall(self, header: bytes, at: int) -> Guest | None:
        """Whom a header let in a moment ago, or None."""
        remembered = self._at(at).get(header)
        return remembered[1] if remembered is not None and at < remembered[0] else None

    async def identify(self, header: bytes, at: int) -> Guest:
        """Whom an Authorization header lets in.

        Raises: NotAuthenticated, TokenExpired. Source: docs/behaviour.md, section 7.3: `Bearer ` in this case, with one
        space.
        """
        return self.recall(header, at) or await self._look_up(header, at)

    async def _look_up(self, header: bytes, at: int) -> Guest:
        text = header[len(_SCHEME) :]
        if not header.startswith(_SCHEME) or not text or text.startswith(b" "):
            raise NotAuthenticated
        memory = self._at(at)
        token = await self._store.accounts.find_token(sha256(text).digest())
        caller = await self._open_caller() if token is None else await self._caller_of(token, at)
        former = memory.get(header)
        if former is not None and former.guest.caller == caller:
            caller = former.guest.caller  # what counts its calls goes on with it
        guest = Guest(await self._portals.get(caller.account.portal_id), caller)
        until = at + self._remembered_ms
        if token is not None:
            until = until if token.expires_at is None else min(until, token.expires_at)
            self._note_use(token, at)
        if len(memory) >= _REMEMBERED_MAX:
            memory.clear()
        if len(header) <= _REMEMBERED_BYTES_MAX:
            memory[header] = _Remembered(until, guest)
        return guest

    def _at(self, at: int) -> dict[bytes, _Remembered]:
        """What is remembered; another dictionary once the clock went back, so that who is underway adds to the old."""
        if at < self._latest:
            self._remembered = {}
        self._latest = at
        return self._remembered

    async def _open_caller(self) -> Caller:
        """Who comes with a token that nobody made. Raises: NotAuthenticated, unless any token opens the server."""
        if self._open_portal_id is None:
            raise NotAuthenticated
        account = await self._account_of(self._open_portal_id)
        return Caller(account, None, None, False, False, Actor(0, 0, 0, "any token"))

    async def _caller_of(self, token: Token, at: int) -> Caller:
        if token.revoked_at is not None:
            raise NotAuthenticated
        if token.expires_at is not None and token.expires_at <= at:
            raise TokenExpired(token.expires_at, at)
        account = await self._account_of(token.portal_id)
        is_public_app = False
        if token.app_id:
            app = await self._store.accounts.read_app(token.app_id)
            if app is None:
                raise NotAuthenticated
            is_public_app = app.is_public
        token = replace(token, last_used_at=None)  # changes by the minute, and says nothing about who it is
        scopes = None if token.scopes is None else frozenset(token.scopes)
        actor = Actor(token.token_id, token.app_id, token.user_id, token.name)
        return Caller(account, token, scopes, token.is_read_only, is_public_app, actor)

    async def _account_of(self, portal_id: int) -> Account:
        account = await self._store.accounts.find_account(portal_id)
        if account is None:
            raise NotAuthenticated
        return account

    def _note_use(self, token: Token, at: int) -> None:
        """Keep that a token is in use, behind the request's back; not every time."""
        if at - (token.last_used_at or 0) >= USE_NOTED_MS:
            noting = asyncio.create_task(self._keep_use(TokenUse(token.token_id, at)))
            self._noting.add(noting)
            noting.add_done_callback(self._noting.discard)

    async def _keep_use(self, use: TokenUse) -> None:
        try:
            await self._store.accounts.note_token_uses([use])
        except StoreError as error:
            _log.warning("the last use of token %d was not kept: %s", use.token_id, error)

    async def settle(self) -> None:
        """Finish what is kept behind the requests' back."""
        if self._noting:
            await asyncio.wait(self._noting)
