"""What is served is what is published: methods, paths and statuses of success."""

import json
import subprocess
import sys

import pytest

from edgewise import wiring
from edgewise.surfaces.surface import Route
from tests.conformance.documents import DOCUMENTS, published
from tests.support.crm import Crm

ROUTES = wiring.routes()


def _route_id(route: Route) -> str:
    return f"{route.version}-{route.operation.name}"


def _is_published(route: Route) -> bool:
    return (route.version, route.method, route.path) in published()


@pytest.fixture(scope="module")
def listed() -> set[tuple[str, str, str]]:
    """Version, method and path of what `edgewise routes` lists."""
    shown = subprocess.run(
        [sys.executable, "-m", "edgewise", "routes", "--json"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    return {(route["version"], route["method"], route["path"]) for route in json.loads(shown)}


@pytest.mark.parametrize("version", DOCUMENTS)
def test_no_published_operation_is_missing(listed: set[tuple[str, str, str]], version: str):
    expected = {each for each in published() if each[0] == version}
    assert expected
    assert sorted(expected - listed) == []


def test_every_version_is_published_but_the_one_of_private_apps():
    assert DOCUMENTS.keys() | {"v2"} == {route.version for route in ROUTES}


def test_a_path_is_served_beyond_the_documents_exactly_where_its_operation_says_why():
    beyond = {(route.version, route.operation.name) for route in ROUTES if not _is_published(route)}
    with_reason = {(route.version, route.operation.name) for route in ROUTES if route.operation.unpublished}
    assert beyond == with_reason


def _published_statuses(route: Route) -> set[int]:
    return set(published()[route.version, route.method, route.path].responses)


PUBLISHED_ROUTES = [route for route in ROUTES if _is_published(route)]


@pytest.mark.parametrize("route", [r for r in PUBLISHED_ROUTES if _published_statuses(r)], ids=_route_id)
def test_an_operation_succeeds_with_the_published_statuses(route: Route):
    assert set(route.operation.statuses) == _published_statuses(route)


def test_a_document_says_how_an_operation_succeeds_but_for_some_of_oauth():
    unsaid = {(r.version, r.operation.name) for r in PUBLISHED_ROUTES if not _published_statuses(r)}
    revoking = {(version, "revoke_token") for version in ("v3", "2026-03", "2026-09")}
    assert unsaid == {*revoking, ("2026-09", "create_token")}


def test_the_document_of_the_server_describes_what_is_served(live_documented: Crm):
    answer = live_documented.get("/_edgewise/openapi.json")
    described = {
        (method.upper(), path): {status for status in operation["responses"] if status.startswith("2")}
        for path, operations in answer.json()["paths"].items()
        for method, operation in operations.items()
    }
    assert described == {
        (route.method, route.path): {str(status) for status in route.operation.every_status}
        for route in ROUTES
    }
