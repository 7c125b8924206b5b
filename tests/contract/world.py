"""A store with a toy CRM in it, spoken to in a few words, and the one check that holds after every test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from itertools import product
from typing import NamedTuple

from edgewise.domain.accounts import usual_account
from edgewise.domain.model import (
    AssociationType,
    Category,
    CreateRecords,
    Holder,
    LimitReached,
    LinkPage,
    LinkRemoval,
    LinkWrite,
    NewLink,
    NewRecord,
    ObjectType,
    Outcome,
    PortalTypes,
    PutLinks,
    Record,
    RecordChange,
    RecordRef,
    RemoveLinks,
    TypeGone,
    TypesChange,
)
from edgewise.domain.ports import Created, Store, TargetsMissing, TypesChanged
from tests.contract.toy_types import ASSOCIATION_TYPES, COMPANIES, CONTACTS, DEALS, OBJECT_TYPES

PORTAL = 101
OTHER_PORTAL = 202
AT = 1_790_000_000_000
MANY = 100_000
"""A page that holds whatever a test made."""

Link = tuple[RecordRef, RecordRef, int]
"""Source, target and the key of a type, as read from the source."""


class State(NamedTuple):
    """What a portal holds. records: with the code of their object type. types: see `plain`."""

    records: list[tuple[int, Record]]
    links: set[Link]
    types: tuple[object, ...]


def plain(types: PortalTypes) -> tuple[object, ...]:
    """What a portal defines as values that compare by what is in them."""
    types_defined = (*types.object_types, *types.association_types)
    defined = [tuple(getattr(t, field.name) for field in fields(t)) for t in types_defined]
    return defined, dict(types.limits), types.next_type_id, types.version


def contact(record_id: int) -> RecordRef:
    return RecordRef(CONTACTS.code, record_id)


def company(record_id: int) -> RecordRef:
    return RecordRef(COMPANIES.code, record_id)


class World:
    """One portal of a store."""

    def __init__(self, store: Store, portal_id: int = PORTAL) -> None:
        self.store = store
        self.portal_id = portal_id

    def elsewhere(self) -> World:
        """The same store, seen from another portal."""
        return World(self.store, OTHER_PORTAL)

    async def records(self, object_type: ObjectType, count: int) -> list[RecordRef]:
        created = await self.create(object_type, *[NewRecord({})] * count)
        assert isinstance(created, Created)
        return [RecordRef(object_type.code, record.record_id) for record in created.records]

    async def contact(self) -> RecordRef:
        return (await self.records(CONTACTS, 1))[0]

    async def company(self) -> RecordRef:
        return (await self.records(COMPANIES, 1))[0]

    async def deal(self) -> RecordRef:
        return (await self.records(DEALS, 1))[0]

    async def create(
        self, object_type: ObjectType, *records: NewRecord, at: int = AT, creates_records: bool = False
    ) -> Created | TargetsMissing | LimitReached | TypeGone:
        return await self.store.create_records(
            CreateRecords(self.portal_id, object_type.code, records, at, creates_records)
        )

    async def create_linked(self, object_type: ObjectType, *links: NewLink) -> RecordRef:
        created = await self.create(object_type, NewRecord({}, links))
        assert isinstance(created, Created)
        return RecordRef(object_type.code, created.records[0].record_id)

    async def link(
        self,
        source: RecordRef,
        target: RecordRef,
        *types: AssociationType,
        first_type: AssociationType | None = None,
        replaces_labels: bool = False,
        creates_records: bool = False,
    ) -> Outcome:
        write = LinkWrite(source.record_id, target.record_id, types, first_type)
        [outcome] = await self.link_all(types[0], [write], replaces_labels, creates_records)
        return outcome

    async def link_all(
        self,
        ends: AssociationType,
        writes: Sequence[LinkWrite],
        replaces_labels: bool = False,
        creates_records: bool = False,
    ) -> list[Outcome]:
        """Write links between the object types that a type links."""
        command = PutLinks(
            self.portal_id, ends.source_type, ends.target_type, writes, AT, replaces_labels, creates_records
        )
        return list(await self.store.put_links(command))

    async def unlink(self, source: RecordRef, target: RecordRef, *types: AssociationType) -> None:
        """Take types off a pair; without any, all of them."""
        removal = LinkRemoval(source.record_id, target.record_id, types or None)
        await self.unlink_all(source.object_type, target.object_type, removal)

    async def unlink_all(self, source_type: int, target_type: int, *removals: LinkRemoval) -> None:
        await self.store.remove_links(RemoveLinks(self.portal_id, source_type, target_type, removals))

    async def page(
        self, source: RecordRef, target_type: ObjectType, after: int = 0, limit: int = MANY
    ) -> LinkPage:
        """A page of links, read in both ways that a store offers."""
        targets, has_more = await self.store.list_links(
            self.portal_id, source, target_type.code, after, limit
        )
        [same] = await self.store.read_links(
            self.portal_id, source.object_type, target_type.code, [(source.record_id, after)], limit
        )
        assert (list(same.targets), same.has_more) == (list(targets), has_more)
        return LinkPage(list(targets), has_more)

    async def targets(self, source: RecordRef, target_type: ObjectType) -> list[int]:
        return [target.target_id for target in (await self.page(source, target_type)).targets]

    async def types(self, source: RecordRef, target: RecordRef) -> set[AssociationType]:
        """The types that link two records, as read from the source."""
        page = await self.store.list_links(self.portal_id, source, target.object_type, 0, MANY)
        keys = [key for target_id, keys in page.targets if target_id == target.record_id for key in keys]
        return {ASSOCIATION_TYPES[key] for key in keys}

    async def keys(self, source: RecordRef, target: RecordRef) -> set[int]:
        """As `types`, by key: also of types that are not the toy CRM's."""
        page = await self.store.list_links(self.portal_id, source, target.object_type, 0, MANY)
        return {key for target_id, keys in page.targets if target_id == target.record_id for key in keys}

    async def change(self, change: TypesChange) -> TypesChanged:
        """Change what the portal defines, whatever it is now."""
        return await self.store.change_types(self.portal_id, lambda _: change)

    async def limit(self, link_type: AssociationType, targets_max: int | None) -> None:
        """Set the limit of a type, or remove it."""
        await self.change(TypesChange(limits={link_type.key: targets_max}))

    async def archive(self, *refs: RecordRef, at: int = AT) -> None:
        for ref in refs:
            await self.store.archive_records(self.portal_id, ref.object_type, [ref.record_id], at)

    async def read(self, ref: RecordRef, is_archived: bool = False) -> Record | None:
        [record] = await self.store.read_records(
            self.portal_id, ref.object_type, [ref.record_id], is_archived
        )
        return record

    async def update(self, ref: RecordRef, at: int, **properties: str | None) -> Record | None:
        change = RecordChange(ref.record_id, properties)
        [record] = await self.store.update_records(self.portal_id, ref.object_type, [change], at)
        return record

    async def all_records(self, is_archived: bool = False) -> set[RecordRef]:
        found = set()
        for object_type in OBJECT_TYPES:
            every = await self._every(object_type, is_archived)
            found |= {RecordRef(object_type.code, record.record_id) for record in every}
        return found

    async def _every(self, object_type: ObjectType, is_archived: bool) -> list[Record]:
        records: list[Record] = []
        next_id: int | None = 1
        while next_id is not None:
            page = await self.store.list_records(self.portal_id, object_type.code, next_id, MANY, is_archived)
            records += page.records
            next_id = page.next_id
        return records

    async def all_links(self) -> set[Link]:
        """Every link that any record reads, live or archived; the rows of a page must be in order."""
        records = await self.all_records() | await self.all_records(is_archived=True)
        return await _links_of(self, records)

    async def state(self) -> State:
        """Everything that the portal's records, links and types read as, to be compared as a whole."""
        records: list[tuple[int, Record]] = []
        for object_type, is_archived in product(OBJECT_TYPES, (False, True)):
            every = await self._every(object_type, is_archived)
            records += [(object_type.code, record) for record in every]
        links = await _links_of(self, {RecordRef(code, record.record_id) for code, record in records})
        return State(records, links, plain(await self.store.portal_types(self.portal_id)))


