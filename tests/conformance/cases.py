"""Requests to every operation: some that succeed and some that fail, each with the status it shall have."""

from typing import Any

from tests.conformance.case import USUAL, Asked, Case
from tests.conformance.cases_account import ACCOUNT, PIPELINES
from tests.conformance.cases_labels import LABELS
from tests.conformance.cases_limits import LIMITS
from tests.conformance.cases_oauth import OAUTH
from tests.conformance.cases_properties import PROPERTIES
from tests.conformance.cases_records import MANY_RECORDS
from tests.conformance.cases_schemas import SCHEMAS
from tests.conformance.cases_usage import USAGE
from tests.conformance.cases_v3 import NAMED, TYPED
from tests.support.crm import ABSENT_ID, Crm, ends, labelled, spec


def _linked(crm: Crm) -> tuple[str, str]:
    contact, company = crm.pair()
    crm.link("contacts", contact, "companies", company)
    return contact, company


def _ends(contact: str, company: str, body: Any = None) -> Asked:
    return Asked(("contacts", contact, "companies", company), body)


def _batch(*inputs: Any) -> Asked:
    return Asked(("contacts", "companies"), {"inputs": list(inputs)})


def _itself(crm: Crm, body: Any = None) -> Asked:
    contact = crm.one("contacts")
    return Asked(("contacts", contact, "contacts", contact), body)


def _two_linked(crm: Crm) -> str:
    contact = crm.one("contacts")
    for company in crm.create("companies", 2):
        crm.link("contacts", contact, "companies", company)
    return contact


def _two_contacts(crm: Crm) -> Asked:
    source, target = crm.create("contacts", 2)
    return Asked(("contacts", source, "contacts", target))


def _parent_and_child(crm: Crm) -> Asked:
    parent, child = crm.create("companies", 2)
    return Asked(("companies", parent, "companies", child), [spec(13)])


def _archived(crm: Crm) -> str:
    contact = crm.one("contacts")
    crm.delete(f"/crm/v3/objects/contacts/{contact}")
    return contact


def _with_company(crm: Crm, type_id: int) -> dict[str, Any]:
    association = {"to": {"id": crm.one("companies")}, "types": [spec(type_id)]}
    return {"properties": {"firstname": "A"}, "associations": [association]}


def _list(contact: str, **query: Any) -> Asked:
    return Asked(("contacts", contact, "companies"), query=query)


LINKS = [
    ("associate_default", "two_records", USUAL, lambda crm: _ends(*crm.pair())),
    ("associate_default", "linked_records", USUAL, lambda crm: _ends(*_linked(crm))),
    ("associate_default", "records_of_one_type", USUAL, _two_contacts),
    ("associate_default", "an_unknown_type", 400, lambda crm: Asked(("contacts", "1", "butterflies", "1"))),
    (
        "associate_default",
        "types_that_are_never_linked",
        400,
        lambda crm: Asked(("goals", "1", "carts", "1")),
    ),
    ("associate_default", "an_id_that_is_no_number", 404, lambda crm: _ends("x", "1")),
    ("associate_default", "a_missing_record", 400, lambda crm: _ends(crm.one("contacts"), ABSENT_ID)),
    ("associate_default", "a_record_and_itself", 400, _itself),
    ("associate", "a_primary_company", USUAL, lambda crm: _ends(*crm.pair(), [spec(1)])),
    ("associate", "a_label", USUAL, _parent_and_child),
    ("associate", "no_types", USUAL, lambda crm: _ends(*crm.pair(), [])),
    ("associate", "an_unknown_type_id", 400, lambda crm: _ends(*crm.pair(), [spec(999_999)])),
    ("associate", "a_type_of_another_pair", 400, lambda crm: _ends(*crm.pair(), [spec(3)])),
    ("associate", "a_missing_record", 400, lambda crm: _ends(ABSENT_ID, crm.one("companies"), [spec(279)])),
    ("associate", "a_record_and_itself", 400, lambda crm: _itself(crm, [spec(449)])),
    ("associate", "missing_fields", 400, lambda crm: _ends(*crm.pair(), [{}])),
    ("associate", "a_body_of_a_wrong_kind", 400, lambda crm: _ends(*crm.pair(), "primary")),
    ("associate", "malformed_json", 400, lambda crm: _ends(*crm.pair(), b"[{")),
    ("associate", "no_body", 400, lambda crm: _ends(*crm.pair())),
    ("list_associations", "linked_records", USUAL, lambda crm: _list(_linked(crm)[0])),
    ("list_associations", "no_linked_records", USUAL, lambda crm: _list(crm.one("contacts"))),
    ("list_associations", "a_missing_record", USUAL, lambda crm: _list(ABSENT_ID)),
    ("list_associations", "the_first_of_two_pages", USUAL, lambda crm: _list(_two_linked(crm), limit=1)),
    ("list_associations", "a_limit_of_none", 400, lambda crm: _list("1", limit=0)),
    ("list_associations", "a_limit_over_the_maximum", 400, lambda crm: _list("1", limit=501)),
    ("list_associations", "a_bad_cursor", 400, lambda crm: _list("1", after="!")),
    ("list_associations", "an_unknown_type", 400, lambda crm: Asked(("contacts", "1", "lists"))),
    ("dissociate", "linked_records", USUAL, lambda crm: _ends(*_linked(crm))),
    ("dissociate", "records_that_are_not_linked", USUAL, lambda crm: _ends(*crm.pair())),
    ("dissociate", "an_id_that_is_no_number", 404, lambda crm: _ends("1", "x")),
]

