"""Groups of properties: requests to what the rules change, groups to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edgewise.domain.model import ObjectType
from edgewise.domain.properties import PropertyGroup
from edgewise.wire import bodies_properties as bodies
from edgewise.wire.messages import Call, Reply
from edgewise.wire.requests import BodyReader

_create: BodyReader[bodies.PropertyGroupCreate] = BodyReader(bodies.PropertyGroupCreate, is_null_missing=True)
_update: BodyReader[bodies.PropertyGroupUpdate] = BodyReader(bodies.PropertyGroupUpdate)


class OneGroup(NamedTuple):
    """A group to read or to archive."""

    object_type: ObjectType
    name: str


class CreateGroup(NamedTuple):
    """A group to create."""

    object_type: ObjectType
    name: str
    label: str
    display_order: int


class ChangeGroup(NamedTuple):
    """A label and a place to give to a group; None leaves them."""

    object_type: ObjectType
    name: str
    label: str | None
    display_order: int | None


# Decoding.


def decode_list(call: Call) -> ObjectType:
    """The object type whose groups are asked for."""
    return call.portal.catalog.object_type(call.params[0])


def decode_one(call: Call) -> OneGroup:
    """A group to read, or to archive."""
    return OneGroup(decode_list(call), call.params[1])


def decode_create(call: Call) -> CreateGroup:
    """A group to create."""
    object_type = decode_list(call)
    body = _create.read(call.body)
    return CreateGroup(
        object_type, body.name, body.label, -1 if body.display_order is None else body.display_order
    )


def decode_update(call: Call) -> ChangeGroup:
    """A group to change."""
    object_type = decode_list(call)
    body = _update.read(call.body)
    return ChangeGroup(object_type, call.params[1], body.label, body.display_order)


# Encoding.


def encode_list(call: Call, command: ObjectType, found: Sequence[PropertyGroup]) -> Reply:
    """Every group."""
    return Reply(200, bodies.CollectionResponsePropertyGroupNoPaging([group_body(each) for each in found]))


def encode_one(call: Call, command: object, found: PropertyGroup) -> Reply:
    """The group."""
    return Reply(200, group_body(found))


def encode_created(call: Call, command: CreateGroup, created: PropertyGroup) -> Reply:
    """The group that was created."""
    return Reply(201, group_body(created))


def group_body(group: PropertyGroup) -> bodies.PropertyGroup:
    """A group as it is told."""
    return bodies.PropertyGroup(group.name, group.label, group.display_order, group.archived_at is not None)
