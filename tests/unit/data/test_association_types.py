"""The association types that ship: 442 facts, paired, with one default at most for each pair of object types."""

import json
from collections import Counter, defaultdict
from importlib.resources import files
from typing import Any

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import UnknownAssociationType
from edgewise.domain.model import AssociationType, Category, Holder, hidden_mirror, object_type_code, type_key

ROWS: list[dict[str, Any]] = json.loads(
    files("edgewise.data").joinpath("association_types.json").read_text("utf-8")
)
TYPES = hubspot_types().association_types
BY_KEY = {each.key: each for each in TYPES}
BY_ID = {each.type_id: each for each in TYPES}
CATALOG = Catalog(hubspot_types())
KNOWN = {object_type.id for object_type in CATALOG.object_types}
SERVED = [row for row in ROWS if {row["fromObjectTypeId"], row["toObjectTypeId"]} <= KNOWN]
WITHOUT_DEFAULT = {
    *((kind, "0-4") for kind in ("0-1", "0-2", "0-3", "0-5")),
    *(("0-4", kind) for kind in ("0-1", "0-2", "0-3", "0-5")),
    ("0-3", "0-7"),
}
"""Pairs whose unlabelled type is of before v4, or known in the other direction alone."""


def _pair(link_type: AssociationType) -> tuple[str, str]:
    return (
        CATALOG.object_type_of(link_type.source_type).id,
        CATALOG.object_type_of(link_type.target_type).id,
    )


def test_the_442_facts_are_there_each_under_its_own_number():
    assert len(ROWS) == 442
    assert len({(row["category"], row["typeId"], row["from"], row["to"]) for row in ROWS}) == 442
    assert {row["category"] for row in ROWS} == {"HUBSPOT_DEFINED"}


def test_a_fact_is_served_when_both_its_object_types_are():
    assert len(SERVED) == 430
    assert [each.type_id for each in TYPES] == [row["typeId"] for row in SERVED]
    assert len(BY_KEY) == len(TYPES)


def test_a_type_is_the_fact_of_its_row():
    for row, link_type in zip(SERVED, TYPES, strict=True):
        assert link_type.key == type_key(Category.HUBSPOT_DEFINED, row["typeId"])
        assert _pair(link_type) == (row["fromObjectTypeId"], row["toObjectTypeId"])
        assert (link_type.label, link_type.is_default) == (row["label"], row["default"])
        assert link_type.is_primary == (row["variant"] == "primary")
        assert link_type.is_legacy == row["variant"].startswith("legacy")


def test_every_object_type_of_a_type_is_served():
    codes = {each.code for each in CATALOG.object_types}
    assert {each.source_type for each in TYPES} | {each.target_type for each in TYPES} <= codes


def test_every_row_says_where_it_comes_from():
    assert [row["typeId"] for row in ROWS if not row["source"]] == []
    assert [row["typeId"] for row in ROWS if row["name"] and not row["nameSource"]] == []
    assert [row["typeId"] for row in ROWS if row["label"] and not row["labelSource"]] == []
    assert [row["typeId"] for row in ROWS if row["inverseTypeId"] and not row["inverseSource"]] == []


def test_a_type_to_an_object_type_that_nobody_described_is_unknown():
    assert 278 in {row["typeId"] for row in ROWS} - {row["typeId"] for row in SERVED}
    with pytest.raises(UnknownAssociationType):
        CATALOG.known_type("HUBSPOT_DEFINED", 278)


# Defaults.


def test_a_pair_of_object_types_has_one_default_at_most():
    defaults = Counter(_pair(each) for each in TYPES if each.is_default)
    assert {pair: times for pair, times in defaults.items() if times > 1} == {}


def test_the_pairs_without_a_default_are_the_known_ones():
    pairs = {_pair(each) for each in TYPES}
    assert pairs - {_pair(each) for each in TYPES if each.is_default} == WITHOUT_DEFAULT


def test_a_default_is_unlabelled_and_of_today():
    for each in TYPES:
        if each.is_default:
            assert each.label is None
            assert not each.is_primary
            assert not each.is_legacy


@pytest.mark.parametrize(
    ("source", "target", "type_id"),
    [
        ("contacts", "companies", 279), ("companies", "contacts", 280), ("contacts", "deals", 4),
        ("deals", "contacts", 3), ("deals", "companies", 341), ("companies", "deals", 342),
        ("tickets", "companies", 339), ("contacts", "contacts", 449), ("companies", "companies", 450),
        ("deals", "deals", 451), ("tickets", "tickets", 452), ("projects", "projects", 1254),
        ("notes", "contacts", 202),
    ],
)  # fmt: skip
def test_the_default_of_a_pair_is_the_documented_one(source: str, target: str, type_id: int):
    pair = CATALOG.pair(CATALOG.object_type(source), CATALOG.object_type(target))
    assert pair.require_default().type_id == type_id
    assert pair.types[type_key(Category.HUBSPOT_DEFINED, type_id)] is pair.default


