"""The client library `hubspot-sdk`, as it is: only its base URL is set, or HUBSPOT_BASE_URL.

Awkward parts, shown below: a batch that partly failed comes as the same class as a whole one, with the errors as
attributes that the class does not declare; batch removals throw their answer away; ids in rows have the JSON type
the server sent, whatever the class declares.
"""

import pytest
from hubspot_sdk import (
    AsyncHubSpot,
    AuthenticationError,
    BadRequestError,
    DefaultHttpxClient,
    HubSpot,
    NotFoundError,
)
from hubspot_sdk.pagination import SyncPage

from tests.support.crm import ABSENT_ID, HUBSPOT, Crm, unique_email

TOKEN = "pat-na1-any"


def _spec(type_id: int) -> dict[str, object]:
    return {"association_category": HUBSPOT, "association_type_id": type_id}


def _input(source: str, target: str, *type_ids: int) -> dict[str, object]:
    types = {"types": [_spec(type_id) for type_id in type_ids]} if type_ids else {}
    return {"from": {"id": source}, "to": {"id": target}, **types}


def _default(sdk, contact: str, company: str):
    return sdk.crm.associations.create(
        company, from_object_type="contacts", from_object_id=contact, to_object_type="companies"
    )


def test_a_default_link_comes_back_in_both_directions(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    made = _default(sdk, contact, company)
    assert made.status == "COMPLETE"
    assert [(each.from_.id, each.to.id) for each in made.results] == [(contact, company), (company, contact)]
    assert [each.association_spec.association_type_id for each in made.results] == [279, 280]
    assert made.completed_at >= made.started_at


def test_a_labelled_link_comes_back_with_its_labels(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    made = sdk.crm.associations.update_labels(
        company, object_type="contacts", object_id=contact, to_object_type="companies", body=[_spec(1)]
    )
    assert (made.from_object_type_id, made.to_object_type_id, made.labels) == ("0-1", "0-2", ["Primary"])
    wanted = int if live.is_observed else str
    assert (made.from_object_id, made.to_object_id) == (wanted(contact), wanted(company))
    page = sdk.crm.associations.list("companies", object_type="contacts", object_id=contact)
    assert type(page) is SyncPage[type(page.results[0])]
    assert {each.type_id: each.label for each in page.results[0].association_types} == {
        1: "Primary",
        279: None,
    }


def test_a_removed_link_is_gone(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    _default(sdk, contact, company)
    removed = sdk.crm.associations.delete(
        company, object_type="contacts", object_id=contact, to_object_type="companies"
    )
    assert removed is None
    assert live.links("contacts", contact, "companies") == {}


def test_a_partly_failed_batch_has_its_errors_as_further_attributes(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    inputs = [_input(contact, company, 1), _input(contact, ABSENT_ID, 279)]
    made = sdk.crm.associations.batch.create("companies", from_object_type="contacts", inputs=inputs)
    assert [str(each.to_object_id) for each in made.results] == [company]
    assert "errors" not in type(made).model_fields
    assert made.numErrors == 1
    assert made.errors[0]["subCategory"] == "crm.associations.TO_OBJECT_NOT_FOUND"
    raw = sdk.crm.associations.batch.with_raw_response.create(
        "companies", from_object_type="contacts", inputs=inputs
    )
    assert raw.status_code == 207


def test_a_batch_read_reports_who_has_no_links(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    _default(sdk, contact, company)
    inputs = [{"id": contact}, {"id": ABSENT_ID}]
    read = sdk.crm.associations.batch.get("companies", from_object_type="contacts", inputs=inputs)
    assert {each.from_.id: str(each.to[0].to_object_id) for each in read.results} == {contact: company}
    assert read.errors[0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"


def test_a_default_batch_declares_its_errors(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    inputs = [_input(contact, company), _input(ABSENT_ID, company)]
    made = sdk.crm.associations.batch.create_default("companies", from_object_type="contacts", inputs=inputs)
    assert [(each.from_.id, each.to.id) for each in made.results] == [(contact, company)]
    assert (made.num_errors, made.errors[0].category) == (1, "OBJECT_NOT_FOUND")
    assert made.errors[0].message == f"No contact with ID {ABSENT_ID} exists"


def test_batches_remove_labels_and_links(live: Crm, sdk: HubSpot):
    contact, company = live.pair()
    live.link("contacts", contact, "companies", company, 1)
    batch = sdk.crm.associations.batch
    labels = [_input(contact, company, 1)]
    assert batch.delete_labels("companies", from_object_type="contacts", inputs=labels) is None
    assert live.links("contacts", contact, "companies") == {company: [279]}
    pairs = [{"from": {"id": contact}, "to": [{"id": company}]}]
    assert batch.delete("companies", from_object_type="contacts", inputs=pairs) is None
    assert live.links("contacts", contact, "companies") == {}


def test_iterating_pages_through_1200_links(live: Crm, sdk: HubSpot):
    company, contacts = live.one("companies"), live.create("contacts", 1200)
    inputs = [_input(company, contact) for contact in contacts]
    sdk.crm.associations.batch.create_default("contacts", from_object_type="companies", inputs=inputs)
    pages = sdk.crm.associations.list("contacts", object_type="companies", object_id=company, limit=500)
    assert [len(page.results) for page in pages.iter_pages()] == [500, 500, 200]
    assert [str(row.to_object_id) for row in pages] == contacts


async def test_iterating_pages_asynchronously(live: Crm, async_sdk: AsyncHubSpot):
    company, contacts = live.one("companies"), live.create("contacts", 1200)
    inputs = [_input(company, contact, 2) for contact in contacts]
    made = await async_sdk.crm.associations.batch.create(
        "contacts", from_object_type="companies", inputs=inputs
    )
    assert len(made.results) == 1200
    rows = async_sdk.crm.associations.list("contacts", object_type="companies", object_id=company)
    assert [str(row.to_object_id) async for row in rows] == contacts


def test_a_refused_write_is_a_bad_request_with_the_body(live: Crm, sdk: HubSpot):
    with pytest.raises(BadRequestError) as raised:
        _default(sdk, live.one("contacts"), ABSENT_ID)
    error = raised.value
    assert error.status_code == 400
    assert error.body["message"] == "One or more associations are invalid"
    assert error.body["context"]["INVALID_OBJECT_IDS"] == [f"COMPANY={ABSENT_ID} is not valid"]
    assert error.response.headers["x-hubspot-correlation-id"] == error.body["correlationId"]


async def test_a_refused_write_is_a_bad_request_asynchronously(live: Crm, async_sdk: AsyncHubSpot):
    with pytest.raises(BadRequestError, match="cannot be associated to itself"):
        contact = live.one("contacts")
        await async_sdk.crm.associations.create(
            contact, from_object_type="contacts", from_object_id=contact, to_object_type="contacts"
        )


def test_an_id_that_is_no_number_is_not_found(sdk: HubSpot):
    with pytest.raises(NotFoundError, match=r"Object not found\.  objectId are usually numeric\."):
        sdk.crm.associations.list("companies", object_type="contacts", object_id="x")


def test_without_a_token_the_client_is_unauthorised(live: Crm):
    with (
        HubSpot(base_url=live.url, max_retries=0, http_client=DefaultHttpxClient(trust_env=False)) as sdk,
        pytest.raises(AuthenticationError) as raised,
    ):
        sdk.crm.associations.list("companies", object_type="contacts", object_id="1")
    assert raised.value.body["category"] == "INVALID_AUTHENTICATION"


def test_the_base_url_may_come_from_the_environment(live: Crm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HUBSPOT_BASE_URL", live.url)
    with HubSpot(access_token=TOKEN, http_client=DefaultHttpxClient(trust_env=False)) as sdk:
        assert str(sdk.base_url).rstrip("/") == live.url
        made = sdk.crm.objects.contacts.create(properties={}, associations=[])
    assert made.id.isdecimal()


def test_labels_of_a_pair_are_listed(sdk: HubSpot):
    labels = sdk.crm.associations_schema.labels.list_labels("companies", from_object_type="contacts")
    listed = {(each.category, each.type_id): each.label for each in labels.results}
    assert (listed[HUBSPOT, 1], listed[HUBSPOT, 279]) == ("Primary", None)


def test_a_record_is_created_read_changed_and_archived(sdk: HubSpot):
    contacts = sdk.crm.objects.contacts
    email = unique_email()
    made = contacts.create(properties={"email": email}, associations=[])
    assert (made.archived, made.properties["email"]) == (False, email)
    read = contacts.get(made.id, properties=["email", "firstname"])
    assert (read.properties["email"], read.properties["firstname"]) == (email, None)
    contacts.update(made.id, properties={"firstname": "Ada"})
    assert contacts.get(made.id).properties["firstname"] == "Ada"
    contacts.delete(made.id)
    with pytest.raises(NotFoundError, match="resource not found"):
        contacts.get(made.id)
    assert contacts.get(made.id, archived=True).archived is True


async def test_a_record_is_created_with_its_links_asynchronously(live: Crm, async_sdk: AsyncHubSpot):
    company = live.one("companies")
    association = {"to": {"id": company}, "types": [_spec(1)]}
    made = await async_sdk.crm.objects.contacts.create(properties={}, associations=[association])
    read = await async_sdk.crm.objects.contacts.get(made.id, associations=["companies"])
    found = [(each.id, each.type) for each in read.associations["companies"].results]
    assert found == [(company, "contact_to_company"), (company, "contact_to_company_unlabeled")]


def test_iterating_records_pages_to_the_end(live: Crm, sdk: HubSpot):
    made = live.create("invoices", 25)
    listed = sdk.crm.objects.invoices.list(after=made[0], limit=10)
    assert [len(page.results) for page in listed.iter_pages()] == [10, 10, 5]
    assert [each.id for each in listed] == made


def test_batches_create_and_read_records(sdk: HubSpot):
    batch = sdk.crm.objects.companies.batch
    made = batch.create(inputs=[{"properties": {"name": name}, "associations": []} for name in ("A", "B")])
    ids = [{"id": each.id} for each in made.results]
    read = batch.get(inputs=[*ids, {"id": ABSENT_ID}], properties=["name"], properties_with_history=[])
    assert {each.properties["name"] for each in read.results} == {"A", "B"}
    assert read.errors[0]["context"] == {"ids": [ABSENT_ID]}
