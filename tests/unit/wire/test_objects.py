"""What record operations take and answer."""

from typing import Any

import pytest

from edgewise.domain.errors import (
    DuplicateInputs,
    InvalidCursor,
    InvalidIdentifier,
    InvalidPageSize,
    InvalidPropertyValue,
    InvalidRecordId,
    LinkEndsMissing,
    RecordNotFound,
    TooManyInputs,
    UnknownAssociationType,
    UnknownObjectType,
    WrongInlineType,
)
from edgewise.domain.errors_properties import PropertyValuesInvalid
from edgewise.wire.refusals import BodyMissing
from tests.unit.wire.desk import AT_TEXT, Desk, as_json, inputs, spec

NOBODY = 9_999_999_999_999
ANN = {"firstname": "Ann", "email": "ann@example.com", "zip": "39"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def _create(desk: Desk, object_type: str, properties: dict[str, Any]) -> int:
    _, answer = await desk.tell("create_record", object_type, body={"properties": properties})
    return int(answer["id"])


# Creating.


async def test_a_created_record_is_answered_with_every_property_and_its_address(desk: Desk):
    reply = await desk.ask("create_record", "contacts", body={"properties": ANN})
    answer = as_json(reply.body)
    record_id = answer["id"]
    assert reply.status == 201
    assert reply.location == f"https://crm.example/crm/objects/2026-03/contacts/{record_id}"
    assert answer == {
        "id": record_id,
        "properties": {
            **ANN, "createdate": AT_TEXT, "lastmodifieddate": AT_TEXT, "hs_object_id": record_id
        },
        "createdAt": AT_TEXT,
        "updatedAt": AT_TEXT,
        "archived": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "kept"),
    [("x", "x"), (" ", " "), (5, "5"), (-1.5, "-1.5"), (True, "true"), (False, "false"), (2**60, str(2**60))],
)
async def test_values_are_kept_as_text(desk: Desk, value: Any, kept: str):
    _, answer = await desk.tell("create_record", "contacts", body={"properties": {"jobtitle": value}})
    assert answer["properties"]["jobtitle"] == kept


@pytest.mark.parametrize("value", [None, ""])
async def test_an_empty_value_is_not_kept(desk: Desk, value: Any):
    _, answer = await desk.tell("create_record", "contacts", body={"properties": {"jobtitle": value}})
    assert "jobtitle" not in answer["properties"]


@pytest.mark.parametrize("name", ["create_record", "create_records_batch", "update_record"])
@pytest.mark.parametrize("value", [[], ["a"], {}, {"value": "a"}])
def test_a_list_or_an_object_is_no_value(desk: Desk, name: str, value: Any):
    body: dict[str, Any] = {"properties": {"jobtitle": value}}
    params = ("contacts", 5) if name == "update_record" else ("contacts",)
    with pytest.raises(InvalidPropertyValue) as refused:
        desk.decode(name, *params, body=inputs([body]) if "batch" in name else body)
    assert refused.value.name == "jobtitle"


@pytest.mark.parametrize("name", ["hs_object_id", "createdate", "lastmodifieddate"])
async def test_what_a_client_says_of_id_and_times_is_refused(desk: Desk, name: str):
    with pytest.raises(PropertyValuesInvalid) as refused:
        await desk.ask("create_record", "contacts", body={"properties": {name: "1"}})
    assert [(each.name, each.error) for each in refused.value.invalid] == [(name, "READ_ONLY_VALUE")]


async def test_the_associations_of_a_create_are_made_and_not_shown(desk: Desk):
    (acme,) = await desk.records("companies", 1)
    body = {"properties": {}, "associations": [{"to": {"id": str(acme)}, "types": [spec(931)]}]}
    status, answer = await desk.tell("create_record", "contacts", body=body)
    assert status == 201
    assert "associations" not in answer
    assert await desk.links("contacts", int(answer["id"]), "companies") == {acme: [279, 931]}
    assert await desk.links("companies", acme, "contacts") == {int(answer["id"]): [280, 930]}


async def test_a_create_may_have_associations_alone(desk: Desk):
    (acme,) = await desk.records("companies", 1)
    body = {"associations": [{"to": {"id": acme}, "types": [spec(279)]}]}
    _, answer = await desk.tell("create_record", "contacts", body=body)
    assert list(await desk.links("contacts", int(answer["id"]), "companies")) == [acme]


@pytest.mark.parametrize(
    ("association", "error"),
    [
        ({"to": {"id": "x"}, "types": [spec(279)]}, InvalidIdentifier),
        ({"to": {"id": 5}, "types": [spec(99_999)]}, UnknownAssociationType),
        ({"to": {"id": 5}, "types": [spec(190)]}, WrongInlineType),
        ({"to": {"id": 5}, "types": [spec(279), spec(4)]}, WrongInlineType),
    ],
)
def test_one_bad_association_fails_the_create(desk: Desk, association: Any, error: type[Exception]):
    body = {"properties": {}, "associations": [association]}
    with pytest.raises(error):
        desk.decode("create_record", "contacts", body=body)
    with pytest.raises(error):
        desk.decode("create_records_batch", "contacts", body=inputs([{"properties": {}}, body]))


