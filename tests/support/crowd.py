"""Crowds of clients in processes of their own, and what they got."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.server import ROOT

FOR_EVER_S = 600


class Tally(NamedTuple):
    """What a crowd got: answers in a second, how long one took, how many of each status, requests without one."""

    per_s: float
    p50_ms: float | None
    p99_ms: float | None
    statuses: dict[str, int]
    lost: int


class Crowd:
    """Clients that ask until they are told to stop, or for some seconds. requests: asked in turn."""

    def __init__(
        self, folder: Path, url: str, connections: int, requests: Sequence[bytes], seconds: float = FOR_EVER_S
    ) -> None:
        files = []
        for number, request in enumerate(requests):
            files.append(folder / f"crowd-{id(self)}-{number}.http")
            files[-1].write_bytes(request)
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.support.callers",
                url,
                str(connections),
                str(seconds),
                *map(str, files),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def result(self) -> Tally:
        """Once it is over."""
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        self._end()
        return Tally(**told)

    def stop(self) -> Tally:
        """End it now."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.result()

    def _end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def crowd(folder: Path, url: str, connections: int, requests: Sequence[bytes]) -> Iterator[Crowd]:
    """Clients that ask for as long as the block runs."""
    clients = Crowd(folder, url, connections, requests)
    try:
        yield clients
    finally:
        clients._end()
