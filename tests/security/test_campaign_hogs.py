"""Hogs of one portal that read and write as much as a request may: another portal's lists are answered meanwhile.

Those that search are in `tests/faults/test_hogs.py`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.machine import pick_cores, pinned_to
from tests.security.keys import ELSEWHERE, FULL, prepare
from tests.support import paths
from tests.support.crm import Crm, ends
from tests.support.crowd import Crowd, crowd
from tests.support.raw import head
from tests.support.server import Server, database_of

CORES = pick_cores()
HOGS = 4
CONTACTS = 2_000
LINKS_OF_ONE_CALL = 2_000
P99_MS, P99_MS_ON_A_BUSY_MACHINE = 50, 1_500
TRIES = 3
"""What else the machine does may come in between."""
NAMES = (
    "firstname",
    "lastname",
    "city",
    "company",
    "jobtitle",
    "phone",
    "state",
    "zip",
    "country",
    "address",
)
CONTACTS_PATH = paths.records("v3", "contacts")
FORMS = [
    pytest.param(1.5, P99_MS_ON_A_BUSY_MACHINE, id="short"),
    pytest.param(10.0, P99_MS, id="long", marks=[pytest.mark.long, pytest.mark.timeout(300)]),
]


class World(NamedTuple):
    server: Server
    contacts: list[str]
    companies: list[str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server on a core of its own where there are two; the hogs' portal has many records and links."""
    folder = tmp_path_factory.mktemp("hogs")
    prepare(database_of(folder))
    with pinned_to(CORES.server):
        server = Server(folder, is_open=False, is_durable=False, rate_limit="off")
    with (
        server,
        Crm(server.url, "documented", FULL) as crm,
        Crm(server.url, "documented", ELSEWHERE) as other,
    ):
        properties = {name: f"{name} " * 20 for name in NAMES}
        contacts: list[str] = []
        for _ in range(CONTACTS // 100):
            inputs = [{"properties": properties}] * 100
            answer = crm.post(f"{CONTACTS_PATH}/batch/create", {"inputs": inputs})
            contacts += [row["id"] for row in answer.json()["results"]]
        companies = crm.create("companies", CONTACTS)
        other.create("contacts", 20)
        yield World(server, contacts, companies)


def _post(path: str, body: Any) -> bytes:
    content = json.dumps(body).encode()
    headers = (f"content-length: {len(content)}", "content-type: application/json")
    return head("POST", path, *headers, token=FULL) + content


def _requests(kind: str, world: World) -> list[bytes]:
    names = ",".join(NAMES)
    match kind:
        case "lists of all they have":
            return [head("GET", f"{CONTACTS_PATH}?limit=100&properties={names}", token=FULL)]
        case "histories":
            return [head("GET", f"{CONTACTS_PATH}?limit=50&propertiesWithHistory={names}", token=FULL)]
        case "batch reads":
            inputs = [{"id": each} for each in world.contacts[:100]]
            return [_post(f"{CONTACTS_PATH}/batch/read", {"inputs": inputs, "properties": NAMES})]
        case "links read":
            inputs = [{"id": each} for each in world.contacts[:1000]]
            return [_post(paths.batch("v4", "contacts", "companies", "read"), {"inputs": inputs})]
        case "links made":
            pairs = zip(world.contacts, world.companies, strict=True)
            inputs = [ends(*pair) for pair in list(pairs)[:LINKS_OF_ONE_CALL]]
            path = paths.batch("v4", "contacts", "companies", "associate/default")
            return [_post(path, {"inputs": inputs})]
        case _:
            inputs = [{"properties": {name: f"{name} x" for name in NAMES}}] * 100
            return [_post(f"{CONTACTS_PATH}/batch/create", {"inputs": inputs})]


KINDS = ("lists of all they have", "histories", "batch reads", "links read", "links made", "records made")


@pytest.mark.parametrize(("seconds", "p99_ms"), FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_hogs_that_read_and_write_hold_up_no_other_portal(
    tmp_path: Path, world: World, kind: str, seconds: float, p99_ms: float
):
    lists = [head("GET", f"{CONTACTS_PATH}?limit=10", token=ELSEWHERE)]
    with pinned_to(CORES.load), crowd(tmp_path, world.server.url, HOGS, _requests(kind, world)) as hogs:
        for _ in range(TRIES):
            got = Crowd(tmp_path, world.server.url, 1, lists, seconds).result()
            if got.p99_ms is not None and got.p99_ms <= p99_ms:
                break
        hogged = hogs.stop()
    print(f"{kind}: {got}; hogs {hogged}")
    assert set(got.statuses) == {"200"}
    assert not got.lost
    assert set(hogged.statuses) <= {"200", "201", "207", "429", "503", "504"}
    assert got.p99_ms is not None
    assert got.p99_ms <= p99_ms
