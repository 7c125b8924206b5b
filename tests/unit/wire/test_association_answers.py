"""What association operations answer, for each choice of the quirks that shape it."""

from typing import Any

import pytest

from edgewise.domain.errors import LinkEndsMissing
from tests.unit.wire.desk import (
    ADVISOR_TYPES,
    AT_TEXT,
    LATER_TEXT,
    Desk,
    ends,
    inputs,
    labelled,
    spec,
)

NOBODY = 9_999_999_999_999


def _default_results(answer: dict[str, Any]) -> list[tuple[int, int, int]]:
    """Source, target and type id of each result; ids of default results are always texts."""
    for result in answer["results"]:
        assert isinstance(result["from"]["id"], str)
        assert isinstance(result["to"]["id"], str)
        assert result["associationSpec"]["associationCategory"] == "HUBSPOT_DEFINED"
    return [
        (int(each["from"]["id"]), int(each["to"]["id"]), each["associationSpec"]["associationTypeId"])
        for each in answer["results"]
    ]


# Default links.


async def test_a_default_link_is_answered_as_a_complete_batch():
    desk = Desk()
    ann, acme = await desk.pair()
    status, answer = await desk.tell("associate_default", "contacts", ann, "companies", acme)
    assert status == 200
    assert {key: answer[key] for key in answer.keys() - {"results"}} == {
        "status": "COMPLETE", "startedAt": AT_TEXT, "completedAt": LATER_TEXT
    }  # fmt: skip


@pytest.mark.parametrize("choice", ["both", "one"])
async def test_a_default_link_lists_the_directions_that_the_quirk_says(choice: str):
    desk = Desk(default_put_results=choice)
    ann, acme = await desk.pair()
    expected = [(ann, acme, 279), (acme, ann, 280)]
    for _ in range(2):
        _, answer = await desk.tell("associate_default", "contacts", ann, "companies", acme)
        assert _default_results(answer) == (expected if choice == "both" else expected[:1])


@pytest.mark.parametrize("choice", ["both", "one"])
async def test_a_default_batch_lists_the_directions_that_the_quirk_says(choice: str):
    desk = Desk(default_batch_results=choice)
    (deal,), (acme, ajax) = await desk.records("deals", 1), await desk.records("companies", 2)
    body = inputs([ends(deal, ajax), ends(str(deal), acme)])
    status, answer = await desk.tell("associate_default_batch", "deals", "companies", body=body)
    expected = [(deal, ajax, 341), (ajax, deal, 342), (deal, acme, 341), (acme, deal, 342)]
    assert status == 200
    assert _default_results(answer) == (expected if choice == "both" else expected[::2])


async def test_a_link_within_one_object_type_has_one_type_for_both_directions():
    desk = Desk(default_put_results="both")
    ann, bob = await desk.records("contacts", 2)
    _, answer = await desk.tell("associate_default", "contacts", ann, "contacts", bob)
    assert _default_results(answer) == [(ann, bob, 449), (bob, ann, 449)]


async def test_a_type_without_a_known_inverse_is_listed_in_its_own_direction_only():
    desk = Desk(default_put_results="both", default_batch_results="both")
    catalog = desk.portal.catalog
    one_way = next(t for t in (catalog.pair(a, b).default for a in catalog.object_types for b in catalog.object_types)
                   if t is not None and not t.is_readable_from_target)  # fmt: skip
    source, target = catalog.object_type_of(one_way.source_type), catalog.object_type_of(one_way.target_type)
    source_id, target_id = await desk.pair(source.id, target.id)
    _, answer = await desk.tell("associate_default", source.id, source_id, target.id, target_id)
    assert _default_results(answer) == [(source_id, target_id, one_way.type_id)]
    assert await desk.links(source.id, source_id, target.id) == {target_id: [one_way.type_id]}
    assert await desk.links(target.id, target_id, source.id) == {}


@pytest.mark.parametrize(("missing_source", "missing_target"), [(True, False), (False, True), (True, True)])
@pytest.mark.parametrize("name", ["associate_default", "associate"])
async def test_a_single_link_to_nobody_names_every_end_that_is_missing(
    name: str, missing_source: bool, missing_target: bool
):
    desk = Desk()
    ann, acme = await desk.pair()
    source_id, target_id = NOBODY if missing_source else ann, NOBODY + 1 if missing_target else acme
    with pytest.raises(LinkEndsMissing) as refused:
        await desk.ask(name, "contacts", source_id, "companies", target_id, body=[spec(1)])
    found = [(kind.name, record_id) for kind, record_id in refused.value.missing]
    expected = [("contact", NOBODY)] * missing_source + [("company", NOBODY + 1)] * missing_target
    assert found == expected


