"""The path of every request: find, identify, read, run, answer, log. An ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import count
from random import getrandbits
from time import perf_counter_ns
from types import GeneratorType
from typing import Any, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

import msgspec

from edgewise.domain.asked import Asked, asked
from edgewise.domain.audit import Acting, acting
from edgewise.domain.callers import NOBODY
from edgewise.domain.errors import DomainError, Stopping, StoreError, TooManyReads, forget_frames
from edgewise.domain.ports import Clock, Store
from edgewise.domain.scopes import Access
from edgewise.http.auth import Authenticator, Guest
from edgewise.http.hosts import Hosts
from edgewise.http.mishaps import Mishaps
from edgewise.http.pages import JSON, Header, OwnPage, Page
from edgewise.http.request_log import RequestLine, RequestLog
from edgewise.http.router import Router
from edgewise.http.secrecy import Secrecy
from edgewise.http.slices import in_slices
from edgewise.http.strangers import Strangers
from edgewise.http.throttle import Throttle
from edgewise.http.traffic import Traffic
from edgewise.surfaces.runs.definitions import read_definitions
from edgewise.surfaces.scopes import Demands
from edgewise.surfaces.surface import Route
from edgewise.wire.body_bounds import PUBLIC_BYTES_MAX, UNCOUNTED_BYTES_MAX, require_few_values
from edgewise.wire.errors import Refuse, error_body, internal_error
from edgewise.wire.hints import HEADER, hint_of
from edgewise.wire.messages import Call, Portal, Reply
from edgewise.wire.refusals import (
    BodyTooLarge,
    MethodNotAllowed,
    NotAuthenticated,
    RateLimited,
    RequestError,
    RequestTimedOut,
    StoreUnavailable,
    TokenExpired,
    UnsupportedMediaType,
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

SERVICE_UNAVAILABLE = 503
RETRY_LATER: Header = (b"retry-after", b"1")
"""What is short of something now may have it in a second."""

ABANDONABLE = "edgewise.abandonable"
"""In the scope of a request: whether it may be cancelled with `CLIENT_LEFT`, for it runs and changes nothing."""

CLIENT_LEFT = "the client left"
_CLIENT_LEFT_STATUS = 499
"""What the log says of a request whose client left; nobody is sent it. nginx has the number for that."""

_CLOSE: Header = (b"connection", b"close")
_HINT = HEADER.encode()
_READ = Access.READ
_encode = msgspec.json.Encoder().encode


class Application:
    """Answers the routes of the API and the pages of our own.

    authenticator, throttle, demands: who calls, whether it is their turn, and whether they may.

    traffic: what counts requests. pages: those of our own, by path.
    nobody: the portal of those who show no token; it holds nothing.
    hosts: by which names it is asked for; None: by any.
    """

    def __init__(
        self,
        store: Store,
        authenticator: Authenticator,
        throttle: Throttle,
        demands: Demands,
        routes: Iterable[Route],
        pages: dict[str, OwnPage],
        nobody: Portal,
        clock: Clock,
        request_log: RequestLog | None,
        traffic: Traffic,
        body_bytes_max: int,
        hosts: Hosts | None = None,
    ) -> None:
        self._store = store
        self._authenticator = authenticator
        self._throttle = throttle
        self._demands = demands
        self._pages = pages
        self._nobody = Guest(nobody, NOBODY)
        self._clock = clock
        self._request_log = request_log
        self._traffic = traffic
        self._body_bytes_max = body_bytes_max
        self._hosts = hosts
        self._mishaps = Mishaps()
        self._strangers = Strangers()
        self._router: Router[Route] = Router()
        routes = list(routes)
        self._secrecy = Secrecy(routes)
        for route in routes:
            self._router.add(route.method, route.path, route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Lifespan and websocket scopes are not served."""
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])
        started_ns = perf_counter_ns()
        at = self._clock.now_ms()
        correlation_id = new_correlation_id()
        guest = self._nobody
        extra: list[Header] = []
        refuse: Refuse = error_body
        body, content_type = b"", JSON
        route: Route | None = None
        params: tuple[str, ...] = ()
        page: OwnPage | None = None
        try:
            if self._hosts is not None:
                self._hosts.require(scope["headers"])
            headers = _wanted_headers(scope["headers"])
            page = self._page(scope)
            if page is not None:
                if page.is_public:
                    await self._strangers.wait()
                else:
                    guest = await self._authenticator.identify(headers.authorization, at)
                body, status, content_type, extra[:] = await _read_page(scope, page)
            else:
                route, params = await self._find(scope, headers, at)
                refuse = route.operation.refuse
                if not route.operation.is_public:
                    recalled = self._authenticator.recall(headers.authorization, at)
                    guest = recalled or await self._authenticator.identify(headers.authorization, at)
                    told = self._throttle.take(guest.caller, route.operation.budget, at)
                    extra += told if isinstance(told, (list, tuple)) else await told
                    self._demands.require(route, params, guest.portal.catalog, guest.caller)
                content = await self._read(receive, headers, route) if route.operation.reads_body else b""
                call = Call(*guest, params, content, at, route.served, scope)
                reply = await self._run(route, call, scope)
                status = reply.status
                extra += _headers_of(reply)
                body, content_type = _body_of(reply)
        except (Exception, asyncio.CancelledError) as error:
            if guest is self._nobody:
                await self._strangers.wait()
            status, body, failed = self._failed(error, correlation_id, guest.portal, refuse)
            extra += failed
            forget_frames(error)
        await _send(send, status, body, content_type, correlation_id, extra)
        duration_ns = perf_counter_ns() - started_ns
        self._traffic.note(route or page, status, duration_ns)
        if self._request_log is not None:
            self._request_log.record(
                RequestLine(
                    at,
                    scope["method"],
                    self._told_path(scope, page, route, params, guest.portal),
                    status,
                    duration_ns // 1000,
                    guest.portal.portal_id,
                    correlation_id,
                )
            )

    async def settle(self) -> None:
        """Finish what requests left to be kept behind their back."""
        await self._authenticator.settle()
        await self._throttle.close()
        self._mishaps.close()

    def _told_path(
        self, scope: Scope, page: OwnPage | None, route: Route | None, params: tuple[str, ...], portal: Portal
    ) -> str:
        """What the log is told of a path, which may hold anything."""
        path: str = scope["path"]
        if route is not None:
            return self._secrecy.told(route, params, scope, portal.catalog)
        return path if page is not None else self._router.known_part(path)

    def _page(self, scope: Scope) -> OwnPage | None:
        page = self._pages.get(scope["path"])
        return page if page is not None and page.is_shown(scope) else None

    async def _find(self, scope: Scope, headers: _Wanted, at: int) -> tuple[Route, tuple[str, ...]]:
        """The route of a request and the path's parameters; a stranger is not told what there is."""
        try:
            return self._router.find(scope["method"], scope["path"], _segments(scope))
        except RequestError:
            await self._authenticator.identify(headers.authorization, at)
            raise

    async def _run(self, route: Route, call: Call, scope: Scope) -> Reply:
        """Decode, run, encode."""
        operation = route.operation
        if operation.is_public:
            await self._strangers.wait(len(call.body))
        asked.set(Asked(call.portal.portal_id, perf_counter_ns()))
        acting.set(Acting(call.caller.actor, call.at))
        scope[ABANDONABLE] = operation.access is _READ
        try:
            if operation.needs_properties:
                await read_definitions(self._store, call)
            command = operation.decode(call)
            if isinstance(command, GeneratorType):
                command = await in_slices(command)
            elif len(call.body) > UNCOUNTED_BYTES_MAX:
                await asyncio.sleep(0)
            reply = operation.encode(call, command, await operation.run(self._store, call, command))
            return reply if isinstance(reply, Reply) else await in_slices(reply)
        finally:
            scope[ABANDONABLE] = False

    async def _read(self, receive: Receive, headers: _Wanted, route: Route) -> bytes:
        """The body of a request. Raises: UnsupportedMediaType, BodyTooLarge, TooManyValues, RequestTimedOut."""
        bytes_max = self._body_bytes_max
        if route.operation.is_public:
            bytes_max = min(bytes_max, PUBLIC_BYTES_MAX)
        kind = headers.content_type.lower().decode("latin-1")
        if kind and not any(medium in kind for medium in route.operation.media):
            raise UnsupportedMediaType(headers.content_type.decode("latin-1"))
        if int(headers.content_length or b"0") > bytes_max:
            raise BodyTooLarge(bytes_max)
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise message.get("refusal") or RequestTimedOut()
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > bytes_max:
                raise BodyTooLarge(bytes_max)
            if not message.get("more_body"):
                break
        body = b"".join(chunks)
        if size > UNCOUNTED_BYTES_MAX:
            await in_slices(require_few_values(body, route.operation.values_max))
        return body

    def _failed(
        self, error: Exception | asyncio.CancelledError, correlation_id: str, portal: Portal, refuse: Refuse
    ) -> tuple[int, bytes, list[Header]]:
        """The answer to a request that could not be done."""
        if isinstance(error, asyncio.CancelledError):
            if error.args != (CLIENT_LEFT,):
                raise error
            return _CLIENT_LEFT_STATUS, b"", []
        body: msgspec.Struct
        extra: list[Header] = []
        if isinstance(error, StoreError):
            self._mishaps.store_failed(error, correlation_id)
            error = StoreUnavailable()
        self._traffic.refusals[type(error)] += 1
        if isinstance(error, DomainError):
            status, body = refuse(error, correlation_id, portal.quirks)
            if status == SERVICE_UNAVAILABLE:
                extra.append(RETRY_LATER)
            hint = hint_of(error, portal.catalog)
            if hint is not None:
                extra.append((_HINT, hint.encode()))
            if isinstance(error, MethodNotAllowed):
                extra.append((b"allow", ", ".join(error.allowed).encode()))
            elif isinstance(error, BodyTooLarge | RequestTimedOut | Stopping):
                extra.append(_CLOSE)  # the rest of the body is not read, or nothing is any more
            elif isinstance(error, RateLimited):
                extra += error.headers
            elif isinstance(error, TooManyReads):
                extra.append(RETRY_LATER)
            elif isinstance(error, NotAuthenticated | TokenExpired):
                extra.append((b"www-authenticate", b"Bearer"))
        else:
            self._mishaps.request_failed(error, correlation_id)
            status, body = 500, internal_error(correlation_id)
        return status, _encode(body), extra


