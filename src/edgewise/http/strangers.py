"""Strangers wait for one another: one at a time has a turn, and in between the event loop serves who shows a token."""

from __future__ import annotations

import asyncio
from collections import deque

_TURNS = 3
"""How many turns of the event loop a request takes: each serves whatever others asked for meanwhile."""

_TURN_BYTES = 4096
"""So much of its body is one turn more: a large one takes long to read."""


class Strangers:
    """The queue of those who show no token that is known.

    It counts turns of the event loop rather than time, so that strangers leave the others their share on a machine of
    any speed, and wait for nothing on an idle one.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()
        self._turns_left = 0

    async def wait(self, body_bytes: int = 0) -> None:
        """Until it is the turn of a request with such a body."""
        turns = _TURNS + body_bytes // _TURN_BYTES
        loop = asyncio.get_running_loop()
        if self._turns_left:
            its_turn = loop.create_future()
            self._waiting.append((its_turn, turns))
            await its_turn
        else:
            self._turns_left = turns
            loop.call_soon(self._pass, loop)

    def _pass(self, loop: asyncio.AbstractEventLoop) -> None:
        """A turn of the loop is over."""
        self._turns_left -= 1
        while not self._turns_left and self._waiting:
            its_turn, turns = self._waiting.popleft()
            if not its_turn.done():  # or its client left meanwhile
                its_turn.set_result(None)
                self._turns_left = turns
        if self._turns_left:
            loop.call_soon(self._pass, loop)
