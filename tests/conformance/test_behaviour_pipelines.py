"""Pipelines and owners: what every account has, what a portal makes of it, and what is in the way of removing it."""

from itertools import count
from typing import Any

import pytest

from tests.support.crm import Crm

_NUMBERS = count(1)
DEALS, TICKETS = "/crm/pipelines/2026-03/deals", "/crm/pipelines/2026-03/tickets"
PREFIXES = (
    "/crm/v3/pipelines",
    *(f"/crm/pipelines/{version}" for version in ("2025-09", "2026-03", "2026-09")),
)
OWNERS = (
    "/crm/v3/owners",
    "/crm/v3/owners/",
    *(f"/crm/owners/{v}" for v in ("2025-09", "2026-03", "2026-09")),
)


def _label() -> str:
    return f"Line {next(_NUMBERS)}"


def _stage(label: str, place: int, probability: Any = "0.5", **further: Any) -> dict[str, Any]:
    return {"label": label, "displayOrder": place, "metadata": {"probability": probability}, **further}


@pytest.fixture
def made(live: Crm):
    """A pipeline of deals with two stages, gone after the test."""
    stages = [_stage("Open", 0), _stage("Won", 1, 1)]
    answer = live.post(DEALS, {"label": _label(), "displayOrder": 7, "stages": stages})
    assert answer.status_code == 201, answer.text
    pipeline = answer.json()
    yield pipeline
    for deal in _deals_in(live, pipeline["id"]):
        live.delete(f"/crm/v3/objects/deals/{deal}")
    live.delete(f"{DEALS}/{pipeline['id']}")


def _deals_in(crm: Crm, pipeline_id: str) -> list[str]:
    filters = [{"propertyName": "pipeline", "operator": "EQ", "value": pipeline_id}]
    found = crm.post("/crm/v3/objects/deals/search", {"filterGroups": [{"filters": filters}]})
    return [each["id"] for each in found.json()["results"]]


def _deal(crm: Crm, pipeline: dict[str, Any], stage: int = 0) -> str:
    properties = {
        "dealname": "A", "pipeline": pipeline["id"], "dealstage": pipeline["stages"][stage]["id"],
    }  # fmt: skip
    answer = crm.post("/crm/v3/objects/deals", {"properties": properties})
    assert answer.status_code == 201, answer.text
    deal: str = answer.json()["id"]
    return deal


def _labels(crm: Crm, pipeline_id: str) -> list[tuple[str, int]]:
    return [
        (each["label"], each["displayOrder"]) for each in crm.get(f"{DEALS}/{pipeline_id}").json()["stages"]
    ]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_account_starts_with_a_pipeline_of_deals_and_one_of_tickets(live: Crm, prefix: str):
    for name in ("deals", "0-3", "DEAL"):
        default = next(p for p in live.get(f"{prefix}/{name}").json()["results"] if p["id"] == "default")
        assert [each["id"] for each in default["stages"]] == [
            "appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "decisionmakerboughtin",
            "contractsent", "closedwon", "closedlost",
        ]  # fmt: skip
        assert default["createdAt"] == "1970-01-01T00:00:00.000Z"
    support = live.get(f"{prefix}/tickets/0").json()
    assert [each["metadata"]["ticketState"] for each in support["stages"]] == ["OPEN"] * 3 + ["CLOSED"]


def test_a_new_pipeline_is_read_as_it_was_made(live: Crm, made):
    assert live.get(f"{DEALS}/{made['id']}").json() == made
    assert made in live.get(DEALS).json()["results"]
    assert live.get(f"{DEALS}/{made['id']}/stages").json() == {"results": made["stages"]}
    first, second = made["stages"]
    assert live.get(f"{DEALS}/{made['id']}/stages/{first['id']}").json() == first
    assert (first["metadata"], second["metadata"]) == (
        {"isClosed": "false", "probability": "0.5"}, {"isClosed": "true", "probability": "1.0"},
    )  # fmt: skip
    assert first["id"].isdecimal()
    assert len({made["id"], first["id"], second["id"]}) == 3


