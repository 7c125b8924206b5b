"""Reads and changes that wait: portals take turns, however much one of them wants."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, Protocol, TypeVar


class OfPortal(Protocol):
    """Something that is done for a portal."""

    @property
    def portal_id(self) -> int:
        """Whose turn it takes."""
        ...


Item = TypeVar("Item", bound=OfPortal)


class Bounds(NamedTuple):
    """threads: how many reads run at once; at_once: of one portal. waiting_max: how many of one portal may wait."""

    threads: int
    at_once: int
    waiting_max: int


class Turns(Generic[Item]):
    """A queue for each portal; they take turns. Not for two threads at once."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[Item]] = {}  # in the order of their portals' turns

    def add(self, item: Item) -> None:
        """Let an item wait behind the others of its portal, and a new portal behind the other portals."""
        queue = self._queues.get(item.portal_id)
        if queue is None:
            self._queues[item.portal_id] = deque((item,))
        else:
            queue.append(item)

    def take(self, may: Callable[[int], bool] | None = None) -> Item | None:
        """The next item, or None. may: which portals may have their turn."""
        for portal_id, queue in self._queues.items():
            if may is None or may(portal_id):
                item = queue.popleft()
                if not queue:
                    del self._queues[portal_id]
                elif len(self._queues) > 1:
                    del self._queues[portal_id]
                    self._queues[portal_id] = queue
                return item
        return None

    def remove(self, item: Item) -> None:
        """Let an item wait no longer."""
        queue = self._queues[item.portal_id]
        queue.remove(item)
        if not queue:
            del self._queues[item.portal_id]

    def count(self, portal_id: int) -> int:
        """How many items of a portal wait."""
        return len(self._queues.get(portal_id, ()))

    def __bool__(self) -> bool:
        return bool(self._queues)

    def __iter__(self) -> Iterator[Item]:
        for queue in self._queues.values():
            yield from queue


class Lane(Generic[Item]):
    """What waits and what runs, with bounds, not for two threads at once. waiting, running: how many items do."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.waiting = 0
        self.running = 0
        self._turns: Turns[Item] = Turns()
        self._at_work: Counter[int] = Counter()

    def has_room(self, portal_id: int) -> bool:
        """Whether one more of a portal may wait."""
        return self._turns.count(portal_id) < self.bounds.waiting_max

    def add(self, item: Item) -> None:
        """Let an item wait for its turn."""
        self._turns.add(item)
        self.waiting += 1

    def take(self) -> Item | None:
        """The item whose turn it is, which runs from now on; None when none may run."""
        item = self._turns.take(lambda portal_id: self._at_work[portal_id] < self.bounds.at_once)
        if item is not None:
            self._at_work[item.portal_id] += 1
            self.waiting -= 1
            self.running += 1
        return item

    def done(self, item: Item) -> None:
        """An item runs no more."""
        self.running -= 1
        self._at_work[item.portal_id] -= 1
        if not self._at_work[item.portal_id]:
            del self._at_work[item.portal_id]

    def remove(self, item: Item) -> None:
        """Let an item wait no longer."""
        self._turns.remove(item)
        self.waiting -= 1

    def __iter__(self) -> Iterator[Item]:
        """What waits."""
        return iter(self._turns)
