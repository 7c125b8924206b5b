"""Batches, searches and merges of records through `hubspot-api-client`, as it is: only its host is set.

An awkward part, shown below: sorts are texts, so a direction goes as the text of an object, as the manual shows it.
"""

import json

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import (
    ApiException,
    BatchInputSimplePublicObjectBatchInput,
    BatchInputSimplePublicObjectBatchInputUpsert,
    BatchInputSimplePublicObjectId,
    BatchResponseSimplePublicObjectWithErrors,
    BatchResponseSimplePublicUpsertObject,
    Filter,
    FilterGroup,
    PublicGdprDeleteInput,
    PublicMergeInput,
    PublicObjectSearchRequest,
    SimplePublicObjectBatchInput,
    SimplePublicObjectBatchInputUpsert,
    SimplePublicObjectId,
    SimplePublicObjectInput,
)
from hubspot.crm.contacts.exceptions import NotFoundException

from tests.support.crm import ABSENT_ID, Crm

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def contacts(client: HubSpot):
    return client.crm.contacts


def _changes(*changes: tuple[str, dict[str, str]]) -> BatchInputSimplePublicObjectBatchInput:
    return BatchInputSimplePublicObjectBatchInput(
        inputs=[SimplePublicObjectBatchInput(id=record_id, properties=each) for record_id, each in changes]
    )


def _upserts(*emails: str) -> BatchInputSimplePublicObjectBatchInputUpsert:
    return BatchInputSimplePublicObjectBatchInputUpsert(
        inputs=[
            SimplePublicObjectBatchInputUpsert(id=email, id_property="email", properties={"firstname": email})
            for email in emails
        ]
    )


def test_a_batch_updates_records_and_tells_the_missing_ones(live: Crm, contacts):
    ann, ben = live.create("contacts", 2)
    made = contacts.batch_api.update(_changes((ann, {"firstname": "Ann"}), (ben, {"firstname": "Ben"})))
    assert [each.properties["firstname"] for each in made.results] == ["Ann", "Ben"]
    part = contacts.batch_api.update(_changes((ann, {"firstname": "A"}), (ABSENT_ID, {})))
    assert type(part) is BatchResponseSimplePublicObjectWithErrors
    assert (part.num_errors, part.errors[0].context) == (1, {"ids": [ABSENT_ID]})


def test_a_batch_upserts_records_by_email(live: Crm, contacts):
    email = f"ann{live.one('deals')}@example.org"
    for is_new in (True, False):
        made = contacts.batch_api.upsert(_upserts(email, email.upper()))
        assert type(made) is BatchResponseSimplePublicUpsertObject
        assert [each.new for each in made.results] == [is_new, False]
    read = contacts.basic_api.get_by_id(email, id_property="email")
    assert read.id == made.results[0].id
    changed = contacts.basic_api.update(
        email, SimplePublicObjectInput(properties={"firstname": "Ann"}), id_property="email"
    )
    assert (changed.id, changed.properties["firstname"]) == (read.id, "Ann")


def test_a_batch_archives_records(live: Crm, contacts):
    ids = live.create("contacts", 2)
    inputs = [SimplePublicObjectId(id=each) for each in (*ids, ABSENT_ID)]
    assert contacts.batch_api.archive(BatchInputSimplePublicObjectId(inputs=inputs)) is None
    with pytest.raises(NotFoundException):
        contacts.basic_api.get_by_id(ids[0])


def test_a_search_finds_records_page_by_page(live: Crm, contacts):
    word = f"city{live.one('deals')}"
    ids = live.create("contacts", 3)
    contacts.batch_api.update(
        _changes(*[(each, {"city": word, "zip": str(n)}) for n, each in enumerate(ids)])
    )
    filters = [Filter(property_name="city", operator="EQ", value=word)]
    groups = [FilterGroup(filters=filters)]
    sort = json.dumps({"propertyName": "zip", "direction": "DESCENDING"})
    found, after = [], None
    while True:
        request = PublicObjectSearchRequest(
            filter_groups=groups, sorts=[sort], properties=["zip"], limit=2, after=after
        )
        page = contacts.search_api.do_search(request)
        assert page.total == 3
        found += [each.id for each in page.results]
        if page.paging is None:
            break
        after = page.paging.next.after
    assert found == ids[::-1]


def test_a_search_that_is_refused_is_an_api_exception(contacts):
    filters = [Filter(property_name="city", operator="IN", values=[])]
    with pytest.raises(ApiException) as raised:
        contacts.search_api.do_search(PublicObjectSearchRequest(filter_groups=[FilterGroup(filters=filters)]))
    assert raised.value.status == 400
    assert json.loads(raised.value.body)["message"] == "A filter with the operator IN needs values"


def test_records_are_merged_and_removed_for_good(live: Crm, contacts):
    ann, anne = live.create("contacts", 2)
    merged = contacts.basic_api.merge(PublicMergeInput(primary_object_id=ann, object_id_to_merge=anne))
    assert merged.id == ann
    assert contacts.basic_api.get_by_id(anne).id == ann
    assert contacts.basic_api.purge(PublicGdprDeleteInput(object_id=ann)) is None
    with pytest.raises(NotFoundException):
        contacts.basic_api.get_by_id(ann, archived=True)