def test_ids_that_are_given_are_kept_to_the_letter(live: Crm):
    stages = [_stage("A", 0, stageId="My stage.1"), _stage("B", 1)]
    made = live.post(
        DEALS, {"label": _label(), "displayOrder": 1, "pipelineId": "My-Line", "stages": stages}
    ).json()
    assert (made["id"], made["stages"][0]["id"]) == ("My-Line", "My stage.1")
    assert live.get(f"{DEALS}/My-Line/stages/My%20stage.1").json() == made["stages"][0]
    assert live.delete(f"{DEALS}/My-Line").status_code == 204


def test_a_change_of_one_field_leaves_the_others(live: Crm, made):
    path, stage = f"{DEALS}/{made['id']}", made["stages"][0]
    label = _label()
    changed = live.patch(path, {"label": label}).json()
    assert (changed["label"], changed["displayOrder"]) == (label, 7)
    moved = live.patch(f"{path}/stages/{stage['id']}", {"metadata": {"probability": 0.25}}).json()
    assert (moved["label"], moved["metadata"]["probability"]) == ("Open", "0.25")
    assert (
        live.patch(f"{path}/stages/{stage['id']}", {"label": "Begun"}).json()["metadata"] == moved["metadata"]
    )


def test_a_stage_takes_its_place_behind_the_one_that_held_it(live: Crm, made):
    answer = live.post(f"{DEALS}/{made['id']}/stages", _stage("New", 0))
    assert answer.status_code == 201
    assert answer.json()["displayOrder"] == 1
    assert _labels(live, made["id"]) == [("Open", 0), ("New", 1), ("Won", 2)]


def test_a_pipeline_that_is_replaced_keeps_the_stages_that_are_named(live: Crm, made):
    kept = made["stages"][1]
    body = {
        "label": _label(), "displayOrder": 3,
        "stages": [_stage("Won at last", 0, 1, stageId=kept["id"]), _stage("Lost", 1, 0)],
    }  # fmt: skip
    replaced = live.put(f"{DEALS}/{made['id']}", body)
    assert replaced.status_code == 200
    assert _labels(live, made["id"]) == [("Won at last", 0), ("Lost", 1)]
    assert replaced.json()["stages"][0]["id"] == kept["id"]


def test_what_holds_a_deal_stays_and_the_deal_is_told(live: Crm, made):
    deal, stage = _deal(live, made), made["stages"][0]["id"]
    path = f"{DEALS}/{made['id']}"
    others = {"label": _label(), "displayOrder": 1, "stages": [_stage("Else", 0)]}
    for refused in (live.delete(f"{path}/stages/{stage}"), live.delete(path), live.put(path, others)):
        body = refused.json()
        assert (refused.status_code, body["subCategory"]) == (400, "PipelineError.STAGE_ID_IN_USE")
        assert body["message"] == f"Stage IDs: [{stage}] are being referenced by object IDs: [{deal}]"
        assert body["context"] == {"stageIds": [f"[{stage}]"], "objectIds": [f"[{deal}]"]}
    assert live.get(path).json() == made
    live.patch(f"/crm/v3/objects/deals/{deal}", {"properties": {"dealstage": made["stages"][1]["id"]}})
    assert live.delete(f"{path}/stages/{stage}").status_code == 204
    live.delete(f"/crm/v3/objects/deals/{deal}")
    assert live.delete(path).status_code == 204
    assert live.get(path).status_code == 404


def test_removing_a_stage_is_no_error_where_there_is_none(live: Crm, made):
    stage = made["stages"][0]["id"]
    for path in (
        f"{DEALS}/{made['id']}/stages/nothing",
        f"{DEALS}/default/stages/{stage}",
        f"{DEALS}/nothing/stages/{stage}",
    ):
        assert live.delete(path).status_code == 204
    assert live.get(f"{DEALS}/{made['id']}").json() == made


def test_the_stages_of_tickets_need_one_that_closes(live: Crm):
    stages = [{"label": "A", "displayOrder": 0, "metadata": {}}]
    refused = live.post(TICKETS, {"label": _label(), "displayOrder": 1, "stages": stages})
    assert refused.json()["subCategory"] == "PipelineError.MISSING_CLOSED_STAGE"
    assert live.delete(f"{TICKETS}/0/stages/4").json()["subCategory"] == "PipelineError.MISSING_CLOSED_STAGE"


