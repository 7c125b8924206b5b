"""What one portal holds gives another one the answers it would get if none of it existed.

Two servers have the same portals. In the second one only the observer ever does anything, so the other portals are
empty there. The observer sends both the same requests, made of what the others hold on the first server; every answer
must be the same.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgewise.surfaces.surface import Route
from tests.conformance.case import Case
from tests.security.asking import GUARDED, REPORTS, Request, cases_of, own_request, request_of, send
from tests.security.keys import full_key, prepare
from tests.support.crm import Crm
from tests.support.server import Server, database_of

PORTALS = (1_000_001, 1_000_002, 5, 2**40)
PAGES = ("/crm/v3/objects/contacts", "/crm/v4/objects/contacts/{contact}/associations/companies")

STEPS = [(route, case) for route in GUARDED for case in (cases_of(route) or [None])]
"""Every case of every route; a route of our own has a request of its own."""


def _clients(url: str) -> dict[int, Crm]:
    return {portal_id: Crm(url, "documented", full_key(portal_id)) for portal_id in PORTALS}


def _start(folder: Path) -> Server:
    folder.mkdir()
    prepare(database_of(folder), PORTALS)
    return Server(folder, is_open=False, is_durable=False, rate_limit="off")


@pytest.fixture(scope="module", params=PORTALS)
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Twins"]:
    """Both servers, and the observer on each, with a few records of its own."""
    with _twins(tmp_path_factory.mktemp("twins"), request.param) as twins:
        yield twins


@contextmanager
def _twins(folder: Path, portal_id: int) -> Iterator["Twins"]:
    with _start(folder / "shared") as shared, _start(folder / "alone") as alone:
        twins = Twins(portal_id, _clients(shared.url), Crm(alone.url, "documented", full_key(portal_id)))
        for observer in twins.observers:
            contact, company = observer.pair()
            observer.link("contacts", contact, "companies", company)
        yield twins
        for client in (*twins.shared.values(), twins.alone):
            client.http.close()


class Twins(NamedTuple):
    """The observing portal, the clients of all portals on the shared server, and the observer's on the other one."""

    portal_id: int
    shared: dict[int, Crm]
    alone: Crm

    @property
    def observers(self) -> tuple[Crm, Crm]:
        return self.shared[self.portal_id], self.alone

    def require_same(self, request: Request) -> None:
        """The observer's answers on both servers are the same."""
        here, there = (_plain(send(observer, request)) for observer in self.observers)
        assert here == there, request


def _plain(answer: httpx2.Response) -> tuple[Any, ...]:
    """An answer without what differs from one request to the next: its number, the time, the server's address."""
    text = re.sub(r'"correlationId":"[0-9a-f-]{36}"', '"correlationId":""', answer.text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "TIME", text)
    text = re.sub(r"\b1[7-9]\d{11}\b", "TIME", text)
    text = text.replace(str(answer.request.url.copy_with(path="/", query=None)), "/")
    names = ("x-edgewise-hint", "content-type", "allow", "location")
    told = {name: re.sub(r"127\.0\.0\.1:\d+", "HOST", answer.headers.get(name, "")) for name in names}
    return answer.status_code, re.sub(r"127\.0\.0\.1:\d+", "HOST", text), told


def _request(crm: Crm, route: Route, case: Case | None) -> Request:
    return own_request(crm, route) if case is None else request_of(crm, route, case)


@given(data=st.data())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_what_others_hold_is_as_if_it_did_not_exist(twins: Twins, data: st.DataObject):
    others = [portal_id for portal_id in PORTALS if portal_id != twins.portal_id]
    other = twins.shared[data.draw(st.sampled_from(others))]
    for route, case in data.draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=8)):
        request = _request(other, route, case)
        twins.require_same(request)
        answer = send(other, request)  # the owner's own answer is what it was meant to be
        if case is not None and case.status < 400:
            assert answer.status_code < 300, answer.text


@pytest.mark.long
@pytest.mark.parametrize(
    "step", STEPS, ids=lambda step: f"{step[0].method} {step[0].path} {step[1] and step[1].says}"
)
def test_no_request_of_any_operation_shows_what_others_hold(twins: Twins, step: tuple[Route, Case | None]):
    other = next(crm for portal_id, crm in twins.shared.items() if portal_id != twins.portal_id)
    twins.require_same(_request(other, *step))


@pytest.mark.parametrize("path", PAGES)
def test_a_cursor_of_another_portal_leads_where_any_number_does(twins: Twins, path: str):
    other = next(crm for portal_id, crm in twins.shared.items() if portal_id != twins.portal_id)
    contact, *_ = other.create("contacts", 3)
    for company in other.create("companies", 3):
        other.link("contacts", contact, "companies", company)
    address = path.format(contact=contact)
    cursor = other.get(address, params={"limit": 1}).json()["paging"]["next"]["after"]
    twins.require_same(Request("GET", address, query={"limit": 1, "after": cursor}))


def test_a_report_of_another_portal_is_not_there(twins: Twins):
    other = next(crm for portal_id, crm in twins.shared.items() if portal_id != twins.portal_id)
    for _ in range(3):
        assert other.post("/crm/associations/2026-03/usage/high-usage-report/7").status_code == 200
    for report in other.get(REPORTS).json():
        twins.require_same(Request("GET", f"{REPORTS}/{report['id']}"))
    twins.require_same(Request("GET", REPORTS))


def test_an_observer_who_sees_what_others_hold_is_noticed(tmp_path: Path):
    """The check itself: under the other portal's own token most requests are answered otherwise than by nothing.

    On servers of its own: labels that an observer has made before may have the numbers of the other portal's.
    """
    portal_id, other_id, *_ = PORTALS
    noticed = []
    with _twins(tmp_path, portal_id) as twins:
        other = twins.shared[other_id]
        let_in = Twins(other_id, twins.shared, twins.alone)
        for route, case in STEPS:
            if route.version == "v4" and case is not None and case.status < 400:
                try:
                    let_in.require_same(_request(other, route, case))
                except AssertionError:
                    noticed.append(route.operation.name)
    assert {
        "associate",
        "associate_default",
        "associate_default_batch",
        "list_associations",
        "update_label",
    } <= set(noticed)
