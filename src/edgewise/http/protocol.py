"""uvicorn's HTTP/1.1 protocol, with limits on what a client may send and how long it may take.

Parts of uvicorn's protocol classes are not public API; they are used here, in `heads` and in `transports` only.
"""

from __future__ import annotations

import asyncio
import math
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from edgewise.domain.errors import forget_frames
from edgewise.http.guard import LINGER_S, Guard
from edgewise.http.heads import QuickHead
from edgewise.http.pipeline import ABANDONABLE, CLIENT_LEFT, RETRY_LATER, SERVICE_UNAVAILABLE
from edgewise.http.transports import OneRequestAhead, OneWritePerAnswer
from edgewise.wire.refusals import (
    HeadTimedOut,
    HeadTooLarge,
    RequestError,
    RequestMalformed,
    RequestTimedOut,
    TargetTooLong,
    TooManyConnections,
)

_SLICE = 16 * 1024
"""How much is parsed at a time; requests that wait behind another one stay bytes, which take less memory."""

_UNREAD_BODY_MAX = 256 * 1024
"""How much of a body nobody wants is thrown away to keep the connection."""

_THROWN_AWAY_MAX = 16 * 1024 * 1024
_LINGER_MAX_S = 30.0
_LISTENED_MIN_S = 0.005
"""How much of what a client sends on after its last answer is thrown away, for how long that is waited for, and how
long each read counts at least, for a client may always have a byte ready.
"""

_CLOSE = (b"connection", b"close")

_NOTHING, _HEAD, _BODY = range(3)
"""Which part of a request is being read."""


class Cycle(QuickHead):
    """A request and its answer. refusal: why the rest of its body will not come."""

    refusal: RequestError | None = None

    def _write_head(self, message: Any) -> bool:
        """As before; but an answer that comes amid a body too long to be thrown away is the last one, and says so."""
        if self.more_body and self._is_too_long_to_pass_over():
            message["headers"].insert(0, _CLOSE)
        return super()._write_head(message)

    def _is_too_long_to_pass_over(self) -> bool:
        lengths = [value for name, value in self.scope["headers"] if name == b"content-length"]
        return not lengths or int(lengths[0]) > _UNREAD_BODY_MAX

    async def receive(self) -> Any:
        """The next piece of the body, or the end of the connection, which may say why.

        Where a piece is there, nothing more is read before the one after it is asked for: it may be too much already.
        """
        if self.refusal is None:
            if self.message_event.is_set() and not (self.disconnected or self.response_complete):
                body = bytes(self.body)
                self.body.clear()
                self.message_event.clear()
                return {"type": "http.request", "body": body, "more_body": self.more_body}
            message = await super().receive()
            if self.refusal is None:
                return message
        return {"type": "http.disconnect", "refusal": self.refusal}


