"""Limits through the client library `hubspot-api-client`, as it is: only its host is set.

Awkward part: a call that changed nothing since one input was refused comes as another class, named …WithErrors.
"""

import json

import pytest
from hubspot import HubSpot
from hubspot.crm.associations.v4 import ApiException as LinkException
from hubspot.crm.associations.v4.schema import (
    ApiException,
    BatchInputPublicAssociationDefinitionConfigurationCreateRequest,
    BatchInputPublicAssociationDefinitionConfigurationUpdateRequest,
    BatchInputPublicAssociationSpec,
    BatchResponsePublicAssociationDefinitionUserConfigurationWithErrors,
    PublicAssociationDefinitionConfigurationCreateRequest,
    PublicAssociationDefinitionConfigurationUpdateRequest,
    PublicAssociationSpec,
)

from tests.support.crm import HUBSPOT, Crm

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

PAIR = ("deals", "companies")
UNLABELLED, UNLABELLED_BACK, PRIMARY = 341, 342, 5


@pytest.fixture
def limits(client: HubSpot):
    api = client.crm.associations.v4.schema.definition_configurations_api
    yield api
    _remove(api, UNLABELLED, PRIMARY)


def _create(limits, *items: tuple[int, int]):
    inputs = [
        PublicAssociationDefinitionConfigurationCreateRequest(
            category=HUBSPOT, type_id=type_id, max_to_object_ids=most
        )
        for type_id, most in items
    ]
    body = BatchInputPublicAssociationDefinitionConfigurationCreateRequest(inputs=inputs)
    return limits.batch_create(*PAIR, body)


def _update(limits, *items: tuple[int, int]):
    inputs = [
        PublicAssociationDefinitionConfigurationUpdateRequest(
            category=HUBSPOT, type_id=type_id, max_to_object_ids=most
        )
        for type_id, most in items
    ]
    body = BatchInputPublicAssociationDefinitionConfigurationUpdateRequest(inputs=inputs)
    return limits.batch_update(*PAIR, body)


def _remove(limits, *type_ids: int):
    inputs = [PublicAssociationSpec(category=HUBSPOT, type_id=type_id) for type_id in type_ids]
    return limits.batch_remove(*PAIR, BatchInputPublicAssociationSpec(inputs=inputs))


def _shown(listed) -> list[tuple[int, int | None]]:
    return [(each.type_id, each.user_enforced_max_to_object_ids) for each in listed.results]


def test_limits_are_created_changed_listed_and_removed(limits):
    created = _create(limits, (UNLABELLED, 10), (PRIMARY, 4))
    assert (created.status, _shown(created)) == ("COMPLETE", [(UNLABELLED, 10), (PRIMARY, 4)])
    assert [each.label for each in created.results] == [None, "Primary"]
    changed = _update(limits, (UNLABELLED, 20))
    assert (changed.status, _shown(changed)) == ("COMPLETE", [(UNLABELLED, 20)])
    assert _shown(limits.get_all_between_two_object_types(*PAIR)) == [(PRIMARY, 4), (UNLABELLED, 20)]
    assert {(UNLABELLED, 20), (UNLABELLED_BACK, None)} <= set(_shown(limits.get_all()))
    assert _remove(limits, UNLABELLED, PRIMARY) is None
    assert _shown(limits.get_all_between_two_object_types(*PAIR)) == []


def test_a_call_with_a_bad_input_is_canceled(limits):
    answer = _create(limits, (UNLABELLED, 10), (PRIMARY, 11))
    assert isinstance(answer, BatchResponsePublicAssociationDefinitionUserConfigurationWithErrors)
    assert (answer.status, answer.results, answer.num_errors) == ("CANCELED", [], 1)
    assert answer.errors[0].message == "maxToObjectIds must be from 1 to 10 for HUBSPOT_DEFINED=5, not 11"
    assert _shown(limits.get_all_between_two_object_types(*PAIR)) == []


def test_a_type_of_another_pair_cannot_be_removed(limits):
    with pytest.raises(ApiException) as raised:
        _remove(limits, 279)
    assert raised.value.status == 400
    assert json.loads(raised.value.body)["subCategory"] == "crm.associations.INVALID_ASSOCIATION_TYPE"


def test_a_link_over_a_limit_is_refused(live: Crm, client: HubSpot, limits):
    _create(limits, (UNLABELLED, 1))
    deal, (first, second) = live.one("deals"), live.create("companies", 2)
    links = client.crm.associations.v4.basic_api
    links.create_default("deals", deal, "companies", first)
    with pytest.raises(LinkException) as raised:
        links.create_default("deals", deal, "companies", second)
    assert json.loads(raised.value.body)["subCategory"] == "crm.associations.ASSOCIATION_LIMIT_EXCEEDED"