async def new_world(store: Store) -> World:
    """A portal of a new store; it and the other one define the toy CRM's own types."""
    own = [t for t in ASSOCIATION_TYPES.values() if t.category is Category.USER_DEFINED]
    for portal_id in (PORTAL, OTHER_PORTAL):
        await store.accounts.add_account(usual_account(portal_id, AT))
        await store.add_portal_types(portal_id, PortalTypes((), own))
    return World(store)


async def require_sound(store: Store) -> None:
    """Check every link of every portal: kept at both ends, between live records, of types that exist, held once."""
    for portal_id in (PORTAL, OTHER_PORTAL):
        world = World(store, portal_id)
        live = await world.all_records()
        links = await world.all_links()
        defined = (await store.portal_types(portal_id)).association_types
        types = {key: t for key, t in ASSOCIATION_TYPES.items() if t.category is not Category.USER_DEFINED}
        types |= {link_type.key: link_type for link_type in defined}
        for source, target, key in links:
            assert key in types, "a link has a type that is gone"
            link_type = types[key]
            assert {source, target} <= live, "an archived record keeps a link"
            assert (link_type.source_type, link_type.target_type) == (source[0], target[0])
            if link_type.is_readable_from_target:
                assert (target, source, link_type.mirror_key) in links, "a link is kept at one end only"
        held = Counter((source, key) for source, _, key in links if types[key].holder is Holder.SOURCE)
        assert [holder for holder, times in held.items() if times > 1] == []


async def _links_of(world: World, records: set[RecordRef]) -> set[Link]:
    links: set[Link] = set()
    for source_type, target_type in product(OBJECT_TYPES, OBJECT_TYPES):
        sources = sorted(ref.record_id for ref in records if ref.object_type == source_type.code)
        pages = await world.store.read_links(
            world.portal_id, source_type.code, target_type.code, [(i, 0) for i in sources], MANY
        )
        assert len(pages) == len(sources)
        for source_id, (targets, has_more) in zip(sources, pages, strict=True):
            assert not has_more
            ids = [target_id for target_id, _ in targets]
            assert ids == sorted(set(ids))
            for target_id, keys in targets:
                assert keys, "a target without a type"
                assert list(keys) == sorted(set(keys))
                ends = RecordRef(source_type.code, source_id), RecordRef(target_type.code, target_id)
                links |= {(*ends, key) for key in keys}
    return links
