"""What operations on many records take and answer, and how a property tells a record."""

from typing import Any

import pytest

from edgewise.domain.errors import (
    DuplicateInputs,
    InvalidIdentifier,
    InvalidPropertyValue,
    RecordNotFound,
    TooManyInputs,
)
from tests.unit.wire.desk import Desk, inputs

BATCHES = ["update_records_batch", "upsert_records_batch", "archive_records_batch", "read_records_batch"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def _create(desk: Desk, **properties: Any) -> str:
    _, answer = await desk.tell("create_record", "contacts", body={"properties": properties})
    record_id: str = answer["id"]
    return record_id


def _change(key: Any, id_property: str | None = None, **properties: Any) -> dict[str, Any]:
    told = {} if id_property is None else {"idProperty": id_property}
    return {"id": key, "properties": properties, **told}


async def _batch(desk: Desk, name: str, *items: dict[str, Any]) -> tuple[int, Any]:
    return await desk.tell(f"{name}_records_batch", "contacts", body=inputs(items))


async def test_records_are_changed_together(desk: Desk):
    ann, ben = await _create(desk, firstname="A", fax=1), await _create(desk, email="Ben@x.example")
    status, answer = await _batch(
        desk,
        "update",
        _change(int(ann), firstname="Ann", fax=""),
        _change("ben@X.EXAMPLE", "email", firstname="Ben"),
    )
    assert (status, answer["status"]) == (200, "COMPLETE")
    shown = [(each["id"], each["properties"]["firstname"]) for each in answer["results"]]
    assert shown == [(ann, "Ann"), (ben, "Ben")]
    assert "fax" not in answer["results"][0]["properties"]
    assert "errors" not in answer


@pytest.mark.parametrize("name", ["update", "upsert"])
async def test_missing_records_are_told_together_and_the_others_changed(desk: Desk, name: str):
    ann = await _create(desk)
    status, answer = await _batch(
        desk, name, _change(99, zip="1"), _change(ann, zip="1"), _change("x", zip="1"), _change("0", zip="1")
    )
    assert status == 207
    assert [each["id"] for each in answer["results"]] == [ann]
    [error] = answer["errors"]
    assert (error["category"], error["context"]) == ("OBJECT_NOT_FOUND", {"ids": ["99", "x", "0"]})
    assert answer["numErrors"] == 1


async def test_an_update_by_a_property_makes_no_record(desk: Desk):
    status, answer = await _batch(desk, "update", _change("a@b.example", "email", zip="1"))
    assert (status, answer["results"]) == (207, [])
    assert answer["errors"][0]["context"] == {"ids": ["a@b.example"]}


async def test_an_upsert_tells_which_records_are_new(desk: Desk):
    ann = await _create(desk, email="a@b.example")
    asked = [
        _change("A@B.EXAMPLE", "email", zip=1),
        _change("New@b.example", "email", zip=2),
        _change("new@b.example", "email", zip=3),
    ]
    status, answer = await _batch(desk, "upsert", *asked)
    made = answer["results"][1]["id"]
    assert status == 200
    assert [(each["id"], each["new"]) for each in answer["results"]] == [
        (ann, False),
        (made, True),
        (made, False),
    ]
    assert answer["results"][2]["properties"]["email"] == "new@b.example"
    assert answer["results"][2]["properties"]["zip"] == "3"


@pytest.mark.parametrize("name", ["update", "upsert"])
async def test_each_result_has_the_trace_id_of_its_input(desk: Desk, name: str):
    ann, ben = await _create(desk), await _create(desk)
    traced = {**_change(ann, zip="1"), "objectWriteTraceId": "first"}
    _, answer = await _batch(desk, name, _change(99), traced, _change(ben, zip="1"))
    assert [each.get("objectWriteTraceId") for each in answer["results"]] == ["first", None]


def test_a_record_is_changed_once_in_a_batch(desk: Desk):
    for items in (
        [_change("7"), _change(7)],
        [_change("A@b", "email"), _change("a@B", "email")],
        [_change("7", "hs_object_id"), _change("7")],
    ):
        with pytest.raises(DuplicateInputs):
            desk.decode("update_records_batch", "contacts", body=inputs(items))
    desk.decode("update_records_batch", "contacts", body=inputs([_change("7"), _change("7", "fax")]))


@pytest.mark.parametrize("name", ["update", "upsert"])
async def test_one_bad_value_changes_nothing(desk: Desk, name: str):
    ann = await _create(desk, zip="1")
    with pytest.raises(InvalidPropertyValue):
        await _batch(desk, name, _change(ann, zip="2"), _change("x", zip=[]))
    _, answer = await desk.tell("read_record", "contacts", ann, query="properties=zip")
    assert answer["properties"]["zip"] == "1"


async def test_records_are_archived_together_and_missing_ones_are_no_error(desk: Desk):
    ann, ben, cid = [await _create(desk) for _ in range(3)]
    for _ in range(2):
        answer = await _batch(desk, "archive", {"id": ann}, {"id": int(ben)}, {"id": 99}, {"id": ann})
        assert answer == (204, None)
    _, listed = await desk.tell("list_records", "contacts")
    assert [each["id"] for each in listed["results"]] == [cid]


def test_what_is_no_id_archives_nothing(desk: Desk):
    with pytest.raises(InvalidIdentifier):
        desk.decode("archive_records_batch", "contacts", body=inputs([{"id": "7"}, {"id": "x"}]))


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_has_at_most_a_hundred_inputs(desk: Desk, name: str):
    items = [_change(n) for n in range(1, 102)]
    desk.decode(name, "contacts", body=inputs(items[:100]))
    with pytest.raises(TooManyInputs):
        desk.decode(name, "contacts", body=inputs(items))


@pytest.mark.parametrize("name", ["update", "upsert"])
async def test_a_batch_of_nothing_changes_nothing(desk: Desk, name: str):
    status, answer = await _batch(desk, name)
    assert (status, answer["results"]) == (200, [])


async def test_one_record_is_read_by_a_property(desk: Desk):
    ann = await _create(desk, email="a@b.example", fax="7")
    for key, query in (
        ("A@B.EXAMPLE", "idProperty=email"),
        ("7", "idProperty=fax"),
        (ann, "idProperty=hs_object_id"),
    ):
        _, answer = await desk.tell("read_record", "contacts", key, query=query)
        assert answer["id"] == ann
    with pytest.raises(RecordNotFound) as missing:
        await desk.tell("read_record", "contacts", "x@y.z", query="idProperty=email")
    assert missing.value.record_id == "x@y.z"


async def test_an_archived_record_is_read_by_a_property(desk: Desk):
    ann = await _create(desk, email="a@b.example")
    await desk.ask("archive_record", "contacts", ann)
    _, answer = await desk.tell(
        "read_record", "contacts", "a@b.example", query="idProperty=email&archived=true"
    )
    assert answer["id"] == ann
    with pytest.raises(RecordNotFound):
        await desk.tell("read_record", "contacts", "a@b.example", query="idProperty=email")


async def test_one_record_is_changed_by_a_property(desk: Desk):
    ann = await _create(desk, email="a@b.example")
    body = {"properties": {"firstname": "Ann"}}
    _, answer = await desk.tell(
        "update_record", "contacts", "A@b.example", body=body, query="idProperty=email"
    )
    assert (answer["id"], answer["properties"]["firstname"]) == (ann, "Ann")
    with pytest.raises(RecordNotFound):
        await desk.tell("update_record", "contacts", "x@y.z", body=body, query="idProperty=email")


async def test_many_records_are_read_by_a_property(desk: Desk):
    ann, ben = await _create(desk, fax="a"), await _create(desk, fax="b")
    body = {
        **inputs([{"id": each} for each in ("b", "x", "a")]),
        "idProperty": "fax",
        "properties": ["fax"],
    }
    status, answer = await desk.tell("read_records_batch", "contacts", body=body)
    assert status == 207
    assert [(each["id"], each["properties"]["fax"]) for each in answer["results"]] == [
        (ben, "b"),
        (ann, "a"),
    ]
    assert answer["errors"][0]["context"] == {"ids": ["x"]}
