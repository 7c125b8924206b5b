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
  RecordTooLarge, TooManyValuesSet, AnswerTooLarge
  RecordNotFound, RecordsNotFound, ValueInUse, InvalidPropertyValue, SelfMerge
  SearchTooLarge, SearchOutOfReach, UnknownOperator, FilterIncomplete, InvalidLinkFilter, UnknownSortDirection
  and those of labels, in `errors_labels.py`
  TooManyReads, ReadNotReached, ReadTooLong, TooManyWrites, Stopping      what the store gave up
StoreError
  Conflict, Unavailable, NewerDatabase, AlteredMigration
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, dataclass_transform

from edgewise.domain.model import AssociationType, ObjectType, Pair


@dataclass_transform(eq_default=False)
class DomainError(Exception):
    """A request that the rules refuse. Subclasses declare their fields as a dataclass does.

    There are many of them, and making a real dataclass takes longer than all else that a module does at a start.
    """

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = (*cls._fields, *(name for name in cls.__annotations__ if name not in cls._fields))

    def __init__(self, *values: Any, **named: Any) -> None:
        given = {**dict(zip(self._fields, values, strict=False)), **named}
        missing = [name for name in self._fields if name not in given and not hasattr(type(self), name)]
        if missing or len(values) > len(self._fields) or given.keys() - set(self._fields):
            raise TypeError(f"{type(self).__name__} has the fields {', '.join(self._fields)}")
        self.__dict__.update(given)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
        return f"{type(self).__name__}({fields})"


def forget_frames(error: BaseException) -> None:
    """Let go of the frames that an error went through, once nobody will raise it again.

    Some of them hold the future, or the list of failures, that holds the error, and all that was loaded to decide: a
    circle that only the garbage collector would find, later and all at once, while nobody is served.
    """
    at: BaseException | None = error
    while at is not None:
        at.__traceback__ = None
        at = at.__cause__ or at.__context__


class UnknownObjectType(DomainError):
    """A name that no object type of the portal has."""

    text: str


class InvalidObjectTypeId(DomainError):
    """A text shaped like an object type id that is none."""

    text: str


class InvalidRecordId(DomainError):
    """A record id that is not a number, or larger than 64 bits hold."""

    text: str


class NonPositiveRecordId(DomainError):
    """A record id that is a number below one."""

    text: str


class InvalidIdentifier(DomainError):
    """A record id inside a body that is not a positive number."""

    text: str


class InvalidCursor(DomainError):
    """An `after` that no page ended with."""

    text: str


class InvalidPageSize(DomainError):
    """A `limit` that is not a number from one to the maximum."""

    text: str
    page_size_max: int


class TooManyInputs(DomainError):
    """More inputs in one call than the operation takes."""

    inputs_max: int


class DuplicateInputs(DomainError):
    """The same record more than once in a call that names each once. record_ids: as the inputs tell them."""

    record_ids: list[int | str]


class SelfLink(DomainError):
    """A record linked to itself."""

    record_id: int


class NoDefaultType(DomainError):
    """Two object types between which no unlabelled association exists."""

    source: ObjectType
    target: ObjectType


class UnknownAssociationType(DomainError):
    """A category and typeId that nobody defined. pair: between which object types it was wanted, if known."""

    category: str
    type_id: int
    pair: Pair | None = None


class WrongAssociationType(DomainError):
    """A type that links other object types than the two records have."""

    link_type: AssociationType
    mismatched: list[tuple[ObjectType, int]]
    pair: Pair


class WrongInlineType(DomainError):
    """A type in the body of a record create that does not start at, or lead to, the object type it should."""

    link_type: AssociationType
    end: str
    expected: str
    actual: str


class InvalidAssociationType(DomainError):
    """A text that names no association type between two object types. source, target: as the message spells them."""

    text: str
    source: str
    target: str
    pair: Pair | None = None


