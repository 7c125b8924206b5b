"""Properties and groups: what may be defined, what a change and an archive lead to, and how refusals read."""

import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx2
import pytest

from tests.conformance.errors import NOT_FOUND, VALIDATION
from tests.support.crm import Crm
from tests.support.properties import group_of, new_group, new_property, property_of, unique_name
from tests.support.server import Server

DATED = tuple(f"/crm/properties/{version}" for version in ("2025-09", "2026-03", "2026-09"))
CONTACTS = "/crm/properties/2026-03/contacts"
RECORDS = "/crm/objects/2026-03/contacts"
KNOWN_S = 5
"""How long another server may take to know of a property."""

OPTIONS = [
    {"label": "Small", "value": "s", "displayOrder": 0, "hidden": False},
    {"label": "Large", "value": "l", "displayOrder": 1, "hidden": True, "description": "rare"},
]
YES_NO = [
    {"label": "Yes", "value": "true", "displayOrder": 0, "hidden": False},
    {"label": "No", "value": "false", "displayOrder": 1, "hidden": False},
]
KINDS: dict[str, tuple[str, list[Any], set[str]]] = {
    "string": ("any text", [], {"text", "textarea", "html", "file", "phonenumber"}),
    "number": ("1.5", [], {"number"}),
    "bool": ("true", YES_NO, {"booleancheckbox"}),
    "enumeration": ("l", OPTIONS, {"select", "radio", "checkbox"}),
    "date": ("2026-11-24", [], {"date"}),
    "datetime": ("2026-11-24T10:00:00.000Z", [], {"date"}),
    "phone_number": ("+49 30 1", [], {"phonenumber"}),
}
"""A value of each type, the options that it has, and which field types show it."""

CALCULATED = {"string", "number", "bool", "enumeration"}
FIELD_TYPES = {
    "calculation_equation",
    "booleancheckbox",
    *(each for *_, some in KINDS.values() for each in some),
}
COMBINED = [(kind, each) for kind, (*_, field_types) in KINDS.items() for each in sorted(field_types)]
MISMATCHED = sorted(
    set(product([*KINDS, "json", "object_coordinates"], FIELD_TYPES))
    - set(COMBINED)
    - {(kind, "calculation_equation") for kind in CALCULATED}
    - {("enumeration", "booleancheckbox")}
)  # fmt: skip


def _told(answer: httpx2.Response) -> tuple[int, str, str, str | None, dict[str, list[str]]]:
    """Status, message, category, subCategory and context of a refusal."""
    body = answer.json()
    assert body["correlationId"] == answer.headers["x-hubspot-correlation-id"]
    return (
        answer.status_code, body["message"], body["category"], body.get("subCategory"), body.get("context", {}),
    )  # fmt: skip


def _option(value: str, label: str = "Label") -> dict[str, str]:
    return {"value": value, "label": label}


def _names(crm: Crm, **query: str) -> list[str]:
    return [each["name"] for each in crm.get(CONTACTS, params=query).json()["results"]]


def _read(crm: Crm, record_id: str, *names: str) -> dict[str, str | None]:
    answer = crm.get(f"{RECORDS}/{record_id}", params={"properties": ",".join(names)})
    shown: dict[str, str | None] = answer.json()["properties"]
    return {name: shown[name] for name in names if name in shown}


@pytest.mark.parametrize(("kind", "field_type"), COMBINED)
def test_a_property_of_each_kind_is_read_as_it_was_made_and_holds_a_value(live: Crm, kind, field_type):
    value, options, _ = KINDS[kind]
    asked = property_of(type=kind, fieldType=field_type, description="D", displayOrder=4, formField=True)
    answer = live.post(CONTACTS, asked | ({"options": options} if options else {}))
    assert answer.status_code == 201
    made, name = answer.json(), asked["name"]
    assert asked.items() <= made.items()
    assert made["options"] == options
    assert (made["hubspotDefined"], made["archived"], made["calculated"]) == (False, False, False)
    assert made["createdAt"] == made["updatedAt"]
    assert live.get(f"{CONTACTS}/{name}").json() == made
    assert made in live.get(CONTACTS).json()["results"]
    record = live.post(RECORDS, {"properties": {name: value}})
    assert record.status_code == 201
    assert _read(live, record.json()["id"], name) == {name: value}


@pytest.mark.parametrize("kind", sorted(CALCULATED))
def test_a_calculated_property_takes_no_values(live: Crm, kind):
    further = {"type": kind, "fieldType": "calculation_equation", "calculationFormula": "1 + 1"}
    name = new_property(live, **further)
    made = live.get(f"{CONTACTS}/{name}").json()
    assert (made["calculated"], made["calculationFormula"]) == (True, "1 + 1")
    assert made["modificationMetadata"]["readOnlyValue"] is True
    refused = live.post(RECORDS, {"properties": {name: "1"}}).json()
    assert [each["code"] for each in refused["errors"]] == ["READ_ONLY_VALUE"]