async def test_a_record_may_be_made_on_first_mention():
    desk = Desk(records_must_exist=False)
    status, _ = await desk.tell("associate_default", "contacts", 5, "companies", 6)
    assert status == 200
    assert list(await desk.links("contacts", 5, "companies")) == [6]


# Labelled links.


@pytest.mark.parametrize(("choice", "kind"), [("string", str), ("number", int)])
async def test_a_labelled_link_answers_the_pair_and_the_texts_of_its_labels(choice: str, kind: Any):
    desk = Desk(record_ids=choice, labelled_put_body="pair", types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    body = [spec(1), spec(1, "USER_DEFINED")]
    status, answer = await desk.tell("associate", "contact", ann, "company", acme, body=body)
    assert (status, answer) == (
        201,
        {
            "fromObjectTypeId": "0-1",
            "fromObjectId": kind(ann),
            "toObjectTypeId": "0-2",
            "toObjectId": kind(acme),
            "labels": ["Primary", "Client"],
        },
    )


async def test_the_superset_of_a_labelled_link_is_the_pair_and_a_wrapper_around_it():
    desk = Desk(labelled_put_body="superset")
    ann, acme = await desk.pair()
    _, answer = await desk.tell("associate", "contacts", ann, "companies", acme, body=[spec(1)])
    pair = {key: answer.pop(key) for key in tuple(answer["entity"])}
    assert answer == {
        "createdResourceId": str(acme),
        "entity": pair,
        "location": f"/crm/objects/2026-03/contacts/{ann}/associations/companies/{acme}",
    }
    assert pair["labels"] == ["Primary"]


@pytest.mark.parametrize("body", [[], [spec(279)]])
async def test_a_link_without_a_label_has_no_texts(body: Any):
    desk = Desk()
    ann, acme = await desk.pair()
    status, answer = await desk.tell("associate", "contacts", ann, "companies", acme, body=body)
    assert (status, answer["labels"], answer["toObjectId"]) == (201, [], str(acme))
    assert list(await desk.links("contacts", ann, "companies")) == ([acme] if body else [])


@pytest.mark.parametrize(("choice", "kept"), [("replace", [279]), ("append", [1, 279])])
async def test_a_labelled_write_replaces_or_appends_as_the_quirk_says(choice: str, kept: list[int]):
    desk = Desk(labelled_write=choice, types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(1, "USER_DEFINED")])
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(279)])
    assert await desk.links("contacts", ann, "companies") == {acme: kept}


@pytest.mark.parametrize(("choice", "types"), [("yes", [1, 279]), ("no", [279])])
async def test_a_first_link_is_primary_as_the_quirk_says(choice: str, types: list[int]):
    desk = Desk(first_link_is_primary=choice)
    (ann,), (acme, ajax) = await desk.records("contacts", 1), await desk.records("companies", 2)
    for company in (acme, ajax):
        await desk.ask("associate_default", "contacts", ann, "companies", company)
    assert await desk.links("contacts", ann, "companies") == {acme: types, ajax: [279]}


# Batches of labelled links.


@pytest.mark.parametrize(("choice", "kind"), [("string", str), ("number", int)])
async def test_a_batch_answers_one_row_per_input_and_direction_asked(choice: str, kind: Any):
    desk = Desk(record_ids=choice)
    (ann,), (acme, ajax) = await desk.records("contacts", 1), await desk.records("companies", 2)
    body = inputs([labelled(ann, ajax, spec(1)), labelled(ann, acme, spec(279)), labelled(ann, acme)])
    status, answer = await desk.tell("associate_batch", "contacts", "companies", body=body)
    assert (status, answer["status"]) == (201, "COMPLETE")
    assert {"numErrors", "errors"}.isdisjoint(answer)
    assert answer["results"] == [
        {
            "fromObjectTypeId": "0-1", "fromObjectId": kind(ann),
            "toObjectTypeId": "0-2", "toObjectId": kind(company), "labels": labels,
        }
        for company, labels in ((ajax, ["Primary"]), (acme, []))
    ]  # fmt: skip