async def test_a_create_that_links_to_nobody_makes_nothing(desk: Desk):
    (acme,) = await desk.records("companies", 1)
    to = [{"to": {"id": target}, "types": [spec(279)]} for target in (acme, NOBODY)]
    for name, body in (
        ("create_record", {"associations": to}),
        ("create_records_batch", inputs([{"properties": {}}, {"associations": to}])),
    ):
        with pytest.raises(LinkEndsMissing) as refused:
            await desk.ask(name, "contacts", body=body)
        assert [(kind.name, record_id) for kind, record_id in refused.value.missing] == [("company", NOBODY)]
    _, answer = await desk.tell("list_records", "contacts")
    assert answer["results"] == []


async def test_records_created_together_are_answered_in_order(desk: Desk):
    names = [f"n{number}" for number in range(100)]
    body = inputs([{"properties": {"firstname": name}, "objectWriteTraceId": name} for name in names])
    status, answer = await desk.tell("create_records_batch", "contacts", body=body)
    assert (status, answer["status"]) == (201, "COMPLETE")
    assert [result["properties"]["firstname"] for result in answer["results"]] == names
    ids = [int(result["id"]) for result in answer["results"]]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("name", ["create_records_batch", "read_records_batch"])
def test_a_batch_of_records_has_at_most_100_inputs(desk: Desk, name: str):
    items: list[dict[str, Any]] = [{"properties": {}, "id": number + 1} for number in range(101)]
    desk.decode(name, "contacts", body=inputs(items[:100]))
    with pytest.raises(TooManyInputs) as refused:
        desk.decode(name, "contacts", body=inputs(items))
    assert refused.value.inputs_max == 100


@pytest.mark.parametrize(
    "name", ["create_record", "create_records_batch", "read_records_batch", "list_records", "read_record"]
)
def test_an_unknown_object_type_is_told_first(desk: Desk, name: str):
    params = ("butterflies", "x") if name == "read_record" else ("butterflies",)
    with pytest.raises(UnknownObjectType):
        desk.decode(name, *params, query="limit=x")


def test_a_bad_id_is_told_before_the_body_of_an_update(desk: Desk):
    with pytest.raises(InvalidRecordId):
        desk.decode("update_record", "contacts", "x", body=b"{")
    with pytest.raises(BodyMissing):
        desk.decode("update_record", "contacts", 5)


# Reading one.


async def test_a_read_shows_the_default_properties_unset_ones_as_null(desk: Desk):
    ann = await _create(desk, "contacts", {"email": "ann@example.com", "zip": "39"})
    status, answer = await desk.tell("read_record", "contacts", ann)
    assert status == 200
    assert answer["properties"] == {
        "createdate": AT_TEXT,
        "email": "ann@example.com",
        "firstname": None,
        "hs_object_id": str(ann),
        "lastmodifieddate": AT_TEXT,
        "lastname": None,
    }
    assert "associations" not in answer
    assert "archivedAt" not in answer


@pytest.mark.parametrize(
    "query",
    [
        "properties=zip,lastname,nonsense",
        "properties=zip&properties=lastname&properties=nonsense",
        "properties=%20zip%20,,lastname,nonsense,",
    ],
)
async def test_a_read_shows_the_properties_asked_for_and_leaves_out_unknown_ones(desk: Desk, query: str):
    ann = await _create(desk, "contacts", ANN)
    _, answer = await desk.tell("read_record", "contacts", ann, query=query)
    assert answer["properties"] == {
        "zip": "39", "lastname": None,
        "createdate": AT_TEXT, "lastmodifieddate": AT_TEXT, "hs_object_id": str(ann),
    }  # fmt: skip


async def test_the_times_of_a_record_have_the_names_of_its_object_type(desk: Desk):
    for object_type, created, changed in (
        ("contacts", "createdate", "lastmodifieddate"),
        ("companies", "createdate", "hs_lastmodifieddate"),
        ("notes", "hs_createdate", "hs_lastmodifieddate"),
    ):
        record_id = await _create(desk, object_type, {})
        _, answer = await desk.tell("read_record", object_type, record_id, query="properties=x")
        assert answer["properties"] == {created: AT_TEXT, changed: AT_TEXT, "hs_object_id": str(record_id)}


async def test_a_record_that_does_not_exist_is_not_found(desk: Desk):
    ann = await _create(desk, "contacts", ANN)
    for object_type, record_id in (("contacts", NOBODY), ("companies", ann)):
        with pytest.raises(RecordNotFound):
            await desk.ask("read_record", object_type, record_id)


