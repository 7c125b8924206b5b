"""Many writers at one record: nothing is lost, and what may be held once is held once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import paths
from tests.support.crm import Crm
from tests.support.server import Server

THREADS = 8
LINKS_EACH = 500


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    """A server of its own, every commit of it durable."""
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        yield crm


def _put_all(crm: Crm, requests: list[tuple[str, bytes]]) -> list[int]:
    """Send PUTs one after the other on one connection; answers their statuses."""
    connection = HTTPConnection(urlsplit(crm.url).netloc, timeout=60)
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    statuses = []
    for path, body in requests:
        connection.request("PUT", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


def _at_once(crm: Crm, requests_of: Callable[[int], list[tuple[str, bytes]]]) -> list[int]:
    with ThreadPoolExecutor(THREADS) as threads:
        written = threads.map(lambda number: _put_all(crm, requests_of(number)), range(THREADS))
        return [status for statuses in written for status in statuses]


def test_threads_that_add_links_to_one_record_lose_none(crm: Crm):
    """Half of them start at the record, half at the other ends."""
    company = crm.one("companies")
    contacts = crm.create("contacts", THREADS * LINKS_EACH)

    def requests(thread: int) -> list[tuple[str, bytes]]:
        own = contacts[thread::THREADS]
        if thread % 2:
            return [(paths.default_link("v4", "contacts", each, "companies", company), b"") for each in own]
        return [(paths.default_link("2026-03", "companies", company, "contacts", each), b"") for each in own]

    assert set(_at_once(crm, requests)) == {200}
    assert crm.links("companies", company, "contacts") == {contact: [2, 280] for contact in contacts}
    for start in range(0, len(contacts), 1000):
        inputs = [{"id": contact} for contact in contacts[start : start + 1000]]
        answer = crm.batch("read", "contacts", "companies", inputs)
        assert answer.status_code == 200
        rows = {
            each["from"]["id"]: [row["toObjectId"] for row in each["to"]] for each in answer.json()["results"]
        }
        assert rows == {each["id"]: [company] for each in inputs}


def test_threads_that_move_the_primary_company_leave_one(crm: Crm):
    contact = crm.one("contacts")
    companies = crm.create("companies", THREADS)
    primary = b'[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]'

    def requests(thread: int) -> list[tuple[str, bytes]]:
        path = paths.link("v4", "contacts", contact, "companies", companies[thread])
        return [(path, primary)] * 20

    assert set(_at_once(crm, requests)) == {201}
    found = crm.links("contacts", contact, "companies")
    assert sorted(found.values()) == [[1, 279], *[[279]] * (THREADS - 1)]
    for company, types in found.items():
        assert crm.links("companies", company, "contacts") == {contact: [2, 280] if 1 in types else [280]}


def test_threads_that_link_and_unlink_one_pair_leave_both_ends_alike(crm: Crm):
    contact, company = crm.pair()
    path = paths.link("v4", "contacts", contact, "companies", company)

    def call(thread: int) -> int:
        connection = HTTPConnection(urlsplit(crm.url).netloc, timeout=60)
        for _ in range(25):
            if thread % 2:
                connection.request("DELETE", path, headers={"authorization": "Bearer x"})
            else:
                default = paths.default_link("v4", "companies", company, "contacts", contact)
                connection.request("PUT", default, headers={"authorization": "Bearer x"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (200, 204)
            seen = crm.both_ends("contacts", contact, "companies", company) if thread == 0 else ([], [])
            assert set(seen[0]) <= {1, 279}
        connection.close()
        return 25

    with ThreadPoolExecutor(THREADS) as threads:
        assert sum(threads.map(call, range(THREADS))) == 25 * THREADS
    from_contact, from_company = crm.both_ends("contacts", contact, "companies", company)
    assert (from_contact, from_company) in (([], []), ([1, 279], [2, 280]))
