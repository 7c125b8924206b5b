"""A CRM as docs/behaviour.md describes it, in dicts and sets: what a request should answer and change.

It never asks the code that it judges. Where the documents leave open which of several reasons a refusal names, every
one of them is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from tests.model.plain_facts import (
    DEFAULTS,
    PRIMARIES,
    TYPES,
    UNIQUE,
    Key,
    is_found,
    is_same,
    is_valid,
    kept_value,
)

Ref = tuple[str, int]
"""An object type and a record id."""

Link = tuple[Ref, Ref, Key]
"""As it is read from the first end; every link has its inverse beside it."""

INVALID, MISSING, TAKEN = "VALIDATION_ERROR", "OBJECT_NOT_FOUND", "CONFLICT"
"""The categories of refusals."""

STATUSES = {INVALID: 400, MISSING: 404, TAKEN: 409}


class Outcome(NamedTuple):
    """What an answer may be.

    statuses: one of which it has. ids: of the records that it shows, in order. failures: for each input that failed by
    itself, the categories one of which its item has. is_missing: one more item tells of all records that are missing.
    """

    statuses: frozenset[int]
    ids: Sequence[int] = ()
    failures: Sequence[Collection[str]] = ()
    is_missing: bool = False


class New(NamedTuple):
    """A record to create. associations: the target of each, and the types as the body has them."""

    properties: Mapping[str, str]
    associations: Sequence[tuple[Ref, Sequence[Key]]] = ()


class Told(NamedTuple):
    """A record told by its id, or by the value of the property `name`."""

    value: str
    name: str | None = None

    @property
    def folded(self) -> tuple[str | None, str]:
        return self.name, self.value.lower() if self.name == "email" else self.value


class Change(NamedTuple):
    """Values to give to the record that is told."""

    told: Told
    properties: Mapping[str, str]


@dataclass(frozen=True)
class PlainRecord:
    properties: Mapping[str, str]
    is_archived: bool = False


@dataclass
class PlainCrm:
    """records: live and archived ones. merged: what a record became part of. purged: what is gone for good."""

    is_first_primary: bool
    records: dict[Ref, PlainRecord] = field(default_factory=dict)
    links: set[Link] = field(default_factory=set)
    merged: dict[Ref, Ref] = field(default_factory=dict)
    purged: set[Ref] = field(default_factory=set)

    # Reading.

    def of_type(self, object_type: str, is_archived: bool = False) -> list[int]:
        """The ids of the records in a state, ascending."""
        return sorted(
            record_id
            for (code, record_id), record in self.records.items()
            if code == object_type and record.is_archived is is_archived
        )

    def is_live(self, ref: Ref) -> bool:
        return ref in self.records and not self.records[ref].is_archived

    def find(self, object_type: str, told: Told, is_archived: bool = False) -> Ref | None:
        """A record in that state, by id or by the lowest id of those with the value. Source: section 9.4."""
        for record_id in self.of_type(object_type, is_archived):
            ref = object_type, record_id
            if told.name is None:
                if str(record_id) == told.value:
                    return ref
            elif is_same(told.name, self.records[ref].properties.get(told.name), told.value):
                return ref
        return None

    def find_one(self, object_type: str, told: Told, is_archived: bool = False) -> Ref | None:
        """As `find`, for a call about one record: there the id of a merged one is that of what it became part of.

        Source: section 9.6.
        """
        found = self.find(object_type, told, is_archived)
        if found is None and told.name is None and not is_archived:
            winner = self.merged.get((object_type, int(told.value)))
            return winner if winner is not None and self.is_live(winner) else None
        return found

    def with_value(self, object_type: str, name: str, value: str) -> list[int]:
        """The live records that a search for a value finds. Source: section 9.5."""
        return [
            record_id
            for record_id in self.of_type(object_type)
            if is_found(self.records[object_type, record_id].properties.get(name), value)
        ]

    def targets(self, source: Ref, target_type: str) -> dict[int, set[Key]]:
        """What a record is linked to, with the types as it has them."""
        found: dict[int, set[Key]] = {}
        for origin, target, key in self.links:
            if origin == source and target[0] == target_type:
                found.setdefault(target[1], set()).add(key)
        return found

    # Links.

    def put_link(self, source: Ref, target: Ref, keys: Sequence[Key] | None) -> Outcome:
        """One link: a default one, or one with types, which takes the place of the pair's labels. Source: section 3."""
        if source == target or not self._may_link(source, target, keys or ()):
            return _refused(INVALID)
        if keys is not None:
            for key in self.targets(source, target[0]).get(target[1], set()) - set(keys):
                if key[0] == "USER_DEFINED":
                    self._discard(source, target, key)
        self._link(source, target, keys or ())
        return Outcome(frozenset({200 if keys is None else 201}))

    def remove_link(self, source: Ref, target: Ref) -> Outcome:
        """Every type between two records, at both ends. Source: section 1.4."""
        if source != target:
            self._unlink(source, target)
        return _DONE

    def _may_link(self, source: Ref, target: Ref, keys: Iterable[Key]) -> bool:
        fits = [(TYPES[key].source, TYPES[key].target) == (source[0], target[0]) for key in keys]
        return all(fits) and self.is_live(source) and self.is_live(target)

    def _link(self, source: Ref, target: Ref, keys: Iterable[Key]) -> None:
        ends = source[0], target[0]
        written = {DEFAULTS[ends], *keys}
        if written == {DEFAULTS[ends]} and self.is_first_primary:
            written |= self._first_primary(source, target)
        for key in written:
            inverse = TYPES[key].inverse
            for holder, other, held in ((source, target, key), (target, source, inverse)):
                if TYPES[held].is_held_once:
                    for former in [each for each in self.links if each[0] == holder and each[2] == held]:
                        if former[1] != other:
                            self._discard(*former)
            self.links |= {(source, target, key), (target, source, inverse)}

    def _first_primary(self, source: Ref, target: Ref) -> set[Key]:
        """The primary type, if this is the first company of a record that has one. Source: section 1.5."""
        primary = PRIMARIES.get((source[0], target[0]))
        if primary is not None:
            return set() if self.targets(source, target[0]) else {primary}
        primary = PRIMARIES.get((target[0], source[0]))
        return set() if primary is None or self.targets(target, source[0]) else {TYPES[primary].inverse}

    def _discard(self, source: Ref, target: Ref, key: Key) -> None:
        self.links -= {(source, target, key), (target, source, TYPES[key].inverse)}

    def _unlink(self, *refs: Ref) -> None:
        """Remove every link that all of some records are ends of."""
        self.links = {each for each in self.links if not set(refs) <= set(each[:2])}

    # Records.

    def create(self, object_type: str, new: New, ids: Iterator[int]) -> Outcome:
        """One record with its links, or nothing. ids: those that the answer gave. Source: section 9.3."""
        return self.create_all(object_type, [new], ids, is_partial=False)

    def create_all(
        self, object_type: str, inputs: Sequence[New], ids: Iterator[int], is_partial: bool
    ) -> Outcome:
        """Many records with their links: all or none, unless each is on its own. Source: section 9.4."""
        after, made, failures = self._copy(), [], list[list[str]]()
        for new in inputs:
            reasons = after._reasons_against(object_type, new)
            failures += [reasons] if reasons else []
            if not (is_partial and reasons):
                made.append(after._make(object_type, new, next(ids)))
        return self._settle(after, made, failures, is_partial, usual=201)

    def change_one(self, object_type: str, change: Change) -> Outcome:
        """Values of one record. Source: section 9.3."""
        ref = self.find_one(object_type, change.told)
        reasons = self._faults(object_type, change.properties)
        if ref is None:
            return _refused(MISSING, *reasons)
        reasons += self._taken(object_type, change.properties, ref)
        if reasons:
            return _refused(*reasons)
        self._set(ref, change.properties)
        return Outcome(_OK, [ref[1]])

    def change_all(
        self,
        object_type: str,
        changes: Sequence[Change],
        ids: Iterator[int],
        creates: bool,
        is_partial: bool,
    ) -> Outcome:
        """Values of many records: an update, or an upsert, which makes those that are missing. Source: section 9.4."""
        after, shown, failures, missing = self._copy(), [], list[list[str]](), False
        readable = [each for each in changes if not self._faults(object_type, each.properties)]
        if not creates and len({each.told.folded for each in readable}) < len(readable):
            return _refused(INVALID)
        for told, properties in changes:
            own = {told.name: told.value} if creates and told.name is not None else {}
            reasons = self._faults(object_type, properties) or self._faults(object_type, own)
            ref = after.find(object_type, told)
            wanted = properties if ref is not None else {**properties, **own}
            is_lost = ref is None and not own
            reasons += [] if is_lost else after._taken(object_type, wanted, ref)
            failures += [reasons] if reasons else []
            missing = missing or (is_lost and not reasons)
            if is_lost or (is_partial and reasons):
                continue
            if ref is None:
                shown.append(after._make(object_type, New(wanted), next(ids)))
            else:
                after._set(ref, properties)
                shown.append(ref[1])
        return self._settle(after, shown, failures, is_partial, usual=200, is_missing=missing)

    def archive(self, *refs: Ref) -> Outcome:
        """Some records and their links; those that are gone are no error. Source: section 9.3."""
        for ref in refs:
            if self.is_live(ref):
                self.records[ref] = replace(self.records[ref], is_archived=True)
                self._unlink(ref)
        return _DONE

    def merge(self, winner: Ref, loser: Ref) -> Outcome:
        """Make one record part of another of its type. Source: section 9.6."""
        reasons = [INVALID] if winner == loser else []
        reasons += [MISSING] if not (self.is_live(winner) and self.is_live(loser)) else []
        if reasons:
            return _refused(*reasons)
        self._unlink(winner, loser)
        held = {key for source, _, key in self.links if source == winner and TYPES[key].is_held_once}
        for source, target, key in tuple(self.links):
            if source == loser and key not in held:
                self.links |= {(winner, target, key), (target, winner, TYPES[key].inverse)}
        values = {**self.records[loser].properties, **self.records[winner].properties}
        self.archive(loser)
        self.records[winner] = PlainRecord(values)
        self.merged = {each: winner if into == loser else into for each, into in self.merged.items()}
        self.merged[loser] = winner
        return Outcome(_OK, [winner[1]])

    def purge(self, object_type: str, told: Told) -> Outcome:
        """Remove a record, a live one first, with what was merged into it; nobody is no error. Source: section 9.6."""
        ref = self.find(object_type, told) or self.find(object_type, told, is_archived=True)
        if ref is not None:
            for each in (ref, *(each for each, into in self.merged.items() if into == ref)):
                self._unlink(each)
                del self.records[each]
                self.purged.add(each)
            self.merged = {each: into for each, into in self.merged.items() if each not in self.purged}
        return _DONE

    def _reasons_against(self, object_type: str, new: New) -> list[str]:
        """Why a record cannot be created."""
        reasons = self._faults(object_type, new.properties)
        for target, keys in new.associations:
            if not self.is_live(target) or {TYPES[k][:2] for k in keys} != {(object_type, target[0])}:
                reasons.append(INVALID)
        return reasons + self._taken(object_type, new.properties)

    def _faults(self, object_type: str, properties: Mapping[str, str]) -> list[str]:
        is_good = all(is_valid(object_type, *each) for each in properties.items())
        return [] if is_good else [INVALID]

    def _taken(self, object_type: str, properties: Mapping[str, str], own: Ref | None = None) -> list[str]:
        """Whether another live record has a value that must be unique. Source: section 7.4."""
        for name in UNIQUE:
            for record_id in self.of_type(object_type):
                ref = object_type, record_id
                text = properties.get(name)
                if ref != own and text and is_same(name, self.records[ref].properties.get(name), text):
                    return [TAKEN]
        return []

    def _make(self, object_type: str, new: New, record_id: int) -> int:
        ref = object_type, record_id
        assert ref not in self.records, "an id is given again"
        assert all(record_id != purged_id for _, purged_id in self.purged), "a purged id is given again"
        self.records[ref] = PlainRecord({})
        self._set(ref, new.properties)
        for target, keys in new.associations:
            if self.is_live(target):
                self._link(ref, target, keys)
        return record_id

    def _set(self, ref: Ref, properties: Mapping[str, str]) -> None:
        changed = {name: kept_value(name, text) for name, text in properties.items()}
        values = {**self.records[ref].properties, **changed}
        self.records[ref] = PlainRecord({name: text for name, text in values.items() if text is not None})

    def _copy(self) -> Self:
        return replace(self, records=dict(self.records), links=set(self.links))

    def _settle(
        self,
        after: PlainCrm,
        ids: Sequence[int],
        failures: Sequence[Sequence[str]],
        is_partial: bool,
        usual: int,
        is_missing: bool = False,
    ) -> Outcome:
        """Go on with what a batch changed, unless a failure undoes it."""
        if failures and not is_partial:
            return _refused(*(reason for reasons in failures for reason in reasons))
        self.records, self.links = after.records, after.links
        status = 207 if failures or is_missing else usual
        return Outcome(frozenset({status}), ids, failures, is_missing)


_OK = frozenset({200})
_DONE = Outcome(frozenset({204}))


def _refused(*reasons: str) -> Outcome:
    return Outcome(frozenset(STATUSES[reason] for reason in reasons))
