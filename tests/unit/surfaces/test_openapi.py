"""The description of the API is whole: every reference leads somewhere, every parameter is declared."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from edgewise import __version__
from edgewise.surfaces.openapi import openapi_document
from edgewise.surfaces.versions import SURFACES

ROUTES = [route for surface in SURFACES for route in surface.routes()]
DOCUMENT = openapi_document(ROUTES)
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Every schema that operations name for bodies."""
    for each in _objects(value):
        if "application/json" in each:
            yield each["application/json"]["schema"]


def test_the_document_is_json():
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT


def test_the_document_says_what_it_describes():
    assert DOCUMENT["openapi"].startswith("3.1")
    assert (DOCUMENT["info"]["title"], DOCUMENT["info"]["version"]) == ("Edgewise", __version__)
    assert "Not affiliated with HubSpot" in DOCUMENT["info"]["description"]
    assert DOCUMENT["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    assert DOCUMENT["security"] == [{"bearer": []}]


def test_every_route_is_described_once():
    assert Counter((method.upper(), path) for method, path, _ in OPERATIONS) == Counter(
        (route.method, route.path) for route in ROUTES
    )


def test_every_reference_leads_to_a_schema():
    schemas = DOCUMENT["components"]["schemas"]
    references = {each["$ref"] for each in _objects(DOCUMENT) if "$ref" in each}
    assert references
    assert {reference.removeprefix("#/components/schemas/") for reference in references} <= schemas.keys()


def test_every_schema_is_referred_to():
    references = {each["$ref"].rpartition("/")[2] for each in _objects(DOCUMENT) if "$ref" in each}
    assert DOCUMENT["components"]["schemas"].keys() <= references


def test_every_operation_has_an_id_of_its_own():
    ids = Counter(operation["operationId"] for *_, operation in OPERATIONS)
    assert {each: times for each, times in ids.items() if times > 1} == {}
    assert all(re.fullmatch(r"[\w-]+", each) for each in ids)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda each: str(each)[:60])
def test_every_parameter_of_a_path_is_declared_and_no_other(
    method: str, path: str, operation: dict[str, Any]
):
    declared = [each for each in operation["parameters"] if each["in"] == "path"]
    assert [each["name"] for each in declared] == re.findall(r"{(\w+)}", path)
    assert all(each["required"] and each["schema"] == {"type": "string"} for each in declared)
    names = [(each["in"], each["name"]) for each in operation["parameters"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_operation_is_described_as_the_table_has_it(route):
    described = DOCUMENT["paths"][route.path][route.method.lower()]
    assert described["summary"] == route.operation.summary
    assert described["tags"] == [route.version]
    assert [status for status in described["responses"] if status != "default"] == [
        str(status) for status in route.operation.every_status
    ]
    query = [each["name"] for each in described["parameters"] if each["in"] == "query"]
    assert query == list(route.operation.query)
    assert ("requestBody" in described) == route.operation.reads_body
    for status in route.operation.every_status:
        assert ("content" in described["responses"][str(status)]) == (status != 204)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda each: str(each)[:60])
def test_every_refusal_is_described_by_its_envelope(method: str, path: str, operation: dict[str, Any]):
    schema = operation["responses"]["default"]["content"]["application/json"]["schema"]
    has_another = path.startswith("/oauth/") and not path.startswith("/oauth/v2/")
    assert schema == {"$ref": f"#/components/schemas/{'OAuthError' if has_another else 'Error'}"}
    assert all(schema for schema in _schemas(operation))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_an_operation_that_asks_for_no_token_says_so_and_which_bodies_it_reads(route):
    described = DOCUMENT["paths"][route.path][route.method.lower()]
    assert (described.get("security") == []) == route.operation.is_public
    if route.operation.reads_body:
        media = [f"application/{medium}" for medium in route.operation.media]
        assert list(described["requestBody"]["content"]) == media


def test_tokens_are_asked_for_by_form_and_by_json_and_described_as_one_of_several():
    described = DOCUMENT["paths"]["/oauth/2026-03/token/introspect"]["post"]
    assert described["requestBody"]["content"].keys() == {
        "application/json",
        "application/x-www-form-urlencoded",
    }
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert [each["$ref"].rpartition("/")[2] for each in schema["anyOf"]] == [
        "PublicAccessTokenInfoResponse",
        "PublicRefreshTokenInfoResponse",
        "InactiveTokenResponse",
    ]


def test_schemas_have_the_names_and_keys_of_the_wire():
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Error"]["required"] == ["status", "message", "correlationId"]
    assert schemas["AssociationSpec"]["properties"].keys() == {"associationCategory", "associationTypeId"}
    assert schemas["PublicAssociationMultiPost"]["required"] == ["from", "to", "types"]
    assert "from_" not in json.dumps(DOCUMENT)


def test_an_address_may_be_described_alone():
    route = next(route for route in ROUTES if route.operation.name == "list_records")
    document = openapi_document([route])
    assert list(document["paths"]) == [route.path]
    assert "AssociationSpec" not in document["components"]["schemas"]
    assert "Error" in document["components"]["schemas"]
