"""Every operation once: what it is called, where it is, and the three functions that carry it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from edgewise.domain.ports import Store
from edgewise.surfaces import runs
from edgewise.wire import associations as links
from edgewise.wire import bodies, bodies_objects, objects
from edgewise.wire.messages import Call, Reply


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing the API offers.

    family: decides the prefix of the path, which each version states. path: the rest of the template.
    decode: request to command. run: command and store to outcome. encode: outcome to answer.
    statuses: of success, the usual one first. query: the parameters it reads from the query string.
    """

    name: str
    summary: str
    family: str
    method: str
    path: str
    decode: Callable[[Call], Any]
    run: Callable[[Store, Call, Any], Awaitable[Any]]
    encode: Callable[[Call, Any, Any], Reply]
    statuses: tuple[int, ...]
    request: Any = None
    response: Any = None
    query: tuple[str, ...] = ()

    @property
    def reads_body(self) -> bool:
        return self.request is not None


_PAIR = "/{fromObjectType}/{toObjectType}"
_DEFAULT = "/{fromObjectType}/{fromObjectId}/associations/default/{toObjectType}/{toObjectId}"
_LIST = "/{objectType}/{objectId}/associations/{toObjectType}"
_RECORD_QUERY = ("archived", "associations", "properties")

OPERATIONS = (
    Operation(
        "associate_default",
        "Link two records with the unlabelled type",
        "record_links",
        "PUT",
        _DEFAULT,
        links.decode_put_default,
        runs.put_links,
        links.encode_put_default,
        (200,),
        response=bodies.BatchResponsePublicDefaultAssociation,
    ),
    Operation(
        "associate",
        "Link two records with labels",
        "record_links",
        "PUT",
        f"{_LIST}/{{toObjectId}}",
        links.decode_put_labelled,
        runs.put_links,
        links.encode_put_labelled,
        (201,),
        request=list[bodies.AssociationSpec],
        response=bodies.CreatedLabelsBetweenObjectPair,
    ),
    Operation(
        "list_associations",
        "List the records linked to one record",
        "record_links",
        "GET",
        _LIST,
        links.decode_list,
        runs.list_links,
        links.encode_list,
        (200,),
        response=bodies.CollectionResponseMultiAssociatedObjectWithLabelForwardPaging,
        query=("after", "limit"),
    ),
    Operation(
        "dissociate",
        "Remove every link between two records",
        "record_links",
        "DELETE",
        f"{_LIST}/{{toObjectId}}",
        links.decode_delete,
        runs.remove_links,
        links.encode_no_content,
        (204,),
    ),
    Operation(
        "associate_default_batch",
        "Link many pairs of records with the unlabelled type",
        "batch_links",
        "POST",
        f"{_PAIR}/batch/associate/default",
        links.decode_batch_default,
        runs.put_links,
        links.encode_batch_default,
        (200, 207),
        request=bodies.BatchInputPublicDefaultAssociationMultiPost,
        response=bodies.BatchResponsePublicDefaultAssociation,
    ),
    Operation(
        "associate_batch",
        "Link many pairs of records with labels",
        "batch_links",
        "POST",
        f"{_PAIR}/batch/create",
        links.decode_batch_create,
        runs.put_links,
        links.encode_batch_create,
        (201, 207),
        request=bodies.BatchInputPublicAssociationMultiPost,
        response=bodies.BatchResponseLabelsBetweenObjectPair,
    ),
    Operation(
        "read_associations_batch",
        "List the records linked to each of many records",
        "batch_links",
        "POST",
        f"{_PAIR}/batch/read",
        links.decode_batch_read,
        runs.read_links,
        links.encode_batch_read,
        (200, 207),
        request=bodies.BatchInputPublicFetchAssociationsBatchRequest,
        response=bodies.BatchResponsePublicAssociationMultiWithLabel,
    ),
    Operation(
        "dissociate_batch",
        "Remove every link between many pairs of records",
        "batch_links",
        "POST",
        f"{_PAIR}/batch/archive",
        links.decode_batch_archive,
        runs.remove_links,
        links.encode_empty_batch,
        (200,),
        request=bodies.BatchInputPublicAssociationMultiArchive,
        response=bodies.BatchResponse,
    ),
    Operation(
        "remove_labels_batch",
        "Remove labels from many pairs of records",
        "batch_links",
        "POST",
        f"{_PAIR}/batch/labels/archive",
        links.decode_batch_labels_archive,
        runs.remove_links,
        links.encode_empty_batch,
        (200,),
        request=bodies.BatchInputPublicAssociationMultiPost,
        response=bodies.BatchResponse,
    ),
    Operation(
        "list_labels",
        "List the association types between two object types",
        "labels",
        "GET",
        f"{_PAIR}/labels",
        links.decode_pair,
        runs.nothing,
        links.encode_labels,
        (200,),
        response=bodies.CollectionResponseAssociationSpecWithLabelNoPaging,
    ),
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
