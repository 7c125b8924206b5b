"""Request and response shapes of v4 and the dated versions, named as HubSpot names them."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

Id = str | int
"""A record id: requests may carry either; responses carry what the quirk `record_ids` says."""


class Body(Struct, gc=False, rename="camel"):
    """A JSON object whose keys are the camel-cased field names; unknown keys are ignored."""


class PublicObjectId(Body):
    id: Id


class AssociationSpec(Body):
    association_category: str
    association_type_id: int


class PublicDefaultAssociationMultiPost(Body):
    from_: PublicObjectId = field(name="from")
    to: PublicObjectId


class BatchInputPublicDefaultAssociationMultiPost(Body):
    inputs: list[PublicDefaultAssociationMultiPost]


class PublicAssociationMultiPost(Body):
    from_: PublicObjectId = field(name="from")
    to: PublicObjectId
    types: list[AssociationSpec]


class BatchInputPublicAssociationMultiPost(Body):
    inputs: list[PublicAssociationMultiPost]


class PublicAssociationMultiArchive(Body):
    from_: PublicObjectId = field(name="from")
    to: list[PublicObjectId]


class BatchInputPublicAssociationMultiArchive(Body):
    inputs: list[PublicAssociationMultiArchive]


class PublicFetchAssociationsBatchRequest(Body):
    id: Id
    after: str | None = None


class BatchInputPublicFetchAssociationsBatchRequest(Body):
    inputs: list[PublicFetchAssociationsBatchRequest]


class NextPage(Body, omit_defaults=True):
    after: str
    link: str | None = None


class ForwardPaging(Body):
    next: NextPage


class AssociationSpecWithLabel(Body):
    category: str
    type_id: int
    label: str | None


class CollectionResponseAssociationSpecWithLabelNoPaging(Body):
    results: list[AssociationSpecWithLabel]


class MultiAssociatedObjectWithLabel(Body):
    to_object_id: Id
    association_types: tuple[AssociationSpecWithLabel, ...]


class CollectionResponseMultiAssociatedObjectWithLabelForwardPaging(Body):
    results: list[MultiAssociatedObjectWithLabel]
    paging: ForwardPaging | UnsetType = UNSET


class PublicAssociationMultiWithLabel(Body):
    from_: PublicObjectId = field(name="from")
    to: list[MultiAssociatedObjectWithLabel]
    paging: ForwardPaging | UnsetType = UNSET


class PublicDefaultAssociation(Body):
    from_: PublicObjectId = field(name="from")
    to: PublicObjectId
    association_spec: AssociationSpec


class LabelsBetweenObjectPair(Body):
    from_object_type_id: str
    from_object_id: Id
    to_object_type_id: str
    to_object_id: Id
    labels: tuple[str, ...]


class CreatedLabelsBetweenObjectPair(LabelsBetweenObjectPair):
    """The pair itself and, around it, the wrapper that the rendered v4 reference shows: both at once.

    The wrapper may be absent: the quirk `labelled_put_body` decides.
    """

    created_resource_id: str | UnsetType = UNSET
    entity: LabelsBetweenObjectPair | UnsetType = UNSET
    location: str | UnsetType = UNSET


class ErrorDetail(Body):
    message: str
    code: str | UnsetType = UNSET
    context: dict[str, list[str]] | UnsetType = UNSET


class Error(Body, kw_only=True):
    """The envelope of a failed request. Source: docs/behaviour.md, section 7.1 (key order as observed).

    error_type, policy_name: in place of a category, of a call too many (section 8.4).
    """

    status: str
    message: str
    error_type: str | UnsetType = UNSET
    correlation_id: str
    policy_name: str | UnsetType = UNSET
    errors: list[ErrorDetail] | UnsetType = UNSET
    context: dict[str, list[str]] | UnsetType = UNSET
    links: dict[str, str] | UnsetType = UNSET
    category: str | UnsetType = UNSET
    sub_category: str | UnsetType = UNSET


class StandardError(Body, kw_only=True):
    """One failed input of a batch. Source: docs/behaviour.md, section 3.7 (key order as observed)."""

    status: str
    category: str | UnsetType = UNSET
    sub_category: str | UnsetType = UNSET
    message: str
    context: dict[str, list[str]] | UnsetType = UNSET
    errors: list[ErrorDetail] | UnsetType = UNSET
    links: dict[str, str] | UnsetType = UNSET


class BatchResponse(Body):
    """The envelope of a batch. Source: docs/behaviour.md, section 13: error keys only where there are errors."""

    status: str
    results: list[Any]
    started_at: str
    completed_at: str
    num_errors: int | UnsetType = UNSET
    errors: list[StandardError] | UnsetType = UNSET


class BatchResponsePublicDefaultAssociation(BatchResponse):
    results: list[PublicDefaultAssociation]


class BatchResponseLabelsBetweenObjectPair(BatchResponse):
    results: list[LabelsBetweenObjectPair]


class BatchResponsePublicAssociationMultiWithLabel(BatchResponse):
    results: list[PublicAssociationMultiWithLabel]