@pytest.mark.parametrize(("kind", "field_type"), MISMATCHED)
def test_other_combinations_are_refused(live: Crm, kind, field_type):
    asked = property_of(type=kind, fieldType=field_type, options=YES_NO)
    message = f"fieldType {field_type} does not go with type {kind}"
    context = {"type": [kind], "fieldType": [field_type]}
    assert _told(live.post(CONTACTS, asked)) == (400, message, VALIDATION, None, context)
    assert live.get(f"{CONTACTS}/{asked['name']}").status_code == 404


@pytest.mark.parametrize(
    ("further", "context"),
    [
        ({"type": "text"}, {"type": ["text"]}),
        ({"fieldType": "dial"}, {"fieldType": ["dial"]}),
    ],
)
def test_unknown_types_are_refused(live: Crm, further, context):
    [(field, [text])] = context.items()
    told = (400, f"{text} is not a valid {field}", VALIDATION, None, context)
    assert _told(live.post(CONTACTS, property_of(**further))) == told
    assert _told(live.patch(f"{CONTACTS}/{new_property(live)}", further)) == told


@pytest.mark.parametrize("name", ["", "Upper", "1st", "_x", "a-b", "a b", "ä", "a" * 101])
def test_names_that_are_none_are_refused_of_properties_and_groups(live: Crm, name):
    asked = [
        (CONTACTS, {**property_of(), "name": name}),
        (f"{CONTACTS}/groups", {**group_of(), "name": name}),
    ]
    for path, body in asked:
        status, message, *_, context = _told(live.post(path, body))
        assert (status, context) == (400, {"name": [name]})
        assert message.startswith(f"'{name}' is not a valid name: it must start with a small letter")


def test_the_longest_name_is_taken(live: Crm):
    name = unique_name().ljust(100, "x")
    assert new_property(live, name=name) == name


@pytest.mark.parametrize(
    ("options", "value", "fault"),
    [
        ([_option("a"), _option("a")], "a", "another option has this value"),
        ([_option(" ")], " ", "value and label must not be blank"),
        ([_option("a", "")], "a", "value and label must not be blank"),
        ([_option("a ")], "a ", "the value includes leading or trailing whitespace"),
        ([_option("a;b")], "a;b", "the value must not contain a semicolon"),
        ([_option(str(n)) for n in range(5001)], "5000", "a property cannot have so many options"),
    ],
)
def test_options_that_could_not_be_chosen_are_refused(live: Crm, options, value, fault):
    held = {"type": "enumeration", "fieldType": "select", "options": OPTIONS}
    known = new_property(live, **held)
    asked = property_of(**held | {"options": options})
    for answer, name in (
        (live.post(CONTACTS, asked), asked["name"]),
        (live.patch(f"{CONTACTS}/{known}", {"options": options}), known),
    ):
        message = f"Option '{value}' of property {name} is not valid: {fault}"
        context = {"propertyName": [name], "value": [value]}
        assert _told(answer) == (400, message, VALIDATION, None, context)
    assert live.get(f"{CONTACTS}/{known}").json()["options"] == OPTIONS


def test_an_enumeration_needs_options_and_a_checkbox_is_yes_or_no(live: Crm):
    asked = property_of(type="enumeration", fieldType="select")
    message = f"Enumeration property {asked['name']} needs options"
    context = {"propertyName": [asked["name"]]}
    assert _told(live.post(CONTACTS, asked)) == (400, message, VALIDATION, None, context)
    for kind in ("bool", "enumeration"):
        made = live.post(CONTACTS, property_of(type=kind, fieldType="booleancheckbox")).json()
        assert made["options"] == YES_NO
        other = property_of(type=kind, fieldType="booleancheckbox", options=OPTIONS)
        assert "the values can be true and false only" in live.post(CONTACTS, other).json()["message"]
    assert live.post(CONTACTS, property_of(options=OPTIONS)).json()["options"] == []


@pytest.mark.parametrize("name", ["email", "hs_object_id", None])
def test_a_name_is_taken_once(live: Crm, name):
    name = name or new_property(live)
    before = live.get(f"{CONTACTS}/{name}").json()
    message = f"A property named '{name}' already exists."
    told = (409, message, "OBJECT_ALREADY_EXISTS", "Properties.PROPERTY_WITH_NAME_EXISTS", {})
    assert _told(live.post(CONTACTS, property_of(name, label="Other"))) == told
    assert live.get(f"{CONTACTS}/{name}").json() == before


