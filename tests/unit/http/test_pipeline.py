"""Every request is answered in HubSpot's envelope, whatever becomes of it."""

import asyncio
import gc
import logging
import weakref
from itertools import count
from typing import Any
from uuid import RFC_4122, UUID

import pytest

from edgewise.domain.errors import AlteredMigration, Conflict, NewerDatabase, Unavailable, UnknownObjectType
from edgewise.domain.model import PortalTypes
from edgewise.domain.scopes import Access
from edgewise.http import pipeline
from edgewise.http.pipeline import new_correlation_id
from edgewise.stores.memory import MemoryStore
from edgewise.surfaces.operations import Operation
from edgewise.surfaces.surface import Route
from edgewise.wire.messages import Call, Reply, Served
from tests.unit.http.asgi import (
    BODY_BYTES_MAX,
    PORTAL_ID,
    ROUTES,
    Answer,
    add_token,
    application,
    ask,
    exchange,
    scope_of,
)

CONTACTS = "/crm/v3/objects/contacts"
JSON = "application/json;charset=utf-8"


def _route(decode: Any, run: Any = None, encode: Any = None, path: str = "/made/up") -> Route:
    """A route of an operation that is only here."""

    async def nothing(store: Any, call: Call, command: Any) -> None:
        return None

    operation = Operation(
        name="made_up", summary="Made up", family="own", method="GET", path=path, decode=decode, run=run or nothing,
        encode=encode or (lambda *_: Reply(204)), statuses=(204,), access=Access.READ,
    )  # fmt: skip
    return Route("-", "GET", path, operation, Served("/crm/v4/objects", (200,)))


def _raising(error: BaseException) -> Any:
    def fail(*_: Any) -> Any:
        raise error

    return fail


def _require_envelope(answer: Answer, status: int) -> dict[str, Any]:
    body = answer.json()
    assert (answer.status, body["status"]) == (status, "error")
    assert answer.header("content-type") == JSON
    assert answer.header("content-length") == str(len(answer.body))
    assert answer.header("x-hubspot-correlation-id") == body["correlationId"]
    assert UUID(body["correlationId"]).version == 4
    assert body["message"]
    return body


# What goes well.


async def test_a_request_is_answered_with_json_its_length_and_a_correlation_id():
    answer = await ask(application(), "GET", CONTACTS)
    assert (answer.status, answer.json()) == (200, {"results": []})
    assert answer.header("content-type") == JSON
    assert answer.header("content-length") == str(len(answer.body))
    assert str(UUID(answer.header("x-hubspot-correlation-id"))) == answer.header("x-hubspot-correlation-id")


async def test_an_answer_without_content_has_no_body_and_says_nothing_of_one():
    answer = await ask(application(), "DELETE", f"{CONTACTS}/5")
    assert (answer.status, answer.body) == (204, b"")
    assert [name for name, _ in answer.headers] == [b"x-hubspot-correlation-id"]


async def test_a_created_record_has_its_address_in_a_header():
    app = application()
    answer = await ask(app, "POST", CONTACTS, {"properties": {"firstname": "Ann"}}, [("host", "crm.example")])
    record_id = answer.json()["id"]
    assert answer.status == 201
    assert answer.header("location") == f"http://crm.example{CONTACTS}/{record_id}"
    assert (await ask(app, "GET", f"{CONTACTS}/{record_id}")).status == 200


async def test_a_body_is_compact():
    answer = await ask(application(), "PUT", "/crm/v4/objects/contacts/1/associations/default/companies/2")
    assert answer.status == 200
    assert b": " not in answer.body
    assert b", " not in answer.body


async def test_a_request_with_a_bad_body_leaves_nothing_behind():
    app = application()
    assert (await ask(app, "POST", CONTACTS, b'{"properties": ')).status == 400
    assert (await ask(app, "GET", CONTACTS)).json() == {"results": []}


async def test_a_portal_is_the_one_its_token_opens():
    store = MemoryStore()
    app = application(store, is_open=False)
    await add_token(store, "one", 1)
    await add_token(store, "two", 2)
    await ask(app, "POST", CONTACTS, {"properties": {}}, token="one")
    for token, number in (("one", 1), ("two", 0), ("one", 1)):
        assert len((await ask(app, "GET", CONTACTS, token=token)).json()["results"]) == number


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
async def test_only_http_is_served(kind: str):
    with pytest.raises(NotImplementedError):
        await exchange(application(), {"type": kind})


# Correlation ids.


def test_correlation_ids_are_uuids_of_version_4_and_never_the_same():
    ids = [new_correlation_id() for _ in range(10_000)]
    assert len(set(ids)) == 10_000
    for text in ids:
        parsed = UUID(text)
        assert (str(parsed), parsed.version, parsed.variant) == (text, 4, RFC_4122)


