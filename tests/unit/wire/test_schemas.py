"""Requests about schemas become what the rules decide on, and schemas read as they should in either profile."""

from dataclasses import replace
from typing import Any

import pytest

from edgewise.domain.catalog import NOTHING_DEFINED
from edgewise.domain.errors import DomainError, TooManyInputs
from edgewise.domain.errors_schemas import InvalidSchemaLabel, SchemaInUse
from edgewise.wire.refusals import BodyOfWrongKind, FieldsMissing
from tests.unit.wire.desk import AT_TEXT, PORTAL_ID, Desk

LABELS = {"singular": "Car", "plural": "Cars"}
CAR: dict[str, Any] = {"name": "car", "labels": LABELS, "primaryDisplayProperty": "hs_object_id"}
WHEELS = {
    "name": "wheels", "label": "Wheels", "type": "enumeration", "fieldType": "select", "hasUniqueValue": False,
    "options": [{"label": "Four", "value": "4", "displayOrder": 1, "hidden": False, "description": "Most"}],
}  # fmt: skip


async def _made(desk: Desk, **further: Any) -> dict[str, Any]:
    status, body = await desk.tell("create_schema", body={**CAR, **further})
    assert status == 201
    made: dict[str, Any] = body
    return made


async def test_a_schema_has_exactly_the_published_keys_as_documented():
    made = await _made(Desk(), description="Fast")
    assert list(made) == [
        "labels", "requiredProperties", "searchableProperties", "primaryDisplayProperty",
        "secondaryDisplayProperties", "description", "allowsSensitiveProperties", "archived", "id",
        "fullyQualifiedName", "objectTypeId", "properties", "associations", "name", "createdAt", "updatedAt",
    ]  # fmt: skip
    assert (made["createdAt"], made["updatedAt"]) == (AT_TEXT, AT_TEXT)
    assert made["fullyQualifiedName"] == f"p{PORTAL_ID}_car"
    assert made["associations"][0].keys() == {"id", "fromObjectTypeId", "toObjectTypeId", "name"}


async def test_a_schema_has_further_keys_as_recorded():
    made = await _made(Desk("observed"))
    assert (made["metaType"], made["restorable"]) == ("PORTAL_SPECIFIC", True)
    assert made["associations"][0] == {
        "id": "1", "fromObjectTypeId": "2-1", "toObjectTypeId": "0-4", "name": "CAR_TO_ENGAGEMENT",
        "cardinality": "ONE_TO_MANY", "inverseCardinality": "ONE_TO_MANY",
        "hasUserEnforcedMaxToObjectIds": False, "hasUserEnforcedMaxFromObjectIds": False,
        "maxToObjectIds": 500_000, "maxFromObjectIds": 500_000, "createdAt": None, "updatedAt": None,
    }  # fmt: skip


async def test_each_choice_of_the_quirk_holds_in_either_profile():
    assert "metaType" in await _made(Desk(schema_details="recorded"))
    assert "metaType" not in await _made(Desk("observed", schema_details="published"))


async def test_a_property_keeps_all_that_was_said_of_it():
    made = await _made(Desk(), properties=[WHEELS])
    [wheels] = [each for each in made["properties"] if each["name"] == "wheels"]
    assert wheels.items() >= {key: WHEELS[key] for key in ("name", "label", "type", "fieldType")}.items()
    assert [each.items() >= WHEELS["options"][0].items() for each in wheels["options"]] == [True]
    assert wheels["groupName"] == "car_information"


@pytest.mark.parametrize("missing", ["name", "labels"])
@pytest.mark.parametrize("is_null", [False, True])
def test_a_name_and_labels_must_be_given(missing: str, is_null: bool):
    body = {key: value for key, value in CAR.items() if key != missing} | ({missing: None} if is_null else {})
    with pytest.raises(FieldsMissing) as refused:
        Desk().decode("create_schema", body=body)
    assert refused.value.fields == [missing]


async def test_a_label_that_is_left_out_is_blank():
    with pytest.raises(InvalidSchemaLabel) as refused:
        await Desk().ask("create_schema", body={**CAR, "labels": {"plural": "Cars"}})
    assert refused.value.field == "singular"


def test_a_body_of_another_kind_is_refused():
    with pytest.raises(BodyOfWrongKind):
        Desk().decode("create_schema", body={**CAR, "requiredProperties": "model"})


async def test_what_is_not_wanted_is_left_empty():
    desk = Desk()
    await _made(desk)
    _, full = await desk.tell("read_schema", "2-1")
    queries = {
        "includePropertyDefinitions=false": "properties",
        "includeAssociationDefinitions=FALSE": "associations",
    }
    for query, emptied in queries.items():
        assert (await desk.tell("read_schema", "2-1", query=query))[1] == {**full, emptied: []}
        _, listed = await desk.tell("list_schemas", query=query)
        assert listed == {"results": [{**full, emptied: []}]}


