"""Who asks: from the Authorization header to the portal that its token opens, and what the token allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from edgewise.domain.accounts import Account, Token, TokenUse, usual_account
from edgewise.domain.callers import Actor, Caller
from edgewise.domain.errors import StoreError
from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Store
from edgewise.wire.messages import Portal
from edgewise.wire.refusals import NotAuthenticated, TokenExpired

_SCHEME = b"Bearer "
_REMEMBERED_MAX = 10_000
REMEMBERED_S = 5.0
"""How long a token that opened a portal is believed without asking the store again."""

USE_NOTED_MS = 60_000
"""How exactly the last use of a token is kept."""

_log = logging.getLogger("edgewise.http")


def token_digest(token: str) -> bytes:
    """What is kept of a token. Tokens are random and long, so a slow hash would protect nothing."""
    return sha256(token.encode()).digest()


class Guest(NamedTuple):
    """A caller in the portal that its token opened. caller: None for an operation that asks for no token."""

    portal: Portal
    caller: Caller | None


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
    """What a header opened. since, until: milliseconds since the epoch, when it is believed."""

    since: int
    until: int
    guest: Guest


class Authenticator:
    """Opens portals for bearer tokens.

    With `open_portal_id` a bearer token that the store does not know opens that portal; without it, none does.
    Times are milliseconds since the epoch, by the clock of the server.
    """

    def __init__(self, store: Store, portals: Portals, open_portal_id: int | None = None) -> None:
        self._store = store
        self._portals = portals
        self._open_portal_id = open_portal_id
        self._remembered: dict[bytes, _Remembered] = {}
        self._noting: set[asyncio.Task[None]] = set()

    def recall(self, header: bytes, at: int) -> Guest | None:
        """Whom a header let in a moment ago, or None."""
        remembered = self._remembered.get(header)
        if remembered is not None and remembered[0] <= at < remembered[1]:
            return remembered[2]
        return None

    async def identify(self, header: bytes, at: int) -> Guest:
        """Whom an Authorization header lets in.

        Raises: NotAuthenticated, TokenExpired. Source: docs/behaviour.md, section 7.3: `Bearer ` in this case, with one
        space.
        """
        text = header[len(_SCHEME) :]
        if not header.startswith(_SCHEME) or not text or text.startswith(b" "):
            raise NotAuthenticated
        token = await self._store.accounts.find_token(sha256(text).digest())
        caller = await self._open_caller() if token is None else await self._caller_of(token, at)
        guest = Guest(await self._portals.get(caller.account.portal_id), caller)
        until = at + int(REMEMBERED_S * 1000)
        if token is not None:
            until = min(until, token.expires_at or until)
            self._note_use(token, at)
        if len(self._remembered) >= _REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[header] = _Remembered(at, until, guest)
        return guest

    async def _open_caller(self) -> Caller:
        """Who comes with a token that nobody made. Raises: NotAuthenticated, unless any token opens the server."""
        if self._open_portal_id is None:
            raise NotAuthenticated
        account = await self._store.accounts.find_account(self._open_portal_id)
        actor = Actor(0, 0, 0, "any token")
        return Caller(account or usual_account(self._open_portal_id, 0), None, None, False, False, actor)

    async def _caller_of(self, token: Token, at: int) -> Caller:
        if token.revoked_at is not None:
            raise NotAuthenticated
        if token.expires_at is not None and token.expires_at <= at:
            raise TokenExpired(token.expires_at, at)
        account = await self._account_of(token)
        is_public_app = False
        if token.app_id:
            app = await self._store.accounts.read_app(token.app_id)
            if app is None:
                raise NotAuthenticated
            is_public_app = app.is_public
        scopes = None if token.scopes is None else frozenset(token.scopes)
        actor = Actor(token.token_id, token.app_id, token.user_id, token.name)
        return Caller(account, token, scopes, token.is_read_only, is_public_app, actor)

    async def _account_of(self, token: Token) -> Account:
        account = await self._store.accounts.find_account(token.portal_id)
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
