"""A body is read whole, within its size, and only where an operation wants one."""

from typing import Any

import pytest

from edgewise.http.pipeline import Application
from tests.unit.http.asgi import BODY_BYTES_MAX, Answer, application, ask, chunks, exchange, scope_of

CONTACTS = "/crm/v3/objects/contacts"


def _of_size(size: int) -> bytes:
    """A body that creates a contact, of exactly that many bytes."""
    empty = len(b'{"properties":{"zip":""}}')
    return b'{"properties":{"zip":"%b"}}' % (b"x" * (size - empty))


async def _post(app: Application, messages: list[dict[str, Any]], *headers: tuple[str, str]) -> Answer:
    return await exchange(app, scope_of("POST", CONTACTS, headers), messages)


async def _count(app: Application) -> int:
    return len((await ask(app, "GET", CONTACTS)).json()["results"])


# Size.


async def test_a_body_of_the_largest_size_is_read():
    app = application()
    body = _of_size(BODY_BYTES_MAX)
    assert len(body) == BODY_BYTES_MAX
    assert (await _post(app, chunks(body), ("content-length", str(len(body))))).status == 201
    assert (await _post(app, chunks(body[:500], body[500:]))).status == 201
    assert (await _post(app, chunks(body))).status == 201


async def test_a_body_that_announces_its_excess_is_refused_unread():
    app = application()

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body is read")

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope_of("POST", CONTACTS, [("content-length", str(BODY_BYTES_MAX + 1))]), receive, send)
    assert sent[0]["status"] == 413
    assert (b"connection", b"close") in sent[0]["headers"]


@pytest.mark.parametrize("parts", [1, 2, 7])
async def test_a_body_that_does_not_announce_its_excess_is_counted(parts: int):
    app = application()
    body = _of_size(BODY_BYTES_MAX + 1)
    step = -(-len(body) // parts)
    pieces = [body[start : start + step] for start in range(0, len(body), step)]
    assert len(pieces) == parts
    for headers in ([], [("content-length", "5")]):
        answer = await _post(app, chunks(*pieces), *headers)
        assert answer.status == 413
        assert answer.header("connection") == "close"
        assert (
            answer.json()["message"]
            == f"The request body is larger than the maximum of {BODY_BYTES_MAX} bytes"
        )
        assert answer.json()["category"] == "VALIDATION_ERROR"
    assert await _count(app) == 0


async def test_a_body_is_not_read_on_once_it_is_too_large():
    app = application()
    waiting = chunks(*[b" " * BODY_BYTES_MAX] * 5)
    scope = scope_of("POST", CONTACTS)
    left = list(waiting)

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    async def send(message: dict[str, Any]) -> None:
        pass

    await app(scope, receive, send)
    assert len(left) == 3


# Arrival.


@pytest.mark.parametrize("size", [1, 3, 10])
async def test_a_body_in_pieces_is_put_together(size: int):
    app = application()
    body = '{"properties":{"firstname":"Ünal 🙂"}}'.encode()
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    answer = await _post(app, chunks(*pieces, b""))
    assert answer.status == 201
    assert answer.json()["properties"]["firstname"] == "Ünal 🙂"


async def test_messages_may_leave_their_body_out():
    app = application()
    messages = [
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": _of_size(100), "more_body": True},
        {"type": "http.request"},
    ]
    assert (await _post(app, messages)).status == 201


@pytest.mark.parametrize("arrived", [[], [b'{"properties":'], [b'{"properties":', b'{"zip":"b"}}']])
async def test_a_client_that_leaves_before_its_body_is_complete_changes_nothing(arrived: list[bytes]):
    app = application()
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in arrived]
    answer = await _post(app, messages)
    assert answer.status == 408
    assert answer.header("connection") == "close"
    assert answer.json()["message"] == "The request body did not arrive"
    assert await _count(app) == 0


async def test_a_missing_body_is_told_from_one_that_did_not_arrive():
    answer = await _post(application(), chunks(b""))
    assert (answer.status, answer.header("connection")) == (400, None)
    assert answer.json()["message"] == "Invalid JSON input: a request body was expected, but none found"


# Kind.


@pytest.mark.parametrize(
    "kind",
    [
        "application/json", "application/json;charset=utf-8", "application/json; charset=UTF-8", "Application/JSON",
        "application/vnd.api+json", "text/json", "",
    ],
)  # fmt: skip
async def test_a_body_that_says_it_is_json_or_nothing_is_read(kind: str):
    assert (await _post(application(), chunks(_of_size(50)), ("content-type", kind))).status == 201


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "é",
    ],
)
async def test_a_body_that_says_it_is_something_else_is_refused(kind: str):
    app = application()
    answer = await _post(app, chunks(_of_size(50)), ("content-type", kind))
    assert answer.status == 415
    assert answer.json()["message"] == f"Content type {kind} is not supported; send application/json"
    assert await _count(app) == 0


async def test_an_operation_without_a_body_does_not_mind_one():
    app = application()
    path = "/crm/v4/objects/contacts/1/associations/default/companies/2"
    for body, headers in ((b"{", []), (b"x" * 5_000, [("content-type", "text/plain")])):
        assert (await ask(app, "PUT", path, body, headers)).status == 200


async def test_bytes_that_crash_parsers_are_refused_as_malformed():
    deep = b"[" * 400 + b"]" * 400
    for body in (
        b"\xff\xfe",
        b"{",
        b"[" * 1_000,
        b'{"properties": {"zip": 1e999}}',
        b'{"properties": ' + deep + b"}",
    ):
        answer = await ask(application(), "POST", CONTACTS, body)
        assert answer.status == 400
        assert answer.json()["message"].startswith("Invalid input JSON on line 1, column ")
