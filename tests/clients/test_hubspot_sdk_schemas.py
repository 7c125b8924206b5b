"""Schemas, pipelines, owners and the account through `hubspot-sdk`, as it is: only its base URL is set."""

import pytest
from hubspot_sdk import APIStatusError, BadRequestError, HubSpot

from tests.support.crm import Crm
from tests.support.labels import unique
from tests.support.schemas import make_room, new_name

MODEL = {"name": "model", "label": "Model", "type": "string", "field_type": "text"}


@pytest.fixture
def schemas(sdk: HubSpot, live: Crm):
    make_room(live)
    return sdk.crm.object_schemas


def _create(schemas, **further):
    wanted = {
        "name": new_name(),
        "labels": {"singular": "Car", "plural": "Cars"},
        "allows_sensitive_properties": True,
        "associated_objects": ["COMPANY"],
        "properties": [MODEL],
        "required_properties": [],
        "searchable_properties": ["model"],
        "secondary_display_properties": [],
        "primary_display_property": "model",
    }
    return schemas.create(**wanted | further)


def test_an_object_type_lives_from_its_definition_to_its_purge(schemas):
    made = _create(schemas)
    type_id = made.object_type_id
    assert "0-2" in {each.to_object_type_id for each in made.associations}
    assert schemas.get(type_id) == made
    assert type_id in {each.object_type_id for each in schemas.list().results}
    changed = schemas.update(type_id, clear_description=False, labels={"singular": "Auto", "plural": "Autos"})
    assert (changed.labels.singular, changed.name) == ("Auto", made.name)
    read = schemas.batch.get(
        inputs=[type_id, "0-1"],
        include_association_definitions=False,
        include_audit_metadata=True,
        include_property_definitions=False,
    )
    assert [each.object_type_id for each in read.results] == [type_id, "0-1"]
    schemas.delete(type_id)
    with pytest.raises(BadRequestError):
        schemas.get(type_id)
    schemas.delete(type_id, archived=True)


def test_an_association_is_defined_and_removed(schemas):
    type_id = _create(schemas).object_type_id
    made = schemas.create_association(
        type_id, from_object_type_id=type_id, to_object_type_id="0-3", name=unique()
    )
    assert made.id in {each.id for each in schemas.get(type_id).associations}
    schemas.delete_association(made.id, object_type=type_id)
    assert made.id not in {each.id for each in schemas.get(type_id).associations}


def test_a_pipeline_is_made_changed_and_removed(sdk: HubSpot):
    pipelines = sdk.crm.pipelines
    closed = {"label": "Closed", "display_order": 0, "metadata": {"ticketState": "CLOSED"}}
    made = pipelines.create("tickets", label=unique(), display_order=4, stages=[closed])
    assert pipelines.get(made.id, object_type="tickets") == made
    added = pipelines.create_stage(
        made.id, object_type="tickets", label="Open", display_order=1, metadata={"ticketState": "OPEN"}
    )
    renamed = pipelines.update_stage(
        added.id, object_type="tickets", pipeline_id=made.id, label="Waiting", metadata={}
    )
    assert (renamed.label, renamed.metadata["ticketState"]) == ("Waiting", "OPEN")
    assert [s.label for s in pipelines.list_stages(made.id, object_type="tickets").results] == [
        "Closed",
        "Waiting",
    ]
    pipelines.delete_stage(added.id, object_type="tickets", pipeline_id=made.id)
    replaced = pipelines.update_all_properties(
        made.id, object_type="tickets", label=unique(), display_order=5, stages=[{**closed, "label": "Done"}]
    )
    assert [each.label for each in replaced.stages] == ["Done"]
    assert pipelines.list_audit(made.id, object_type="tickets").results == []
    pipelines.delete(made.id, object_type="tickets")
    with pytest.raises(APIStatusError) as raised:
        pipelines.get(made.id, object_type="tickets")
    assert raised.value.status_code == 404


def test_owners_are_read(sdk: HubSpot):
    first = next(iter(sdk.crm.owners.list(limit=1)))
    assert sdk.crm.owners.get(int(first.id)) == first
    assert sdk.crm.owners.get(first.user_id, id_property="userId") == first
    assert [each.first_name for each in sdk.crm.owners.list()] == ["Alma", "Bruno", "Chidi"]


def test_the_account_is_read(sdk: HubSpot):
    account = sdk.account.get()
    assert (account.portal_id, account.time_zone, account.account_type) == (1_000_001, "UTC", "STANDARD")
    [usage] = sdk.account.get_daily_private_apps_usage().results
    assert usage.usage_limit == 1_000_000
