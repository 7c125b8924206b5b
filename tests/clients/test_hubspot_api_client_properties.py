"""Properties and their groups through the client library `hubspot-api-client`, as it is: only its host is set.

Awkward parts, shown below: a batch that partly failed comes as another class, named …WithErrors; an error is text,
which the library's own model reads when it is asked to.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from hubspot import HubSpot
from hubspot.crm.contacts import (
    ApiException as ContactException,
)
from hubspot.crm.contacts import (
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.properties import (
    ApiException,
    BatchInputPropertyCreate,
    BatchInputPropertyName,
    BatchReadInputPropertyName,
    BatchResponsePropertyWithErrors,
    Error,
    OptionInput,
    PropertyCreate,
    PropertyGroupCreate,
    PropertyGroupUpdate,
    PropertyName,
    PropertyUpdate,
)

from tests.support.properties import unique_name

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def properties(client: HubSpot):
    return client.crm.properties


def _egg(name: str = "", **further: Any) -> PropertyCreate:
    wanted = {
        "name": name or unique_name(),
        "label": "Made for a test",
        "type": "string",
        "field_type": "text",
        "group_name": "contactinformation",
    }
    return PropertyCreate(**wanted | further)


def _option(value: str, place: int = 0) -> OptionInput:
    return OptionInput(label=value.upper(), value=value, display_order=place, hidden=False)


def _names(*names: str) -> list[PropertyName]:
    return [PropertyName(name=name) for name in names]


def _read(client: HubSpot, raised: pytest.ExceptionInfo[Any]) -> Error:
    """The error of a refused call, as the library's own model reads it."""
    response = SimpleNamespace(data=raised.value.body)
    return client.crm.properties.core_api.api_client.deserialize(response, "Error")


def test_a_property_lives_from_its_definition_to_its_archive(client: HubSpot, properties):
    core = properties.core_api
    egg = _egg(type="enumeration", field_type="checkbox", options=[_option("a"), _option("b", 1)])
    made = core.create("contacts", egg)
    assert (made.name, made.hubspot_defined, made.archived) == (egg.name, False, False)
    assert [(each.value, each.label, each.hidden) for each in made.options] == [
        ("a", "A", False),
        ("b", "B", False),
    ]
    assert made.modification_metadata.read_only_definition is False
    assert core.get_by_name("contacts", egg.name) == made
    assert made in core.get_all("contacts").results
    contact = SimplePublicObjectInputForCreate(properties={egg.name: "b;a"}, associations=[])
    assert client.crm.contacts.basic_api.create(contact).properties[egg.name] == "b;a"
    options = [*egg.options, _option("c", 2)]
    changed = core.update("contacts", egg.name, PropertyUpdate(label="Other", options=options))
    assert (changed.label, [each.value for each in changed.options]) == ("Other", ["a", "b", "c"])
    assert changed.created_at == made.created_at
    assert core.archive("contacts", egg.name) is None
    archived = core.get_by_name("contacts", egg.name, archived=True)
    assert archived.archived
    assert archived.archived_at >= made.created_at
    assert egg.name in {each.name for each in core.get_all("contacts", archived=True).results}
    with pytest.raises(ApiException) as raised:
        core.get_by_name("contacts", egg.name)
    error = _read(client, raised)
    assert (raised.value.status, error.category, error.sub_category) == (
        404,
        "OBJECT_NOT_FOUND",
        "PROPERTY_DOESNT_EXIST",
    )


def test_a_group_lives_from_its_definition_to_its_archive(client: HubSpot, properties):
    groups, name = properties.groups_api, unique_name("g")
    made = groups.create("contacts", PropertyGroupCreate(name=name, label="Bees", display_order=3))
    assert (made.name, made.label, made.display_order, made.archived) == (name, "Bees", 3, False)
    assert groups.get_by_name("contacts", name) == made
    assert groups.update("contacts", name, PropertyGroupUpdate(label="Hives")).label == "Hives"
    assert name in {each.name for each in groups.get_all("contacts").results}
    egg = _egg(group_name=name)
    properties.core_api.create("contacts", egg)
    with pytest.raises(ApiException) as raised:
        groups.archive("contacts", name)
    assert _read(client, raised).sub_category == "PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES"
    properties.core_api.archive("contacts", egg.name)
    assert groups.archive("contacts", name) is None
    assert name not in {each.name for each in groups.get_all("contacts").results}


