"""Who asks: from the Authorization header to the portal that its token opens."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from time import monotonic

from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Store
from edgewise.wire.messages import Portal
from edgewise.wire.refusals import NotAuthenticated

_SCHEME = b"Bearer "
_REMEMBERED_MAX = 10_000
REMEMBERED_S = 5.0
"""How long a token that opened a portal is believed without asking the store again."""


def token_digest(token: str) -> bytes:
    """What is kept of a token. Tokens are random and long, so a slow hash would protect nothing."""
    return sha256(token.encode()).digest()


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


class Authenticator:
    """Opens portals for bearer tokens.

    With `open_portal_id` any bearer token opens that portal; without it, only tokens of the store open theirs.
    """

    def __init__(self, store: Store, portals: Portals, open_portal_id: int | None = None) -> None:
        self._store = store
        self._portals = portals
        self._open_portal_id = open_portal_id
        self._remembered: dict[bytes, tuple[float, Portal]] = {}

    def recall(self, header: bytes) -> Portal | None:
        """The portal that a header opened a moment ago, or None."""
        remembered = self._remembered.get(header)
        if remembered is not None and remembered[0] > monotonic():
            return remembered[1]
        return None

    async def identify(self, header: bytes) -> Portal:
        """The portal that an Authorization header opens.

        Raises: NotAuthenticated. Source: docs/behaviour.md, section 7.3: `Bearer ` in this case, with one space.
        """
        token = header[len(_SCHEME) :]
        if not header.startswith(_SCHEME) or not token or token.startswith(b" "):
            raise NotAuthenticated
        portal_id = self._open_portal_id
        if portal_id is None:
            portal_id = await self._store.portal_of_token(sha256(token).digest())
            if portal_id is None:
                raise NotAuthenticated
        portal = await self._portals.get(portal_id)
        if len(self._remembered) >= _REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[header] = monotonic() + REMEMBERED_S, portal
        return portal
