"""What links do: both ends, the unlabelled type beside every label, primaries that move, ways to remove."""

import pytest

from tests.support import paths
from tests.support.crm import Crm, Spec, ends, labelled, spec
from tests.support.portal import (
    CHAMPION,
    CREW,
    CREW_OF,
    DECISION_MAKER,
    EMPLOYEE,
    MANAGER,
    PILOT,
    PILOTED_BY,
    SPACESHIP,
    USER,
)

VERSIONS = pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
UNLABELLED = [
    ("contacts", "deals", 4, 3),
    ("tickets", "contacts", 16, 15),
    ("deals", "tickets", 27, 28),
    ("contacts", "contacts", 449, 449),
    ("companies", "companies", 450, 450),
    ("deals", "deals", 451, 451),
    (SPACESHIP, "contacts", CREW, CREW_OF),
]
WITH_PRIMARY = [
    ("contacts", "companies", 279, 280, 1, 2),
    ("deals", "companies", 341, 342, 5, 6),
    ("tickets", "companies", 339, 340, 26, 25),
]


def _put(live: Crm, contact: str, company: str, *specs: Spec) -> None:
    answer = live.put(paths.link("2026-03", "contacts", contact, "companies", company), list(specs))
    assert answer.status_code == 201, answer.text


def _types(live: Crm, contact: str, company: str) -> set[tuple[str, int]]:
    """What the contact's end lists of a pair: category and number."""
    rows = live.get(paths.links("v4", "contacts", contact, "companies")).json()["results"]
    return {
        (each["category"], each["typeId"])
        for row in rows
        if str(row["toObjectId"]) == company
        for each in row["associationTypes"]
    }


@pytest.mark.parametrize(("source", "target", "there", "back"), UNLABELLED)
@VERSIONS
def test_a_default_link_reads_from_both_ends_with_paired_types(
    live: Crm, version, source, target, there, back
):
    source_id, target_id = live.pair(source, target)
    live.link(source, source_id, target, target_id, version=version)
    assert live.both_ends(source, source_id, target, target_id) == ([there], [back])


@pytest.mark.parametrize(("source", "target", "there", "back"), UNLABELLED)
def test_a_default_batch_links_as_the_single_write_does(live: Crm, source, target, there, back):
    source_id, target_id = live.pair(source, target)
    answer = live.batch("associate/default", source, target, [ends(source_id, target_id)])
    assert answer.status_code == 200
    assert live.both_ends(source, source_id, target, target_id) == ([there], [back])


def test_a_default_link_is_idempotent(live: Crm):
    contact, deal = live.pair("contacts", "deals")
    path = paths.default_link("v4", "contacts", contact, "deals", deal)
    first, second = live.put(path), live.put(path)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["results"] == second.json()["results"]
    assert live.both_ends("contacts", contact, "deals", deal) == ([4], [3])


@VERSIONS
def test_a_label_comes_with_the_unlabelled_type(live: Crm, version):
    parent, child = live.create("companies", 2)
    live.link("companies", parent, "companies", child, 13, version=version)
    assert live.both_ends("companies", parent, "companies", child) == ([13, 450], [14, 450])


def test_a_labelled_batch_adds_the_unlabelled_type_too(live: Crm):
    contact, company = live.pair()
    live.batch("create", "contacts", "companies", [labelled(contact, company, 931)])
    assert live.both_ends("contacts", contact, "companies", company) == ([279, 931], [280, 930])


@VERSIONS
def test_a_label_is_text_and_the_unlabelled_type_has_null(live: Crm, version):
    parent, child = live.create("companies", 2)
    live.link("companies", parent, "companies", child, 13)
    for source, label in ((parent, "Child Company"), (child, "Parent Company")):
        (row,) = live.get(paths.links(version, "companies", source, "companies")).json()["results"]
        assert {each["typeId"]: each["label"] for each in row["associationTypes"]} == {
            450: None,
            13 if source == parent else 14: label,
        }


def test_a_type_is_its_category_and_its_number(live: Crm):
    """USER_DEFINED 1 and HUBSPOT_DEFINED 1 are two types."""
    contact, company = live.pair()
    _put(live, contact, company, spec(DECISION_MAKER, USER))
    assert (USER, 1) in _types(live, contact, company)
    assert ("HUBSPOT_DEFINED", 1) not in _types(live, contact, company)
    _put(live, contact, company, spec(1), spec(DECISION_MAKER, USER))
    assert {(USER, 1), ("HUBSPOT_DEFINED", 1), ("HUBSPOT_DEFINED", 279)} == _types(live, contact, company)


