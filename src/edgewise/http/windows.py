"""Counts of calls in the memory of this process: of the last seconds, and of the day of an account.

The library `limits` counts in memory too, but by the clock of the machine, with a thread, and in ten times the time
(docs/decisions/0014-rate-limits.md). The tests compare the two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from edgewise.domain.rates import DAY_OF_ACCOUNT, Window, day_of

_STEPS_MAX = 10_000
"""A window is kept in so many steps at most: one of ten seconds exactly, by milliseconds."""

_NEVER = 2**63

WINDOWS_KEPT = 10_000
"""From so many windows on, those that count nothing are looked for and forgotten."""


class Counter:
    """Counts calls. Times are milliseconds since the epoch.

    used: how many calls count, at moments from `since` on and before `until`; at others, after `turn`. These three are
    read with every request, so they are no properties.
    """

    __slots__ = ("since", "until", "used")

    def __init__(self) -> None:
        self.used = 0
        self.since = self.until = 0

    def turn(self, at: int) -> None:
        """Bring `used` to a moment."""
        raise NotImplementedError

    def add(self, at: int) -> None:
        """Count a call; `used` is of the same moment."""
        raise NotImplementedError

    def used_at(self, at: int) -> int:
        """How many calls count at a moment."""
        if not self.since <= at < self.until:
            self.turn(at)
        return self.used


class Rolling(Counter):
    """Calls of the last seconds: a call counts until exactly so long after it.

    A clock that goes back a little makes calls count for longer; after a longer way back, none is known.
    """

    __slots__ = ("_counts", "_period_ms", "_step_ms", "_times")

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self._period_ms = seconds * 1000
        self._step_ms = max(1, self._period_ms // _STEPS_MAX)
        self._times: deque[int] = deque()
        self._counts: deque[int] = deque()
        self.until = _NEVER

    def turn(self, at: int) -> None:
        times, counts = self._times, self._counts
        if at < self.since:
            times.clear()
            counts.clear()
            self.used = self.since = 0
        past = at - self._period_ms
        while times and times[0] <= past:
            times.popleft()
            self.used -= counts.popleft()
        self.until = times[0] + self._period_ms if times else _NEVER

    def add(self, at: int) -> None:
        self.used += 1
        times = self._times
        if times and at <= times[-1]:
            self._counts[-1] += 1
            return
        # A step counts as its last moment, so that no call is forgotten too early.
        end = at + self._step_ms - 1
        if not times:
            self.until = end + self._period_ms
        times.append(end)
        self._counts.append(1)
        self.since = end - self._period_ms


class Day(Counter):
    """Calls of the day that it is in a time zone."""

    __slots__ = ("_time_zone",)

    def __init__(self, time_zone: str) -> None:
        super().__init__()
        self._time_zone = time_zone

    def turn(self, at: int) -> None:
        self.since, self.until = day_of(at, self._time_zone)
        self.used = 0

    def add(self, at: int) -> None:
        self.used += 1


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
        self._counters = {key: counter for key, counter in self._counters.items() if counter.used_at(at)}
        self._room = max(WINDOWS_KEPT, 2 * len(self._counters))
        self._on_swept()
