"""Request and response shapes of associations by type name, named as HubSpot names them."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from edgewise.wire.bodies import BatchResponse, Body, ForwardPaging, Id, PublicObjectId
from edgewise.wire.bodies_objects import AssociatedId


class PublicAssociationInput(Body):
    """A `PublicAssociation` as requests may have it: without a type, or with one as a number."""

    from_: PublicObjectId = field(name="from")
    to: PublicObjectId
    type: Id | None = None


class BatchInputPublicAssociation(Body):
    inputs: list[PublicAssociationInput]


class BatchInputPublicObjectId(Body):
    inputs: list[PublicObjectId]


class PublicAssociation(Body):
    from_: PublicObjectId = field(name="from")
    to: PublicObjectId
    type: str


class PublicAssociationMulti(Body):
    from_: PublicObjectId = field(name="from")
    to: list[AssociatedId]
    paging: ForwardPaging | UnsetType = UNSET


class BatchResponsePublicAssociation(BatchResponse):
    """`requested_at` and `links`: see the quirk `v3_envelope`."""

    results: list[PublicAssociation]
    requested_at: UnsetType | None = UNSET
    links: dict[str, str] | UnsetType = UNSET


class BatchResponsePublicAssociationMulti(BatchResponse):
    results: list[PublicAssociationMulti]


class PublicAssociationDefinition(Body):
    id: str
    name: str


class CollectionResponsePublicAssociationDefinitionNoPaging(Body):
    results: list[PublicAssociationDefinition]