@VERSIONS
def test_a_labelled_write_replaces_the_labels_of_the_portal(live: Crm, version):
    contact, company = live.pair()
    path = paths.link(version, "contacts", contact, "companies", company)
    live.put(path, [spec(DECISION_MAKER, USER)])
    answer = live.put(path, [spec(CHAMPION, USER)])
    assert answer.json()["labels"] == ["Champion"]
    assert _types(live, contact, company) == {(USER, CHAMPION), ("HUBSPOT_DEFINED", 279)}
    both = [labelled(contact, company, 279)]
    both[0]["types"] = [spec(DECISION_MAKER, USER), spec(CHAMPION, USER)]
    live.batch("create", "contacts", "companies", both, version)
    assert {(USER, DECISION_MAKER), (USER, CHAMPION)} < _types(live, contact, company)


def test_a_labelled_write_keeps_types_that_hubspot_defines(live: Crm):
    contact, company = live.pair()
    _put(live, contact, company, spec(1), spec(931))
    _put(live, contact, company, spec(CHAMPION, USER))
    hubspot = {("HUBSPOT_DEFINED", type_id) for type_id in (1, 279, 931)}
    assert _types(live, contact, company) == {*hubspot, (USER, CHAMPION)}


def test_a_default_write_keeps_every_label(live: Crm):
    contact, company = live.pair()
    _put(live, contact, company, spec(CHAMPION, USER))
    live.link("contacts", contact, "companies", company)
    live.batch("associate/default", "contacts", "companies", [ends(contact, company)])
    assert (USER, CHAMPION) in _types(live, contact, company)


def test_a_label_of_one_object_type_has_a_direction(live: Crm):
    boss, worker = live.create("contacts", 2)
    path = paths.link("v4", "contacts", boss, "contacts", worker)
    assert live.put(path, [spec(MANAGER, USER)]).json()["labels"] == ["Manager"]
    assert live.both_ends("contacts", boss, "contacts", worker) == ([MANAGER, 449], [EMPLOYEE, 449])


def test_a_custom_object_has_its_own_unlabelled_type_beside_a_label(live: Crm):
    ship, contact = live.pair(SPACESHIP, "contacts")
    answer = live.put(paths.link("v4", SPACESHIP, ship, "contacts", contact), [spec(PILOT, USER)])
    assert answer.json()["fromObjectTypeId"] == "2-7001"
    assert live.both_ends(SPACESHIP, ship, "contacts", contact) == ([CREW, PILOT], [CREW_OF, PILOTED_BY])


@VERSIONS
def test_a_write_without_types_links_nothing_and_changes_nothing(live: Crm, version):
    contact, company = live.pair()
    path = paths.link(version, "contacts", contact, "companies", company)
    answer = live.put(path, [])
    assert (answer.status_code, answer.json()["labels"]) == (201, [])
    answer = live.batch("create", "contacts", "companies", [labelled(contact, company)], version)
    assert (answer.status_code, answer.json()["results"]) == (201, [])
    assert live.both_ends("contacts", contact, "companies", company) == ([], [])
    live.put(path, [spec(CHAMPION, USER)])
    live.put(path, [])
    assert (USER, CHAMPION) in _types(live, contact, company)


@pytest.mark.parametrize(("source", "target", "there", "back", "primary", "primary_back"), WITH_PRIMARY)
def test_the_first_company_is_primary_in_the_documented_profile(
    live: Crm, source, target, there, back, primary, primary_back
):
    holder = live.one(source)
    first, second = live.create(target, 2)
    live.link(source, holder, target, first)
    live.link(source, holder, target, second)
    expected = ([there], [back]) if live.is_observed else ([primary, there], [primary_back, back])
    assert live.both_ends(source, holder, target, first) == expected
    assert live.both_ends(source, holder, target, second) == ([there], [back])


