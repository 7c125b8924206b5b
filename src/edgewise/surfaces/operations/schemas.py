"""Schemas: the object types that portals define, and HubSpot's own as they are read."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import schemas as runs
from edgewise.wire import bodies_schemas as bodies
from edgewise.wire import schemas
from edgewise.wire.associations import encode_no_content

_ALL = "/schemas"
_ONE = f"{_ALL}/{{objectType}}"
_INCLUDED = ("includeAssociationDefinitions", "includeAuditMetadata", "includePropertyDefinitions")

OPERATIONS = (
    Operation(
        "list_schemas", "List the object types that the portal defined", "schemas", "GET", _ALL,
        schemas.decode_list, runs.list_schemas, schemas.encode_list, (200,), access=Access.READ,
        response=bodies.CollectionResponseObjectSchemaNoPaging, query=("archived", *_INCLUDED),
        quirks=("archived_schemas", "schema_details"),
    ),
    Operation(
        "create_schema", "Define an object type", "schemas", "POST", _ALL,
        schemas.decode_create, runs.create_schema, schemas.encode_create, (201,), access=Access.WRITE,
        request=bodies.ObjectSchemaEgg, response=bodies.ObjectSchema, quirks=("schema_details",),
    ),
    Operation(
        "read_schemas_batch", "Read many object types", "schemas", "POST", f"{_ALL}/batch/read",
        schemas.decode_read_many, runs.read_schemas, schemas.encode_list, (200,), access=Access.READ,
        request=bodies.ObjectSchemaBatchReadRequest,
        response=bodies.CollectionResponseObjectSchemaNoPaging, quirks=("schema_details",),
    ),
    Operation(
        "read_schema", "Read an object type", "schemas", "GET", _ONE,
        schemas.decode_read, runs.read_schemas, schemas.encode_read, (200,), access=Access.READ,
        response=bodies.ObjectSchema, query=_INCLUDED, quirks=("schema_details",),
    ),
    Operation(
        "update_schema", "Change an object type", "schemas", "PATCH", _ONE,
        schemas.decode_update, runs.update_schema, schemas.encode_update, (200,), access=Access.WRITE,
        request=bodies.ObjectTypeDefinitionPatch, response=bodies.ObjectTypeDefinition,
        quirks=("schema_details",),
    ),
    Operation(
        "delete_schema", "Archive an object type without records, or purge an archived one", "schemas",
        "DELETE", _ONE,
        schemas.decode_delete, runs.remove_schema, encode_no_content, (204,), access=Access.WRITE,
        query=("archived",), names_types=False,
    ),
    Operation(
        "create_schema_association", "Define the association of two object types", "schemas", "POST",
        f"{_ONE}/associations",
        schemas.decode_create_association, runs.create_association, schemas.encode_create_association,
        (201,), access=Access.WRITE, request=bodies.AssociationDefinitionEgg,
        response=bodies.AssociationDefinition,
    ),
    Operation(
        "delete_schema_association", "Remove an association of an object type", "schemas", "DELETE",
        f"{_ONE}/associations/{{associationIdentifier}}",
        schemas.decode_delete_association, runs.remove_association, encode_no_content, (204,),
        access=Access.WRITE,
    ),
)  # fmt: skip
