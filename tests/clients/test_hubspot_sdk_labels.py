"""Labels through the client library `hubspot-sdk`, as it is: only its base URL is set.

Awkward part: the object type to link to comes first and by position, the one to link from by name.
"""

import pytest
from hubspot_sdk import (
    APIStatusError,
    AsyncHubSpot,
    BadRequestError,
    HubSpot,
)

from tests.support.labels import unique
from tests.support.portal import USER

TOKEN = "pat-na1-any"
SOURCE, TARGET = "deals", "leads"


@pytest.fixture
def labels(sdk: HubSpot):
    yield sdk.crm.associations_schema.labels


@pytest.fixture
async def async_labels(async_sdk: AsyncHubSpot):
    yield async_sdk.crm.associations_schema.labels


def _texts(listed) -> dict[int, str | None]:
    return {each.type_id: each.label for each in listed.results if each.category == USER}


def test_a_label_is_created_listed_renamed_and_deleted(labels):
    boss, report = unique("Boss"), unique("Report")
    made = labels.create_label(
        TARGET, from_object_type=SOURCE, label=boss, inverse_label=report, name=unique()
    )
    first, second = made.results
    assert [(each.category, each.label) for each in made.results] == [(USER, boss), (USER, report)]
    assert _texts(labels.list_labels(TARGET, from_object_type=SOURCE))[first.type_id] == boss
    assert _texts(labels.list_labels(SOURCE, from_object_type=TARGET))[second.type_id] == report
    both = unique("Both")
    renamed = labels.update_label(
        TARGET, from_object_type=SOURCE, association_type_id=first.type_id, label=both
    )
    assert renamed is None
    assert _texts(labels.list_labels(SOURCE, from_object_type=TARGET))[second.type_id] == both
    assert labels.delete_label(second.type_id, from_object_type=SOURCE, to_object_type=TARGET) is None
    assert first.type_id not in _texts(labels.list_labels(TARGET, from_object_type=SOURCE))


async def test_a_label_is_created_listed_renamed_and_deleted_asynchronously(async_labels):
    label = unique()
    made = await async_labels.create_label(TARGET, from_object_type=SOURCE, label=label, name=unique())
    type_id = made.results[0].type_id
    assert _texts(await async_labels.list_labels(TARGET, from_object_type=SOURCE))[type_id] == label
    other = unique()
    await async_labels.update_label(
        TARGET, from_object_type=SOURCE, association_type_id=type_id, label=unique(), inverse_label=other
    )
    assert other in _texts(await async_labels.list_labels(SOURCE, from_object_type=TARGET)).values()
    await async_labels.delete_label(type_id, from_object_type=SOURCE, to_object_type=TARGET)
    assert type_id not in _texts(await async_labels.list_labels(TARGET, from_object_type=SOURCE))


def test_a_name_that_is_taken_is_a_bad_request(labels):
    name = unique()
    made = labels.create_label(TARGET, from_object_type=SOURCE, label=unique(), name=name)
    with pytest.raises(BadRequestError, match=f"named {name} already exists"):
        labels.create_label(TARGET, from_object_type=SOURCE, label=unique(), name=name)
    labels.delete_label(made.results[0].type_id, from_object_type=SOURCE, to_object_type=TARGET)


async def test_an_unknown_label_is_a_bad_request_asynchronously(async_labels):
    with pytest.raises(APIStatusError, match="Unable to find association type 999999") as raised:
        await async_labels.update_label(
            TARGET, from_object_type=SOURCE, association_type_id=999_999, label="x"
        )
    assert raised.value.status_code == 400