def test_one_name_is_one_pipeline_and_one_stage(live: Crm, made):
    body = {"label": made["label"].upper(), "displayOrder": 1, "stages": [_stage("A", 0)]}
    assert live.post(DEALS, body).json()["message"].endswith("already exists")
    elsewhere = {**body, "label": _label(), "pipelineId": made["id"]}
    elsewhere["stages"] = [{"label": "A", "displayOrder": 0, "metadata": {"ticketState": "CLOSED"}}]
    refused = live.post(TICKETS, elsewhere)
    assert (refused.status_code, refused.json()["subCategory"]) == (
        409, "PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
    )  # fmt: skip
    same = live.post(f"{DEALS}/{made['id']}/stages", _stage(" OPEN ", 9))
    assert same.json()["subCategory"] == "PipelineError.STAGE_LABEL_EXISTS"


def test_limits_tracking_counts_what_was_made(live: Crm, made):
    rows = live.get("/crm/limits/2026-03/pipelines").json()["hubspotDefinedObjectTypes"]
    [deals] = [row for row in rows if row["objectTypeId"] == "0-3"]
    assert deals["usage"] == len(live.get(DEALS).json()["results"]) - 1 >= 1


@pytest.mark.parametrize("path", OWNERS)
def test_owners_are_read_page_by_page(live: Crm, path: str):
    first = live.get(path, params={"limit": 2}).json()
    assert [each["firstName"] for each in first["results"]] == ["Alma", "Bruno"]
    following = live.http.get(first["paging"]["next"]["link"]).json()
    assert [each["firstName"] for each in following["results"]] == ["Chidi"]
    assert "paging" not in following


def test_an_owner_is_found_by_email_and_by_either_id(live: Crm):
    [owner] = live.get("/crm/v3/owners", params={"email": "ALMA.BERG@portal-1000001.example"}).json()[
        "results"
    ]
    assert live.get(f"/crm/v3/owners/{owner['id']}").json() == owner
    by_user = live.get(f"/crm/v3/owners/{owner['userId']}", params={"idProperty": "userId"})
    assert by_user.json() == owner
    assert live.get(f"/crm/v3/owners/{owner['userId']}").status_code == 404


def test_an_owner_who_left_is_among_the_archived_ones(live: Crm):
    [gone] = live.get("/crm/v3/owners", params={"archived": "true"}).json()["results"]
    assert (gone["firstName"], gone["archived"], "userId" in gone) == ("Dana", True, False)
    assert gone["userIdIncludingInactive"]
    assert live.get(f"/crm/v3/owners/{gone['id']}").status_code == 404
    assert live.get(f"/crm/v3/owners/{gone['id']}", params={"archived": "true"}).json() == gone


def test_an_owner_may_own_a_record(live: Crm):
    owner_id = live.get("/crm/v3/owners").json()["results"][0]["id"]
    answer = live.post("/crm/v3/objects/contacts", {"properties": {"hubspot_owner_id": owner_id}})
    assert answer.status_code == 201
    assert answer.json()["properties"]["hubspot_owner_id"] == owner_id


def test_an_account_tells_the_same_in_all_its_ways(live: Crm):
    told = live.get("/account-info/v3/details").json()
    assert (told["portalId"], told["timeZone"], told["utcOffset"]) == (1_000_001, "UTC", "+00:00")
    for version in ("2025-09", "2026-03", "2026-09"):
        assert live.get(f"/account-info/{version}/details").json() == told
    me = live.get("/integrations/v1/me").json()
    assert (
        me.items() >= {key: told[key] for key in ("portalId", "timeZone", "utcOffset", "accountType")}.items()
    )
    assert me["currency"] == told["companyCurrency"]
    [usage] = live.get("/account-info/v3/api-usage/daily/private-apps").json()["results"]
    assert usage["usageLimit"] == 1_000_000
