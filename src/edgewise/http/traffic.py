"""Counts requests, refusals and connections. It is told of every request, so it counts and does nothing else."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from edgewise.domain.figures import Histogram
from edgewise.http.pages import OwnPage
from edgewise.surfaces.surface import Route

DURATIONS_S = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""The bounds that durations of requests are counted by."""

LOOP_WAITS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The bounds that the event loop's waits are counted by."""

_DURATIONS_NS = tuple(round(each * 1e9) for each in DURATIONS_S)

Endpoint = Route | OwnPage | None
"""What answered a request: None where no path is served."""


@dataclass(slots=True)
class Served:
    """What is known of the requests to an endpoint. durations: by DURATIONS_S, with one more."""

    operation: str
    version: str
    statuses: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    durations: list[int] = field(default_factory=lambda: [0] * (len(DURATIONS_S) + 1))
    total_ns: int = 0


class Traffic:
    """What came to one server since it was started.

    refusals: how often each kind was said. connections: how many are open. turned_away: how many found no place.
    loop_waits_s, loop_stalls: see `edgewise.http.watchdog`.
    """

    def __init__(self) -> None:
        self.refusals: Counter[type[Exception]] = Counter()
        self.connections = 0
        self.turned_away = 0
        self.loop_waits_s = Histogram(LOOP_WAITS_S)
        self.loop_stalls: Counter[str] = Counter(none=0)
        self._served: dict[int, Served] = {}

    def note(self, endpoint: Endpoint, status: int, duration_ns: int) -> None:
        """Count a request that was answered. endpoint: the same object for the same endpoint."""
        served = self._served.get(id(endpoint)) or self._begin(endpoint)
        served.statuses[status] += 1
        served.durations[bisect_left(_DURATIONS_NS, duration_ns)] += 1
        served.total_ns += duration_ns

    def served(self) -> list[Served]:
        """What is known of each endpoint that was asked for; a copy, which no further request changes."""
        return [
            replace(each, statuses=dict(each.statuses), durations=each.durations[:])
            for each in self._served.values()
        ]

    def _begin(self, endpoint: Endpoint) -> Served:
        if isinstance(endpoint, Route):
            name, version = endpoint.operation.name, endpoint.version
        else:
            name, version = ("none", "none") if endpoint is None else ("own_page", "own")
        made = Served(name, version)
        self._served[id(endpoint)] = made
        return made
