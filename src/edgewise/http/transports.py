"""What stands between uvicorn and a connection: how answers are written, and when more is read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.flow_control import FlowControl


class OneWritePerAnswer:
    """A transport that hands on what was written during one turn of the event loop together.

    A send costs several microseconds and wakes the client; uvicorn sends the head and the body of an answer apart.
    end: closes the connection in the protocol's way. handed: bytes handed on so far.
    """

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, end: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._call_soon = loop.call_soon
        self._held: list[bytes] = []
        self._end = end
        self.handed = 0
        self.is_closing = transport.is_closing
        self.get_extra_info = transport.get_extra_info

    def write(self, data: bytes) -> None:
        """Take data; it is sent before the loop waits for anything else."""
        if not self._held:
            self._call_soon(self._send)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then close."""
        if self.is_closing is not _always:
            self._send()
            self.is_closing = _always
            self._end()

    def let_go(self) -> None:
        """The connection is gone: forget the protocol, which holds this. Else only the garbage collector finds both."""
        self._held.clear()
        self._end = _nothing

    def _send(self) -> None:
        if self._held:
            data = b"".join(self._held)
            self._held.clear()
            if data and not self._transport.is_closing():
                self.handed += len(data)
                self._transport.write(data)


def _always() -> bool:
    return True


def _nothing() -> None:
    pass


class OneRequestAhead(FlowControl):
    """uvicorn's, but nothing more is read while a request waits behind another one."""

    def __init__(self, transport: asyncio.Transport, waiting: deque[Any]) -> None:
        super().__init__(transport)
        self._waiting = waiting

    def resume_reading(self) -> None:
        """Read on, if there is room for what comes."""
        if not self._waiting:
            super().resume_reading()
