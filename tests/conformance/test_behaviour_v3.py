"""Associations by type name: what v3 writes shows everywhere, and its answers and errors to the byte."""

import re
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.conformance.cases_v3 import named
from tests.conformance.errors import NOT_FOUND, VALIDATION, assert_partly_failed, compact, item
from tests.support import paths
from tests.support.crm import ABSENT_ID, Crm, ends
from tests.support.portal import DECIDED_BY, DECISION_MAKER

PRIMARY, UNLABELLED = "contact_to_company", "contact_to_company_unlabeled"
TYPED = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
_MOMENT = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"')


def _batch(live: Crm, verb: str, *inputs: Any, pair: tuple[str, str] = ("contacts", "companies")) -> Any:
    return live.batch(verb, *pair, inputs, "v3")


def _read(live: Crm, *record_ids: str, pair: tuple[str, str] = ("contacts", "companies")) -> httpx2.Response:
    answer: httpx2.Response = _batch(live, "read", *({"id": each} for each in record_ids), pair=pair)
    return answer


def _typed(version: str, contact: str, company: str, name: str | int) -> str:
    return f"{paths.link(version, 'contacts', contact, 'companies', company)}/{name}"


def _result(source_id: str, target_id: str, name: str) -> dict[str, Any]:
    return {"from": {"id": source_id}, "to": {"id": target_id}, "type": name}


def _assert_named_error(
    answer: httpx2.Response,
    status: int,
    category: str,
    sub_category: str,
    message: str,
    context: dict[str, list[str]],
) -> None:
    expected = {
        "status": "error",
        "message": message,
        "correlationId": answer.headers["x-hubspot-correlation-id"],
        "context": context,
        "category": category,
        "subCategory": f"crm.associations.{sub_category}",
    }
    assert (answer.status_code, answer.text) == (status, compact(expected))


# Batch create.


def test_a_batch_create_lists_both_directions_with_their_names(live: Crm):
    contact, company = live.pair()
    answer = _batch(live, "create", named(contact, company, PRIMARY))
    body: dict[str, Any] = {
        "status": "COMPLETE",
        "results": [
            _result(contact, company, PRIMARY),
            _result(company, contact, "company_to_contact"),
        ],
        "startedAt": "",
        "completedAt": "",
    }
    if live.is_observed:
        body |= {"errors": [], "requestedAt": None, "links": {}}
    expected = (200 if live.is_observed else 201, compact(body))
    assert (answer.status_code, _MOMENT.sub('""', answer.text)) == expected
    assert live.both_ends("contacts", contact, "companies", company) == ([1, 279], [2, 280])


@pytest.mark.parametrize(
    ("pair", "name", "there", "back"),
    [
        (("contacts", "deals"), "contact_to_deal", [4], [3]),
        (("deals", "companies"), "deal_to_company", [5, 341], [6, 342]),
        (("tickets", "contacts"), "TICKET_TO_CONTACT", [16], [15]),
        (("companies", "companies"), "13", [13, 450], [14, 450]),
        (("contacts", "companies"), "billing_contact_to_company", [279, 931], [280, 930]),
    ],
)
def test_a_link_by_name_is_read_by_number_from_both_ends(live: Crm, pair, name, there, back):
    source, target = live.pair(*pair) if pair[0] != pair[1] else live.create(pair[0], 2)
    if name.startswith("billing"):  # else the first company becomes primary in one of the profiles
        live.link("contacts", source, "companies", live.one("companies"), 1)
    assert _batch(live, "create", named(source, target, name), pair=pair).status_code in (200, 201)
    assert live.both_ends(pair[0], source, pair[1], target) == (there, back)


def test_a_link_by_name_adds_to_the_labels_that_are_there(live: Crm):
    contact, company = live.pair()
    for name in ("decision_maker", "champion"):
        _batch(live, "create", named(contact, company, name))
    rows = live.get(paths.links("v4", "contacts", contact, "companies")).json()["results"]
    labels = {each["label"] for each in rows[0]["associationTypes"]}
    assert labels == {None, "Decision maker", "Champion"}


