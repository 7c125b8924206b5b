"""An authenticator over a memory store, and the clock of its server."""

from collections.abc import Sequence
from typing import Any

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.accounts import Token, TokenUse
from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Store
from edgewise.domain.rules import Rules
from edgewise.http.auth import Authenticator, Guest, Portals
from edgewise.stores.memory import MemoryStore
from edgewise.stores.memory.accounts import MemoryAccounts
from edgewise.wire.messages import Portal
from edgewise.wire.quirks import quirks_of
from edgewise.wire.refusals import NotAuthenticated, TokenExpired
from tests.unit.http.asgi import AT, StillClock

OPEN_PORTAL = 9
QUIRKS = quirks_of("documented")


def make_portal(portal_id: int, types: PortalTypes) -> Portal:
    return Portal(portal_id, hubspot_types(), types, Rules(), QUIRKS, StillClock())


class CountingStore(MemoryStore):
    """Counts how often it is asked for a token, and how often it is told that one was used."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.noted = 0

        class Counting(MemoryAccounts):
            async def find_token(_, digest: bytes) -> Token | None:  # noqa: N805 -- the store is self
                self.asked += 1
                return await super().find_token(digest)

            async def note_token_uses(_, uses: Sequence[TokenUse]) -> None:  # noqa: N805
                self.noted += 1
                await super().note_token_uses(uses)

        self.accounts = Counting(self._portals, self._jobs, self.audit)


class Watch:
    """A clock that moves when it is told to."""

    now = AT

    def pass_s(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


class Door:
    """An authenticator and the clock of its server."""

    def __init__(self, store: Store, watch: Watch, open_portal_id: int | None = None, **more: Any) -> None:
        self._authenticator = Authenticator(store, Portals(store, make_portal), open_portal_id, **more)
        self._watch = watch
        self.settle = self._authenticator.settle

    async def identify(self, header: bytes) -> Guest:
        return await self._authenticator.identify(header, self._watch.now)

    def recall(self, header: bytes) -> Guest | None:
        return self._authenticator.recall(header, self._watch.now)

    async def refuses(self, header: bytes) -> bool:
        with pytest.raises((NotAuthenticated, TokenExpired)):
            await self.identify(header)
        return True
