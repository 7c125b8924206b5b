"""Counts of calls in the memory of this process: of the last seconds, and of the day of an account.

The library `limits` counts in memory too, but by the clock of the machine, with a thread, and in ten times the time
(docs/decisions/0014-rate-limits.md). The tests compare the two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from edgewise.domain.rates import DAY_OF_ACCOUNT, Window, day_of

_STEPS_MAX = 10_000
"""A window is kept in so many steps at most: one of ten seconds exactly, by milliseconds."""

WINDOWS_KEPT = 10_000
"""From so many windows on, those that count nothing are looked for and forgotten."""


class Counter(Protocol):
    """Counts calls. Times are milliseconds since the epoch."""

    def used(self, at: int) -> int:
        """How many calls count at a moment."""
        ...

    def add(self, at: int) -> None:
        """Count a call; `used` was just asked about the same moment."""
        ...


class Rolling:
    """Calls of the last seconds: a call counts until exactly so long after it.

    A clock that goes back a little makes calls count for longer; after a longer way back, none is known.
    """

    __slots__ = ("_counts", "_period_ms", "_step_ms", "_times", "_used")

    def __init__(self, seconds: int) -> None:
        self._period_ms = seconds * 1000
        self._step_ms = max(1, self._period_ms // _STEPS_MAX)
        self._times: deque[int] = deque()
        self._counts: deque[int] = deque()
        self._used = 0

    def used(self, at: int) -> int:
        times = self._times
        if times:
            if at < times[-1] - self._period_ms:
                self._forget()
            past = at - self._period_ms
            while times and times[0] <= past:
                times.popleft()
                self._used -= self._counts.popleft()
        return self._used

    def add(self, at: int) -> None:
        times = self._times
        if times and at <= times[-1]:
            self._counts[-1] += 1
        else:
            # A step counts as its last moment, so that no call is forgotten too early.
            times.append(at + self._step_ms - 1)
            self._counts.append(1)
        self._used += 1

    def _forget(self) -> None:
        self._times.clear()
        self._counts.clear()
        self._used = 0


class Day:
    """Calls of the day that it is in a time zone."""

    __slots__ = ("_begins", "_ends", "_time_zone", "_used")

    def __init__(self, time_zone: str) -> None:
        self._time_zone = time_zone
        self._begins = self._ends = 0
        self._used = 0

    def used(self, at: int) -> int:
        if not self._begins <= at < self._ends:
            self._begins, self._ends = day_of(at, self._time_zone)
            self._used = 0
        return self._used

    def add(self, at: int) -> None:
        self._used += 1


class Windows:
    """The counters in use, by whose calls they count. on_swept: called when some were forgotten.

    At most as many are kept as the greater of WINDOWS_KEPT and twice those that counted something when last looked.
    """

    def __init__(self, on_swept: Callable[[], None]) -> None:
        self._counters: dict[tuple[str | int, ...], Counter] = {}
        self._on_swept = on_swept
        self._room = WINDOWS_KEPT

    def __len__(self) -> int:
        return len(self._counters)

    def counters(self, windows: Iterable[Window], time_zone: str, at: int) -> list[Counter]:
        """The counters of windows. time_zone: of their days. When an amount changes, the count goes on."""
        if len(self._counters) >= self._room:
            self._sweep(at)
        return [self._counter(window, time_zone) for window in windows]

    def _counter(self, window: Window, time_zone: str) -> Counter:
        is_day = window.seconds == DAY_OF_ACCOUNT
        key = (*window.key, time_zone if is_day else window.seconds)
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = Day(time_zone) if is_day else Rolling(window.seconds)
        return counter

    def _sweep(self, at: int) -> None:
        self._counters = {key: counter for key, counter in self._counters.items() if counter.used(at)}
        self._room = max(WINDOWS_KEPT, 2 * len(self._counters))
        self._on_swept()
