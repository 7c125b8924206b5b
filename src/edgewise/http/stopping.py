"""How a server ends: what it accepted is finished, but nothing that takes long holds it up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

READS_S = 1.0
"""How long reads go on after a server was told to stop."""

ANSWERS_S = 0.5
"""How long before the end the changes are refused that still wait, so that their clients can be told."""


class Stopping:
    """The steps from the request to stop to the end, `timeout_s` later, or sooner when nothing is left to be done.

    give_up_reads, give_up_changes, cut_off: what is done to what is left, in this order.
    """

    def __init__(
        self,
        timeout_s: float,
        give_up_reads: Callable[[], None],
        give_up_changes: Callable[[], None],
        cut_off: Callable[[], None],
    ) -> None:
        self._timeout_s = timeout_s
        self._steps = (
            (min(READS_S, timeout_s / 2), give_up_reads),
            (max(timeout_s - ANSWERS_S, timeout_s / 2), give_up_changes),
            (timeout_s, cut_off),
        )

    def begin(self) -> None:
        """Set the clock, on the event loop's thread."""
        loop = asyncio.get_running_loop()
        for after_s, step in self._steps:
            loop.call_later(after_s, step)