class AssociationLimitReached(DomainError):
    """A link that would give a record more targets under a type than its limit allows.

    record_id: None for a record that was about to be created. category, type_id: the type, as read from the record.
    """

    object_type: ObjectType
    record_id: int | None
    category: str
    type_id: int
    limit: int


class LimitOutOfRange(DomainError):
    """A limit that the account or the other limits of its pair rule out. lowest, highest: what it may be."""

    category: str
    type_id: int
    limit: int
    lowest: int
    highest: int


class LinkEndsMissing(DomainError):
    """Records that a single link write or a record create names and that do not exist."""

    missing: list[tuple[ObjectType, int]]


class SourceNotFound(DomainError):
    """A batch input whose source record does not exist."""

    object_type: ObjectType
    record_id: int


class TargetNotFound(DomainError):
    """A batch input whose target record does not exist."""

    object_type: ObjectType
    record_id: int


class NoAssociations(DomainError):
    """A batch read input that has no target: reported beside the results, though nothing is wrong."""

    source: ObjectType
    target: ObjectType
    record_id: int


class RecordNotFound(DomainError):
    """A record that does not exist or is archived. record_id: or the value of a property that no record has."""

    object_type: ObjectType
    record_id: int | str


class ValueInUse(DomainError):
    """A value of a unique property that another live record has; record_id: None if that was to be created too.

    in_batch: it was refused among others.
    """

    object_type: ObjectType
    record_id: int | None
    in_batch: bool = False


class RecordsNotFound(DomainError):
    """Inputs of a batch of records that do not exist or are archived: one error for all of them."""

    object_type: ObjectType
    record_ids: list[str]


class InvalidPropertyValue(DomainError):
    """A property value that is a list or an object; values are text, numbers or true and false."""

    name: str


class SelfMerge(DomainError):
    """A record to be merged into itself."""

    record_id: int


class SearchTooLarge(DomainError):
    """A search with more of something than a search may have. what: its name in the request."""

    what: str
    maximum: int


class SearchOutOfReach(DomainError):
    """A page of a search that lies beyond the results which can be reached."""

    offset: int
    reach: int


class UnknownOperator(DomainError):
    """A filter whose operator does not exist."""

    text: str


class FilterIncomplete(DomainError):
    """A filter without what its operator compares with. field: the key that it lacks."""

    name: str
    operator: str
    field: str


class InvalidLinkFilter(DomainError):
    """A filter on linked records with an operator other than those that can tell them."""

    name: str
    operator: str


class UnknownSortDirection(DomainError):
    """A direction that no results are sorted in."""

    text: str


class InvalidUserId(DomainError):
    """A user id that is no number from 1 to 2,147,483,647."""

    text: str


class ReportNotFound(DomainError):
    """A report that the portal has not asked for, or that is not finished."""

    text: str


class RecordTooLarge(DomainError):
    """Values that a record has no room for."""

    characters_max: int


class TooManyValuesSet(DomainError):
    """More properties of a record in one call than may be set."""

    properties_max: int


class AnswerTooLarge(DomainError):
    """A read of more than one answer may hold."""

    bytes_max: int


class TooManyReads(DomainError):
    """A read of a portal of which as many reads wait as may. waiting_max: how many that is."""

    waiting_max: int


class ReadNotReached(DomainError):
    """A read that was not begun in time, since others were before it."""

    timeout_s: float


class ReadTooLong(DomainError):
    """A read that was begun and not done in time."""

    timeout_s: float


class TooManyWrites(DomainError):
    """A change while as many wait as may."""


class Stopping(DomainError):
    """A read or a change that was given up because the server stops; it changed nothing."""


class StoreError(Exception):
    """A store that could not do what it was asked; nothing was changed."""


class Conflict(StoreError):
    """Another writer was faster: the same call may succeed when repeated."""


class Unavailable(StoreError):
    """The store cannot be reached or cannot write."""


class ForeignDatabase(Unavailable):
    """A file that another program made; this one must not touch it."""


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
