"""Creating records where some cannot be created: all or none, or each on its own."""

from typing import Any

import pytest

from edgewise.domain.errors import LinkEndsMissing, UnknownAssociationType, ValueInUse
from tests.unit.wire.desk import Desk, inputs, spec

NOBODY = 99


@pytest.fixture
def desk() -> Desk:
    return Desk()


def _new(trace_id: str | None = None, links: list[Any] | None = None, **properties: Any) -> dict[str, Any]:
    traced = {} if trace_id is None else {"objectWriteTraceId": trace_id}
    return {"properties": properties, "associations": links or [], **traced}


async def _create(desk: Desk, **properties: Any) -> str:
    _, answer = await desk.tell("create_record", "contacts", body={"properties": properties})
    record_id: str = answer["id"]
    return record_id


async def _batch(desk: Desk, name: str, *items: dict[str, Any]) -> tuple[int, Any]:
    return await desk.tell(f"{name}_records_batch", "contacts", body=inputs(items))


async def _firstnames(desk: Desk) -> list[str | None]:
    _, answer = await desk.tell("list_records", "contacts")
    return [each["properties"]["firstname"] for each in answer["results"]]


async def test_an_email_that_another_contact_has_is_refused(desk: Desk):
    ann = await _create(desk, email="ann@b.example")
    with pytest.raises(ValueInUse) as refused:
        await _create(desk, email="ANN@b.example")
    assert (refused.value.record_id, refused.value.in_batch) == (int(ann), False)


async def test_companies_may_share_a_domain_and_a_name(desk: Desk):
    for _ in range(2):
        body = {"properties": {"domain": "b.example", "name": "B"}}
        await desk.ask("create_record", "companies", body=body)


async def test_a_change_to_an_email_that_another_contact_has_is_refused(desk: Desk):
    ann, ben = await _create(desk, email="ann@b.example"), await _create(desk, email="ben@b.example")
    for key, query in ((ben, ""), ("ben@b.example", "idProperty=email")):
        body = {"properties": {"email": "Ann@b.example"}}
        with pytest.raises(ValueInUse) as refused:
            await desk.ask("update_record", "contacts", key, body=body, query=query)
        assert (refused.value.record_id, refused.value.in_batch) == (int(ann), False)
    status, _ = await desk.tell(
        "update_record", "contacts", ben, body={"properties": {"email": "BEN@b.example"}}
    )
    assert status == 200


@pytest.mark.parametrize("traces", [(None, None), ("a", None), ("a", "")])
async def test_without_a_trace_of_each_input_one_refused_refuses_all(
    desk: Desk, traces: tuple[str | None, str | None]
):
    ann = await _create(desk, email="ann@b.example", firstname="Ann")
    first, second = traces
    with pytest.raises(ValueInUse) as refused:
        await _batch(
            desk, "create", _new(first, firstname="Ben"), _new(second, email="ann@b.example", firstname="x")
        )
    assert (refused.value.record_id, refused.value.in_batch) == (int(ann), True)
    with pytest.raises(ValueInUse) as refused:
        await _batch(desk, "create", _new(first, email="x@b.example"), _new(second, email="X@b.example"))
    assert refused.value.record_id is None
    assert await _firstnames(desk) == ["Ann"]


async def test_with_a_trace_of_each_input_the_others_are_made(desk: Desk):
    ann = await _create(desk, email="ann@b.example", firstname="Ann")
    to_nobody = [{"to": {"id": NOBODY}, "types": [spec(279)]}]
    of_no_type = [{"to": {"id": NOBODY}, "types": [spec(9999)]}]
    status, answer = await _batch(
        desk,
        "create",
        _new("taken", email="ANN@b.example"),
        _new("good", firstname="Ben", email="ben@b.example"),
        _new("lost", to_nobody),
        _new("odd", of_no_type),
        _new("again", email="ben@b.example"),
    )
    assert (status, answer["status"], answer["numErrors"]) == (207, "COMPLETE", 4)
    [ben] = answer["results"]
    assert (ben["properties"]["firstname"], ben["objectWriteTraceId"]) == ("Ben", "good")
    told = [(each["context"]["objectWriteTraceId"], each["category"]) for each in answer["errors"]]
    assert told == [
        (["taken"], "CONFLICT"),
        (["lost"], "VALIDATION_ERROR"),
        (["odd"], "VALIDATION_ERROR"),
        (["again"], "CONFLICT"),
    ]
    taken, *_, again = answer["errors"]
    assert taken["message"] == "Contact already exists"
    assert (taken["context"]["existingId"], again["context"]["existingId"]) == ([ann], [ben["id"]])
    assert await _firstnames(desk) == ["Ann", "Ben"]


async def test_with_a_trace_of_each_input_good_ones_are_answered_as_ever(desk: Desk):
    status, answer = await _batch(desk, "create", _new("a"), _new("b"))
    assert (status, [each["objectWriteTraceId"] for each in answer["results"]]) == (201, ["a", "b"])
    assert "errors" not in answer


async def test_inputs_none_of_which_can_be_made_are_all_told(desk: Desk):
    odd = [{"to": {"id": NOBODY}, "types": [spec(9999)]}]
    status, answer = await _batch(desk, "create", _new("a", odd), _new("b", odd))
    assert (status, answer["results"], answer["numErrors"]) == (207, [], 2)


async def test_without_traces_what_the_rules_refuse_refuses_all(desk: Desk):
    odd = [{"to": {"id": NOBODY}, "types": [spec(9999)]}]
    with pytest.raises(UnknownAssociationType):
        await _batch(desk, "create", _new(), _new(None, odd))
    with pytest.raises(LinkEndsMissing):
        await _batch(desk, "create", _new("a"), _new(None, [{"to": {"id": NOBODY}, "types": [spec(279)]}]))


@pytest.mark.parametrize("name", ["update", "upsert"])
async def test_changes_to_an_email_that_another_has_are_refused_all_or_each(desk: Desk, name: str):
    ann = await _create(desk, email="ann@b.example")
    ben, cid = await _create(desk, firstname="Ben"), await _create(desk, firstname="Cid")
    good = {"id": ben, "properties": {"firstname": "Benn"}}
    bad = {"id": cid, "properties": {"email": "ANN@b.example", "firstname": "Cidd"}}
    with pytest.raises(ValueInUse) as refused:
        await _batch(desk, name, good, bad)
    assert (refused.value.record_id, refused.value.in_batch) == (int(ann), True)
    assert await _firstnames(desk) == [None, "Ben", "Cid"]
    traced = [{**each, "objectWriteTraceId": trace} for each, trace in ((good, "g"), (bad, "b"))]
    status, answer = await _batch(desk, name, *traced)
    assert (status, [each["objectWriteTraceId"] for each in answer["results"]]) == (207, ["g"])
    [error] = answer["errors"]
    assert error["context"] == {"objectWriteTraceId": ["b"], "existingId": [ann]}
    assert await _firstnames(desk) == [None, "Benn", "Cid"]