async def test_an_archived_record_is_found_among_the_archived_ones_only(desk: Desk):
    ann = await _create(desk, "contacts", ANN)
    for query in ("archived=true", "archived=TRUE"):
        with pytest.raises(RecordNotFound):
            await desk.ask("read_record", "contacts", ann, query=query)
    for _ in range(2):
        assert await desk.tell("archive_record", "contacts", ann) == (204, None)
    for query in ("", "archived=false", "archived="):
        with pytest.raises(RecordNotFound):
            await desk.ask("read_record", "contacts", ann, query=query)
    _, answer = await desk.tell("read_record", "contacts", ann, query="archived=true")
    assert (answer["archived"], answer["archivedAt"]) == (True, AT_TEXT)


# Changing.


async def test_an_update_sets_and_clears_and_answers_every_property(desk: Desk):
    ann = await _create(desk, "contacts", ANN)
    body = {"properties": {"firstname": "", "email": None, "lastname": "Lee", "fax": 5}}
    status, answer = await desk.tell("update_record", "contacts", ann, body=body)
    assert status == 200
    always = {"createdate", "lastmodifieddate", "hs_object_id"}
    shown = {name: text for name, text in answer["properties"].items() if name not in always}
    assert shown == {"zip": "39", "lastname": "Lee", "fax": "5"}


async def test_a_record_that_is_not_there_is_not_changed(desk: Desk):
    ann = await _create(desk, "contacts", ANN)
    await desk.ask("archive_record", "contacts", ann)
    for record_id in (ann, NOBODY):
        with pytest.raises(RecordNotFound):
            await desk.ask("update_record", "contacts", record_id, body={"properties": {"jobtitle": "b"}})


# Lists and batches.


async def test_a_list_has_ten_records_and_the_address_of_the_next_ten(desk: Desk):
    ids = await desk.records("contacts", 12)
    _, answer = await desk.tell("list_records", "contacts", query="properties=firstname&unknown=a%2Cb")
    assert [int(result["id"]) for result in answer["results"]] == ids[:10]
    after = answer["paging"]["next"]
    assert after["after"] == str(ids[10])
    query = f"properties=firstname&unknown=a%2Cb&after={ids[10]}"
    assert after["link"] == f"https://crm.example/crm/objects/2026-03/contacts?{query}"
    _, answer = await desk.tell(
        "list_records", "contacts", query=f"after={after['after']}&properties=firstname"
    )
    assert [int(result["id"]) for result in answer["results"]] == ids[10:]
    assert "paging" not in answer
    assert answer["results"][0]["properties"].keys() >= {"firstname"}
    assert "lastname" not in answer["results"][0]["properties"]


def test_a_list_of_records_takes_up_to_100_and_the_cursors_it_gave(desk: Desk):
    command = desk.decode("list_records", "contacts", query="limit=100&after=55&archived=true")
    assert (command.limit, command.first_id, command.is_archived) == (100, 55, True)
    with pytest.raises(InvalidPageSize):
        desk.decode("list_records", "contacts", query="limit=101")
    with pytest.raises(InvalidCursor):
        desk.decode("list_records", "contacts", query="after=MC0yLTc1MDI%3D")


async def test_a_batch_read_tells_all_that_it_did_not_find_in_one_item(desk: Desk):
    ann, bob = await desk.records("contacts", 2)
    items = [{"id": NOBODY}, {"id": str(bob)}, {"id": "x"}, {"id": ann}]
    status, answer = await desk.tell("read_records_batch", "contacts", body=inputs(items))
    assert (status, answer["numErrors"]) == (207, 1)
    assert [int(result["id"]) for result in answer["results"]] == [bob, ann]
    (error,) = answer["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"ids": [str(NOBODY), "x"]}
    assert error["message"].startswith("Could not get some CONTACT objects")


async def test_a_batch_read_shows_the_properties_of_its_body(desk: Desk):
    ann = await _create(desk, "contacts", ANN)
    body = {"inputs": [{"id": ann}], "properties": ["zip"]}
    status, answer = await desk.tell("read_records_batch", "contacts", body=body)
    assert status == 200
    assert answer["results"][0]["properties"] == {
        "zip": "39", "createdate": AT_TEXT, "lastmodifieddate": AT_TEXT, "hs_object_id": str(ann)
    }  # fmt: skip
    _, answer = await desk.tell("read_records_batch", "contacts", body={**body, "properties": []})
    assert "firstname" in answer["results"][0]["properties"]


def test_a_batch_read_names_no_record_twice(desk: Desk):
    with pytest.raises(DuplicateInputs) as refused:
        desk.decode("read_records_batch", "contacts", body=inputs([{"id": 7}, {"id": 8}, {"id": "007"}]))
    assert refused.value.record_ids == [7]
