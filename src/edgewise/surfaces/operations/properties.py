"""Properties and their groups."""

from __future__ import annotations

from edgewise.domain.scopes import Access
from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import properties as runs
from edgewise.wire import bodies_older, older, properties, property_groups
from edgewise.wire import bodies_properties as bodies
from edgewise.wire.associations import encode_no_content

_ALL = "/{objectType}"
_ONE = f"{_ALL}/{{propertyName}}"
_BATCH = f"{_ALL}/batch"
_GROUPS = f"{_ALL}/groups"
_GROUP = f"{_GROUPS}/{{groupName}}"
_ENGLISH = "labels are in English, whatever the locale"

OPERATIONS = (
    Operation(
        "list_properties_v2", "List the properties of an object type, as connectors still ask for it",
        "older_properties", "GET", f"{_ALL}/properties",
        properties.decode_list, runs.list_properties, older.encode_properties_v2, (200,), access=Access.READ,
        response=list[bodies_older.PropertyV2], query=("archived",),
        unpublished="connectors ask for it; it is older than the documents",
    ),
    Operation(
        "list_properties", "List the properties of an object type", "properties", "GET", _ALL,
        properties.decode_list, runs.list_properties, properties.encode_list, (200,), access=Access.READ,
        response=bodies.CollectionResponsePropertyNoPaging,
        query=("archived", "dataSensitivity", "locale", "properties"), caveat=_ENGLISH,
    ),
    Operation(
        "create_property", "Define a property", "properties", "POST", _ALL,
        properties.decode_create, runs.create_properties, properties.encode_create, (201,),
        access=Access.WRITE, request=bodies.PropertyCreate, response=bodies.Property,
    ),
    Operation(
        "create_properties_batch", "Define many properties", "properties", "POST", f"{_BATCH}/create",
        properties.decode_batch_create, runs.create_properties, properties.encode_batch, (201, 207),
        access=Access.WRITE, request=bodies.BatchInputPropertyCreate, response=bodies.BatchResponseProperty,
    ),
    Operation(
        "read_properties_batch", "Read many properties", "properties", "POST", f"{_BATCH}/read",
        properties.decode_batch_read, runs.read_properties, properties.encode_batch, (200, 207),
        access=Access.READ, request=bodies.BatchReadInputPropertyName, response=bodies.BatchResponseProperty,
        query=("locale",), caveat=_ENGLISH,
    ),
    Operation(
        "archive_properties_batch", "Archive many properties", "properties", "POST", f"{_BATCH}/archive",
        properties.decode_batch_archive, runs.archive_properties, encode_no_content, (204,),
        access=Access.WRITE, request=bodies.BatchInputPropertyName,
    ),
    Operation(
        "read_property", "Read a property", "properties", "GET", _ONE,
        properties.decode_one, runs.read_property, properties.encode_one, (200,), access=Access.READ,
        response=bodies.Property, query=("archived", "dataSensitivity", "locale", "properties"),
        caveat=_ENGLISH,
    ),
    Operation(
        "update_property", "Change a property", "properties", "PATCH", _ONE,
        properties.decode_update, runs.change_property, properties.encode_one, (200,), access=Access.WRITE,
        request=bodies.PropertyUpdate, response=bodies.Property,
    ),
    Operation(
        "archive_property", "Archive a property", "properties", "DELETE", _ONE,
        properties.decode_one, runs.archive_property, encode_no_content, (204,), access=Access.WRITE,
    ),
    Operation(
        "list_property_groups", "List the property groups of an object type", "properties", "GET", _GROUPS,
        property_groups.decode_list, runs.list_groups, property_groups.encode_list, (200,),
        access=Access.READ, response=bodies.CollectionResponsePropertyGroupNoPaging, query=("locale",),
        caveat=_ENGLISH,
    ),
    Operation(
        "create_property_group", "Define a property group", "properties", "POST", _GROUPS,
        property_groups.decode_create, runs.create_group, property_groups.encode_created, (201,),
        access=Access.WRITE, request=bodies.PropertyGroupCreate, response=bodies.PropertyGroup,
    ),
    Operation(
        "read_property_group", "Read a property group", "properties", "GET", _GROUP,
        property_groups.decode_one, runs.read_group, property_groups.encode_one, (200,), access=Access.READ,
        response=bodies.PropertyGroup, query=("locale",), caveat=_ENGLISH,
    ),
    Operation(
        "update_property_group", "Change a property group", "properties", "PATCH", _GROUP,
        property_groups.decode_update, runs.change_group, property_groups.encode_one, (200,),
        access=Access.WRITE, request=bodies.PropertyGroupUpdate, response=bodies.PropertyGroup,
    ),
    Operation(
        "archive_property_group", "Archive a property group without properties", "properties", "DELETE",
        _GROUP, property_groups.decode_one, runs.archive_group, encode_no_content, (204,),
        access=Access.WRITE,
    ),
)  # fmt: skip
