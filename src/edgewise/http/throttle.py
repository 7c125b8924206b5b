"""How often a caller may call: counts each call, and says what is left in the headers of the answer.

Source: docs/behaviour.md, section 8.4. Which of two windows the headers tell of, and which of two full ones refuses,
is ours: the one with less room, and the one that takes longer to have room again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Protocol

from edgewise.domain.callers import Caller
from edgewise.domain.rates import DAY_OF_ACCOUNT, Budget, Rate, Window, windows_of
from edgewise.http.windows import Counter, Rolling, Windows
from edgewise.wire.refusals import RateLimited

Header = tuple[bytes, bytes]
Headers = list[Header] | tuple[Header, ...]

_PLANS_KEPT = 10_000
_PREFIX = b"x-hubspot-ratelimit-"


class UnusableStore(ValueError):
    """A store of rate limits that cannot be used; the text says what would do, and repeats no password."""


class Throttle(Protocol):
    """Lets calls through, or refuses them."""

    def take(self, caller: Caller, budget: Budget, at: int) -> Headers | Awaitable[Headers]:
        """Count a call, and answer the headers that tell what is left. A refused call counts nowhere.

        at: milliseconds since the epoch. Raises: RateLimited with such headers, an awaitable when it is awaited.
        """
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


class LocalThrottle:
    """Counts in the memory of this process; each of several processes lets through as much as one may."""

    def __init__(self, rates: Sequence[Rate]) -> None:
        self._rates = rates
        self._plans: dict[tuple[int, Budget], Plan] = {}
        self.windows = Windows(on_swept=self._plans.clear)

    def take(self, caller: Caller, budget: Budget, at: int) -> Headers:
        return self.plan(caller, budget, at).take(at)

    def plan(self, caller: Caller, budget: Budget, at: int) -> Plan:
        """What counts the calls of a caller; kept for as long as the same caller comes."""
        key = (id(caller), budget)
        plan = self._plans.get(key)
        if plan is None or plan.caller is not caller:
            windows = windows_of(caller, budget, self._rates)
            counters = self.windows.counters(windows, caller.account.time_zone, at)
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.clear()
            plan = self._plans[key] = Plan(caller, windows, counters, is_told=budget != "search")
        return plan

    async def close(self) -> None:
        pass


class Plan:
    """What counts the calls of one caller, and how it is told. windows: in the order of `windows_of`.

    caller: held on to, so that no other one gets its id while the plan is remembered.
    """

    __slots__ = ("_counters", "_groups", "_rolling", "_since", "_told", "_until", "caller", "windows")

    def __init__(
        self, caller: Caller, windows: Sequence[Window], counters: Sequence[Counter], is_told: bool
    ) -> None:
        self.caller = caller
        self.windows = windows
        self._counters = counters
        self._since = self._until = 0
        self._rolling = [counter for counter in counters if isinstance(counter, Rolling)]
        self._told = [_told(window) for window in windows]
        kinds = [_kind(window) for window in windows] if is_told else []
        self._groups = [
            [number for number, each in enumerate(kinds) if each == kind] for kind in dict.fromkeys(kinds)
        ]

    def take(self, at: int) -> Headers:
        """Count a call in this process. Raises: RateLimited."""
        if not self._counters:
            return ()
        if not self._since <= at < self._until:
            self._turn(at)
        lefts = []
        for counter in self._counters:
            left = counter.left = counter.left - 1
            lefts.append(left)
        if min(lefts, default=0) < 0:
            self._give_back(lefts)
        for rolling in self._rolling:
            if at > rolling.latest:
                rolling.note(at)
            else:
                rolling.counts[-1] += 1
        return self.headers(lefts)

    def _turn(self, at: int) -> None:
        """Bring all counters to a moment, and find out until when they may be read as they are."""
        for counter in self._counters:
            if not counter.since <= at < counter.until:
                counter.turn(at)
        self._since = max((counter.since for counter in self._counters), default=0)
        self._until = min((counter.holds_until(at) for counter in self._counters), default=at + 1)

    def _give_back(self, lefts: Sequence[int]) -> None:
        """Count a call nowhere, if a window had no room for it. Raises: RateLimited."""
        before = [left + 1 for left in lefts]
        try:
            self.require_room(before)
        except RateLimited:
            for counter, left in zip(self._counters, before, strict=True):
                counter.left = left
            raise

    def require_room(self, lefts: Sequence[int]) -> None:
        """Refuse a call that a window has no room for. lefts: for each, before the call. Raises: RateLimited."""
        for left, window in zip(lefts, self.windows, strict=True):
            if left <= 0 and window.is_enforced:
                raise RateLimited(window.policy.value, self.headers(lefts))

    def headers(self, lefts: Sequence[int]) -> Headers:
        """What is told: of the windows of a kind, the one with the fewest calls left."""
        headers: list[Header] = []
        for group in self._groups:
            least = group[0]
            for number in group:
                if lefts[number] < lefts[least]:
                    least = number
            fixed, name = self._told[least]
            left = lefts[least]
            headers += fixed
            headers.append((name, b"%d" % left if left > 0 else b"0"))
        return headers


def _kind(window: Window) -> str:
    if window.seconds == DAY_OF_ACCOUNT:
        return "daily-"
    return "" if window.is_enforced else "secondly-"


def _told(window: Window) -> tuple[Headers, bytes]:
    """The headers of a window that never change, and the name of the one that does."""
    kind = _kind(window).encode()
    amount = b"%d" % window.amount
    if kind:
        return [(_PREFIX + kind.removesuffix(b"-"), amount)], _PREFIX + kind + b"remaining"
    interval_ms = b"%d" % (window.seconds * 1000)
    return [
        (_PREFIX + b"max", amount),
        (_PREFIX + b"interval-milliseconds", interval_ms),
    ], _PREFIX + b"remaining"
