"""Every way a request can break a rule: one class each, carrying fields, knowing nothing of HTTP.

DomainError
  UnknownObjectType, InvalidObjectTypeId          the object type named in a path
  InvalidRecordId, NonPositiveRecordId            the record id named in a path
  InvalidIdentifier                               a record id inside a body
  InvalidCursor, InvalidPageSize                  paging
  TooManyInputs, DuplicateInputs                  batches
  SelfLink, NoDefaultType, UnknownAssociationType, WrongAssociationType, WrongInlineType
  InvalidAssociationType, AssociationLimitReached, LimitOutOfRange
  LinkEndsMissing, SourceNotFound, TargetNotFound, NoAssociations
  RecordNotFound, RecordsNotFound, InvalidPropertyValue, SelfMerge
  SearchTooLarge, SearchOutOfReach, UnknownOperator, FilterIncomplete, InvalidLinkFilter, UnknownSortDirection
  and those of labels, in `errors_labels.py`
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
    """The same record more than once in a call that names each once. record_ids: as the inputs tell them."""

    record_ids: list[int | str]


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
class InvalidAssociationType(DomainError):
    """A text that names no association type between two object types. source, target: as the message spells them."""

    text: str
    source: str
    target: str
    pair: PairTypes | None = None


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
class LimitOutOfRange(DomainError):
    """A limit that the account or the other limits of its pair rule out. lowest, highest: what it may be."""

    category: str
    type_id: int
    limit: int
    lowest: int
    highest: int


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
    """A record that does not exist or is archived. record_id: or the value of a property that no record has."""

    object_type: ObjectType
    record_id: int | str


@dataclass(eq=False)
class RecordsNotFound(DomainError):
    """Inputs of a batch of records that do not exist or are archived: one error for all of them."""

    object_type: ObjectType
    record_ids: list[str]


@dataclass(eq=False)
class InvalidPropertyValue(DomainError):
    """A property value that is a list or an object; values are text, numbers or true and false."""

    name: str


@dataclass(eq=False)
class SelfMerge(DomainError):
    """A record to be merged into itself."""

    record_id: int


@dataclass(eq=False)
class SearchTooLarge(DomainError):
    """A search with more of something than a search may have. what: its name in the request."""

    what: str
    maximum: int


@dataclass(eq=False)
class SearchOutOfReach(DomainError):
    """A page of a search that lies beyond the results which can be reached."""

    offset: int
    reach: int


@dataclass(eq=False)
class UnknownOperator(DomainError):
    """A filter whose operator does not exist."""

    text: str


@dataclass(eq=False)
class FilterIncomplete(DomainError):
    """A filter without what its operator compares with. field: the key that it lacks."""

    name: str
    operator: str
    field: str


@dataclass(eq=False)
class InvalidLinkFilter(DomainError):
    """A filter on linked records with an operator other than those that can tell them."""

    name: str
    operator: str


@dataclass(eq=False)
class UnknownSortDirection(DomainError):
    """A direction that no results are sorted in."""

    text: str


@dataclass(eq=False)
class InvalidUserId(DomainError):
    """A user id that is no number from 1 to 2,147,483,647."""

    text: str


@dataclass(eq=False)
class ReportNotFound(DomainError):
    """A report that the portal has not asked for, or that is not finished."""

    text: str


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
