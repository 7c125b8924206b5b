"""Random histories of records and their links, asked for by requests and compared with a plain CRM at every step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import contains
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from edgewise.domain.ports import Store
from tests.model.choices import few, numbers, two_numbers
from tests.model.plain_crm import MISSING, Change, New, Outcome, PlainCrm, Ref, Told
from tests.model.plain_facts import (
    COMPANIES,
    CONTACTS,
    DEALS,
    OBJECT_TYPES,
    PROPERTIES,
)
from tests.model.record_bodies import (
    Answer,
    failures_of,
    links_version,
    made_ids,
    new_body,
    read_body,
    rows,
    told_body,
    traced,
    type_body,
)
from tests.model.record_choices import (
    ABSENT_ID,
    FIRST_GONE,
    NEAR,
    PRIMARY,
    VALUES,
    Keyed,
    Wanted,
    changes,
    choose,
    choose_types,
    ends,
    keys,
    names,
    new_records,
    object_types,
    properties,
    seldom,
    values_of,
    versions,
)
from tests.model.surface import Seen, Surface, shown_links, shown_record
from tests.support import paths


class RecordHistories(RuleBasedStateMachine):
    """A history. `store_to_try` is what it is about.

    crm: what the portal should read as. seen: what it read as after the last step.
    """

    _crm: PlainCrm
    _surface: Surface
    _seen: Seen

    @staticmethod
    def store_to_try(folder: Path) -> Store:
        from edgewise.stores.sqlite import Durability, SqliteStore

        return SqliteStore(folder / "edgewise.db", Durability.NORMAL)

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()

    def teardown(self) -> None:
        self._surface.close()
        self._folder.cleanup()

    @initialize(is_observed=st.booleans())
    def begin(self, is_observed: bool) -> None:
        """Three companies, and a deal and a contact of each, all with values."""
        self._crm = PlainCrm(is_first_primary=not is_observed)
        self._surface = Surface(
            self.store_to_try(Path(self._folder.name)), "observed" if is_observed else "documented"
        )
        self._surface.define()
        self._seen = self._surface.see()
        for object_type in (COMPANIES, DEALS, CONTACTS):
            new: list[Wanted] = [
                (
                    {name: choose(VALUES[name], number) for name in PROPERTIES[object_type]},
                    [] if object_type == COMPANIES else [(COMPANIES, position, [PRIMARY])],
                )
                for position, number in enumerate((0, 2, 3))
            ]
            self._create_all("v3", object_type, new, is_partial=False)

    # Writing records.

    @rule(version=versions, object_type=object_types, new=new_records)
    def create(self, version: str, object_type: str, new: Wanted) -> None:
        wanted = self._new(object_type, new)
        answer = self._surface.call("POST", paths.records(version, object_type), new_body(wanted))
        self._settle(object_type, answer, self._crm.create(object_type, wanted, made_ids(answer)))

    @rule(
        version=versions,
        object_type=object_types,
        new=st.lists(new_records, min_size=2, max_size=3),
        is_partial=seldom,
    )
    def create_batch(self, version: str, object_type: str, new: Sequence[Wanted], is_partial: bool) -> None:
        self._create_all(version, object_type, new, is_partial)

    @rule(version=versions, object_type=object_types, key=keys, properties=properties)
    def update(self, version: str, object_type: str, key: Keyed, properties: dict[str, str]) -> None:
        self._update(version, object_type, self._change(object_type, key, properties))

    @rule(
        version=versions,
        object_type=object_types,
        changes=changes,
        verb=st.sampled_from(("update", "upsert")),
        is_partial=seldom,
    )
    def change_batch(
        self,
        version: str,
        object_type: str,
        changes: Sequence[tuple[Keyed, dict[str, str]]],
        verb: str,
        is_partial: bool,
    ) -> None:
        wanted = [self._change(object_type, *each) for each in changes]
        inputs = [{**told_body(told), "properties": values} for told, values in wanted]
        answer = self._batch(version, object_type, verb, inputs, is_partial)
        creates = verb == "upsert"
        outcome = self._crm.change_all(object_type, wanted, made_ids(answer), creates, is_partial)
        self._settle(object_type, answer, outcome)

    @rule(version=versions, object_type=object_types, chosen=st.lists(numbers, min_size=1, max_size=2))
    def archive(self, version: str, object_type: str, chosen: list[int]) -> None:
        """One record by itself, two in a batch."""
        ids = [self._id(object_type, number) for number in chosen]
        if len(ids) == 1:
            answer = self._surface.call("DELETE", paths.record(version, object_type, ids[0]))
        else:
            answer = self._batch(version, object_type, "archive", [{"id": str(each)} for each in ids])
        self._settle(object_type, answer, self._crm.archive(*((object_type, each) for each in ids)))

    @rule(
        version=versions,
        object_type=object_types,
        number=numbers,
        step=st.sampled_from((1, 2, 1, 0)),
        then=st.sampled_from(("update", "merge", "update", "merge", "purge")),
        properties=properties,
    )
    def merge(
        self,
        version: str,
        object_type: str,
        number: int,
        step: int,
        then: str,
        properties: dict[str, str],
    ) -> None:
        """Two records that are near each other; then what meets the one that went into the other."""
        loser, winner, further = (self._id(object_type, number + each) for each in (0, step, 2 * step))
        self._merge(version, object_type, winner, loser)
        match then:
            case "update":
                change = Change(Told(str(loser)), values_of(object_type, properties))
                self._update(version, object_type, change)
            case "merge":
                self._merge(version, object_type, further, winner)
            case "purge":
                self._purge(version, object_type, Told(str(winner)))

    @rule(version=versions, object_type=object_types, key=keys)
    def purge(self, version: str, object_type: str, key: Keyed) -> None:
        self._purge(version, object_type, self._told(object_type, key))

    # Writing links.

    @rule(version=versions, ends=ends, chosen=two_numbers)
    def link_by_default(self, version: str, ends: tuple[str, str], chosen: tuple[int, int]) -> None:
        source, target = self._ends(ends, chosen)
        answer = self._surface.call("PUT", paths.default_link(links_version(version), *source, *target))
        self._settle_links(answer, self._crm.put_link(source, target, None))

    @rule(version=versions, ends=ends, chosen=two_numbers, types=few)
    def link(self, version: str, ends: tuple[str, str], chosen: tuple[int, int], types: list[int]) -> None:
        source, target = self._ends(ends, chosen)
        keys = choose_types(*ends, types)
        path = paths.link(links_version(version), *source, *target)
        answer = self._surface.call("PUT", path, [type_body(key) for key in keys])
        self._settle_links(answer, self._crm.put_link(source, target, keys))

    @rule(version=versions, ends=ends, chosen=two_numbers)
    def unlink(self, version: str, ends: tuple[str, str], chosen: tuple[int, int]) -> None:
        source, target = self._ends(ends, chosen)
        answer = self._surface.call("DELETE", paths.link(links_version(version), *source, *target))
        self._settle_links(answer, self._crm.remove_link(source, target))

    # Reading.

    @rule(version=versions, object_type=object_types, key=keys, is_archived=seldom)
    def read(self, version: str, object_type: str, key: Keyed, is_archived: bool) -> None:
        told = self._told(object_type, key)
        status, body = self._surface.call(
            "GET",
            paths.record(version, object_type, told.value),
            idProperty=told.name,
            archived=str(is_archived).lower(),
            properties=",".join(PROPERTIES[object_type]),
            associations=",".join(OBJECT_TYPES),
        )
        found = self._crm.find_one(object_type, told, is_archived)
        assert status == (404 if found is None else 200)
        if found is not None:
            self._require_shown(object_type, [body], [found[1]])
            assert set(shown_links(found, body)) == {each for each in self._crm.links if each[0] == found}

    @rule(version=versions, object_type=object_types, name=names, chosen=few, is_archived=seldom)
    def read_batch(
        self, version: str, object_type: str, name: str | None, chosen: list[int], is_archived: bool
    ) -> None:
        told = [self._told(object_type, (name, number)) for number in chosen]
        status, body = self._surface.call(
            "POST",
            f"{paths.records(version, object_type)}/batch/read",
            {**read_body(told), "properties": PROPERTIES[object_type]},
            archived=str(is_archived).lower(),
        )
        if len({each.folded for each in told}) < len(told):
            assert status == 400
            return
        found = [self._crm.find(object_type, each, is_archived) for each in told]
        assert status == (207 if None in found else 200)
        self._require_shown(object_type, body["results"], [ref[1] for ref in found if ref is not None])
        assert failures_of(body) == [MISSING] * (None in found)

    @rule(version=versions, object_type=object_types, is_archived=st.booleans(), limit=st.integers(1, 3))
    def list_in_pages(self, version: str, object_type: str, is_archived: bool, limit: int) -> None:
        pages = self._surface.pages(version, object_type, is_archived, limit)
        ids = [int(each["id"]) for page in pages for each in page]
        assert ids == self._crm.of_type(object_type, is_archived)
        assert all(len(page) == limit for page in pages[:-1])

    @rule(version=versions, ends=ends, key=keys, is_grouped=st.booleans())
    def search(self, version: str, ends: tuple[str, str], key: Keyed, is_grouped: bool) -> None:
        """By a value, or by a record that is linked; the filters stand alone or in a group."""
        object_type, name = ends[0], key[0]
        if name in PROPERTIES[object_type]:
            value = self._told(object_type, key).value
            ids = self._crm.with_value(object_type, name, value)
        else:
            name, value = f"associations.{ends[1]}", str(self._id(ends[1], key[1]))
            ids = sorted(self._crm.targets((ends[1], int(value)), object_type))
        filters = {"filters": [{"propertyName": name, "operator": "EQ", "value": value}]}
        status, body = self._surface.call(
            "POST",
            f"{paths.records(version, object_type)}/search",
            {
                **({"filterGroups": [filters]} if is_grouped else filters),
                "properties": PROPERTIES[object_type],
                "limit": 200,
            },
        )
        assert (status, body["total"]) == (200, len(ids))
        self._require_shown(object_type, body["results"], ids)

    @rule(version=versions, ends=ends, chosen=few)
    def read_links(self, version: str, ends: tuple[str, str], chosen: list[int]) -> None:
        """Of each of some records, and of all of them together."""
        ids = list(dict.fromkeys(self._id(ends[0], number) for number in chosen))
        expected = {each: self._crm.targets((ends[0], each), ends[1]) for each in ids}
        for each in ids:
            path = paths.links(links_version(version), ends[0], each, ends[1])
            status, body = self._surface.call("GET", path)
            assert (status, rows(body["results"])) == (200, expected[each])
        path = paths.batch(links_version(version), *ends, "read")
        status, body = self._surface.call("POST", path, {"inputs": [{"id": str(each)} for each in ids]})
        linked = {each: targets for each, targets in expected.items() if targets}
        assert status == (200 if len(linked) == len(ids) else 207)
        assert {int(each["from"]["id"]): rows(each["to"]) for each in body["results"]} == linked
        assert failures_of(body) == [MISSING] * (len(ids) - len(linked))

    # What the rules are about.

    def _id(self, object_type: str, number: int) -> int:
        """The id of a record that lives; of one that lived, or nobody's, by the highest numbers."""
        live, archived = (self._crm.of_type(object_type, each) for each in (False, True))
        near = sorted({*live[:NEAR], *live[-NEAR:]})
        if near and number < FIRST_GONE:
            return choose(near, number)
        merged, purged = (
            [record_id for code, record_id in sorted(refs) if code == object_type]
            for refs in (self._crm.merged, self._crm.purged)
        )
        return choose([*merged[:1], *archived[-1:], *purged[-1:], ABSENT_ID], number)

    def _ends(self, ends: tuple[str, str], chosen: tuple[int, int]) -> tuple[Ref, Ref]:
        """Two records, which are different ones when the numbers are the same."""
        return (ends[0], self._id(ends[0], chosen[0])), (ends[1], self._id(ends[1], chosen[1] + 1))

    def _told(self, object_type: str, key: Keyed) -> Told:
        name, number = key
        if name not in PROPERTIES[object_type]:
            return Told(str(self._id(object_type, number)))
        return Told(choose(VALUES[name], number), name)

    def _change(self, object_type: str, key: Keyed, properties: dict[str, str]) -> Change:
        return Change(self._told(object_type, key), values_of(object_type, properties))

    def _new(self, object_type: str, wanted: Wanted) -> New:
        properties, associations = wanted
        return New(
            values_of(object_type, properties),
            [
                ((target, self._id(target, number)), choose_types(object_type, target, types))
                for target, number, types in associations
            ],
        )

    # Asking, and comparing.

    def _create_all(self, version: str, object_type: str, new: Sequence[Wanted], is_partial: bool) -> None:
        wanted = [self._new(object_type, each) for each in new]
        answer = self._batch(version, object_type, "create", map(new_body, wanted), is_partial)
        outcome = self._crm.create_all(object_type, wanted, made_ids(answer), is_partial)
        self._settle(object_type, answer, outcome)

    def _update(self, version: str, object_type: str, change: Change) -> None:
        path = paths.record(version, object_type, change.told.value)
        body = {"properties": change.properties}
        answer = self._surface.call("PATCH", path, body, idProperty=change.told.name)
        self._settle(object_type, answer, self._crm.change_one(object_type, change))

    def _merge(self, version: str, object_type: str, winner: int, loser: int) -> None:
        body = {"primaryObjectId": str(winner), "objectIdToMerge": str(loser)}
        answer = self._surface.call("POST", f"{paths.records(version, object_type)}/merge", body)
        self._settle(object_type, answer, self._crm.merge((object_type, winner), (object_type, loser)))

    def _purge(self, version: str, object_type: str, told: Told) -> None:
        body = {"objectId": told.value, "idProperty": told.name}
        answer = self._surface.call("POST", f"{paths.records(version, object_type)}/gdpr-delete", body)
        self._settle(object_type, answer, self._crm.purge(object_type, told))

    def _batch(
        self, version: str, object_type: str, verb: str, inputs: Iterable[Any], is_partial: bool = False
    ) -> Answer:
        """is_partial: each input is decided on its own."""
        path = f"{paths.records(version, object_type)}/batch/{verb}"
        return self._surface.call("POST", path, {"inputs": traced(inputs) if is_partial else list(inputs)})

    def _settle(self, object_type: str, answer: Answer, outcome: Outcome) -> None:
        """Check what was answered to a write of records, and what the portal reads as then."""
        status, body = answer
        assert status in outcome.statuses, (answer, outcome)
        if status < 300 and body is not None:
            self._require_shown(object_type, body.get("results", [body]), outcome.ids)
            told = failures_of(body)
            assert told.count(MISSING) == outcome.is_missing
            own = [category for category in told if category != MISSING]
            assert len(own) == len(outcome.failures)
            assert all(map(contains, outcome.failures, own))
        self._require_state({(object_type, each) for each in outcome.ids})

    def _settle_links(self, answer: Answer, outcome: Outcome) -> None:
        assert answer[0] in outcome.statuses, (answer, outcome)
        self._require_state(set())

    def _require_state(self, touched: set[Ref]) -> None:
        """Check that the portal reads as it should, and that records not touched are the same to the letter."""
        seen = self._surface.see()
        assert seen.records == self._crm.records
        assert seen.links == self._crm.links
        for ref, body in self._seen.bodies.items():
            if ref not in touched and seen.records.get(ref) == self._seen.records[ref]:
                assert seen.bodies[ref] == body
        for (object_type, record_id), winner in self._crm.merged.items():
            status, body = self._surface.call("GET", paths.record("v3", object_type, record_id))
            assert (status, body.get("id")) == (
                (200, str(winner[1])) if self._crm.is_live(winner) else (404, None)
            )
        self._seen = seen

    def _require_shown(self, object_type: str, bodies: Sequence[Any], ids: Sequence[int]) -> None:
        """Check which records an answer shows, and the last that it says of each."""
        assert [int(body["id"]) for body in bodies] == list(ids)
        for record_id, body in {int(body["id"]): body for body in bodies}.items():
            assert shown_record(object_type, body) == self._crm.records[object_type, record_id]
