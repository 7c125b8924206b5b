"""The reference store: plain dictionaries, gone when the process ends; the other stores are compared with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from edgewise.domain.errors import Conflict
from edgewise.domain.model import (
    FIRST_RECORD_ID,
    AssociationType,
    Category,
    CreateRecords,
    Holder,
    Linked,
    LinkedTarget,
    LinkPage,
    NewRecord,
    ObjectType,
    PortalTypes,
    PutLinks,
    Record,
    RecordChange,
    RecordPage,
    RecordRef,
    RemoveLinks,
    split_type_key,
)
from edgewise.domain.ports import Created, Store, StoreInfo, TargetsMissing, Token

Type = TypeVar("Type")

REPLACEABLE = frozenset({Category.USER_DEFINED, Category.INTEGRATOR_DEFINED})


class MemoryStore(Store):
    """Keeps everything in memory. No method suspends, so on one event loop each call happens as a whole."""

    def __init__(self) -> None:
        self._portals: defaultdict[int, _Portal] = defaultdict(_Portal)
        self._tokens: dict[bytes, Token] = {}

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def info(self) -> StoreInfo:
        return StoreInfo("memory", 0)

    async def add_token(self, token: Token) -> None:
        self._tokens[token.digest] = token

    async def portal_of_token(self, digest: bytes) -> int | None:
        token = self._tokens.get(digest)
        return token.portal_id if token else None

    async def count_tokens(self) -> int:
        return len(self._tokens)

    async def portal_types(self, portal_id: int) -> PortalTypes:
        portal = self._portals[portal_id]
        return PortalTypes(_by_key(portal.object_types), _by_key(portal.association_types))

    async def add_portal_types(self, portal_id: int, types: PortalTypes) -> None:
        portal = self._portals[portal_id]
        object_types = {t.code: t for t in types.object_types}
        association_types = {t.key: t for t in types.association_types}
        if (
            portal.object_types.keys() & object_types
            or portal.association_types.keys() & association_types
            or len(object_types) < len(types.object_types)
            or len(association_types) < len(types.association_types)
        ):
            raise Conflict("a type with this identity exists")
        portal.object_types |= object_types
        portal.association_types |= association_types

    async def put_links(self, command: PutLinks) -> Sequence[Linked]:
        portal = self._portals[command.portal_id]
        outcomes = []
        for write in command.writes:
            source = RecordRef(command.source_type, write.source_id)
            target = RecordRef(command.target_type, write.target_id)
            outcome = Linked(
                Linked.SOURCE_MISSING * portal.refuses(source, command.creates_records)
                | Linked.TARGET_MISSING * portal.refuses(target, command.creates_records)
            )
            if outcome is Linked.DONE:
                portal.ensure(source, command.at)
                portal.ensure(target, command.at)
                if command.replaces_labels:
                    portal.drop_labels(source, target, write.types)
                portal.link(source, target, write.types, write.first_type)
            outcomes.append(outcome)
        return outcomes

    async def list_links(
        self, portal_id: int, source: RecordRef, target_type: int, after: int, limit: int
    ) -> LinkPage:
        return self._portals[portal_id].page(source, target_type, after, limit)

    async def read_links(
        self,
        portal_id: int,
        source_type: int,
        target_type: int,
        sources: Sequence[tuple[int, int]],
        limit: int,
    ) -> Sequence[LinkPage]:
        portal = self._portals[portal_id]
        return [
            portal.page(RecordRef(source_type, source_id), target_type, after, limit)
            for source_id, after in sources
        ]

    async def remove_links(self, command: RemoveLinks) -> None:
        portal = self._portals[command.portal_id]
        for source_id, target_id, types in command.removals:
            source = RecordRef(command.source_type, source_id)
            target = RecordRef(command.target_type, target_id)
            keys = portal.keys(source, target) if types is None else [t.key for t in types]
            portal.unlink(source, target, keys)

    async def create_records(self, command: CreateRecords) -> Created | TargetsMissing:
        portal = self._portals[command.portal_id]
        targets = list(dict.fromkeys(link.target for new in command.records for link in new.links))
        missing = [target for target in targets if portal.refuses(target, command.creates_records)]
        if missing:
            return TargetsMissing(missing)
        for target in targets:
            portal.ensure(target, command.at)
        return Created([portal.create(command.object_type, new, command.at) for new in command.records])

    async def read_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], is_archived: bool = False
    ) -> Sequence[Record | None]:
        portal = self._portals[portal_id]
        found = [portal.find(object_type, record_id, is_archived) for record_id in record_ids]
        return [record and _copy(record) for record in found]

    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        records = self._portals[portal_id].records[object_type]
        ids = [i for i in sorted(records) if i >= first_id and records[i].is_archived is is_archived]
        next_id = ids[limit] if len(ids) > limit else None
        return RecordPage([_copy(records[i]) for i in ids[:limit]], next_id)

    async def update_records(
        self, portal_id: int, object_type: int, changes: Sequence[RecordChange], at: int
    ) -> Sequence[Record | None]:
        portal = self._portals[portal_id]
        answers: list[Record | None] = []
        for change in changes:
            record = portal.find(object_type, change.record_id)
            if record is not None:
                record.properties = _without_cleared({**record.properties, **change.properties})
                record.updated_at = at
            answers.append(record and _copy(record))
        return answers

    async def archive_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], at: int
    ) -> None:
        portal = self._portals[portal_id]
        for record_id in record_ids:
            record = portal.find(object_type, record_id)
            if record is not None:
                record.archived_at = record.updated_at = at
                portal.unlink_all(RecordRef(object_type, record_id))


class _Portal:
    """What one portal holds.

    records: by object type and id.
    links: of a source and a target, the key of each link and the key of the same link at the target.
    """

    def __init__(self) -> None:
        self.object_types: dict[int, ObjectType] = {}
        self.association_types: dict[int, AssociationType] = {}
        self.records: defaultdict[int, dict[int, Record]] = defaultdict(dict)
        self.links: defaultdict[RecordRef, dict[RecordRef, dict[int, int]]] = defaultdict(dict)
        self.next_id = FIRST_RECORD_ID

    def find(self, object_type: int, record_id: int, is_archived: bool = False) -> Record | None:
        record = self.records[object_type].get(record_id)
        return record if record is not None and record.is_archived is is_archived else None

    def refuses(self, ref: RecordRef, creates_records: bool) -> bool:
        """Whether a link must not end at a record: archived ones take none, unknown ones only where made."""
        record = self.records[ref.object_type].get(ref.record_id)
        return not creates_records if record is None else record.is_archived

    def ensure(self, ref: RecordRef, at: int) -> None:
        self.records[ref.object_type].setdefault(ref.record_id, Record(ref.record_id, {}, at, at))

    def create(self, object_type: int, new: NewRecord, at: int) -> Record:
        while any(self.next_id in records for records in self.records.values()):
            self.next_id += 1
        record = Record(self.next_id, dict(new.properties), at, at)
        self.records[object_type][record.record_id] = record
        for target, types, first_type in new.links:
            self.link(RecordRef(object_type, record.record_id), target, types, first_type)
        return _copy(record)

    def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
        found = [
            LinkedTarget(target.record_id, keys)
            for target, links in sorted(self.links[source].items())
            if target.object_type == target_type and target.record_id > after
            if (keys := tuple(sorted(key for key in links if key >= 0)))
        ]
        return LinkPage(found[:limit], len(found) > limit)

    def keys(self, source: RecordRef, target: RecordRef) -> Iterable[int]:
        return tuple(self.links[source].get(target, ()))

    def link(
        self,
        source: RecordRef,
        target: RecordRef,
        types: tuple[AssociationType, ...],
        first_type: AssociationType | None,
    ) -> None:
        if first_type is not None and self._is_first(source, target, first_type):
            types = (*types, first_type)
        for link_type in types:
            if link_type.holder is Holder.SOURCE:
                self._hold_once(source, target, link_type.key)
            elif link_type.holder is Holder.TARGET:
                self._hold_once(target, source, link_type.mirror_key)
            self.links[source].setdefault(target, {})[link_type.key] = link_type.mirror_key
            self.links[target].setdefault(source, {})[link_type.mirror_key] = link_type.key

    def _is_first(self, source: RecordRef, target: RecordRef, link_type: AssociationType) -> bool:
        holder, other = (target, source) if link_type.holder is Holder.TARGET else (source, target)
        return all(linked.object_type != other.object_type for linked in self.links[holder])

    def _hold_once(self, holder: RecordRef, kept: RecordRef, key: int) -> None:
        for linked in tuple(self.links[holder]):
            if linked != kept:
                self.unlink(holder, linked, [key])

    def drop_labels(self, source: RecordRef, target: RecordRef, kept: tuple[AssociationType, ...]) -> None:
        labels = {key for key in self.keys(source, target) if split_type_key(key)[0] in REPLACEABLE}
        self.unlink(source, target, labels - {link_type.key for link_type in kept})

    def unlink(self, source: RecordRef, target: RecordRef, keys: Iterable[int]) -> None:
        links = self.links[source].get(target, {})
        for key in keys:
            if key in links:
                del self.links[target][source][links.pop(key)]
        if not links:
            self.links[source].pop(target, None)
            self.links[target].pop(source, None)

    def unlink_all(self, ref: RecordRef) -> None:
        for target in tuple(self.links[ref]):
            self.unlink(ref, target, self.keys(ref, target))


def _copy(record: Record) -> Record:
    """A record that its reader may change."""
    return replace(record, properties=dict(record.properties))


def _by_key(types: Mapping[int, Type]) -> tuple[Type, ...]:
    return tuple(types[key] for key in sorted(types))


def _without_cleared(properties: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in properties.items() if text is not None}
