"""Stores with one planted fault each in what they say of values: which are taken, and what they were before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from edgewise.domain.model import CreateRecords, Record, RecordChange, RecordRef, ValueTaken, Version
from edgewise.domain.ports import Created, CreateOutcome, CreateRefused, PartlyCreated
from edgewise.domain.record_keys import PropertyKey, RecordKey, Upsert
from edgewise.domain.search import Search, SearchPage
from edgewise.stores.memory import portal, values
from tests.contract.broken_stores import BrokenStore


class LetsNewRecordsShareAValue(BrokenStore):
    async def create_records(self, command: CreateRecords) -> CreateOutcome:
        return await super().create_records(replace(command, unique=()))


class LetsChangesTakeAValue(BrokenStore):
    async def update_records(
        self, portal_id: int, object_type: int, changes: Sequence[RecordChange], at: int, *more: Any
    ) -> Any:
        return await super().update_records(portal_id, object_type, changes, at)


class LetsUpsertsTakeAValue(BrokenStore):
    async def upsert_records(
        self, portal_id: int, object_type: int, upserts: Sequence[Upsert], at: int, *more: Any
    ) -> Any:
        return await super().upsert_records(portal_id, object_type, upserts, at)


class ComparesNewRecordsWithKeptOnesOnly(BrokenStore):
    def _create(self, command: CreateRecords) -> Created | CreateRefused:
        place = self._portals[command.portal_id]
        for new in command.records:
            held = values.taken(
                lambda key: place.find_by(command.object_type, key), command.unique, new.properties
            )
            if held is not None:
                return held
        return super()._create(replace(command, unique=()))


class KeepsValuesForArchivedRecords(BrokenStore):
    class Portal(portal.Portal):
        def find_by(self, object_type: int, key: RecordKey, is_archived: bool = False) -> Record | None:
            found = super().find_by(object_type, key, is_archived)
            return found or (
                super().find_by(object_type, key, True) if isinstance(key, PropertyKey) else None
            )


class TakesARecordForAnotherOne(BrokenStore):
    class Portal(portal.Portal):
        def update(
            self,
            object_type: int,
            record: Record,
            properties: Mapping[str, str | None],
            at: int,
            unique: Sequence[str] = (),
        ) -> Record | ValueTaken:
            held = values.taken(lambda key: self.find_by(object_type, key), unique, properties)
            return held or self.change(object_type, record, properties, at)


class MakesTheChangesBeforeARefusedOne(BrokenStore):
    async def update_records(
        self,
        portal_id: int,
        object_type: int,
        changes: Sequence[RecordChange],
        at: int,
        unique: Sequence[str] = (),
        is_partial: bool = False,
    ) -> Any:
        answers = await super().update_records(portal_id, object_type, changes, at, unique, True)
        refused = [each for each in answers if isinstance(each, ValueTaken)]
        return refused[0] if refused and not is_partial else answers


class MakesNothingBesideARefusedOne(BrokenStore):
    async def create_records(self, command: CreateRecords) -> CreateOutcome:
        if not command.is_partial:
            return await super().create_records(command)
        outcome = await super().create_records(replace(command, is_partial=False))
        if isinstance(outcome, Created):
            return PartlyCreated(outcome.records)
        return PartlyCreated([outcome] * len(command.records))  # type: ignore[list-item]


class TellsTheLatestVersionOnly(BrokenStore):
    async def read_versions(self, *asked: Any) -> Sequence[Mapping[str, Sequence[Version]]]:
        found = await super().read_versions(*asked)
        return [{name: versions[:1] for name, versions in each.items()} for each in found]


class ReadsTheOldestVersionFirst(BrokenStore):
    async def read_versions(self, *asked: Any) -> Sequence[Mapping[str, Sequence[Version]]]:
        found = await super().read_versions(*asked)
        return [{name: versions[::-1] for name, versions in each.items()} for each in found]


class NotesWritesThatChangeNothing(BrokenStore):
    class Portal(portal.Portal):
        def change(
            self, object_type: int, record: Record, properties: Mapping[str, str | None], at: int
        ) -> Record:
            ref = RecordRef(object_type, record.record_id)
            for name, text in properties.items():
                if record.properties.get(name) == text:
                    self.versions.setdefault(ref, {}).setdefault(name, []).append(Version(at, text))
            return super().change(object_type, record, properties, at)


class KeepsTheVersionsOfPurgedRecords(BrokenStore):
    class Portal(portal.Portal):
        def purge(self, ref: RecordRef) -> list[int]:
            kept = self.versions.get(ref, {})
            purged = super().purge(ref)
            self.versions[ref] = kept
            return purged


class ReadsVersionsOfOtherPortals(BrokenStore):
    async def read_versions(self, portal_id: int, *asked: Any) -> Sequence[Mapping[str, Sequence[Version]]]:
        found = [
            await super(ReadsVersionsOfOtherPortals, self).read_versions(p, *asked) for p in self._portals
        ]
        return [
            {k: v for each in of_record for k, v in each.items()} for of_record in zip(*found, strict=True)
        ]


class FindsWhatARecordWas(BrokenStore):
    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        place, code = self._portals[portal_id], search.object_type.code
        formerly = []
        for record in place.records[code].values():
            kept = place.versions.get(RecordRef(code, record.record_id), {})
            values_then = {name: v[0].value for name, v in kept.items() if v[0].value is not None}
            formerly.append(replace(record, properties={**record.properties, **values_then}))
        return search.page(formerly, lambda i, wanted: place.is_linked(RecordRef(code, i), wanted))


UNIQUE_FAULTS = (
    LetsNewRecordsShareAValue,
    LetsChangesTakeAValue,
    LetsUpsertsTakeAValue,
    ComparesNewRecordsWithKeptOnesOnly,
    KeepsValuesForArchivedRecords,
    TakesARecordForAnotherOne,
    MakesTheChangesBeforeARefusedOne,
    MakesNothingBesideARefusedOne,
)
VERSION_FAULTS = (
    TellsTheLatestVersionOnly,
    ReadsTheOldestVersionFirst,
    NotesWritesThatChangeNothing,
    KeepsTheVersionsOfPurgedRecords,
    ReadsVersionsOfOtherPortals,
)
