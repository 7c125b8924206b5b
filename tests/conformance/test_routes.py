"""What is served is what is published: methods, paths and statuses of success."""

import pytest

from edgewise import wiring
from edgewise.surfaces.surface import Route
from tests.conformance.documents import published
from tests.support.crm import Crm

ROUTES = wiring.routes()

UNPUBLISHED_PATHS = {
    ("GET", "/crm/v4/associations/{fromObjectType}/{toObjectType}/labels"): (
        "guides, an older rollout of the document and the SDKs made of it spell the labels of v4 so"
    ),
}

UNPUBLISHED_STATUSES = {
    "associate_default_batch": (
        {207},
        "documents list 200 alone, yet the schema of the body has errors: told apart as in the other batches",
    ),
}

NOT_SERVED_YET = {
    "associations": {
        ("POST", "/usage/high-usage-report/{userId}"),
    },
    "associations-schema": {
        ("POST", "/{fromObjectType}/{toObjectType}/labels"),
        ("PUT", "/{fromObjectType}/{toObjectType}/labels"),
        ("DELETE", "/{fromObjectType}/{toObjectType}/labels/{associationTypeId}"),
        ("GET", "/definitions/configurations/all"),
        ("GET", "/definitions/configurations/{fromObjectType}/{toObjectType}"),
        ("POST", "/definitions/configurations/{fromObjectType}/{toObjectType}/batch/create"),
        ("POST", "/definitions/configurations/{fromObjectType}/{toObjectType}/batch/purge"),
        ("POST", "/definitions/configurations/{fromObjectType}/{toObjectType}/batch/update"),
    },
    "objects": {
        ("POST", "/{objectType}/batch/archive"),
        ("POST", "/{objectType}/batch/update"),
        ("POST", "/{objectType}/batch/upsert"),
        ("POST", "/{objectType}/search"),
    },
}


def _route_id(route: Route) -> str:
    return f"{route.version}-{route.operation.name}"


def _is_published(route: Route) -> bool:
    return (route.version, route.method, route.path) in published()


def test_every_served_path_is_published_but_for_those_with_a_reason():
    unpublished = {(route.method, route.path) for route in ROUTES if not _is_published(route)}
    assert unpublished == set(UNPUBLISHED_PATHS)


@pytest.mark.parametrize("route", [route for route in ROUTES if _is_published(route)], ids=_route_id)
def test_an_operation_succeeds_with_the_published_statuses(route):
    described = published()[route.version, route.method, route.path]
    further, _ = UNPUBLISHED_STATUSES.get(route.operation.name, (set(), ""))
    assert set(route.operation.statuses) == set(described.responses) | further


@pytest.mark.parametrize("version", ["v3", "v4", "2025-09", "2026-03"])
def test_every_published_operation_is_served_or_known_to_be_missing(version):
    served = {(route.method, route.path) for route in ROUTES if route.version == version}
    missing = {
        (each.document, each.method, _within_version(each.path))
        for each in published().values()
        if each.version == version and (each.method, each.path) not in served
    }
    documents = {each.document for each in published().values() if each.version == version}
    known = {(document, *operation) for document in documents for operation in NOT_SERVED_YET[document]}
    assert missing == known


def test_the_document_of_the_server_describes_what_is_served(live_documented: Crm):
    answer = live_documented.get("/_edgewise/openapi.json")
    described = {
        (method.upper(), path): {int(status) for status in operation["responses"] if status != "default"}
        for path, operations in answer.json()["paths"].items()
        for method, operation in operations.items()
    }
    assert described == {(route.method, route.path): set(route.operation.statuses) for route in ROUTES}


def _within_version(path: str) -> str:
    """A path without its prefix: the family and the version."""
    segments = path.split("/")
    return "/" + "/".join(segments[4:])
