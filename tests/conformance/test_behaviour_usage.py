"""What limits tracking and the high-usage report do: usage is counted from what is stored."""

import csv
import time
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest

from tests.support.crm import Crm
from tests.support.portal import SPACESHIP_ID
from tests.support.properties import new_property

VERSIONS = pytest.mark.parametrize("version", ["v3", "2025-09", "2026-03", "2026-09"])
ORDER = "/crm/associations/2026-03/usage/high-usage-report"
REPORTS = "/_edgewise/reports"


def _path(version: str, what: str) -> str:
    return f"/crm/v3/limits/{what}" if version == "v3" else f"/crm/limits/{version}/{what}"


def _get(crm: Crm, version: str, what: str, **query: str) -> Any:
    answer = crm.get(_path(version, what), params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _limit(crm: Crm, source: str, target: str, type_id: int, limit: int) -> None:
    path = f"/crm/associations/2026-03/definitions/configurations/{source}/{target}/batch/update"
    inputs = [{"category": "HUBSPOT_DEFINED", "typeId": type_id, "maxToObjectIds": limit}]
    answer = crm.post(path, {"inputs": inputs})
    assert answer.is_success, answer.text


def _linked(crm: Crm, source_type: str, target_type: str, count: int) -> str:
    """A record linked to so many others."""
    source = crm.one(source_type)
    for target in crm.create(target_type, count):
        crm.link(source_type, source, target_type, target)
    return source


@pytest.fixture(scope="module")
def crowd(live: Crm) -> dict[str, str]:
    """Appointments with four and five contacts of five they may have, and one with three."""
    _limit(live, "appointments", "contacts", 906, 5)
    found = {
        name: _linked(live, "appointments", "contacts", count)
        for name, count in (("few", 3), ("near", 4), ("at", 5))
    }
    name = {"properties": {"hs_appointment_name": "Nearly full"}}
    live.patch(f"/crm/v3/objects/appointments/{found['near']}", name)
    return found


@VERSIONS
def test_records_near_and_at_their_limit_are_told_apart(live: Crm, version, crowd):
    page = _get(live, version, "associations/records/0-421/0-1")
    assert page == {
        "limit": 5,
        "totalRecordsNearLimit": 1,
        "nearLimitFromRecordSamples": [
            {"objectId": int(crowd["near"]), "label": "Nearly full", "usage": 4, "percentage": 80.0}
        ],
        "totalRecordsAtLimit": 1,
        "atLimitFromRecordSamples": [{"objectId": int(crowd["at"]), "label": f"appointment {crowd['at']}"}],
    }


@VERSIONS
def test_object_types_with_crowded_records_are_listed_from_both_sides(live: Crm, version, crowd):
    row = {"singularLabel": "Appointment", "pluralLabel": "Appointments", "objectTypeId": "0-421"}
    sources = _get(live, version, "associations/records/from")["results"]
    assert {**row, "hasRecordsNearLimit": True, "hasRecordsAtLimit": True} in sources
    targets = _get(live, version, "associations/records/appointments/to")["results"]
    assert [target["objectTypeId"] for target in targets] == ["0-1"]
    assert (targets[0]["hasRecordsNearLimit"], targets[0]["hasRecordsAtLimit"]) == (True, True)


def test_a_record_that_loses_links_is_no_longer_near(live: Crm):
    _limit(live, "courses", "contacts", 860, 2)
    course = _linked(live, "courses", "contacts", 2)
    assert _get(live, "2026-03", "associations/records/courses/contacts")["totalRecordsAtLimit"] == 1
    live.delete(f"/crm/v3/objects/courses/{course}")
    assert _get(live, "2026-03", "associations/records/courses/contacts")["totalRecordsAtLimit"] == 0


def test_a_pair_without_a_limit_of_its_own_has_that_of_the_account(live: Crm):
    assert _get(live, "v3", "associations/records/deals/products") == {
        "limit": 50_000,
        "totalRecordsNearLimit": 0,
        "nearLimitFromRecordSamples": [],
        "totalRecordsAtLimit": 0,
        "atLimitFromRecordSamples": [],
    }


@VERSIONS
def test_labels_are_counted_for_each_direction(live: Crm, version):
    found = _get(live, version, "associations/labels", fromObjectTypeId=SPACESHIP_ID)["results"]
    assert found == [
        {
            "fromObjectType": {
                "objectTypeId": SPACESHIP_ID,
                "singularLabel": "spaceship",
                "pluralLabel": "spaceships",
            },
            "toObjectType": {"objectTypeId": "0-1", "singularLabel": "Contact", "pluralLabel": "Contacts"},
            "limit": 50,
            "usage": 1,
            "percentage": 2.0,
            "allLabels": ["Pilot"],
        }
    ]
    back = _get(live, version, "associations/labels", fromObjectTypeId="0-1", toObjectTypeId=SPACESHIP_ID)
    assert [row["allLabels"] for row in back["results"]] == [["Piloted ship"]]
    every = _get(live, version, "associations/labels")["results"]
    assert all(row in every for row in [*found, *back["results"]])


@VERSIONS
def test_living_records_are_counted(live: Crm, version):
    def usage() -> tuple[dict[str, Any], dict[str, Any]]:
        found = _get(live, version, "records")
        (fees,) = (row for row in found["hubspotDefinedObjectTypes"] if row["objectTypeId"] == "0-85")
        return fees, found["customObjectTypes"]

    fees, ships = usage()
    made = live.create("fees", 3)
    live.delete(f"/crm/v3/objects/fees/{made[0]}")
    live.create(SPACESHIP_ID, 1)
    more_fees, more_ships = usage()
    assert more_fees["usage"] == fees["usage"] + 2
    assert (fees["limit"], fees["singularLabel"], fees["pluralLabel"]) == (500_000, "Fee", "Fees")
    assert more_ships["overallUsage"] == ships["overallUsage"] + 1
    before, after = (
        [row["usage"] for row in found["byObjectType"] if row["objectTypeId"] == SPACESHIP_ID]
        for found in (ships, more_ships)
    )
    assert after == [sum(before) + 1]


@VERSIONS
def test_numbers_that_were_seen_are_the_limits(live: Crm, version):
    custom = _get(live, version, "custom-object-types")
    assert (custom["limit"], custom["usage"]) == (20, len(live.get("/crm/v3/schemas").json()["results"]))
    pipelines = _get(live, version, "pipelines")
    limits = {row["objectTypeId"]: row["limit"] for row in pipelines["hubspotDefinedObjectTypes"]}
    assert limits == {"0-3": 100, "0-5": 100, "0-123": 50}
    assert pipelines["customObjectTypes"]["overallLimit"] == 100
    properties = _get(live, version, "custom-properties")
    assert properties["overallLimit"] == 10_000
    assert {row["limit"] for row in properties["byObjectType"]} == {1_000}
    assert _get(live, version, "calculated-properties")["overallLimit"] == 200


def _properties_of_deals(crm: Crm, version: str) -> list[tuple[int, int]]:
    """How many there are in all and of deals: first those that are defined, then those that are calculated."""
    found = [_get(crm, version, f"{kind}-properties") for kind in ("custom", "calculated")]
    return [
        (
            all_of["overallUsage"],
            next(row["usage"] for row in all_of["byObjectType"] if row["objectTypeId"] == "0-3"),
        )
        for all_of in found
    ]


@VERSIONS
def test_defined_properties_are_counted_until_they_are_archived(live: Crm, version):
    before = _properties_of_deals(live, version)
    plain = new_property(live, "deals", groupName="dealinformation")
    calculated = {"type": "number", "fieldType": "calculation_equation", "calculationFormula": "amount * 2"}
    new_property(live, "deals", groupName="dealinformation", **calculated)
    after = _properties_of_deals(live, version)
    assert after == [(total + 2 - n, of_deals + 2 - n) for n, (total, of_deals) in enumerate(before)]
    live.delete(f"/crm/v3/properties/deals/{plain}")
    left = _properties_of_deals(live, version)
    assert left == [(total + 1, of_deals + 1) for total, of_deals in before]


@pytest.mark.parametrize(("text", "says"), [("0-9999", "Invalid object"), ("butterflies", "Unable to infer")])
def test_an_unknown_object_type_is_refused_as_anywhere_else(live: Crm, text, says):
    for answer in (
        live.get(_path("v3", "associations/labels"), params={"toObjectTypeId": text}),
        live.get(_path("2026-03", f"associations/records/{text}/to")),
        live.get(_path("2026-03", f"associations/records/0-1/{text}")),
    ):
        assert answer.status_code == 400
        assert answer.json()["message"].startswith(says)


def test_the_beta_has_no_limits_tracking(live: Crm):
    assert live.get("/crm/limits/2026-09-beta/records").status_code == 404
    assert live.post("/crm/associations/2026-09-beta/usage/high-usage-report/1").status_code == 200


def test_a_report_is_ordered_at_once_and_fetched_later(live: Crm, crowd):
    user_id = uuid4().int % 2**31 or 1
    began = time.time() * 1000
    answer = live.post(f"{ORDER}/{user_id}")
    assert answer.status_code == 200
    enqueued = answer.json()["enqueueTime"]
    assert answer.json() == {
        "enqueueTime": {"value": enqueued["value"], "dateOnly": False, "timeZoneShift": 0},
        "userId": user_id,
        "userEmail": f"user-{user_id}@portal-1000001.invalid",
    }
    assert abs(enqueued["value"] - began) < 10_000
    report = _finished(live, user_id)
    assert (report["kind"], report["state"], report["mailedTo"]) == ("high_usage_report", "done", None)
    content = live.get(report["url"])
    assert content.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(StringIO(content.text, newline="")))
    assert ["appointment", crowd["near"], "contact", "HUBSPOT_DEFINED", "906", "", "4", "5", "80.0"] in rows
    assert ["appointment", crowd["at"], "contact", "HUBSPOT_DEFINED", "906", "", "5", "5", "100.0"] in rows
    assert crowd["few"] not in {row[1] for row in rows}


