"""Many connections in one process: each sends any bytes and reads one answer, within a time."""

from __future__ import annotations

import asyncio
from typing import Self
from urllib.parse import urlsplit

from tests.support.raw import Answer

HEAD_BYTES_MAX = 2**20


class Unanswered(Exception):
    """No whole answer came; says what came in its place, or nothing for nothing."""


class Line:
    """One connection, opened when something is sent, and again after an answer that ends it."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname, address.port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; what is sent next opens it again."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def ask(self, request: bytes, within_s: float) -> Answer:
        """Send a request and read its answer.

        Raises: Unanswered when the connection ends before the answer does; TimeoutError when neither comes in time.
        """
        has_body = not request.startswith(b"HEAD ")
        try:
            async with asyncio.timeout(within_s):
                return await self._ask(request, has_body)
        except (OSError, TimeoutError, Unanswered):
            self.close()
            raise

    async def _ask(self, request: bytes, has_body: bool) -> Answer:
        if self._writer is None or self._writer.is_closing():
            self._reader, self._writer = await asyncio.open_connection(
                self._host, self._port, limit=HEAD_BYTES_MAX
            )
        assert self._reader is not None
        self._writer.write(request)
        try:
            answer = await _read(self._reader, has_body)
            while answer.status < 200:
                answer = await _read(self._reader, has_body)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise Unanswered(repr(error)) from error
        if answer.headers.get("connection") == "close":
            self.close()
        return answer


async def _read(reader: asyncio.StreamReader, has_body: bool) -> Answer:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    length = int(headers.get("content-length", "0")) if has_body else 0
    return Answer(int(first.split(" ", 2)[1]), headers, await reader.readexactly(length))
