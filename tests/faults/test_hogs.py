"""One portal asks for all it can get: the others are answered as if it did not, and its reads end when they must.

The bounds of the short tests are generous, for machines that do other things too; `--long` has those that are promised.
"""

import asyncio
import json
import resource
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

from edgewise.domain.accounts import Token, usual_account
from edgewise.domain.model import FIRST_RECORD_ID, CreateRecords, NewRecord
from edgewise.http.auth import token_digest
from edgewise.stores.sqlite import Durability, SqliteStore
from tests.support import paths
from tests.support.raw import Raw, head
from tests.support.server import DATABASE, Server

HOG, OTHER = "hog", "other"
CONTACTS = {HOG: 100_000, OTHER: 1_000}
HOGS = 4
SEARCH = paths.records("v3", "contacts") + "/search"
LIST = paths.records("v3", "contacts") + "?limit=10"
BATCH_READ = paths.records("v3", "contacts") + "/batch/read"
STOP_S = 5.0
GENEROUS = 5.0


def _groups(operator: str, text: str) -> list[Any]:
    numbers = iter(range(18))
    return [
        {
            "filters": [
                {"propertyName": "firstname", "operator": operator, "value": text.format(next(numbers))}
                for _ in range(6)
            ]
        }
        for _ in range(3)
    ]


SCAN = {"filterGroups": _groups("NOT_CONTAINS_TOKEN", "none{}*x"), "sorts": ["city"]}
"""Reads every contact, whatever indexes there are."""

