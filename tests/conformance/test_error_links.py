"""What a link may be: its records, its types, itself. Single writes fail as a whole, batches input by input."""

import pytest

from tests.conformance.errors import (
    INVALID_ASSOCIATIONS,
    NOT_FOUND,
    assert_error,
    assert_partly_failed,
    item,
)
from tests.support import paths
from tests.support.crm import ABSENT_ID, HUBSPOT, Crm, ends, labelled, spec

VERSIONS = pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)


def _invalid(*ends: tuple[str, str]) -> dict[str, list[str]]:
    """The context of a single write whose ids are none of the type's records."""
    return {
        "INVALID_OBJECT_IDS": [f"{kind}={record_id} is not valid" for kind, record_id in ends],
        "objectId": [record_id for _, record_id in ends],
        "objectType": [kind for kind, _ in ends],
    }


def _unknown(spec_text: str) -> dict[str, list[str]]:
    return {
        "associationSpec": [spec_text],
        "INVALID_ASSOCIATION_TYPE_ID": [f"{spec_text} is not a valid association definition id"],
    }


def _row(live: Crm, contact: str, company: str, *labels: str):
    wanted = int if live.is_observed else str
    return {
        "fromObjectTypeId": "0-1",
        "fromObjectId": wanted(contact),
        "toObjectTypeId": "0-2",
        "toObjectId": wanted(company),
        "labels": list(labels),
    }


def _missing(live: Crm, side: str, kind: str, record_id: str):
    message = f"No {kind} with ID {record_id} exists"
    context = {"objectType": [kind], "id": [record_id]}
    return item(live, message, NOT_FOUND, context, f"{side}_OBJECT_NOT_FOUND")


@VERSIONS
@pytest.mark.parametrize("is_default", [True, False], ids=["default", "labelled"])
def test_a_single_write_names_the_records_that_do_not_exist(live: Crm, version, is_default):
    contact, company = live.pair()

    def write(source: str, target: str):
        if is_default:
            return live.put(paths.default_link(version, "contacts", source, "companies", target))
        return live.put(paths.link(version, "contacts", source, "companies", target), [spec(1)])

    neither = _invalid(("CONTACT", ABSENT_ID), ("COMPANY", ABSENT_ID))
    for source, target, context in (
        (ABSENT_ID, company, _invalid(("CONTACT", ABSENT_ID))),
        (contact, ABSENT_ID, _invalid(("COMPANY", ABSENT_ID))),
        (ABSENT_ID, ABSENT_ID, neither),
    ):
        assert_error(live, write(source, target), 400, INVALID_ASSOCIATIONS, context=context)
    assert live.both_ends("contacts", contact, "companies", company) == ([], [])


@VERSIONS
def test_an_archived_record_is_as_good_as_missing(live: Crm, version):
    contact, company = live.pair()
    live.delete(paths.record("v3", "companies", company))
    answer = live.put(paths.default_link(version, "contacts", contact, "companies", company))
    assert_error(live, answer, 400, INVALID_ASSOCIATIONS, context=_invalid(("COMPANY", company)))


@VERSIONS
def test_a_type_of_another_pair_reads_the_ids_as_its_own_records(live: Crm, version):
    contact, company = live.pair()
    path = paths.link(version, "contacts", contact, "companies", company)
    for type_id, context in (
        (3, _invalid(("DEAL", contact), ("CONTACT", company))),
        (280, _invalid(("COMPANY", contact), ("CONTACT", company))),
        (4, _invalid(("DEAL", company))),
    ):
        answer = live.put(path, [spec(type_id)])
        assert_error(live, answer, 400, INVALID_ASSOCIATIONS, context=context)
    assert live.links("contacts", contact, "companies") == {}


@VERSIONS
@pytest.mark.parametrize(
    ("category", "type_id"), [("USER_DEFINED", 3), (HUBSPOT, 999_999), ("INTEGRATOR_DEFINED", 1)]
)
def test_a_type_id_that_nobody_defined_is_named_with_its_category(live: Crm, version, category, type_id):
    contact, company = live.pair()
    path = paths.link(version, "contacts", contact, "companies", company)
    answer = live.put(path, [spec(1), spec(type_id, category)])
    context = _unknown(f"{category}={type_id}")
    assert_error(live, answer, 400, INVALID_ASSOCIATIONS, context=context)
    assert live.links("contacts", contact, "companies") == {}


@VERSIONS
def test_a_record_is_not_linked_to_itself(live: Crm, version):
    contact = live.one("contacts")
    message = f"Object {contact} cannot be associated to itself ({contact})"
    ends_of = ("contacts", contact, "contacts", contact)
    assert_error(live, live.put(paths.default_link(version, *ends_of)), 400, message)
    assert_error(live, live.put(paths.link(version, *ends_of), [spec(449)]), 400, message)
    assert live.links("contacts", contact, "contacts") == {}


@VERSIONS
def test_in_a_batch_a_link_to_itself_is_an_item_and_the_others_are_kept(live: Crm, version):
    one, other = live.create("contacts", 2)
    inputs = [labelled(one, one, 449), labelled(one, other, 449)]
    answer = live.batch("create", "contacts", "contacts", inputs, version)
    result = {**_row(live, one, other), "toObjectTypeId": "0-1"}
    message = f"Object {one} cannot be associated to itself ({one})"
    assert_partly_failed(answer, [result], [item(live, message)])
    assert live.both_ends("contacts", one, "contacts", other) == ([449], [449])


