"""Watches over the connections: how many there are, how long each may wait, and what a stranger to HTTP is answered."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import NamedTuple, Protocol

import msgspec

from edgewise.domain.ports import Clock
from edgewise.http.pipeline import new_correlation_id
from edgewise.http.request_log import RequestLine, RequestLog
from edgewise.http.traffic import Traffic
from edgewise.wire.errors import error_body
from edgewise.wire.quirks import Quirks
from edgewise.wire.refusals import RequestError

LINGER_S = 1.0
"""How long a client that has its last answer may be silent before it is cut off; until then it may read the answer."""

_LISTEN_S = 0.005
"""Between two reads of what is thrown away, from whomever: at full speed, many who send on take all the time."""

_SENDING_ON_MAX = 64
"""How many may wait for that; the network buffers megabytes for each."""

_TICK_MAX_S = 0.5
_TICK_MIN_S = 0.02
_TICKS_PER_TIMEOUT = 8
_TURNED_AWAY_MAX = 100
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may take of a server. Times in seconds; a connection that exceeds one is closed.

    connections_max: how many connections are served at a time.
    head_bytes_max, headers_max, target_bytes_max: of the request line with the headers, their number, and the target.
    head_timeout_s: until a request's head is complete. body_timeout_s: and then its body.
    body_pause_s: between two pieces of a body. answer_timeout_s: until a client took what was sent to it.
    keep_alive_s: between an answer and the next request.
    """

    connections_max: int
    head_bytes_max: int
    headers_max: int
    target_bytes_max: int
    head_timeout_s: float
    body_timeout_s: float
    body_pause_s: float
    answer_timeout_s: float
    keep_alive_s: float


class Watched(Protocol):
    """A connection as the guard sees it. since: when it last began to wait for a request, by the event loop's time."""

    since: float

    def is_idle(self) -> bool:
        """Whether no request of it is at work and no answer is on its way."""

    def check(self, now: float, passed_s: float) -> None:
        """End it if it waited too long. passed_s: since the last check."""

    def cut_off(self) -> None:
        """End it now."""

    def listen(self) -> bool:
        """Read on, to throw it away. False: it is gone."""


class Answer(NamedTuple):
    """A refusal that no application saw."""

    status: int
    correlation_id: str
    body: bytes


class Guard:
    """What the connections of one server share.

    One timer looks at all of them a few times for each timeout; a request costs no timer. `now` is when it last
    looked, so it may be a tick behind; `patience` is the limits with that tick added, so that none is cut off early.
    has_idle: False once all were found at work, until that may have changed.
    """

    def __init__(
        self, limits: Limits, quirks: Quirks, clock: Clock, request_log: RequestLog | None, traffic: Traffic
    ) -> None:
        timeouts = (
            limits.head_timeout_s,
            limits.body_timeout_s,
            limits.body_pause_s,
            limits.answer_timeout_s,
            limits.keep_alive_s,
        )
        self._tick_s = max(_TICK_MIN_S, min(_TICK_MAX_S, min(timeouts) / _TICKS_PER_TIMEOUT))
        self.patience = replace(
            limits,
            head_timeout_s=limits.head_timeout_s + self._tick_s,
            body_timeout_s=limits.body_timeout_s + self._tick_s,
            body_pause_s=limits.body_pause_s + self._tick_s,
            answer_timeout_s=limits.answer_timeout_s + self._tick_s,
            keep_alive_s=limits.keep_alive_s + self._tick_s,
        )
        self.now = 0.0
        self._quirks = quirks
        self._clock = clock
        self._request_log = request_log
        self._traffic = traffic
        self._open: set[Watched] = set()
        self._turned_away: set[Watched] = set()
        self._longest_idle: list[tuple[float, Watched]] = []
        self._sending_on: deque[Watched] = deque()
        self.has_idle = True
        self._is_watching = False

    def admit(self, connection: Watched) -> bool:
        """Take a new connection in, in the place of the one that is idle for longest if there is no other.

        False: all places are taken by connections at work. The new one is watched all the same while it is told so,
        or was cut off where too many are being told.
        """
        if not self._is_watching:
            self._is_watching = True
            loop = asyncio.get_running_loop()
            self.now = loop.time()
            loop.call_later(self._tick_s, self._watch)
        if len(self._open) < self.patience.connections_max or self._make_room():
            self._open.add(connection)
            self._traffic.connections = len(self._open)
            self.has_idle = True
            return True
        self._traffic.turned_away += 1
        if len(self._turned_away) < _TURNED_AWAY_MAX:
            self._turned_away.add(connection)
        else:
            connection.cut_off()
        return False

    def leave(self, connection: Watched) -> None:
        """Forget a connection that is gone."""
        self._open.discard(connection)
        self._turned_away.discard(connection)
        self._traffic.connections = len(self._open)

    def cut_off_all(self) -> None:
        """End every connection now."""
        for connection in [*self._open, *self._turned_away]:
            connection.cut_off()

    def listen_later(self, connection: Watched) -> None:
        """Read on from a client that has its last answer and still sends, once all who wait for that had their turn.

        Where too many wait, whoever waits for longest is cut off.
        """
        if not self._sending_on:
            asyncio.get_running_loop().call_later(_LISTEN_S, self._listen)
        elif len(self._sending_on) == _SENDING_ON_MAX:
            self._sending_on.popleft().cut_off()
        self._sending_on.append(connection)

    def _listen(self) -> None:
        while self._sending_on and not self._sending_on.popleft().listen():
            pass
        if self._sending_on:
            asyncio.get_running_loop().call_later(_LISTEN_S, self._listen)

    def answer(self, refusal: RequestError) -> Answer:
        """What a refusal reads like; noted in the request log, without a path, for nobody knows what is in it."""
        correlation_id = new_correlation_id()
        self._traffic.refusals[type(refusal)] += 1
        status, body = error_body(refusal, correlation_id, self._quirks)
        if self._request_log is not None:
            self._request_log.record(
                RequestLine(self._clock.now_ms(), "-", "-", status, 0, 0, correlation_id)
            )
        return Answer(status, correlation_id, _encode(body))

    def _make_room(self) -> bool:
        """Cut off the connection that is idle for longest, so that those who only hold places starve nobody."""
        while True:
            while self._longest_idle:
                since, connection = self._longest_idle.pop()
                if connection in self._open and connection.since == since and connection.is_idle():
                    self._open.discard(connection)
                    connection.cut_off()
                    return True
            if not self.has_idle:
                return False
            idle = [(each.since, each) for each in self._open if each.is_idle()]
            self._longest_idle = sorted(idle, key=itemgetter(0), reverse=True)
            self.has_idle = bool(idle)

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        passed_s, self.now = now - self.now, now
        self.has_idle = True
        for connection in [*self._open, *self._turned_away]:
            connection.check(now, passed_s)
        if self._open or self._turned_away:
            loop.call_later(self._tick_s, self._watch)
        else:
            self._is_watching = False
