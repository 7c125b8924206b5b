"""Labels through the client library `hubspot-api-client`, as it is: only its host is set."""

import json

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4.schema import (
    ApiException,
    PublicAssociationDefinitionCreateRequest,
    PublicAssociationDefinitionUpdateRequest,
)

from tests.support.crm import HUBSPOT
from tests.support.labels import unique
from tests.support.portal import USER

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

PAIR = ("contacts", "leads")


@pytest.fixture
def definitions(client: HubSpot):
    return client.crm.associations.v4.schema.definitions_api


def _new(label: str, inverse: str | None = None) -> PublicAssociationDefinitionCreateRequest:
    return PublicAssociationDefinitionCreateRequest(label=label, inverse_label=inverse, name=unique())


def _listed(definitions, *pair: str) -> dict[tuple[str, int], str | None]:
    return {(each.category, each.type_id): each.label for each in definitions.get_all(*pair).results}


def test_a_label_is_created_listed_renamed_and_removed(definitions):
    boss, report = unique("Boss"), unique("Report")
    first, second = definitions.create(*PAIR, _new(boss, report)).results
    assert [(each.category, each.label) for each in (first, second)] == [(USER, boss), (USER, report)]
    assert _listed(definitions, *PAIR)[USER, first.type_id] == boss
    assert _listed(definitions, *reversed(PAIR))[USER, second.type_id] == report
    update = PublicAssociationDefinitionUpdateRequest(association_type_id=first.type_id, label=unique("Both"))
    assert definitions.update(*PAIR, update) is None
    assert _listed(definitions, *PAIR)[USER, first.type_id] == update.label
    assert _listed(definitions, *reversed(PAIR))[USER, second.type_id] == update.label
    assert definitions.remove(*PAIR, second.type_id) is None
    assert {category for category, _ in _listed(definitions, *PAIR)} == {HUBSPOT}


def test_a_text_that_is_taken_is_a_400_with_its_sub_category(definitions):
    label = unique()
    made = definitions.create(*PAIR, _new(label)).results[0]
    with pytest.raises(ApiException) as raised:
        definitions.create(*PAIR, _new(label))
    body = json.loads(raised.value.body)
    assert (raised.value.status, body["subCategory"]) == (
        400,
        "AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL",
    )
    definitions.remove(*PAIR, made.type_id)


def test_an_unknown_label_is_a_400(definitions):
    with pytest.raises(ApiException) as raised:
        definitions.remove(*PAIR, 999_999)
    assert json.loads(raised.value.body)["message"] == "Unable to find objectTypeIds"
