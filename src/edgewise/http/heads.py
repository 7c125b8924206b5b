"""Writes the head of an answer, looking for what may not be in it once where uvicorn looks into each name and value.

An answer has a dozen headers, seven of them about rate limits; that saves a few microseconds of each request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_CONTROLS = bytes([*range(9), *range(10, 32), 127])
_BREAK_LENGTH = len(b"\r\n")


class QuickHead(RequestResponseCycle):
    """uvicorn's answer to a request, for an application that names the length of its body last.

    Anything else goes uvicorn's way: an answer of unknown length, a connection that ends with it, a client that does
    not read or is gone.
    """

    async def send(self, message: Any) -> None:
        """Take a message of the application. Raises: RuntimeError for a header with a control character."""
        if message["type"] != "http.response.start" or not self._write_head(message):
            await super().send(message)

    def _write_head(self, message: Mapping[str, Any]) -> bool:
        """Whether the head was written; else nothing happened."""
        name, length = message["headers"][-1]
        if name != b"content-length" or self.response_started or not self.keep_alive:
            return False
        if self.disconnected or self.flow.write_paused:
            return False
        headers = [*self.default_headers, *message["headers"]]
        lines = b"\r\n".join(map(b": ".join, headers))
        head = b"%b%b\r\n\r\n" % (STATUS_LINE[message["status"]], lines)
        if b"\nconnection: " in head or b"\ntransfer-encoding: " in head:
            return False
        if len(head.translate(None, _CONTROLS)) != len(head) - _BREAK_LENGTH * (len(headers) + 2):
            raise RuntimeError("a header of an answer has a control character")
        self.expected_content_length = int(length)
        self.chunked_encoding = False
        self.response_started = True
        self.waiting_for_100_continue = False
        self.transport.write(head)
        return True
