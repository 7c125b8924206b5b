"""What the rules need of the world, and the promises that a store must keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

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
)


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC."""
        ...


class StoreInfo(NamedTuple):
    """What health tells of a store: its kind, and the version of its schema."""

    kind: str
    schema_version: int


class Token(NamedTuple):
    """An access token as it is kept. digest: SHA-256 of the token. created_at: milliseconds since the epoch."""

    digest: bytes
    portal_id: int
    name: str
    created_at: int


class Created(NamedTuple):
    """Records that were created, in the order asked for."""

    records: Sequence[Record]


class TypesChanged(NamedTuple):
    """What a portal defines after a change, and the change."""

    types: PortalTypes
    change: TypesChange


class TargetsMissing(NamedTuple):
    """Records that a create wanted to link to and that do not exist; nothing was created."""

    missing: Sequence[RecordRef]


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
    """

    async def start(self) -> None:
        """Open the store and bring its schema up to date.

        Raises: NewerDatabase when a later program made the schema, AlteredMigration, Unavailable.
        """
        ...

    async def close(self) -> None:
        """Finish what was accepted, then let go of everything. May be called twice."""
        ...

    def info(self) -> StoreInfo:
        """The kind of store and its schema version."""
        ...

    async def add_token(self, token: Token) -> None:
        """Keep a token."""
        ...

    async def portal_of_token(self, digest: bytes) -> int | None:
        """The portal that a token opens, or None for an unknown one."""
        ...

    async def count_tokens(self) -> int:
        """How many tokens are kept, over all portals."""
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
        """
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

    async def create_records(
        self, command: CreateRecords
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        """Create records and their links together, all or none.

        Ids are the store's to give, in the order asked for. Links are refused as in `put_links`, for all records.
        """
        ...

    async def read_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], is_archived: bool = False
    ) -> Sequence[Record | None]:
        """Records in the order asked for; None for those that do not exist in that state."""
        ...

    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        """At most `limit` records with ids from `first_id` on."""
        ...

    async def update_records(
        self, portal_id: int, object_type: int, changes: Sequence[RecordChange], at: int
    ) -> Sequence[Record | None]:
        """Set and clear properties; answers the records after the change, None for missing and archived ones."""
        ...

    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        """Archive records and remove their links from both ends; missing and archived ones are no error."""
        ...
