"""The reference store: plain dictionaries, gone when the process ends; the other stores are compared with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy

from edgewise.domain.errors import Conflict
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
from edgewise.domain.ports import Created, Store, StoreInfo, TargetsMissing, Token, TypesChanged
from edgewise.stores.memory.portal import Portal, copy_of


class MemoryStore(Store):
    """Keeps everything in memory. No method suspends, so on one event loop each call happens as a whole."""

    def __init__(self) -> None:
        self._portals: defaultdict[int, Portal] = defaultdict(Portal)
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
        return portal.types()

    async def types_version(self, portal_id: int) -> int:
        return self._portals[portal_id].types_version

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
        portal.change_types(TypesChange(added=types.association_types))

    async def change_types(
        self, portal_id: int, decide: Callable[[PortalTypes], TypesChange]
    ) -> TypesChanged:
        portal = self._portals[portal_id]
        change = decide(portal.types())
        portal.change_types(change)
        return TypesChanged(portal.types(), change)

    async def put_links(self, command: PutLinks) -> Sequence[Outcome]:
        portal = self._portals[command.portal_id]
        return [portal.put(command, write) for write in command.writes]

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

    async def create_records(
        self, command: CreateRecords
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        targets = list(dict.fromkeys(link.target for new in command.records for link in new.links))
        portal = self._portals[command.portal_id]
        missing = [target for target in targets if portal.refuses(target, command.creates_records)]
        if missing:
            return TargetsMissing(missing)
        before = deepcopy(portal) if portal.limits or portal.association_types else portal
        for target in targets:
            portal.ensure(target, command.at)
        created = []
        for new in command.records:
            outcome = portal.create(command.object_type, new, command.at)
            if not isinstance(outcome, Record):
                self._portals[command.portal_id] = before
                return outcome
            created.append(outcome)
        return Created(created)

    async def read_records(
        self, portal_id: int, object_type: int, record_ids: Sequence[int], is_archived: bool = False
    ) -> Sequence[Record | None]:
        portal = self._portals[portal_id]
        found = [portal.find(object_type, record_id, is_archived) for record_id in record_ids]
        return [record and copy_of(record) for record in found]

    async def list_records(
        self, portal_id: int, object_type: int, first_id: int, limit: int, is_archived: bool = False
    ) -> RecordPage:
        records = self._portals[portal_id].records[object_type]
        ids = [i for i in sorted(records) if i >= first_id and records[i].is_archived is is_archived]
        next_id = ids[limit] if len(ids) > limit else None
        return RecordPage([copy_of(records[i]) for i in ids[:limit]], next_id)

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
            answers.append(record and copy_of(record))
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


def _without_cleared(properties: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in properties.items() if text is not None}
