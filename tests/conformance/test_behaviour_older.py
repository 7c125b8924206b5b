"""The lists that connectors still ask for in their first versions tell what today's tell."""

from datetime import datetime
from typing import Any

import pytest

from tests.support.crm import Crm
from tests.support.properties import new_property


def _milliseconds(text: str | None) -> int | None:
    return None if text is None else round(datetime.fromisoformat(text).timestamp() * 1000)


def _renamed(stage: dict[str, Any]) -> dict[str, Any]:
    return {
        "stageId": stage["id"],
        "label": stage["label"],
        "displayOrder": stage["displayOrder"],
        "metadata": stage["metadata"],
        "createdAt": _milliseconds(stage["createdAt"]),
        "updatedAt": _milliseconds(stage["updatedAt"]),
        "active": True,
    }


@pytest.mark.parametrize("object_type", ["contacts", "company", "0-3", "tickets", "notes"])
def test_properties_of_v2_are_a_bare_array_of_the_same_properties(live: Crm, object_type: str):
    new_property(live)
    older = live.get(f"/properties/v2/{object_type}/properties").json()
    newer = live.get(f"/crm/v3/properties/{object_type}").json()["results"]
    same = ("name", "label", "type", "fieldType", "groupName", "hubspotDefined", "hidden", "calculated")
    assert len(older) > 10
    assert [{key: each[key] for key in same} for each in older] == [
        {key: each[key] for key in same} for each in newer
    ]
    assert [(each["createdAt"], each["updatedAt"]) for each in older] == [
        (_milliseconds(each.get("createdAt")), _milliseconds(each.get("updatedAt"))) for each in newer
    ]
    assert [[option["value"] for option in each["options"]] for each in older] == [
        [option["value"] for option in each["options"]] for each in newer
    ]


def test_an_archived_property_is_not_among_them_but_where_it_is_asked_for(live: Crm):
    name = new_property(live)
    assert live.delete(f"/crm/v3/properties/contacts/{name}").status_code == 204
    path = "/properties/v2/contacts/properties"
    assert name not in [each["name"] for each in live.get(path).json()]
    archived = live.get(path, params={"archived": "true"}).json()
    assert next(each for each in archived if each["name"] == name)["deleted"] is True


@pytest.mark.parametrize(("object_type", "name"), [("deals", "DEAL"), ("tickets", "TICKET")])
def test_pipelines_of_v1_are_the_same_pipelines(live: Crm, object_type: str, name: str):
    older = live.get(f"/crm-pipelines/v1/pipelines/{object_type}").json()["results"]
    newer = live.get(f"/crm/v3/pipelines/{object_type}").json()["results"]
    assert [(each["pipelineId"], each["label"], each["displayOrder"]) for each in older] == [
        (each["id"], each["label"], each["displayOrder"]) for each in newer
    ]
    assert [each["stages"] for each in older] == [[*map(_renamed, each["stages"])] for each in newer]
    assert {each["objectType"] for each in older} == {name}
    assert [each["pipelineId"] for each in older if each["default"]] == [newer[0]["id"]]
