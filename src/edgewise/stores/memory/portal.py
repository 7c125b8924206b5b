"""What the memory store keeps of one portal, and what each call does to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    FIRST_RECORD_ID,
    AssociationType,
    Category,
    Holder,
    LimitReached,
    Linked,
    LinkedTarget,
    LinkPage,
    LinkWrite,
    NewRecord,
    ObjectType,
    Outcome,
    PortalTypes,
    PutLinks,
    Record,
    RecordRef,
    TypeGone,
    TypesChange,
    ValueTaken,
    object_number,
    split_type_key,
    without_new_id,
)
from edgewise.domain.object_schemas import ObjectSchema
from edgewise.domain.pipelines import FIRST_NUMBER, Pipeline
from edgewise.domain.properties import ObjectProperties
from edgewise.domain.property_ports import PropertiesChange
from edgewise.domain.property_values import resolved
from edgewise.domain.record_keys import RecordKey, Upsert, Upserted
from edgewise.domain.search import LinkedTo
from edgewise.domain.usage import Degree, Threshold
from edgewise.stores.memory.values import Versions, require_room_of, taken

Type = TypeVar("Type")

REPLACEABLE = frozenset({Category.USER_DEFINED, Category.INTEGRATOR_DEFINED})


class Portal:
    """What one portal holds.

    object_types, schemas, association_types: by code and by key. limits: by the key of a type.
    records: by object type and id.
    links: of a source and a target, the key of each link and the key of the same link at the target.
    links_changed: how often a link was added or removed.
    merged: what records became part of. purged_ids: of records that were removed for good.
    pipelines: by object type and id. properties: what the portal defined, by object type.
    """

    def __init__(self) -> None:
        self.object_types: dict[int, ObjectType] = {}
        self.association_types: dict[int, AssociationType] = {}
        self.limits: dict[int, int] = {}
        self.schemas: dict[int, ObjectSchema] = {}
        self.next_type_id = 1
        self.next_object_number = 1
        self.types_version = 0
        self.records: defaultdict[int, dict[int, Record]] = defaultdict(dict)
        self.links: defaultdict[RecordRef, dict[RecordRef, dict[int, int]]] = defaultdict(dict)
        self.links_changed = 0
        self.versions = Versions()
        self.merged: dict[RecordRef, int] = {}
        self.purged_ids: set[int] = set()
        self.pipelines: dict[tuple[int, str], Pipeline] = {}
        self.next_pipeline_number = FIRST_NUMBER
        self.properties: dict[int, ObjectProperties] = {}
        self.next_id = FIRST_RECORD_ID

    def types(self) -> PortalTypes:
        return PortalTypes(
            _by_key(self.object_types),
            _by_key(self.association_types),
            dict(sorted(self.limits.items())),
            self.next_type_id,
            self.types_version,
            _by_key(self.schemas),
            self.next_object_number,
        )

    def add_object_types(self, object_types: Iterable[ObjectType]) -> None:
        for each in object_types:
            self.object_types[each.code] = each
            if each.is_custom:
                self.next_object_number = max(self.next_object_number, object_number(each.code) + 1)

    def change_types(self, change: TypesChange) -> None:
        self.add_object_types(change.object_types)
        self.schemas |= {schema.code: schema for schema in change.schemas}
        for code in change.removed_object_types:
            self.object_types.pop(code, None)
        for code in change.purged:
            self.schemas.pop(code, None)
            self.properties.pop(code, None)
            self.pipelines = {key: each for key, each in self.pipelines.items() if key[0] != code}
            for record_id in tuple(self.records[code]):
                self.purge(RecordRef(code, record_id))
        for code, properties in change.properties.items():
            self.put_properties(code, properties)
        for link_type in (*change.added, *change.changed):
            self.association_types[link_type.key] = link_type
            if link_type.category is Category.USER_DEFINED:
                self.next_type_id = max(self.next_type_id, link_type.type_id + 1)
        for key, limit in change.limits.items():
            if limit is None:
                self.limits.pop(key, None)
            else:
                self.limits[key] = limit
        for key in change.removed:
            self.association_types.pop(key, None)
            self.limits.pop(key, None)
        for source, targets in self.links.items():
            for target in tuple(targets):
                self.unlink(source, target, change.removed)
        self.types_version += 1

    def own_properties(self, object_type: int) -> ObjectProperties:
        return self.properties.get(object_type, ObjectProperties({}, {}))

    def put_properties(self, object_type: int, change: PropertiesChange) -> None:
        properties, groups = self.own_properties(object_type)
        properties = {**properties, **{each.name: each for each in change.properties}}
        groups = {**groups, **{each.name: each for each in change.groups}}
        self.properties[object_type] = ObjectProperties(
            dict(sorted(properties.items())), dict(sorted(groups.items()))
        )

    def sweep(self, rows_max: int) -> int:
        """Forget at most so many rows: a row is one end of a link, or a record; answers how many."""
        swept = 0
        groups: list[dict[Any, Any]] = [
            *self.links.values(),
            *self.records.values(),
            *self.versions.values(),
        ]
        for group in groups:
            while group and swept < rows_max:
                group.popitem()
                swept += 1
        return swept

    def has_records(self, object_type: int) -> bool:
        return any(not record.is_archived for record in self.records[object_type].values())

    def find(self, object_type: int, record_id: int, is_archived: bool = False) -> Record | None:
        record = self.records[object_type].get(record_id)
        return record if record is not None and record.is_archived is is_archived else None

    def find_by(self, object_type: int, key: RecordKey, is_archived: bool = False) -> Record | None:
        if isinstance(key, int):
            return self.find(object_type, key, is_archived)
        found = (
            record
            for _, record in sorted(self.records[object_type].items())
            if record.is_archived is is_archived and key.tells(record.properties.get(key.name))
        )
        return next(found, None)

    def refuses(self, ref: RecordRef, creates_records: bool) -> bool:
        """Whether a link must not end at a record: archived ones take none, unknown ones only where made."""
        record = self.records[ref.object_type].get(ref.record_id)
        return not creates_records if record is None else record.is_archived

    def ensure(self, ref: RecordRef, at: int) -> None:
        self.records[ref.object_type].setdefault(ref.record_id, Record(ref.record_id, {}, at, at))

    def put(self, command: PutLinks, write: LinkWrite) -> Outcome:
        source = RecordRef(command.source_type, write.source_id)
        target = RecordRef(command.target_type, write.target_id)
        missing = Linked(
            Linked.SOURCE_MISSING * self.refuses(source, command.creates_records)
            | Linked.TARGET_MISSING * self.refuses(target, command.creates_records)
        )
        refused = missing or self.refusal(source, target, write.types)
        if refused is not None:
            return refused
        self.ensure(source, command.at)
        self.ensure(target, command.at)
        if command.replaces_labels:
            self.drop_labels(source, target, write.types)
        self.link(source, target, write.types, write.first_type)
        return Linked.DONE

    def may_refuse(self, types: Iterable[AssociationType]) -> bool:
        """Whether links with some types may have to be refused."""
        return any(self.limits or link_type.category is Category.USER_DEFINED for link_type in types)

    def refusal(
        self, source: RecordRef, target: RecordRef, types: Sequence[AssociationType]
    ) -> TypeGone | LimitReached | None:
        """Why two records cannot be linked with some types, or None."""
        for link_type in types:
            if link_type.category is Category.USER_DEFINED and link_type.key not in self.association_types:
                return TypeGone(link_type.key)
        for link_type in types:
            if link_type.key not in self.links[source].get(target, ()):
                for key, holder, end in (
                    (link_type.key, source, Holder.SOURCE),
                    (link_type.mirror_key, target, Holder.TARGET),
                ):
                    limit = self.limits.get(key)
                    needs_room = limit is not None and link_type.holder is not end
                    if limit is not None and needs_room and self.degree(holder, key) >= limit:
                        return LimitReached(key, holder, limit)
        return None

    def degree(self, holder: RecordRef, key: int) -> int:
        """How many targets a record has under a type."""
        return sum(key in links for links in self.links[holder].values())

    def create(self, object_type: int, new: NewRecord, at: int) -> Record | LimitReached | TypeGone:
        while self.next_id in self.purged_ids or any(
            self.next_id in records for records in self.records.values()
        ):
            self.next_id += 1
        record = Record(self.next_id, dict(new.properties), at, at)
        self.records[object_type][record.record_id] = record
        source = RecordRef(object_type, record.record_id)
        for target, types, first_type in new.links:
            refused = self.refusal(source, target, types)
            if refused is not None:
                return without_new_id(refused, source)
            self.link(source, target, types, first_type)
        return copy_of(record)

    def update(
        self,
        object_type: int,
        record: Record,
        properties: Mapping[str, str | None],
        at: int,
        unique: Sequence[str] = (),
    ) -> Record | ValueTaken:
        properties = resolved(record.properties, properties)
        held = taken(lambda key: self.find_by(object_type, key), unique, properties, record)
        return held or self.change(object_type, record, properties, at)

    def upsert(
        self, object_type: int, upsert: Upsert, at: int, unique: Sequence[str] = ()
    ) -> Upserted | ValueTaken | None:
        record = self.find_by(object_type, upsert.key)
        if record is not None:
            updated = self.update(object_type, record, upsert.properties, at, unique)
            return updated if isinstance(updated, ValueTaken) else Upserted(updated, False)
        if not upsert.creates or isinstance(upsert.key, int):
            return None
        held = taken(lambda key: self.find_by(object_type, key), unique, upsert.new_properties())
        if held is not None:
            return held
        made = self.create(object_type, NewRecord(upsert.new_properties()), at)
        assert isinstance(made, Record), "a record without links is refused by nothing"
        return Upserted(made, True)

    def change(
        self, object_type: int, record: Record, properties: Mapping[str, str | None], at: int
    ) -> Record:
        self.versions.note(object_type, record, properties, at)
        changed = {**record.properties, **properties}
        record.properties = {name: text for name, text in changed.items() if text is not None}
        record.updated_at = at
        return copy_of(record)

    def archive(self, object_type: int, record: Record, at: int) -> None:
        record.archived_at = record.updated_at = at
        self.unlink_all(RecordRef(object_type, record.record_id))

    def merge(self, command: MergeRecords, winner: Record, loser: Record) -> Record:
        require_room_of(winner, {**loser.properties, **winner.properties})
        kept = RecordRef(command.object_type, winner.record_id)
        gone = RecordRef(command.object_type, loser.record_id)
        self.unlink(gone, kept, self.keys(gone, kept))
        held = {key for links in self.links[kept].values() for key in links}
        held &= {link_type.key for link_type in command.held_once}
        for target, links in self.links[gone].items():
            for key, mirror_key in links.items():
                if key not in held:
                    self.links[kept].setdefault(target, {})[key] = mirror_key
                    self.links[target].setdefault(kept, {})[mirror_key] = key
        self.archive(command.object_type, loser, command.at)
        for ref, winner_id in self.merged.items():
            if (ref.object_type, winner_id) == gone:
                self.merged[ref] = winner.record_id
        self.merged[gone] = winner.record_id
        return self.change(command.object_type, winner, {**loser.properties, **winner.properties}, command.at)

    def purge(self, ref: RecordRef) -> list[int]:
        """Remove a record and those merged into it; answers which they were."""
        purged = []
        merged = [each for each, winner_id in self.merged.items() if RecordRef(each[0], winner_id) == ref]
        for each in (ref, *merged):
            self.unlink_all(each)
            self.merged.pop(each, None)
            self.versions.pop(each, None)
            if self.records[each.object_type].pop(each.record_id, None) is not None:
                self.purged_ids.add(each.record_id)
                purged.append(each.record_id)
        return purged

    def is_linked(self, source: RecordRef, wanted: LinkedTo) -> bool:
        return any(
            target.object_type == wanted.object_type
            and target.record_id in wanted.record_ids
            and any(key >= 0 for key in links)
            for target, links in self.links[source].items()
        )

    def page(self, source: RecordRef, target_type: int, after: int, limit: int) -> LinkPage:
        found = [
            LinkedTarget(target.record_id, keys)
            for target, links in sorted(self.links[source].items())
            if target.object_type == target_type and target.record_id > after
            if (keys := tuple(sorted(key for key in links if key >= 0)))
        ]
        return LinkPage(found[:limit], len(found) > limit)

    def crowded(self, thresholds: Iterable[Threshold]) -> list[Degree]:
        """The records with at least so many targets under a type."""
        found = []
        for source_type, key, at_least in sorted(thresholds, key=lambda each: each.key):
            for source in sorted(self.links):
                targets = [target for target, links in self.links[source].items() if key in links]
                if source.object_type == source_type and targets and len(targets) >= at_least:
                    found.append(Degree(source, targets[0].object_type, key, len(targets)))
        return found

    def keys(self, source: RecordRef, target: RecordRef) -> Iterable[int]:
        return tuple(self.links[source].get(target, ()))

    def link(
        self,
        source: RecordRef,
        target: RecordRef,
        types: tuple[AssociationType, ...],
        first_type: AssociationType | None,
    ) -> None:
        if (
            first_type is not None
            and self._is_first(source, target, first_type)
            and self.refusal(source, target, [first_type]) is None
        ):
            types = (*types, first_type)
        for link_type in types:
            if link_type.holder is Holder.SOURCE:
                self._hold_once(source, target, link_type.key)
            elif link_type.holder is Holder.TARGET:
                self._hold_once(target, source, link_type.mirror_key)
            linked = self.links[source].setdefault(target, {})
            self.links_changed += link_type.key not in linked
            linked[link_type.key] = link_type.mirror_key
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
                self.links_changed += 1
                del self.links[target][source][links.pop(key)]
        if not links:
            self.links[source].pop(target, None)
            self.links[target].pop(source, None)

    def unlink_all(self, ref: RecordRef) -> None:
        for target in tuple(self.links[ref]):
            self.unlink(ref, target, self.keys(ref, target))


def copy_of(record: Record) -> Record:
    """A record that its reader may change."""
    return replace(record, properties=dict(record.properties))


def _by_key(types: Mapping[int, Type]) -> tuple[Type, ...]:
    return tuple(types[key] for key in sorted(types))