INDEXED = {
    "filterGroups": [{"filters": [{"propertyName": "email", "operator": "EQ", "value": "p77@example.com"}]}]
}
KINDS: dict[str, tuple[str, Any]] = {
    "tokens": (SEARCH, {"filterGroups": _groups("CONTAINS_TOKEN", "none{}*x")}),
    "no tokens": (SEARCH, SCAN),
    "words": (SEARCH, {"query": "first " * 400}),
    "a sort": (SEARCH, {"sorts": ["city"], "limit": 100, "after": "9000"}),
    "batches": (
        BATCH_READ,
        {
            "properties": ["firstname"],
            "propertiesWithHistory": ["firstname"],
            "inputs": [{"id": str(FIRST_RECORD_ID + number)} for number in range(50)],
        },
    ),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Contacts of two portals, of which one has many."""
    path = tmp_path_factory.mktemp("hogs") / DATABASE
    asyncio.run(_fill(path))
    return path


async def _fill(path: Path) -> None:
    store = SqliteStore(path, Durability.NORMAL, is_audited=False)
    await store.start()
    for portal_id, (token, count) in enumerate(CONTACTS.items(), 1):
        await store.accounts.add_account(usual_account(portal_id, 1))
        await store.accounts.add_token(Token(token_digest(token), portal_id, token, 1))
        for first in range(0, count, 5_000):
            numbers = range(first, min(first + 5_000, count))
            records = [NewRecord(_properties(number)) for number in numbers]
            await store.create_records(CreateRecords(portal_id, 1, records, 1))
    await store.close()


def _properties(number: int) -> dict[str, str]:
    return {
        "firstname": f"first {number}",
        "lastname": f"last name {number % 100}",
        "email": f"p{number}@example.com",
        "city": f"City {number % 50}",
    }


@contextmanager
def _server(database: Path, folder: Path, **settings: Any) -> Iterator[Server]:
    shutil.copy(database, folder / DATABASE)
    with Server(folder, is_open=False, is_durable=False, **settings) as server:
        yield server


class Client:
    """One client of a portal. statuses: of its answers so far."""

    def __init__(self, server: Server, token: str) -> None:
        self._connection = HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self.statuses: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, path: str, body: Any = None) -> float:
        """How many seconds an answer takes."""
        begun = time.perf_counter()
        content = None if body is None else json.dumps(body)
        self._connection.request("GET" if body is None else "POST", path, content, self._headers)
        answer = self._connection.getresponse()
        answer.read()
        self.statuses.append(answer.status)
        return time.perf_counter() - begun


class Hogs:
    """Clients that ask again and again for the same thing, each on a thread."""

    def __init__(self, server: Server, count: int, path: str, body: Any) -> None:
        self._is_over = threading.Event()
        self.clients = [Client(server, HOG) for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._run, args=(client, path, body), daemon=True)
            for client in self.clients
        ]
        for thread in self._threads:
            thread.start()

    def _run(self, client: Client, path: str, body: Any) -> None:
        with client, suppress(OSError, HTTPException):  # when the server has ended
            while not self._is_over.is_set():
                client.ask(path, body)

    def end(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(60)

    @property
    def statuses(self) -> set[int]:
        return {status for client in self.clients for status in client.statuses}


def _of_hundred(times: list[float]) -> float:
    """What 99 of a hundred take at most."""
    return sorted(times)[int(0.99 * (len(times) - 1))]


def _require_served(server: Server, kind: str, seconds: float, patience: float) -> None:
    hogs = Hogs(server, HOGS, *KINDS[kind])
    lists: list[float] = []
    searches: list[float] = []
    with Client(server, OTHER) as client:
        time.sleep(0.5)
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at or len(lists) < 50:
            lists.append(client.ask(LIST))
            searches.append(client.ask(SEARCH, INDEXED))
    assert set(client.statuses) == {200}
    assert _of_hundred(lists) <= 0.05 * patience
    assert _of_hundred(searches) <= 0.25 * patience
    server.process.terminate()
    begun = time.monotonic()
    server.process.wait(60)
    assert time.monotonic() - begun <= STOP_S
    hogs.end()
    assert hogs.statuses <= {200, 429, 503, 504}


@pytest.mark.parametrize("kind", KINDS)
def test_hogs_hold_up_no_other_portal_and_no_stop(database: Path, tmp_path: Path, kind: str) -> None:
    with _server(database, tmp_path) as server:
        _require_served(server, kind, 2.0, GENEROUS)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_hogs_hold_up_no_other_portal_for_longer_than_promised(
    database: Path, tmp_path: Path, kind: str
) -> None:
    with _server(database, tmp_path) as server:
        _require_served(server, kind, 20.0, 1.0)


def _until(holds: Callable[[], bool]) -> None:
    gives_up_at = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < gives_up_at
        time.sleep(0.05)


def _cpu_s(server: Server) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _resident_bytes(server: Server) -> int:
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def _search(body: Any) -> bytes:
    content = json.dumps(body).encode()
    return head("POST", SEARCH, f"content-length: {len(content)}", token=HOG) + content


def test_a_search_ends_when_its_client_leaves(database: Path, tmp_path: Path) -> None:
    with _server(database, tmp_path, log_format="json", query_timeout_s=600.0) as server:
        for _ in range(HOGS):
            with Raw(server.url) as client:
                client.send(_search(SCAN))
                time.sleep(0.2)
        left = [request for request in server.take_requests() if request.status == 499]
        assert [(each.method, each.path) for each in left] == [("POST", SEARCH)] * HOGS
        time.sleep(0.5)
        before = _cpu_s(server)
        time.sleep(1.0)
        assert _cpu_s(server) - before < 0.3


def test_a_search_that_takes_too_long_is_told_so(database: Path, tmp_path: Path) -> None:
    with _server(database, tmp_path, query_timeout_s=0.15) as server, Raw(server.url) as client:
        answer = client.send(_search(SCAN)).answer()
        body = answer.json()
        assert body.pop("correlationId") == answer.headers["x-hubspot-correlation-id"]
        assert (answer.status, body) == (
            504,
            {
                "status": "error",
                "message": "The request took longer than 0.15 seconds; ask for less",
                "category": "GATEWAY_TIMEOUT",
            },
        )
        assert client.send(_search(INDEXED)).answer().status == 200


def test_a_stop_tells_those_who_search(database: Path, tmp_path: Path) -> None:
    with _server(database, tmp_path, query_timeout_s=600.0) as server, Raw(server.url) as client:
        searchers = [Raw(server.url).send(_search(SCAN)) for _ in range(2 * HOGS)]
        time.sleep(0.3)
        server.process.terminate()
        begun = time.monotonic()
        for each in searchers:
            with each:
                answer = each.answer()
            assert answer.status in (200, 503)
            assert answer.headers["connection"] == "close"
            if answer.status == 503:
                assert answer.headers["retry-after"] == "1"
                assert answer.json()["message"] == "The server is stopping; try again"
        server.process.wait(60)
        assert time.monotonic() - begun <= STOP_S
        assert client.rest() == b""


def test_searches_that_end_midway_fill_no_memory(database: Path, tmp_path: Path) -> None:
    with _server(database, tmp_path) as server:

        def leave_many() -> None:
            for _ in range(20):
                with Raw(server.url) as client:
                    client.send(_search(SCAN))
                    time.sleep(0.05)

        leave_many()
        before = _resident_bytes(server)
        leave_many()
        leave_many()
        assert _resident_bytes(server) - before < 32 * 2**20
