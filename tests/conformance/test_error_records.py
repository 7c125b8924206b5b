"""What goes wrong with records: missing, repeated, created with a bad association."""

import pytest

from tests.conformance.errors import (
    INVALID_ASSOCIATIONS,
    NOT_FOUND,
    assert_error,
    assert_partly_failed,
    item,
)
from tests.support import paths
from tests.support.crm import ABSENT_ID, HUBSPOT, Crm, spec

VERSIONS = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)


def _inline(company: str, *type_ids: int) -> dict[str, object]:
    types = [spec(type_id) for type_id in type_ids]
    return {"properties": {}, "associations": [{"to": {"id": company}, "types": types}]}


@VERSIONS
def test_a_missing_record_is_not_found(live: Crm, version):
    path = paths.record(version, "contacts", ABSENT_ID)
    for answer in (live.get(path), live.patch(path, {"properties": {}})):
        assert_error(live, answer, 404, "resource not found", NOT_FOUND)


@VERSIONS
def test_an_archived_record_is_not_found(live: Crm, version):
    path = paths.record(version, "contacts", live.one("contacts"))
    assert live.delete(path).status_code == 204
    for answer in (live.get(path), live.patch(path, {"properties": {}})):
        assert_error(live, answer, 404, "resource not found", NOT_FOUND)
    assert live.get(path, params={"archived": "true"}).status_code == 200


@VERSIONS
def test_a_record_of_another_type_with_the_same_id_is_not_found(live: Crm, version):
    contact = live.one("contacts")
    answer = live.get(paths.record(version, "companies", contact))
    assert_error(live, answer, 404, "resource not found", NOT_FOUND)


@VERSIONS
def test_a_batch_read_names_the_missing_records_in_one_error(live: Crm, version):
    contact = live.one("contacts")
    inputs = [{"id": ABSENT_ID}, {"id": contact}, {"id": "1"}]
    answer = live.post(f"{paths.records(version, 'contacts')}/batch/read", {"inputs": inputs})
    message = (
        "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."
    )
    found = answer.json()["results"]
    assert [each["id"] for each in found] == [contact]
    errors = [item(live, message, NOT_FOUND, {"ids": [ABSENT_ID, "1"]})]
    assert_partly_failed(answer, _blotted(found), errors)


@VERSIONS
def test_a_batch_read_refuses_a_record_named_twice(live: Crm, version):
    inputs = [{"id": "123456"}, {"id": 123456}, {"id": "5"}]
    answer = live.post(f"{paths.records(version, 'contacts')}/batch/read", {"inputs": inputs})
    message = "Duplicate IDs found in batch input: [123456]. IDs must be unique"
    assert_error(live, answer, 400, message, context={"ids": ["123456"]})


@VERSIONS
def test_an_association_that_starts_at_another_type_fails_the_create(live: Crm, version):
    answer = live.post(paths.records(version, "contacts"), _inline(live.one("companies"), 190))
    message = (
        "invalid from object type 0-1 for associations to be created. expected: 0-46. For definition 0-190"
    )
    assert_error(live, answer, 400, message)


@VERSIONS
def test_an_association_of_an_unknown_type_fails_the_create(live: Crm, version):
    answer = live.post(paths.records(version, "contacts"), _inline(live.one("companies"), 999_999))
    text = f"{HUBSPOT}=999999"
    context = {
        "associationSpec": [text],
        "INVALID_ASSOCIATION_TYPE_ID": [f"{text} is not a valid association definition id"],
    }
    assert_error(live, answer, 400, INVALID_ASSOCIATIONS, context=context)


@VERSIONS
def test_an_association_with_a_missing_record_fails_the_create(live: Crm, version):
    answer = live.post(paths.records(version, "contacts"), _inline(ABSENT_ID, 279))
    context = {
        "INVALID_OBJECT_IDS": [f"COMPANY={ABSENT_ID} is not valid"],
        "objectId": [ABSENT_ID],
        "objectType": ["COMPANY"],
    }
    assert_error(live, answer, 400, INVALID_ASSOCIATIONS, context=context)


@VERSIONS
@pytest.mark.parametrize("bad", [280, 999_999])
def test_one_bad_association_creates_nothing(live: Crm, version, bad):
    last = live.one("contacts")
    company = live.one("companies")
    refused = live.post(paths.records(version, "contacts"), _inline(company, 279, bad))
    refused_batch = live.post(
        f"{paths.records(version, 'contacts')}/batch/create",
        {"inputs": [{"properties": {}}, _inline(company, 279), _inline(company, bad)]},
    )
    assert (refused.status_code, refused_batch.status_code) == (400, 400)
    listed = live.get(paths.records(version, "contacts"), params={"after": last}).json()
    assert [each["id"] for each in listed["results"]] == [last]
    assert live.links("companies", company, "contacts") == {}


@VERSIONS
def test_a_list_as_a_value_is_refused(live: Crm, version):
    answer = live.post(paths.records(version, "contacts"), {"properties": {"email": ["a", "b"]}})
    message = "The value of property email must be text"
    assert_error(live, answer, 400, message, context={"propertyName": ["email"]})


def _blotted(records: list[dict[str, object]]) -> list[dict[str, object]]:
    """Records with their moments left out, as the comparison does."""
    for record in records:
        record["createdAt"] = record["updatedAt"] = ""
        properties = record["properties"]
        assert isinstance(properties, dict)
        for name in ("createdate", "lastmodifieddate"):
            properties[name] = ""
    return records