def test_object_types_have_properties_of_their_own(live: Crm):
    name = new_property(live)
    assert live.get(f"/crm/v3/properties/fees/{name}").status_code == 404
    assert new_property(live, "fees", name=name, label="Else", groupName="fee_information") == name
    assert live.get(f"{CONTACTS}/{name}").json()["label"] == "Made for a test"


@pytest.mark.parametrize("prefix", DATED)
def test_every_version_has_the_same_properties(live: Crm, prefix):
    name, group = new_property(live), new_group(live)
    older = "/crm/v3/properties/contacts"
    for path in (f"/{name}", "/email", "", "/groups", f"/groups/{group}"):
        assert live.get(f"{prefix}/0-1{path}").json() == live.get(f"{older}{path}").json()
    assert live.delete(f"{prefix}/contact/{name}").status_code == 204
    assert live.get(f"{older}/{name}").status_code == 404


def test_a_change_leaves_what_it_does_not_name(live: Crm):
    name = new_property(live, type="enumeration", fieldType="radio", options=OPTIONS, description="D")
    made = live.get(f"{CONTACTS}/{name}").json()
    changed = live.patch(f"{CONTACTS}/{name}", {"label": "Other", "options": OPTIONS[1:]}).json()
    assert changed == {
        **made, "label": "Other", "options": OPTIONS[1:], "updatedAt": changed["updatedAt"],
    }  # fmt: skip
    assert live.get(f"{CONTACTS}/{name}").json() == changed
    kept = live.patch(f"{CONTACTS}/{name}", {"fieldType": "checkbox"}).json()
    assert (kept["type"], kept["fieldType"], kept["options"]) == ("enumeration", "checkbox", OPTIONS[1:])


def test_a_change_of_the_type_leaves_the_values_that_there_are(live: Crm):
    name = new_property(live)
    record_id = live.post(RECORDS, {"properties": {name: "many"}}).json()["id"]
    assert live.patch(f"{CONTACTS}/{name}", {"type": "number", "fieldType": "number"}).status_code == 200
    assert _read(live, record_id, name) == {name: "many"}
    assert live.patch(f"{RECORDS}/{record_id}", {"properties": {name: "many"}}).status_code == 400
    assert live.patch(f"{RECORDS}/{record_id}", {"properties": {name: "5"}}).status_code == 200


@pytest.mark.parametrize(
    "change", [{"label": "Other"}, {"groupName": "contact_activity"}, {"options": OPTIONS}]
)
def test_what_hubspot_defines_is_neither_changed_nor_archived(live: Crm, change):
    before = live.get(f"{CONTACTS}/lifecyclestage").json()
    message = "Property lifecyclestage is defined by HubSpot and cannot be changed or archived"
    told = (400, message, VALIDATION, None, {"propertyName": ["lifecyclestage"]})
    path = f"{CONTACTS}/lifecyclestage"
    assert _told(live.patch(path, change)) == _told(live.delete(path)) == told
    assert live.get(path).json() == before


def test_options_of_some_that_hubspot_defines_can_be_changed(live: Crm):
    path = f"{CONTACTS}/hs_lead_status"
    before = live.get(path).json()
    assert before["modificationMetadata"]["readOnlyOptions"] is False
    bees = {"label": "Likes bees", "value": "BEES", "displayOrder": 9, "hidden": False}
    changed = live.patch(path, {"options": [*before["options"], bees]}).json()
    assert changed["options"] == [*before["options"], bees]
    answer = live.post(RECORDS, {"properties": {"hs_lead_status": "BEES"}})
    assert answer.status_code == 201
    assert live.patch(path, {"options": before["options"]}).status_code == 200
    assert live.post(RECORDS, {"properties": {"hs_lead_status": "BEES"}}).status_code == 400


def test_whether_values_are_unique_is_settled_at_first(live: Crm):
    name = new_property(live)
    message = f"hasUniqueValue of property {name} cannot be changed"
    told = (400, message, VALIDATION, None, {"propertyName": [name]})
    assert _told(live.patch(f"{CONTACTS}/{name}", {"hasUniqueValue": True, "label": "Other"})) == told
    assert live.get(f"{CONTACTS}/{name}").json()["label"] == "Made for a test"
    assert live.patch(f"{CONTACTS}/{name}", {"hasUniqueValue": False}).status_code == 200


@pytest.fixture
def ten(live: Crm) -> Iterator[list[str]]:
    """All the unique properties that courses may have, gone after the test."""
    names = [
        new_property(live, "courses", hasUniqueValue=True, groupName="course_information") for _ in range(10)
    ]
    yield names
    for name in names:
        live.delete(f"/crm/v3/properties/courses/{name}")


