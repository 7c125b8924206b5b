"""Crowds that send anything, and clients that hold what they have: a good client keeps its share of the server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.machine import pick_cores, pinned_to
from tests.security.keys import FULL, prepare
from tests.support import paths
from tests.support.crm import Crm
from tests.support.crowd import Crowd, crowd
from tests.support.gauges import await_quiet, resident_bytes
from tests.support.holders import holding
from tests.support.raw import head
from tests.support.server import Server, database_of

CORES = pick_cores()
GOOD, STRANGERS = 16, 64
LIST = paths.records("v3", "contacts")
MB = 2**20
MOST = 8 * MB
"""As much as the server reads."""
KEPT_MIN = 0.5
KEPT_MIN_ON_A_BUSY_MACHINE = 0.25
GROWN_MAX = 64 * MB
TRIES = 3
"""What else the machine does may begin between the two measurements that are compared."""
SHORT, LONG = "short", "long"
FORMS = [
    pytest.param(1.5, KEPT_MIN_ON_A_BUSY_MACHINE, id=SHORT),
    pytest.param(6.0, KEPT_MIN, id=LONG, marks=[pytest.mark.long, pytest.mark.timeout(300)]),
]


def _post(path: str, body: bytes, kind: str = "application/json") -> bytes:
    headers = (f"content-length: {len(body)}", f"content-type: {kind}")
    return head("POST", path, *headers, token=None) + body


def _keys(size: int) -> bytes:
    return b"{" + b'"a":0,' * (size // 6 - 4) + b'"client_id":5}'


def _form(size: int) -> bytes:
    return b"a=" + b"%41" * (size // 3 - 1)


_CHUNKED = head("POST", "/oauth/v1/token", "transfer-encoding: chunked", token=None)
_FORM = "application/x-www-form-urlencoded"
BODIES = {
    "a sound request": [_post("/oauth/v1/token", b'{"grant_type":"refresh_token","refresh_token":"x"}')],
    "keys of 8 MB": [_post("/oauth/v1/token", _keys(MOST)), _post("/oauth/v3/token/introspect", _keys(MOST))],
    "keys of 60 KB": [_post("/oauth/v1/token", _keys(60_000))],
    "a form of 8 MB": [_post("/oauth/v3/token/revoke", _form(MOST), _FORM)],
    "a form of 60 KB": [_post("/oauth/authorize", _form(60_000), _FORM)],
    "garbage": [_post("/oauth/2026-03/token", bytes(range(256)) * 200, "application/octet-stream")],
    "chunks": [_CHUNKED + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 120 + b"0\r\n\r\n"],
    "what asks for a token": [_post(f"{LIST}/batch/create", b" " * MOST), head("GET", LIST, token=None)],
    "tokens that nobody has": [head("GET", LIST, token="pat-na1-nobodys")],
    "health": [head("GET", "/_edgewise/health", token=None)],
    "nowhere": [head("GET", "/nowhere", token=None)],
}
"""What strangers send, by what it is."""

EVERYTHING = [request for requests in BODIES.values() for request in requests]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that asks for tokens, on a core of its own where there are two."""
    prepare(database_of(tmp_path))
    with pinned_to(CORES.server):
        server = Server(tmp_path, is_open=False, is_durable=False, rate_limit="off")
    with server, Crm(server.url, "documented", FULL) as crm:
        crm.create("contacts", 50)
        yield server


def _good(folder: Path, server: Server, seconds: float) -> float:
    """How many requests a second a good client gets answered, all of them well."""
    got = Crowd(folder, server.url, GOOD, [head("GET", LIST, token=FULL)], seconds).result()
    assert set(got.statuses) <= {"200"}, got
    assert not got.lost
    return got.per_s


@pytest.mark.parametrize(("seconds", "kept_min"), FORMS)
def test_strangers_in_a_loop_leave_a_good_client_its_share(
    tmp_path: Path, server: Server, seconds: float, kept_min: float
):
    crowds = {"everything": EVERYTHING} | (BODIES if seconds == FORMS[1].values[0] else {})
    kept = {}
    with pinned_to(CORES.load):
        _good(tmp_path, server, 0.3)
        for kind, requests in crowds.items():
            for _ in range(TRIES):
                quiet = _good(tmp_path, server, seconds)
                with crowd(tmp_path, server.url, STRANGERS, requests):
                    kept[kind] = _good(tmp_path, server, seconds) / quiet
                if kept[kind] >= kept_min:
                    break
    print({kind: round(share, 2) for kind, share in kept.items()})
    assert {kind: share for kind, share in kept.items() if share < kept_min} == {}


@pytest.mark.parametrize(("seconds", "kept_min"), FORMS)
def test_those_who_hold_what_they_have_leave_a_good_client_its_share(
    tmp_path: Path, server: Server, seconds: float, kept_min: float
):
    with Crm(server.url, "documented", FULL) as crm:
        large = crm.post(LIST, {"properties": {"lastname": "x" * 60_000}})
        assert large.status_code == 201
    path = f"{LIST}/{large.json()['id']}?properties=lastname"
    with pinned_to(CORES.load):
        _good(tmp_path, server, 0.3)
        quiet = _good(tmp_path, server, seconds)
        before = resident_bytes(server.process.pid)
        with holding(server.url, FULL, slow=100, untaken=10, large=head("GET", path, token=FULL)):
            await_quiet(server.process.pid)
            kept = max(_good(tmp_path, server, seconds) for _ in range(2)) / quiet
            grown = resident_bytes(server.process.pid) - before
    print(f"kept {kept:.2f}, grown by {grown / MB:.0f} MB")
    assert kept >= kept_min
    assert grown < GROWN_MAX
