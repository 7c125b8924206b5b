"""What goes wrong before an operation is reached, and what every answer carries."""

import asyncio
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from edgewise import wiring
from edgewise.domain.accounts import Token, usual_account
from edgewise.http.auth import token_digest
from edgewise.settings import DEFAULT_PORTAL_ID, Settings
from tests.conformance.documents import UUID
from tests.conformance.errors import NOT_FOUND, assert_error
from tests.support import paths
from tests.support.crm import Crm
from tests.support.server import Server, database_of

ID_HEADER = "x-hubspot-correlation-id"
NO_CREDENTIALS = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
    "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)
LIST = paths.links("v4", "contacts", 1, "companies")
BODY_BYTES_MAX = Settings().body_bytes_max
CREATE = paths.batch("v4", "contacts", "companies", "create")


@pytest.fixture(scope="module")
def live_strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """A server that knows one token; the client has another one."""
    folder = tmp_path_factory.mktemp("strict")
    asyncio.run(_keep_token(database_of(folder), "pat-na1-known"))
    with (
        Server(folder, is_open=False) as server,
        Crm(server.url, "documented", token="pat-na1-unknown") as crm,
    ):
        yield crm


async def _keep_token(database: str, text: str) -> None:
    store = wiring.open_store(database)
    await store.start()
    await store.accounts.add_account(usual_account(DEFAULT_PORTAL_ID, 0))
    await store.accounts.add_token(Token(token_digest(text), DEFAULT_PORTAL_ID, "test", 0))
    await store.close()


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer  x", "bearer x", "Basic eDp5", "pat-na1-x"]
)
def test_without_a_bearer_token_nobody_comes_in(live: Crm, authorization):
    del live.http.headers["authorization"]
    try:
        headers = {} if authorization is None else {"authorization": authorization}
        answer = live.get(LIST, headers=headers)
    finally:
        live.http.headers["authorization"] = "Bearer pat-na1-any"
    assert_error(live, answer, 401, NO_CREDENTIALS, "INVALID_AUTHENTICATION")


def test_an_unknown_token_opens_nothing(live_strict: Crm):
    for answer in (live_strict.get(LIST), live_strict.post(CREATE, b"{"), live_strict.delete(LIST + "/1")):
        assert_error(live_strict, answer, 401, NO_CREDENTIALS, "INVALID_AUTHENTICATION")


def test_without_a_token_an_unknown_type_is_not_looked_up(live_strict: Crm):
    answer = live_strict.get(paths.links("v4", "butterflies", 1, "companies"))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/crm/v5/objects"), ("PATCH", LIST), ("GET", "/_edgewise/openapi.json")],
)
def test_a_stranger_is_not_told_what_is_served(live_strict: Crm, method: str, path: str):
    answer = live_strict.call(method, path)
    assert_error(live_strict, answer, 401, NO_CREDENTIALS, "INVALID_AUTHENTICATION")
    assert "allow" not in answer.headers


def test_a_known_token_opens_its_portal(live_strict: Crm):
    for _ in range(2):
        answer = live_strict.get(LIST, headers={"authorization": "Bearer pat-na1-known"})
        assert answer.status_code == 200


