"""Requests to the operations that name types: those of v3, and single links of the dated versions too."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import ABSENT_ID, Crm, ends, labelled

PRIMARY = "contact_to_company"


def named(source_id: str, target_id: str, name: str | int) -> dict[str, Any]:
    """One input of a batch that links by name."""
    return {**ends(source_id, target_id), "type": name}


def _linked(crm: Crm) -> tuple[str, str]:
    contact, company = crm.pair()
    crm.link("contacts", contact, "companies", company, 1)
    return contact, company


def _crowded(crm: Crm) -> str:
    """A company with more contacts than a batch read shows."""
    company, contacts = crm.one("companies"), crm.create("contacts", 101)
    crm.batch("associate/default", "companies", "contacts", [ends(company, contact) for contact in contacts])
    return company


def _batch(*inputs: Any) -> Asked:
    return Asked(("contacts", "companies"), {"inputs": list(inputs)})


def _typed(source_id: str, target_id: str, name: str) -> Asked:
    return Asked(("contacts", source_id, "companies", target_id, name))


def _list(contact: str, **query: Any) -> Asked:
    return Asked(("contacts", contact, "companies"), query=query)


NAMED = [
    ("associate_named_batch", "a_name", USUAL, lambda crm: _batch(named(*crm.pair(), PRIMARY))),
    (
        "associate_named_batch",
        "a_name_in_upper_case",
        USUAL,
        lambda crm: _batch(named(*crm.pair(), PRIMARY.upper())),
    ),
    ("associate_named_batch", "a_number", USUAL, lambda crm: _batch(named(*crm.pair(), "279"))),
    ("associate_named_batch", "an_input_of_v4", USUAL, lambda crm: _batch(labelled(*crm.pair(), 279))),
    ("associate_named_batch", "no_inputs", USUAL, lambda crm: _batch()),
    (
        "associate_named_batch",
        "two_missing_records",
        207,
        lambda crm: _batch(named(*crm.pair(), PRIMARY), named(ABSENT_ID, ABSENT_ID, PRIMARY)),
    ),
    ("associate_named_batch", "an_id_that_is_no_number", 207, lambda crm: _batch(named("x", "1", PRIMARY))),
    ("associate_named_batch", "a_bad_type", 400, lambda crm: _batch(named(*crm.pair(), "test"))),
    ("associate_named_batch", "missing_fields", 400, lambda crm: _batch({"type": PRIMARY})),
    (
        "associate_named_batch",
        "an_unknown_type",
        400,
        lambda crm: Asked(("lists", "contacts"), {"inputs": []}),
    ),
    ("read_named_batch", "a_primary_company", USUAL, lambda crm: _batch({"id": _linked(crm)[0]})),
    (
        "read_named_batch",
        "more_than_a_page",
        USUAL,
        lambda crm: Asked(("companies", "contacts"), {"inputs": [{"id": _crowded(crm), "after": "!"}]}),
    ),
    (
        "read_named_batch",
        "one_without_links",
        207,
        lambda crm: _batch({"id": _linked(crm)[0]}, {"id": crm.one("contacts")}),
    ),
    ("read_named_batch", "an_id_that_is_no_number", 207, lambda crm: _batch({"id": "x"})),
    ("read_named_batch", "no_body", 400, lambda crm: Asked(("contacts", "companies"))),
    ("dissociate_named_batch", "a_name", USUAL, lambda crm: _batch(named(*_linked(crm), PRIMARY))),
    (
        "dissociate_named_batch",
        "records_that_are_not_linked",
        USUAL,
        lambda crm: _batch(named(*crm.pair(), PRIMARY)),
    ),
    ("dissociate_named_batch", "a_bad_type", 400, lambda crm: _batch(named(*crm.pair(), "test"))),
    ("dissociate_named_batch", "an_id_that_is_no_number", 400, lambda crm: _batch(named("x", "1", PRIMARY))),
    ("list_type_names", "types_with_a_primary", USUAL, lambda crm: Asked(("contacts", "companies"))),
    ("list_type_names", "types_that_are_never_linked", USUAL, lambda crm: Asked(("goals", "carts"))),
    ("list_type_names", "an_unknown_type", 400, lambda crm: Asked(("contacts", "0-9999"))),
    ("list_named", "linked_records", USUAL, lambda crm: _list(_linked(crm)[0])),
    ("list_named", "no_linked_records", USUAL, lambda crm: _list(crm.one("contacts"))),
    (
        "list_named",
        "the_first_of_two_pages",
        USUAL,
        lambda crm: Asked(("companies", _crowded(crm), "contacts"), query={"limit": 100}),
    ),
    ("list_named", "a_limit_over_the_maximum", 400, lambda crm: _list("1", limit=501)),
    ("list_named", "a_bad_cursor", 400, lambda crm: _list("1", after="!")),
]

TYPED = [
    ("associate_by_type", "a_name", USUAL, lambda crm: _typed(*crm.pair(), PRIMARY)),
    ("associate_by_type", "a_number", USUAL, lambda crm: _typed(*_linked(crm), "931")),
    ("associate_by_type", "a_bad_type", 400, lambda crm: _typed(*crm.pair(), "test")),
    (
        "associate_by_type",
        "a_missing_record",
        404,
        lambda crm: _typed(ABSENT_ID, crm.one("companies"), "279"),
    ),
    ("associate_by_type", "an_id_that_is_no_number", 404, lambda crm: _typed("x", "1", PRIMARY)),
    ("dissociate_by_type", "a_name", USUAL, lambda crm: _typed(*_linked(crm), PRIMARY)),
    ("dissociate_by_type", "records_that_are_not_linked", USUAL, lambda crm: _typed(*crm.pair(), "279")),
    ("dissociate_by_type", "a_bad_type", 400, lambda crm: _typed(*crm.pair(), "999999")),
]