def test_every_write_without_a_label_makes_the_first_company_primary(live: Crm):
    """Also one that starts at the company, and one that comes with the contact."""
    contacts, company = live.create("contacts", 3), live.one("companies")
    live.batch("associate/default", "contacts", "companies", [ends(contacts[0], company)])
    live.batch("create", "contacts", "companies", [labelled(contacts[1], company, 279)])
    live.link("companies", company, "contacts", contacts[2])
    association = {"to": {"id": company}, "types": [spec(279)]}
    created = live.post("/crm/v3/objects/contacts", {"properties": {}, "associations": [association]})
    contacts.append(created.json()["id"])
    expected = [280] if live.is_observed else [2, 280]
    assert live.links("companies", company, "contacts") == dict.fromkeys(contacts, expected)


@pytest.mark.parametrize(("source", "target", "there", "back", "primary", "primary_back"), WITH_PRIMARY)
def test_primary_moves_and_the_former_company_keeps_the_unlabelled_type(
    live: Crm, source, target, there, back, primary, primary_back
):
    holder = live.one(source)
    first, second = live.create(target, 2)
    live.link(source, holder, target, first, primary)
    live.link(source, holder, target, second, primary)
    assert live.links(source, holder, target) == {first: [there], second: [primary, there]}
    assert live.links(target, first, source) == {holder: [back]}
    live.link(target, first, source, holder, primary_back)
    assert live.links(source, holder, target) == {first: [primary, there], second: [there]}
    assert live.links(target, second, source) == {holder: [back]}


def test_in_a_batch_the_last_primary_stays(live: Crm):
    contact = live.one("contacts")
    companies = live.create("companies", 3)
    inputs = [labelled(contact, company, 1) for company in companies]
    assert live.batch("create", "contacts", "companies", inputs).status_code == 201
    found = live.links("contacts", contact, "companies")
    assert found == {companies[0]: [279], companies[1]: [279], companies[2]: [1, 279]}


def test_a_company_may_be_primary_for_many_contacts(live: Crm):
    company, contacts = live.one("companies"), live.create("contacts", 3)
    live.batch("create", "companies", "contacts", [labelled(company, contact, 2) for contact in contacts])
    assert live.links("companies", company, "contacts") == {contact: [2, 280] for contact in contacts}


def test_a_second_parent_replaces_the_first_who_stays_linked(live: Crm):
    first, second, child = live.create("companies", 3)
    live.link("companies", first, "companies", child, 13)
    live.link("companies", second, "companies", child, 13)
    assert live.links("companies", child, "companies") == {first: [450], second: [14, 450]}
    assert live.links("companies", first, "companies") == {child: [450]}


def test_a_type_without_a_known_inverse_reads_from_its_own_side(live: Crm):
    deal, discount = live.pair("deals", "discounts")
    live.link("discounts", discount, "deals", deal, 369)
    assert live.links("discounts", discount, "deals") == {deal: [369]}
    assert 369 not in live.links("deals", deal, "discounts").get(discount, [])
    live.delete(paths.record("v3", "deals", deal))
    assert live.links("discounts", discount, "deals") == {}


def test_a_type_of_old_times_is_taken_and_shown_on_the_record_alone(live: Crm):
    deal, company = live.pair("deals", "companies")
    live.link("deals", deal, "companies", company, 271)
    assert live.both_ends("deals", deal, "companies", company) == ([271, 341], [272, 342])
    listed = live.get(paths.labels("v4", "deals", "companies")).json()["results"]
    assert [each["typeId"] for each in listed] == [5, 341]


@VERSIONS
def test_labels_lists_the_types_of_the_ordered_pair(live: Crm, version):
    def listed(source: str, target: str) -> list[tuple[str, int, str | None]]:
        rows = live.get(paths.labels(version, source, target)).json()["results"]
        assert all(list(row) == ["category", "typeId", "label"] for row in rows)
        return [(row["category"], row["typeId"], row["label"]) for row in rows]

    assert ("HUBSPOT_DEFINED", 1, "Primary") in listed("contacts", "companies")
    assert ("HUBSPOT_DEFINED", 279, None) in listed("contacts", "companies")
    assert (USER, DECISION_MAKER, "Decision maker") in listed("contacts", "companies")
    assert ("HUBSPOT_DEFINED", 280, None) in listed("companies", "contacts")
    assert listed("contacts", SPACESHIP) == [(USER, CREW_OF, None), (USER, PILOTED_BY, "Piloted ship")]
    assert listed("goal_targets", "carts") == []
