"""What operations on limits read and answer, for each choice of the quirks that shape it."""

from typing import Any

import pytest

from edgewise.domain.errors import InvalidAssociationType, TooManyInputs, UnknownObjectType
from edgewise.surfaces.versions import v4, v2025_09
from edgewise.wire.refusals import BodyMissing, BodyOfWrongKind, FieldsMissing
from tests.unit.wire.desk import ADVISOR_TYPES, AT_TEXT, LATER_TEXT, PORTAL_ID, ROUTES, Desk, inputs

HUBSPOT, USER = "HUBSPOT_DEFINED", "USER_DEFINED"
V4 = {route.operation.name: route for route in v4.SURFACE.routes()}
V2025_09 = {route.operation.name: route for route in v2025_09.SURFACE.routes()}
CHANGES = ["create_limits_batch", "update_limits_batch"]
BATCHES = [*CHANGES, "remove_limits_batch"]


def _limit(type_id: int, limit: int, category: str = HUBSPOT) -> dict[str, Any]:
    return {"category": category, "typeId": type_id, "maxToObjectIds": limit}


async def _set(desk: Desk, *items: dict[str, Any], verb: str = "create") -> tuple[int, Any]:
    return await desk.tell(f"{verb}_limits_batch", "contacts", "companies", body=inputs(items))


async def _listed(desk: Desk, *pair: str) -> list[tuple[str, int, int | None, str | None]]:
    name = "list_limits_of_pair" if pair else "list_limits"
    status, answer = await desk.tell(name, *pair)
    assert status == 200
    return [
        (row["category"], row["typeId"], row["userEnforcedMaxToObjectIds"], row["label"])
        for row in answer["results"]
    ]


async def test_a_new_limit_is_answered_with_the_label_of_its_type():
    desk = Desk(types=ADVISOR_TYPES)
    status, answer = await _set(desk, _limit(279, 10), _limit(1, 5, USER))
    assert (status, answer["status"]) == (201, "COMPLETE")
    assert (answer["startedAt"], answer["completedAt"]) == (AT_TEXT, LATER_TEXT)
    assert answer["results"] == [
        {"category": HUBSPOT, "typeId": 279, "userEnforcedMaxToObjectIds": 10, "label": None},
        {"category": USER, "typeId": 1, "userEnforcedMaxToObjectIds": 5, "label": "Client"},
    ]
    assert {"errors", "numErrors"}.isdisjoint(answer)


async def test_a_changed_limit_is_answered_without_a_label():
    desk = Desk()
    await _set(desk, _limit(279, 10))
    status, answer = await _set(desk, _limit(279, 20), verb="update")
    assert (status, answer["status"]) == (200, "COMPLETE")
    assert answer["results"] == [{"category": HUBSPOT, "typeId": 279, "userEnforcedMaxToObjectIds": 20}]


async def test_creating_replaces_a_limit_and_changing_creates_one():
    desk = Desk()
    await _set(desk, _limit(279, 10))
    await _set(desk, _limit(279, 12))
    await _set(desk, _limit(1, 7), verb="update")
    assert await _listed(desk, "contacts", "companies") == [
        (HUBSPOT, 1, 7, "Primary"), (HUBSPOT, 279, 12, None)
    ]  # fmt: skip


async def test_a_type_that_is_named_twice_is_answered_once_as_it_is_then():
    _, answer = await _set(Desk(), _limit(279, 10), _limit(279, 12))
    assert [row["userEnforcedMaxToObjectIds"] for row in answer["results"]] == [12]


@pytest.mark.parametrize("name", BATCHES)
async def test_a_call_without_inputs_does_nothing(name: str):
    desk = Desk()
    before = await desk.store.types_version(PORTAL_ID)
    status, answer = await desk.tell(name, "contacts", "companies", body=inputs([]))
    assert status == ROUTES[name].served.statuses[0]
    assert (answer["status"], answer["results"]) == ("COMPLETE", [])
    assert await desk.store.types_version(PORTAL_ID) == before


async def test_all_limits_are_listed_with_their_inverses_in_the_order_of_their_keys():
    desk = Desk(types=ADVISOR_TYPES)
    assert await _listed(desk) == []
    await _set(desk, _limit(279, 10), _limit(1, 5, USER))
    assert await _listed(desk) == [
        (USER, 1, 5, "Client"),
        (USER, 2, None, "Advisor"),
        (HUBSPOT, 279, 10, None),
        (HUBSPOT, 280, None, None),
    ]


async def test_the_limits_of_a_pair_are_those_of_its_direction():
    desk = Desk()
    await _set(desk, _limit(279, 10))
    assert await _listed(desk, "contacts", "companies") == [(HUBSPOT, 279, 10, None)]
    assert await _listed(desk, "companies", "contacts") == [(HUBSPOT, 280, None, None)]
    assert await _listed(desk, "contacts", "deals") == []


async def test_a_symmetric_type_has_one_limit():
    desk = Desk()
    await desk.tell("create_limits_batch", "contacts", "contacts", body=inputs([_limit(449, 3)]))
    assert await _listed(desk) == [(HUBSPOT, 449, 3, None)]


