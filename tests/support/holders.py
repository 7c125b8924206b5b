"""Clients that only hold what they have: heads and bodies that come by the byte, answers that nobody takes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tests.support.raw import Raw, head

PAUSE_S = 0.2
SLOW_HEAD = head("GET", "/_edgewise/health", "x: " + "y" * 4000)
SLOW_BODY_BYTES = 4000
RECEIVE_BYTES = 4096
AHEAD = 200
"""More answers than the kernels hold on the way."""


class _Slow:
    """A request that is sent by the byte, and begun again when it is refused."""

    def __init__(self, url: str, request: bytes, at_once: int) -> None:
        self._url, self._request, self._at_once = url, request, at_once
        self._begin()

    def _begin(self) -> None:
        self._raw = Raw(self._url).send(self._request[: self._at_once])
        self._raw.socket.setblocking(False)
        self._sent = self._at_once

    def drip(self) -> None:
        try:
            self._raw.send(self._request[self._sent : self._sent + 1])
            self._sent += 1
        except OSError:
            self.close()
            with suppress(OSError):
                self._begin()

    def close(self) -> None:
        self._raw.socket.close()


def _requests(token: str) -> Sequence[tuple[bytes, int]]:
    """Each with how much of it is sent at once."""
    length = f"content-length: {SLOW_BODY_BYTES}"
    kind = "content-type: application/json"
    heads = [
        head("POST", "/oauth/v1/token", length, kind, token=None),
        head("POST", "/crm/v3/objects/contacts/search", length, kind, token=token),
        head("POST", "/crm/v3/objects/contacts", length, kind, token="pat-na1-nobodys"),
    ]
    return [(SLOW_HEAD, 20), *((each + b" " * SLOW_BODY_BYTES, len(each) + 1) for each in heads)]


@contextmanager
def holding(url: str, token: str, slow: int, untaken: int, large: bytes) -> Iterator[None]:
    """Hold connections while the block runs. slow: how many of each kind; untaken: how many ask for `large` only."""
    clients = [_Slow(url, *request) for request in _requests(token) for _ in range(slow)]
    deaf = [Raw(url, receive_bytes=RECEIVE_BYTES) for _ in range(untaken)]
    for each in deaf:
        each.send(large * AHEAD)
    is_over = threading.Event()

    def drip() -> None:
        while not is_over.wait(PAUSE_S):
            for each in clients:
                each.drip()

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        yield
    finally:
        is_over.set()
        dripping.join()
        for each in clients:
            each.close()
        for raw in deaf:
            raw.socket.close()
