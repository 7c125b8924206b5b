"""The OpenAPI document of what is served, made from the operations table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from edgewise import __version__
from edgewise.surfaces.surface import Route
from edgewise.wire.bodies import Error

_PARAMETER = re.compile(r"{(\w+)}")
_QUERY_SCHEMAS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1},
    "archived": {"type": "boolean", "default": False},
    "after": {"type": "string"},
    "associations": {"type": "array", "items": {"type": "string"}},
    "properties": {"type": "array", "items": {"type": "string"}},
    "idProperty": {"type": "string"},
    "fromObjectTypeId": {"type": "string"},
    "toObjectTypeId": {"type": "string"},
}
_REFERENCES = "#/components/schemas/{name}"


def openapi_document(routes: Iterable[Route]) -> dict[str, Any]:
    """OpenAPI 3.1 of the given routes."""
    routes = list(routes)
    shapes = [
        shape
        for route in routes
        for shape in (route.operation.request, route.operation.response)
        if shape is not None
    ]
    distinct = list({str(shape): shape for shape in [*shapes, Error]}.values())
    schemas, components = msgspec.json.schema_components(distinct, ref_template=_REFERENCES)
    schema_of = {str(shape): schema for shape, schema in zip(distinct, schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Edgewise",
            "version": __version__,
            "description": "Self-hosted CRM associations that answer HubSpot's API. Not affiliated with HubSpot.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def _operation(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    operation = route.operation
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PARAMETER.findall(route.path)
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": _QUERY_SCHEMAS[name]}
        for name in operation.query
    ]
    failed = {"description": "The request was refused", "content": _json(schema_of[str(Error)])}
    described: dict[str, Any] = {
        "operationId": _slug(f"{operation.name}_{route.path}"),
        "summary": operation.summary,
        "tags": [route.version],
        "parameters": parameters,
        "responses": {
            **{
                str(status): _success(None if status == 204 else operation.response, schema_of)
                for status in operation.every_status
            },
            "default": failed,
        },
    }
    if operation.reads_body:
        described["requestBody"] = {
            "required": True,
            "content": _json(schema_of[str(operation.request)]),
        }
    return described


def _success(response: Any, schema_of: dict[str, Any]) -> dict[str, Any]:
    if response is None:
        return {"description": "Done"}
    return {"description": "Done", "content": _json(schema_of[str(response)])}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_")
