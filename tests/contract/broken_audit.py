"""Stores with one planted fault each in their audit log."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from edgewise.domain import audit_deeds
from edgewise.domain.accounts import Token
from edgewise.domain.audit import Deed, Entry, Wanted, acting
from edgewise.domain.callers import Actor
from edgewise.domain.model import (
    CreateRecords,
    LimitReached,
    Linked,
    Outcome,
    PutLinks,
    RemoveLinks,
    TypeGone,
)
from edgewise.domain.pipelines import Held, PipelinesChange, PipelinesChanged
from edgewise.domain.ports import Created, TargetsMissing
from edgewise.domain.record_keys import PropertyKey, RecordKey
from edgewise.stores.memory.accounts import MemoryAccounts
from edgewise.stores.memory.audit import MemoryAuditLog
from edgewise.stores.memory.pipelines import MemoryPipelines
from tests.contract.broken_stores import BrokenStore


class NotesNothing(BrokenStore):
    class Audit(MemoryAuditLog):
        def note(self, deed: Deed | None) -> None:
            pass


class ForgetsWhoActs(BrokenStore):
    class Audit(MemoryAuditLog):
        def note(self, deed: Deed | None) -> None:
            super().note(deed)
            self._entries[-1:] = [
                replace(entry, actor=Actor(0, 0, 0, "edgewise")) for entry in self._entries[-1:]
            ]


class NotesTheFirstWhoActed(BrokenStore):
    class Audit(MemoryAuditLog):
        def note(self, deed: Deed | None) -> None:
            super().note(deed)
            known = [entry.actor for entry in self._entries if entry.actor.token_id]
            self._entries[-1:] = [
                replace(entry, actor=known[0]) if known else entry for entry in self._entries[-1:]
            ]


class ForgetsWhen(BrokenStore):
    class Audit(MemoryAuditLog):
        def note(self, deed: Deed | None) -> None:
            token = acting.set(acting.get()._replace(at=None))
            super().note(deed)
            acting.reset(token)


class NotesRefusedWrites(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        outcomes = await super().put_links(command)
        if all(outcomes):
            self.audit.note(audit_deeds.links_put(command, [Linked.DONE] * len(outcomes)))
        return outcomes


class NotesLinksThatWereThere(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        before = len(self.audit._entries)
        outcomes = await super().put_links(command)
        if len(self.audit._entries) == before:
            self.audit.note(audit_deeds.links_put(command, outcomes))
        return outcomes


class NotesAnEntryForEachLink(BrokenStore):
    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        return [
            outcome
            for write in command.writes
            for outcome in await super(NotesAnEntryForEachLink, self).put_links(
                replace(command, writes=[write])
            )
        ]


class NotesTheFirstPairOfABatch(BrokenStore):
    class Audit(MemoryAuditLog):
        def note(self, deed: Deed | None) -> None:
            if deed is not None and "pairs" in deed.details:
                told = json.loads(deed.details)
                for group in told["links"]:
                    del group["pairs"][1:]
                deed = deed._replace(details=json.dumps(told))
            super().note(deed)


class NotesRemovalsOfNothing(BrokenStore):
    async def remove_links(self, command: RemoveLinks) -> None:
        before = len(self.audit._entries)
        await super().remove_links(command)
        if len(self.audit._entries) == before:
            self.audit.note(audit_deeds.links_removed(command))


class NotesPropertiesAsTheyWere(BrokenStore):
    class Audit(MemoryAuditLog):
        def note(self, deed: Deed | None) -> None:
            if deed is not None and deed.action is audit_deeds.Action.PROPERTIES_CHANGE:
                deed = deed._replace(
                    details=deed.details.replace('"archivedP', '"p').replace('"archivedG', '"g')
                )
            super().note(deed)


class NotesPipelinesInUse(BrokenStore):
    class Pipelines(MemoryPipelines):
        async def change(self, portal_id: int, decide: Callable[[Held], PipelinesChange]) -> PipelinesChanged:
            changed = await super().change(portal_id, decide)
            if changed.in_use is not None:
                self._audit.note(audit_deeds.pipelines_changed(portal_id, PipelinesChanged(changed.change)))
            return changed


class NotesRecordsWithoutLinks(BrokenStore):
    async def create_records(
        self, command: CreateRecords
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        outcome = await super().create_records(command)
        if isinstance(outcome, Created) and not any(new.links for new in command.records):
            self.audit.note(Deed(command.portal_id, audit_deeds.Action.RECORDS_CREATE_LINKED, "{}"))
        return outcome


class NotesWhatWasAskedToBeArchived(BrokenStore):
    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        before = len(self.audit._entries)
        await super().archive_records(portal_id, object_type, record_ids, at)
        del self.audit._entries[before:]
        self.audit.note(audit_deeds.records_archived(portal_id, object_type, record_ids))


class NotesThePropertyOfAPurge(BrokenStore):
    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        before = len(self.audit._entries)
        await super().purge_record(portal_id, object_type, key)
        self.audit._entries[before:] = [
            replace(entry, deed=entry.deed._replace(details=json.dumps({"email": key.value})))
            if isinstance(key, PropertyKey)
            else entry
            for entry in self.audit._entries[before:]
        ]


class NotesDigests(BrokenStore):
    class Accounts(MemoryAccounts):
        async def add_token(self, token: Token) -> Token:
            kept = await super().add_token(token)
            [*_, last] = self._audit._entries
            told = json.loads(last.deed.details) | {"digest": token.digest.hex()}
            self._audit._entries[-1] = replace(last, deed=last.deed._replace(details=json.dumps(told)))
            return kept


class NotesRevocationsAgain(BrokenStore):
    class Accounts(MemoryAccounts):
        async def revoke_token(self, token_id: int, at: int) -> bool:
            was_live = await super().revoke_token(token_id, at)
            for token in await self.list_tokens(None):
                if token.token_id == token_id and not was_live:
                    self._audit.note(audit_deeds.token_revoked(token.portal_id, token_id, token.name))
            return was_live


class ForgetsClosedPortals(BrokenStore):
    class Accounts(MemoryAccounts):
        async def sweep_account(self, portal_id: int, rows_max: int) -> int:
            kept = [entry for entry in self._audit._entries if entry.deed.portal_id != portal_id]
            self._audit._entries[:] = kept
            return await super().sweep_account(portal_id, rows_max)


class ReadsEntriesOfOtherPortals(BrokenStore):
    class Audit(MemoryAuditLog):
        async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
            return await super().read_after(wanted._replace(portal_id=None), entry_id, limit)


class ReadsTheLatestOfOtherPortals(BrokenStore):
    class Audit(MemoryAuditLog):
        async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
            return await super().read_latest(wanted._replace(portal_id=None), limit)


class ReadsTheLatestFirst(BrokenStore):
    class Audit(MemoryAuditLog):
        async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
            return (await super().read_latest(wanted, limit))[::-1]


class LimitsBeforeItLooks(BrokenStore):
    class Audit(MemoryAuditLog):
        async def read_latest(self, wanted: Wanted, limit: int) -> Sequence[Entry]:
            return [each for each in await super().read_latest(Wanted(), limit) if wanted.has(each)]


class IgnoresTheToken(BrokenStore):
    class Audit(MemoryAuditLog):
        async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
            return await super().read_after(wanted._replace(token_id=None), entry_id, limit)


class LeavesOutTheMomentAskedFor(BrokenStore):
    class Audit(MemoryAuditLog):
        async def read_after(self, wanted: Wanted, entry_id: int, limit: int) -> Sequence[Entry]:
            since = None if wanted.since is None else wanted.since + 1
            return await super().read_after(wanted._replace(since=since), entry_id, limit)
