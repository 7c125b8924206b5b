"""How merges and removals for good are spelled, and what they answer."""

from typing import Any

import pytest

from edgewise.domain.errors import InvalidIdentifier, RecordNotFound, RecordsNotFound, SelfMerge
from edgewise.wire.refusals import FieldsMissing
from tests.unit.wire.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def _create(desk: Desk, **properties: Any) -> str:
    _, answer = await desk.tell("create_record", "contacts", body={"properties": properties})
    record_id: str = answer["id"]
    return record_id


def _two(winner: Any, loser: Any) -> dict[str, Any]:
    return {"primaryObjectId": winner, "objectIdToMerge": loser}


async def test_the_record_that_goes_on_is_answered_with_every_property(desk: Desk):
    ann, anne = await _create(desk, firstname="Ann"), await _create(desk, firstname="Anne", fax="7")
    status, answer = await desk.tell("merge_records", "contacts", body=_two(ann, int(anne)))
    assert (status, answer["id"], answer["archived"]) == (200, ann, False)
    assert (answer["properties"]["firstname"], answer["properties"]["fax"]) == ("Ann", "7")


async def test_the_id_of_the_other_one_leads_to_it_where_one_record_is_asked_for(desk: Desk):
    ann, anne = await _create(desk), await _create(desk)
    await desk.ask("merge_records", "contacts", body=_two(ann, anne))
    _, read = await desk.tell("read_record", "contacts", anne)
    _, changed = await desk.tell("update_record", "contacts", anne, body={"properties": {"firstname": "Ann"}})
    _, archived = await desk.tell("read_record", "contacts", anne, query="archived=true")
    assert (read["id"], changed["id"], changed["properties"]["firstname"]) == (ann, ann, "Ann")
    assert (archived["id"], archived["archived"]) == (anne, True)
    items = {"inputs": [{"id": anne, "properties": {}}]}
    for name in ("read_records_batch", "update_records_batch", "upsert_records_batch"):
        status, answer = await desk.tell(name, "contacts", body=items)
        assert (status, answer["results"]) == (207, [])


async def test_links_follow_the_id_that_goes_on(desk: Desk):
    ann, anne = await _create(desk), await _create(desk)
    [acme] = await desk.records("companies", 1)
    await desk.ask("associate_default", "contacts", anne, "companies", acme)
    await desk.ask("merge_records", "contacts", body=_two(ann, anne))
    _, read = await desk.tell("read_record", "contacts", anne, query="associations=companies")
    assert read["id"] == ann
    assert {each["id"] for each in read["associations"]["companies"]["results"]} == {str(acme)}
    assert await desk.links("companies", acme, "contacts") == {int(ann): [2, 280]}


async def test_records_that_are_missing_are_told(desk: Desk):
    ann = await _create(desk)
    with pytest.raises(RecordsNotFound) as refused:
        await desk.ask("merge_records", "contacts", body=_two(ann, "99"))
    assert refused.value.record_ids == ["99"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (_two("5", 5), SelfMerge),
        (_two("x", 5), InvalidIdentifier),
        (_two(5, 0), InvalidIdentifier),
        ({"primaryObjectId": "5"}, FieldsMissing),
    ],
)
def test_a_merge_that_means_nothing_is_refused(desk: Desk, body: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        desk.decode("merge_records", "contacts", body=body)


async def test_a_record_is_removed_for_good(desk: Desk):
    ann, ben = await _create(desk, email="a@b.example"), await _create(desk, email="b@b.example")
    assert await desk.tell("gdpr_delete_record", "contacts", body={"objectId": int(ann)}) == (204, None)
    by_email = {"objectId": "B@b.example", "idProperty": "email"}
    for _ in range(2):
        assert await desk.tell("gdpr_delete_record", "contacts", body=by_email) == (204, None)
    for gone in (ann, ben):
        for query in ("", "archived=true"):
            with pytest.raises(RecordNotFound):
                await desk.tell("read_record", "contacts", gone, query=query)


@pytest.mark.parametrize(("body", "error"), [({}, FieldsMissing), ({"objectId": "x"}, InvalidIdentifier)])
def test_a_removal_names_a_record(desk: Desk, body: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        desk.decode("gdpr_delete_record", "contacts", body=body)