def test_health_needs_no_token(live_strict: Crm):
    assert live_strict.get("/_edgewise/health").json()["status"] == "ok"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/crm",
        "/crm/v4/objects/contacts/1/associations",
        "/crm/v5/objects/contacts/1/associations/companies",
        "/crm/objects/2026-02/contacts",
        "/crm/v4/objects//1/associations/companies",
        f"{LIST}/",
        "/_edgewise/nothing",
    ],
)
def test_a_path_that_nobody_serves_is_not_found(live: Crm, path):
    assert_error(live, live.get(path), 404, f"No operation has the path {path}", NOT_FOUND)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", LIST, "GET, HEAD"),
        ("GET", CREATE, "POST"),
        ("PATCH", paths.link("2026-03", "contacts", 1, "companies", 2), "DELETE, PUT"),
        ("GET", paths.default_link("v4", "contacts", 1, "companies", 2), "PUT"),
        ("PATCH", f"{paths.link('v3', 'contacts', 1, 'companies', 2)}/1", "DELETE, PUT"),
        ("PUT", paths.record("v3", "contacts", 1), "DELETE, GET, HEAD, PATCH"),
        ("DELETE", paths.records("v3", "contacts"), "GET, HEAD, POST"),
        ("POST", "/_edgewise/health", "GET, HEAD"),
    ],
)
def test_a_method_that_a_path_does_not_have_is_told_the_others(live: Crm, method, path, allowed):
    answer = live.call(method, path)
    message = f"{method} is not allowed here; allowed: {allowed}"
    assert_error(live, answer, 405, message, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_that_says_it_is_no_json_is_refused(live: Crm, content_type):
    answer = live.post(CREATE, b'{"inputs":[]}', headers={"content-type": content_type})
    message = f"Content type {content_type} is not supported; send application/json"
    assert_error(live, answer, 415, message)


@pytest.mark.parametrize("content_type", ["application/json", "application/JSON; charset=utf-8", ""])
def test_a_body_that_says_it_is_json_or_nothing_is_read(live: Crm, content_type):
    answer = live.post(CREATE, b'{"inputs":[]}', headers={"content-type": content_type})
    assert answer.status_code == 201


def test_a_body_that_will_be_too_large_is_refused_before_it_is_read(live: Crm):
    head = _answer_to_head(live, f"content-length: {BODY_BYTES_MAX + 1}")
    _assert_too_large(live, head)


def test_a_body_that_turns_out_too_large_is_refused(live: Crm):
    chunk = b"%x\r\n%b\r\n" % (2**20, b" " * 2**20)
    head = _answer_to_head(live, "transfer-encoding: chunked", chunk * (BODY_BYTES_MAX // 2**20 + 1))
    _assert_too_large(live, head)


def test_a_body_as_large_as_the_server_reads_is_read(live: Crm):
    body = b'{"inputs":[]}'.ljust(BODY_BYTES_MAX)
    assert live.post(CREATE, body).status_code == 201


def test_every_answer_has_a_correlation_id_of_its_own(live: Crm):
    contact, company = live.pair()
    answers = [
        live.get("/_edgewise/health"),
        live.get(LIST),
        live.put(paths.default_link("v4", "contacts", contact, "companies", company)),
        live.delete(paths.link("v4", "contacts", contact, "companies", company)),
        live.post(CREATE, b"{"),
        live.get("/nowhere"),
        live.post(LIST),
        live.get(paths.links("v4", "butterflies", 1, "companies")),
        live.get(paths.record("v3", "contacts", "x")),
        live.post(CREATE, b"", headers={"content-type": "text/plain"}),
    ]
    ids = [answer.headers[ID_HEADER] for answer in answers]
    assert all(re.match(UUID, each) for each in ids)
    assert len(set(ids)) == len(ids)
    failed = [answer for answer in answers if answer.status_code >= 400]
    assert len(failed) == 6
    assert [each.json()["correlationId"] for each in failed] == [each.headers[ID_HEADER] for each in failed]


@pytest.mark.parametrize("slash", ["%2F", "%2f"])
def test_an_encoded_slash_is_part_of_its_segment(live: Crm, slash: str):
    for path in (
        paths.record("v3", "contacts", f"1{slash}2"),
        paths.links("v4", "contacts", slash, "companies"),
    ):
        answer = live.get(path)
        assert (answer.status_code, answer.json()["category"]) == (404, NOT_FOUND)
        assert "No operation has the path" not in answer.json()["message"]
    nowhere = paths.links("v4", "contacts", 1, "companies").replace(
        "/associations/", f"{slash}associations{slash}"
    )
    assert live.get(nowhere).status_code == 404


def test_a_connection_is_kept_after_an_error(live: Crm):
    with _connection(live) as connection:
        answers = connection.makefile("rb")
        for _ in range(2):
            connection.sendall(_head(live, "content-length: 1") + b"{")
            assert answers.readline().startswith(b"HTTP/1.1 400")
            while answers.readline() != b"\r\n":
                pass
            # the body is compact JSON, which ends with its outermost brace
            assert _read_object(answers).startswith(b'{"status":"error"')


def _read_object(answers) -> bytes:
    text = b""
    while not text or text.count(b"{") > text.count(b"}"):
        text += answers.read(1)
    return text


def _connection(live: Crm) -> socket.socket:
    address = urlsplit(live.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=20)
    return connection


def _head(live: Crm, length: str) -> bytes:
    return (
        f"POST {CREATE} HTTP/1.1\r\nhost: {urlsplit(live.url).netloc}\r\nauthorization: Bearer x\r\n"
        f"content-type: application/json\r\n{length}\r\n\r\n"
    ).encode()


def _answer_to_head(live: Crm, length: str, body: bytes = b"") -> bytes:
    """What comes back for a request of which only this much is sent, until the server closes the connection."""
    with _connection(live) as connection:
        connection.sendall(_head(live, length))
        received = b""
        try:
            connection.sendall(body)
            while part := connection.recv(65536):
                received += part
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server need not read what it refuses
    return received


def _assert_too_large(live: Crm, received: bytes) -> None:
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 "), received
    correlation_id = re.search(rb"x-hubspot-correlation-id: (\S+)", head)
    assert correlation_id
    assert b"connection: close" in head.lower()
    assert body == (
        b'{"status":"error","message":"The request body is larger than the maximum of %d bytes",'
        b'"correlationId":"%b","category":"VALIDATION_ERROR"}' % (BODY_BYTES_MAX, correlation_id.group(1))
    )
