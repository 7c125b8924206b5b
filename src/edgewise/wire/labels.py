"""Creating, renaming and deleting labels: requests to commands, changes of a portal's types to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors_labels import InvalidLabelId
from edgewise.domain.identifiers import is_number
from edgewise.domain.labels import NewLabel
from edgewise.domain.model import AssociationType
from edgewise.wire.associations import decode_pair
from edgewise.wire.bodies import CollectionResponseAssociationSpecWithLabelNoPaging
from edgewise.wire.bodies_labels import (
    CreatedAssociationSpecWithLabel,
    PublicAssociationDefinitionCreateRequest,
    PublicAssociationDefinitionUpdateRequest,
)
from edgewise.wire.messages import Call, Reply, spec_with_label
from edgewise.wire.requests import BodyReader

_TYPE_ID_MAX = 2**31 - 1

_create: BodyReader[PublicAssociationDefinitionCreateRequest] = BodyReader(
    PublicAssociationDefinitionCreateRequest, is_null_missing=True
)
_update: BodyReader[PublicAssociationDefinitionUpdateRequest] = BodyReader(
    PublicAssociationDefinitionUpdateRequest, is_null_missing=True
)


class CreateLabel(NamedTuple):
    """A label to create between two object types."""

    pair: PairTypes
    new: NewLabel


class RenameLabel(NamedTuple):
    """Texts to give to a label, from the side of the half with that id."""

    pair: PairTypes
    type_id: int
    label: str
    inverse_label: str | None


class DeleteLabel(NamedTuple):
    """A label to delete, by the id of either half."""

    pair: PairTypes
    type_id: int


def decode_create(call: Call) -> CreateLabel:
    """A label to create."""
    pair = decode_pair(call)
    body = _create.read(call.body)
    return CreateLabel(pair, NewLabel(body.name, body.label, body.inverse_label))


def decode_update(call: Call) -> RenameLabel:
    """A label to rename."""
    pair = decode_pair(call)
    body = _update.read(call.body)
    return RenameLabel(pair, body.association_type_id, body.label, body.inverse_label)


def decode_delete(call: Call) -> DeleteLabel:
    """A label to delete."""
    source, target, text = call.params
    pair = call.portal.catalog.pair_named(source, target)
    if not is_number(text) or int(text) > _TYPE_ID_MAX:
        raise InvalidLabelId(text)
    return DeleteLabel(pair, int(text))


def encode_create(call: Call, command: CreateLabel, created: Sequence[AssociationType]) -> Reply:
    """The halves of the label, the one that `label` names first."""
    specs = [spec_with_label(link_type) for link_type in created]
    if call.portal.quirks.label_created_ends == "null":
        specs = [CreatedAssociationSpecWithLabel(each.category, each.type_id, each.label) for each in specs]
    return Reply(200, CollectionResponseAssociationSpecWithLabelNoPaging(specs))
