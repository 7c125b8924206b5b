"""Watching the audit log of a store, for the tests of what it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from edgewise.domain.audit import Acting, Entry, Wanted, acting
from edgewise.domain.callers import Actor
from tests.contract.world import MANY, World

ALICE, BOB = Actor(3, 0, 0, "alice"), Actor(4, 7, 9, "bob")
PLAIN = ["HUBSPOT_DEFINED", 279, None]
CLIENT = ["USER_DEFINED", 1, "Client"]
NOBODY = 999

Told = tuple[str, dict[str, Any]]
"""The action of an entry, and its details."""


class Watch:
    """What the audit log has got since the watch began."""

    def __init__(self, world: World, last_id: int) -> None:
        self._world = world
        self._last_id = last_id

    async def entries(self, wanted: Wanted | None = None) -> list[Entry]:
        return list(await self._world.store.audit.read_after(wanted or Wanted(), self._last_id, MANY))

    async def told(self) -> list[Told]:
        """What the portal's entries say."""
        found = await self.entries(Wanted(self._world.portal_id))
        return [(entry.deed.action, json.loads(entry.deed.details)) for entry in found]

    async def only(self) -> Told:
        """As `told`, where there must be one entry, of whatever portal."""
        assert len(await self.entries()) == 1
        [told] = await self.told()
        return told


@contextmanager
def acts(actor: Actor, at: int | None = None) -> Iterator[None]:
    """Let somebody act for the length of the block."""
    before = acting.set(Acting(actor, at))
    try:
        yield
    finally:
        acting.reset(before)


async def watch_log(world: World) -> Watch:
    latest = await world.store.audit.read_latest(Wanted(), 1)
    return Watch(world, latest[0].entry_id if latest else 0)
