"""What properties of records were, as reads show it."""

from typing import Any

import pytest

from edgewise.domain.errors import InvalidPageSize, TooManyInputs
from tests.unit.wire.desk import AT_TEXT, Desk, inputs

OWN = {"timestamp": AT_TEXT, "sourceType": "INTEGRATION"}


@pytest.fixture
async def desk() -> Desk:
    return Desk()


async def _changed(desk: Desk) -> str:
    """The id of a contact whose first name changed and was cleared, and whose last name did not."""
    body = {"properties": {"firstname": "Ann", "lastname": "Lee"}}
    _, answer = await desk.tell("create_record", "contacts", body=body)
    for name in ("Anna", ""):
        body = {"properties": {"firstname": name}}
        await desk.ask("update_record", "contacts", answer["id"], body=body)
    record_id: str = answer["id"]
    return record_id


def _values(history: list[dict[str, Any]]) -> list[str]:
    return [each["value"] for each in history]


async def test_a_read_shows_the_values_that_properties_had_the_latest_first(desk: Desk):
    ann = await _changed(desk)
    query = "propertiesWithHistory=firstname,lastname&propertiesWithHistory=email,nobody"
    _, record = await desk.tell("read_record", "contacts", ann, query=query)
    assert record["propertiesWithHistory"] == {
        "firstname": [{"value": text, **OWN} for text in ("", "Anna", "Ann")],
        "lastname": [{"value": "Lee", **OWN}],
        "email": [],
    }


async def test_a_property_is_also_shown_as_it_is(desk: Desk):
    ann = await _changed(desk)
    query = "properties=email&propertiesWithHistory=lastname"
    _, record = await desk.tell("read_record", "contacts", ann, query=query)
    assert (record["properties"]["lastname"], record["properties"]["email"]) == ("Lee", None)


async def test_what_every_record_has_has_a_history_too(desk: Desk):
    ann = await _changed(desk)
    query = "propertiesWithHistory=hs_object_id,createdate,lastmodifieddate"
    _, record = await desk.tell("read_record", "contacts", ann, query=query)
    histories = record["propertiesWithHistory"]
    assert {name: _values(each) for name, each in histories.items()} == {
        "hs_object_id": [ann],
        "createdate": [AT_TEXT],
        "lastmodifieddate": [AT_TEXT],
    }


async def test_without_the_wish_there_is_none(desk: Desk):
    ann = await _changed(desk)
    _, record = await desk.tell("read_record", "contacts", ann)
    assert "propertiesWithHistory" not in record


async def test_lists_and_batches_show_each_record_its_own(desk: Desk):
    ann = await _changed(desk)
    _, ben = await desk.tell("create_record", "contacts", body={"properties": {"firstname": "Ben"}})
    _, page = await desk.tell("list_records", "contacts", query="propertiesWithHistory=firstname")
    body = {**inputs([{"id": ben["id"]}, {"id": "99"}, {"id": ann}]), "propertiesWithHistory": ["firstname"]}
    _, batch = await desk.tell("read_records_batch", "contacts", body=body)
    expected = {ann: ["", "Anna", "Ann"], ben["id"]: ["Ben"]}
    for results in (page["results"], batch["results"]):
        found = {each["id"]: _values(each["propertiesWithHistory"]["firstname"]) for each in results}
        assert found == expected


async def test_fewer_records_are_read_with_histories_at_once(desk: Desk):
    desk.decode("list_records", "contacts", query="limit=50&propertiesWithHistory=email")
    with pytest.raises(InvalidPageSize) as refused:
        desk.decode("list_records", "contacts", query="limit=51&propertiesWithHistory=email")
    assert refused.value.page_size_max == 50
    items = [{"id": number} for number in range(1, 52)]
    desk.decode("read_records_batch", "contacts", body=inputs(items))
    with pytest.raises(TooManyInputs) as full:
        desk.decode(
            "read_records_batch", "contacts", body={**inputs(items), "propertiesWithHistory": ["email"]}
        )
    assert full.value.inputs_max == 50
