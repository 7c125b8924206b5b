"""Properties and their groups through `hubspot-sdk`, as it is: only its base URL is set."""

from typing import Any

import pytest
from hubspot_sdk import AsyncHubSpot, BadRequestError, ConflictError, HubSpot, NotFoundError

from tests.support.properties import unique_name

OPTIONS = [{"label": "Small", "value": "s", "display_order": 0, "hidden": False}]


@pytest.fixture
def properties(sdk: HubSpot):
    return sdk.crm.properties


def _wanted(name: str = "", **further: Any) -> dict[str, Any]:
    """A property to create."""
    return {
        "name": name or unique_name(),
        "label": "Made for a test",
        "type": "string",
        "field_type": "text",
        "group_name": "contactinformation",
        **further,
    }


def _errors(error: BadRequestError) -> list[tuple[str, list[str]]]:
    """The codes and properties of a refusal, which the library leaves as it came."""
    assert isinstance(error.body, dict)
    return [(each["code"], each["context"]["propertyName"]) for each in error.body["errors"]]


def test_a_property_lives_from_its_definition_to_its_archive(sdk: HubSpot, properties):
    wanted = _wanted(type="enumeration", field_type="radio", options=OPTIONS)
    name = wanted["name"]
    made = properties.create("contacts", **wanted)
    assert (made.name, made.type, made.field_type) == (name, "enumeration", "radio")
    assert [(each.value, each.display_order) for each in made.options] == [("s", 0)]
    assert made.data_sensitivity == "non_sensitive"
    assert properties.get(name, object_type="contacts") == made
    assert made in properties.list("contacts").results
    contact = sdk.crm.objects.contacts.create(properties={name: "s"}, associations=[])
    assert contact.properties[name] == "s"
    changed = properties.update(name, object_type="contacts", label="Other")
    assert (changed.label, changed.options) == ("Other", made.options)
    assert properties.delete(name, object_type="contacts") is None
    with pytest.raises(NotFoundError, match=f"Property named '{name}' does not exist"):
        properties.get(name, object_type="contacts")
    assert properties.get(name, object_type="contacts", archived=True).archived
    assert name in {each.name for each in properties.list("contacts", archived=True).results}


def test_a_group_lives_from_its_definition_to_its_archive(properties):
    groups, name = properties.groups, unique_name("g")
    made = groups.create("contacts", name=name, label="Bees", display_order=3)
    assert groups.get(name, object_type="contacts") == made
    assert groups.update(name, object_type="contacts", label="Hives").label == "Hives"
    assert name in {each.name for each in groups.list("contacts").results}
    held = properties.create("contacts", **_wanted(group_name=name)).name
    with pytest.raises(BadRequestError, match="Can't delete or purge a group with active properties"):
        groups.delete(name, object_type="contacts")
    properties.delete(held, object_type="contacts")
    assert groups.delete(name, object_type="contacts") is None
    with pytest.raises(NotFoundError):
        groups.get(name, object_type="contacts")


def test_batches_make_read_and_archive_properties(properties):
    wanted = [_wanted(), _wanted(type="date", field_type="date")]
    names = [each["name"] for each in wanted]
    made = properties.batch.create("contacts", inputs=wanted)
    assert [each.name for each in made.results] == names
    again = properties.batch.create("contacts", inputs=[_wanted(), wanted[0]])
    assert len(again.results) == 1
    assert again.errors[0]["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"
    asked = {"archived": False, "data_sensitivity": "non_sensitive"}
    inputs = [{"name": each} for each in names]
    assert properties.batch.get("contacts", inputs=inputs, **asked).results == made.results
    assert properties.batch.delete("contacts", inputs=inputs) is None
    archived = properties.batch.get("contacts", inputs=inputs, **asked | {"archived": True})
    assert [each.archived for each in archived.results] == [True, True]


def test_a_name_that_is_taken_is_a_conflict(properties):
    with pytest.raises(ConflictError, match="A property named 'email' already exists"):
        properties.create("contacts", **_wanted("email"))


def test_values_that_are_refused_are_told_one_by_one(sdk: HubSpot, properties):
    day = properties.create("contacts", **_wanted(type="date", field_type="date")).name
    contacts = sdk.crm.objects.contacts
    made = contacts.create(properties={day: "2026-11-24"}, associations=[])
    wrong = {day: "soon", "color": "red"}
    for write in (
        lambda: contacts.create(properties=wrong, associations=[]),
        lambda: contacts.update(made.id, properties=wrong),
        lambda: contacts.batch.update(inputs=[{"id": made.id, "properties": wrong}]),
    ):
        with pytest.raises(BadRequestError, match="Property values were not valid") as raised:
            write()
        assert _errors(raised.value) == [("INVALID_LONG", [day]), ("PROPERTY_DOESNT_EXIST", ["color"])]
    assert contacts.get(made.id, properties=[day]).properties[day] == "2026-11-24"


async def test_a_property_is_made_and_used_asynchronously(async_sdk: AsyncHubSpot):
    made = await async_sdk.crm.properties.create("contacts", **_wanted(type="number", field_type="number"))
    contacts = async_sdk.crm.objects.contacts
    contact = await contacts.create(properties={made.name: "5"}, associations=[])
    assert contact.properties[made.name] == "5"
    with pytest.raises(BadRequestError) as raised:
        await contacts.update(contact.id, properties={made.name: "five"})
    assert _errors(raised.value) == [("INVALID_INTEGER", [made.name])]