LINK_BATCHES = [
    ("associate_default_batch", "two_records", USUAL, lambda crm: _batch(ends(*crm.pair()))),
    ("associate_default_batch", "no_inputs", USUAL, lambda crm: _batch()),
    (
        "associate_default_batch",
        "one_missing_record",
        207,
        lambda crm: _batch(ends(*crm.pair()), ends(crm.one("contacts"), ABSENT_ID)),
    ),
    (
        "associate_default_batch",
        "an_unknown_type",
        400,
        lambda crm: Asked(("lists", "contacts"), {"inputs": []}),
    ),
    ("associate_batch", "the_unlabelled_type", USUAL, lambda crm: _batch(labelled(*crm.pair(), 279))),
    ("associate_batch", "no_types", USUAL, lambda crm: _batch(labelled(*crm.pair()))),
    (
        "associate_batch",
        "two_missing_records",
        207,
        lambda crm: _batch(labelled(*crm.pair(), 1), labelled(ABSENT_ID, ABSENT_ID, 279)),
    ),
    ("associate_batch", "an_unknown_type_id", 207, lambda crm: _batch(labelled(*crm.pair(), 999_999))),
    ("associate_batch", "an_id_that_is_no_number", 207, lambda crm: _batch(labelled("x", "1", 279))),
    ("associate_batch", "missing_fields", 400, lambda crm: _batch(ends(*crm.pair()))),
    ("associate_batch", "an_unknown_type", 400, lambda crm: Asked(("contacts", "0-9999"), {"inputs": []})),
    ("read_associations_batch", "linked_records", USUAL, lambda crm: _batch({"id": _linked(crm)[0]})),
    (
        "read_associations_batch",
        "one_without_links",
        207,
        lambda crm: _batch({"id": _linked(crm)[0]}, {"id": crm.one("contacts")}),
    ),
    ("read_associations_batch", "an_id_that_is_no_number", 207, lambda crm: _batch({"id": "x"})),
    (
        "read_associations_batch",
        "an_object_in_place_of_the_inputs",
        400,
        lambda crm: Asked(("contacts", "companies"), {"inputs": {}}),
    ),
    ("dissociate_batch", "linked_records", USUAL, lambda crm: _batch(_archival(*_linked(crm)))),
    ("dissociate_batch", "records_that_are_not_linked", USUAL, lambda crm: _batch(_archival(*crm.pair()))),
    ("dissociate_batch", "an_id_that_is_no_number", 400, lambda crm: _batch(_archival("x", "1"))),
    ("remove_labels_batch", "a_primary_company", USUAL, lambda crm: _batch(labelled(*_linked(crm), 1))),
    ("remove_labels_batch", "the_unlabelled_type", USUAL, lambda crm: _batch(labelled(*_linked(crm), 279))),
    ("remove_labels_batch", "an_unknown_type_id", 400, lambda crm: _batch(labelled(*crm.pair(), 999_999))),
    ("list_labels", "two_types", USUAL, lambda crm: Asked(("contacts", "companies"))),
    ("list_labels", "one_type", USUAL, lambda crm: Asked(("companies", "companies"))),
    ("list_labels", "types_that_are_never_linked", USUAL, lambda crm: Asked(("goals", "carts"))),
    ("list_labels", "an_unknown_type", 400, lambda crm: Asked(("contacts", "butterflies"))),
]


def _archival(contact: str, company: str) -> dict[str, Any]:
    return {"from": {"id": contact}, "to": [{"id": company}]}


def _read(contact: str, **query: Any) -> Asked:
    return Asked(("contacts", contact), query=query)