async def test_the_failures_of_a_batch_are_listed_in_the_order_of_its_inputs():
    desk = Desk()
    ann, bob = await desk.records("contacts", 2)
    body = inputs([
        labelled(NOBODY, bob, spec(449)),
        labelled(ann, ann, spec(449)),
        labelled(NOBODY + 1, NOBODY + 2, spec(449)),
        labelled(ann, bob, spec(449)),
        labelled(ann, bob, spec(99_999)),
        labelled(ann, NOBODY, spec(449)),
        labelled("x", bob, spec(449)),
    ])  # fmt: skip
    status, answer = await desk.tell("associate_batch", "contacts", "contacts", body=body)
    assert status == 207
    assert [(result["fromObjectId"], result["toObjectId"]) for result in answer["results"]] == [
        (str(ann), str(bob))
    ]
    told = [(error.get("subCategory", "").rpartition(".")[2], error["message"]) for error in answer["errors"]]
    assert told == [
        ("FROM_OBJECT_NOT_FOUND", f"No contact with ID {NOBODY} exists"),
        ("", f"Object {ann} cannot be associated to itself ({ann})"),
        ("FROM_OBJECT_NOT_FOUND", f"No contact with ID {NOBODY + 1} exists"),
        ("TO_OBJECT_NOT_FOUND", f"No contact with ID {NOBODY + 2} exists"),
        ("", "One or more associations are invalid"),
        ("TO_OBJECT_NOT_FOUND", f"No contact with ID {NOBODY} exists"),
        ("INVALID_IDENTIFIER", "x is not a valid ID"),
    ]
    assert answer["numErrors"] == 7
    assert await desk.links("contacts", ann, "contacts") == {bob: [449]}


@pytest.mark.parametrize(("choice", "expected"), [("usual", 200), ("207", 207)])
async def test_the_failures_of_a_default_batch_are_listed_likewise(choice: str, expected: int):
    desk = Desk(partly_failed_batch=choice)
    ann, acme = await desk.pair()
    body = inputs([ends(ann, NOBODY), ends(0, acme), ends(ann, acme)])
    status, answer = await desk.tell("associate_default_batch", "contacts", "companies", body=body)
    assert (status, answer["numErrors"], len(answer["results"])) == (expected, 2, 1)
    assert [error["context"] for error in answer["errors"]] == [
        {"objectType": ["company"], "id": [str(NOBODY)]}, {"id": ["0"]}
    ]  # fmt: skip


@pytest.mark.parametrize(("choice", "extra"), [("full", {"errors", "links"}), ("sparse", set())])
async def test_an_error_item_carries_what_the_quirk_says(choice: str, extra: set[str]):
    desk = Desk(batch_error_items=choice)
    body = inputs([{"id": NOBODY}])
    _, answer = await desk.tell("read_associations_batch", "contacts", "companies", body=body)
    always = {"status", "category", "subCategory", "message", "context"}
    assert answer["errors"][0].keys() == always | extra


# Removing, and the types of a pair.


async def test_removing_answers_no_body_alone_and_an_empty_batch_together():
    desk = Desk()
    ann, acme = await desk.pair()
    for _ in range(2):
        assert await desk.tell("dissociate", "contacts", ann, "companies", acme) == (204, None)
    empty = {"status": "COMPLETE", "results": [], "startedAt": AT_TEXT, "completedAt": LATER_TEXT}
    for name, item in (
        ("dissociate_batch", {"from": {"id": ann}, "to": [{"id": acme}]}),
        ("remove_labels_batch", labelled(ann, acme, spec(1))),
    ):
        assert await desk.tell(name, "contacts", "companies", body=inputs([item])) == (200, empty)
        assert await desk.tell(name, "contacts", "companies", body=inputs([])) == (200, empty)


async def test_removing_a_label_keeps_the_unlabelled_type_and_removing_that_keeps_nothing():
    desk = Desk()
    ann, acme = await desk.pair()
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(1), spec(931)])
    for type_id, left in ((931, {acme: [1, 279]}), (1, {acme: [279]}), (279, {})):
        body = inputs([labelled(ann, acme, spec(type_id))])
        await desk.ask("remove_labels_batch", "contacts", "companies", body=body)
        assert await desk.links("contacts", ann, "companies") == left
    assert await desk.links("companies", acme, "contacts") == {}


async def test_the_labels_of_a_pair_are_its_types_in_order_without_the_older_ones():
    desk = Desk(types=ADVISOR_TYPES)
    status, answer = await desk.tell("list_labels", "contacts", "companies")
    assert status == 200
    assert answer["results"] == [
        {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
        {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None},
        {"category": "HUBSPOT_DEFINED", "typeId": 931, "label": "Billing Contact"},
        {"category": "USER_DEFINED", "typeId": 1, "label": "Client"},
    ]


async def test_a_type_of_before_v4_is_accepted_though_not_listed():
    desk = Desk()
    ann, acme = await desk.pair()
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(33)])
    assert await desk.links("contacts", ann, "companies") == {acme: [33, 279]}


async def test_a_pair_that_cannot_be_linked_has_no_labels():
    desk = Desk()
    assert await desk.tell("list_labels", "users", "taxes") == (200, {"results": []})
