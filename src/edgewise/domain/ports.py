"""What the rules need of the world, and the promises that a store must keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from edgewise.domain.account_ports import Accounts
from edgewise.domain.audit import AuditLog
from edgewise.domain.figures import Condition, StoreFigures
from edgewise.domain.jobs import Job, KeptJob, Made, NewJob
from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    CreateRecords,
    LimitReached,
    LinkPage,
    Outcome,
    PortalTypes,
    PutLinks,
    Record,
    RecordChange,
    RecordPage,
    RecordRef,
    RemoveLinks,
    TypeGone,
    TypesChange,
    ValueTaken,
    Version,
)
from edgewise.domain.pipeline_ports import Pipelines
from edgewise.domain.property_ports import Properties
from edgewise.domain.record_keys import PropertyKey, RecordKey, Upsert, Upserted
from edgewise.domain.search import Search, SearchPage
from edgewise.domain.usage import Degree, Threshold


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC."""
        ...


class StoreInfo(NamedTuple):
    """What health tells of a store: its kind, and the version of its schema."""

    kind: str
    schema_version: int


class Created(NamedTuple):
    """Records that were created, in the order asked for."""

    records: Sequence[Record]


class TypesChanged(NamedTuple):
    """What a portal defines after a change, and the change.

    occupied: object types that should have had no live record and have one: then nothing was changed.
    """

    types: PortalTypes
    change: TypesChange
    occupied: Sequence[int] = ()


class TargetsMissing(NamedTuple):
    """Records that a create wanted to link to and that do not exist; nothing was created."""

    missing: Sequence[RecordRef]


CreateRefused = TargetsMissing | LimitReached | TypeGone | ValueTaken
"""Why nothing was created."""


class PartlyCreated(NamedTuple):
    """What became of each record that was to be created on its own, in the order asked for."""

    outcomes: Sequence[Record | CreateRefused]


CreateOutcome = Created | PartlyCreated | CreateRefused
"""What became of records to create."""


def partly_created(outcomes: Iterable[Created | CreateRefused]) -> PartlyCreated:
    """The outcomes of creates of one record each, as one."""
    return PartlyCreated([each.records[0] if isinstance(each, Created) else each for each in outcomes])


class RecordsMissing(NamedTuple):
    """Records that a merge was about and that do not exist or are archived; nothing was changed."""

    record_ids: Sequence[int]


