"""Values of properties: what is refused and in which words, however it is written, and how the others are kept."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import httpx2
import pytest

from tests.conformance.errors import VALIDATION, compact
from tests.support.crm import ABSENT_ID, Crm
from tests.support.properties import new_property, property_of, unique_name

RECORDS = "/crm/objects/2026-03/contacts"
PORTAL_ID = 1_000_001

OPTIONS = [{"label": each.upper(), "value": each, "hidden": each == "c"} for each in ("a", "b", "c")]
OWN = {
    "values_text": {"type": "string", "fieldType": "text"},
    "values_number": {"type": "number", "fieldType": "number"},
    "values_bool": {"type": "bool", "fieldType": "booleancheckbox"},
    "values_date": {"type": "date", "fieldType": "date"},
    "values_moment": {"type": "datetime", "fieldType": "date"},
    "values_one": {"type": "enumeration", "fieldType": "select", "options": OPTIONS},
    "values_many": {"type": "enumeration", "fieldType": "checkbox", "options": OPTIONS},
    "values_phone": {"type": "phone_number", "fieldType": "phonenumber"},
    "values_sum": {"type": "number", "fieldType": "calculation_equation", "calculationFormula": "1 + 1"},
}


@pytest.fixture(autouse=True, scope="module")
def own(live: Crm) -> None:
    """A property of each type; there already when the server was here before."""
    for name, further in OWN.items():
        answer = live.post("/crm/v3/properties/contacts", property_of(name, **further))
        assert answer.status_code in (201, 409), answer.text


class Refused(NamedTuple):
    """A value that is refused, and how it is told."""

    name: str
    value: Any
    error: str
    message: str


def _option(name: str, value: str, told: str, allowed: str) -> Refused:
    return Refused(name, value, "INVALID_OPTION", f"{told} was not one of the allowed options: [{allowed}]")


def _read_only(name: str, value: Any, what: str) -> Refused:
    return Refused(name, value, "READ_ONLY_VALUE", f'"{name}" is a {what} property; its value cannot be set.')


def _spaced(name: str, value: str, told: str | None = None) -> Refused:
    told = value if told is None else told
    message = f'"{told}" includes leading or trailing whitespace.'
    return Refused(name, value, "LEADING_TRAILING_WHITESPACE", message)


_OWNER = "was not a valid integer (for owner ID)."
REFUSED = [
    Refused("color", "red", "PROPERTY_DOESNT_EXIST", 'Property "color" does not exist'),
    Refused("Email", "a@b.example", "PROPERTY_DOESNT_EXIST", 'Property "Email" does not exist'),
    _read_only("hs_email_domain", "x.example", "calculated"),
    _read_only("values_sum", 5, "calculated"),
    _read_only("values_sum", None, "calculated"),
    _read_only("hs_object_id", "5", "read only"),
    _read_only("createdate", "2026-11-24", "read only"),
    _read_only("hs_object_id", "", "read only"),
    Refused("email", "test222", "INVALID_EMAIL", "Email address test222 is invalid"),
    _option("values_one", "x", "x", "a, b, c"),
    _option("values_one", "a;b", "a;b", "a, b, c"),
    _option("values_many", "a;x;y", "x", "a, b, c"),
    _option("values_bool", "yes", "yes", "true, false"),
    _option("values_bool", 1, "1", "true, false"),
    Refused("values_number", "many", "INVALID_INTEGER", "many was not a valid number"),
    Refused("values_number", "1,5", "INVALID_INTEGER", "1,5 was not a valid number"),
    Refused("values_number", True, "INVALID_INTEGER", "true was not a valid number"),
    Refused("hubspot_owner_id", "29947847357121", "INVALID_INTEGER", f"29947847357121 {_OWNER}"),
    Refused("hubspot_owner_id", "Ann", "INVALID_INTEGER", f"Ann {_OWNER}"),
    Refused(
        "values_date", "1496643178000", "INVALID_DATE", "1496643178000 is at 6:12:58.0 UTC, not midnight!"
    ),
    Refused(
        "values_date",
        "2026-11-24T01:00:00Z",
        "INVALID_DATE",
        "1795482000000 is at 1:0:0.0 UTC, not midnight!",
    ),
    Refused("values_date", "soon", "INVALID_LONG", "soon was not a valid long."),
    Refused("values_moment", "24.11.2026", "INVALID_LONG", "24.11.2026 was not a valid long."),
    Refused("values_moment", "2026-02-30", "INVALID_LONG", "2026-02-30 was not a valid long."),
    _spaced("values_number", " 1"),
    _spaced("values_bool", "true "),
    _spaced("values_date", "2026-11-24\u00a0"),
    _spaced("values_moment", "\u200b2026-11-24"),
    _spaced("values_one", "a\t"),
    _spaced("values_many", "a; b", " b"),
    _spaced("hubspot_owner_id", " 41629779"),
]


class Kept(NamedTuple):
    """A value that is taken, and how it is kept."""

    name: str
    sent: Any
    kept: str | None


KEPT = [
    Kept("values_text", " as it is ", " as it is "),
    Kept("values_text", 5, "5"),
    Kept("values_text", False, "false"),
    Kept("values_phone", "call me", "call me"),
    Kept("values_number", "-1.50", "-1.50"),
    Kept("values_number", 1.5, "1.5"),
    Kept("values_number", "1e3", "1e3"),
    Kept("values_number", "", None),
    Kept("values_bool", True, "true"),
    Kept("values_bool", "false", "false"),
    Kept("values_date", "2026-11-24", "2026-11-24"),
    Kept("values_date", 1_577_836_800_000, "2020-01-01"),
    Kept("values_date", "2020-01-01T02:00:00+02:00", "2020-01-01"),
    Kept("values_moment", "2026-10-05T13:00:00+02:00", "2026-10-05T11:00:00.000Z"),
    Kept("values_moment", "1521225089103", "2018-03-16T18:31:29.103Z"),
    Kept("values_moment", "2026-10-05", "2026-10-05T00:00:00.000Z"),
    Kept("values_one", "b", "b"),
    Kept("values_one", "c", "c"),
    Kept("values_many", "b;a", "b;a"),
    Kept("values_many", ";c;a;a", "c;a"),
    Kept("values_many", None, None),
    Kept("hubspot_owner_id", "123456789012", "123456789012"),
]

Write = Callable[[Crm, str, dict[str, Any]], httpx2.Response]
"""Write values of a record by its id; what creates one does without the id."""


def _inputs(crm: Crm, verb: str, *inputs: dict[str, Any]) -> httpx2.Response:
    return crm.post(f"{RECORDS}/batch/{verb}", {"inputs": list(inputs)})


def _create(crm: Crm, record_id: str, values: dict[str, Any]) -> httpx2.Response:
    return crm.post(RECORDS, {"properties": values})


def _update(crm: Crm, record_id: str, values: dict[str, Any]) -> httpx2.Response:
    return crm.patch(f"{RECORDS}/{record_id}", {"properties": values})


def _create_many(crm: Crm, record_id: str, values: dict[str, Any]) -> httpx2.Response:
    others = {name: value for name, value in values.items() if name == "city"}
    return _inputs(crm, "create", {"properties": others}, {"properties": values})


def _update_many(crm: Crm, record_id: str, values: dict[str, Any]) -> httpx2.Response:
    other = {"id": crm.one("contacts"), "properties": {"city": values.get("city", "")}}
    return _inputs(crm, "update", other, {"id": record_id, "properties": values})


def _upsert_many(crm: Crm, record_id: str, values: dict[str, Any]) -> httpx2.Response:
    new = {"id": f"{uuid4().hex}@example.org", "idProperty": "email"}
    other = {**new, "properties": {"city": values.get("city", "")}}
    return _inputs(crm, "upsert", other, {"id": record_id, "properties": values})


def _upsert_new(crm: Crm, record_id: str, values: dict[str, Any]) -> httpx2.Response:
    new = {"id": f"{uuid4().hex}@example.org", "idProperty": "email"}
    return _inputs(crm, "upsert", {**new, "properties": values})


SINGLE: list[Write] = [_create, _update]
WRITES: list[Write] = [*SINGLE, _create_many, _update_many, _upsert_many, _upsert_new]


def _body(correlation_id: str, *refused: Refused) -> str:
    """The whole body of a refusal, keys in the order that recordings show."""
    listed = [
        {
            "isValid": False,
            "message": each.message,
            "error": each.error,
            "name": each.name,
            "localizedErrorMessage": each.message,
            "portalId": PORTAL_ID,
        }
        for each in refused
    ]
    return compact(
        {
            "status": "error",
            "message": f"Property values were not valid: {compact(listed)}",
            "correlationId": correlation_id,
            "errors": _details(*refused),
            "category": VALIDATION,
        }
    )


def _details(*refused: Refused) -> list[dict[str, Any]]:
    return [
        {"message": each.message, "code": each.error, "context": {"propertyName": [each.name]}}
        for each in refused
    ]


def _assert_refused(answer: httpx2.Response, *refused: Refused) -> None:
    body = _body(answer.headers["x-hubspot-correlation-id"], *refused)
    assert (answer.status_code, answer.text) == (400, body)


def _found(crm: Crm, name: str, value: str) -> list[str]:
    """The records that have a value."""
    filters = [{"propertyName": name, "operator": "EQ", "value": value}]
    answer = crm.post(f"{RECORDS}/search", {"filterGroups": [{"filters": filters}]})
    return [each["id"] for each in answer.json()["results"]]


def _read(crm: Crm, record_id: str, *names: str) -> Any:
    asked = {"properties": ",".join([*OWN, "firstname", "city", "hubspot_owner_id", *names])}
    return crm.get(f"{RECORDS}/{record_id}", params=asked).json()


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("refused", REFUSED, ids=lambda each: f"{each.name}-{each.value}")
def test_a_value_that_is_refused_is_told_and_nothing_is_written(live: Crm, refused: Refused, write: Write):
    record_id = live.post(RECORDS, {"properties": {"firstname": "Ann", "values_one": "b"}}).json()["id"]
    before, marker = _read(live, record_id), uuid4().hex
    answer = write(live, record_id, {"city": marker, refused.name: refused.value, "firstname": "Eve"})
    _assert_refused(answer, refused)
    assert _read(live, record_id) == before
    assert _found(live, "city", marker) == []


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("kept", KEPT, ids=lambda each: f"{each.name}-{each.sent}")
def test_a_value_that_is_taken_is_kept_in_one_form(live: Crm, kept: Kept, write: Write):
    record_id, marker = live.one("contacts"), uuid4().hex
    answer = write(live, record_id, {kept.name: kept.sent, "firstname": marker})
    assert answer.status_code in (200, 201), answer.text
    [written] = _found(live, "firstname", marker)
    assert _read(live, written)["properties"][kept.name] == kept.kept
    told = answer.json() if write in SINGLE else answer.json()["results"][-1]
    assert told["properties"].get(kept.name) == kept.kept


@pytest.mark.parametrize("write", WRITES)
def test_all_that_is_refused_is_told_in_the_order_of_the_request(live: Crm, write: Write):
    wrong = [
        _option("values_one", "x", "x", "a, b, c"),
        Refused("color", "red", "PROPERTY_DOESNT_EXIST", 'Property "color" does not exist'),
        Refused("email", "test222", "INVALID_EMAIL", "Email address test222 is invalid"),
    ]
    values = {"values_text": "t", **{each.name: each.value for each in wrong}, "values_number": "1"}
    _assert_refused(write(live, live.one("contacts"), values), *wrong)


def test_an_email_is_kept_in_small_letters_and_told_in_any(live: Crm):
    email = f"{uuid4().hex}@Example.ORG"
    made = live.post(RECORDS, {"properties": {"email": email.upper()}}).json()
    assert made["properties"]["email"] == email.lower()
    assert live.get(f"{RECORDS}/{email}", params={"idProperty": "email"}).json()["id"] == made["id"]


def test_options_are_added_to_those_that_a_record_has(live: Crm):
    record_id = live.post(RECORDS, {"properties": {"values_many": "b"}}).json()["id"]
    for write, sent, after in (
        (_update, ";a", "b;a"),
        (_update_many, ";c;a", "b;a;c"),
        (_upsert_many, ";b", "b;a;c"),
        (_update, "a", "a"),
        (_update, ";", "a"),
    ):
        assert write(live, record_id, {"values_many": sent}).status_code == 200
        assert _read(live, record_id)["properties"]["values_many"] == after


@pytest.mark.parametrize("cleared", ["", None])
@pytest.mark.parametrize(
    ("name", "value"), [(each.name, each.kept) for each in KEPT if each.kept], ids=lambda each: each
)
def test_a_value_is_cleared_by_an_empty_one(live: Crm, name: str, value: str, cleared: str | None):
    record_id = live.post(RECORDS, {"properties": {name: value}}).json()["id"]
    assert _update(live, record_id, {name: cleared}).status_code == 200
    assert _read(live, record_id)["properties"][name] is None


def test_values_are_judged_before_the_record_is_looked_for(live: Crm):
    color = REFUSED[0]
    _assert_refused(_update(live, ABSENT_ID, {"color": "red"}), color)
    _assert_refused(_inputs(live, "update", {"id": ABSENT_ID, "properties": {"color": "red"}}), color)


@pytest.mark.parametrize("verb", ["create", "update", "upsert"])
def test_inputs_with_trace_ids_are_refused_one_by_one(live: Crm, verb: str):
    color = REFUSED[0]
    marker, ids = uuid4().hex, live.create("contacts", 2)
    inputs = [
        {"id": ids[0], "objectWriteTraceId": "good", "properties": {"city": marker}},
        {"id": ids[1], "objectWriteTraceId": "bad", "properties": {"city": marker, "color": "red"}},
    ]
    answer = _inputs(live, verb, *inputs)
    body = answer.json()
    assert (answer.status_code, body["numErrors"]) == (207, 1)
    assert [each["objectWriteTraceId"] for each in body["results"]] == ["good"]
    [item] = body["errors"]
    assert item["errors"] == _details(color)
    assert item["context"] == {"objectWriteTraceId": ["bad"]}
    assert item["message"].startswith('Property values were not valid: [{"isValid":false,')
    assert _found(live, "city", marker) == [body["results"][0]["id"]]


def test_an_upsert_makes_no_record_by_a_property_that_is_not_there_or_not_to_be_set(live: Crm):
    for name, told in (("color", REFUSED[0]), ("hs_email_domain", REFUSED[2])):
        new = {"id": told.value, "idProperty": name, "properties": {"city": "Rome"}}
        _assert_refused(_inputs(live, "upsert", new), told)


@pytest.fixture
def unique(live: Crm) -> Iterator[str]:
    """A property of discounts with unique values, archived after the test since there are few."""
    name = unique_name()
    yield new_property(live, "discounts", name=name, hasUniqueValue=True, groupName="discount_information")
    live.delete(f"/crm/v3/properties/discounts/{name}")


def test_no_two_live_records_have_one_unique_value(live: Crm, unique: str):
    path = "/crm/v3/objects/discounts"
    held = live.post(path, {"properties": {unique: "A"}}).json()["id"]
    other = live.post(path, {"properties": {unique: "B"}}).json()["id"]
    taken = {"properties": {unique: "A"}}
    for refused in (live.post(path, taken), live.patch(f"{path}/{other}", taken)):
        body = refused.json()
        assert (refused.status_code, body["category"]) == (409, "CONFLICT")
        assert body["message"] == f"Discount already exists. Existing ID: {held}"
    for inputs in ([{"properties": {}}, taken], [{"properties": {unique: "C"}}] * 2):
        refused = live.post(f"{path}/batch/create", {"inputs": inputs})
        assert (refused.status_code, refused.json()["message"]) == (409, "Discount already exists")
    refused = live.post(f"{path}/batch/update", {"inputs": [{"id": other, **taken}]})
    assert (refused.status_code, refused.json()["message"]) == (409, "Discount already exists")
    traced = [{**taken, "objectWriteTraceId": "x"}, {"properties": {unique: "a"}, "objectWriteTraceId": "y"}]
    answer = live.post(f"{path}/batch/create", {"inputs": traced})
    assert (answer.status_code, len(answer.json()["results"])) == (207, 1)
    assert answer.json()["errors"][0]["context"] == {"objectWriteTraceId": ["x"], "existingId": [held]}
    live.delete(f"{path}/{held}")
    assert live.patch(f"{path}/{other}", taken).status_code == 200


def test_a_unique_value_tells_the_record(live: Crm, unique: str):
    path, told = "/crm/v3/objects/discounts", {"idProperty": unique}
    upsert = {"inputs": [{"id": "A", **told, "properties": {"hs_label": "First"}}]}
    made = live.post(f"{path}/batch/upsert", upsert).json()["results"][0]
    assert (made["new"], made["properties"][unique]) == (True, "A")
    again = live.post(f"{path}/batch/upsert", upsert).json()["results"][0]
    assert (again["new"], again["id"]) == (False, made["id"])
    assert live.get(f"{path}/A", params=told).json()["id"] == made["id"]
    assert live.get(f"{path}/a", params=told).status_code == 404
    changed = live.patch(f"{path}/A", {"properties": {unique: "B"}}, params=told)
    assert (changed.status_code, changed.json()["id"]) == (200, made["id"])
    read = live.post(f"{path}/batch/read", {"inputs": [{"id": "B"}, {"id": "A"}], **told})
    assert ([each["id"] for each in read.json()["results"]], read.json()["numErrors"]) == ([made["id"]], 1)
