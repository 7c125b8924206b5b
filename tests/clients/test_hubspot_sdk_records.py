"""Batches, searches and merges of records through `hubspot-sdk`, as it is: only its base URL is set."""

import pytest
from hubspot_sdk import (
    AsyncHubSpot,
    BadRequestError,
    HubSpot,
    NotFoundError,
)

from tests.support.crm import ABSENT_ID, Crm

TOKEN = "pat-na1-any"


@pytest.fixture
def contacts(sdk: HubSpot):
    yield sdk.crm.objects.contacts


@pytest.fixture
async def async_contacts(async_sdk: AsyncHubSpot):
    yield async_sdk.crm.objects.contacts


def _search(word: str, **further: object) -> dict[str, object]:
    """What this client wants of every search."""
    asked = {"property_name": "city", "operator": "EQ", "value": word}
    body = {"filter_groups": [{"filters": [asked]}], "sorts": [], "properties": [], "limit": 10, "after": ""}
    return {**body, **further}


def test_a_batch_updates_records_and_tells_the_missing_ones(live: Crm, contacts):
    ann = live.one("contacts")
    inputs = [{"id": each, "properties": {"firstname": "Ann"}} for each in (ann, ABSENT_ID)]
    made = contacts.batch.update(inputs=inputs)
    assert [(each.id, each.properties["firstname"]) for each in made.results] == [(ann, "Ann")]
    assert made.errors[0]["context"] == {"ids": [ABSENT_ID]}


def test_a_batch_upserts_records_by_email(live: Crm, contacts):
    email = f"ann{live.one('deals')}@example.org"
    inputs = [{"id": each, "id_property": "email", "properties": {}} for each in (email, email.upper())]
    for is_new in (True, False):
        made = contacts.batch.upsert(inputs=inputs)
        assert [each.new for each in made.results] == [is_new, False]
    read = contacts.get(email, id_property="email")
    changed = contacts.update(email, properties={"firstname": "Ann"}, id_property="email")
    assert made.results[0].id == read.id == changed.id


def test_a_batch_archives_records(live: Crm, contacts):
    ids = live.create("contacts", 2)
    assert contacts.batch.delete(inputs=[{"id": each} for each in ids]) is None
    with pytest.raises(NotFoundError):
        contacts.get(ids[1])


def test_a_search_finds_records_page_by_page(live: Crm, contacts):
    word, ids = f"city{live.one('deals')}", live.create("contacts", 3)
    contacts.batch.update(inputs=[{"id": each, "properties": {"city": word}} for each in ids])
    first = contacts.search(**_search(word, limit=2, sorts=["-hs_object_id"]))
    rest = contacts.search(**_search(word, limit=2, sorts=["-hs_object_id"], after=first.paging.next.after))
    assert (first.total, rest.paging) == (3, None)
    assert [each.id for each in (*first.results, *rest.results)] == ids[::-1]


async def test_a_search_finds_linked_records_asynchronously(live: Crm, async_contacts):
    contact, company = live.pair()
    live.link("contacts", contact, "companies", company)
    asked = {"property_name": "associations.company", "operator": "EQ", "value": company}
    found = await async_contacts.search(**_search("", filter_groups=[{"filters": [asked]}]))
    assert [each.id for each in found.results] == [contact]


def test_a_search_that_is_refused_is_a_bad_request(contacts):
    with pytest.raises(BadRequestError, match="limit must be a number from 1 to 200, not 201"):
        contacts.search(**_search("x", limit=201))


def test_records_are_merged_and_removed_for_good(live: Crm, contacts):
    ann, anne = live.create("contacts", 2)
    assert contacts.merge(primary_object_id=ann, object_id_to_merge=anne).id == ann
    assert contacts.get(anne).id == ann
    assert contacts.gdpr_delete(object_id=ann) is None
    with pytest.raises(NotFoundError):
        contacts.get(ann, archived=True)
