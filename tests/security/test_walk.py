"""Every operation with every kind of token that must not open it: none succeeds, and nothing changes."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from edgewise.domain.scopes import Access
from edgewise.surfaces.surface import Route
from tests.security.asking import GUARDED, Request, send, succeeding
from tests.security.keys import EXPIRED, READ_ONLY, READ_SCOPES, REVOKED
from tests.support.crm import Crm

STRANGERS = {
    "no token": "",
    "a scheme without a token": "Bearer",
    "garbage": "Bearer \x80\xff garbage",
    "another scheme": "Basic cGF0LW5hMS1mdWxs",
    "the scheme in lower case": "bearer pat-na1-full",
    "a token that nobody made": "Bearer pat-na1-00000000-0000-4000-8000-000000000000",
    "the start of a token": "Bearer pat-na1-ful",
    "a revoked token": f"Bearer {REVOKED}",
}
"""What is no credential at all, by what it is."""

CHANGING = [route for route in GUARDED if route.operation.access is Access.WRITE]
READING = [route for route in GUARDED if route.operation.access is Access.READ]


def each(routes: list[Route]) -> Callable[..., Any]:
    return pytest.mark.parametrize("route", routes, ids=lambda route: f"{route.method} {route.path}")


def _require_refused(answer: httpx2.Response, status: int, category: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.json()["category"] == category
    assert answer.json()["correlationId"] == answer.headers["x-hubspot-correlation-id"]


def _require_untouched(strict: Crm, request: Request) -> None:
    """What the refused requests were about is as it was, so that the owner's request still succeeds."""
    answer = send(strict, request)
    assert answer.status_code < 300, answer.text


@each(GUARDED)
def test_nobody_gets_in_without_a_token_of_the_portal(strict: Crm, route: Route):
    request = succeeding(strict, route)
    for what, header in STRANGERS.items():
        answer = send(strict, request, header)
        assert answer.status_code == 401, (what, answer.text)
        _require_refused(answer, 401, "INVALID_AUTHENTICATION")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    expired = send(strict, request, f"Bearer {EXPIRED}")
    _require_refused(expired, 401, "EXPIRED_AUTHENTICATION")
    _require_untouched(strict, request)


@each(CHANGING)
@pytest.mark.parametrize("token", [READ_ONLY, READ_SCOPES])
def test_a_token_that_may_read_changes_nothing(strict: Crm, route: Route, token: str):
    request = succeeding(strict, route)
    answer = send(strict, request, f"Bearer {token}")
    _require_refused(answer, 403, "MISSING_SCOPES")
    required = answer.json()["errors"][0]["context"]["requiredGranularScopes"]
    assert required
    assert not any(scope.endswith(".read") for scope in required)
    _require_untouched(strict, request)


@each(READING)
@pytest.mark.parametrize("token", [READ_ONLY, READ_SCOPES])
def test_a_token_that_may_read_reads_everything(strict: Crm, route: Route, token: str):
    answer = send(strict, succeeding(strict, route), f"Bearer {token}")
    assert answer.status_code < 300, answer.text


def test_every_operation_reads_or_changes():
    assert {route.operation.name for route in [*CHANGING, *READING]} == {r.operation.name for r in GUARDED}
    assert {route.operation.name for route in CHANGING}.isdisjoint(r.operation.name for r in READING)


@pytest.mark.parametrize(
    "path", ["/", "/crm", "/crm/v3/objects", "/_edgewise/openapi.json", "/_edgewise/reports", "/nowhere"]
)
def test_a_stranger_is_not_told_what_there_is(strict: Crm, path: str):
    _require_refused(send(strict, Request("GET", path), ""), 401, "INVALID_AUTHENTICATION")


def test_anyone_may_ask_for_health(strict: Crm):
    answer = send(strict, Request("GET", "/_edgewise/health"), "")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_anyone_may_ask_whether_it_is_ready(strict: Crm):
    answer = send(strict, Request("GET", "/_edgewise/ready"), "")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_this_machine_may_read_the_metrics_and_nobody_through_a_proxy(strict: Crm):
    assert send(strict, Request("GET", "/_edgewise/metrics"), "").status_code == 200
    through = strict.http.get(
        "/_edgewise/metrics", headers={"authorization": "", "x-forwarded-for": "10.0.0.7"}
    )
    _require_refused(through, 401, "INVALID_AUTHENTICATION")
