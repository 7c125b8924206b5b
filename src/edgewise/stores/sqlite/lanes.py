"""Reads that wait: portals take turns, whatever many reads one of them wants."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar


class OfPortal(Protocol):
    """Something that is done for a portal."""

    portal_id: int


Item = TypeVar("Item", bound=OfPortal)


class Bounds(NamedTuple):
    """threads: how many reads run at once; at_once: of one portal. waiting_max: how many of one portal may wait."""

    threads: int
    at_once: int
    waiting_max: int


class Lane(Generic[Item]):
    """A queue with turns, not for two threads at once. waiting, running: how many items are."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.waiting = 0
        self.running = 0
        self._queues: dict[int, deque[Item]] = {}  # in the order of their portals' turns
        self._at_work: Counter[int] = Counter()

    def has_room(self, portal_id: int) -> bool:
        """Whether one more of a portal may wait."""
        return len(self._queues.get(portal_id, ())) < self.bounds.waiting_max

    def add(self, item: Item) -> None:
        """Let an item wait; behind the others of its portal, which takes its turn behind the other portals."""
        self._queues.setdefault(item.portal_id, deque()).append(item)
        self.waiting += 1

    def take(self) -> Item | None:
        """The item whose turn it is, which runs from now on; None when none may run."""
        for portal_id, queue in self._queues.items():
            if self._at_work[portal_id] < self.bounds.at_once:
                item = queue.popleft()
                del self._queues[portal_id]
                if queue:
                    self._queues[portal_id] = queue
                self._at_work[portal_id] += 1
                self.waiting -= 1
                self.running += 1
                return item
        return None

    def done(self, item: Item) -> None:
        """An item runs no more."""
        self.running -= 1
        self._at_work[item.portal_id] -= 1
        if not self._at_work[item.portal_id]:
            del self._at_work[item.portal_id]

    def remove(self, item: Item) -> None:
        """Let an item wait no longer."""
        queue = self._queues[item.portal_id]
        queue.remove(item)
        self.waiting -= 1
        if not queue:
            del self._queues[item.portal_id]

    def __iter__(self) -> Iterator[Item]:
        """What waits."""
        for queue in self._queues.values():
            yield from queue