def test_correlation_ids_stay_uuids_when_their_count_runs_over(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pipeline, "_REQUESTS", count((1 << 48) - 2))
    ids = [new_correlation_id() for _ in range(4)]
    assert len(set(ids)) == 4
    assert [str(UUID(text)) for text in ids] == ids
    assert {UUID(text).version for text in ids} == {4}


async def test_each_answer_has_a_correlation_id_of_its_own():
    app = application()
    answers = [await ask(app, "GET", path) for path in (CONTACTS, "/x", CONTACTS, "/x")]
    assert len({answer.header("x-hubspot-correlation-id") for answer in answers}) == 4


# What the way in refuses.


async def test_an_unknown_path_is_not_found():
    body = _require_envelope(await ask(application(), "GET", "/crm/v9/x"), 404)
    assert (body["category"], body["message"]) == ("OBJECT_NOT_FOUND", "No operation has the path /crm/v9/x")


@pytest.mark.parametrize(("method", "path"), [("GET", "/crm/v9/x"), ("PUT", CONTACTS), ("OPTIONS", CONTACTS)])
async def test_a_stranger_is_not_told_which_paths_and_methods_there_are(method: str, path: str):
    store = MemoryStore()
    await add_token(store)
    for app, token in ((application(), None), (application(store, is_open=False), "wrong")):
        answer = await ask(app, method, path, token=token)
        _require_envelope(answer, 401)
        assert answer.header("allow") is None
    assert (await ask(application(store, is_open=False), method, path)).status in (404, 405)


async def test_another_method_is_told_which_ones_there_are():
    answer = await ask(application(), "PUT", CONTACTS)
    assert _require_envelope(answer, 405)["category"] == "METHOD_NOT_ALLOWED"
    assert answer.header("allow") == "GET, HEAD, POST"
    assert (await ask(application(), "HEAD", CONTACTS)).status == 200


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer", "bearer secret", "Bearer  secret"])
async def test_a_request_without_a_usable_token_is_asked_for_one(header: str | None):
    headers = [] if header is None else [("authorization", header)]
    for app in (application(is_open=True), application(is_open=False)):
        answer = await ask(app, "GET", CONTACTS, headers=headers, token=None)
        body = _require_envelope(answer, 401)
        assert answer.header("www-authenticate") == "Bearer"
        assert body["category"] == "INVALID_AUTHENTICATION"
        assert body["message"].startswith("Authentication credentials not found.")


async def test_a_token_that_opens_nothing_is_refused_before_the_request_is_looked_at():
    app = application(is_open=False)
    for path, body in (("/crm/v3/objects/butterflies", b"{"), (CONTACTS, b"x" * (BODY_BYTES_MAX + 1))):
        answer = await ask(app, "POST", path, body, [("content-type", "text/plain")], token="wrong")
        _require_envelope(answer, 401)


async def test_a_rule_that_is_broken_is_answered_as_the_table_says():
    body = _require_envelope(await ask(application(), "GET", "/crm/v3/objects/butterflies"), 400)
    assert body["message"] == "Unable to infer object type from: butterflies"
    assert body["category"] == "VALIDATION_ERROR"


@pytest.mark.parametrize("server", ["documented", "observed"])
@pytest.mark.parametrize(("portal", "has_category"), [("documented", True), ("observed", False)])
async def test_the_profile_of_the_portal_shapes_its_errors(server: Any, portal: Any, has_category: bool):
    app = application(profile=server, portal_profile=portal)
    answer = await ask(app, "GET", "/crm/v3/objects/butterflies")
    assert ("category" in _require_envelope(answer, 400)) == has_category


# What goes wrong with us.


@pytest.mark.parametrize("stage", ["decode", "run", "encode"])
@pytest.mark.parametrize("error", [ValueError("secret detail"), KeyError("secret detail"), RecursionError()])
async def test_an_unexpected_failure_tells_the_log_and_not_the_client(
    stage: str, error: Exception, caplog: pytest.LogCaptureFixture
):
    async def run(*_: Any) -> Any:
        raise error

    broken = {
        "decode": lambda _: None,
        "run": None,
        "encode": None,
        stage: run if stage == "run" else _raising(error),
    }
    with caplog.at_level(logging.ERROR, "edgewise.http"):
        answer = await ask(application(routes=[_route(**broken)]), "GET", "/made/up")
    body = _require_envelope(answer, 500)
    assert (body["message"], body["category"]) == ("internal error", "INTERNAL_ERROR")
    assert body.keys() == {"status", "message", "correlationId", "category"}
    assert b"secret" not in answer.body
    (record,) = caplog.records
    assert body["correlationId"] in record.getMessage()
    assert f"{type(error).__name__} at " in record.getMessage()
    assert "Traceback" in record.getMessage()
    assert "secret detail" not in record.getMessage()
    assert record.exc_info is None