def test_batches_make_read_and_archive_properties(properties):
    batch, eggs = properties.batch_api, [_egg(), _egg(type="number", field_type="number")]
    first, second = (each.name for each in eggs)
    made = batch.create("contacts", BatchInputPropertyCreate(inputs=eggs))
    assert [each.name for each in made.results] == [first, second]
    again = batch.create("contacts", BatchInputPropertyCreate(inputs=[_egg(), _egg(first)]))
    assert type(again) is BatchResponsePropertyWithErrors
    assert (len(again.results), again.num_errors) == (1, 1)
    assert again.errors[0].sub_category == "Properties.PROPERTY_WITH_NAME_EXISTS"
    wanted = BatchReadInputPropertyName(archived=False, inputs=_names(first, "nothing", "email"))
    read = batch.read("contacts", wanted)
    assert [each.name for each in read.results] == [first, "email"]
    assert read.errors[0].context == {"propertyName": ["nothing"]}
    assert batch.archive("contacts", BatchInputPropertyName(inputs=_names(first, second))) is None
    wanted = BatchReadInputPropertyName(archived=True, inputs=_names(first, second))
    assert [each.archived for each in batch.read("contacts", wanted).results] == [True, True]


def test_a_name_that_is_taken_is_a_409(client: HubSpot, properties):
    with pytest.raises(ApiException) as raised:
        properties.core_api.create("contacts", _egg("email"))
    assert raised.value.status == 409
    assert _read(client, raised).message == "A property named 'email' already exists."


def test_values_that_are_refused_are_told_one_by_one(client: HubSpot, properties):
    count = properties.core_api.create("contacts", _egg(type="number", field_type="number")).name
    wrong = {count: "many", "color": "red", "hs_object_id": "5"}
    contacts = client.crm.contacts.basic_api
    made = contacts.create(SimplePublicObjectInputForCreate(properties={count: "1"}, associations=[]))
    for write in (
        lambda: contacts.create(SimplePublicObjectInputForCreate(properties=wrong, associations=[])),
        lambda: contacts.update(made.id, SimplePublicObjectInput(properties=wrong)),
    ):
        with pytest.raises(ContactException) as raised:
            write()
        error = _read(client, raised)
        assert (raised.value.status, error.category) == (400, "VALIDATION_ERROR")
        assert error.message.startswith('Property values were not valid: [{"isValid":false,')
        assert [(each.code, each.context) for each in error.errors] == [
            ("INVALID_INTEGER", {"propertyName": [count]}),
            ("PROPERTY_DOESNT_EXIST", {"propertyName": ["color"]}),
            ("READ_ONLY_VALUE", {"propertyName": ["hs_object_id"]}),
        ]
    assert contacts.get_by_id(made.id, properties=[count]).properties[count] == "1"


def test_a_unique_value_tells_a_record_and_is_taken_once(client: HubSpot, properties):
    egg = _egg(has_unique_value=True)
    assert properties.core_api.create("contacts", egg).has_unique_value
    contacts = client.crm.contacts.basic_api
    new = SimplePublicObjectInputForCreate(properties={egg.name: "A"}, associations=[])
    made = contacts.create(new)
    assert contacts.get_by_id("A", id_property=egg.name).id == made.id
    with pytest.raises(ContactException) as raised:
        contacts.create(new)
    error = _read(client, raised)
    assert (raised.value.status, error.category) == (409, "CONFLICT")
    assert error.message == f"Contact already exists. Existing ID: {made.id}"
    properties.core_api.archive("contacts", egg.name)