def test_a_primary_company_moves_when_another_one_is_named_so(live: Crm):
    contact, (first, second) = live.one("contacts"), live.create("companies", 2)
    for company in (first, second):
        _batch(live, "create", named(contact, company, PRIMARY))
    assert live.links("contacts", contact, "companies") == {first: [279], second: [1, 279]}


def test_each_missing_side_is_an_item_of_its_own(live: Crm):
    contact = live.one("contacts")
    inputs = [named(ABSENT_ID, ABSENT_ID, PRIMARY), {**ends(contact, contact), "type": PRIMARY}]
    answer = _batch(live, "create", *inputs)
    context = {"objectType": ["contact"], "id": [ABSENT_ID]}
    message = f"No contact with ID {ABSENT_ID} exists"
    missing = [
        item(live, message, NOT_FOUND, context, "FROM_OBJECT_NOT_FOUND"),
        item(
            live,
            f"No company with ID {ABSENT_ID} exists",
            NOT_FOUND,
            context | {"objectType": ["company"]},
            "TO_OBJECT_NOT_FOUND",
        ),
        item(
            live,
            f"No company with ID {contact} exists",
            NOT_FOUND,
            {"objectType": ["company"], "id": [contact]},
            "TO_OBJECT_NOT_FOUND",
        ),
    ]
    assert answer.status_code == 207
    assert answer.json()["errors"] == missing
    assert answer.json()["numErrors"] == 3


@pytest.mark.parametrize("verb", ["create", "archive"])
def test_a_bad_type_refuses_the_whole_batch_and_hints_at_the_names(live: Crm, verb: str):
    deal, contact = live.pair("deals", "contacts")
    inputs = [named(deal, contact, "deal_to_contact"), named(deal, contact, "test")]
    answer = _batch(live, verb, *inputs, pair=("0-3", "contact"))
    _assert_named_error(
        answer,
        400,
        VALIDATION,
        "INVALID_ASSOCIATION_TYPE",
        "test is not a valid association type between deals and contacts",
        {"type": ["test"], "fromObjectType": ["deals"], "toObjectType": ["contacts"]},
    )
    assert "deal_to_contact (HUBSPOT_DEFINED=3)" in answer.headers["x-edgewise-hint"]
    assert live.links("deals", deal, "contacts") == {}


# Batch read and archive.


def test_a_batch_read_shows_the_primary_company_alone(live: Crm):
    contact, (first, second) = live.one("contacts"), live.create("companies", 2)
    for company, name in ((first, UNLABELLED), (second, PRIMARY)):
        _batch(live, "create", named(contact, company, name))
    answer = _read(live, contact)
    assert (answer.status_code, answer.json()["results"]) == (
        200,
        [{"from": {"id": contact}, "to": [{"id": second, "type": PRIMARY}]}],
    )
    back = _read(live, first, second, pair=("companies", "contacts")).json()["results"]
    assert [[each["type"] for each in result["to"]] for result in back] == [
        ["company_to_contact_unlabeled"],
        ["company_to_contact", "company_to_contact_unlabeled"],
    ]


def test_a_batch_read_reports_a_record_without_links(live: Crm):
    contact = live.one("contacts")
    context = {"fromObjectId": [contact], "fromObjectType": ["contact"], "toObjectType": ["company"]}
    message = f"No company is associated with contact {contact}."
    error = item(live, message, NOT_FOUND, context, "NO_ASSOCIATIONS_FOUND")
    assert_partly_failed(_read(live, contact), [], [error])


def test_a_batch_read_is_cut_at_100_and_its_link_leads_to_the_rest(live: Crm):
    company, contacts = live.one("companies"), live.create("contacts", 130)
    inputs = [named(company, contact, "company_to_contact_unlabeled") for contact in contacts]
    assert _batch(live, "create", *inputs, pair=("companies", "contacts")).status_code in (200, 201)
    link_types = 1 if live.is_observed else 2
    (result,) = _read(live, company, pair=("companies", "contacts")).json()["results"]
    assert len(result["to"]) == 100
    following = urlsplit(result["paging"]["next"]["link"])
    assert following.path == f"/crm/v3/objects/0-2/{company}/associations/0-1"
    rest = live.get(f"{following.path}?{following.query}").json()
    assert "paging" not in rest
    shown = [each["id"] for each in (*result["to"], *rest["results"])]
    assert list(dict.fromkeys(shown)) == contacts
    assert len(shown) == 130 * link_types


