"""Facts that ship with the package, each with its source: object types, association types, quirks, coverage."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from edgewise.domain.model import (
    AssociationType,
    Category,
    Holder,
    ObjectType,
    PortalTypes,
    hidden_mirror,
    object_type_code,
    type_key,
)
from edgewise.domain.object_schemas import ObjectSchema

_HELD_ONCE = frozenset({1, 5, 14, 26, 509, 578, 580, 582, 1299})
"""Types that a record has to one target only: its primary company (contact, deal or company of a lead), and a child
company's parent. Source: association type table and knowledge base, docs/behaviour.md, sections 1.5 and 1.6."""

_V3_NAMES = {"meeting": "meeting_event"}
"""Object types that v3 type names spell otherwise. Source: docs/behaviour.md, section 4, 2026-11-22."""

_USUAL_PROPERTIES = ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")


class ObjectTypeFact(msgspec.Struct, rename="camel", frozen=True):
    """A row of object_types.json, as far as the product uses it."""

    name: str
    plural: str
    object_type_id: str | None
    aliases: list[str]
    fully_qualified_name: str | None = None
    default_properties: list[str] = []
    last_modified_property: str = "hs_lastmodifieddate"
    primary_display_property: str | None = None
    required_properties: list[str] = []
    searchable_properties: list[str] = []


class AssociationTypeFact(msgspec.Struct, rename="camel", frozen=True):
    """A row of association_types.json, as far as the product uses it."""

    from_: str = msgspec.field(name="from")
    to: str
    from_object_type_id: str | None
    to_object_type_id: str | None
    type_id: int
    category: str
    variant: str
    label: str | None
    name: str | None
    inverse_type_id: int | None
    default: bool


class QuirkFact(msgspec.Struct, frozen=True):
    """A row of quirks.json: a difference between the documents and the service, or a choice of ours."""

    name: str
    what: str
    choices: list[str]
    documented: str
    observed: str
    origin: str
    source: str
    date: str


class CoverageFact(msgspec.Struct, frozen=True):
    """A row of coverage.json: a path that is published or served. passed: the profiles whose conformance tests pass."""

    version: str
    method: str
    path: str
    published: bool
    passed: list[str]


def _rows(file_name: str, row_type: Any) -> Any:
    return msgspec.json.decode(files(__package__).joinpath(file_name).read_bytes(), type=list[row_type])


@cache
def quirk_facts() -> tuple[QuirkFact, ...]:
    """Every known quirk, in the order of the file."""
    return tuple(_rows("quirks.json", QuirkFact))


@cache
def coverage_facts() -> tuple[CoverageFact, ...]:
    """What the conformance tests found, version by version. `./dev coverage` writes the file."""
    return tuple(_rows("coverage.json", CoverageFact))


@cache
def hubspot_types() -> PortalTypes:
    """The object types that HubSpot defines in every account, and the association types between them.

    A type that leads to an object type whose id nobody knows, or that nobody described, is left out.
    """
    object_facts: list[ObjectTypeFact] = _rows("object_types.json", ObjectTypeFact)
    type_facts: list[AssociationTypeFact] = _rows("association_types.json", AssociationTypeFact)
    with_primary = {
        (f.from_object_type_id, f.to_object_type_id) for f in type_facts if f.variant == "primary"
    }
    object_types = tuple(
        _object_type(fact, fact.object_type_id)
        for fact in object_facts
        if fact.object_type_id is not None and "{" not in fact.object_type_id
    )
    known = {object_type.id for object_type in object_types}
    return PortalTypes(
        object_types,
        tuple(
            _association_type(fact, (fact.from_object_type_id, fact.to_object_type_id) in with_primary)
            for fact in type_facts
            if fact.from_object_type_id in known and fact.to_object_type_id in known
        ),
    )


@cache
def hubspot_schemas() -> Mapping[int, ObjectSchema]:
    """What is known of HubSpot's own object types beside what the catalog has, by their codes.

    They were made at the epoch, as the service tells it. Source: docs/behaviour.md, section 10, observed.
    """
    return {
        code: ObjectSchema(
            code,
            fact.name,
            _as_text(fact.name),
            _as_text(fact.plural),
            fact.primary_display_property or "hs_object_id",
            required_properties=tuple(fact.required_properties),
            searchable_properties=tuple(fact.searchable_properties) or ("hs_object_id",),
        )
        for fact in _rows("object_types.json", ObjectTypeFact)
        if fact.object_type_id is not None and "{" not in fact.object_type_id
        for code in (object_type_code(fact.object_type_id),)
    }


def _as_text(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _object_type(fact: ObjectTypeFact, object_type_id: str) -> ObjectType:
    qualified = [fact.fully_qualified_name] if fact.fully_qualified_name else []
    return ObjectType(
        code=object_type_code(object_type_id),
        id=object_type_id,
        name=fact.name,
        plural=fact.plural,
        aliases=(*fact.aliases, *qualified),
        default_properties=tuple(fact.default_properties or _USUAL_PROPERTIES),
        last_modified_property=fact.last_modified_property,
    )


def _association_type(fact: AssociationTypeFact, has_primary: bool) -> AssociationType:
    category = Category[fact.category]
    key = type_key(category, fact.type_id)
    mirror_key = (
        hidden_mirror(key) if fact.inverse_type_id is None else type_key(category, fact.inverse_type_id)
    )
    holder = Holder.NONE
    if fact.type_id in _HELD_ONCE:
        holder = Holder.SOURCE
    elif fact.inverse_type_id in _HELD_ONCE:
        holder = Holder.TARGET
    return AssociationType(
        key=key,
        category=category,
        type_id=fact.type_id,
        source_type=object_type_code(str(fact.from_object_type_id)),
        target_type=object_type_code(str(fact.to_object_type_id)),
        mirror_key=mirror_key,
        label=fact.label,
        name=fact.name or _derived_name(fact, has_primary),
        is_default=fact.default,
        is_legacy=fact.variant.startswith("legacy_"),
        is_primary=fact.variant == "primary",
        holder=holder,
        is_name_derived=fact.name is None,
    )


def _derived_name(fact: AssociationTypeFact, has_primary: bool) -> str:
    """The v3 name of a type that no source spells: `<from>_to_<to>`, with the variant where the plain name is taken.

    Source: docs/behaviour.md, section 4 (naming), 2026-11-22.
    """
    plain = f"{_V3_NAMES.get(fact.from_, fact.from_)}_to_{_V3_NAMES.get(fact.to, fact.to)}"
    if fact.variant == "unlabeled":
        return f"{plain}_unlabeled" if has_primary else plain
    return plain if fact.variant == "primary" else f"{plain}_{fact.variant}"
