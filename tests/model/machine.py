"""Random histories of two portals, each step done on the memory store and on another one, which must agree."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from edgewise.domain import associations, labels, limits, records
from edgewise.domain.audit import Deed, Wanted
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors import DomainError
from edgewise.domain.model import (
    AssociationType,
    CreateRecords,
    LinkPage,
    ObjectType,
    PortalTypes,
    PutLinks,
    RecordRef,
    TypesChange,
)
from edgewise.domain.ports import Store
from edgewise.domain.rules import Rules
from edgewise.stores.memory import MemoryStore
from tests.contract.toy_types import COMPANIES, CONTACTS, DEALS
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, State, World, new_world, plain
from tests.model.choices import (
    HUBSPOT,
    NEAR_RECORDS,
    NOBODYS_IDS,
    Ends,
    behind,
    ends,
    few,
    few_or_many,
    numbers,
    object_types,
    portals,
    rules,
    some_types,
    two_numbers,
)
from tests.model.invariants import require_sound

Result = TypeVar("Result")
Decide = Callable[[PortalTypes], TypesChange]


class Refused(NamedTuple):
    """A change that the rules refused."""

    error: type[Exception]


class Histories(RuleBasedStateMachine):
    """A history. `store_to_try` is the other store.

    before: the state of each portal after the last step. defined: what each portal defined then. formerly: and before
    it last removed a type, as a server knows it that has not noticed yet.
    """

    @staticmethod
    def store_to_try(folder: Path) -> Store:
        from edgewise.stores.sqlite import Durability, SqliteStore

        return SqliteStore(folder / "edgewise.db", Durability.NORMAL)

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._folder = TemporaryDirectory()
        self._reference = MemoryStore()
        self._tried = self.store_to_try(Path(self._folder.name))
        self._time = AT
        self._before: dict[int, State] = {}
        self._defined: dict[int, PortalTypes] = {}
        self._formerly: dict[int, PortalTypes] = {}
        self._loop.run_until_complete(self._tried.start())

    def teardown(self) -> None:
        self._loop.run_until_complete(self._tried.close())
        self._loop.close()
        self._folder.cleanup()

    @initialize()
    def begin(self) -> None:
        """Both portals with a few records of each object type, which have the same ids in both."""

        async def define(store: Store) -> None:
            await new_world(store)
            for portal_id in (PORTAL, OTHER_PORTAL):
                for object_type, count in ((CONTACTS, 4), (COMPANIES, 4), (DEALS, 2)):
                    await World(store, portal_id).records(object_type, count)

        self._on_both(define)
        for portal_id in (PORTAL, OTHER_PORTAL):
            self._before[portal_id] = self._states(portal_id)
            self._defined[portal_id] = self._formerly[portal_id] = self._types(portal_id)

    @rule(portal_id=portals, ends=ends, pairs=few_or_many(two_numbers), rules=rules)
    def associate_default(
        self, portal_id: int, ends: Ends, pairs: Sequence[tuple[int, int]], rules: Rules
    ) -> None:
        pair = self._pair(portal_id, ends)
        inputs = [(self._id(portal_id, ends[0], a), self._id(portal_id, ends[1], b)) for a, b in pairs]
        if pair.default is not None:
            batch = associations.associate_default(portal_id, pair, rules, inputs, self._now())
            self._step(portal_id, lambda store: _put(store, batch.command))

    @rule(
        portal_id=portals,
        ends=ends,
        inputs=few_or_many(st.tuples(numbers, numbers, some_types)),
        rules=rules,
        is_behind=behind,
    )
    def associate(
        self,
        portal_id: int,
        ends: Ends,
        inputs: Sequence[tuple[int, int, list[int]]],
        rules: Rules,
        is_behind: bool,
    ) -> None:
        catalog = self._catalog(portal_id, is_behind)
        pair = catalog.pair(*ends)
        batch = associations.associate(
            portal_id, catalog, pair, rules, self._labelled(portal_id, pair, inputs), self._now()
        )
        self._step(portal_id, lambda store: _put(store, batch.command))

    @rule(portal_id=portals, ends=ends, chosen=few)
    def remove_pairs(self, portal_id: int, ends: Ends, chosen: list[int]) -> None:
        pairs = [self._linked(portal_id, ends, n) for n in chosen]
        inputs = [(source_id, [target_id]) for source_id, target_id in pairs]
        command = associations.remove_pairs(portal_id, self._pair(portal_id, ends), inputs)
        self._step(portal_id, lambda store: store.remove_links(command))

    @rule(portal_id=portals, ends=ends, chosen=few, types=some_types, is_behind=behind)
    def remove_labels(
        self, portal_id: int, ends: Ends, chosen: list[int], types: list[int], is_behind: bool
    ) -> None:
        catalog = self._catalog(portal_id, is_behind)
        pair = catalog.pair(*ends)
        specs = _specs(pair, types)
        inputs = [associations.LabelledInput(*self._linked(portal_id, ends, n), specs) for n in chosen]
        command = associations.remove_labels(portal_id, catalog, pair, inputs)
        self._step(portal_id, lambda store: store.remove_links(command))

    @rule(
        portal_id=portals,
        object_type=object_types,
        new=st.lists(
            st.lists(st.tuples(object_types, numbers, some_types), max_size=4), min_size=1, max_size=2
        ),
        rules=rules,
        is_behind=behind,
    )
    def create(
        self,
        portal_id: int,
        object_type: ObjectType,
        new: list[list[tuple[ObjectType, int, list[int]]]],
        rules: Rules,
        is_behind: bool,
    ) -> None:
        catalog = self._catalog(portal_id, is_behind)
        wanted = []
        for number, links in enumerate(new):
            inline = [
                records.InlineAssociation(self._id(portal_id, target, n), _specs(pair, chosen))
                for target, n, chosen in links
                for pair in (catalog.pair(object_type, target),)
            ]
            properties = {"name": f"{self._time}-{number}"}
            wanted.append(records.new_record(catalog, rules, object_type, properties, inline))
        command = CreateRecords(
            portal_id, object_type.code, wanted, self._now(), creates_records=not rules.records_must_exist
        )
        self._step(portal_id, lambda store: store.create_records(command))

    @rule(portal_id=portals, object_type=object_types, chosen=numbers)
    def archive(self, portal_id: int, object_type: ObjectType, chosen: int) -> None:
        record_id, at = self._id(portal_id, object_type, chosen), self._now()
        self._step(
            portal_id, lambda store: store.archive_records(portal_id, object_type.code, [record_id], at)
        )

    @rule(portal_id=portals, ends=ends, texts=two_numbers, rules=rules)
    def create_label(self, portal_id: int, ends: Ends, texts: tuple[int, int], rules: Rules) -> None:
        text, inverse = (f"Text {n}" for n in texts)
        new = labels.NewLabel(f"name_{texts[0]}", text, inverse)
        self._change_labels(
            portal_id, ends, lambda known: labels.create_label(known, new, rules.labels_per_pair_max)
        )

    @rule(portal_id=portals, chosen=numbers, text=st.none() | numbers)
    def rename_or_delete_label(self, portal_id: int, chosen: int, text: int | None) -> None:
        catalog = self._catalog(portal_id)
        own = self._defined[portal_id].association_types or HUBSPOT.association_types
        label = _chosen(own, chosen)
        ends = catalog.object_type_of(label.source_type), catalog.object_type_of(label.target_type)

        def decide(known: labels.Definitions) -> TypesChange:
            if text is None:
                return labels.delete_label(known, label.type_id)
            return labels.rename_label(known, label.type_id, f"Text {text}", None)

        self._change_labels(portal_id, ends, decide)

    @rule(portal_id=portals, ends=ends, chosen=numbers, limit=st.sampled_from((1, 1, 2, 3, None)))
    def set_or_remove_limit(self, portal_id: int, ends: Ends, chosen: int, limit: int | None) -> None:
        pair = self._pair(portal_id, ends)
        specs = _specs(pair, [chosen])

        def decide(types: PortalTypes) -> TypesChange:
            if limit is None:
                return limits.remove_limits(pair, specs)
            inputs = [limits.LimitInput(*spec, limit) for spec in specs]
            return limits.set_limits(pair, types.limits, Rules(), inputs)

        self._change(portal_id, decide)

    @rule(portal_id=portals, ends=ends, chosen=numbers, limit=st.integers(1, 3))
    def read_in_pages(self, portal_id: int, ends: Ends, chosen: int, limit: int) -> None:
        source = RecordRef(ends[0].code, self._id(portal_id, ends[0], chosen))
        pages = self._on_both(lambda store: _pages(World(store, portal_id), source, ends[1], limit))
        found = [(target_id, key) for page in pages for target_id, keys in page.targets for key in keys]
        assert found == sorted(
            (target.record_id, key)
            for origin, target, key in self._before[portal_id].links
            if (origin, target.object_type) == (source, ends[1].code)
        )

    def _on_both(self, call: Callable[[Store], Awaitable[Result]]) -> Result:
        """What both stores answer, which must be the same."""

        async def on_each() -> tuple[Result, Result]:
            return await call(self._reference), await call(self._tried)

        expected, found = self._loop.run_until_complete(on_each())
        assert found == expected
        return found

    def _states(self, portal_id: int) -> State:
        """The state of a portal in both stores, which must be the same."""
        return self._on_both(lambda store: World(store, portal_id).state())

    def _step(self, portal_id: int, call: Callable[[Store], Awaitable[object]]) -> None:
        """Do a call on both stores, and compare all that they hold then, and what they noted of it."""
        self._on_both(call)
        after = self._states(portal_id)
        self._on_both(_deeds)
        types = self._types(portal_id)
        if len(types.association_types) < len(self._defined[portal_id].association_types):
            self._formerly[portal_id] = self._defined[portal_id]
        self._defined[portal_id] = types
        require_sound(self._before[portal_id], after, Catalog(HUBSPOT, types), types.limits)
        other = OTHER_PORTAL if portal_id == PORTAL else PORTAL
        assert self._states(other) == self._before[other], "a portal changed what another one holds"
        self._before[portal_id] = after

    def _change(self, portal_id: int, decide: Decide) -> None:
        self._step(portal_id, lambda store: _change_types(store, portal_id, decide))

    def _change_labels(
        self, portal_id: int, ends: Ends, decide: Callable[[labels.Definitions], TypesChange]
    ) -> None:
        self._change(
            portal_id,
            lambda types: decide(labels.definitions_between(Catalog(HUBSPOT, types), types, *ends)),
        )

    def _now(self) -> int:
        self._time += 1
        return self._time

    def _types(self, portal_id: int) -> PortalTypes:
        return self._loop.run_until_complete(self._reference.portal_types(portal_id))

    def _catalog(self, portal_id: int, is_behind: bool = False) -> Catalog:
        return Catalog(HUBSPOT, (self._formerly if is_behind else self._defined)[portal_id])

    def _pair(self, portal_id: int, ends: Ends) -> PairTypes:
        return self._catalog(portal_id).pair(*ends)

    def _id(self, portal_id: int, object_type: ObjectType, number: int) -> int:
        """The id of a record that lives, was archived, or is nobody's."""
        known = [r for code, r in self._before[portal_id].records if code == object_type.code]
        if number in NOBODYS_IDS:
            return NOBODYS_IDS[number]
        return _chosen(sorted(known, key=lambda record: record.is_archived)[:NEAR_RECORDS], number).record_id

    def _linked(self, portal_id: int, ends: Ends, number: int) -> tuple[int, int]:
        """The ids of two records that are linked, as long as there are any."""
        pairs = {
            (source.record_id, target.record_id)
            for source, target, _ in self._before[portal_id].links
            if (source.object_type, target.object_type) == (ends[0].code, ends[1].code)
        }
        return _chosen([*sorted(pairs), (7, 7)], number)

    def _labelled(
        self, portal_id: int, pair: PairTypes, inputs: Sequence[tuple[int, int, list[int]]]
    ) -> list[associations.LabelledInput]:
        return [
            associations.LabelledInput(
                self._id(portal_id, pair.source, a), self._id(portal_id, pair.target, b), _specs(pair, chosen)
            )
            for a, b, chosen in inputs
        ]


