"""Tokens and the types that portals defined; the caller holds the transaction."""

from __future__ import annotations

import json

from edgewise.domain.model import AssociationType, Category, Holder, ObjectType, PortalTypes
from edgewise.domain.ports import Token
from edgewise.stores.sqlite.connections import QUERIES, Cursor, fetch


def add_token(cursor: Cursor, token: Token) -> None:
    """Keep a token."""
    cursor.execute(QUERIES.add_token, token)


def portal_of_token(cursor: Cursor, digest: bytes) -> int | None:
    """The portal that a token opens."""
    portal_id: int | None = cursor.execute(QUERIES.portal_of_token, (digest,)).get
    return portal_id


def count_tokens(cursor: Cursor) -> int:
    """How many tokens are kept."""
    count: int = cursor.execute(QUERIES.count_tokens).get
    return count


def portal_types(cursor: Cursor, portal_id: int) -> PortalTypes:
    """The types that a portal defined."""
    object_types = fetch(cursor, QUERIES.read_object_types, (portal_id,))
    association_types = fetch(cursor, QUERIES.read_association_types, (portal_id,))
    return PortalTypes(
        [_object_type(*row) for row in object_types], [_association_type(*row) for row in association_types]
    )


def add_portal_types(cursor: Cursor, portal_id: int, types: PortalTypes) -> None:
    """Define further types of a portal; the driver raises a constraint error when one of them exists."""
    cursor.executemany(QUERIES.add_object_type, [_object_type_row(portal_id, t) for t in types.object_types])
    cursor.executemany(
        QUERIES.add_association_type, [_association_type_row(portal_id, t) for t in types.association_types]
    )


def _object_type_row(portal_id: int, t: ObjectType) -> tuple[int, int, str, str, str, str, str, str]:
    lists = json.dumps(t.aliases), json.dumps(t.default_properties)
    return portal_id, t.code, t.id, t.name, t.plural, *lists, t.last_modified_property


def _association_type_row(portal_id: int, t: AssociationType) -> tuple[int | str | None, ...]:
    identity = (portal_id, t.key, t.category, t.type_id, t.source_type, t.target_type, t.mirror_key)
    return *identity, t.label, t.name, t.is_default, t.is_legacy, t.is_primary, t.holder


def _object_type(
    code: int, text_id: str, name: str, plural: str, aliases: str, default_properties: str, modified: str
) -> ObjectType:
    lists = tuple(json.loads(aliases)), tuple(json.loads(default_properties))
    return ObjectType(code, text_id, name, plural, *lists, modified)


def _association_type(
    key: int,
    category: int,
    type_id: int,
    source_type: int,
    target_type: int,
    mirror_key: int,
    label: str | None,
    name: str,
    is_default: int,
    is_legacy: int,
    is_primary: int,
    holder: int,
) -> AssociationType:
    flags = bool(is_default), bool(is_legacy), bool(is_primary)
    texts = label, name
    identity = key, Category(category), type_id
    return AssociationType(*identity, source_type, target_type, mirror_key, *texts, *flags, Holder(holder))
