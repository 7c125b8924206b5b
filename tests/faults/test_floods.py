"""Clients that send too much, too deep, too often or no HTTP: they are told so, and the others are served."""

import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest

from edgewise.settings import Settings
from tests.support import paths
from tests.support.raw import Raw, assert_refused, head
from tests.support.server import Server

HEALTH = head("GET", "/_edgewise/health")
CREATE = paths.batch("v4", "contacts", "companies", "create")
BODY = b'{"inputs":[]}'
CHUNKED = head("POST", CREATE, "transfer-encoding: chunked")
DEFAULT = Settings()
TOO_LARGE = "The request line and headers are larger than the maximum of 65536 bytes and 100 headers"
TOO_LONG = "The path and query are longer than the maximum of 16384 bytes"
TOO_MANY = "The server has too many connections right now; try again"
NOT_HTTP = "The request is not valid HTTP/1.1"
DEEP = 100_000
FEW = 20
AT_ONCE = 8


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server as anyone starts it."""
    with Server(tmp_path_factory.mktemp("flooded"), database="memory://") as server:
        yield server


@pytest.fixture
def bystander(server: Server) -> Iterator[Raw]:
    """Another client, which is answered before and after, on one connection."""
    with Raw(server.url) as client:
        assert client.send(HEALTH).answer().status == 200
        yield client
        assert client.send(HEALTH).answer().status == 200


@pytest.mark.usefixtures("bystander")
@pytest.mark.parametrize(
    ("request_of_too_much", "status", "message"),
    [
        (head("GET", "/", *("a: b" for _ in range(5_000))), 431, TOO_LARGE),
        (head("GET", "/", *(f"a{number}: b" for number in range(99))), 431, TOO_LARGE),
        (head("GET", "/", "a: " + "b" * 2**22), 431, TOO_LARGE),
        (head("GET", "/", "a" * 2**22 + ": b"), 431, TOO_LARGE),
        (head("GET", "/", "a: " + "b" * DEFAULT.head_bytes_max), 431, TOO_LARGE),
        (head("GET", "/" + "a" * 2**22), 414, TOO_LONG),
        (head("GET", "/" + "a" * DEFAULT.target_bytes_max), 414, TOO_LONG),
        (head("GET", "/?a=" + "b" * DEFAULT.target_bytes_max), 414, TOO_LONG),
    ],
    ids=[
        "5,000 headers",
        "101 headers",
        "4 MB header",
        "4 MB name",
        "64 KiB",
        "4 MB path",
        "16 KiB path",
        "query",
    ],
)
def test_a_head_of_too_much_is_refused(server: Server, request_of_too_much: bytes, status: int, message: str):
    with Raw(server.url) as client:
        client.send(request_of_too_much)
        assert_refused(client.answer(), status, message)
        assert client.rest() == b""


def test_a_head_as_large_as_the_server_reads_is_read(server: Server):
    most = [f"a{number}: b" for number in range(DEFAULT.headers_max - 3)]
    room = DEFAULT.head_bytes_max - len(head("GET", "/_edgewise/health", *most, "z: "))
    path = "/" + "a" * (DEFAULT.target_bytes_max - 1)
    with Raw(server.url) as client:
        assert client.send(head("GET", "/_edgewise/health", *most, "z: " + "b" * room)).answer().status == 200
        assert client.send(head("GET", path)).answer().status == 404


@pytest.mark.usefixtures("bystander")
def test_trailers_of_too_much_are_refused(server: Server):
    for trailers in (b"a: " + b"b" * 2**20, b"a: b\r\n" * 2**18):
        with Raw(server.url) as client:
            client.send(CHUNKED + b"0\r\n" + trailers)
            assert_refused(client.answer(), 431, TOO_LARGE)
            assert client.rest() == b""


def test_trailers_are_passed_over(server: Server):
    chunks = b"%x\r\n%b\r\n0\r\nauthorization: none\r\nx: y\r\n\r\n" % (len(BODY), BODY)
    with Raw(server.url) as client:
        for _ in range(2):
            assert client.send(CHUNKED + chunks).answer().status == 201


@pytest.mark.parametrize(
    "line_noise",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"hello\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / SMTP/1.1\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\n\r\n",
        b"CONNECT elsewhere:443 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n",
        b"GET / HTTP/1.1\r\na: b\x00c\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_in_hubspots_words(server: Server, line_noise: bytes):
    with Raw(server.url) as client:
        client.send(line_noise)
        assert_refused(client.answer(), 400, NOT_HTTP)
        assert client.rest() == b""


@pytest.mark.parametrize(
    "chunk", [b"z\r\n", b"-1\r\n", b"1\r\nab\r\n", b"f" * 17 + b"\r\n", b"1\r\na\r\n0\r\n\x00\r\n\r\n"]
)
def test_a_broken_chunk_is_refused_in_hubspots_words(server: Server, chunk: bytes):
    with Raw(server.url) as client:
        client.send(CHUNKED + chunk)
        assert_refused(client.answer(), 400, NOT_HTTP)
        assert client.rest() == b""


def test_what_was_asked_before_the_nonsense_is_answered_before_it(server: Server):
    with Raw(server.url) as client:
        client.send(HEALTH * 3 + b"nonsense\r\n\r\n" + HEALTH)
        assert [client.answer().status for _ in range(3)] == [200] * 3
        assert_refused(client.answer(), 400, NOT_HTTP)
        assert client.rest() == b""


@pytest.mark.usefixtures("bystander")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"inputs":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"inputs":[],"more":' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"inputs":[],"more":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
        b'{"more":' + b"[" * DEEP + b"]" * DEEP + b',"inputs":1}',
        b'{"inputs":[{"from":' + b"[" * DEEP + b"]" * DEEP + b"}]}",
    ],
)
def test_a_body_nested_without_end_is_refused(server: Server, body: bytes):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {len(body)}") + body)
        answer = client.answer()
        assert (answer.status, answer.json()["status"]) == (400, "error")
        assert client.send(HEALTH).answer().status == 200


@pytest.mark.usefixtures("bystander")
def test_a_body_that_nobody_wants_is_not_read_to_its_end(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {2**40}", token=None))
        answer = client.answer()
        assert (answer.status, answer.headers["connection"]) == (401, "close")
        with pytest.raises(ConnectionError):
            while True:
                client.send(b" " * 2**20)


def test_all_who_send_a_whole_large_body_before_they_look_for_an_answer_get_it(server: Server):
    def refused_with(_: int) -> int:
        with Raw(server.url) as client:
            client.send(head("POST", "/oauth/v1/token", f"content-length: {2**23}") + b" " * 2**23)
            return client.answer().status

    with ThreadPoolExecutor(AT_ONCE) as clients:
        assert list(clients.map(refused_with, range(AT_ONCE))) == [413] * AT_ONCE


def test_one_who_sends_slowly_and_looks_for_an_answer_at_last_gets_it(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {2**20}", "content-type: text/plain"))
        for _ in range(150):
            client.send(b" " * 2**11)
            sleep(0.015)
        assert client.answer().status == 415


@pytest.mark.long
@pytest.mark.parametrize("pause_s", [0.001, 0.1])
def test_one_who_sends_on_byte_by_byte_is_let_go(server: Server, pause_s: float):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {2**23}", "content-type: text/plain"))
        assert client.answer().status == 415
        ends_at = monotonic() + 45
        with pytest.raises(ConnectionError):
            while monotonic() < ends_at:
                client.send(b" ")
                sleep(pause_s)


def test_a_short_body_that_nobody_wants_does_not_end_the_connection(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {2**17}", token=None) + b" " * 2**17 + HEALTH)
        assert [client.answer().status, client.answer().status] == [401, 200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (head("POST", CREATE, "content-length: 300000", "content-type: text/plain"), 415),
        (head("PATCH", CREATE, "content-length: 300000"), 405),
        (head("GET", "/nowhere", "transfer-encoding: chunked"), 404),
        (head("GET", "/crm/v3/objects/contacts", "content-length: 300000"), 200),
    ],
)
def test_an_answer_amid_a_body_that_is_too_long_to_pass_over_is_the_last_one(
    server: Server, request_: bytes, status: int
):
    with Raw(server.url) as client:
        answer = client.send(request_).answer()
        assert (answer.status, answer.headers["connection"]) == (status, "close")
        assert client.rest() == b""


@pytest.mark.usefixtures("bystander")
def test_requests_without_end_and_answers_that_nobody_takes_fill_no_memory(server: Server):
    before = _resident_bytes(server)
    clients = [Raw(server.url) for _ in range(4)]
    for client in clients:
        client.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            while True:
                client.send(b"GET / HTTP/1.1\r\n\r\n" * 2**14)
    grown = _resident_bytes(server) - before
    for client in clients:
        client.socket.close()
    assert grown < 32 * 2**20


def _resident_bytes(server: Server) -> int:
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def test_those_who_only_hold_connections_make_way_for_the_others(tmp_path: Path):
    with Server(tmp_path, database="memory://", connections_max=FEW) as server:
        idle = [Raw(server.url) for _ in range(10 * FEW)]
        late = [Raw(server.url).send(HEALTH[:-2]) for _ in range(10 * FEW)]
        with Raw(server.url) as client:
            assert client.send(HEALTH).answer().status == 200
        assert all(each.rest() == b"" for each in idle[: 9 * FEW])
        for each in [*idle, *late]:
            each.socket.close()


def test_one_more_than_can_be_at_work_is_told_so_and_let_go(tmp_path: Path):
    begun = head("POST", CREATE, f"content-length: {len(BODY)}", "expect: 100-continue")
    with Server(tmp_path, database="memory://", connections_max=FEW) as server:
        busy = [Raw(server.url).send(begun) for _ in range(FEW)]
        assert all(each.answer().status == 100 for each in busy)
        for _ in range(2 * FEW):
            with Raw(server.url) as client:
                client.send(HEALTH)
                answer = client.answer()
                assert_refused(answer, 503, TOO_MANY, "SERVICE_UNAVAILABLE")
                assert answer.headers["retry-after"] == "1"
                assert client.rest() == b""
        for each in busy:
            assert each.send(BODY).answer().status == 201
        with Raw(server.url) as client:
            assert client.send(HEALTH).answer().status == 200
        for each in busy:
            each.socket.close()
