"""A server with an app, a clock that is moved, and calls for its tokens."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from edgewise.domain.accounts import Token
from edgewise.domain.audit import Entry, Wanted
from edgewise.domain.oauth import Asked, Consenter, digest_of
from edgewise.http.request_log import RequestLine, RequestLog
from edgewise.stores.memory import MemoryStore
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.runs.oauth import give_code
from tests.support.oauth import (
    CLIENT,
    OPTIONAL_SCOPES,
    OTHER_CLIENT_ID,
    OTHER_CLIENT_SECRET,
    REDIRECT_URI,
    SCOPES,
    app,
)
from tests.unit.http.asgi import AT, PORTAL_ID, ROUTES, TOKEN, Answer, add_token, application, ask

FORM = (("content-type", "application/x-www-form-urlencoded"),)
JSON = (("content-type", "application/json"),)
USER_ID = 77


class _Log(RequestLog):
    """Keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(str)
        self.lines: list[RequestLine] = []

    def record(self, line: RequestLine) -> None:
        self.lines.append(line)


class World:
    """app: the one that asks. Tokens of the portal are asked for by whoever makes a world."""

    def __init__(self, is_open: bool) -> None:
        self.now = AT
        self.store = MemoryStore()
        self.log = _Log()
        self.app = app()
        routes = [*ROUTES, *own_routes(is_open)]
        self.server = application(
            self.store, is_open=is_open, routes=routes, request_log=self.log, clock=self
        )

    def now_ms(self) -> int:
        return self.now

    def pass_s(self, seconds: int) -> None:
        self.now += seconds * 1000

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        options.setdefault("token", None)
        return await ask(self.server, method, path, **options)

    async def post(self, path: str, fields: Mapping[str, Any], as_json: bool = False) -> Answer:
        """Send fields as a form, or as JSON."""
        if as_json:
            return await self.call("POST", path, body=dict(fields), headers=JSON)
        body = urlencode(fields).encode()
        return await self.call("POST", path, body=body, headers=FORM)

    async def code(self, portal_id: int = PORTAL_ID, challenge: str | None = None) -> str:
        """A code, as the page or the command gives it."""
        asked = Asked(self.app, REDIRECT_URI, SCOPES, OPTIONAL_SCOPES, challenge)
        return await give_code(self.store, asked, Consenter(portal_id, USER_ID), self.now)

    async def tokens(self, version: str = "v3", **fields: str) -> Any:
        """The tokens of a fresh code."""
        answer = await self.exchange(await self.code(), version, **fields)
        assert answer.status == 200, answer.body
        return answer.json()

    async def exchange(self, code: str, version: str = "v3", /, **fields: str) -> Answer:
        asked = {**CLIENT, "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
        return await self.post(f"/oauth/{version}/token", asked | fields)

    async def refresh(self, refresh_token: str, version: str = "v3", **fields: str) -> Answer:
        asked = {**CLIENT, "grant_type": "refresh_token", "refresh_token": refresh_token}
        return await self.post(f"/oauth/{version}/token", asked | fields)

    async def status_with(self, access_token: str, object_type: str = "contacts") -> int:
        """How a call about records is answered to a token."""
        return (await self.call("GET", f"/crm/v3/objects/{object_type}", token=access_token)).status

    async def kept(self, text: str) -> Token:
        token = await self.store.accounts.find_token(digest_of(text))
        assert token is not None
        return token

    async def deeds(self) -> list[Entry]:
        return list(await self.store.audit.read_latest(Wanted(), 100))


async def new_world(is_open: bool = False) -> World:
    """A portal with a token, and two apps of it."""
    world = World(is_open)
    await add_token(world.store, TOKEN)
    world.app = await world.store.accounts.add_app(app(AT, portal_id=PORTAL_ID))
    other = app(
        AT, portal_id=PORTAL_ID, client_id=OTHER_CLIENT_ID, secret_digest=digest_of(OTHER_CLIENT_SECRET)
    )
    await world.store.accounts.add_app(other)
    return world


def require_refused(answer: Answer, status: str, error: str, message: str) -> None:
    """That an answer is a refusal in the envelope of OAuth, and no more."""
    assert answer.status == 400, answer.body
    assert answer.json() == {
        "status": status,
        "message": message,
        "correlationId": answer.header("x-hubspot-correlation-id"),
        "error": error,
        "error_description": message,
    }