async def test_removing_answers_a_batch_without_results_whether_or_not_there_was_a_limit():
    desk = Desk()
    await _set(desk, _limit(279, 10))
    for _ in range(2):
        status, answer = await _set(desk, {"category": HUBSPOT, "typeId": 279}, verb="remove")
        assert (status, answer["status"], answer["results"]) == (200, "COMPLETE", [])
        assert await _listed(desk) == []


async def test_removing_answers_nothing_where_the_quirk_says_so():
    desk = Desk(purge_answer="no_content")
    assert await _set(desk, {"category": HUBSPOT, "typeId": 279}, verb="remove") == (204, None)


async def test_v4_answers_nothing_to_a_removal_whatever_the_quirk_says():
    route = V4["remove_limits_batch"]
    for choice in ("batch", "no_content"):
        desk = Desk(purge_answer=choice)
        call = desk.call(route, "contacts", "companies", body=inputs([]))
        reply = route.operation.encode(call, route.operation.decode(call), None)
        assert (reply.status, reply.body) == (204, None)


@pytest.mark.parametrize("name", CHANGES)
async def test_one_bad_input_cancels_the_whole_call(name: str):
    desk = Desk()
    body = inputs([_limit(279, 10), _limit(5, 10), _limit(1, 11), _limit(279, 0)])
    status, answer = await desk.tell(name, "contacts", "companies", body=body)
    assert (status, answer["status"], answer["results"]) == (207, "CANCELED", [])
    assert answer["numErrors"] == 3
    assert [error["message"] for error in answer["errors"]] == [
        "0-5 is not a valid association type between CONTACT and COMPANY",
        "maxToObjectIds must be from 1 to 10 for HUBSPOT_DEFINED=1, not 11",
        "maxToObjectIds must be from 1 to 49999 for HUBSPOT_DEFINED=279, not 0",
    ]
    assert await _listed(desk) == []


async def test_an_invalid_type_is_told_as_recorded():
    desk = Desk("observed")
    body = inputs([_limit(5, 10)])
    reply = await desk.ask("create_limits_batch", "contacts", "deals", body=body)
    _, answer = await desk.tell("create_limits_batch", "contacts", "deals", body=body)
    assert answer["errors"] == [
        {
            "status": "error",
            "category": "VALIDATION_ERROR",
            "subCategory": "crm.associations.INVALID_ASSOCIATION_TYPE",
            "message": "0-5 is not a valid association type between CONTACT and DEAL",
            "context": {"type": ["0-5"], "fromObjectType": ["CONTACT"], "toObjectType": ["DEAL"]},
        }
    ]
    assert reply.hint is not None
    assert "HUBSPOT_DEFINED=4" in reply.hint


@pytest.mark.parametrize(("choice", "status"), [("usual", 200), ("207", 207)])
async def test_a_canceled_call_of_a_version_without_207_answers_as_the_quirk_says(choice: str, status: int):
    desk = Desk(partly_failed_batch=choice)
    route = V2025_09["create_limits_batch"]
    call = desk.call(route, "contacts", "companies", body=inputs([_limit(5, 10)]))
    command = route.operation.decode(call)
    outcome = await route.operation.run(desk.store, call, command)
    assert route.operation.encode(call, command, outcome).status == status


async def test_a_refused_call_changes_nothing_that_was_there():
    desk = Desk()
    await _set(desk, _limit(279, 10), _limit(1, 10))
    before = desk.portal.types
    assert (await _set(desk, _limit(1, 5), _limit(279, 4), verb="update"))[1]["status"] == "CANCELED"
    assert desk.portal.types is before
    assert await _listed(desk, "contacts", "companies") == [
        (HUBSPOT, 1, 10, "Primary"), (HUBSPOT, 279, 10, None)
    ]  # fmt: skip


async def test_a_limit_is_judged_by_the_limits_that_the_store_has_now():
    desk = Desk()
    await _set(desk, _limit(279, 10))
    stale = Desk()
    stale.store = desk.store
    assert (await _set(stale, _limit(1, 11)))[1]["status"] == "CANCELED"


async def test_a_removal_with_an_invalid_type_is_refused_as_a_whole():
    desk = Desk()
    await _set(desk, _limit(279, 10))
    specs = [{"category": HUBSPOT, "typeId": 279}, {"category": HUBSPOT, "typeId": 5}]
    with pytest.raises(InvalidAssociationType):
        await _set(desk, *specs, verb="remove")
    assert await _listed(desk, "contacts", "companies") == [(HUBSPOT, 279, 10, None)]


@pytest.mark.parametrize("name", BATCHES)
def test_object_types_come_before_the_body_and_its_inputs(name: str):
    desk = Desk()
    with pytest.raises(UnknownObjectType):
        desk.decode(name, "contacts", "butterflies")
    with pytest.raises(BodyMissing):
        desk.decode(name, "contacts", "companies")
    with pytest.raises(FieldsMissing):
        desk.decode(name, "contacts", "companies", body=inputs([{}]))
    with pytest.raises(BodyOfWrongKind):
        desk.decode(name, "contacts", "companies", body=inputs([{"category": HUBSPOT, "typeId": "x"}]))
    with pytest.raises(TooManyInputs):
        desk.decode(name, "contacts", "companies", body=inputs([_limit(279, 1)] * 2001))