class Protocol(HttpToolsProtocol):
    """The protocol the server runs: one connection.

    since: when it last began to wait for a request, by the event loop's time.
    """

    def __init__(self, guard: Guard, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self.since = 0.0
        self._guard = guard
        self._patience = guard.patience
        self._reading = _NOTHING
        self._piece = 0  # bytes of what is being parsed
        self._unheeded = 0  # bytes since the request began, or since the last piece of its body
        self._unread_body = 0
        self._body_since = 0.0
        self._heard_at = 0.0
        self._rest = b""
        self._at_work: Any = None
        self._task: asyncio.Task[None] | None = None
        self._refusal: RequestError | None = None
        self._is_deaf = False
        self._ends_at: float | None = None
        self._thrown_away = 0
        self._linger_left_s = _LINGER_MAX_S
        self._listened_at = 0.0
        self._mark: int | None = None
        self._marked_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._socket = transport
        self._corked = OneWritePerAnswer(transport, self.loop, self._end)
        self.transport: Any = self._corked
        self.flow = OneRequestAhead(transport, self.pipeline)
        self.since = self.loop.time()
        if not self._guard.admit(self) and not transport.is_closing():
            self._refuse(TooManyConnections())

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.leave(self)
        self._is_deaf = True
        self._rest = b""
        super().connection_lost(exc)
        self._corked.let_go()
        if self._task is not None and self._at_work.scope.get(ABANDONABLE):
            self._task.cancel(CLIENT_LEFT)

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            self._throw_away(data)
            return
        self._heard_at = self._guard.now
        if self._rest:
            self._rest += data
        elif len(data) <= _SLICE:
            self._parse(data)
        else:
            self._parse_slices(data)

    def _parse_slices(self, data: bytes) -> None:
        for start in range(0, len(data), _SLICE):
            if self._is_deaf:
                return
            if self.pipeline:
                self._rest = data[start:]
                return
            self._parse(data[start : start + _SLICE])

    def _parse(self, data: bytes) -> None:
        self._piece = len(data)
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                data = data[upgrade.args[0] :]  # the other protocol is not taken up
                if data:
                    continue
            except httptools.HttpParserError as error:
                cause = error.__context__
                self._refuse(cause if isinstance(cause, RequestError) else RequestMalformed())
                return
            break
        if self._reading:
            self._unheeded += self._piece
            if self._unheeded > self._patience.head_bytes_max:
                self._refuse(self._too_large())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reading = _HEAD
        self._unheeded = -self._piece
        self.since = self._guard.now

    def on_headers_complete(self) -> None:
        patience = self._patience
        if len(self.headers) > patience.headers_max or len(self.url) > patience.target_bytes_max:
            raise self._too_large()
        may_be_large = self._unheeded + 2 * _SLICE > patience.head_bytes_max
        if may_be_large and self._head_bytes() > patience.head_bytes_max:
            raise self._too_large()
        super().on_headers_complete()
        self._reading = _BODY
        self._unheeded = -self._piece
        self._unread_body = 0
        self._body_since = self._guard.now
        self.headers = []  # trailers, which nobody reads, come into the same list

    def on_body(self, body: bytes) -> None:
        self._unheeded = -self._piece
        super().on_body(body)
        if self.cycle.response_complete:
            self._unread_body += len(body)
            if self._unread_body > _UNREAD_BODY_MAX:
                raise RequestMalformed

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._reading = _NOTHING
        self.since = self._guard.now

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        cycle.__class__ = Cycle  # uvicorn makes cycles of one class only
        self._at_work = cycle
        self._task = task = self.loop.create_task(cycle.run_asgi(app))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self._corked.is_closing():
            return
        self.since = self._guard.now
        self._guard.has_idle = True
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._refusal is not None:
            self._answer(self._refusal)
            return
        if not self.pipeline:
            rest, self._rest = self._rest, b""
            if rest:
                self._parse_slices(rest)
            self.flow.resume_reading()

    def shutdown(self) -> None:
        """The server stops: finish what is at work; what is only thrown away keeps nobody waiting."""
        if self._ends_at is None:
            super().shutdown()
        else:
            self._socket.close()

    def is_idle(self) -> bool:
        """Whether no request of it is at work and no answer is on its way."""
        return not self._owes() and not self._socket.get_write_buffer_size()

    def cut_off(self) -> None:
        """End it now."""
        self._is_deaf = True
        self._socket.abort()

    def check(self, now: float, passed_s: float) -> None:
        """End it if it waited too long. passed_s: since the last check."""
        untaken = self._socket.get_write_buffer_size()
        if untaken and not self._is_taken(untaken, now):
            self.cut_off()
        elif self._ends_at is not None:
            if untaken:
                self._ends_at = now + LINGER_S
            elif now > self._ends_at:
                self.cut_off()
        elif not self._is_deaf:
            self._check_client(now, passed_s)

    def _check_client(self, now: float, passed_s: float) -> None:
        patience = self._patience
        if self._reading == _BODY:
            if self.flow.read_paused:  # it is not the client that takes its time
                self._body_since += passed_s
                self._heard_at = now
            ends_at = min(self._body_since + patience.body_timeout_s, self._heard_at + patience.body_pause_s)
            if now > ends_at:
                self._refuse(RequestTimedOut())
        elif self._owes():
            pass
        elif self._reading == _HEAD:
            if now > self.since + patience.head_timeout_s:
                self._refuse(HeadTimedOut())
        else:
            is_new = self.cycle is None
            if now > self.since + (patience.head_timeout_s if is_new else patience.keep_alive_s):
                self.transport.close()

    def _owes(self) -> bool:
        """Whether a request has no whole answer yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _is_taken(self, untaken: int, now: float) -> bool:
        """Whether the client takes what is sent: what once waited must be gone in time, whatever came behind it."""
        if self._mark is None or self._corked.handed - untaken >= self._mark:
            self._mark = self._corked.handed
            self._marked_at = now
        return now <= self._marked_at + self._patience.answer_timeout_s

    def _head_bytes(self) -> int:
        lines = sum(len(name) + len(value) + len(b": \r\n") for name, value in self.headers)
        return len(self.parser.get_method()) + len(self.url) + len(b"  HTTP/1.1\r\n\r\n") + lines

    def _too_large(self) -> RequestError:
        if len(self.url) > self._patience.target_bytes_max:
            return TargetTooLong(self._patience.target_bytes_max)
        return HeadTooLarge(self._patience.head_bytes_max, self._patience.headers_max)

    def _refuse(self, refusal: RequestError) -> None:
        """Read no more; answer with a refusal once every request before it has its answer."""
        self._is_deaf = True
        forget_frames(refusal)
        if self._reading == _BODY and self._owes():
            cycle: Any = self.cycle
            cycle.refusal = refusal
            cycle.keep_alive = False
            cycle.message_event.set()
        elif self._reading == _BODY:
            self.transport.close()
        elif self._owes():
            self._refusal = refusal
        else:
            self._answer(refusal)

    def _answer(self, refusal: RequestError) -> None:
        status, correlation_id, body = self._guard.answer(refusal)
        lines = [STATUS_LINE[status]]
        lines += (b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        lines += (
            b"x-hubspot-correlation-id: %b\r\n" % correlation_id.encode(),
            b"content-type: application/json;charset=utf-8\r\n",
            b"%b: %b\r\n" % RETRY_LATER if status == SERVICE_UNAVAILABLE else b"",
            b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body),
            body,
        )
        self.transport.write(b"".join(lines))
        self.transport.close()

    def listen(self) -> bool:
        """Read on, to throw it away. False: it is gone."""
        if self._socket.is_closing():
            return False
        self._listened_at = now = self.loop.time()
        self._ends_at = now + min(LINGER_S, self._linger_left_s)
        self._socket.resume_reading()
        return True

    def _throw_away(self, data: bytes) -> None:
        """What comes behind the last answer; before that is written, nothing more is read."""
        if self._ends_at is None:
            self.flow.pause_reading()
            return
        self._thrown_away += len(data)
        self._linger_left_s -= max(self.loop.time() - self._listened_at, _LISTENED_MIN_S)
        if self._thrown_away > _THROWN_AWAY_MAX or self._linger_left_s < 0:
            self.cut_off()
        else:
            self._let_wait()

    def _let_wait(self) -> None:
        """Read no more of what is thrown away before it is its turn; the time until then is not counted."""
        if not self._socket.is_closing():
            self._ends_at = math.inf
            self._socket.pause_reading()
            self._guard.listen_later(self)

    def _end(self) -> None:
        """Close; but a client that still sends would lose its answer with that, so it is listened to for a while."""
        sends_on = self._is_deaf or self._reading == _BODY
        if sends_on and not self._socket.is_closing() and self._socket.can_write_eof():
            self._is_deaf = True
            self._socket.write_eof()
            self.pipeline.clear()
            if self.flow.read_paused:
                self._let_wait()
            else:
                self.listen()
        else:
            self._socket.close()