# Inverses.


def test_a_known_inverse_is_served_and_points_back():
    for each in TYPES:
        if each.is_readable_from_target:
            inverse = BY_KEY[each.mirror_key]
            assert inverse.mirror_key == each.key
            assert (inverse.source_type, inverse.target_type) == (each.target_type, each.source_type)


def test_both_directions_of_a_type_are_of_one_kind():
    for each in TYPES:
        if each.is_readable_from_target:
            inverse = BY_KEY[each.mirror_key]
            assert (inverse.is_default, inverse.is_primary, inverse.is_legacy) == (
                each.is_default, each.is_primary, each.is_legacy
            )  # fmt: skip


def test_a_type_without_a_known_inverse_is_read_from_its_own_side_only():
    one_way = {row["typeId"] for row in SERVED if row["inverseTypeId"] is None}
    assert one_way
    assert {each.type_id for each in TYPES if not each.is_readable_from_target} == one_way
    for type_id in one_way:
        assert BY_ID[type_id].mirror_key == hidden_mirror(BY_ID[type_id].key)


def test_a_type_is_its_own_inverse_within_one_object_type_only():
    own = {each.type_id for each in TYPES if each.mirror_key == each.key}
    assert {449, 450, 451, 452, 1254} <= own
    assert all(BY_ID[type_id].source_type == BY_ID[type_id].target_type for type_id in own)


@pytest.mark.parametrize(
    ("type_id", "inverse_id", "label", "inverse_label"),
    [
        (1, 2, "Primary", "Primary"),
        (5, 6, "Primary", "Primary"),
        (13, 14, "Child Company", "Parent Company"),
        (931, 930, "Billing Contact", None),
    ],
)
def test_a_documented_pair_has_both_its_labels(
    type_id: int, inverse_id: int, label: str, inverse_label: str | None
):
    assert BY_ID[type_id].mirror_key == BY_ID[inverse_id].key
    assert BY_ID[type_id].label == label
    if inverse_label is not None:
        assert BY_ID[inverse_id].label == inverse_label


# Who holds a type once.


def test_a_type_held_once_is_held_by_the_same_end_seen_from_both_sides():
    opposite = {Holder.NONE: Holder.NONE, Holder.SOURCE: Holder.TARGET, Holder.TARGET: Holder.SOURCE}
    for each in TYPES:
        if each.is_readable_from_target:
            assert BY_KEY[each.mirror_key].holder is opposite[each.holder]


def test_a_record_has_one_primary_company_and_a_company_one_parent():
    held = {each.type_id for each in TYPES if each.holder is Holder.SOURCE}
    assert held == {1, 5, 14, 26, 509, 578, 580, 582, 1299}
    for type_id in held - {14}:
        assert BY_ID[type_id].is_primary
    for each in TYPES:
        if each.is_primary:
            assert each.holder is not Holder.NONE


# Names of v3.


def test_a_name_that_a_source_spells_is_kept():
    known = {row["typeId"]: row["name"] for row in SERVED if row["name"]}
    assert {type_id: BY_ID[type_id].name for type_id in known} == known
    assert len(known) == 68


def test_a_name_that_no_source_spells_follows_the_rule_of_those_that_do():
    primaries = {_pair(each) for each in TYPES if each.is_primary}
    for row in SERVED:
        if row["name"] is None:
            link_type = BY_ID[row["typeId"]]
            spelled = [each.replace("meeting", "meeting_event") for each in (row["from"], row["to"])]
            suffix = {"unlabeled": "unlabeled" if _pair(link_type) in primaries else "", "primary": ""}
            parts = [*spelled[:1], "to", *spelled[1:], suffix.get(row["variant"], row["variant"])]
            assert link_type.name == "_".join(part for part in parts if part)


@pytest.mark.parametrize(
    ("type_id", "name"),
    [
        (1, "contact_to_company"), (279, "contact_to_company_unlabeled"), (341, "deal_to_company_unlabeled"),
        (199, "contact_to_meeting_event"), (212, "meeting_event_to_deal"), (187, "company_to_meeting_event"),
        (339, "ticket_to_company_unlabeled"), (931, "billing_contact_to_company"), (449, "contact_to_contact"),
        (1299, "project_to_company_primary"),
    ],
)  # fmt: skip
def test_names_read_as_v3_writes_them(type_id: int, name: str):
    assert BY_ID[type_id].name == name


def test_no_two_types_of_today_share_a_name_within_a_pair():
    names: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for each in TYPES:
        if not each.is_legacy:
            names[_pair(each)][each.name] += 1
    assert {pair: found for pair, found in names.items() if max(found.values()) > 1} == {}


def test_the_facts_are_read_once():
    assert hubspot_types() is hubspot_types()
    assert object_type_code(_pair(BY_ID[1])[0]) == BY_ID[1].source_type
