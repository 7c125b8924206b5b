"""How long a user waits for a server to start, and what it holds when nobody asks it anything."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import NamedTuple

from benchmarks.bench import ROOT, Bench, copy_database
from benchmarks.dataset import SMALL, Dataset, database
from benchmarks.figures import Figure, Goal, Unmeasured
from benchmarks.load import LIST_PATH, PUT_PATH
from benchmarks.machine import Memory, cpu_s
from benchmarks.servers import Server, create_token, environment, serve_command, stop

START = Goal("start", "start to first answer of health", target=0.5, is_ceiling=True, unit="s")
MEMORY = Goal("memory", "idle memory after a few requests, RSS", target=90, is_ceiling=True, unit="MB")

_TIMEOUT_S = 30
_POLL_S = 0.001
_REQUESTS = 50


class Start(NamedTuple):
    """One start: how long it took, with how much CPU time, and the memory then and after a few requests."""

    took_s: float
    cpu_s: float
    fresh: Memory
    used: Memory


def run(bench: Bench) -> list[Figure]:
    """Two figures, of the same starts. The first start, which may have to read everything from the disk, counts not."""
    dataset = Dataset(SMALL)
    with bench.folder() as folder:
        file = copy_database(database(bench, dataset), folder / "start.sqlite")
        token = create_token(f"sqlite:///{file}")
        starts = []
        for number in range(bench.starts + 1):
            starts.append(_start(file, token, dataset))
            bench.say(f"start: {number} of {bench.starts}: {starts[-1].took_s:.3f} s")
    counted = starts[1:]
    return [
        Figure(
            START,
            [each.took_s for each in counted],
            {"first_s": starts[0].took_s, "cpu_s": median(each.cpu_s for each in counted)},
        ),
        Figure(MEMORY, [each.used.rss_mb for each in counted], _memory_details(counted)),
    ]


def _memory_details(starts: Sequence[Start]) -> dict[str, float]:
    return {
        "rss_at_start_mb": max(each.fresh.rss_mb for each in starts),
        "pss_at_start_mb": max(each.fresh.pss_mb for each in starts),
        "pss_after_requests_mb": max(each.used.pss_mb for each in starts),
    }


def _start(file: Path, token: str, dataset: Dataset) -> Start:
    port = _free_port()
    with file.with_suffix(".log").open("wb") as log:
        started = perf_counter()
        process = subprocess.Popen(
            serve_command(f"sqlite:///{file}", port),
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=ROOT,
            env=environment(),
        )
    try:
        _wait_for_health(process, port, started + _TIMEOUT_S)
        took_s, used_s = perf_counter() - started, cpu_s(process.pid)
        with closing(Server(process, port, token)) as server:
            server.settle()
            fresh = server.memory()
            for number in range(_REQUESTS):
                pair = dataset.new_pair(number)
                server.expect(200, "PUT", PUT_PATH % pair, b"")
                server.expect(200, "GET", LIST_PATH % pair[0])
            server.settle()
            return Start(took_s, used_s, fresh, server.memory())
    finally:
        stop(process)


def _wait_for_health(process: subprocess.Popen[bytes], port: int, deadline: float) -> None:
    while process.poll() is None and perf_counter() < deadline:
        with closing(HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)) as connection:
            try:
                connection.request("GET", "/_edgewise/health")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                sleep(_POLL_S)
    raise Unmeasured("the server did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