def new_correlation_id() -> str:
    """A version 4 UUID that no other request has: random for the process, counted for the request."""
    return f"{_PROCESS}{next(_REQUESTS) & _COUNT_MAX:012x}"


_PROCESS = str(uuid4())[:24]
_COUNT_MAX = (1 << 48) - 1
_REQUESTS = count(getrandbits(48))


async def _send(
    send: Send, status: int, body: bytes, content_type: bytes, correlation_id: str, extra: Sequence[Header]
) -> None:
    headers: list[Header] = [(b"x-hubspot-correlation-id", correlation_id.encode()), *extra]
    if status != 204:
        headers += ((b"content-type", content_type), (b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers_of(reply: Reply) -> list[Header]:
    headers = list(reply.headers)
    if reply.location is not None:
        headers.append((b"location", reply.location.encode()))
    if reply.hint is not None:
        headers.append((_HINT, reply.hint.encode()))
    return headers


def _body_of(reply: Reply) -> tuple[bytes, bytes]:
    """And its content type."""
    if reply.body is not None:
        return _encode(reply.body), JSON
    if reply.text is not None:
        return reply.text.content.encode(), reply.text.content_type.encode()
    return b"", JSON


class _Wanted(NamedTuple):
    authorization: bytes
    content_length: bytes
    content_type: bytes


def _wanted_headers(headers: Iterable[Header]) -> _Wanted:
    authorization = content_length = content_type = b""
    for name, value in headers:
        if name == b"authorization":
            authorization = value
        elif name == b"content-length":
            content_length = value
        elif name == b"content-type":
            content_type = value
    return _Wanted(authorization, content_length, content_type)


def _segments(scope: Scope) -> list[str] | None:
    """The segments of a path in which a `/` may be part of one, or None where they are between its slashes."""
    raw: bytes = scope.get("raw_path", b"")
    return [unquote(each) for each in raw.decode("ascii").split("/")] if b"%2" in raw else None


async def _read_page(scope: Scope, page: OwnPage) -> Page:
    if scope["method"] not in ("GET", "HEAD"):
        raise MethodNotAllowed(scope["method"], ("GET", "HEAD"))
    made = page.make()
    return made if isinstance(made, Page) else await made
