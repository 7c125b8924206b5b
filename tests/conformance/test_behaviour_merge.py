"""What becomes of records that are merged, and of those that are removed for good."""

import pytest

from tests.conformance.errors import NOT_FOUND, assert_error
from tests.support import paths
from tests.support.crm import ABSENT_ID, Crm

VERSIONS = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
MISSING = "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid."


def _merge(live: Crm, version: str, winner: str, loser: str, object_type: str = "contacts"):
    body = {"primaryObjectId": winner, "objectIdToMerge": loser}
    return live.post(f"{paths.records(version, object_type)}/merge", body)


def _gdpr_delete(live: Crm, version: str, object_id: str, **further: str):
    body = {"objectId": object_id, **further}
    return live.post(f"{paths.records(version, 'contacts')}/gdpr-delete", body)


def _create(live: Crm, **properties: str) -> str:
    return live.post(paths.records("v3", "contacts"), {"properties": properties}).json()["id"]


@VERSIONS
def test_the_values_of_the_primary_record_win(live: Crm, version):
    ann, anne = _create(live, firstname="Ann", zip="1"), _create(live, firstname="Anne", city="Köln")
    answer = _merge(live, version, ann, anne)
    assert answer.status_code == 200
    merged = answer.json()
    assert (merged["id"], merged["archived"]) == (ann, False)
    expected = {"firstname": "Ann", "zip": "1", "city": "Köln"}
    assert {name: merged["properties"][name] for name in expected} == expected


@VERSIONS
def test_links_of_both_are_combined(live: Crm, version):
    ann, anne = live.create("contacts", 2)
    own, other = live.create("companies", 2)
    live.link("contacts", ann, "companies", own, 1)
    live.link("contacts", anne, "companies", other, 1)
    live.link("contacts", ann, "contacts", anne)
    assert _merge(live, version, ann, anne).status_code == 200
    assert live.links("contacts", ann, "companies") == {own: [1, 279], other: [279]}
    assert live.links("companies", other, "contacts") == {ann: [280]}
    assert live.links("contacts", ann, "contacts") == {}
    assert live.links("contacts", anne, "companies") == {}


@VERSIONS
def test_the_id_of_the_merged_record_works_alone_and_not_in_a_batch(live: Crm, version):
    ann, anne = live.create("contacts", 2)
    _merge(live, version, ann, anne)
    path = paths.record(version, "contacts", anne)
    assert live.get(path).json()["id"] == ann
    changed = live.patch(path, {"properties": {"firstname": "Ann"}}).json()
    assert (changed["id"], changed["properties"]["firstname"]) == (ann, "Ann")
    for verb in ("read", "update"):
        body = {"inputs": [{"id": anne, "properties": {}}]}
        answer = live.post(f"{paths.records(version, 'contacts')}/batch/{verb}", body)
        assert (answer.status_code, answer.json()["results"]) == (207, [])
    assert live.get(path, params={"archived": "true"}).json()["id"] == anne


@VERSIONS
def test_a_merge_of_a_merged_record_leads_on(live: Crm, version):
    first, second, third = live.create("contacts", 3)
    _merge(live, version, second, first)
    _merge(live, version, third, second)
    assert live.get(paths.record(version, "contacts", first)).json()["id"] == third


@VERSIONS
def test_a_record_is_not_merged_with_itself_or_nobody(live: Crm, version):
    ann = live.one("contacts")
    message = f"Object {ann} cannot be merged with itself"
    assert_error(live, _merge(live, version, ann, ann), 400, message, context={"id": [ann]})
    for ends in ((ann, ABSENT_ID), (ABSENT_ID, ann)):
        assert_error(live, _merge(live, version, *ends), 404, MISSING, NOT_FOUND, {"ids": [ABSENT_ID]})
    assert live.get(paths.record(version, "contacts", ann)).status_code == 200


@VERSIONS
def test_companies_are_merged_too(live: Crm, version):
    winner, loser = live.create("companies", 2)
    ann = live.one("contacts")
    live.link("contacts", ann, "companies", loser, 1)
    assert _merge(live, version, winner, loser, "companies").status_code == 200
    assert live.links("contacts", ann, "companies") == {winner: [1, 279]}


@VERSIONS
def test_a_record_is_removed_for_good_with_its_links(live: Crm, version):
    ann, company = live.pair()
    live.link("contacts", ann, "companies", company)
    for _ in range(2):
        answer = _gdpr_delete(live, version, ann)
        assert (answer.status_code, answer.content) == (204, b"")
    for query in ({}, {"archived": "true"}):
        answer = live.get(paths.record(version, "contacts", ann), params=query)
        assert_error(live, answer, 404, "resource not found", NOT_FOUND)
    assert live.links("companies", company, "contacts") == {}
    assert int(live.one("contacts")) > int(ann)


@VERSIONS
def test_an_email_tells_whom_to_remove(live: Crm, version):
    email = f"Ann{live.one('deals')}@Example.org"
    ann = _create(live, email=email)
    assert _gdpr_delete(live, version, email.lower(), idProperty="email").status_code == 204
    assert live.get(paths.record(version, "contacts", ann)).status_code == 404
    assert _gdpr_delete(live, version, email, idProperty="email").status_code == 204


@VERSIONS
def test_an_archived_record_and_what_was_merged_go_too(live: Crm, version):
    ann, anne, archived = live.create("contacts", 3)
    _merge(live, version, ann, anne)
    live.delete(paths.record(version, "contacts", archived))
    for each in (ann, archived):
        assert _gdpr_delete(live, version, each).status_code == 204
    for each in (ann, anne, archived):
        path = paths.record(version, "contacts", each)
        assert live.get(path, params={"archived": "true"}).status_code == 404
        assert live.get(path).status_code == 404
