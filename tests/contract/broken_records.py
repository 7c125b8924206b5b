"""Stores with one planted fault each in how they find, make, merge and remove records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import NewRecord, Record, RecordRef
from edgewise.domain.ports import RecordsMissing
from edgewise.domain.record_keys import PropertyKey, RecordKey, Upsert, Upserted
from edgewise.domain.search import LinkedTo, Search, SearchPage
from edgewise.stores.memory import portal
from tests.contract.broken_stores import BrokenStore


class FindsEmailsAsTheyAreWritten(BrokenStore):
    async def find_records(
        self, portal_id: int, object_type: int, keys: Sequence[PropertyKey], is_archived: bool = False
    ) -> Sequence[Record | None]:
        found = await super().find_records(portal_id, object_type, keys, is_archived)
        return [
            record if record and record.properties[key.name] == key.value else None
            for key, record in zip(keys, found, strict=True)
        ]


class UpsertsAsAtTheStartOfACall(BrokenStore):
    async def upsert_records(
        self, portal_id: int, object_type: int, upserts: Sequence[Upsert], at: int, *more: Any
    ) -> Any:
        place = self._portals[portal_id]
        found = [place.find_by(object_type, upsert.key) for upsert in upserts]
        outcomes: list[Upserted | None] = []
        for upsert, record in zip(upserts, found, strict=True):
            if record is not None:
                outcomes.append(Upserted(place.change(object_type, record, upsert.properties, at), False))
            elif upsert.creates:
                made = place.create(object_type, NewRecord(upsert.new_properties()), at)
                outcomes.append(Upserted(made, True))
        return outcomes


class MakesRecordsNobodyWished(BrokenStore):
    async def upsert_records(
        self, portal_id: int, object_type: int, upserts: Sequence[Upsert], at: int, *more: Any
    ) -> Any:
        wished = [upsert._replace(creates=True) for upsert in upserts]
        return await super().upsert_records(portal_id, object_type, wished, at, *more)


class MakesRecordsWithoutTheirKey(BrokenStore):
    class Portal(portal.Portal):
        def upsert(self, object_type: int, upsert: Upsert, at: int, *more: Any) -> Any:
            upserted = super().upsert(object_type, upsert, at, *more)
            if isinstance(upserted, Upserted) and upserted.is_new and isinstance(upsert.key, PropertyKey):
                del self.records[object_type][upserted.record.record_id].properties[upsert.key.name]
            return upserted


class CountsThePageInPlaceOfAll(BrokenStore):
    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        page = await super().search_records(portal_id, search)
        return page._replace(total=len(page.records))


class FindsArchivedRecordsToo(BrokenStore):
    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        of_type = self._portals[portal_id].records[search.object_type.code]
        page = await super().search_records(portal_id, search)
        archived = [record for record in of_type.values() if record.is_archived]
        return SearchPage(page.total + len(archived), [*page.records, *archived])


class NeverSorts(BrokenStore):
    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        return await super().search_records(portal_id, replace(search, sort=None))


class FindsRecordsByHiddenLinks(BrokenStore):
    class Portal(portal.Portal):
        def is_linked(self, source: RecordRef, wanted: LinkedTo) -> bool:
            targets = (RecordRef(wanted.object_type, record_id) for record_id in wanted.record_ids)
            return any(self.links[source].get(target) for target in targets)


class KeepsBothPrimariesOfAMerge(BrokenStore):
    class Portal(portal.Portal):
        def merge(self, command: MergeRecords, winner: Record, loser: Record) -> Record:
            return super().merge(replace(command, held_once=()), winner, loser)


class LetsTheLoserOfAMergeSpeak(BrokenStore):
    class Portal(portal.Portal):
        def merge(self, command: MergeRecords, winner: Record, loser: Record) -> Record:
            values = dict(loser.properties)
            super().merge(command, winner, loser)
            return self.change(command.object_type, winner, values, command.at)


class MergesLinksAtOneEnd(BrokenStore):
    class Portal(portal.Portal):
        def merge(self, command: MergeRecords, winner: Record, loser: Record) -> Record:
            source = RecordRef(command.object_type, loser.record_id)
            targets = list(self.links[source])
            merged = super().merge(command, winner, loser)
            for target in targets:
                self.links[target].pop(RecordRef(command.object_type, winner.record_id), None)
            return merged


class ForgetsEarlierMerges(BrokenStore):
    async def merge_records(self, command: MergeRecords) -> Record | RecordsMissing:
        self._portals[command.portal_id].merged.clear()
        return await super().merge_records(command)


class GivesIdsOfPurgedRecordsAgain(BrokenStore):
    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        await super().purge_record(portal_id, object_type, key)
        self._portals[portal_id].purged_ids.clear()


class KeepsWhatWasMergedIntoAPurgedRecord(BrokenStore):
    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        self._portals[portal_id].merged.clear()
        await super().purge_record(portal_id, object_type, key)


class PurgesLiveRecordsOnly(BrokenStore):
    async def purge_record(self, portal_id: int, object_type: int, key: RecordKey) -> None:
        if self._portals[portal_id].find_by(object_type, key) is not None:
            await super().purge_record(portal_id, object_type, key)
