"""Groups of properties, and batches of properties: each input on its own, but for archiving."""

from typing import Any

import httpx2
import pytest

from tests.conformance.errors import NOT_FOUND, VALIDATION, assert_error
from tests.support.crm import Crm
from tests.support.properties import group_of, new_group, new_property, property_of, unique_name

V3 = "/crm/v3/properties/contacts"
GROUPS = f"{V3}/groups"


def _groups(crm: Crm, object_type: str = "contacts") -> list[str]:
    return [each["name"] for each in crm.get(f"/crm/v3/properties/{object_type}/groups").json()["results"]]


def _batch(
    crm: Crm, verb: str, *inputs: dict[str, Any], version: str = "", **further: Any
) -> httpx2.Response:
    path = f"/crm/properties/{version}/contacts" if version else V3
    return crm.post(f"{path}/batch/{verb}", {"inputs": list(inputs), **further})


def _item(live: Crm, **error: Any) -> dict[str, Any]:
    """One error of a batch: the documented profile carries every key, the observed one those that say something."""
    if live.is_observed:
        return {"status": "error", **error}
    return {"status": "error", "context": {}, "errors": [], "links": {}, **error}


def _exists(live: Crm, name: str) -> dict[str, Any]:
    return _item(
        live,
        category="OBJECT_ALREADY_EXISTS",
        subCategory="Properties.PROPERTY_WITH_NAME_EXISTS",
        message=f"A property named '{name}' already exists.",
    )


def _missing(live: Crm, name: str) -> dict[str, Any]:
    return _item(
        live,
        category=NOT_FOUND,
        subCategory="PROPERTY_DOESNT_EXIST",
        message=f"Property named '{name}' does not exist",
        context={"propertyName": [name]},
    )


def _assert_partly_failed(
    answer: httpx2.Response, results: list[Any], errors: list[Any], status: int = 207
) -> None:
    body = answer.json()
    assert (answer.status_code, body["status"]) == (status, "COMPLETE")
    assert (body["results"], body["errors"], body["numErrors"]) == (results, errors, len(errors))


def test_a_group_is_made_changed_and_archived(live: Crm):
    asked = group_of()
    path = f"{GROUPS}/{asked['name']}"
    answer = live.post(GROUPS, asked)
    made = {**asked, "archived": False}
    assert (answer.status_code, answer.json()) == (201, made)
    assert live.get(path).json() == made
    assert made in live.get(GROUPS).json()["results"]
    assert live.patch(path, {"label": "Other"}).json() == {**made, "label": "Other"}
    assert live.patch(path, {"displayOrder": 5}).json() == {**made, "label": "Other", "displayOrder": 5}
    assert [live.delete(path).status_code for _ in range(2)] == [204, 204]
    assert asked["name"] not in _groups(live)
    context = {"groupName": [asked["name"]]}
    message = f"Property group named '{asked['name']}' does not exist"
    for gone in (live.get(path), live.patch(path, {"label": "Again"})):
        assert_error(live, gone, 404, message, NOT_FOUND, context)


def test_groups_are_listed_by_place_and_those_without_one_last(live: Crm):
    path = "/crm/v3/properties/courses/groups"
    usual = _groups(live, "courses")
    for name, place in (("z_last", -1), ("a_last", -1), ("second", 51), ("first", 50)):
        body = {"name": name, "label": "L", "displayOrder": place}
        assert live.post(path, body).status_code == 201
    assert _groups(live, "courses") == [*usual, "first", "second", "a_last", "z_last"]
    for name in ("z_last", "a_last", "second", "first"):
        live.delete(f"{path}/{name}")


def test_a_group_that_is_archived_comes_back_by_its_name(live: Crm):
    name = new_group(live)
    taken = live.post(GROUPS, group_of(name))
    message = f"A property group named '{name}' already exists."
    assert_error(live, taken, 409, message, "OBJECT_ALREADY_EXISTS")
    live.delete(f"{GROUPS}/{name}")
    back = live.post(GROUPS, {"name": name, "label": "Back"})
    assert (back.status_code, back.json()) == (
        201, {"name": name, "label": "Back", "displayOrder": -1, "archived": False},
    )  # fmt: skip


def test_a_group_with_active_properties_stays(live: Crm):
    group = new_group(live)
    first, second = (new_property(live, groupName=group) for _ in range(2))
    for _ in range(2):
        refused = live.delete(f"{GROUPS}/{group}")
        assert (refused.status_code, refused.json()["category"]) == (400, VALIDATION)
        assert refused.json()["subCategory"] == "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
        assert refused.json()["message"] == "Can't delete or purge a group with active properties"
        assert group in _groups(live)
        live.delete(f"{V3}/{first}")
    live.patch(f"{V3}/{second}", {"groupName": "contactinformation"})
    assert live.delete(f"{GROUPS}/{group}").status_code == 204


