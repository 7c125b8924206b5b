"""The properties that ship: whole, consistent, and enough for what clients rely on."""

import json
from collections import Counter
from importlib.resources import files

import pytest

from edgewise.data import hubspot_types
from edgewise.data.properties import default_properties, described_types
from edgewise.domain.model import ObjectType
from edgewise.domain.properties import (
    FieldType,
    ObjectProperties,
    PropertyDefinition,
    PropertyType,
    is_combined,
)
from edgewise.domain.property_definitions import require_valid_label, require_valid_name
from edgewise.domain.property_values import check

RAW = json.loads(files("edgewise.data").joinpath("default_properties.json").read_text("utf-8"))
OBJECT_ROWS = json.loads(files("edgewise.data").joinpath("object_types.json").read_text("utf-8"))
TYPES = hubspot_types().object_types
EVERY = [
    (each.name, definition)
    for each in TYPES
    for definition in default_properties(each.name).properties.values()
]


def of(type_name: str) -> dict[str, PropertyDefinition]:
    return dict(default_properties(type_name).properties)


def test_no_property_is_listed_twice():
    lists = {
        "every type": RAW["everyType"],
        **{rows["name"]: rows["properties"] for rows in RAW["objectTypes"]},
    }
    assert {
        name: repeated
        for name, rows in lists.items()
        if (repeated := [key for key, count in Counter(row["name"] for row in rows).items() if count > 1])
    } == {}


def test_every_described_type_is_served_and_every_served_type_is_described():
    assert Counter(described_types()) == Counter(each.name for each in TYPES)


def test_every_property_has_a_valid_name_and_a_label():
    for _, definition in EVERY:
        require_valid_name(definition.name)
        require_valid_label(definition.name, definition.label)
        assert definition.is_hubspot_defined


def test_every_group_is_defined_and_used():
    for each in TYPES:
        held = default_properties(each.name)
        assert {definition.group_name for definition in held.active()} == set(held.groups)
        for group in held.active_groups():
            require_valid_name(group.name)
            assert group.is_hubspot_defined


def test_types_and_field_types_go_together():
    assert [
        (name, definition.name)
        for name, definition in EVERY
        if not is_combined(definition.type, definition.field_type, by_hubspot=True)
    ] == []


def test_every_enumeration_has_options_here_or_elsewhere():
    for name, definition in EVERY:
        values = [option.value for option in definition.options]
        assert len(values) == len(set(values)), (name, definition.name)
        assert all(option.value and option.label for option in definition.options), (name, definition.name)
        if definition.type is PropertyType.ENUMERATION:
            assert values or definition.has_external_options, (name, definition.name)
        elif definition.type is PropertyType.BOOL:
            assert values == ["true", "false"]
        else:
            assert values == [], (name, definition.name)


def test_what_is_calculated_cannot_be_set():
    for name, definition in EVERY:
        if definition.is_calculated or definition.field_type.startswith("calculation_"):
            assert definition.is_value_read_only, (name, definition.name)


def test_every_option_list_is_used():
    used = {
        row["options"]
        for rows in [{"properties": RAW["everyType"]}, *RAW["objectTypes"]]
        for row in rows["properties"]
        if isinstance(row.get("options"), str)
    }
    assert used == set(RAW["optionLists"])


def test_a_row_says_nothing_that_is_understood():
    for rows in [{"properties": RAW["everyType"]}, *RAW["objectTypes"]]:
        for row in rows["properties"]:
            assert "" not in row.values(), row["name"]
            assert False not in [value for value in row.values() if isinstance(value, bool)], row["name"]


@pytest.mark.parametrize("object_type", TYPES, ids=lambda each: each.name)
def test_what_a_read_shows_by_default_is_defined(object_type: ObjectType):
    names = of(object_type.name).keys()
    assert set(object_type.default_properties) <= names
    assert {object_type.last_modified_property, object_type.created_property, "hs_object_id"} <= names


@pytest.mark.parametrize("row", OBJECT_ROWS, ids=lambda row: row["name"])
def test_what_a_record_needs_and_is_known_by_is_defined(row: dict):
    if row["name"] not in described_types():
        return
    needed = {*row["requiredProperties"], *row["uniqueProperties"], *row.get("recommendedProperties", [])}
    assert needed | {row["primaryDisplayProperty"] or "hs_object_id"} <= of(row["name"]).keys()


@pytest.mark.parametrize("object_type", TYPES, ids=lambda each: each.name)
def test_the_time_of_change_and_the_id_cannot_be_set(object_type: ObjectType):
    definitions = of(object_type.name)
    for name in (object_type.last_modified_property, "hs_object_id"):
        assert definitions[name].is_value_read_only
    assert definitions["hs_object_id"].has_unique_value


def test_contacts_are_told_by_their_email_and_companies_by_their_id_alone():
    def unique(type_name: str) -> set[str]:
        return {name for name, each in of(type_name).items() if each.has_unique_value}

    assert unique("contact") == {"email", "hs_object_id", "hs_unique_creation_key"}
    assert unique("company") == {"hs_object_id", "hs_unique_creation_key"}


@pytest.mark.parametrize(
    ("type_name", "least"),
    [("contact", 200), ("company", 130), ("deal", 90), ("ticket", 100), ("line_item", 50), ("task", 60)],
)
def test_the_types_that_clients_read_most_are_described_in_breadth(type_name: str, least: int):
    assert len(of(type_name)) >= least


