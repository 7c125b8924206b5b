"""Clients that take their time: each is given some, then let go, and the others never wait for them."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import paths
from tests.support.raw import PATIENCE_S, Raw, assert_refused, head
from tests.support.server import Server

HEALTH = head("GET", "/_edgewise/health")
CREATE = paths.batch("v4", "contacts", "companies", "create")
BODY = b'{"inputs":[]}'
POST = head("POST", CREATE, f"content-length: {len(BODY)}")
NO_HEAD = "The request line and the headers did not arrive"
NO_BODY = "The request body did not arrive"
SHORT = {
    "database": "memory://",
    "head_timeout_s": 0.5,
    "body_timeout_s": 1.0,
    "body_pause_s": 0.6,
    "answer_timeout_s": 1.0,
    "keep_alive_s": 0.4,
}
PAUSE_S = 0.1


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of little patience."""
    with Server(tmp_path_factory.mktemp("impatient"), **SHORT) as server:
        yield server


def _large_record(url: str) -> bytes:
    """A request that is answered with 60 KB."""
    body = json.dumps({"properties": {"lastname": "x" * 60_000}}).encode()
    with Raw(url) as client:
        client.send(head("POST", paths.records("v3", "contacts"), f"content-length: {len(body)}") + body)
        return head("GET", paths.record("v3", "contacts", client.answer().json()["id"]))


def test_a_head_that_stops_midway_is_timed_out(server: Server):
    with Raw(server.url) as client:
        client.send(HEALTH[:-2])
        assert_refused(client.answer(), 408, NO_HEAD)
        assert client.rest() == b""


def test_a_head_that_comes_by_the_byte_is_timed_out(server: Server):
    with Raw(server.url) as client:
        assert not client.drip(HEALTH, PAUSE_S)
        assert_refused(client.answer(), 408, NO_HEAD)
        assert client.rest() == b""


def test_the_head_of_a_later_request_is_timed_out_too(server: Server):
    with Raw(server.url) as client:
        client.send(HEALTH + HEALTH[:-2])
        assert client.answer().status == 200
        assert_refused(client.answer(), 408, NO_HEAD)
        assert client.rest() == b""


def test_a_connection_that_says_nothing_is_closed_without_a_word(server: Server):
    with Raw(server.url) as client:
        assert client.rest() == b""


def test_a_connection_that_is_idle_after_an_answer_is_closed_without_a_word(server: Server):
    with Raw(server.url) as client:
        assert client.send(HEALTH).answer().status == 200
        assert client.rest() == b""


def test_a_body_that_stops_midway_is_timed_out(server: Server):
    with Raw(server.url) as client:
        client.send(POST + BODY[:-1])
        assert_refused(client.answer(), 408, NO_BODY)
        assert client.rest() == b""


def test_a_body_that_never_begins_is_timed_out(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, "transfer-encoding: chunked"))
        assert_refused(client.answer(), 408, NO_BODY)


def test_a_body_that_comes_by_the_byte_is_timed_out(server: Server):
    with Raw(server.url) as client:
        client.send(POST)
        assert not client.drip(BODY, PAUSE_S)
        assert_refused(client.answer(), 408, NO_BODY)
        assert client.rest() == b""


def test_a_chunk_that_never_ends_is_timed_out(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, "transfer-encoding: chunked") + b"1;")
        assert not client.drip(b"x" * 20, PAUSE_S)
        assert_refused(client.answer(), 408, NO_BODY)


def test_a_body_with_short_pauses_is_read(server: Server):
    with Raw(server.url) as client:
        client.send(POST + BODY[:-4])
        assert client.drip(BODY[-4:], PAUSE_S)
        assert client.answer().status == 201


def test_a_body_that_nobody_waits_for_is_not_waited_for(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {len(BODY)}", token=None) + BODY[:1])
        assert client.answer().status == 401
        client.drip(BODY[1:-1], PAUSE_S)
        assert client.rest() == b""


def test_a_client_is_idle_only_after_a_body_that_nobody_waited_for(server: Server):
    with Raw(server.url) as client:
        client.send(head("POST", CREATE, f"content-length: {len(BODY)}", token=None) + BODY[:-6])
        assert client.answer().status == 401
        assert client.drip(BODY[-6:], PAUSE_S)
        time.sleep(PAUSE_S)
        assert client.send(HEALTH).answer().status == 200


def test_a_client_that_does_not_take_its_answers_loses_its_place(tmp_path: Path):
    few = SHORT | {"connections_max": 1, "answer_timeout_s": 0.4}
    with Server(tmp_path, **few) as server:
        request = _large_record(server.url)
        client = Raw(server.url, receive_bytes=4096).send(request * 400).wait()
        assert not _is_let_in(server.url, wait=False), "answers that wait to be taken are work"
        assert _is_let_in(server.url)
        client.socket.close()


def _is_let_in(url: str, wait: bool = True) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with Raw(url) as other:
            is_let_in = other.send(HEALTH).answer().status == 200
        if is_let_in or not wait or time.monotonic() > deadline:
            return is_let_in
        time.sleep(PAUSE_S)


def test_a_client_that_takes_its_answers_slowly_gets_them_all(server: Server):
    bodies = []
    with Raw(server.url, receive_bytes=4096) as client:
        client.send(_large_record(server.url) * 400)
        for _ in range(20):
            time.sleep(PAUSE_S)
            bodies += [client.answer().body for _ in range(20)]
    assert bodies == bodies[:1] * 400
    assert len(bodies[0]) > 60_000


def test_requests_sent_ahead_are_answered_in_order(server: Server):
    count = 1_000
    requests = b"".join(head("GET", f"/{number}") + POST + BODY for number in range(count))
    with Raw(server.url) as client:
        client.send(requests)
        for number in range(count):
            assert client.answer().json()["message"] == f"No operation has the path /{number}"
            assert client.answer().status == 201
        assert client.send(HEALTH).answer().status == 200


def test_an_offer_of_another_protocol_is_not_taken(server: Server):
    upgrade = ("connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__")
    with Raw(server.url) as client:
        client.send(head("GET", "/_edgewise/health", *upgrade) + HEALTH)
        assert client.answer().status == 200
        assert client.answer().status == 200


def test_a_stop_waits_for_a_body_that_still_arrives_but_not_for_ever(tmp_path: Path):
    with Server(tmp_path, **SHORT) as server, Raw(server.url) as client, Raw(server.url) as slow:
        slow.send(POST + BODY[:1])
        client.send(POST + BODY[:1])
        client.drip(BODY[1:2], PAUSE_S)
        server.process.terminate()
        assert client.drip(BODY[2:4], PAUSE_S)
        answer = client.send(BODY[4:]).answer()
        assert (answer.status, answer.headers["connection"]) == (201, "close")
        assert_refused(slow.answer(), 408, NO_BODY)
