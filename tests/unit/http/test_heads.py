"""The head of an answer is what uvicorn writes, byte for byte."""

import asyncio
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from edgewise.http.heads import QuickHead

DATE = (b"date", b"Tue, 24 Nov 2026 10:36:25 GMT")
NAMES = st.sampled_from([b"content-type", b"location", b"x-hubspot-ratelimit-max", b"www-authenticate"])
VALUES = st.binary(max_size=20).filter(lambda value: all(byte == 9 or 31 < byte != 127 for byte in value))


class _Transport:
    def __init__(self) -> None:
        self.written = b""
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True


def _send(
    kind: type[RequestResponseCycle],
    status: int,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    method: str = "GET",
    keep_alive: bool = True,
) -> tuple[bytes, bool]:
    """What an answer is on the wire, and whether the connection is closed after it."""
    transport: Any = _Transport()

    async def answer() -> None:
        cycle = kind(
            scope={"type": "http", "method": method},  # type: ignore[typeddict-item]
            transport=transport,
            flow=FlowControl(transport),
            logger=logging.getLogger("test"),
            access_logger=logging.getLogger("test"),
            access_log=False,
            default_headers=[DATE],
            message_event=asyncio.Event(),
            expect_100_continue=False,
            keep_alive=keep_alive,
            on_response=lambda: None,
        )
        await cycle.send({"type": "http.response.start", "status": status, "headers": headers})
        await cycle.send({"type": "http.response.body", "body": body})
        assert cycle.response_complete

    asyncio.run(answer())
    return transport.written, transport.is_closed


@given(
    status=st.sampled_from([200, 201, 204, 207, 400, 404, 429, 437, 503]),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=8),
    body=st.binary(max_size=20),
    method=st.sampled_from(["GET", "PUT", "HEAD"]),
    keep_alive=st.booleans(),
)
def test_an_answer_is_what_uvicorn_writes(status, headers, body, method, keep_alive):
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    ours = _send(QuickHead, status, headers, body, method, keep_alive)
    assert ours == _send(RequestResponseCycle, status, headers, body, method, keep_alive)
    assert ours[0].startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize(
    "headers",
    [
        [(b"content-type", b"text/plain")],
        [(b"content-length", b"2"), (b"content-type", b"text/plain")],
        [(b"connection", b"close"), (b"content-length", b"2")],
        [(b"transfer-encoding", b"chunked"), (b"content-length", b"2")],
    ],
)
def test_an_unusual_answer_is_what_uvicorn_writes(headers):
    ours = _send(QuickHead, 200, headers, b"ok")
    assert ours == _send(RequestResponseCycle, 200, headers, b"ok")


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\rb", b"a\x00b", b"a\x7fb"])
def test_a_header_with_a_control_character_is_never_sent(value):
    with pytest.raises(RuntimeError, match="control character"):
        _send(QuickHead, 200, [(b"location", value), (b"content-length", b"0")], b"")