@pytest.mark.parametrize(
    "error", [Unavailable("disk full: SELECT"), Conflict("x"), NewerDatabase(9, 1), AlteredMigration(1, "x")]
)
async def test_a_store_that_fails_is_unavailable_and_the_log_knows_why(
    error: Exception, caplog: pytest.LogCaptureFixture
):
    async def run(*_: Any) -> Any:
        raise error

    answer = await ask(application(routes=[_route(lambda _: None, run)]), "GET", "/made/up")
    body = _require_envelope(answer, 503)
    assert body["message"] == "The store is unavailable right now; try again"
    (record,) = caplog.records
    assert f"{body['correlationId']}: {error}\n" in record.getMessage()
    assert record.exc_info is None
    assert answer.header("retry-after") == "1"


async def test_a_store_that_fails_while_a_portal_opens_is_unavailable_too():
    class Down(MemoryStore):
        async def portal_types(self, portal_id: int) -> PortalTypes:
            raise Unavailable("down")

    store = Down()
    await add_token(store)
    _require_envelope(await ask(application(store, is_open=False), "GET", CONTACTS), 503)


async def test_an_error_that_was_answered_keeps_nothing_that_was_loaded():
    loaded: list[weakref.ref[Any]] = []

    async def run(store: Any, call: Call, command: Any) -> None:
        rows, kept = {"a row"}, asyncio.get_running_loop().create_future()
        loaded.append(weakref.ref(rows))
        try:
            raise UnknownObjectType("nothings")
        except UnknownObjectType as error:
            kept.set_exception(error)
        await kept

    gc.disable()
    try:
        answer = await ask(application(routes=(_route(lambda *_: None, run),)), "GET", "/made/up")
        assert answer.status == 400
        assert loaded[0]() is None
    finally:
        gc.enable()


async def test_a_failure_that_stops_the_program_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        await ask(application(routes=[_route(_raising(KeyboardInterrupt()))]), "GET", "/made/up")


async def test_what_an_operation_is_called_with():
    calls: list[Call] = []

    def decode(call: Call) -> str:
        calls.append(call)
        return "command"

    async def run(store: Any, call: Call, command: str) -> tuple[Any, str]:
        return store, command

    def encode(call: Call, command: str, outcome: Any) -> Reply:
        assert (command, outcome) == ("command", (store, "command"))
        return Reply(202)

    store = MemoryStore()
    app = application(store, routes=[_route(decode, run, encode, "/made/{x}/up/{y}")])
    answer = await ask(app, "GET", "/made/1/up/two", query="a=5")
    assert answer.status == 202
    (call,) = calls
    assert (call.params, call.body, call.query("a")) == (("1", "two"), b"", "5")
    assert (call.portal.portal_id, call.path, call.served.link_lists) == (
        PORTAL_ID,
        "/made/1/up/two",
        "/crm/v4/objects",
    )


_REFUSED_WHEN_EMPTY = {
    "read_record": (404, "resource not found"),
    "delete_label": (400, "Unable to find objectTypeIds"),
    "delete_schema": (400, "Object type 0-1 is defined by HubSpot and cannot be changed or archived"),
    "delete_schema_association": (404, "Association definition 1 does not exist"),
    "archive_property": (400, "Property email is defined by HubSpot and cannot be changed or archived"),
    "archive_property_group": (400, "Can't delete or purge a group with active properties"),
}
"""Operations without a body that need something to be there, or something else."""


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_every_route_answers_an_empty_request_in_its_own_way(route: Route):
    path = route.path
    for name, value in (
        ("objectType", "contacts"),
        ("fromObjectType", "contacts"),
        ("toObjectType", "companies"),
        ("associationType", "279"),
        ("associationTypeId", "999999"),
        ("fromObjectTypeId", "0-1"),
        ("toObjectTypeId", "0-2"),
        ("userId", "5"),
        ("propertyName", "email"),
        ("groupName", "contactinformation"),
        ("pipelineId", "contacts-lifecycle-pipeline"),
        ("stageId", "lead"),
        ("ownerId", "71000001"),
        ("associationIdentifier", "1"),
    ):
        path = path.replace(f"{{{name}}}", value)
    for name in ("fromObjectId", "toObjectId", "objectId"):
        path = path.replace(f"{{{name}}}", "5")
    answer = await exchange(
        application(),
        scope_of(route.method, path),
        [{"type": "http.request", "body": b"", "more_body": False}],
    )
    if route.operation.family.startswith("oauth"):
        refused = answer.json()
        assert (answer.status, refused["message"][:11]) == (400, "missing or ")
        assert refused["correlationId"] == answer.header("x-hubspot-correlation-id")
    elif route.operation.request is not None:
        assert "request body was expected" in _require_envelope(answer, 400)["message"]
    elif route.operation.name in _REFUSED_WHEN_EMPTY:
        status, message = _REFUSED_WHEN_EMPTY[route.operation.name]
        assert _require_envelope(answer, status)["message"] == message
    else:
        assert answer.status == route.operation.statuses[0]
