"""Counts of calls in the memory of this process: of the last seconds, and of the day of an account.

The library `limits` counts in memory too, but by the clock of the machine, with a thread, and in ten times the time
(docs/decisions/0014-rate-limits.md). The tests compare the two.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from edgewise.domain.rates import Window, span_of

_STEPS_MAX = 10_000
"""A window is kept in so many steps at most: one of ten seconds exactly, by milliseconds."""

_NEVER = 2**63

WINDOWS_KEPT = 10_000
"""From so many windows on, those that count nothing are looked for and forgotten."""


class Counter:
    """Counts calls in a window. Times are milliseconds since the epoch.

    left: how many calls it has room for, less than none when more are counted. It holds at moments from `since` on and
    before `until`; for others, `turn` comes first. These are read with every request, so they are no properties.
    """

    __slots__ = ("amount", "left", "since", "until")

    def __init__(self, amount: int) -> None:
        self.amount = self.left = amount
        self.since = self.until = 0

    def turn(self, at: int) -> None:
        """Bring what it knows to a moment."""
        raise NotImplementedError

    def note(self, at: int) -> None:
        """Remember when a call was made that `left` is without already."""

    def holds_until(self, at: int) -> int:
        """Until when what it says at a moment changes by calls only, whoever makes them."""
        return self.until

    def left_at(self, at: int) -> int:
        """How many calls it has room for at a moment."""
        if not self.since <= at < self.until:
            self.turn(at)
        return self.left

    def add(self, at: int) -> None:
        """Count a call at a moment that `left` is of."""
        self.left -= 1
        self.note(at)

    def resize(self, amount: int) -> None:
        """Have room for another number of calls; what was counted stays counted."""
        self.left += amount - self.amount
        self.amount = amount


class Rolling(Counter):
    """Calls of the last seconds: a call counts until exactly so long after it.

    A clock that goes back a little makes calls count for longer; after a longer way back, none is known.
    latest, counts: the last moment of the newest step, and how many calls each step has.
    """

    __slots__ = ("_period_ms", "_step_ms", "_times", "counts", "latest")

    def __init__(self, amount: int, seconds: int) -> None:
        super().__init__(amount)
        self._period_ms = seconds * 1000
        self._step_ms = max(1, self._period_ms // _STEPS_MAX)
        self._times: deque[int] = deque()
        self.counts: deque[int] = deque()
        self.latest = -1
        self.until = _NEVER

    def turn(self, at: int) -> None:
        times, counts = self._times, self.counts
        if at < self.since:
            times.clear()
            counts.clear()
            self.left = self.amount
        past = at - self._period_ms
        while times and times[0] <= past:
            times.popleft()
            self.left += counts.popleft()
        if times:
            self.until = times[0] + self._period_ms
        else:
            self.until, self.latest, self.since = _NEVER, -1, 0

    def holds_until(self, at: int) -> int:
        return min(self.until, at + self._period_ms)

    def note(self, at: int) -> None:
        if at <= self.latest:
            self.counts[-1] += 1
            return
        # A step counts as its last moment, so that no call is forgotten too early.
        self.latest = at + self._step_ms - 1
        self.since = self.latest - self._period_ms
        if not self._times:
            self.until = self.latest + self._period_ms
        self._times.append(self.latest)
        self.counts.append(1)


class Fixed(Counter):
    """Calls of a span of time that is the same for all: the day of a time zone, or a second of the clock."""

    __slots__ = ("_time_zone", "_window")

    def __init__(self, window: Window, time_zone: str) -> None:
        super().__init__(window.amount)
        self._window = window
        self._time_zone = time_zone

    def turn(self, at: int) -> None:
        self.since, self.until = span_of(self._window, at, self._time_zone)
        self.left = self.amount


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
        key = (*window.key, time_zone if window.is_fixed else window.seconds)
        counter = self._counters.get(key)
        if counter is None:
            counter = Fixed(window, time_zone) if window.is_fixed else Rolling(window.amount, window.seconds)
            self._counters[key] = counter
        elif counter.amount != window.amount:
            counter.resize(window.amount)
        return counter

    def _sweep(self, at: int) -> None:
        self._counters = {
            key: counter for key, counter in self._counters.items() if counter.left_at(at) != counter.amount
        }
        self._room = max(WINDOWS_KEPT, 2 * len(self._counters))
        self._on_swept()
