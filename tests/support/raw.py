"""Connections that send any bytes at any pace, and read answers off the wire."""

from __future__ import annotations

import json
import select
import socket
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

PATIENCE_S = 20


class Answer(NamedTuple):
    """headers: by name, in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Raw:
    """One connection. receive_bytes: how much the kernel may hold for it, where it should be little."""

    def __init__(self, url: str, receive_bytes: int | None = None) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        self.socket = socket.socket()
        if receive_bytes is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is sent apart arrives apart
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect((address.hostname, address.port))
        self._received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Self:
        """Send all of it. Raises: OSError when the server takes no more."""
        self.socket.sendall(data)
        return self

    def drip(self, data: bytes, pause_s: float) -> bool:
        """Send a byte at a time until something comes back; whether all of it was sent before."""
        for byte in data:
            if select.select([self.socket], [], [], pause_s)[0]:
                return False
            self.send(bytes([byte]))
        return True

    def wait(self) -> Self:
        """Until something comes back, which is left to be read."""
        assert select.select([self.socket], [], [], PATIENCE_S)[0]
        return self

    def answer(self, has_body: bool = True) -> Answer:
        """The next answer. has_body: not to a HEAD. Raises: EOFError when there is none."""
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", "0")) if has_body else 0
        while len(self._received) < length:
            self._receive()
        body, self._received = self._received[:length], self._received[length:]
        return Answer(int(status.split(" ")[1]), headers, body)

    def rest(self) -> bytes:
        """What comes until the server closes the connection."""
        try:
            while True:
                self._receive()
        except (EOFError, ConnectionResetError):
            rest, self._received = self._received, b""
            return rest

    def _receive(self) -> None:
        data = self.socket.recv(65536)
        if not data:
            raise EOFError(self._received)
        self._received += data


def head(method: str, path: str, *headers: str, token: str | None = "any") -> bytes:
    """A request line and headers. token: what opens the server, or None for nothing."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", *headers]
    if token is not None:
        lines.append(f"authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode()


def assert_refused(answer: Answer, status: int, message: str, category: str = "VALIDATION_ERROR") -> None:
    """HubSpot's envelope, on a connection that ends with it."""
    assert answer.status == status, answer
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    assert answer.headers["connection"] == "close"
    assert answer.json() == {
        "status": "error",
        "message": message,
        "correlationId": answer.headers["x-hubspot-correlation-id"],
        "category": category,
    }
