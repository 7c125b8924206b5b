"""Labels as a client sees them: what it sends, what it gets, and what the next request finds."""

from typing import Any

import pytest

from edgewise.domain.errors import UnknownAssociationType, UnknownObjectType
from edgewise.domain.errors_labels import (
    HubSpotDefinedType,
    InvalidLabelId,
    LabelTextTaken,
    LabelToChangeUnknown,
    LabelToDeleteUnknown,
    TooManyLabels,
)
from edgewise.domain.model import ObjectType, PortalTypes, object_type_code
from edgewise.domain.rules import Rules
from edgewise.wire.labels import CreateLabel, DeleteLabel, RenameLabel
from edgewise.wire.refusals import BodyMissing, BodyOfWrongKind, FieldsMissing
from tests.unit.wire.desk import ADVISOR_TYPES, ROUTES, Desk, labelled, spec

USER = "USER_DEFINED"
PAIR = ("contacts", "companies")
CAR = ObjectType(object_type_code("2-7"), "2-7", "car", "cars", aliases=("p4711_car",))
BOSS = {"name": "boss", "label": "Boss", "inverseLabel": "Report"}


async def _create(desk: Desk, *pair: str, **body: str) -> list[tuple[int, str | None]]:
    status, answer = await desk.tell("create_label", *(pair or PAIR), body=body)
    assert status == 200
    assert {each["category"] for each in answer["results"]} == {USER}
    return [(each["typeId"], each["label"]) for each in answer["results"]]


async def _listed(desk: Desk, *pair: str) -> dict[int, str | None]:
    """The types of the portal's own that a list shows."""
    _, answer = await desk.tell("list_labels", *(pair or PAIR))
    return {each["typeId"]: each["label"] for each in answer["results"] if each["category"] == USER}


def test_a_label_is_read_from_its_body():
    command: CreateLabel = Desk().decode("create_label", *PAIR, body={**BOSS, "unknown": 1})
    assert (command.pair.source.id, command.pair.target.id) == ("0-1", "0-2")
    assert tuple(command.new) == ("boss", "Boss", "Report")
    command = Desk().decode("create_label", *PAIR, body={"name": "x", "label": "", "inverseLabel": None})
    assert tuple(command.new) == ("x", "", None)


def test_a_rename_and_a_deletion_are_read():
    body = {"associationTypeId": 7, "label": "Boss"}
    renamed: RenameLabel = Desk().decode("update_label", *PAIR, body=body)
    assert renamed[1:] == (7, "Boss", None)
    deleted: DeleteLabel = Desk().decode("delete_label", "0-1", "company", "007")
    assert (deleted.pair.target.id, deleted.type_id) == ("0-2", 7)


@pytest.mark.parametrize(
    ("operation", "body", "missing"),
    [
        ("create_label", {}, ["label", "name"]),
        ("create_label", {"name": "x"}, ["label"]),
        ("create_label", {"name": "x", "label": None}, ["label"]),
        ("create_label", {"name": None, "label": "x"}, ["name"]),
        ("create_label", {"name": None, "label": None}, ["label", "name"]),
        ("create_label", {"label": None}, ["label", "name"]),
        ("update_label", {"label": "x"}, ["associationTypeId"]),
        ("update_label", {"associationTypeId": 1, "label": None}, ["label"]),
    ],
)
def test_a_required_field_may_be_neither_left_out_nor_null(operation: str, body: Any, missing: list[str]):
    with pytest.raises(FieldsMissing) as refused:
        Desk().decode(operation, *PAIR, body=body)
    assert refused.value.fields == missing


def test_a_null_is_missed_where_its_object_ends():
    with pytest.raises(FieldsMissing) as refused:
        Desk().decode("create_label", *PAIR, body=b'{"label": null,\n "name": "x"} ')
    assert (refused.value.line, refused.value.column) == (2, 13)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("create_label", {"name": 1, "label": "x"}),
        ("create_label", {"name": "x", "label": ["x"]}),
        ("create_label", [BOSS]),
        ("create_label", b"null"),
        ("update_label", {"associationTypeId": "1", "label": "x"}),
    ],
)
def test_a_value_of_a_wrong_kind_is_refused(operation: str, body: Any):
    with pytest.raises(BodyOfWrongKind):
        Desk().decode(operation, *PAIR, body=body)


def test_object_types_are_looked_at_before_the_rest():
    for operation, rest in (("create_label", ()), ("update_label", ()), ("delete_label", ("x",))):
        with pytest.raises(UnknownObjectType):
            Desk().decode(operation, "contacts", "butterflies", *rest)
    with pytest.raises(BodyMissing):
        Desk().decode("create_label", *PAIR)


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "", "٧", str(2**31), "9" * 5000])
def test_an_id_in_the_path_is_a_number_that_ids_can_be(text: str):
    with pytest.raises(InvalidLabelId):
        Desk().decode("delete_label", *PAIR, text)


async def test_a_new_label_has_an_entry_for_each_id_and_lists_show_it_at_once():
    desk = Desk()
    assert await _create(desk, **BOSS) == [(1, "Boss"), (2, "Report")]
    assert await _listed(desk) == {1: "Boss"}
    assert await _listed(desk, "companies", "contacts") == {2: "Report"}
    assert await _create(desk, "contacts", "contacts", name="mate", label="Mate") == [(3, "Mate")]


@pytest.mark.parametrize(("choice", "ends"), [("left_out", {}), ("null", dict.fromkeys(("from", "to")))])
async def test_the_ends_of_a_new_label_are_null_or_left_out(choice: str, ends: dict[str, None]):
    _, answer = await Desk(label_created_ends=choice).tell("create_label", *PAIR, body=BOSS)
    further = {f"{end}ObjectTypeId": None for end in ends}
    assert answer["results"] == [
        {"category": USER, "typeId": 1, "label": "Boss", **further},
        {"category": USER, "typeId": 2, "label": "Report", **further},
    ]


