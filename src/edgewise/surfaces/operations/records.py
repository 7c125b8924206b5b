"""Records."""

from __future__ import annotations

from edgewise.surfaces.operations.operation import Operation
from edgewise.surfaces.runs import records as runs
from edgewise.wire import associations as links
from edgewise.wire import bodies_objects, objects

_RECORD_QUERY = ("archived", "associations", "properties")

OPERATIONS = (
    Operation(
        "list_records",
        "List records",
        "records",
        "GET",
        "/{objectType}",
        objects.decode_list,
        runs.list_records,
        objects.encode_list,
        (200,),
        response=bodies_objects.CollectionResponseSimplePublicObjectWithAssociationsForwardPaging,
        query=("after", "limit", *_RECORD_QUERY),
    ),
    Operation(
        "create_record",
        "Create a record, with the links it starts with",
        "records",
        "POST",
        "/{objectType}",
        objects.decode_create,
        runs.create_records,
        objects.encode_create,
        (201,),
        request=bodies_objects.SimplePublicObjectInputForCreate,
        response=bodies_objects.SimplePublicObject,
    ),
    Operation(
        "read_record",
        "Read a record",
        "records",
        "GET",
        "/{objectType}/{objectId}",
        objects.decode_read,
        runs.read_record,
        objects.encode_read,
        (200,),
        response=bodies_objects.SimplePublicObjectWithAssociations,
        query=_RECORD_QUERY,
    ),
    Operation(
        "update_record",
        "Set properties of a record",
        "records",
        "PATCH",
        "/{objectType}/{objectId}",
        objects.decode_update,
        runs.update_record,
        objects.encode_update,
        (200,),
        request=bodies_objects.SimplePublicObjectInput,
        response=bodies_objects.SimplePublicObject,
    ),
    Operation(
        "archive_record",
        "Archive a record and remove its links",
        "records",
        "DELETE",
        "/{objectType}/{objectId}",
        objects.decode_archive,
        runs.archive_record,
        links.encode_no_content,
        (204,),
    ),
    Operation(
        "create_records_batch",
        "Create many records",
        "records",
        "POST",
        "/{objectType}/batch/create",
        objects.decode_batch_create,
        runs.create_records,
        objects.encode_batch_create,
        (201, 207),
        request=bodies_objects.BatchInputSimplePublicObjectBatchInputForCreate,
        response=bodies_objects.BatchResponseSimplePublicObject,
    ),
    Operation(
        "read_records_batch",
        "Read many records",
        "records",
        "POST",
        "/{objectType}/batch/read",
        objects.decode_batch_read,
        runs.read_records,
        objects.encode_batch_read,
        (200, 207),
        request=bodies_objects.BatchReadInputSimplePublicObjectId,
        response=bodies_objects.BatchResponseSimplePublicObject,
        query=("archived",),
    ),
)
