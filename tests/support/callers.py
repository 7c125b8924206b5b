"""Clients that ask the same things over and over on some connections, in a process of its own.

Arguments: the server's address, how many connections, for how many seconds, and files that each hold one request; a
connection begins with another file than the one before it. Ends early when its input does. Prints a `Tally` as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

RETRY_S = 0.05


class _Caller(asyncio.Protocol):
    """One connection, made again whenever it ends. took_ms: of every answer; lost: requests that got none."""

    statuses: Counter[str] = Counter()
    took_ms: list[float] = []
    lost = 0

    def __init__(self, address: tuple[str | None, int | None], requests: Sequence[bytes], first: int) -> None:
        self._address = address
        self._requests = requests
        self._next = first
        self._missing = -1
        self._received = b""
        self._is_asking = False
        self._closes = False

    async def call(self) -> None:
        """Connect, and begin."""
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, *self._address)
        except OSError:
            _Caller.lost += 1
            asyncio.get_running_loop().call_later(RETRY_S, self._call_again)

    def _call_again(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self.call())

    def connection_made(self, transport: asyncio.WriteTransport) -> None:  # type: ignore[override]
        self._transport = transport
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        _Caller.lost += self._is_asking
        self._is_asking, self._received, self._missing = False, b"", -1
        self._call_again()

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._received += data
            head, found, data = self._received.partition(b"\r\n\r\n")
            if not found:
                return
            self._begin(head.lower())
        self._missing -= len(data)
        if self._missing <= 0:
            self._end()

    def _begin(self, head: bytes) -> None:
        self._received = b""
        _, has_length, rest = head.partition(b"content-length: ")
        self._missing = int(rest.split(b"\r\n", 1)[0]) if has_length else 0
        self._closes = b"connection: close" in head
        _Caller.statuses[head[9:12].decode()] += 1

    def _end(self) -> None:
        _Caller.took_ms.append((perf_counter() - self._asked_at) * 1000)
        self._missing, self._is_asking = -1, False
        if self._closes:
            self._transport.abort()
        else:
            self._ask()

    def _ask(self) -> None:
        self._is_asking = True
        self._asked_at = perf_counter()
        self._next += 1
        self._transport.write(self._requests[self._next % len(self._requests)])


async def _run(url: str, connections: int, seconds: float, requests: Sequence[bytes]) -> None:
    parts = urlsplit(url)
    callers = [_Caller((parts.hostname, parts.port), requests, first) for first in range(connections)]
    began = perf_counter()
    await asyncio.gather(*(caller.call() for caller in callers))
    print("ready", flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), seconds)
    took = sorted(_Caller.took_ms)
    tally = {
        "per_s": len(took) / (perf_counter() - began),
        "p50_ms": took[len(took) // 2] if took else None,
        "p99_ms": took[len(took) * 99 // 100] if took else None,
        "statuses": dict(_Caller.statuses),
        "lost": _Caller.lost,
    }
    print(json.dumps(tally), flush=True)


def main() -> None:
    try:
        from uvloop import run
    except ImportError:
        from asyncio import run
    url, connections, seconds, *files = sys.argv[1:]
    run(_run(url, int(connections), float(seconds), [Path(file).read_bytes() for file in files]))


if __name__ == "__main__":
    main()
