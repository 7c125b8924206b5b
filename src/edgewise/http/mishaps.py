"""Tells the log of requests that fail for reasons of ours: each cause once, then how often, and never a value."""

from __future__ import annotations

import asyncio
import logging
from typing import NamedTuple

from edgewise.domain.errors import StoreError
from edgewise.http.traces import cause_of, place_of, trace_of

SUMMED_UP_S = 10.0
TRACED_AGAIN_S = 60.0
_CAUSES_MAX = 100

_log = logging.getLogger("edgewise.http")


class _Repeated(NamedTuple):
    """A cause of the last seconds. more: how many failed since it was last told."""

    more: int
    timer: asyncio.TimerHandle


class Mishaps:
    """Notes failures on the event loop."""

    def __init__(self) -> None:
        self._repeated: dict[str, _Repeated] = {}
        self._traced: dict[str, float] = {}

    def store_failed(self, error: StoreError, correlation_id: str) -> None:
        """Tell why the store failed; the same cause again is counted, and summed up every ten seconds."""
        cause = cause_of(error)
        known = self._repeated.get(cause)
        if known is not None:
            self._repeated[cause] = known._replace(more=known.more + 1)
            return
        _log.error("store failed, correlation id %s: %s%s", correlation_id, cause, self._trace(cause, error))
        self._watch(cause)

    def request_failed(self, error: Exception, correlation_id: str) -> None:
        """Tell that the program is at fault, each time; whoever got the correlation id may ask."""
        cause = f"{cause_of(error)} at {place_of(error)}"
        _log.error(
            "request failed, correlation id %s: %s%s", correlation_id, cause, self._trace(cause, error)
        )

    def close(self) -> None:
        """Tell what was counted and not yet told."""
        for cause, (_, timer) in list(self._repeated.items()):
            timer.cancel()
            self._sum_up(cause)

    def _watch(self, cause: str) -> None:
        timer = asyncio.get_running_loop().call_later(SUMMED_UP_S, self._go_on, cause)
        self._repeated[cause] = _Repeated(0, timer)

    def _go_on(self, cause: str) -> None:
        if self._sum_up(cause):
            self._watch(cause)

    def _sum_up(self, cause: str) -> int:
        more = self._repeated.pop(cause).more
        if more:
            _log.error("store failed, and %d more in the last %.0f s: %s", more, SUMMED_UP_S, cause)
        return more

    def _trace(self, cause: str, error: BaseException) -> str:
        """Where a cause comes from, on lines of its own, unless that was told a moment ago."""
        now = asyncio.get_running_loop().time()
        if now < self._traced.get(cause, -TRACED_AGAIN_S) + TRACED_AGAIN_S:
            return ""
        if len(self._traced) >= _CAUSES_MAX:
            self._traced.clear()
        self._traced[cause] = now
        return f"\n{trace_of(error)}"