def _chosen(among: Sequence[Result], number: int) -> Result:
    return among[number % len(among)]


def _specs(pair: PairTypes, numbers: Sequence[int]) -> list[associations.Spec]:
    types: list[AssociationType] = list(pair.types.values())
    chosen = [_chosen(types, number) for number in numbers] if types else []
    return [(link_type.category.name, link_type.type_id) for link_type in dict.fromkeys(chosen)]


async def _deeds(store: Store) -> list[Deed]:
    """What the audit log says of the last calls."""
    return [entry.deed for entry in await store.audit.read_latest(Wanted(), 3)]


async def _put(store: Store, command: PutLinks) -> object:
    return list(await store.put_links(command))


async def _change_types(store: Store, portal_id: int, decide: Decide) -> object:
    try:
        answer = await store.change_types(portal_id, decide)
    except (DomainError, limits.InputsRefused) as error:
        return Refused(type(error))
    assert await store.types_version(portal_id) == answer.types.version
    return plain(answer.types)


async def _pages(world: World, source: RecordRef, target_type: ObjectType, limit: int) -> list[LinkPage]:
    """All pages of the links of a record, one after the other."""
    pages = [await world.page(source, target_type, 0, limit)]
    while pages[-1].has_more:
        pages.append(await world.page(source, target_type, pages[-1].targets[-1].target_id, limit))
    return pages
