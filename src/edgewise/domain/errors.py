"""Every way a request can break a rule: one class each, carrying fields, knowing nothing of HTTP.

DomainError
  UnknownObjectType, InvalidObjectTypeId          the object type named in a path
  InvalidRecordId, NonPositiveRecordId            the record id named in a path
  InvalidIdentifier                               a record id inside a body
  InvalidCursor, InvalidPageSize                  paging
  TooManyInputs, DuplicateInputs                  batches
  SelfLink, NoDefaultType, UnknownAssociationType, WrongAssociationType, WrongInlineType
  AssociationLimitReached
  LinkEndsMissing, SourceNotFound, TargetNotFound, NoAssociations
  RecordNotFound, RecordsNotFound, InvalidPropertyValue
StoreError
  Conflict, Unavailable, NewerDatabase, AlteredMigration
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edgewise.domain.model import AssociationType, ObjectType

if TYPE_CHECKING:
    from edgewise.domain.catalog import PairTypes


class DomainError(Exception):
    """A request that the rules refuse."""


@dataclass(eq=False)
class UnknownObjectType(DomainError):
    """A name that no object type of the portal has."""

    text: str


@dataclass(eq=False)
class InvalidObjectTypeId(DomainError):
    """A text shaped like an object type id that is none."""

    text: str


@dataclass(eq=False)
class InvalidRecordId(DomainError):
    """A record id that is not a number, or larger than 64 bits hold."""

    text: str


@dataclass(eq=False)
class NonPositiveRecordId(DomainError):
    """A record id that is a number below one."""

    text: str


@dataclass(eq=False)
class InvalidIdentifier(DomainError):
    """A record id inside a body that is not a positive number."""

    text: str


@dataclass(eq=False)
class InvalidCursor(DomainError):
    """An `after` that no page ended with."""

    text: str


@dataclass(eq=False)
class InvalidPageSize(DomainError):
    """A `limit` that is not a number from one to the maximum."""

    text: str
    page_size_max: int


@dataclass(eq=False)
class TooManyInputs(DomainError):
    """More inputs in one call than the operation takes."""

    inputs_max: int


@dataclass(eq=False)
class DuplicateInputs(DomainError):
    """The same record more than once in a call that names each once."""

    record_ids: list[int]


@dataclass(eq=False)
class SelfLink(DomainError):
    """A record linked to itself."""

    record_id: int


@dataclass(eq=False)
class NoDefaultType(DomainError):
    """Two object types between which no unlabelled association exists."""

    source: ObjectType
    target: ObjectType


@dataclass(eq=False)
class UnknownAssociationType(DomainError):
    """A category and typeId that nobody defined. pair: between which object types it was wanted, if known."""

    category: str
    type_id: int
    pair: PairTypes | None = None


@dataclass(eq=False)
class WrongAssociationType(DomainError):
    """A type that links other object types than the two records have."""

    link_type: AssociationType
    mismatched: list[tuple[ObjectType, int]]
    pair: PairTypes


@dataclass(eq=False)
class WrongInlineType(DomainError):
    """A type in the body of a record create that does not start at, or lead to, the object type it should."""

    link_type: AssociationType
    end: str
    expected: str
    actual: str


@dataclass(eq=False)
class AssociationLimitReached(DomainError):
    """A link that would give a record more targets under a type than its limit allows.

    record_id: None for a record that was about to be created. category, type_id: the type, as read from the record.
    """

    object_type: ObjectType
    record_id: int | None
    category: str
    type_id: int
    limit: int


@dataclass(eq=False)
class LinkEndsMissing(DomainError):
    """Records that a single link write or a record create names and that do not exist."""

    missing: list[tuple[ObjectType, int]]


@dataclass(eq=False)
class SourceNotFound(DomainError):
    """A batch input whose source record does not exist."""

    object_type: ObjectType
    record_id: int


@dataclass(eq=False)
class TargetNotFound(DomainError):
    """A batch input whose target record does not exist."""

    object_type: ObjectType
    record_id: int


@dataclass(eq=False)
class NoAssociations(DomainError):
    """A batch read input that has no target: reported beside the results, though nothing is wrong."""

    source: ObjectType
    target: ObjectType
    record_id: int


@dataclass(eq=False)
class RecordNotFound(DomainError):
    """A record that does not exist or is archived."""

    object_type: ObjectType
    record_id: int


@dataclass(eq=False)
class RecordsNotFound(DomainError):
    """Inputs of a batch of records that do not exist or are archived: one error for all of them."""

    object_type: ObjectType
    record_ids: list[str]


@dataclass(eq=False)
class InvalidPropertyValue(DomainError):
    """A property value that is a list or an object; values are text, numbers or true and false."""

    name: str


class StoreError(Exception):
    """A store that could not do what it was asked; nothing was changed."""


class Conflict(StoreError):
    """Another writer was faster: the same call may succeed when repeated."""


class Unavailable(StoreError):
    """The store cannot be reached or cannot write."""


@dataclass(eq=False)
class NewerDatabase(StoreError):
    """A database that a later program has migrated; this one must not touch it."""

    database_version: int
    program_version: int

    def __str__(self) -> str:
        return (
            f"the database has schema version {self.database_version}, "
            f"this program knows {self.program_version}: use a newer edgewise"
        )


@dataclass(eq=False)
class AlteredMigration(StoreError):
    """A migration that was applied with another text than the program ships."""

    version: int
    name: str

    def __str__(self) -> str:
        return f"migration {self.version} ({self.name}) was applied with a different text than this program ships"
