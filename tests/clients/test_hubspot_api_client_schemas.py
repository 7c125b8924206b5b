"""Schemas, pipelines and owners through the client library `hubspot-api-client`, as it is: only its host is set."""

import json

import pytest
from hubspot import HubSpot
from hubspot.crm.objects import SimplePublicObjectInputForCreate
from hubspot.crm.pipelines import (
    ApiException as PipelineException,
)
from hubspot.crm.pipelines import (
    PipelineInput,
    PipelinePatchInput,
    PipelineStageInput,
    PipelineStagePatchInput,
)
from hubspot.crm.schemas import (
    ApiException,
    AssociationDefinitionEgg,
    ObjectSchemaEgg,
    ObjectTypeDefinitionLabels,
    ObjectTypeDefinitionPatch,
    ObjectTypePropertyCreate,
)

from tests.support.crm import Crm
from tests.support.labels import unique
from tests.support.schemas import make_room, new_name

# The library leaves its connections to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


def _egg(**further) -> ObjectSchemaEgg:
    model = ObjectTypePropertyCreate(name="model", label="Model", type="string", field_type="text")
    wanted = {
        "name": new_name(),
        "labels": ObjectTypeDefinitionLabels(singular="Car", plural="Cars"),
        "primary_display_property": "model",
        "required_properties": ["model"],
        "properties": [model],
        "associated_objects": ["CONTACT"],
    }
    return ObjectSchemaEgg(**wanted | further)


@pytest.fixture
def schemas(client: HubSpot, live: Crm):
    make_room(live)
    return client.crm.schemas.core_api


def test_an_object_type_lives_from_its_definition_to_its_purge(client: HubSpot, schemas):
    egg = _egg()
    made = schemas.create(egg)
    type_id = made.object_type_id
    assert (made.name, made.primary_display_property, made.archived) == (egg.name, "model", False)
    assert {"model", "hs_object_id"} <= {each.name for each in made.properties}
    assert "0-1" in {each.to_object_type_id for each in made.associations}
    assert schemas.get_by_id(made.fully_qualified_name) == made
    assert type_id in {each.object_type_id for each in schemas.get_all().results}
    new = SimplePublicObjectInputForCreate(properties={"model": "T"}, associations=[])
    record = client.crm.objects.basic_api.create(type_id, new)
    with pytest.raises(ApiException) as raised:
        schemas.archive(type_id)
    assert json.loads(raised.value.body)["subCategory"] == "ObjectSchemaError.EXISTING_OBJECT_RECORDS"
    client.crm.objects.basic_api.archive(type_id, record.id)
    schemas.archive(type_id)
    archived = {each.object_type_id: each for each in schemas.get_all(archived=True).results}
    assert archived[type_id].archived
    schemas.archive(type_id, archived=True)
    assert type_id not in {each.object_type_id for each in schemas.get_all(archived=True).results}


def test_an_object_type_is_changed_and_associated(schemas):
    type_id = schemas.create(_egg()).object_type_id
    patch = ObjectTypeDefinitionPatch(
        labels=ObjectTypeDefinitionLabels(singular="Auto", plural="Autos"),
        required_properties=[],
        searchable_properties=["model"],
        secondary_display_properties=["model"],
    )
    changed = schemas.update(type_id, patch)
    assert (changed.labels.singular, changed.required_properties) == ("Auto", [])
    definition = AssociationDefinitionEgg(from_object_type_id=type_id, to_object_type_id="0-3", name=unique())
    made = schemas.create_association(type_id, definition)
    assert (made.name, made.to_object_type_id) == (definition.name, "0-3")
    assert made.id in {each.id for each in schemas.get_by_id(type_id).associations}
    assert schemas.archive_association(type_id, made.id) is None
    assert made.id not in {each.id for each in schemas.get_by_id(type_id).associations}


def test_a_name_that_is_taken_is_a_409(schemas):
    egg = _egg()
    schemas.create(egg)
    with pytest.raises(ApiException) as raised:
        schemas.create(egg)
    assert raised.value.status == 409


def test_a_pipeline_is_made_changed_and_removed(client: HubSpot):
    pipelines, stages = client.crm.pipelines.pipelines_api, client.crm.pipelines.pipeline_stages_api
    first = PipelineStageInput(label="Open", display_order=0, metadata={"probability": "0.5"})
    made = pipelines.create("deals", PipelineInput(label=unique(), display_order=2, stages=[first]))
    assert pipelines.get_by_id("deals", made.id) == made
    assert made.id in {each.id for each in pipelines.get_all("deals").results}
    won = PipelineStageInput(label="Won", display_order=1, metadata={"probability": "1.0"})
    added = stages.create("deals", made.id, won)
    assert added.metadata == {"isClosed": "true", "probability": "1.0"}
    patch = PipelineStagePatchInput(label="Won at last", metadata={})
    assert stages.update("deals", made.id, added.id, patch).label == "Won at last"
    assert [each.label for each in stages.get_all("deals", made.id).results] == ["Open", "Won at last"]
    label = unique()
    assert pipelines.update("deals", made.id, PipelinePatchInput(label=label)).label == label
    stages.archive("deals", made.id, added.id)
    with pytest.raises(PipelineException) as raised:
        stages.get_by_id("deals", made.id, added.id)
    assert raised.value.status == 404
    assert client.crm.pipelines.pipeline_audits_api.get_audit("deals", made.id).results == []
    pipelines.archive("deals", made.id)
    assert made.id not in {each.id for each in pipelines.get_all("deals").results}


def test_every_owner_is_read(client: HubSpot):
    owners = client.crm.owners.owners_api
    page = owners.get_page(limit=2)
    following = owners.get_page(limit=2, after=page.paging.next.after)
    names = [each.first_name for each in (*page.results, *following.results)]
    assert names == [each.first_name for each in client.crm.owners.get_all()] == ["Alma", "Bruno", "Chidi"]
    assert owners.get_by_id(page.results[0].id) == page.results[0]
