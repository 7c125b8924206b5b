"""What batches of records do: change, make and archive, each record once and in order."""

import pytest

from tests.conformance.errors import NOT_FOUND, assert_error, item
from tests.support import paths
from tests.support.crm import ABSENT_ID, Crm

VERSIONS = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)


def _batch(live: Crm, version: str, verb: str, *inputs: dict):
    return live.post(f"{paths.records(version, 'contacts')}/batch/{verb}", {"inputs": list(inputs)})


def _read(live: Crm, record_id: str, *names: str) -> dict:
    query = {"properties": ",".join(names)}
    return live.get(paths.record("v3", "contacts", record_id), params=query).json()["properties"]


def _email(live: Crm) -> str:
    """An address that nobody has."""
    return f"Ann{live.one('deals')}@Example.org"


@VERSIONS
def test_an_update_changes_what_it_names_of_each_record(live: Crm, version):
    ann, ben = live.create("contacts", 2)
    _batch(live, version, "update", {"id": ann, "properties": {"firstname": "A", "zip": 1}})
    answer = _batch(
        live,
        version,
        "update",
        {"id": ann, "properties": {"firstname": "Ann"}, "objectWriteTraceId": "x"},
        {"id": ben, "properties": {"firstname": "Ben", "zip": ""}},
    )
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(each["id"], each.get("objectWriteTraceId")) for each in results] == [(ann, "x"), (ben, None)]
    assert (results[0]["properties"]["firstname"], results[0]["properties"]["zip"]) == ("Ann", "1")
    assert _read(live, ben, "firstname", "zip")["firstname"] == "Ben"


@VERSIONS
@pytest.mark.parametrize("verb", ["update", "upsert"])
def test_missing_records_are_one_error_and_the_others_are_changed(live: Crm, version, verb):
    ann = live.one("contacts")
    changes = [{"id": each, "properties": {"firstname": "Ann"}} for each in (ABSENT_ID, ann, "1")]
    answer = _batch(live, version, verb, *changes)
    message = (
        "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."
    )
    assert answer.status_code == 207
    assert answer.json()["errors"] == [item(live, message, NOT_FOUND, {"ids": [ABSENT_ID, "1"]})]
    assert _read(live, ann, "firstname")["firstname"] == "Ann"


@VERSIONS
def test_an_update_refuses_a_record_named_twice(live: Crm, version):
    changes = [{"id": each, "properties": {}} for each in ("123456", 123456, "5")]
    answer = _batch(live, version, "update", *changes)
    message = "Duplicate IDs found in batch input: [123456]. IDs must be unique"
    assert_error(live, answer, 400, message, context={"ids": ["123456"]})
    by_email = [{"id": each, "idProperty": "email", "properties": {}} for each in ("A@b.c", "a@b.c")]
    answer = _batch(live, version, "update", *by_email)
    message = "Duplicate IDs found in batch input: [A@b.c]. IDs must be unique"
    assert_error(live, answer, 400, message, context={"ids": ["A@b.c"]})


@VERSIONS
@pytest.mark.parametrize("verb", ["update", "upsert"])
def test_one_bad_value_changes_nothing(live: Crm, version, verb):
    ann, ben = live.create("contacts", 2)
    changes = [{"id": ann, "properties": {"firstname": "A"}}, {"id": ben, "properties": {"firstname": {}}}]
    answer = _batch(live, version, verb, *changes)
    message = "The value of property firstname must be text"
    assert_error(live, answer, 400, message, context={"propertyName": ["firstname"]})
    assert _read(live, ann, "firstname")["firstname"] is None


@VERSIONS
def test_an_upsert_makes_a_record_once_and_then_changes_it(live: Crm, version):
    email = _email(live)
    inputs = [
        {"id": text, "idProperty": "email", "properties": {"firstname": name}}
        for text, name in ((email, "A"), (email.lower(), "B"))
    ]
    for is_new in (True, False):
        answer = _batch(live, version, "upsert", *inputs)
        assert answer.status_code == 200, answer.text
        first, second = answer.json()["results"]
        assert (first["new"], second["new"], first["id"]) == (is_new, False, second["id"])
    assert _read(live, first["id"], "email", "firstname")["email"] == email.lower()
    assert _read(live, first["id"], "email", "firstname")["firstname"] == "B"


@VERSIONS
def test_any_property_may_tell_a_record(live: Crm, version):
    code = live.one("deals")
    change = {"id": code, "idProperty": "fax", "properties": {"firstname": "A"}}
    made = _batch(live, version, "upsert", change).json()["results"][0]
    assert made["properties"]["fax"] == code
    read = live.get(paths.record(version, "contacts", code), params={"idProperty": "fax"})
    assert read.json()["id"] == made["id"]
    updated = _batch(live, version, "update", {**change, "properties": {"firstname": "B"}})
    assert updated.json()["results"][0]["id"] == made["id"]
    several = live.post(
        f"{paths.records(version, 'contacts')}/batch/read",
        {"inputs": [{"id": code}], "idProperty": "fax", "properties": ["firstname"]},
    )
    assert several.json()["results"][0]["properties"]["firstname"] == "B"


@VERSIONS
def test_one_record_is_read_and_changed_by_its_email_in_any_case(live: Crm, version):
    email = _email(live)
    made = live.post(paths.records(version, "contacts"), {"properties": {"email": email}}).json()
    path, query = paths.record(version, "contacts", email.upper()), {"idProperty": "email"}
    assert live.get(path, params=query).json()["id"] == made["id"]
    changed = live.patch(path, {"properties": {"firstname": "A"}}, params=query).json()
    assert (changed["id"], changed["properties"]["firstname"]) == (made["id"], "A")
    missing = paths.record(version, "contacts", "x" + email)
    for answer in (
        live.get(missing, params=query),
        live.patch(missing, {"properties": {}}, params=query),
    ):
        assert_error(live, answer, 404, "resource not found", NOT_FOUND)


@VERSIONS
def test_records_are_archived_together_with_their_links(live: Crm, version):
    ann, company = live.pair()
    live.link("contacts", ann, "companies", company)
    for _ in range(2):
        answer = _batch(live, version, "archive", {"id": ann}, {"id": ABSENT_ID})
        assert (answer.status_code, answer.content) == (204, b"")
    assert live.get(paths.record(version, "contacts", ann)).status_code == 404
    assert live.links("companies", company, "contacts") == {}


@VERSIONS
@pytest.mark.parametrize("verb", ["update", "upsert", "archive"])
def test_a_batch_has_at_most_a_hundred_inputs(live: Crm, version, verb):
    answer = _batch(live, version, verb, *[{"id": n, "properties": {}} for n in range(1, 102)])
    message = (
        "The maximum number of inputs supported in a batch is 100. "
        "Please reduce the number of items and try again"
    )
    assert_error(live, answer, 400, message)
