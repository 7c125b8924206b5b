"""What removing does: which types go, from both ends, and what stays."""

import pytest

from tests.support import paths
from tests.support.crm import ABSENT_ID, Crm, labelled, spec
from tests.support.portal import CHAMPION, DECISION_MAKER, USER

VERSIONS = pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)


@pytest.fixture
def pair(live: Crm) -> tuple[str, str]:
    """A contact and its primary company, with two labels of the portal."""
    contact, company = live.pair()
    specs = [spec(1), spec(DECISION_MAKER, USER), spec(CHAMPION, USER)]
    answer = live.put(paths.link("v4", "contacts", contact, "companies", company), specs)
    assert answer.status_code == 201
    return contact, company


def _ends(live: Crm, pair: tuple[str, str]) -> tuple[int, int]:
    """How many types each end lists."""
    from_contact, from_company = live.both_ends("contacts", pair[0], "companies", pair[1])
    return len(from_contact), len(from_company)


@VERSIONS
def test_delete_removes_every_type_from_both_ends(live: Crm, version, pair):
    path = paths.link(version, "contacts", pair[0], "companies", pair[1])
    assert _ends(live, pair) == (4, 4)
    for _ in range(2):
        answer = live.delete(path)
        assert (answer.status_code, answer.content) == (204, b"")
        assert _ends(live, pair) == (0, 0)


def test_delete_works_from_the_other_end_too(live: Crm, pair):
    live.delete(paths.link("v4", "companies", pair[1], "contacts", pair[0]))
    assert _ends(live, pair) == (0, 0)


def test_delete_leaves_the_records_and_other_links(live: Crm, pair):
    contact, company = pair
    other = live.one("companies")
    live.link("contacts", contact, "companies", other)
    live.delete(paths.link("v4", "contacts", contact, "companies", company))
    assert live.links("contacts", contact, "companies") == {other: [279]}
    for path in (paths.record("v3", "contacts", contact), paths.record("v3", "companies", company)):
        assert live.get(path).status_code == 200


@VERSIONS
def test_batch_archive_unlinks_one_source_from_many_targets(live: Crm, version):
    contact, companies = live.one("contacts"), live.create("companies", 4)
    for company in companies:
        live.link("contacts", contact, "companies", company, 1)
    gone, kept = companies[:3], companies[3]
    inputs = [
        {"from": {"id": contact}, "to": [{"id": company} for company in gone]},
        {"from": {"id": contact}, "to": [{"id": ABSENT_ID}]},
    ]
    answer = live.batch("archive", "contacts", "companies", inputs, version)
    assert answer.status_code == (204 if version == "v4" else 200)
    assert version == "v4" or answer.json()["results"] == []
    assert live.links("contacts", contact, "companies") == {kept: [1, 279]}
    assert [live.links("companies", company, "contacts") for company in gone] == [{}, {}, {}]


@VERSIONS
def test_removing_a_label_leaves_the_others_and_the_unlabelled_type(live: Crm, version, pair):
    contact, company = pair
    inputs = [{**labelled(contact, company), "types": [spec(1), spec(CHAMPION, USER)]}]
    answer = live.batch("labels/archive", "contacts", "companies", inputs, version)
    assert answer.status_code == (204 if version == "v4" else 200)
    expected = ([DECISION_MAKER, 279], [2, 280])  # 2 is the inverse of the label, not the primary contact
    assert live.both_ends("contacts", contact, "companies", company) == expected
    rows = live.get(paths.links("v4", "companies", company, "contacts")).json()["results"]
    assert {each["label"] for each in rows[0]["associationTypes"]} == {None, "Decided by"}


def test_removing_a_label_by_its_other_half_is_the_same(live: Crm, pair):
    contact, company = pair
    live.batch("labels/archive", "companies", "contacts", [labelled(company, contact, 2)])
    assert _ends(live, pair) == (3, 3)
    rows = live.get(paths.links("v4", "contacts", contact, "companies")).json()["results"]
    assert "Primary" not in {each["label"] for each in rows[0]["associationTypes"]}


@VERSIONS
def test_removing_the_unlabelled_type_removes_the_pair(live: Crm, version, pair):
    live.batch("labels/archive", "contacts", "companies", [labelled(*pair, 279)], version)
    assert _ends(live, pair) == (0, 0)


def test_removing_a_label_that_is_not_there_changes_nothing(live: Crm, pair):
    live.batch("labels/archive", "contacts", "companies", [labelled(*pair, 931)])
    assert _ends(live, pair) == (4, 4)


def test_removing_a_label_of_no_types_changes_nothing(live: Crm, pair):
    live.batch("labels/archive", "contacts", "companies", [labelled(*pair)])
    assert _ends(live, pair) == (4, 4)


@pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
def test_archiving_a_record_removes_its_links_from_the_other_side(live: Crm, version, pair):
    contact, company = pair
    deal = live.one("deals")
    live.link("deals", deal, "companies", company)
    assert live.delete(paths.record(version, "companies", company)).status_code == 204
    assert live.links("contacts", contact, "companies") == {}
    assert live.links("deals", deal, "companies") == {}
    assert live.links("companies", company, "contacts") == {}
    answer = live.batch("read", "contacts", "companies", [{"id": contact}])
    assert answer.json()["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_archiving_a_record_leaves_links_among_others(live: Crm, pair):
    contact, company = pair
    deal = live.one("deals")
    live.link("deals", deal, "contacts", contact)
    live.link("deals", deal, "companies", company)
    live.delete(paths.record("v3", "deals", deal))
    assert _ends(live, pair) == (4, 4)
