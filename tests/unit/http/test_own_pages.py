"""Health is for everyone, the description for whoever may come in; both are for reading only."""

import asyncio

import pytest

from edgewise.domain.figures import Condition
from edgewise.http.pages import OwnPage, Page, made_once
from edgewise.http.pipeline import Application
from edgewise.settings import DEFAULT_PORTAL_ID, Settings
from edgewise.stores.memory import MemoryStore
from edgewise.wiring import build_application
from tests.support.stalls import longest_go
from tests.unit.http.asgi import TOKEN, add_token, application, ask

HEALTH, READY, DESCRIPTION = "/_edgewise/health", "/_edgewise/ready", "/_edgewise/openapi.json"


@pytest.fixture(params=[True, False], ids=["open", "strict"])
async def app(request: pytest.FixtureRequest) -> Application:
    store = MemoryStore()
    await add_token(store, portal_id=DEFAULT_PORTAL_ID)
    return build_application(Settings(is_open=request.param), store, None)


@pytest.fixture
def token(app: Application, request: pytest.FixtureRequest) -> str | None:
    """What must be shown to be let in."""
    return None if request.node.callspec.params["app"] else TOKEN


@pytest.mark.parametrize("shown", [None, "any"])
async def test_health_tells_what_runs_without_a_token(app: Application, shown: str | None):
    answer = await ask(app, "GET", HEALTH, token=shown)
    assert answer.status == 200
    health = answer.json()
    assert (health["status"], health["store"], health["schemaVersion"]) == ("ok", "memory", 0)
    assert isinstance(health["version"], str)
    assert answer.header("x-hubspot-correlation-id")


@pytest.mark.parametrize("shown", [None, "any"])
async def test_a_server_whose_writes_are_kept_is_ready_for_anyone(app: Application, shown: str | None):
    answer = await ask(app, "GET", READY, token=shown)
    assert (answer.status, answer.json()) == (200, {"status": "ready"})


class Broken(MemoryStore):
    """A store of which no write is kept."""

    def condition(self) -> Condition:
        return Condition("the disk is full", 1_700_000_000_123)


async def test_a_server_whose_writes_are_not_kept_lives_and_is_not_ready():
    app = build_application(Settings(), Broken(), None)
    told = {"reason": "the disk is full", "since": "2023-11-14T22:13:20.123Z"}
    health, ready = await ask(app, "GET", HEALTH, token=None), await ask(app, "GET", READY, token=None)
    assert (health.status, {**health.json(), **told, "status": "degraded"}) == (200, health.json())
    assert (ready.status, ready.json()) == (503, {"status": "not ready", **told})
    assert (ready.header("retry-after"), health.header("retry-after")) == ("5", None)


async def test_the_description_is_served_to_whoever_may_come_in(app: Application, token: str | None):
    answer = await ask(app, "GET", DESCRIPTION, token=token)
    assert (answer.status, answer.json()["openapi"]) == (200, "3.1.0")
    assert "/crm/objects/2026-03/{objectType}" in answer.json()["paths"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_a_stranger_is_not_told_what_a_strict_server_serves(method: str):
    app = build_application(Settings(), MemoryStore(), None)
    for shown in (None, "wrong"):
        answer = await ask(app, method, DESCRIPTION, token=shown)
        assert (answer.status, answer.header("www-authenticate")) == (401, "Bearer")


@pytest.mark.parametrize("path", [HEALTH, READY, DESCRIPTION])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_a_page_can_only_be_read(app: Application, path: str, method: str):
    answer = await ask(app, method, path, {})
    assert (answer.status, answer.header("allow")) == (405, "GET, HEAD")
    assert answer.json()["message"] == f"{method} is not allowed here; allowed: GET, HEAD"


@pytest.mark.parametrize("path", [HEALTH, READY, DESCRIPTION])
async def test_the_head_of_a_page_says_what_a_get_would(app: Application, path: str):
    head, get = await ask(app, "HEAD", path), await ask(app, "GET", path)
    assert head.status == 200
    for name in ("content-type", "content-length"):
        assert head.header(name) == get.header(name)


@pytest.mark.parametrize(
    "path", [f"{HEALTH}/", f"{HEALTH}/x", "/_edgewise", "/_edgewise/", "/health", "/_EDGEWISE/health"]
)
async def test_no_page_is_anywhere_near(app: Application, path: str):
    assert (await ask(app, "GET", path)).status == 404
    assert (await ask(app, "GET", path, token=None)).status == 401


async def test_a_page_is_made_anew_for_each_reader():
    made: list[int] = []

    def page() -> Page:
        made.append(1)
        return Page(b"%d" % len(made))

    app = application(pages={"/page": OwnPage(page, is_public=True)})
    assert [(await ask(app, "GET", "/page", token=None)).body for _ in range(2)] == [b"1", b"2"]


async def test_a_page_that_is_made_once_is_made_for_all_who_ask_before_it_is_there():
    made: list[int] = []

    def page() -> bytes:
        made.append(1)
        return b"%d" % len(made)

    app = application(pages={"/page": OwnPage(made_once(page), is_public=True)})
    assert made == []
    left = asyncio.ensure_future(ask(app, "GET", "/page", token=None))
    answers = [ask(app, "GET", "/page", token=None) for _ in range(3)]
    await asyncio.sleep(0)
    left.cancel()
    assert [answer.body for answer in await asyncio.gather(*answers)] == [b"1"] * 3
    assert (await ask(app, "GET", "/page", token=None)).body == b"1"


async def test_the_description_does_not_keep_others_waiting():
    app = build_application(Settings(is_open=True), MemoryStore(), None)
    answer, go_ms = await longest_go(ask(app, "GET", DESCRIPTION))
    assert len(answer.body) > 100_000
    assert go_ms < 25  # made on the loop it takes 70


async def test_a_page_that_cannot_be_made_is_an_internal_error():
    def page() -> Page:
        raise ValueError("secret")

    answer = await ask(
        application(pages={"/page": OwnPage(page, is_public=True)}), "GET", "/page", token=None
    )
    assert (answer.status, answer.json()["message"]) == (500, "internal error")
    assert b"secret" not in answer.body
