"""What the operations on limits do: set all or none, in an order that makes sense, per direction, and show them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.errors import assert_error, compact, item
from tests.support.crm import HUBSPOT, Crm
from tests.support.limits import LIMIT_VERSIONS, Limits, limit
from tests.support.portal import DECIDED_BY, DECISION_MAKER, EMPLOYEE, MANAGER, USER
from tests.support.server import Server

VERSIONS = pytest.mark.parametrize("version", LIMIT_VERSIONS)
PAIR, BACK = ("tickets", "companies"), ("companies", "tickets")
UNLABELLED, UNLABELLED_BACK, PRIMARY = 339, 340, 26
CREATED = {"v4": 201, "2026-03": 201, "2026-09-beta": 201}
WITH_207 = set(CREATED)
INVALID_TYPE = "INVALID_ASSOCIATION_TYPE"


@pytest.fixture
def limits(live: Crm) -> Iterator[Limits]:
    limits = Limits(live)
    yield limits
    limits.clear()


def _row(type_id: int, most: int | None, **label: str | None) -> dict[str, Any]:
    return {"category": HUBSPOT, "typeId": type_id, "userEnforcedMaxToObjectIds": most, **label}


def _range(type_id: int, most: int, lowest: int, highest: int, category: str = HUBSPOT) -> tuple[str, Any]:
    """The message and the context of a limit that is out of its range."""
    spec = f"{category}={type_id}"
    message = f"maxToObjectIds must be from {lowest} to {highest} for {spec}, not {most}"
    return message, {"associationSpec": [spec], "maxToObjectIds": [str(most)]}


@VERSIONS
def test_a_limit_is_created_changed_shown_and_removed(live: Crm, limits: Limits, version: str):
    created = limits.ask("create", *PAIR, limit(UNLABELLED, 10), version=version)
    assert created.status_code == CREATED.get(version, 200)
    assert created.json()["status"] == "COMPLETE"
    assert created.json()["results"] == [_row(UNLABELLED, 10, label=None)]
    changed = limits.ask("update", *PAIR, limit(UNLABELLED, 20), version=version)
    assert changed.status_code == 200
    assert changed.json()["results"] == [_row(UNLABELLED, 20)]
    assert limits.shown(*PAIR, version=version) == [_row(UNLABELLED, 20, label=None)]
    assert limits.shown(*BACK, version=version) == [_row(UNLABELLED_BACK, None, label=None)]
    removed = limits.ask("purge", *PAIR, limit(UNLABELLED, 0), version=version)
    if live.is_observed or version == "v4":
        assert (removed.status_code, removed.content) == (204, b"")
    else:
        assert (removed.status_code, removed.json()["status"], removed.json()["results"]) == (
            200, "COMPLETE", []
        )  # fmt: skip
    assert limits.shown(*PAIR, version=version) == limits.shown(*BACK, version=version) == []


@VERSIONS
def test_a_canceled_call_reads_as_recorded(live: Crm, limits: Limits, version: str):
    for verb in ("create", "update"):
        answer = limits.ask(verb, "contacts", "deals", limit(5, 10), limit(4, 9), version=version)
        has_207 = version in WITH_207 or live.is_observed
        assert answer.status_code == (207 if has_207 else 200)
        body = answer.json()
        assert (body["status"], body["results"], body["numErrors"]) == ("CANCELED", [], 1)
        context = {"type": ["0-5"], "fromObjectType": ["CONTACT"], "toObjectType": ["DEAL"]}
        message = "0-5 is not a valid association type between CONTACT and DEAL"
        assert compact(body["errors"]) == compact(
            [item(live, message, context=context, sub_category=INVALID_TYPE)]
        )
        assert "HUBSPOT_DEFINED=4" in answer.headers["x-edgewise-hint"]
    assert limits.of("contacts", "deals") == {}


def test_v4_spells_its_paths_both_ways(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 10))
    paths = [f"/crm/{each}/definitions/configurations/all" for each in ("associations/v4", "v4/associations")]
    first, second = (live.get(path).json() for path in paths)
    assert first == second
    assert _row(UNLABELLED, 10, label=None) in first["results"]


def test_all_limits_are_shown_with_their_inverses_in_the_order_of_their_keys(limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 10), limit(PRIMARY, 5))
    limits.set("contacts", "companies", limit(DECISION_MAKER, 3, USER))
    rows = limits.shown()
    keys = [(row["typeId"], row["category"]) for row in rows]
    assert keys == sorted(keys)
    by_type = {(row["category"], row["typeId"]): row["userEnforcedMaxToObjectIds"] for row in rows}
    assert by_type[HUBSPOT, UNLABELLED] == 10
    assert by_type[HUBSPOT, PRIMARY] == 5
    assert by_type[USER, DECISION_MAKER] == 3
    for inverse in ((HUBSPOT, UNLABELLED_BACK), (HUBSPOT, 25), (USER, DECIDED_BY)):
        assert by_type[inverse] is None
    labels = {(row["category"], row["typeId"]): row["label"] for row in rows}
    assert labels[HUBSPOT, UNLABELLED] is None
    assert labels[USER, DECISION_MAKER] == "Decision maker"
    assert labels[USER, DECIDED_BY] == "Decided by"


def test_creating_replaces_and_changing_creates(limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 10))
    limits.set(*PAIR, limit(UNLABELLED, 11))
    assert limits.ask("update", *PAIR, limit(PRIMARY, 4)).status_code == 200
    assert limits.of(*PAIR) == {PRIMARY: 4, UNLABELLED: 11}


def test_each_direction_has_a_limit_of_its_own(limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 10))
    limits.set(*BACK, limit(UNLABELLED_BACK, 20))
    assert (limits.of(*PAIR), limits.of(*BACK)) == ({UNLABELLED: 10}, {UNLABELLED_BACK: 20})
    limits.ask("purge", *PAIR, limit(UNLABELLED, 0))
    assert (limits.of(*PAIR), limits.of(*BACK)) == ({UNLABELLED: None}, {UNLABELLED_BACK: 20})


def test_a_label_that_reads_alike_from_both_ends_has_a_limit_for_each_direction(limits: Limits):
    limits.set("contacts", "companies", limit(931, 3))
    limits.set("companies", "contacts", limit(930, 7))
    assert limits.of("contacts", "companies") == {931: 3}
    assert limits.of("companies", "contacts") == {930: 7}


def test_types_of_one_object_type_share_a_limit_when_they_are_their_own_inverse(limits: Limits):
    limits.set("contacts", "contacts", limit(449, 9), limit(MANAGER, 3, USER))
    assert limits.of("contacts", "contacts") == {449: 9, MANAGER: 3, EMPLOYEE: None}


def test_a_type_of_the_other_direction_is_no_type_of_the_pair(live: Crm, limits: Limits):
    answer = limits.ask("create", *PAIR, limit(UNLABELLED_BACK, 10))
    assert answer.json()["errors"][0]["message"] == (
        "0-340 is not a valid association type between TICKET and COMPANY"
    )


@pytest.mark.parametrize(
    ("category", "type_id", "text"), [(USER, 339, "1-339"), ("MINE", 339, "MINE-339"), ("WORK", 1, "3-1")]
)
def test_a_type_is_its_category_and_its_number(limits: Limits, category: str, type_id: int, text: str):
    body = limits.ask("update", *PAIR, limit(type_id, 10, category)).json()
    assert body["status"] == "CANCELED"
    assert body["errors"][0]["context"]["type"] == [text]


def test_a_label_may_have_no_wider_limit_than_the_unlabelled_type(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 10))
    answer = limits.ask("create", *PAIR, limit(PRIMARY, 11))
    message, context = _range(PRIMARY, 11, 1, 10)
    assert answer.json()["status"] == "CANCELED"
    assert answer.json()["errors"] == [item(live, message, context=context)]
    limits.set(*PAIR, limit(PRIMARY, 10))


def test_the_unlabelled_type_may_have_no_narrower_limit_than_its_labels(live: Crm, limits: Limits):
    limits.set(*PAIR, limit(PRIMARY, 10))
    answer = limits.ask("update", *PAIR, limit(UNLABELLED, 9))
    message, context = _range(UNLABELLED, 9, 10, 49_999)
    assert answer.json()["status"] == "CANCELED"
    assert answer.json()["errors"] == [item(live, message, context=context)]
    limits.set(*PAIR, limit(UNLABELLED, 10))
    limits.set(*BACK, limit(UNLABELLED_BACK, 1))


@pytest.mark.parametrize("verb", ["create", "update"])
def test_what_a_call_would_leave_is_judged(limits: Limits, verb: str):
    limits.set(*PAIR, limit(UNLABELLED, 10), limit(PRIMARY, 10))
    for first, second in ((PRIMARY, UNLABELLED), (UNLABELLED, PRIMARY)):
        for most in (4, 40):
            answer = limits.ask(verb, *PAIR, limit(first, most), limit(second, most))
            assert answer.json()["status"] == "COMPLETE", answer.text
            assert limits.of(*PAIR) == {UNLABELLED: most, PRIMARY: most}


@pytest.mark.parametrize("most", [-1, 0, 50_000, 2**40, 2**70])
def test_a_limit_is_a_number_from_one_to_just_below_that_of_the_account(live: Crm, limits: Limits, most: int):
    answer = limits.ask("create", *PAIR, limit(UNLABELLED, most))
    message, context = _range(UNLABELLED, most, 1, 49_999)
    assert answer.json()["errors"] == [item(live, message, context=context)]
    assert limits.of(*PAIR) == {}


def test_the_limit_of_the_account_is_a_setting(tmp_path: Path):
    with Server(tmp_path, association_limit=5) as server, Crm(server.url, "documented") as crm:
        limits = Limits(crm)
        limits.set(*PAIR, limit(UNLABELLED, 4))
        refused = limits.ask("create", *PAIR, limit(UNLABELLED, 5))
        assert refused.json()["errors"][0]["message"] == _range(UNLABELLED, 5, 1, 4)[0]
        ticket, companies = crm.one("tickets"), crm.create("companies", 6)
        limits.clear()
        for company in companies:
            crm.link("tickets", ticket, "companies", company)


def test_one_bad_input_keeps_the_good_ones_from_being_done(limits: Limits):
    limits.set(*PAIR, limit(UNLABELLED, 10))
    inputs = limit(UNLABELLED, 20), limit(999, 5), limit(PRIMARY, 21)
    body = limits.ask("create", *PAIR, *inputs).json()
    assert (body["status"], body["results"], body["numErrors"]) == ("CANCELED", [], 2)
    assert [error["context"].get("type") for error in body["errors"]] == [["0-999"], None]
    assert limits.of(*PAIR) == {UNLABELLED: 10}


def test_removing_what_is_not_there_is_no_error(live: Crm, limits: Limits):
    for _ in range(2):
        answer = limits.ask("purge", *PAIR, limit(UNLABELLED, 0), limit(PRIMARY, 0))
        assert answer.status_code == (204 if live.is_observed else 200)


@VERSIONS
def test_removing_with_an_invalid_type_removes_nothing(live: Crm, limits: Limits, version: str):
    limits.set(*PAIR, limit(UNLABELLED, 10))
    answer = limits.ask("purge", *PAIR, limit(UNLABELLED, 0), limit(1, 0), version=version)
    body = answer.json()
    assert answer.status_code == 400
    assert body["message"] == "0-1 is not a valid association type between TICKET and COMPANY"
    assert body["subCategory"] == f"crm.associations.{INVALID_TYPE}"
    assert limits.of(*PAIR) == {UNLABELLED: 10}


@pytest.mark.parametrize("verb", ["create", "update", "purge"])
def test_object_types_are_checked_before_the_body(live: Crm, limits: Limits, verb: str):
    for source, target in (("butterflies", "companies"), ("tickets", "butterflies")):
        path = f"/crm/associations/2026-03/definitions/configurations/{source}/{target}/batch/{verb}"
        assert_error(
            live,
            live.post(path, b"{"),
            400,
            "Unable to infer object type from: butterflies",
            has_recorded_category=False,
        )
