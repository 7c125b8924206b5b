"""The nouns of the domain: object types, association types, links, records and pages of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.property_ports import PropertiesChange

RECORD_ID_MAX = 2**63 - 1
"""Record ids are positive 64-bit integers."""

FIRST_RECORD_ID = 30_000_000_001
"""Where a portal starts to count: as long as HubSpot's own ids, so that a client that keeps 32 bits fails here too."""

_CATEGORY_BITS = 2
_NUMBER_BITS = 32
_CUSTOM = 2


class Category(IntEnum):
    """Who defined an association type; the number is part of a stored type key, so it never changes."""

    HUBSPOT_DEFINED = 0
    USER_DEFINED = 1
    INTEGRATOR_DEFINED = 2
    WORK = 3


class Holder(IntEnum):
    """Which end of a link may hold its type once only, as a contact holds one primary company."""

    NONE = 0
    SOURCE = 1
    TARGET = 2


def type_key(category: Category, type_id: int) -> int:
    """The identity of an association type as one integer: (category, typeId), never the id alone."""
    return type_id << _CATEGORY_BITS | category


def split_type_key(key: int) -> tuple[Category, int]:
    """The category and typeId that `type_key` was made of."""
    return Category(key & (1 << _CATEGORY_BITS) - 1), key >> _CATEGORY_BITS


def object_number(code: int) -> int:
    """The number of an object type within its kind: 7 of `2-7`."""
    return code & (1 << _NUMBER_BITS) - 1


def object_type_id(code: int) -> str:
    """The id of an object type by its code, as `2-7`."""
    return f"{code >> _NUMBER_BITS}-{object_number(code)}"


def is_custom_type(code: int) -> bool:
    """Whether an object type is one that a portal defined."""
    return code >> _NUMBER_BITS == _CUSTOM


def object_type_code(object_type_id: str) -> int:
    """An object type id as one integer: `0-1` is 1, `2-7` lies in the range of custom types.

    Raises: ValueError when the text is not two decimal numbers joined by a dash.
    """
    meta, number = object_type_id.split("-")
    return int(meta) << _NUMBER_BITS | int(number)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectType:
    """A kind of record.

    code: the id as one integer, see `object_type_code`.
    aliases: the further spellings that paths may use, in any letter case.
    default_properties: what a read returns when it asks for none by name.
    """

    code: int
    id: str
    name: str
    plural: str
    aliases: tuple[str, ...] = ()
    default_properties: tuple[str, ...] = ()
    last_modified_property: str = "hs_lastmodifieddate"

    @property
    def is_custom(self) -> bool:
        return is_custom_type(self.code)

    @property
    def created_property(self) -> str:
        """The property that holds the time of creation."""
        return "createdate" if "createdate" in self.default_properties else "hs_createdate"


@dataclass(frozen=True, slots=True, eq=False)
class AssociationType:
    """One direction of one kind of association.

    key: (category, typeId) as one integer. mirror_key: the key under which the other end stores the same link.
    is_name_derived: the name is made by a rule, since no source spells it.
    """

    key: int
    category: Category
    type_id: int
    source_type: int
    target_type: int
    mirror_key: int
    label: str | None
    name: str
    is_default: bool = False
    is_legacy: bool = False
    is_primary: bool = False
    holder: Holder = Holder.NONE
    is_name_derived: bool = False

    @property
    def is_readable_from_target(self) -> bool:
        return self.mirror_key >= 0


class Pair:
    """An ordered pair of object types. listed: its association types that a label list shows, in ascending order of
    category and id.
    """

    __slots__ = ("listed", "source", "target")

    def __init__(self, source: ObjectType, target: ObjectType, listed: Sequence[AssociationType]) -> None:
        self.source = source
        self.target = target
        self.listed = listed


def hidden_mirror(key: int) -> int:
    """The mirror of a type whose inverse nobody knows: stored, so that archiving finds it, and never read.

    Its own inverse: the mirror of the mirror is the key again.
    """
    return ~key


class RecordRef(NamedTuple):
    """A record: the code of its object type and its id."""

    object_type: int
    record_id: int


class LinkedTarget(NamedTuple):
    """One target of a record and the keys of the types that link them, in ascending order."""

    target_id: int
    keys: tuple[int, ...]


class LinkPage(NamedTuple):
    """Targets in ascending order of id; `has_more` when others follow the last one."""

    targets: Sequence[LinkedTarget]
    has_more: bool


@dataclass(slots=True)
class Record:
    """A stored record. Times are milliseconds since the epoch, UTC; property values are text."""

    record_id: int
    properties: dict[str, str]
    created_at: int
    updated_at: int
    archived_at: int | None = None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Version(NamedTuple):
    """A value that a property had from some moment on, in milliseconds since the epoch; None after it was cleared."""

    at: int
    value: str | None


class RecordPage(NamedTuple):
    """Records in ascending order of id; `next_id` is the first one of the next page."""

    records: Sequence[Record]
    next_id: int | None