@VERSIONS
def test_a_default_batch_reports_what_it_could_not_link(live: Crm, version):
    contact, company = live.pair()
    inputs = [ends(ABSENT_ID, company), ends(contact, company), ends("x", company)]
    answer = live.batch("associate/default", "contacts", "companies", inputs, version)
    result = {
        "from": {"id": contact},
        "to": {"id": company},
        "associationSpec": {"associationCategory": HUBSPOT, "associationTypeId": 279},
    }
    bad_id = item(live, "x is not a valid ID", context={"id": ["x"]}, sub_category="INVALID_IDENTIFIER")
    failed = [_missing(live, "FROM", "contact", ABSENT_ID), bad_id]
    assert_partly_failed(answer, [result], failed, 207 if live.is_observed else 200)


@VERSIONS
def test_a_batch_reports_each_missing_side_and_keeps_the_rest(live: Crm, version):
    contact, company = live.pair()
    inputs = [
        labelled(ABSENT_ID, ABSENT_ID, 1),
        labelled(contact, company, 1),
        labelled(contact, ABSENT_ID, 279),
    ]
    answer = live.batch("create", "contacts", "companies", inputs, version)
    errors = [
        _missing(live, "FROM", "contact", ABSENT_ID),
        _missing(live, "TO", "company", ABSENT_ID),
        _missing(live, "TO", "company", ABSENT_ID),
    ]
    assert_partly_failed(answer, [_row(live, contact, company, "Primary")], errors)
    assert live.both_ends("contacts", contact, "companies", company) == ([1, 279], [2, 280])


@VERSIONS
def test_a_batch_reports_types_and_ids_input_by_input(live: Crm, version):
    contact, company = live.pair()
    inputs = [
        labelled(contact, company, 999_999),
        labelled(contact, company, 3),
        labelled(contact, company, 279),
        labelled("-1", company, 279),
    ]
    answer = live.batch("create", "contacts", "companies", inputs, version)
    errors = [
        item(live, INVALID_ASSOCIATIONS, context=_unknown(f"{HUBSPOT}=999999")),
        item(live, INVALID_ASSOCIATIONS, context=_invalid(("DEAL", contact), ("CONTACT", company))),
        item(live, "-1 is not a valid ID", context={"id": ["-1"]}, sub_category="INVALID_IDENTIFIER"),
    ]
    assert_partly_failed(answer, [_row(live, contact, company)], errors)


@VERSIONS
def test_a_batch_read_reports_who_has_no_links(live: Crm, version):
    """Also for a record that does not exist. The most depended-on surprise of all: 207, with nothing wrong."""
    contact = live.one("contacts")
    inputs = [{"id": contact}, {"id": ABSENT_ID}]
    answer = live.batch("read", "contacts", "companies", inputs, version)
    errors = [_nothing_linked(live, contact), _nothing_linked(live, ABSENT_ID)]
    assert_partly_failed(answer, [], errors)


@VERSIONS
def test_a_batch_read_reports_an_id_that_is_none(live: Crm, version):
    answer = live.batch("read", "contacts", "companies", [{"id": "X"}, {"id": "0"}], version)
    errors = [
        item(live, f"{text} is not a valid ID", context={"id": [text]}, sub_category="INVALID_IDENTIFIER")
        for text in ("X", "0")
    ]
    assert_partly_failed(answer, [], errors)


@VERSIONS
def test_a_batch_read_reports_a_cursor_that_is_none(live: Crm, version):
    inputs = [{"id": "1", "after": "!"}]
    answer = live.batch("read", "contacts", "companies", inputs, version)
    assert_partly_failed(answer, [], [item(live, "Invalid paging cursor: !", context={"after": ["!"]})])


@VERSIONS
def test_a_batch_removes_nothing_when_one_of_its_inputs_is_bad(live: Crm, version):
    contact, company = live.pair()
    live.link("contacts", contact, "companies", company, 1)
    archival = [{"from": {"id": contact}, "to": [{"id": company}, {"id": "x"}]}]
    answer = live.batch("archive", "contacts", "companies", archival, version)
    assert answer.status_code == 400
    assert answer.json()["message"] == "x is not a valid ID"
    assert answer.json()["subCategory"] == "crm.associations.INVALID_IDENTIFIER"
    labels = [labelled(contact, company, 1), labelled(contact, company, 999_999)]
    answer = live.batch("labels/archive", "contacts", "companies", labels, version)
    assert_error(live, answer, 400, INVALID_ASSOCIATIONS, context=_unknown(f"{HUBSPOT}=999999"))
    assert live.both_ends("contacts", contact, "companies", company) == ([1, 279], [2, 280])


@VERSIONS
def test_types_that_are_never_linked_have_no_default(live: Crm, version):
    message = "No default association type exists between goal_targets and carts"
    context = {"fromObjectType": ["goal_target"], "toObjectType": ["cart"]}
    answer = live.put(paths.default_link(version, "goal_targets", 1, "carts", 2))
    assert_error(live, answer, 400, message, context=context)
    answer = live.batch("associate/default", "goal_targets", "carts", [ends(1, 2)], version)
    assert_error(live, answer, 400, message, context=context)


def _nothing_linked(live: Crm, contact: str):
    message = f"No company is associated with contact {contact}."
    context = {"fromObjectId": [contact], "fromObjectType": ["contact"], "toObjectType": ["company"]}
    return item(live, message, NOT_FOUND, context, "NO_ASSOCIATIONS_FOUND")
