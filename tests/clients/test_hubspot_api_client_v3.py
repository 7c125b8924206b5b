"""The client library `hubspot-api-client` as it calls v3: links by type name.

Awkward: it has no model for a 200 of a batch create, which the observed profile answers as the service has since
2025-08-21, so the links are made and the call returns None.
"""

import json

import pytest
from hubspot import HubSpot
from hubspot.crm.associations import (
    ApiException,
    BatchInputPublicAssociation,
    BatchInputPublicObjectId,
    BatchResponsePublicAssociationMultiWithErrors,
    BatchResponsePublicAssociationWithErrors,
    PublicAssociation,
    PublicObjectId,
)

from tests.support.crm import ABSENT_ID, Crm

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def batches(client: HubSpot):
    return client.crm.associations.batch_api


def _links(*inputs: tuple[str, str, str]) -> BatchInputPublicAssociation:
    return BatchInputPublicAssociation(
        inputs=[
            PublicAssociation(_from=PublicObjectId(id=source), to=PublicObjectId(id=target), type=name)
            for source, target, name in inputs
        ]
    )


def _sources(*record_ids: str) -> BatchInputPublicObjectId:
    return BatchInputPublicObjectId(inputs=[PublicObjectId(id=record_id) for record_id in record_ids])


def test_links_by_name_come_back_in_both_directions(live: Crm, batches):
    contact, company = live.pair()
    made = batches.create("contacts", "companies", _links((contact, company, "contact_to_company")))
    if live.is_observed:
        assert made is None
    else:
        assert [(each._from.id, each.to.id, each.type) for each in made.results] == [
            (contact, company, "contact_to_company"),
            (company, contact, "company_to_contact"),
        ]
    assert live.both_ends("contacts", contact, "companies", company) == ([1, 279], [2, 280])


def test_a_missing_record_is_an_error_beside_the_results(live: Crm, batches):
    contact, company = live.pair()
    name = "contact_to_company"
    made = batches.create(
        "contacts", "companies", _links((contact, company, name), (contact, ABSENT_ID, name))
    )
    assert isinstance(made, BatchResponsePublicAssociationWithErrors)
    assert (len(made.results), made.num_errors) == (2, 1)
    assert made.errors[0].message == f"No company with ID {ABSENT_ID} exists"


def test_a_bad_type_is_an_exception_that_names_it(live: Crm, batches):
    contact, company = live.pair()
    with pytest.raises(ApiException) as caught:
        batches.create("contacts", "companies", _links((contact, company, "test")))
    assert caught.value.status == 400
    body = json.loads(caught.value.body)
    assert body["subCategory"] == "crm.associations.INVALID_ASSOCIATION_TYPE"
    assert body["context"]["type"] == ["test"]


def test_a_batch_read_pages_its_first_hundred(live: Crm, batches):
    contact, deals = live.one("contacts"), live.create("deals", 101)
    batches.create("contacts", "deals", _links(*((contact, deal, "contact_to_deal") for deal in deals)))
    read = batches.read("contacts", "deals", _sources(contact))
    (result,) = read.results
    assert result._from.id == contact
    assert [(each.id, each.type) for each in result.to] == [(deal, "contact_to_deal") for deal in deals[:100]]
    assert result.paging.next.after


def test_a_batch_read_of_a_record_without_links_has_errors(live: Crm, batches):
    contact = live.one("contacts")
    read = batches.read("contacts", "companies", _sources(contact))
    assert isinstance(read, BatchResponsePublicAssociationMultiWithErrors)
    assert (read.results, read.num_errors) == ([], 1)


def test_an_archived_type_is_gone(live: Crm, batches):
    contact, company = live.pair()
    links = _links((contact, company, "contact_to_company"))
    batches.create("contacts", "companies", links)
    assert batches.archive("contacts", "companies", links) is None
    assert live.links("contacts", contact, "companies") == {company: [279]}


def test_types_have_text_ids_and_names(client: HubSpot):
    found = client.crm.associations.schema.types_api.get_all("contacts", "companies").results
    assert {each.name: each.id for each in found}.items() >= {
        "contact_to_company": "1", "contact_to_company_unlabeled": "279",
    }.items()  # fmt: skip
