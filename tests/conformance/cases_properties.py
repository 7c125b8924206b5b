"""Requests to the operations on properties and their groups."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import Crm
from tests.support.properties import (
    archived_property,
    group_of,
    new_group,
    new_property,
    property_of,
    unique_name,
)

_OPTIONS = [
    {"label": "Small", "value": "s", "displayOrder": 0, "hidden": False},
    {"label": "Large", "value": "l", "displayOrder": 1, "hidden": True, "description": "rare"},
]
_ENUMERATION = {"type": "enumeration", "fieldType": "checkbox", "options": _OPTIONS}
_EVERYTHING = {
    "calculationFormula": "annualrevenue * 2",
    "dataSensitivity": "sensitive",
    "description": "Twice the revenue",
    "displayOrder": 4,
    "externalOptions": False,
    "formField": False,
    "hasUniqueValue": False,
    "hidden": True,
    "referencedObjectType": "OWNER",
    "type": "number",
    "fieldType": "calculation_equation",
}
_ABSENT = "no_such_property"


def _new(**further: Any) -> Asked:
    return Asked(("contacts",), property_of(**further))


def _named(*names: str, **further: Any) -> Asked:
    return Asked(("contacts",), {"inputs": [{"name": name} for name in names], **further})


def _read_many(*names: str, is_archived: bool = False) -> Asked:
    return _named(*names, archived=is_archived, dataSensitivity="non_sensitive")


def _many(*inputs: dict[str, Any]) -> Asked:
    return Asked(("contacts",), {"inputs": list(inputs)})


def _change(crm: Crm, **change: Any) -> Asked:
    return Asked(("contacts", new_property(crm)), change)


def _full_group(crm: Crm) -> str:
    group = new_group(crm)
    new_property(crm, groupName=group)
    return group


def _listed(**query: str) -> Asked:
    return Asked(("contacts",), query=query)


READ = [
    ("list_properties_v2", "of_contacts", USUAL, lambda crm: Asked(("contact",))),
    ("list_properties_v2", "of_its_own", USUAL, lambda crm: (new_property(crm), Asked(("0-1",)))[1]),
    ("list_properties_v2", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("list_properties", "of_contacts", USUAL, lambda crm: _listed()),
    ("list_properties", "of_deals_by_id", USUAL, lambda crm: Asked(("0-3",))),
    (
        "list_properties",
        "the_archived_ones",
        USUAL,
        lambda crm: (archived_property(crm), _listed(archived="true", locale="de"))[1],
    ),
    (
        "list_properties",
        "some_by_name",
        USUAL,
        lambda crm: _listed(properties="email,firstname", dataSensitivity="non_sensitive"),
    ),
    ("list_properties", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("list_properties", "an_unknown_sensitivity", 400, lambda crm: _listed(dataSensitivity="raw")),
    ("read_property", "of_hubspots", USUAL, lambda crm: Asked(("contacts", "email"))),
    (
        "read_property",
        "of_its_own",
        USUAL,
        lambda crm: Asked(("contacts", new_property(crm, **_ENUMERATION))),
    ),
    (
        "read_property",
        "an_archived_one",
        USUAL,
        lambda crm: Asked(("contacts", archived_property(crm)), query={"archived": "true"}),
    ),
    ("read_property", "nothing", 404, lambda crm: Asked(("contacts", _ABSENT))),
    ("read_properties_batch", "two_properties", USUAL, lambda crm: _read_many("email", new_property(crm))),
    ("read_properties_batch", "one_that_is_missing", 207, lambda crm: _read_many("email", _ABSENT)),
    (
        "read_properties_batch",
        "an_archived_one",
        USUAL,
        lambda crm: _read_many(archived_property(crm), is_archived=True),
    ),
    ("read_properties_batch", "missing_fields", 400, lambda crm: Asked(("contacts",), {"inputs": [{}]})),
]

WRITTEN = [
    ("create_property", "a_text", USUAL, lambda crm: _new()),
    ("create_property", "an_enumeration", USUAL, lambda crm: _new(**_ENUMERATION)),
    ("create_property", "all_that_is_published", USUAL, lambda crm: _new(**_EVERYTHING)),
    ("create_property", "an_archived_one", USUAL, lambda crm: _new(name=archived_property(crm))),
    ("create_property", "a_name_in_use", 409, lambda crm: _new(name=new_property(crm))),
    ("create_property", "a_name_of_hubspots", 409, lambda crm: _new(name="email")),
    ("create_property", "a_name_with_a_space", 400, lambda crm: _new(name="a name")),
    ("create_property", "an_unknown_type", 400, lambda crm: _new(type="text")),
    ("create_property", "types_that_do_not_match", 400, lambda crm: _new(fieldType="date")),
    ("create_property", "no_options", 400, lambda crm: _new(type="enumeration", fieldType="select")),
    ("create_property", "an_unknown_group", 404, lambda crm: _new(groupName=unique_name())),
    ("create_property", "missing_fields", 400, lambda crm: Asked(("contacts",), {"name": "x"})),
    (
        "create_properties_batch",
        "two_properties",
        USUAL,
        lambda crm: _many(property_of(), property_of(**_ENUMERATION)),
    ),
    ("create_properties_batch", "no_inputs", USUAL, lambda crm: _many()),
    (
        "create_properties_batch",
        "a_new_and_a_known_one",
        207,
        lambda crm: _many(property_of(), property_of("email")),
    ),
    ("create_properties_batch", "too_many_inputs", 400, lambda crm: _many(*[property_of("email")] * 101)),
    (
        "update_property",
        "another_label",
        USUAL,
        lambda crm: _change(crm, label="Else", description="", displayOrder=2, hidden=True),
    ),
    ("update_property", "another_type", USUAL, lambda crm: _change(crm, **_ENUMERATION)),
    ("update_property", "nothing", 404, lambda crm: Asked(("contacts", _ABSENT), {"label": "Else"})),
    ("update_property", "a_blank_label", 400, lambda crm: _change(crm, label=" ")),
    ("update_property", "one_of_hubspots", 400, lambda crm: Asked(("contacts", "email"), {"label": "Else"})),
    ("update_property", "that_values_are_unique", 400, lambda crm: _change(crm, hasUniqueValue=True)),
    ("update_property", "no_body", 400, lambda crm: Asked(("contacts", "email"))),
    ("archive_property", "one_of_its_own", USUAL, lambda crm: Asked(("contacts", new_property(crm)))),
    ("archive_property", "nothing", USUAL, lambda crm: Asked(("contacts", _ABSENT))),
    ("archive_property", "one_of_hubspots", 400, lambda crm: Asked(("contacts", "email"))),
    ("archive_properties_batch", "one_and_nothing", USUAL, lambda crm: _named(new_property(crm), _ABSENT)),
    ("archive_properties_batch", "one_of_hubspots", 400, lambda crm: _named(new_property(crm), "email")),
]

GROUPED = [
    ("list_property_groups", "of_contacts", USUAL, lambda crm: Asked(("contacts",))),
    ("list_property_groups", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("read_property_group", "of_hubspots", USUAL, lambda crm: Asked(("contacts", "contactinformation"))),
    ("read_property_group", "of_its_own", USUAL, lambda crm: Asked(("contacts", new_group(crm)))),
    ("read_property_group", "nothing", 404, lambda crm: Asked(("contacts", "no_such_group"))),
    ("create_property_group", "a_group", USUAL, lambda crm: Asked(("contacts",), group_of())),
    (
        "create_property_group",
        "a_name_in_use",
        409,
        lambda crm: Asked(("contacts",), group_of(new_group(crm))),
    ),
    ("create_property_group", "missing_fields", 400, lambda crm: Asked(("contacts",), {"name": "x"})),
    (
        "update_property_group",
        "another_label",
        USUAL,
        lambda crm: Asked(("contacts", new_group(crm)), {"label": "Else", "displayOrder": 1}),
    ),
    (
        "update_property_group",
        "nothing",
        404,
        lambda crm: Asked(("contacts", "no_such_group"), {"label": "Else"}),
    ),
    ("archive_property_group", "an_empty_one", USUAL, lambda crm: Asked(("contacts", new_group(crm)))),
    ("archive_property_group", "nothing", USUAL, lambda crm: Asked(("contacts", "no_such_group"))),
    ("archive_property_group", "one_with_properties", 400, lambda crm: Asked(("contacts", _full_group(crm)))),
]

PROPERTIES = [*READ, *WRITTEN, *GROUPED]
