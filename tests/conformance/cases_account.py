"""Requests to the operations on pipelines, owners and accounts; each pipeline is used by one case alone."""

from itertools import count
from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import Crm

_NUMBERS = count(1)
_PATH = "/crm/pipelines/2026-03/deals"


def _stage(label: str, place: int, probability: Any = "0.5", **further: Any) -> dict[str, Any]:
    return {"label": label, "displayOrder": place, "metadata": {"probability": probability}, **further}


def _pipeline(**further: Any) -> dict[str, Any]:
    stages = [_stage("Open", 0), _stage("Won", 1, 1.0)]
    return {"label": f"Pipeline {next(_NUMBERS)}", "displayOrder": 1, "stages": stages, **further}


def _made(crm: Crm) -> dict[str, Any]:
    """A new pipeline of deals; that of an earlier case goes, since an object type has so many and no more."""
    for each in crm.get(_PATH).json()["results"][:-20]:
        if each["id"] != "default":
            crm.delete(f"{_PATH}/{each['id']}")
    answer = crm.post(_PATH, _pipeline())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _of(crm: Crm, body: Any = None) -> Asked:
    return Asked(("deals", _made(crm)["id"]), body)


def _stage_of(crm: Crm, body: Any = None) -> Asked:
    made = _made(crm)
    return Asked(("0-3", made["id"], made["stages"][0]["id"]), body)


def _in_use(crm: Crm, parts: int) -> Asked:
    made = _made(crm)
    stage_id = made["stages"][0]["id"]
    properties = {"dealname": "A", "pipeline": made["id"], "dealstage": stage_id}
    deal = crm.post("/crm/v3/objects/deals", {"properties": properties})
    assert deal.status_code == 201, deal.text
    return Asked(("deals", made["id"], stage_id)[:parts])


_NOTHING = ("deals", "nothing")

