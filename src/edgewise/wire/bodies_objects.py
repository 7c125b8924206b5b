"""Request and response shapes of records, named as HubSpot names them."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from edgewise.wire.bodies import (
    AssociationSpec,
    BatchResponse,
    Body,
    ForwardPaging,
    Id,
    PublicObjectId,
)


class PublicAssociationsForObject(Body):
    to: PublicObjectId
    types: list[AssociationSpec]


class SimplePublicObjectInput(Body):
    properties: dict[str, Any]


class SimplePublicObjectInputForCreate(Body):
    """The published schema requires both keys; either alone is taken, as SDKs of different ages send them."""

    properties: dict[str, Any] = {}
    associations: list[PublicAssociationsForObject] | None = None


class SimplePublicObjectBatchInputForCreate(SimplePublicObjectInputForCreate):
    object_write_trace_id: str | None = None


class BatchInputSimplePublicObjectBatchInputForCreate(Body):
    inputs: list[SimplePublicObjectBatchInputForCreate]


class SimplePublicObjectId(Body):
    id: Id


class BatchReadInputSimplePublicObjectId(Body):
    inputs: list[SimplePublicObjectId]
    properties: list[str] | None = None
    properties_with_history: list[str] | None = None
    id_property: str | None = None


class BatchInputSimplePublicObjectId(Body):
    inputs: list[SimplePublicObjectId]


class SimplePublicObjectBatchInput(Body):
    id: Id
    properties: dict[str, Any]
    id_property: str | None = None
    object_write_trace_id: str | None = None


class BatchInputSimplePublicObjectBatchInput(Body):
    inputs: list[SimplePublicObjectBatchInput]


class SimplePublicObjectBatchInputUpsert(SimplePublicObjectBatchInput):
    pass


class BatchInputSimplePublicObjectBatchInputUpsert(Body):
    inputs: list[SimplePublicObjectBatchInputUpsert]


class PublicMergeInput(Body):
    primary_object_id: Id
    object_id_to_merge: Id


class PublicGdprDeleteInput(Body):
    object_id: Id
    id_property: str | None = None


class AssociatedId(Body):
    id: str
    type: str


class CollectionResponseAssociatedId(Body):
    results: list[AssociatedId]
    paging: ForwardPaging | UnsetType = UNSET


class ValueWithTimestamp(Body):
    value: str
    timestamp: str
    source_type: str


class SimplePublicObject(Body):
    id: str
    properties: dict[str, str | None]
    created_at: str
    updated_at: str
    archived: bool
    archived_at: str | UnsetType = UNSET
    object_write_trace_id: str | UnsetType = UNSET
    properties_with_history: dict[str, list[ValueWithTimestamp]] | UnsetType = UNSET


class SimplePublicObjectWithAssociations(SimplePublicObject):
    associations: dict[str, CollectionResponseAssociatedId] | UnsetType = UNSET


class CollectionResponseSimplePublicObjectWithAssociationsForwardPaging(Body):
    results: list[SimplePublicObjectWithAssociations]
    paging: ForwardPaging | UnsetType = UNSET


class BatchResponseSimplePublicObject(BatchResponse):
    results: list[SimplePublicObject]


class SimplePublicUpsertObject(SimplePublicObject, kw_only=True):
    new: bool


class BatchResponseSimplePublicUpsertObject(BatchResponse):
    results: list[SimplePublicUpsertObject]