RECORDS = [
    ("list_records", "a_page", USUAL, lambda crm: Asked(("contacts",), query={"limit": 1})),
    (
        "list_records",
        "with_linked_records",
        USUAL,
        lambda crm: Asked(("contacts",), query={"associations": "companies", "after": _linked(crm)[0]}),
    ),
    (
        "list_records",
        "archived_records",
        USUAL,
        lambda crm: Asked(("contacts",), query={"archived": "true", "after": _archived(crm)}),
    ),
    ("list_records", "a_limit_over_the_maximum", 400, lambda crm: Asked(("contacts",), query={"limit": 101})),
    ("list_records", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    (
        "create_record",
        "properties",
        USUAL,
        lambda crm: Asked(("contacts",), {"properties": {"zip": 42, "fax": ""}}),
    ),
    ("create_record", "an_association", USUAL, lambda crm: Asked(("contacts",), _with_company(crm, 279))),
    (
        "create_record",
        "an_association_of_a_wrong_direction",
        400,
        lambda crm: Asked(("contacts",), _with_company(crm, 280)),
    ),
    (
        "create_record",
        "an_association_of_an_unknown_type_id",
        400,
        lambda crm: Asked(("contacts",), _with_company(crm, 999_999)),
    ),
    ("create_record", "a_list_as_a_value", 400, lambda crm: Asked(("contacts",), {"properties": {"x": []}})),
    ("create_record", "no_body", 400, lambda crm: Asked(("contacts",))),
    ("read_record", "a_record", USUAL, lambda crm: _read(crm.one("contacts"))),
    (
        "read_record",
        "an_unset_and_an_unknown_property",
        USUAL,
        lambda crm: _read(crm.one("contacts"), properties="email,nonsense"),
    ),
    (
        "read_record",
        "a_record_with_linked_ones",
        USUAL,
        lambda crm: _read(_linked(crm)[0], associations="companies,deals"),
    ),
    ("read_record", "an_archived_record", USUAL, lambda crm: _read(_archived(crm), archived="true")),
    ("read_record", "an_archived_record_among_the_others", 404, lambda crm: _read(_archived(crm))),
    ("read_record", "a_missing_record", 404, lambda crm: _read(ABSENT_ID)),
    ("read_record", "an_id_that_is_no_number", 404, lambda crm: _read("x")),
    (
        "update_record",
        "a_value",
        USUAL,
        lambda crm: Asked(("contacts", crm.one("contacts")), {"properties": {"firstname": "B"}}),
    ),
    (
        "update_record",
        "a_cleared_value",
        USUAL,
        lambda crm: Asked(("contacts", crm.one("contacts")), {"properties": {"email": ""}}),
    ),
    (
        "update_record",
        "a_missing_record",
        404,
        lambda crm: Asked(("contacts", ABSENT_ID), {"properties": {}}),
    ),
    ("update_record", "missing_fields", 400, lambda crm: Asked(("contacts", crm.one("contacts")), {})),
    ("archive_record", "a_record", USUAL, lambda crm: Asked(("contacts", crm.one("contacts")))),
    ("archive_record", "an_archived_record", USUAL, lambda crm: Asked(("contacts", _archived(crm)))),
    ("archive_record", "an_id_that_is_no_number", 404, lambda crm: Asked(("contacts", "x"))),
    (
        "create_records_batch",
        "two_records",
        USUAL,
        lambda crm: Asked(("contacts",), {"inputs": [{"properties": {}}, _with_company(crm, 1)]}),
    ),
    (
        "create_records_batch",
        "one_bad_association",
        400,
        lambda crm: Asked(("contacts",), {"inputs": [{"properties": {}}, _with_company(crm, 280)]}),
    ),
    (
        "create_records_batch",
        "too_many_inputs",
        400,
        lambda crm: Asked(("contacts",), {"inputs": [{"properties": {}}] * 101}),
    ),
    (
        "read_records_batch",
        "a_record",
        USUAL,
        lambda crm: Asked(("contacts",), {"inputs": [{"id": crm.one("contacts")}], "properties": ["email"]}),
    ),
    (
        "read_records_batch",
        "one_missing_record",
        207,
        lambda crm: Asked(("contacts",), {"inputs": [{"id": crm.one("contacts")}, {"id": ABSENT_ID}]}),
    ),
    (
        "read_records_batch",
        "a_record_twice",
        400,
        lambda crm: Asked(("contacts",), {"inputs": [{"id": "123456"}, {"id": "123456"}]}),
    ),
]

CASES = [
    Case(*row)
    for row in [
        *LINKS,
        *LINK_BATCHES,
        *LABELS,
        *LIMITS,
        *RECORDS,
        *MANY_RECORDS,
        *NAMED,
        *TYPED,
        *USAGE,
        *OAUTH,
        *SCHEMAS,
        *PROPERTIES,
        *PIPELINES,
        *ACCOUNT,
    ]
]