class Store(Protocol):
    """Where records and links are kept.

    Promises, for every method:
    - A call is one transaction: all of it happens, or none; it returns after the change is durable, and what it
      changed is in every later read.
    - A portal never sees or changes a row of another one.
    - A record is known by portal, object type and id. The ids that a store gives are unique within the portal and
      ascend from FIRST_RECORD_ID, over all object types, passing over ids already taken.
    - A link is kept at both ends: `(source, target, key)` and `(target, source, mirror_key)` appear and vanish
      together. A mirror key below zero is kept and never read (see `hidden_mirror`).
    - Order is by record id as a number, then by type key.
    - Inputs are decided in order, against what the earlier ones of the same call did.
    - Raises Unavailable when the store cannot be reached or written, Conflict when repeating may help.
    - A read may raise TooManyReads, ReadNotReached or ReadTooLong when it takes long, a change TooManyWrites when many
      wait; see `edgewise.domain.asked`.
    """

    accounts: Accounts
    """Who may call."""

    audit: AuditLog
    """Who changed what."""

    pipelines: Pipelines
    """The stages that records go through."""

    properties: Properties
    """What the values of records are called, and what they may be."""

    async def start(self) -> None:
        """Open the store and bring its schema up to date.

        Raises: NewerDatabase when a later program made the schema, AlteredMigration, Unavailable.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go of everything. May be called twice."""
        ...

    def stop_reading(self) -> None:
        """Give up the reads that take long, and take on no more of them: each raises Stopping."""
        ...

    def stop_writing(self) -> None:
        """Take back the change at hand, and refuse what waits and comes: each raises Stopping and changed nothing."""
        ...

    def info(self) -> StoreInfo:
        """The kind of store and its schema version."""
        ...

    def condition(self) -> Condition:
        """Whether writes are kept, by the last one's outcome; answers at once.

        While they are not, asking makes the store try, every few seconds, so that it learns when they are again.
        """
        ...

    async def portal_types(self, portal_id: int) -> PortalTypes:
        """What a portal defined; types in ascending order of code and key."""
        ...

    async def types_version(self, portal_id: int) -> int:
        """The version of what a portal defined: another one than before tells that it changed."""
        ...

    async def add_portal_types(self, portal_id: int, types: PortalTypes) -> None:
        """Define further object types and association types. Raises: Conflict when one of them exists."""
        ...

    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        """Change what a portal defined.

        decide: gets what the portal defines now and answers the change, with nothing in between; it may be asked more
        than once, and on another thread. What it raises is raised here, and nothing is changed.
        A type that is removed is gone from every link, at both ends, in every later read.
        The number of an object type is never given again, nor are the ids of its records, whatever is purged.
        """
        ...

    def figures(self) -> StoreFigures:
        """Numbers about the work of the store; answers at once."""
        ...

    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        """Write links; answers what became of each write, in order.

        A write with a missing or archived record changes nothing and says which; the others are kept.
        So does one that names a USER_DEFINED type which the portal lacks, and one that would give a record more targets
        under a type than its limit allows. A link that is there needs no room, nor does a type that moves, at the end
        that holds it.
        A type whose `holder` holds it once moves: the former link of that holder loses the type and keeps the rest.
        A write's `first_type` is added when the holder of it had no link to the other object type before, and there is
        room for it.
        With `replaces_labels`, USER_DEFINED and INTEGRATOR_DEFINED types of the pair that the write leaves out go.
        """
        ...

    async def list_links(
        self, portal_id: int, source: RecordRef, target_type: int, after: int, limit: int
    ) -> LinkPage:
        """At most `limit` targets of one record with ids above `after`; an unknown record has none."""
        ...

    async def read_links(
        self,
        portal_id: int,
        source_type: int,
        target_type: int,
        sources: Sequence[tuple[int, int]],
        limit: int,
    ) -> Sequence[LinkPage]:
        """As `list_links` for many records at once. sources: record id and `after` of each."""
        ...

    async def remove_links(self, command: RemoveLinks) -> None:
        """Remove links at both ends; what is not there is no error."""
        ...

    async def create_records(self, command: CreateRecords) -> CreateOutcome:
        """Create records and their links together, all or none; where the command says so, each on its own.

        Ids are the store's to give, in the order asked for. Links are refused as in `put_links`, for all records, and
        so are values of unique properties that a live record has, or an earlier one of the command.
        Values are the same as `PropertyKey.tells`. Raises: InvalidObjectTypeId for one of the portal's own object types
        that was removed meanwhile; so does `upsert_records`.
        """
        ...

    async def read_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], is_archived: bool = False
    ) -> Sequence[Record | None]:
        """Records in the order asked for; None for those that do not exist in that state.

        Raises: AnswerTooLarge for several whose values are more than `ANSWER_BYTES_MAX`; so does `find_records`.
        """
        ...

    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        """At most `limit` records with ids from `first_id` on; fewer, but one at least, where their values are more
        than `PAGE_BYTES_MAX`.
        """
        ...

    async def update_records(
        self,
        portal_id: int,
        object_type: int,
        changes: Sequence[RecordChange],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Sequence[Record | ValueTaken | None] | ValueTaken:
        """Set and clear properties; answers the records after the change, None for missing and archived ones.

        Raises: RecordTooLarge, and nothing is changed; so do `upsert_records` and `merge_records`.
        unique: as in `CreateRecords`. A change to a value that another record has is not made, nor is any other one of
        the call, and that is the answer; if `is_partial`, it stands in place of the record.
        """
        ...

    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        """Archive records and remove their links from both ends; missing and archived ones are no error."""
        ...

    async def find_records(
        self, portal_id: int, object_type: int, keys: Sequence[PropertyKey], is_archived: bool = False
    ) -> Sequence[Record | None]:
        """Records in that state by a property, in the order asked for; None for a value that no record has.

        Of several records with the value it is the one with the lowest id.
        """
        ...

    async def upsert_records(
        self,
        portal_id: int,
        object_type: int,
        upserts: Sequence[Upsert],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Sequence[Upserted | ValueTaken | None] | ValueTaken:
        """Set and clear properties of live records told by id or by a property, as in `find_records`.

        Where there is none, one is made if the upsert creates and its key is a property; else the answer is None.
        unique, is_partial: as in `update_records`.
        """
        ...

    async def read_versions(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], names: Sequence[str]
    ) -> Sequence[Mapping[str, Sequence[Version]]]:
        """The values that properties of records had and have, by name, the latest first; one answer for each record.

        A property that never changed is left out: its value is as old as the record. The first change of a property
        also keeps the value before it, from the creation of the record on. A write of the value that is there is none.
        Of each property, the latest `VERSIONS_MAX`. Raises: AnswerTooLarge.
        """
        ...

    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        """Live records that match, sorted as the search says or by id; `total` counts all that match.

        They end where their values are more than `PAGE_BYTES_MAX`, and are one at least; the next page begins behind
        them.

        Whether they match is for `Search.matches` to say. It may read every record of the type; other calls do not wait
        for it.
        """
        ...

    async def merge_records(self, command: MergeRecords) -> Record | RecordsMissing:
        """Make one live record part of another; answers the one that goes on.

        It keeps its own values and versions, and takes the values that it lacks. It takes the links, at both ends and
        with their types, whatever their limits; links between the two go, and of a type that is held once its own
        stays. The other record is archived, and it, with all that was merged into it before, is found by `merged_into`.
        """
        ...

    async def merged_into(self, portal_id: int, object_type: int, record_id: int) -> int | None:
        """The id of the record that another one became part of, or None."""
        ...

    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        """Remove a record, live or archived, for good, with its links, versions and the records merged into it.

        A key that is a property tells the record as in `find_records`, a live one before an archived one. No record is
        no error. The store gives none of the ids again; one that a link mentions is that of a record nobody knows.
        """
        ...

    async def count_records(self, portal_id: int) -> Mapping[int, int]:
        """How many records live, by the code of their object type; a type without any may be left out."""
        ...

    async def crowded(self, portal_id: int, thresholds: Sequence[Threshold]) -> Sequence[Degree]:
        """The records that have as many targets under a type as its threshold or more. thresholds: one for each type.

        Ordered by type key, then by record id. Reads all links of the object types that the thresholds name, so it may
        take seconds; other calls do not wait for it.
        """
        ...

    async def add_job(self, job: NewJob) -> Job:
        """Keep a job that waits to be done at once. Ids ascend within a portal and are never given twice there.

        Whoever `when_job_added` named is told after it is durable.
        """
        ...

    def when_job_added(self, tell: Callable[[], None]) -> None:
        """Call `tell` on the event loop after each `add_job` of this store object, in place of what was told before."""
        ...

    async def take_job(self, at: int, lease_ms: int) -> Job | None:
        """Take the job of whatever portal that has been due the longest, or None when none is due at `at`.

        It runs until it is finished or failed, and is due again at `at + lease_ms`: a worker that was killed leaves it
        to the next one. Two workers never hold one attempt.
        """
        ...

    async def finish_job(self, job: Job, made: Made, at: int) -> bool:
        """Keep what a job made. False, and nothing changes, when another worker took it meanwhile."""
        ...

    async def fail_job(self, job: Job, error: str, at: int, retry_at: int | None) -> bool:
        """Note why an attempt failed; the job is due again at `retry_at`, or given up with None.

        Answers as `finish_job`.
        """
        ...

    async def count_jobs(self, at: int) -> Mapping[str, int]:
        """How many jobs of all portals are in each state; those that wait and are due as `due`. at: now."""
        ...

    async def list_jobs(self, portal_id: int | None) -> Sequence[Job]:
        """The jobs of a portal in the order of their ids; with None those of all, for the operator of the server."""
        ...

    async def read_job(self, portal_id: int, job_id: int) -> KeptJob | None:
        """A job of a portal and what it made, or None."""
        ...