def _finished(crm: Crm, user_id: int) -> dict[str, Any]:
    """The report of a user, once it is finished."""
    for _ in range(200):
        (report,) = (each for each in crm.get(f"{REPORTS}/").json() if each["userId"] == user_id)
        if report["finishedAt"] is not None:
            found: dict[str, Any] = report
            return found
        time.sleep(0.05)
    raise AssertionError(f"not finished: {report}")


def test_reports_are_listed_with_and_without_the_last_slash(live: Crm):
    without, with_slash = (live.get(path).json() for path in (REPORTS, f"{REPORTS}/"))
    assert [each["id"] for each in without] == [each["id"] for each in with_slash]


@pytest.mark.parametrize("report_id", ["999999999", "x", "-1", "0", "9" * 30])
def test_an_unknown_report_is_not_found(live: Crm, report_id):
    answer = live.get(f"{REPORTS}/{report_id}")
    assert (answer.status_code, answer.json()["category"]) == (404, "OBJECT_NOT_FOUND")
    assert report_id in answer.json()["message"]


def test_reports_need_a_token(live: Crm):
    for path in (REPORTS, f"{REPORTS}/", f"{REPORTS}/1"):
        answer = live.get(path, headers={"authorization": ""})
        assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")


@pytest.mark.parametrize("user_id", ["0", "-1", "x", "1.5", "2147483648"])
def test_a_user_id_that_is_no_positive_number_of_32_bits_is_refused(live: Crm, user_id):
    answer = live.post(f"{ORDER}/{user_id}")
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["context"] == {"userId": [user_id]}
