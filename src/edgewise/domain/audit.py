"""The audit log: who changed which links, labels, limits, tokens and portals, and when."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from edgewise.domain.callers import Actor


class Action(StrEnum):
    """What was done."""

    LINKS_PUT = "links.put"
    LINKS_REMOVE = "links.remove"
    LABELS_CHANGE = "labels.change"
    LIMITS_CHANGE = "limits.change"
    TYPES_ADD = "types.add"
    SCHEMAS_CHANGE = "schemas.change"
    PROPERTIES_CHANGE = "properties.change"
    PIPELINES_CHANGE = "pipelines.change"
    RECORDS_CREATE_LINKED = "records.create_linked"
    RECORDS_ARCHIVE = "records.archive"
    RECORDS_MERGE = "records.merge"
    RECORDS_PURGE = "records.purge"
    PORTAL_CREATE = "portal.create"
    PORTAL_DELETE = "portal.delete"
    TOKEN_CREATE = "token.create"
    TOKEN_REVOKE = "token.revoke"
    APP_CREATE = "app.create"
    APP_ROTATE_SECRET = "app.rotate_secret"
    APP_AUTHORIZE = "app.authorize"
    GRANT_REVOKE = "grant.revoke"


class Acting(NamedTuple):
    """Who acts, and since when: milliseconds since the epoch, or None for the time at which the store is told."""

    actor: Actor
    at: int | None = None


acting: ContextVar[Acting] = ContextVar("acting", default=Acting(Actor(0, 0, 0, "edgewise")))  # noqa: B039
"""On whose behalf the store is called. A store reads it when it is called; nobody set it for what the server does of
its own accord."""


class Deed(NamedTuple):
    """What a call changed. details: a JSON object, without property values and secrets; see `audit_deeds`."""

    portal_id: int
    action: Action
    details: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed as it is kept. at: milliseconds since the epoch. Ids ascend in the order the changes were made."""

    entry_id: int
    at: int
    actor: Actor
    deed: Deed


class Wanted(NamedTuple):
    """Which entries are asked for. since: milliseconds since the epoch. token_id: of the token that acted."""

    portal_id: int | None = None
    since: int | None = None
    action: Action | None = None
    token_id: int | None = None

    def has(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        return (
            self.portal_id in (None, entry.deed.portal_id)
            and (self.since is None or entry.at >= self.since)
            and self.action in (None, entry.deed.action)
            and self.token_id in (None, entry.actor.token_id)
        )


class AuditLog(Protocol):
    """What was done, by whom. What `Store` promises of transactions and errors holds here too.

    - A call that changes links, types, properties, pipelines, limits, tokens, apps or portals makes one entry, in its
      own transaction: an entry is there when its change is, and only then.
    - A call that is refused, fails or finds nothing to change makes none.
    - Nothing alters or removes an entry, also not the end of its portal.
    """

    async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
        """The first entries behind an id, in the order of their ids. It may read the whole log; others do not wait."""
        ...

    async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
        """The last entries, in the order of their ids. As `read_after`."""
        ...