PIPELINES = [
    ("list_pipelines_v1", "of_deals", USUAL, lambda crm: Asked(("deals",))),
    ("list_pipelines_v1", "of_tickets", USUAL, lambda crm: Asked(("tickets",))),
    ("list_pipelines_v1", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("list_pipelines", "of_deals", USUAL, lambda crm: Asked(("deals",))),
    ("list_pipelines", "of_a_type_without_any", USUAL, lambda crm: Asked(("notes",))),
    ("list_pipelines", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("create_pipeline", "two_stages", USUAL, lambda crm: (_made(crm), Asked(("deals",), _pipeline()))[1]),
    (
        "create_pipeline",
        "of_tickets",
        USUAL,
        lambda crm: Asked(
            ("tickets",),
            _pipeline(stages=[{"label": "A", "displayOrder": 0, "metadata": {"ticketState": "CLOSED"}}]),
        ),
    ),
    ("create_pipeline", "no_stages", 400, lambda crm: Asked(("deals",), _pipeline(stages=[]))),
    (
        "create_pipeline",
        "an_id_that_is_taken",
        400,
        lambda crm: Asked(("deals",), _pipeline(pipelineId="default")),
    ),
    (
        "create_pipeline",
        "a_stage_of_another_pipeline",
        409,
        lambda crm: Asked(("deals",), _pipeline(stages=[_stage("A", 0, stageId="closedwon")])),
    ),
    ("create_pipeline", "missing_fields", 400, lambda crm: Asked(("deals",), {"label": "A"})),
    ("read_pipeline", "one_of_hubspots_own", USUAL, lambda crm: Asked(("deals", "default"))),
    ("read_pipeline", "one_of_the_portal", USUAL, _of),
    ("read_pipeline", "nothing", 404, lambda crm: Asked(_NOTHING)),
    ("update_pipeline", "its_label", USUAL, lambda crm: _of(crm, {"label": f"Other {next(_NUMBERS)}"})),
    ("update_pipeline", "nothing", 404, lambda crm: Asked(_NOTHING, {"label": "A"})),
    ("update_pipeline", "a_label_that_is_taken", 400, lambda crm: _of(crm, {"label": "Sales Pipeline"})),
    ("replace_pipeline", "other_stages", USUAL, lambda crm: _of(crm, _pipeline())),
    (
        "replace_pipeline",
        "a_wrong_probability",
        400,
        lambda crm: _of(crm, _pipeline(stages=[_stage("A", 0, 2)])),
    ),
    ("delete_pipeline", "one_without_records", USUAL, _of),
    ("delete_pipeline", "one_with_a_record", 400, lambda crm: _in_use(crm, 2)),
    ("delete_pipeline", "nothing", 404, lambda crm: Asked(_NOTHING)),
    ("read_pipeline_audit", "of_a_pipeline", USUAL, _of),
    ("read_pipeline_audit", "of_nothing", 404, lambda crm: Asked(_NOTHING)),
    ("list_stages", "of_a_pipeline", USUAL, _of),
    ("list_stages", "of_nothing", 404, lambda crm: Asked(_NOTHING)),
    (
        "create_stage",
        "with_an_id",
        USUAL,
        lambda crm: _of(crm, _stage("New", 1, stageId=f"stage-{next(_NUMBERS)}")),
    ),
    ("create_stage", "a_label_that_is_taken", 400, lambda crm: _of(crm, _stage(" open", 1))),
    ("create_stage", "of_nothing", 404, lambda crm: Asked(_NOTHING, _stage("New", 1))),
    ("read_stage", "of_a_pipeline", USUAL, _stage_of),
    ("read_stage", "nothing", 404, lambda crm: Asked(("deals", "default", "nothing"))),
    ("update_stage", "its_place", USUAL, lambda crm: _stage_of(crm, {"displayOrder": 1})),
    (
        "update_stage",
        "a_wrong_probability",
        400,
        lambda crm: _stage_of(crm, {"metadata": {"probability": "x"}}),
    ),
    ("replace_stage", "all_of_it", USUAL, lambda crm: _stage_of(crm, _stage("Else", 5, 0))),
    ("replace_stage", "missing_fields", 400, lambda crm: _stage_of(crm, {"label": "Else"})),
    ("delete_stage", "one_without_records", USUAL, _stage_of),
    ("delete_stage", "nothing", USUAL, lambda crm: Asked(("deals", "default", "nothing"))),
    ("delete_stage", "one_with_a_record", 400, lambda crm: _in_use(crm, 3)),
    ("read_stage_audit", "of_a_stage", USUAL, _stage_of),
    ("read_stage_audit", "of_nothing", 404, lambda crm: Asked(("deals", "default", "nothing"))),
]

_OWNERS = [
    ("all", USUAL, lambda crm: Asked(())),
    ("a_page", USUAL, lambda crm: Asked((), query={"limit": "1"})),
    ("the_archived_ones", USUAL, lambda crm: Asked((), query={"archived": "true"})),
    ("an_email_of_nobody", USUAL, lambda crm: Asked((), query={"email": "nobody@case.example"})),
    ("a_limit_that_is_no_number", 400, lambda crm: Asked((), query={"limit": "x"})),
    ("a_cursor_that_is_none", 400, lambda crm: Asked((), query={"after": "x"})),
]

ACCOUNT = [
    *((name, *row) for name in ("list_owners", "list_owners_slash") for row in _OWNERS),
    ("read_owner", "by_its_id", USUAL, lambda crm: Asked(("71000001",))),
    ("read_owner", "by_its_user_id", USUAL, lambda crm: Asked(("81000002",), query={"idProperty": "userId"})),
    ("read_owner", "an_archived_one", USUAL, lambda crm: Asked(("71000004",), query={"archived": "true"})),
    ("read_owner", "nobody", 404, lambda crm: Asked(("1",))),
    ("read_owner", "by_its_email", 400, lambda crm: Asked(("a@b.c",), query={"idProperty": "email"})),
    ("read_account", "the_account", USUAL, lambda crm: Asked(())),
    ("read_api_usage", "the_account", USUAL, lambda crm: Asked(())),
    ("read_me", "the_account", USUAL, lambda crm: Asked(())),
]
