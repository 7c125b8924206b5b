"""The OpenAPI document of what is served, made from the operations table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from edgewise import __version__
from edgewise.surfaces.operations.operation import JSON_ONLY
from edgewise.surfaces.surface import Route

_PARAMETER = re.compile(r"{(\w+)}")
_QUERY_SCHEMAS: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1},
    "archived": {"type": "boolean", "default": False},
    "after": {"type": "string"},
    "associations": {"type": "array", "items": {"type": "string"}},
    "properties": {"type": "array", "items": {"type": "string"}},
    "propertiesWithHistory": {"type": "array", "items": {"type": "string"}},
    "idProperty": {"type": "string"},
    "dataSensitivity": {
        "type": "string",
        "enum": ["highly_sensitive", "non_sensitive", "sensitive"],
        "default": "non_sensitive",
    },
    "locale": {"type": "string"},
    "email": {"type": "string"},
    "includeAssociationDefinitions": {"type": "boolean", "default": True},
    "includeAuditMetadata": {"type": "boolean", "default": True},
    "includePropertyDefinitions": {"type": "boolean", "default": True},
    "fromObjectTypeId": {"type": "string"},
    "toObjectTypeId": {"type": "string"},
    "client_secret": {"type": "string"},
    "refresh_token": {"type": "string"},
}
_REFERENCES = "#/components/schemas/{name}"


def openapi_document(routes: Iterable[Route]) -> dict[str, Any]:
    """OpenAPI 3.1 of the given routes."""
    routes = list(routes)
    shapes = [
        shape
        for route in routes
        for each in (route.operation.request, route.operation.response, route.operation.failure)
        for shape in _alternatives(each)
    ]
    distinct = list({str(shape): shape for shape in shapes}.values())
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
    failed = {
        "description": "The request was refused",
        "content": _contents(schema_of[str(operation.failure)]),
    }
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
            "content": _contents(schema_of[str(operation.request)], operation.media),
        }
    if operation.is_public:
        described["security"] = []
    return described


def _success(response: Any, schema_of: dict[str, Any]) -> dict[str, Any]:
    schemas = [schema_of[str(shape)] for shape in _alternatives(response)]
    if not schemas:
        return {"description": "Done"}
    return {
        "description": "Done",
        "content": _contents(schemas[0] if len(schemas) == 1 else {"anyOf": schemas}),
    }


def _alternatives(shape: Any) -> tuple[Any, ...]:
    """The shapes that a field of the table names: none, one, or a tuple of those of which one fits."""
    if isinstance(shape, tuple):
        return shape
    return () if shape is None else (shape,)


def _contents(schema: Any, media: Sequence[str] = JSON_ONLY) -> dict[str, Any]:
    return {f"application/{medium}": {"schema": schema} for medium in media}


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_")
