"""Requests to the operations that change, find and end records beside those on one record."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import ABSENT_ID, Crm


def _batch(*inputs: Any) -> Asked:
    return Asked(("contacts",), {"inputs": list(inputs)})


def _change(record_id: str, **properties: Any) -> dict[str, Any]:
    return {"id": record_id, "properties": properties}


def _by_email(email: str, **properties: Any) -> dict[str, Any]:
    return {**_change(email, **properties), "idProperty": "email"}


def _with_email(crm: Crm, email: str) -> str:
    answer = crm.post("/crm/v3/objects/contacts", {"properties": {"email": email}})
    record_id: str = answer.json()["id"]
    return record_id


def _search(*filters: dict[str, Any], **body: Any) -> Asked:
    return Asked(("contacts",), {"filterGroups": [{"filters": list(filters)}], **body})


def _merge(winner: str, loser: str) -> Asked:
    return Asked(("contacts",), {"primaryObjectId": winner, "objectIdToMerge": loser})


def _told_by_email(crm: Crm) -> Asked:
    record_id = _with_email(crm, f"{crm.one('contacts')}@case.example")
    email = crm.get(f"/crm/v3/objects/contacts/{record_id}").json()["properties"]["email"]
    return Asked(("contacts", email.upper()), query={"idProperty": "email"})


_NAMED = {"propertyName": "firstname", "operator": "HAS_PROPERTY"}

KEYED = [
    ("read_record", "by_an_email", USUAL, _told_by_email),
    (
        "read_record",
        "by_an_email_of_nobody",
        404,
        lambda crm: Asked(("contacts", "nobody@case.example"), query={"idProperty": "email"}),
    ),
    (
        "update_record",
        "by_an_email",
        USUAL,
        lambda crm: _told_by_email(crm)._replace(body={"properties": {"firstname": "A"}}),
    ),
]


def _taken(crm: Crm) -> str:
    email = f"{crm.one('deals')}@taken.example"
    _with_email(crm, email)
    return email


def _traced(**properties: Any) -> dict[str, Any]:
    return {"properties": properties, "associations": [], "objectWriteTraceId": str(properties)}


TAKEN = [
    (
        "create_record",
        "an_email_that_another_has",
        409,
        lambda crm: Asked(("contacts",), {"properties": {"email": _taken(crm)}, "associations": []}),
    ),
    (
        "update_record",
        "an_email_that_another_has",
        409,
        lambda crm: Asked(("contacts", crm.one("contacts")), {"properties": {"email": _taken(crm)}}),
    ),
    (
        "create_records_batch",
        "an_email_that_another_has",
        409,
        lambda crm: _batch({"properties": {"email": _taken(crm)}, "associations": []}),
    ),
    (
        "create_records_batch",
        "an_email_that_another_has_with_traces",
        207,
        lambda crm: _batch(_traced(email=_taken(crm)), _traced(firstname="A")),
    ),
    (
        "update_records_batch",
        "an_email_that_another_has",
        409,
        lambda crm: _batch(_change(crm.one("contacts"), email=_taken(crm))),
    ),
    (
        "upsert_records_batch",
        "an_email_that_another_has_with_traces",
        207,
        lambda crm: _batch(
            {**_change(crm.one("contacts"), email=_taken(crm)), "objectWriteTraceId": "a"},
            {**_change(crm.one("contacts"), firstname="A"), "objectWriteTraceId": "b"},
        ),
    ),
]

HISTORIES = [
    (
        "read_record",
        "with_histories",
        USUAL,
        lambda crm: Asked(
            ("contacts", crm.one("contacts")),
            query={"propertiesWithHistory": "firstname,createdate,hs_object_id,email"},
        ),
    ),
    (
        "list_records",
        "with_histories",
        USUAL,
        lambda crm: Asked(("contacts",), query={"propertiesWithHistory": "firstname", "limit": 50}),
    ),
    (
        "list_records",
        "too_many_with_histories",
        400,
        lambda crm: Asked(("contacts",), query={"propertiesWithHistory": "firstname", "limit": 51}),
    ),
    (
        "read_records_batch",
        "with_histories",
        USUAL,
        lambda crm: Asked(
            ("contacts",),
            {
                "inputs": [{"id": crm.one("contacts")}],
                "properties": [],
                "propertiesWithHistory": ["firstname", "createdate"],
            },
        ),
    ),
]

CHANGED = [
    (
        "update_records_batch",
        "two_records",
        USUAL,
        lambda crm: _batch(*[_change(each, firstname="A") for each in crm.create("contacts", 2)]),
    ),
    (
        "update_records_batch",
        "one_missing_record",
        207,
        lambda crm: _batch(_change(crm.one("contacts"), firstname="A"), _change(ABSENT_ID)),
    ),
    ("update_records_batch", "a_record_twice", 400, lambda crm: _batch(*[_change("123456")] * 2)),
    (
        "update_records_batch",
        "a_list_as_a_value",
        400,
        lambda crm: _batch(_change(crm.one("contacts"), firstname=[])),
    ),
    ("update_records_batch", "missing_fields", 400, lambda crm: _batch({"id": "1"})),
    (
        "upsert_records_batch",
        "a_new_and_a_known_record",
        USUAL,
        lambda crm: _batch(*[_by_email(f"{crm.one('deals')}@case.example", firstname="A")] * 2),
    ),
    (
        "upsert_records_batch",
        "a_missing_record_by_id",
        207,
        lambda crm: _batch(_change(crm.one("contacts"), firstname="A"), _change(ABSENT_ID)),
    ),
    ("upsert_records_batch", "too_many_inputs", 400, lambda crm: _batch(*[_by_email("a@b.c")] * 101)),
    (
        "archive_records_batch",
        "a_record_and_a_missing_one",
        USUAL,
        lambda crm: _batch({"id": crm.one("contacts")}, {"id": ABSENT_ID}),
    ),
    ("archive_records_batch", "an_id_that_is_no_number", 400, lambda crm: _batch({"id": "x"})),
]

SEARCHED = [
    ("search_records", "no_conditions", USUAL, lambda crm: Asked(("contacts",), {"limit": 1})),
    ("search_records", "a_filter", USUAL, lambda crm: _search(_NAMED, limit=3, properties=["firstname"])),
    (
        "search_records",
        "the_published_keys",
        USUAL,
        lambda crm: _search(_NAMED, sorts=["createdate"], query="a", properties=[], limit=5, after="1"),
    ),
    (
        "search_records",
        "linked_records",
        USUAL,
        lambda crm: _search(
            {"propertyName": "associations.company", "operator": "EQ", "value": crm.one("companies")}
        ),
    ),
    ("search_records", "an_unknown_type", 400, lambda crm: Asked(("butterflies",), {})),
    (
        "search_records",
        "an_unknown_operator",
        400,
        lambda crm: _search({"propertyName": "firstname", "operator": "LIKE", "value": "A"}),
    ),
    (
        "search_records",
        "a_filter_without_a_value",
        400,
        lambda crm: _search({"propertyName": "firstname", "operator": "EQ"}),
    ),
    ("search_records", "a_page_beyond_the_reach", 400, lambda crm: _search(_NAMED, after="10000")),
    ("search_records", "no_body", 400, lambda crm: Asked(("contacts",))),
]

ENDED = [
    ("merge_records", "two_records", USUAL, lambda crm: _merge(*crm.create("contacts", 2))),
    ("merge_records", "a_record_and_itself", 400, lambda crm: _merge("5", "5")),
    ("merge_records", "a_missing_record", 404, lambda crm: _merge(crm.one("contacts"), ABSENT_ID)),
    ("merge_records", "missing_fields", 400, lambda crm: Asked(("contacts",), {"primaryObjectId": "5"})),
    (
        "gdpr_delete_record",
        "a_record",
        USUAL,
        lambda crm: Asked(("contacts",), {"objectId": crm.one("contacts")}),
    ),
    (
        "gdpr_delete_record",
        "nobody",
        USUAL,
        lambda crm: Asked(("contacts",), {"objectId": "nobody@case.example", "idProperty": "email"}),
    ),
    (
        "gdpr_delete_record",
        "an_id_that_is_no_number",
        400,
        lambda crm: Asked(("contacts",), {"objectId": "x"}),
    ),
]

MANY_RECORDS = [*KEYED, *TAKEN, *HISTORIES, *CHANGED, *SEARCHED, *ENDED]