def test_groups_of_hubspots_stay(live: Crm):
    refused = live.delete(f"{GROUPS}/contactinformation")
    assert (refused.status_code, "contactinformation" in _groups(live)) == (400, True)


def test_a_property_needs_a_group_of_its_object_type(live: Crm):
    elsewhere, archived = new_group(live, "deals"), new_group(live)
    live.delete(f"{GROUPS}/{archived}")
    known = new_property(live)
    for group in (unique_name("g"), elsewhere, archived):
        asked = property_of(groupName=group)
        for refused in (live.post(V3, asked), live.patch(f"{V3}/{known}", {"groupName": group})):
            message = f"Property group named '{group}' does not exist"
            assert_error(live, refused, 404, message, NOT_FOUND, {"groupName": [group]})
        assert live.get(f"{V3}/{asked['name']}").status_code == 404
    assert live.get(f"{V3}/{known}").json()["groupName"] == "contactinformation"


def test_a_label_is_not_blank(live: Crm):
    known, group = new_property(live), new_group(live)
    for answer, name in (
        (live.post(V3, property_of("blank", label=" ")), "blank"),
        (live.patch(f"{V3}/{known}", {"label": ""}), known),
        (live.post(GROUPS, {"name": "blank", "label": " "}), "blank"),
        (live.patch(f"{GROUPS}/{group}", {"label": "\t"}), group),
    ):
        assert_error(live, answer, 400, f"The label of {name} must not be blank", context={"name": [name]})


@pytest.mark.parametrize("version", ["", "2025-09", "2026-03", "2026-09"])
def test_a_batch_makes_what_it_can_and_tells_the_rest(live: Crm, version):
    first, second = property_of(), property_of(type="number", fieldType="number")
    answer = _batch(live, "create", first, property_of("email"), second, first, version=version)
    made = [live.get(f"{V3}/{each['name']}").json() for each in (first, second)]
    assert [each["type"] for each in made] == ["string", "number"]
    status = 200 if version == "2026-09" and not live.is_observed else 207
    _assert_partly_failed(answer, made, [_exists(live, "email"), _exists(live, first["name"])], status)


def test_a_batch_in_which_nothing_fails_has_no_errors(live: Crm):
    asked = [property_of(), property_of()]
    answer = _batch(live, "create", *asked)
    assert (answer.status_code, answer.json()["status"]) == (201, "COMPLETE")
    assert [each["name"] for each in answer.json()["results"]] == [each["name"] for each in asked]
    assert answer.json().keys() == {"status", "results", "startedAt", "completedAt"}


def test_a_batch_reads_what_is_there_and_tells_the_rest(live: Crm):
    name, absent = new_property(live), unique_name()
    answer = _batch(live, "read", {"name": name}, {"name": absent}, {"name": "email"})
    found = [live.get(f"{V3}/{each}").json() for each in (name, "email")]
    _assert_partly_failed(answer, found, [_missing(live, absent)])
    live.delete(f"{V3}/{name}")
    archived = _batch(live, "read", {"name": name}, {"name": "email"}, archived=True)
    assert [each["archived"] for each in archived.json()["results"]] == [True]
    assert archived.json()["errors"] == [_missing(live, "email")]


def test_a_batch_archives_all_or_none(live: Crm):
    first, second = new_property(live), new_property(live)
    named = [{"name": each} for each in (first, "email", second)]
    message = "Property email is defined by HubSpot and cannot be changed or archived"
    assert_error(live, _batch(live, "archive", *named), 400, message, context={"propertyName": ["email"]})
    assert live.get(f"{V3}/{first}").status_code == live.get(f"{V3}/{second}").status_code == 200
    done = _batch(live, "archive", {"name": first}, {"name": unique_name()}, {"name": second})
    assert (done.status_code, done.text) == (204, "")
    assert live.get(f"{V3}/{first}").status_code == live.get(f"{V3}/{second}").status_code == 404


@pytest.mark.parametrize("verb", ["create", "read", "archive"])
def test_a_batch_has_at_most_100_inputs(live: Crm, verb):
    said = "The maximum number of inputs supported in a batch is 100."
    answer = _batch(live, verb, *[property_of("email")] * 101)
    message = f"{said} Please reduce the number of items and try again"
    assert (answer.status_code, answer.json()["message"]) == (400, message)
