"""One line for each request, written behind the requests' back."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from typing import NamedTuple, TextIO
from urllib.parse import quote

import msgspec

from edgewise.wire.times import timestamp

FLUSH_S = 0.1
_WAITING_MAX = 100_000


class RequestLine(NamedTuple):
    """What is told of a request. Never a token, a query string or a property."""

    at: int
    method: str
    path: str
    status: int
    duration_us: int
    portal_id: int
    correlation_id: str


Format = Callable[[RequestLine], str]


class _JsonLine(msgspec.Struct, gc=False, tag_field="event", tag="request"):
    time: str
    method: str
    path: str
    status: int
    duration_ms: float
    portal: int
    correlation_id: str


_encode = msgspec.json.Encoder().encode


def json_line(line: RequestLine) -> str:
    """A request as a JSON object."""
    at, method, path, status, duration_us, portal_id, correlation_id = line
    return _encode(
        _JsonLine(timestamp(at), method, path, status, duration_us / 1000, portal_id, correlation_id)
    ).decode()


def plain_line(line: RequestLine) -> str:
    """A request as a person reads it: on one line, whatever the path decodes to."""
    path = line.path if line.path.isprintable() else quote(line.path)
    return (
        f"{timestamp(line.at)[11:23]} {line.status} {line.method:<6} {path} "
        f"{line.duration_us / 1000:.1f} ms {line.correlation_id}"
    )


def colour_line(line: RequestLine) -> str:
    """As `plain_line`, the status in colour."""
    colour = 32 if line.status < 300 else 33 if line.status < 500 else 31
    plain = plain_line(line)
    return f"\x1b[2m{plain[:12]}\x1b[0m \x1b[{colour}m{line.status}\x1b[0m{plain[16:]}"


class RequestLog:
    """Gathers lines on the event loop and writes them in a thread, a batch at a time."""

    def __init__(self, format_line: Format, stream: TextIO = sys.stderr) -> None:
        self._format = format_line
        self._stream = stream
        self._waiting: list[RequestLine] = []
        self._writing: asyncio.Future[None] | None = None
        self._dropped = 0

    def record(self, line: RequestLine) -> None:
        """Take a line; it appears within FLUSH_S. Dropped, and counted, when nobody reads what is written."""
        if len(self._waiting) >= _WAITING_MAX:
            self._dropped += 1
            return
        self._waiting.append(line)
        if len(self._waiting) == 1 and self._writing is None:
            asyncio.get_running_loop().call_later(FLUSH_S, self._flush)

    def _flush(self) -> None:
        if self._waiting and self._writing is None:
            lines, self._waiting = self._waiting, []
            self._writing = asyncio.get_running_loop().run_in_executor(None, self._write, lines)
            self._writing.add_done_callback(self._written)

    def _written(self, future: asyncio.Future[None]) -> None:
        self._writing = None
        if self._waiting:
            asyncio.get_running_loop().call_later(FLUSH_S, self._flush)

    def _write(self, lines: list[RequestLine]) -> None:
        text = "\n".join(map(self._format, lines))
        dropped, self._dropped = self._dropped, 0
        if dropped:
            text += f"\n{dropped} request lines were dropped: nobody reads them fast enough"
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # whoever read it is gone; requests go on
            self._dropped += dropped + len(lines)

    async def close(self) -> None:
        """Write what is left."""
        if self._writing is not None:
            await asyncio.wait([self._writing])
        if self._waiting:
            lines, self._waiting = self._waiting, []
            self._write(lines)
