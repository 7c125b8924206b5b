"""One server under load for a window of time: what it answered, and what it used for that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench import CONNECTIONS, Bench
from benchmarks.load import Script, run_wrk
from benchmarks.servers import Server

_SPARE = 8
"""wrk asks its script for some requests more than it sends."""


class Window(NamedTuple):
    """Requests, all answered 2xx, and what one of them cost: `wall_us` at full load, `cpu_us` over all threads.

    busy: how much of a core the server used. numbers: of the first request, and after the last one.
    """

    requests: int
    per_s: float
    cpu_us: float
    wall_us: float
    busy: float
    p50_us: float
    p99_us: float
    numbers: range


class Loader:
    """Puts servers under load, one at a time, with requests that it numbers through for each."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self._bench = bench
        self._folder = folder
        self._next: dict[tuple[int, str], int] = {}

    def load(
        self,
        server: Server,
        name: str,
        script: Script,
        seconds: int,
        quiet_s: float,
        connections: int = CONNECTIONS,
    ) -> Window:
        """One window.

        quiet_s: how long the server must have done nothing before it is left; what it does until then, such as
        copying its log into the database, counts as CPU time of the requests.
        """
        first = self._next.get((server.pid, name), 0)
        before_s = server.cpu_s()
        load = run_wrk(server, script, first, seconds, connections, self._folder, self._bench.cores.load)
        busy = (server.cpu_s() - before_s) / load.duration_s
        server.settle(quiet_s)
        used_s = server.cpu_s() - before_s
        after = first + load.requests + connections + _SPARE
        self._next[server.pid, name] = after
        return Window(
            load.requests,
            load.per_s,
            used_s / load.requests * 1e6,
            load.duration_s / load.requests * 1e6,
            busy,
            load.p50_us,
            load.p99_us,
            range(first, after),
        )


@contextmanager
def loader(bench: Bench) -> Iterator[tuple[Loader, Path]]:
    """A loader, and a folder for the databases of the servers it loads."""
    with bench.folder() as folder:
        yield Loader(bench, folder), folder
