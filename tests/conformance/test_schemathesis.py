"""Requests made from the served description, good and bad: no failure of ours, and every answer as described."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from edgewise import wiring
from edgewise.surfaces.openapi import openapi_document
from edgewise.surfaces.surface import Route
from tests.support.crm import Crm
from tests.support.server import Server

SEED = 20261122
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN = {
    "objectType": ("contacts", "companies", "0-3"),
    "fromObjectType": ("contacts", "deals", "0-1"),
    "toObjectType": ("companies", "contacts", "0-2"),
    "fromObjectTypeId": ("0-1", "0-2", "0-3"),
    "toObjectTypeId": ("0-2", "0-1", "0-3"),
    "objectId": ("1", "2", "3"),
    "fromObjectId": ("1", "2", "3"),
    "toObjectId": ("4", "5", "6"),
    "associationType": ("279", "contact_to_company", "280"),
    "associationTypeId": ("1", "279", "3"),
    "userId": ("1", "2", "3"),
    "associationIdentifier": ("1", "2", "3"),
    "ownerId": ("71000001", "71000002", "71000003"),
    "pipelineId": ("default", "0", "nothing"),
    "stageId": ("closedwon", "appointmentscheduled", "1"),
    "propertyName": ("email", "firstname", "closedate"),
    "groupName": ("contactinformation", "companyinformation", "dealinformation"),
}
"""What stands in for three of four values that are made for a path: few that are made up lead anywhere."""

ROUTES = wiring.routes()
ONE_OF_EACH = {route.operation.name: route for route in ROUTES}.values()
"""Every operation, in the newest version that has it."""


def _load(routes: Iterable[Route]) -> OpenApiSchema:
    """The description of routes, some values of its paths replaced by known ones."""
    schema = schemathesis.openapi.from_dict(openapi_document(routes), config=SchemathesisConfig(seed=SEED))

    @schema.hook
    def map_path_parameters(context: object, path_parameters: dict[str, Any] | None) -> dict[str, Any]:
        return {name: _known(name, value) for name, value in (path_parameters or {}).items()}

    return schema


def _known(name: str, value: Any) -> Any:
    choice = len(str(value)) % 4
    return KNOWN[name][choice] if choice < 3 and name in KNOWN else value


def _within(max_examples: int) -> settings:
    return settings(
        max_examples=max_examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module", params=["documented", "observed"])
def lenient(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """A server that knows every record, so that more requests succeed."""
    folder = tmp_path_factory.mktemp("lenient")
    settings_of = {"profile": request.param, "records": "implicit", "is_durable": False}
    with Server(folder, **settings_of) as server, Crm(server.url, request.param) as crm:
        yield crm


def _check(crm: Crm, case: schemathesis.Case) -> None:
    case.call_and_validate(
        base_url=crm.url, headers={"authorization": "Bearer pat-na1-any"}, checks=CHECKS, timeout=30
    )


def test_the_served_description_is_the_one_that_is_tested(live_documented: Crm):
    assert live_documented.get("/_edgewise/openapi.json").json() == openapi_document(ROUTES)


@_load(ONE_OF_EACH).parametrize()
@_within(max_examples=2)
def test_an_operation_answers_as_described(case: schemathesis.Case, lenient: Crm):
    _check(lenient, case)


@pytest.mark.long
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_path_answers_many_requests_as_described(route: Route, lenient: Crm):
    operation = _load([route])[route.path][route.method]
    good, bad = (operation.as_strategy(mode) for mode in GenerationMode)

    @given(case=good | bad)
    @_within(max_examples=40)
    def answers_as_described(case: schemathesis.Case) -> None:
        _check(lenient, case)

    answers_as_described()
