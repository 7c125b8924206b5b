"""What a store tells of itself to whoever watches over it; nothing of what is stored."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Condition(NamedTuple):
    """Whether a store keeps what is written.

    reason: why it does not, for everyone to read, so without paths; empty when it does.
    since: when that began, milliseconds since the epoch; 0 when it does.
    """

    reason: str = ""
    since: int = 0


SOUND = Condition()
"""The condition of a store that keeps what is written."""


class Histogram:
    """How many values were at most so large. To count one takes a third of a microsecond.

    bounds: ascending; counts has one more, of the values above them all. total: the sum of the values.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def observe(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """What a store tells of its work since it was started; empty where it has no such thing.

    writes_waiting: changes that wait for the writer now. writes_failed: those that were not kept for the disk's sake.
    group_sizes: how many changes were committed together. commit_s: how long commits took, in seconds.
    log_bytes: the size of the write-ahead log now.
    reads_waiting, reads_running: reads away from the event loop now, by kind.
    reads_given_up: those that were not finished, by cause. reads_moved: those that were longer than thought.
    """

    writes_waiting: int = 0
    writes_failed: int = 0
    group_sizes: Histogram = field(default_factory=lambda: Histogram(()))
    commit_s: Histogram = field(default_factory=lambda: Histogram(()))
    log_bytes: int = 0
    reads_waiting: Mapping[str, int] = field(default_factory=dict)
    reads_running: Mapping[str, int] = field(default_factory=dict)
    reads_given_up: Mapping[str, int] = field(default_factory=dict)
    reads_moved: int = 0