async def test_who_made_a_schema_is_told_unless_audit_is_not_wanted():
    desk = Desk()
    actor = desk.caller.actor._replace(user_id=42)
    desk.caller = type(desk.caller)(
        desk.caller.account, desk.caller.token, desk.caller.scopes, False, False, actor
    )
    made = await _made(desk)
    assert (made["createdByUserId"], made["updatedByUserId"]) == (42, 42)
    _, read = await desk.tell("read_schema", "2-1", query="includeAuditMetadata=false")
    assert {"createdByUserId", "updatedByUserId"}.isdisjoint(read)


async def test_many_schemas_are_read_in_the_order_asked_for():
    desk = Desk()
    await _made(desk)
    flags = {"includePropertyDefinitions": False, "includeAssociationDefinitions": False}
    _, read = await desk.tell("read_schemas_batch", body={"inputs": ["2-1", "contacts", "2-1"], **flags})
    assert [each["objectTypeId"] for each in read["results"]] == ["2-1", "0-1", "2-1"]
    with pytest.raises(TooManyInputs):
        await desk.ask("read_schemas_batch", body={"inputs": ["contacts"] * 101})


async def test_a_change_answers_the_definition_without_what_is_in_it():
    desk = Desk()
    await _made(desk)
    status, changed = await desk.tell("update_schema", "2-1", body={"labels": {"plural": "Autos"}})
    assert (status, changed["labels"]) == (200, {"singular": "Car", "plural": "Autos"})
    assert changed["portalId"] == PORTAL_ID
    assert {"properties", "associations"}.isdisjoint(changed)


async def test_what_holds_records_is_not_archived():
    desk = Desk()
    await _made(desk)
    await desk.records("2-1", 1)
    with pytest.raises(SchemaInUse) as refused:
        await desk.ask("delete_schema", "2-1")
    assert refused.value.object_type.id == "2-1"


@pytest.mark.parametrize(("choice", "active"), [("only", []), ("all", ["boat"])])
async def test_the_list_of_archived_schemas_is_as_the_quirk_says(choice: str, active: list[str]):
    desk = Desk(archived_schemas=choice)
    await _made(desk)
    await _made(desk, name="boat")
    await desk.ask("delete_schema", "2-1")
    _, listed = await desk.tell("list_schemas", query="archived=true")
    assert [each["name"] for each in listed["results"] if not each["archived"]] == active
    assert [each["name"] for each in listed["results"] if each["archived"]] == ["car"]
    _, listed = await desk.tell("list_schemas")
    assert [each["name"] for each in listed["results"]] == ["boat"]


async def test_an_association_without_a_name_is_called_by_its_ends():
    desk = Desk()
    await _made(desk)
    ends = {"fromObjectTypeId": "0-3", "toObjectTypeId": "2-1"}
    status, made = await desk.tell("create_schema_association", "2-1", body=ends)
    assert (status, made) == (
        201, {"id": "17", **ends, "name": "deal_to_car", "createdAt": AT_TEXT, "updatedAt": AT_TEXT},
    )  # fmt: skip
    assert (await desk.ask("delete_schema_association", "2-1", "18")).status == 204
    with pytest.raises(DomainError):
        await desk.ask("delete_schema_association", "2-1", "17")


async def test_what_an_object_type_had_is_forgotten_with_it():
    desk = Desk()
    for number in range(3):
        made = await _made(desk, name=f"car{number}")
        await desk.tell("list_properties", made["objectTypeId"])
        await desk.tell("delete_schema", made["objectTypeId"])
    await _made(desk)
    held = {each.code for each in desk.portal.catalog.object_types}
    assert desk.portal._definitions.keys() <= held


async def test_a_call_on_its_way_still_knows_what_an_object_type_had(monkeypatch: pytest.MonkeyPatch):
    desk = Desk()
    made = await _made(desk, properties=[WHEELS])
    _, created = await desk.tell("create_record", made["objectTypeId"], body={"properties": {"wheels": "4"}})
    read = desk.store.read_records

    async def read_while_it_is_removed(*asked: Any) -> Any:
        records = await read(*asked)
        desk.portal.adopt(replace(NOTHING_DEFINED, version=desk.portal.types.version + 1))
        return records

    monkeypatch.setattr(desk.store, "read_records", read_while_it_is_removed)
    _, body = await desk.tell("read_record", made["objectTypeId"], created["id"], query="properties=wheels")
    assert body["properties"]["wheels"] == "4"


async def test_a_schema_that_is_removed_before_it_is_told_was_made(monkeypatch: pytest.MonkeyPatch):
    desk = Desk()
    held = desk.store.properties.held

    async def held_while_it_is_removed(*asked: Any) -> Any:
        desk.portal.adopt(replace(NOTHING_DEFINED, version=desk.portal.types.version + 1))
        return await held(*asked)

    monkeypatch.setattr(desk.store.properties, "held", held_while_it_is_removed)
    made = await _made(desk)
    assert {each["fromObjectTypeId"] for each in made["associations"]} >= {made["objectTypeId"]}
