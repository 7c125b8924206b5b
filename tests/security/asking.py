"""The requests of the conformance cases, sent by whom a test likes."""

import re
from time import monotonic, sleep
from typing import Any, NamedTuple

import httpx2

from edgewise import wiring
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.surface import Route
from tests.conformance.cases import CASES, Case
from tests.support.crm import Crm

ROUTES = [*wiring.routes(), *own_routes()]
GUARDED = [route for route in ROUTES if not route.operation.is_public]
"""What asks for a token."""

REPORTS = "/_edgewise/reports"
PATIENCE_S = 30


class Request(NamedTuple):
    """What to send, whoever sends it."""

    method: str
    path: str
    body: Any = None
    query: dict[str, Any] | None = None


def cases_of(route: Route) -> list[Case]:
    return [case for case in CASES if case.operation == route.operation.name]


def request_of(crm: Crm, route: Route, case: Case) -> Request:
    """The request of a case about what `crm` makes for it in its portal."""
    params, body, query = case.ask(crm)
    values = iter(params)
    return Request(route.method, re.sub(r"{\w+}", lambda _: next(values), route.path), body, query)


def own_request(crm: Crm, route: Route) -> Request:
    """A request about a report that `crm` ordered, once it is finished."""
    ordered = crm.post("/crm/associations/2026-03/usage/high-usage-report/7")
    assert ordered.status_code == 200, ordered.text
    deadline = monotonic() + PATIENCE_S
    while (report := crm.get(REPORTS).json()[-1])["state"] != "done":
        assert monotonic() < deadline, report
        sleep(0.05)
    report_id = report["id"]
    return Request(route.method, re.sub(r"{\w+}", lambda _: report_id, route.path))


def succeeding(crm: Crm, route: Route) -> Request:
    """A request to a route that succeeds when the owner of what it is about sends it."""
    if route.version == "own":
        return own_request(crm, route)
    case = next(case for case in cases_of(route) if case.status < 400)
    return request_of(crm, route, case)


def send(crm: Crm, request: Request, authorization: str | None = None) -> httpx2.Response:
    """Send a request as `crm`, or under another Authorization header; an empty one is left out."""
    method, path, body, query = request
    if authorization is None:
        return crm.call(method, path, body, params=query)
    if authorization:
        return crm.call(
            method, path, body, params=query, headers={"authorization": authorization.encode("latin-1")}
        )
    options = {} if body is None else {"json": body}
    return httpx2.request(method, crm.url + path, params=query, trust_env=False, **options)