async def test_the_answer_leaves_out_the_unlabelled_type_that_came_along():
    desk = Desk(types=PortalTypes((CAR,)))
    assert await _create(desk, "contacts", "2-7", name="drives", label="Drives") == [
        (3, "Drives"),
        (4, "Drives"),
    ]
    assert await _listed(desk, "p4711_car", "contacts") == {2: None, 4: "Drives"}
    assert await _create(desk, "2-7", "companies", name="owned", label="") == [(5, None), (6, None)]


async def test_a_label_links_records_as_soon_as_it_exists():
    desk = Desk()
    ann, acme = await desk.pair()
    await _create(desk, **BOSS)
    body = [labelled(ann, acme, spec(1, USER))]
    await desk.tell("associate_batch", *PAIR, body={"inputs": body})
    assert await desk.links("contacts", ann, "companies") == {acme: [1, 279]}
    assert await desk.links("companies", acme, "contacts") == {ann: [2, 280]}


async def test_a_renamed_label_reads_so_from_both_ends():
    desk = Desk()
    ann, acme = await desk.pair()
    await _create(desk, **BOSS)
    await desk.tell("associate", "contacts", ann, "companies", acme, body=[spec(1, USER)])
    body = {"associationTypeId": 2, "label": "Minor", "inverseLabel": "Major", "name": "ignored"}
    assert await desk.tell("update_label", *PAIR, body=body) == (204, None)
    assert await _listed(desk) == {1: "Major"}
    assert await _listed(desk, "companies", "contacts") == {2: "Minor"}
    _, answer = await desk.tell("list_associations", "companies", acme, "contacts")
    (row,) = answer["results"]
    assert {each["label"] for each in row["associationTypes"]} == {None, "Minor"}
    assert {each.name for each in desk.portal.types.association_types} == {"boss"}


async def test_a_deleted_label_is_gone_from_lists_and_from_records():
    desk = Desk(types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    await desk.tell("associate", "contacts", ann, "companies", acme, body=[spec(1, USER)])
    assert await desk.tell("delete_label", *PAIR, 2) == (204, None)
    assert await desk.links("contacts", ann, "companies") == {acme: [279]}
    assert await desk.links("companies", acme, "contacts") == {ann: [280]}
    assert await _listed(desk) == {}
    with pytest.raises(UnknownAssociationType):
        await desk.tell("associate", "contacts", ann, "companies", acme, body=[spec(1, USER)])


async def test_ids_of_deleted_labels_are_not_given_again():
    desk = Desk()
    await _create(desk, **BOSS)
    await desk.tell("delete_label", *PAIR, 1)
    assert await _create(desk, **BOSS) == [(3, "Boss"), (4, "Report")]


async def test_a_write_that_was_read_before_its_label_went_links_nothing():
    desk = Desk(types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    route = ROUTES["associate"]
    call = desk.call(route, "contacts", ann, "companies", acme, body=[spec(1, USER)])
    command = route.operation.decode(call)
    await desk.tell("delete_label", *PAIR, 1)
    outcomes = await route.operation.run(desk.store, call, command)
    with pytest.raises(UnknownAssociationType):
        route.operation.encode(call, command, outcomes)
    assert await desk.links("contacts", ann, "companies") == {}


async def test_a_change_is_decided_by_what_the_store_holds_and_not_by_an_older_catalog():
    desk = Desk()
    route = ROUTES["create_label"]
    call = desk.call(route, *PAIR, body={"name": "other", "label": "Boss"})
    command = route.operation.decode(call)
    await _create(desk, **BOSS)
    with pytest.raises(LabelTextTaken):
        await route.operation.run(desk.store, call, command)


@pytest.mark.parametrize(
    ("operation", "params", "body", "error"),
    [
        ("create_label", PAIR, {"name": "x", "label": "Client"}, LabelTextTaken),
        ("update_label", PAIR, {"associationTypeId": 99, "label": "x"}, LabelToChangeUnknown),
        ("update_label", PAIR, {"associationTypeId": 2**70, "label": "x"}, LabelToChangeUnknown),
        ("update_label", PAIR, {"associationTypeId": -1, "label": "x"}, LabelToChangeUnknown),
        ("update_label", PAIR, {"associationTypeId": 279, "label": "x"}, HubSpotDefinedType),
        ("delete_label", (*PAIR, 99), None, LabelToDeleteUnknown),
        ("delete_label", (*PAIR, 279), None, HubSpotDefinedType),
    ],
)
async def test_a_refusal_changes_nothing(
    operation: str, params: tuple[str | int, ...], body: Any, error: type[Exception]
):
    desk = Desk(types=ADVISOR_TYPES)
    version = await desk.store.types_version(desk.portal.portal_id)
    with pytest.raises(error):
        await desk.tell(operation, *params, body=body)
    assert await desk.store.types_version(desk.portal.portal_id) == version
    assert await _listed(desk) == {1: "Client"}


async def test_the_rules_of_the_portal_say_how_many_labels_a_pair_may_have():
    desk = Desk()
    desk.portal.rules = Rules(labels_per_pair_max=1)
    await _create(desk, **BOSS)
    with pytest.raises(TooManyLabels):
        await _create(desk, "companies", "contacts", name="mate", label="Mate")
    await desk.tell("delete_label", *PAIR, 1)
    await _create(desk, "companies", "contacts", name="mate", label="Mate")