@pytest.mark.parametrize(
    ("type_name", "name", "values"),
    [
        ("contact", "lifecyclestage", ["subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead",
                                       "opportunity", "customer", "evangelist", "other"]),
        ("company", "hs_lead_status", ["NEW", "OPEN", "IN_PROGRESS", "OPEN_DEAL", "UNQUALIFIED",
                                       "ATTEMPTED_TO_CONTACT", "CONNECTED", "BAD_TIMING"]),
        ("deal", "dealtype", ["newbusiness", "existingbusiness"]),
        ("ticket", "hs_ticket_priority", ["LOW", "MEDIUM", "HIGH", "URGENT"]),
        ("task", "hs_task_status", ["NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"]),
        ("meeting", "hs_meeting_outcome", ["SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"]),
    ],
)  # fmt: skip
def test_the_options_that_clients_send_are_there(type_name: str, name: str, values: list[str]):
    assert [option.value for option in of(type_name)[name].options] == values


@pytest.mark.parametrize(
    ("type_name", "name"),
    [("deal", "dealstage"), ("deal", "pipeline"), ("ticket", "hs_pipeline_stage"), ("ticket", "hs_pipeline")],
)
def test_pipelines_and_their_stages_are_kept_elsewhere(type_name: str, name: str):
    found = of(type_name)[name]
    assert (found.type, found.has_external_options, found.options) == (PropertyType.ENUMERATION, True, ())


SENT = {
    "contact": {"email": "bh@hubspot.com", "firstname": "Brian", "lastname": "Halligan", "phone": "+1 617 555",
                "company": "HubSpot", "website": "https://hubspot.com", "lifecyclestage": "lead"},
    "company": {"name": "HubSpot", "domain": "hubspot.com", "city": "Cambridge", "industry": "COMPUTER_SOFTWARE",
                "phone": "555-555-555", "state": "Massachusetts", "numberofemployees": "10", "annualrevenue": "1e6"},
    "deal": {"dealname": "New deal", "dealstage": "appointmentscheduled", "pipeline": "default", "amount": "1500.00",
             "closedate": "2019-12-07T16:50:06.678Z", "hubspot_owner_id": "910901", "dealtype": "newbusiness",
             "createdate": "2019-12-07"},
    "ticket": {"subject": "troubleshoot report", "hs_pipeline": "0", "hs_pipeline_stage": "1", "content": "text",
               "hs_ticket_priority": "HIGH", "hs_ticket_category": "PRODUCT_ISSUE;BILLING_ISSUE"},
    "line_item": {"name": "1 year plan", "hs_product_id": "191902", "quantity": "1", "price": "10",
                  "recurringbillingfrequency": "monthly", "hs_recurring_billing_period": "P24M"},
    "product": {"name": "Service", "description": "Onboarding", "price": "6000.00", "hs_sku": "191902",
                "hs_cost_of_goods_sold": "600.00", "hs_recurring_billing_period": "P24M"},
    "quote": {"hs_title": "CustomerName", "hs_expiration_date": "2026-12-10", "hs_status": "DRAFT",
              "hs_language": "en", "hs_sender_firstname": "Ann", "hs_currency": "USD"},
    "call": {"hs_timestamp": "2021-03-17T01:32:44.872Z", "hs_call_title": "Support call", "hs_call_duration": "3800",
             "hubspot_owner_id": "11349275740", "hs_call_body": "text", "hs_call_status": "COMPLETED",
             "hs_call_direction": "INBOUND", "hs_call_from_number": "(857) 829 5489"},
    "email": {"hs_timestamp": "2019-10-30T03:30:17.883Z", "hs_email_direction": "EMAIL", "hs_email_status": "SENT",
              "hs_email_subject": "Let's talk", "hs_email_text": "Thanks", "hs_email_headers": "{}"},
    "note": {"hs_timestamp": "1609455600000", "hs_note_body": "Spoke", "hs_attachment_ids": "24332474034;24332474044"},
    "task": {"hs_timestamp": "2019-10-30T03:30:17.883Z", "hs_task_body": "Send", "hs_task_subject": "Follow-up",
             "hs_task_status": "WAITING", "hs_task_priority": "HIGH", "hs_task_type": "CALL"},
    "communication": {"hs_communication_channel_type": "SMS", "hs_communication_logged_from": "CRM",
                      "hs_communication_body": "text", "hs_timestamp": "2022-11-12T15:48:22Z"},
}  # fmt: skip
"""Values as the documentation's and the client libraries' examples have them."""


@pytest.mark.parametrize("type_name", SENT)
def test_a_record_as_examples_have_it_is_valid(type_name: str):
    assert check(of(type_name), SENT[type_name], 1).invalid == []


def test_a_custom_object_type_has_what_all_have_in_a_group_of_its_own():
    held = default_properties("cars")
    assert isinstance(held, ObjectProperties)
    assert [(group.name, group.label) for group in held.active_groups()] == [
        ("cars_information", "Cars information")
    ]
    assert {definition.group_name for definition in held.active()} == {"cars_information"}
    assert {
        "hs_object_id",
        "hs_createdate",
        "hs_lastmodifieddate",
        "hubspot_owner_id",
        "hs_object_source",
    } <= set(held.properties)
    assert "createdate" not in held.properties


def test_a_type_may_describe_otherwise_what_all_types_have():
    assert of("contact")["hubspot_owner_id"].label == "Contact owner"
    assert of("deal")["hubspot_owner_id"].label == "Deal owner"
    assert of("note")["hubspot_owner_id"].field_type is FieldType.SELECT


def test_the_definitions_are_read_once_and_cannot_be_changed():
    held = default_properties("contact")
    assert default_properties("contact") is held
    with pytest.raises(TypeError):
        held.properties["email"] = held.properties["phone"]  # type: ignore[index]


def test_the_file_says_where_it_comes_from():
    assert RAW["sources"]