def test_an_object_type_has_ten_unique_properties(live: Crm, ten):
    path = "/crm/v3/properties/courses"
    eleventh = property_of(hasUniqueValue=True, groupName="course_information")
    message = "No more than 10 properties with unique values are allowed in an object type"
    assert _told(live.post(path, eleventh)) == (400, message, VALIDATION, None, {})
    assert live.post(path, {**eleventh, "hasUniqueValue": False}).status_code == 201
    assert live.delete(f"{path}/{ten.pop()}").status_code == 204
    ten.append(new_property(live, "courses", hasUniqueValue=True, groupName="course_information"))


def test_an_archived_property_is_neither_shown_nor_taken_and_keeps_its_values(live: Crm):
    name = new_property(live)
    made = live.get(f"{CONTACTS}/{name}").json()
    record_id = live.post(RECORDS, {"properties": {name: "kept", "firstname": "Ann"}}).json()["id"]
    path = f"{CONTACTS}/{name}"
    assert [live.delete(path).status_code for _ in range(2)] == [204, 204]
    not_found = (
        404, f"Property named '{name}' does not exist", NOT_FOUND, "PROPERTY_DOESNT_EXIST", {"propertyName": [name]},
    )  # fmt: skip
    assert _told(live.get(path)) == _told(live.patch(path, {"label": "Other"})) == not_found
    archived = live.get(path, params={"archived": "true"}).json()
    assert archived == {**made, "archived": True, "archivedAt": archived["archivedAt"]}
    assert (name in _names(live), name in _names(live, archived="true")) == (False, True)
    assert _read(live, record_id, name, "firstname") == {"firstname": "Ann"}
    changed = live.patch(f"{RECORDS}/{record_id}", {"properties": {"firstname": "Eve"}}).json()
    assert name not in changed["properties"]
    refused = live.patch(f"{RECORDS}/{record_id}", {"properties": {name: "other"}}).json()
    assert [each["code"] for each in refused["errors"]] == ["PROPERTY_DOESNT_EXIST"]
    again = live.post(CONTACTS, property_of(name, label="Back"))
    assert (again.status_code, again.json()["createdAt"]) == (201, made["createdAt"])
    assert (again.json()["label"], again.json()["archived"]) == ("Back", False)
    assert _read(live, record_id, name) == {name: "kept"}
    assert name not in _names(live, archived="true")


def test_a_property_in_a_formula_is_in_use(live: Crm):
    name = new_property(live, type="number", fieldType="number")
    formula = {"type": "number", "fieldType": "calculation_equation", "calculationFormula": f"{name} * 2"}
    user = new_property(live, **formula)
    told = (
        400, f"Property {name} is used by {user}", VALIDATION,
        "PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE", {"propertyName": [name], "usageCount": ["1"]},
    )  # fmt: skip
    assert _told(live.delete(f"{CONTACTS}/{name}")) == told
    assert _told(live.post(f"{CONTACTS}/batch/archive", {"inputs": [{"name": name}]})) == told
    inputs = [{"name": user}, {"name": name}]
    assert live.post(f"{CONTACTS}/batch/archive", {"inputs": inputs}).status_code == 204
    assert live.get(f"{CONTACTS}/{name}").status_code == 404


def test_lists_are_of_one_sensitivity_and_may_name_properties(live: Crm):
    plain, secret = new_property(live), new_property(live, dataSensitivity="sensitive")
    assert (plain in _names(live), secret in _names(live)) == (True, False)
    assert secret in _names(live, dataSensitivity="sensitive")
    assert _names(live, properties=f"{plain},email,nothing") == sorted(["email", plain])
    assert _names(live) == sorted(_names(live))
    assert _told(live.get(CONTACTS, params={"dataSensitivity": "raw"}))[:2] == (
        400,
        "raw is not a valid dataSensitivity",
    )


def test_another_server_over_the_database_knows_a_new_property_within_seconds(tmp_path):
    first, second = (Server(tmp_path, is_durable=False) for _ in range(2))
    with first, second, Crm(first.url, "documented") as here, Crm(second.url, "documented") as there:
        name = unique_name()
        body = {"properties": {name: "1"}}
        assert there.post(RECORDS, body).status_code == 400
        new_property(here, name=name)
        begun = time.monotonic()
        while (answer := there.post(RECORDS, body)).status_code != 201:
            assert time.monotonic() - begun < KNOWN_S + 1
            time.sleep(0.1)
        assert _read(here, answer.json()["id"], name) == {name: "1"}
