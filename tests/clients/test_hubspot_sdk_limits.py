"""Limits through the client library `hubspot-sdk`, as it is: only its base URL is set.

Awkward parts: it cannot create limits but by changing them, the errors of a canceled call are attributes that its class
does not declare, and the object type to link to comes first and by position.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hubspot_sdk import (
    AsyncHubSpot,
    BadRequestError,
    HubSpot,
)

from tests.support.crm import HUBSPOT, Crm

TOKEN = "pat-na1-any"
SOURCE, TARGET = "deals", "companies"
UNLABELLED, UNLABELLED_BACK, PRIMARY = 341, 342, 5


@pytest.fixture
def client(sdk: HubSpot) -> Iterator[HubSpot]:
    yield sdk
    sdk.crm.associations_schema.limits.batch_delete(
        TARGET, from_object_type=SOURCE, inputs=_specs(UNLABELLED, PRIMARY)
    )


@pytest.fixture
async def async_client(async_sdk: AsyncHubSpot) -> AsyncIterator[AsyncHubSpot]:
    yield async_sdk
    await async_sdk.crm.associations_schema.limits.batch_delete(
        TARGET, from_object_type=SOURCE, inputs=_specs(UNLABELLED, PRIMARY)
    )


def _specs(*type_ids: int) -> list[Any]:
    return [{"category": HUBSPOT, "type_id": type_id} for type_id in type_ids]


def _limit(type_id: int, most: int) -> Any:
    return {"category": HUBSPOT, "type_id": type_id, "max_to_object_ids": most}


def _shown(listed) -> list[tuple[int, int | None]]:
    return [(each.type_id, each.user_enforced_max_to_object_ids) for each in listed.results]


def test_limits_are_changed_listed_and_removed(client: HubSpot):
    limits = client.crm.associations_schema.limits
    inputs = [_limit(UNLABELLED, 10), _limit(PRIMARY, 4)]
    changed = limits.batch_update(TARGET, from_object_type=SOURCE, inputs=inputs)
    assert (changed.status, _shown(changed)) == ("COMPLETE", [(UNLABELLED, 10), (PRIMARY, 4)])
    listed = limits.get_by_object_types(TARGET, from_object_type=SOURCE)
    assert _shown(listed) == [(PRIMARY, 4), (UNLABELLED, 10)]
    assert [each.label for each in listed.results] == ["Primary", None]
    assert {(UNLABELLED, 10), (UNLABELLED_BACK, None)} <= set(_shown(limits.list()))
    for _ in range(2):
        removed = limits.batch_delete(TARGET, from_object_type=SOURCE, inputs=_specs(UNLABELLED, PRIMARY))
        assert removed is None
    assert _shown(limits.get_by_object_types(TARGET, from_object_type=SOURCE)) == []


async def test_limits_are_changed_listed_and_removed_asynchronously(async_client: AsyncHubSpot):
    limits = async_client.crm.associations_schema.limits
    changed = await limits.batch_update(TARGET, from_object_type=SOURCE, inputs=[_limit(UNLABELLED, 10)])
    assert (changed.status, _shown(changed)) == ("COMPLETE", [(UNLABELLED, 10)])
    assert {(UNLABELLED, 10), (UNLABELLED_BACK, None)} <= set(_shown(await limits.list()))
    await limits.batch_delete(TARGET, from_object_type=SOURCE, inputs=_specs(UNLABELLED))
    assert _shown(await limits.get_by_object_types(TARGET, from_object_type=SOURCE)) == []


def test_a_call_with_a_bad_input_is_canceled(client: HubSpot):
    limits = client.crm.associations_schema.limits
    inputs = [_limit(UNLABELLED, 10), _limit(PRIMARY, 11)]
    answer: Any = limits.batch_update(TARGET, from_object_type=SOURCE, inputs=inputs)
    assert (answer.status, answer.results, answer.numErrors) == ("CANCELED", [], 1)
    assert _shown(limits.get_by_object_types(TARGET, from_object_type=SOURCE)) == []


def test_a_type_of_another_pair_cannot_be_removed(client: HubSpot):
    limits = client.crm.associations_schema.limits
    with pytest.raises(
        BadRequestError, match="0-279 is not a valid association type between DEAL and COMPANY"
    ):
        limits.batch_delete(TARGET, from_object_type=SOURCE, inputs=_specs(279))


async def test_a_link_over_a_limit_is_refused_asynchronously(live: Crm, async_client: AsyncHubSpot):
    limits = async_client.crm.associations_schema.limits
    await limits.batch_update(TARGET, from_object_type=SOURCE, inputs=[_limit(UNLABELLED, 1)])
    deal, (first, second) = live.one(SOURCE), live.create(TARGET, 2)
    live.link(SOURCE, deal, TARGET, first)
    with pytest.raises(BadRequestError, match="cannot have more than 1 associations"):
        await async_client.crm.associations.create(
            second, from_object_type=SOURCE, from_object_id=deal, to_object_type=TARGET
        )