def test_an_archive_takes_the_named_type_alone(live: Crm):
    contact, company = live.pair()
    _batch(live, "create", named(contact, company, PRIMARY))
    for name, left in ((PRIMARY, ([279], [280])), (UNLABELLED, ([], []))):
        answer = _batch(live, "archive", named(contact, company, name))
        assert (answer.status_code, answer.content) == (204, b"")
        assert live.both_ends("contacts", contact, "companies", company) == left


# Types.


def test_types_are_listed_by_name_with_labels_under_their_internal_names(live: Crm):
    answer = live.get("/crm/v3/associations/contact/company/types")
    assert answer.status_code == 200
    found = {each["name"]: each["id"] for each in answer.json()["results"]}
    assert (
        found.items()
        >= {
            PRIMARY: "1",
            UNLABELLED: "279",
            "billing_contact_to_company": "931",
            "decision_maker": str(DECISION_MAKER),
        }.items()
    )
    assert not any("legacy" in name for name in found)
    back = live.get("/crm/v3/associations/0-2/0-1/types").json()["results"]
    assert {"id": str(DECIDED_BY), "name": "decided_by"} in back


# One record.


def test_the_list_of_a_record_has_one_entry_for_each_type(live: Crm):
    contact, company = live.pair()
    _batch(live, "create", named(contact, company, PRIMARY))
    entries = [{"id": company, "type": name} for name in (PRIMARY, UNLABELLED)]
    listed = live.get(paths.links("v3", "contacts", contact, "companies"))
    assert (listed.status_code, listed.json()) == (200, {"results": entries})
    record = live.get(paths.record("v3", "contacts", contact), params={"associations": "companies"})
    assert record.json()["associations"] == {"companies": {"results": entries}}


@TYPED
@pytest.mark.parametrize("name", [PRIMARY, PRIMARY.upper(), 1])
def test_a_typed_put_answers_the_record_and_a_typed_delete_nothing(live: Crm, version: str, name: str | int):
    contact, company = live.pair()
    answer = live.put(_typed(version, contact, company, name))
    assert (answer.status_code, answer.json()) == (
        200,
        live.get(paths.record(version, "contacts", contact)).json(),
    )
    assert live.both_ends("contacts", contact, "companies", company) == ([1, 279], [2, 280])
    for type_name, left in ((name, ([279], [280])), (279, ([], []))):
        answer = live.delete(_typed(version, contact, company, type_name))
        assert (answer.status_code, answer.content) == (204, b"")
        assert live.both_ends("contacts", contact, "companies", company) == left


@TYPED
def test_a_typed_put_to_a_missing_side_is_a_404_that_says_which(live: Crm, version: str):
    contact, company = live.pair()
    for source, target, kind, side in (
        (ABSENT_ID, company, "contact", "FROM"),
        (contact, ABSENT_ID, "company", "TO"),
    ):
        _assert_named_error(
            live.put(_typed(version, source, target, PRIMARY)),
            404,
            NOT_FOUND,
            f"{side}_OBJECT_NOT_FOUND",
            f"No {kind} with ID {ABSENT_ID} exists",
            {"objectType": [kind], "id": [ABSENT_ID]},
        )


@TYPED
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_typed_path_with_a_bad_type_is_refused(live: Crm, version: str, method: str):
    contact, company = live.pair()
    _assert_named_error(
        live.call(method, _typed(version, contact, company, "280")),
        400,
        VALIDATION,
        "INVALID_ASSOCIATION_TYPE",
        "280 is not a valid association type between contacts and companies",
        {"type": ["280"], "fromObjectType": ["contacts"], "toObjectType": ["companies"]},
    )


@pytest.mark.parametrize("version", ["2025-09", "2026-03"])
def test_a_default_link_is_not_taken_for_a_typed_one(live: Crm, version: str):
    contact, company = live.pair()
    answer = live.put(paths.default_link(version, "contacts", contact, "companies", company))
    assert answer.json()["results"][0]["associationSpec"]["associationTypeId"] == 279
