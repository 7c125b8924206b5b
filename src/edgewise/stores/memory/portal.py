"""What the memory store keeps of one portal, and what each call does to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

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
    split_type_key,
    without_new_id,
)

Type = TypeVar("Type")

REPLACEABLE = frozenset({Category.USER_DEFINED, Category.INTEGRATOR_DEFINED})


class Portal:
    """What one portal holds.

    object_types, association_types: by code and by key. limits: by the key of a type.
    records: by object type and id.
    links: of a source and a target, the key of each link and the key of the same link at the target.
    """

    def __init__(self) -> None:
        self.object_types: dict[int, ObjectType] = {}
        self.association_types: dict[int, AssociationType] = {}
        self.limits: dict[int, int] = {}
        self.next_type_id = 1
        self.types_version = 0
        self.records: defaultdict[int, dict[int, Record]] = defaultdict(dict)
        self.links: defaultdict[RecordRef, dict[RecordRef, dict[int, int]]] = defaultdict(dict)
        self.next_id = FIRST_RECORD_ID

    def types(self) -> PortalTypes:
        return PortalTypes(
            _by_key(self.object_types),
            _by_key(self.association_types),
            dict(sorted(self.limits.items())),
            self.next_type_id,
            self.types_version,
        )

    def change_types(self, change: TypesChange) -> None:
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

    def find(self, object_type: int, record_id: int, is_archived: bool = False) -> Record | None:
        record = self.records[object_type].get(record_id)
        return record if record is not None and record.is_archived is is_archived else None

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
        while any(self.next_id in records for records in self.records.values()):
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


def copy_of(record: Record) -> Record:
    """A record that its reader may change."""
    return replace(record, properties=dict(record.properties))


def _by_key(types: Mapping[int, Type]) -> tuple[Type, ...]:
    return tuple(types[key] for key in sorted(types))
