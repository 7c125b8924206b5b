"""An application in this process, and requests to it, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from edgewise.data import hubspot_types
from edgewise.domain.accounts import Token, usual_account
from edgewise.domain.errors import Conflict
from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Clock, Store
from edgewise.http.auth import Authenticator, Portals, token_digest
from edgewise.http.pages import OwnPage
from edgewise.http.pipeline import Application
from edgewise.http.request_log import RequestLog
from edgewise.http.throttle import LocalThrottle
from edgewise.http.traffic import Traffic
from edgewise.stores.memory import MemoryStore
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.scopes import Demands
from edgewise.surfaces.surface import Route
from edgewise.surfaces.versions import SURFACES
from edgewise.wire.messages import Portal
from edgewise.wire.quirks import Profile, quirks_of

PORTAL_ID = 4711
AT = 1_790_000_000_123
TOKEN = "pat-na1-secret"
BODY_BYTES_MAX = 1_000

ROUTES = [route for surface in SURFACES for route in surface.routes()]
EVERY_ROUTE = [*ROUTES, *own_routes()]


class StillClock:
    def now_ms(self) -> int:
        return AT


STILL = StillClock()


class Answer(NamedTuple):
    """headers: as they were sent, in order."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The one value of a header, or None."""
        values = [value.decode() for key, value in self.headers if key == name.encode()]
        assert len(values) <= 1
        return values[0] if values else None

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


def application(
    store: Store | None = None,
    is_open: bool = True,
    routes: Iterable[Route] = ROUTES,
    request_log: RequestLog | None = None,
    pages: dict[str, OwnPage] | None = None,
    profile: Profile = "documented",
    portal_profile: Profile | None = None,
    clock: Clock = STILL,
    body_bytes_max: int = BODY_BYTES_MAX,
) -> Application:
    """is_open: any token opens the portal; else those of the store. portal_profile: where it is not the server's."""
    store = store or MemoryStore()
    if is_open:
        with suppress(StopIteration, Conflict):  # the memory store never waits
            store.accounts.add_account(usual_account(PORTAL_ID, AT)).send(None)
    of_portals, of_server = quirks_of(portal_profile or profile), quirks_of(profile)

    def make(portal_id: int, types: PortalTypes) -> Portal:
        quirks = of_portals if portal_id else of_server
        rules = quirks.rules(records_must_exist=False)
        return Portal(portal_id, hubspot_types(), types, rules, quirks, clock)

    authenticator = Authenticator(store, Portals(store, make), PORTAL_ID if is_open else None)
    return Application(
        store,
        authenticator,
        LocalThrottle(()),
        Demands(EVERY_ROUTE),
        routes,
        pages or {},
        make(0, PortalTypes()),
        clock,
        request_log,
        Traffic(),
        body_bytes_max,
    )


def scope_of(
    method: str,
    path: str,
    headers: Sequence[tuple[str, str]] = (),
    query: str = "",
    token: str | None = TOKEN,
) -> dict[str, Any]:
    """The scope of a request, as uvicorn makes it: names of headers in lower case, the path decoded."""
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    if token is not None:
        sent.append((b"authorization", f"Bearer {token}".encode()))
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": sent,
        "scheme": "http",
        "server": ("127.0.0.1", 8765),
    }


async def exchange(
    app: Application, scope: dict[str, Any], messages: Sequence[dict[str, Any]] = ()
) -> Answer:
    """Send a scope and the messages of its body; afterwards the client is gone."""
    waiting = list(messages)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start, *rest = sent
    assert start["type"] == "http.response.start"
    assert [message["type"] for message in rest] == ["http.response.body"]
    return Answer(start["status"], list(start["headers"]), rest[0].get("body", b""))


def chunks(*parts: bytes) -> list[dict[str, Any]]:
    """The messages of a body that arrives in parts."""
    return [
        {"type": "http.request", "body": part, "more_body": number < len(parts)}
        for number, part in enumerate(parts, 1)
    ]


async def ask(
    app: Application,
    method: str,
    path: str,
    body: Any = None,
    headers: Sequence[tuple[str, str]] = (),
    query: str = "",
    token: str | None = TOKEN,
) -> Answer:
    """One whole request. body: bytes as they are, or what becomes JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
    scope = scope_of(method, path, headers, query, token)
    if content:
        scope["headers"].append((b"content-length", b"%d" % len(content)))
    return await exchange(app, scope, chunks(content))


async def add_token(store: Store, token: str = TOKEN, portal_id: int = PORTAL_ID, **more: Any) -> None:
    """Let a token open a portal. more: what else is kept of it."""
    if await store.accounts.find_account(portal_id) is None:
        await store.accounts.add_account(usual_account(portal_id, AT))
    await store.accounts.add_token(Token(token_digest(token), portal_id, "test", AT, **more))
