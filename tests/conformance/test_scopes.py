"""The scopes that operations demand are those of the published documents."""

import json
from functools import cache

import pytest

from edgewise import wiring
from edgewise.data.scopes import scope_facts
from edgewise.domain.scopes import Access
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.scopes import Demands
from edgewise.surfaces.surface import Route
from tests.conformance.documents import DOCUMENTS, PUBLISHED, published

ROUTES = [route for route in wiring.routes() if not route.operation.is_public]
PUBLISHED_ROUTES = [r for r in ROUTES if (r.version, r.method, r.path) in published()]


GUIDED = {name: scopes for name, scopes in scope_facts().lists.items() if name.endswith("-guide")}


@cache
def published_scopes() -> dict[tuple[str, str, str], list[str]]:
    """By document, method and path."""
    content = json.loads((PUBLISHED / "scopes.json").read_text("utf-8"))
    return {
        (document, *place.split(" ")): content["lists"][number]
        for document, operations in content["operations"].items()
        for place, number in operations.items()
    }


def _list_of(route: Route) -> list[str]:
    operation = route.operation
    return list(scope_facts().list_of(route.version, operation.name, operation.family, route.path))


def test_every_published_operation_has_its_scopes_here():
    """But for those of OAuth, which ask for no token."""
    documents = {each for every in DOCUMENTS.values() for each in every if not each.startswith("oauth.")}
    published_there = [each for each in published().values() if each.document in documents]
    expected = {(each.document, each.method, each.path) for each in published_there}
    assert expected <= published_scopes().keys()
    assert {document for document, _, _ in published_scopes()} == documents


@pytest.mark.parametrize("route", PUBLISHED_ROUTES, ids=lambda r: f"{r.version}-{r.method}-{r.path}")
def test_a_published_operation_has_the_published_list(route: Route):
    described = published()[route.version, route.method, route.path]
    assert _list_of(route) == published_scopes()[described.document, route.method, route.path]


def test_a_path_that_no_document_has_gets_a_list_that_some_document_or_guide_has():
    beyond = [route for route in [*ROUTES, *own_routes()] if route not in PUBLISHED_ROUTES]
    known = [*published_scopes().values(), *map(list, GUIDED.values())]
    assert beyond
    assert all(_list_of(route) in known for route in beyond)


def test_a_list_that_no_document_has_is_named_for_a_guide():
    lists = {name: list(scopes) for name, scopes in scope_facts().lists.items()}
    assert {
        name for name, scopes in lists.items() if scopes not in published_scopes().values()
    } == GUIDED.keys()


def test_labels_and_limits_under_a_path_of_guides_are_those_of_the_same_version():
    lists = {(r.operation.name, r.path): _list_of(r) for r in ROUTES if r.version == "v4"}
    for (operation, path), scopes in lists.items():
        if path.startswith("/crm/v4/associations/definitions"):
            assert scopes == lists[operation, path.replace("/crm/v4/associations", "/crm/associations/v4")]


@pytest.mark.parametrize("route", PUBLISHED_ROUTES, ids=lambda r: f"{r.version}-{r.method}-{r.path}")
def test_nothing_but_what_is_published_lets_a_token_through(route: Route):
    described = published()[route.version, route.method, route.path]
    demanded = Demands([route]).of(route)
    listed = published_scopes()[described.document, route.method, route.path]
    other = {Access.READ: ".write", Access.WRITE: ".read"}[route.operation.access]
    assert set(demanded) == {s for s in listed if s != "oauth" and other not in s}