@dataclass(frozen=True, slots=True)
class PortalTypes:
    """What one portal defined beside what HubSpot defines.

    limits: by the key of an association type, how many targets a record may have under it.
    next_type_id: the USER_DEFINED id that the next type gets; ids are never given twice.
    version: how often the portal changed any of this.
    schemas: of object types, those of archived ones among them, which `object_types` lacks.
    next_object_number: the number that the next object type gets, as `next_type_id`.
    """

    object_types: Sequence[ObjectType] = ()
    association_types: Sequence[AssociationType] = ()
    limits: Mapping[int, int] = field(default_factory=dict)
    next_type_id: int = 1
    version: int = 0
    schemas: Sequence[ObjectSchema] = ()
    next_object_number: int = 1


@dataclass(frozen=True, slots=True)
class TypesChange:
    """A change of what a portal defined.

    changed: in place of the types with the same keys. removed: keys; links of these types go too, at both ends, and
    so do their limits. limits: by type key; None removes a limit.
    object_types, schemas: further ones, or in place of those with the same code. removed_object_types: codes; their
    association types are to be removed too. purged: codes of object types whose schemas and archived records go for
    good. properties: by the code of their object type. vacant: codes of object types that must have no live record,
    else nothing is changed.
    """

    added: Sequence[AssociationType] = ()
    changed: Sequence[AssociationType] = ()
    removed: Sequence[int] = ()
    limits: Mapping[int, int | None] = field(default_factory=dict)
    object_types: Sequence[ObjectType] = ()
    removed_object_types: Sequence[int] = ()
    schemas: Sequence[ObjectSchema] = ()
    purged: Sequence[int] = ()
    properties: Mapping[int, PropertiesChange] = field(default_factory=dict)
    vacant: Sequence[int] = ()


class Linked(IntEnum):
    """What became of one link to write; a bit for each missing record, so both can be told at once."""

    DONE = 0
    SOURCE_MISSING = 1
    TARGET_MISSING = 2
    BOTH_MISSING = 3


class LimitReached(NamedTuple):
    """A link that was not written, since `holder` has as many targets as the limit of the type with that key allows.

    The key is that of the direction that leads away from the holder. A record that is about to be created has id 0.
    """

    key: int
    holder: RecordRef
    limit: int


class TypeGone(NamedTuple):
    """A link that was not written, since the portal no longer has a type that it names."""

    key: int


class ValueTaken(NamedTuple):
    """A value that was not written, since another live record has it, whose id is 0 if it was to be created too."""

    name: str
    value: str
    record_id: int


def without_new_id(refused: LimitReached | TypeGone, new: RecordRef) -> LimitReached | TypeGone:
    """A refusal that does not tell the id which a record would have had that is not created now."""
    if isinstance(refused, LimitReached) and refused.holder == new:
        return refused._replace(holder=RecordRef(new.object_type, 0))
    return refused


Outcome = Linked | LimitReached | TypeGone
"""What became of one link to write. `Linked.DONE` alone is false."""


class LinkWrite(NamedTuple):
    """A pair of records and the types that shall link them, the unlabelled one among them.

    first_type: a type that the pair also gets when the holder of that type has no link to the other object type, and
    no limit is in the way.
    """

    source_id: int
    target_id: int
    types: tuple[AssociationType, ...]
    first_type: AssociationType | None = None


@dataclass(frozen=True, slots=True)
class PutLinks:
    """Links to write between records of two object types, in order, each decided on its own.

    replaces_labels: drop the pair's user- and integrator-defined types that the write does not name.
    creates_records: make a bare record of an id nobody knows, where it would else be refused.
    at: milliseconds since the epoch.
    """

    portal_id: int
    source_type: int
    target_type: int
    writes: Sequence[LinkWrite]
    at: int
    replaces_labels: bool = False
    creates_records: bool = False


class LinkRemoval(NamedTuple):
    """A pair of records and the types to take off it; None takes all of them."""

    source_id: int
    target_id: int
    types: tuple[AssociationType, ...] | None = None


@dataclass(frozen=True, slots=True)
class RemoveLinks:
    """Links to remove between records of two object types; removing what is not there changes nothing."""

    portal_id: int
    source_type: int
    target_type: int
    removals: Sequence[LinkRemoval]


class NewLink(NamedTuple):
    """A link from a record that is about to be created. `first_type` as in `LinkWrite`."""

    target: RecordRef
    types: tuple[AssociationType, ...]
    first_type: AssociationType | None = None


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to create, with the links it starts with."""

    properties: Mapping[str, str]
    links: tuple[NewLink, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateRecords:
    """Records to create together: all of them with all of their links, or none.

    creates_records: as in `PutLinks`, for the targets of the links.
    unique: names of properties of which no two live records of the object type may have the same value.
    is_partial: create those that can be created, each decided on its own, after the ones before it.
    """

    portal_id: int
    object_type: int
    records: Sequence[NewRecord]
    at: int
    creates_records: bool = False
    unique: Sequence[str] = ()
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class RecordChange:
    """Properties to set on a record; None clears one, and a value that is `Appended` adds to what there is."""

    record_id: int
    properties: Mapping[str, str | None] = field(default_factory=dict)
