"""uvicorn's HTTP/1.1 protocol, spending one system call on an answer where it spends two."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from edgewise.http.heads import QuickHead


class OneWritePerAnswer:
    """A transport that hands on what was written during one turn of the event loop together.

    A send costs several microseconds and wakes the client; uvicorn sends the head and the body of an answer apart.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._call_soon = loop.call_soon
        self._held: list[bytes] = []
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info

    def write(self, data: bytes) -> None:
        """Take data; it is sent before the loop waits for anything else."""
        if not self._held:
            self._call_soon(self._send)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then close."""
        self._send()
        self._transport.close()

    def _send(self) -> None:
        if self._held:
            data = b"".join(self._held)
            self._held.clear()
            if data:
                self._transport.write(data)


class Protocol(HttpToolsProtocol):
    """The protocol the server runs."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        corked: Any = OneWritePerAnswer(transport, self.loop)
        self.transport = corked

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.__class__ = QuickHead  # uvicorn makes cycles of one class only
        super()._start_asgi_task(cycle, app)
