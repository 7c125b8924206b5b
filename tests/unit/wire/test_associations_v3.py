"""Associations by type name: what requests ask for, and what answers say."""

from typing import Any

import pytest

from edgewise.domain.errors import (
    AssociationLimitReached,
    InvalidAssociationType,
    TooManyInputs,
)
from edgewise.domain.model import Category, TypesChange, type_key
from edgewise.wire.hints import hint_of
from edgewise.wire.refusals import BodyMissing, BodyOfWrongKind, FieldsMissing
from tests.unit.wire.desk import ADVISOR_TYPES, AT_TEXT, LATER_TEXT, PORTAL_ID, Desk, ends, inputs, spec

NOBODY = 9_999_999_999_999
PAIR = ("contacts", "companies")


def _typed(source_id: Any, target_id: Any, name: Any) -> dict[str, Any]:
    return {**ends(source_id, target_id), "type": name}


def _result(source_id: int, target_id: int, name: str) -> dict[str, Any]:
    return _typed(str(source_id), str(target_id), name)


async def _create(desk: Desk, *items: dict[str, Any], pair: tuple[str, str] = PAIR) -> tuple[int, Any]:
    return await desk.tell("associate_named_batch", *pair, body=inputs(items))


async def _read(desk: Desk, *record_ids: Any, pair: tuple[str, str] = PAIR) -> tuple[int, Any]:
    return await desk.tell("read_named_batch", *pair, body=inputs([{"id": each} for each in record_ids]))


# Batch create.


@pytest.mark.parametrize("choice", ["both", "one"])
async def test_a_batch_create_lists_the_directions_that_the_quirk_says(choice: str):
    desk = Desk(v3_create_results=choice)
    ann, acme = await desk.pair()
    status, answer = await _create(desk, _typed(ann, acme, "contact_to_company"))
    both = [_result(ann, acme, "contact_to_company"), _result(acme, ann, "company_to_contact")]
    assert (status, answer) == (
        201,
        {
            "status": "COMPLETE",
            "results": both if choice == "both" else both[:1],
            "startedAt": AT_TEXT,
            "completedAt": LATER_TEXT,
        },
    )
    assert await desk.links("contacts", ann, "companies") == {acme: [1, 279]}


@pytest.mark.parametrize(
    ("text", "name", "type_ids"),
    [
        ("contact_to_company_unlabeled", "contact_to_company_unlabeled", [279]),
        ("CONTACT_TO_COMPANY", "contact_to_company", [1, 279]),
        ("931", "billing_contact_to_company", [279, 931]),
        (931, "billing_contact_to_company", [279, 931]),
    ],
)
async def test_a_type_may_be_a_name_in_any_letter_case_or_a_number(text: Any, name: str, type_ids: list[int]):
    desk = Desk(first_link_is_primary="no")
    ann, acme = await desk.pair()
    _, answer = await _create(desk, _typed(str(ann), acme, text))
    assert answer["results"][0] == _result(ann, acme, name)
    assert await desk.links("contacts", ann, "companies") == {acme: type_ids}


async def test_a_named_link_keeps_the_labels_that_are_there():
    desk = Desk(types=ADVISOR_TYPES, first_link_is_primary="no")
    ann, acme = await desk.pair()
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(1, "USER_DEFINED")])
    await _create(desk, _typed(ann, acme, "billing_contact_to_company"))
    assert await desk.links("contacts", ann, "companies") == {acme: [1, 279, 931]}


async def test_a_label_is_named_by_its_internal_name():
    desk = Desk(types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    _, answer = await _create(desk, _typed(ann, acme, "client"))
    assert [each["type"] for each in answer["results"]] == ["client", "advisor"]


async def test_a_type_without_a_known_inverse_is_listed_in_its_own_direction_alone():
    desk = Desk()
    link_type = next(t for t in desk.portal.hubspot.association_types if not t.is_readable_from_target)
    catalog = desk.portal.catalog
    pair = tuple(catalog.object_type_of(code).id for code in (link_type.source_type, link_type.target_type))
    source, target = await desk.pair(*pair)
    _, answer = await _create(desk, _typed(source, target, str(link_type.type_id)), pair=(pair[0], pair[1]))
    assert answer["results"] == [_result(source, target, link_type.name)]


async def test_an_input_of_v4_has_no_type_and_links_nothing():
    desk = Desk()
    ann, acme = await desk.pair()
    status, answer = await _create(desk, {**ends(ann, acme), "types": [spec(279)]})
    assert (status, answer["status"], answer["results"]) == (201, "COMPLETE", [])
    assert "errors" not in answer
    assert await desk.links("contacts", ann, "companies") == {}


async def test_each_missing_side_of_an_input_is_an_item_of_its_own():
    desk = Desk()
    ann, acme = await desk.pair()
    status, answer = await _create(
        desk,
        _typed(NOBODY, NOBODY + 1, "contact_to_company"),
        _typed("x", acme, "contact_to_company"),
        _typed(ann, acme, "contact_to_company"),
    )
    assert (status, answer["numErrors"], len(answer["results"])) == (207, 3, 2)
    assert [(item["subCategory"], item["context"]) for item in answer["errors"]] == [
        ("crm.associations.FROM_OBJECT_NOT_FOUND", {"objectType": ["contact"], "id": [str(NOBODY)]}),
        ("crm.associations.TO_OBJECT_NOT_FOUND", {"objectType": ["company"], "id": [str(NOBODY + 1)]}),
        ("crm.associations.INVALID_IDENTIFIER", {"id": ["x"]}),
    ]


@pytest.mark.parametrize(("choice", "status"), [("201", 201), ("200", 200)])
async def test_a_batch_create_answers_the_status_that_the_quirk_says_or_207(choice: str, status: int):
    desk = Desk(v3_create_status=choice)
    ann, acme = await desk.pair()
    named = "contact_to_company"
    assert (await _create(desk, _typed(ann, acme, named)))[0] == status
    assert (await _create(desk, _typed(ann, NOBODY, named)))[0] == 207


async def test_the_envelope_may_carry_what_is_empty():
    desk = Desk(v3_envelope="full")
    ann, acme = await desk.pair()
    _, answer = await _create(desk, _typed(ann, acme, "contact_to_company"))
    assert (answer["requestedAt"], answer["links"], answer["errors"]) == (None, {}, [])
    assert "numErrors" not in answer
    _, answer = await _create(desk, _typed(ann, NOBODY, "contact_to_company"))
    assert (answer["numErrors"], len(answer["errors"]), answer["links"]) == (1, 1, {})


@pytest.mark.parametrize("name", ["associate_named_batch", "dissociate_named_batch"])
async def test_a_bad_type_refuses_the_whole_batch(name: str):
    desk = Desk()
    ann, acme = await desk.pair()
    items = [_typed(ann, acme, "contact_to_company"), _typed(ann, acme, "test")]
    with pytest.raises(InvalidAssociationType) as refused:
        await desk.ask(name, "contact", "0-2", body=inputs(items))
    assert (refused.value.text, refused.value.source, refused.value.target) == ("test", *PAIR)
    assert await desk.links("contacts", ann, "companies") == {}


def test_the_hint_of_a_bad_type_lists_the_names_and_marks_the_derived_ones():
    desk = Desk()
    body = inputs([_typed(1, 2, "test")])
    with pytest.raises(InvalidAssociationType) as refused:
        desk.decode("associate_named_batch", "orders", "companies", body=body)
    assert hint_of(refused.value, desk.portal.catalog) == (
        "From orders to companies there are order_to_company (HUBSPOT_DEFINED=509, name derived), "
        "order_to_company_unlabeled (HUBSPOT_DEFINED=934, name derived)."
    )


@pytest.mark.parametrize(
    ("body", "refusal"),
    [(None, BodyMissing), ({}, FieldsMissing), ({"inputs": {}}, BodyOfWrongKind),
     (inputs([{"from": {"id": 1}, "type": "x"}]), FieldsMissing),
     (inputs([_typed(1, 2, [])]), BodyOfWrongKind),
     (inputs([_typed(1, 2, "x")] * 2_001), TooManyInputs)],
)  # fmt: skip
@pytest.mark.parametrize("name", ["associate_named_batch", "dissociate_named_batch"])
def test_a_body_that_cannot_be_read_is_refused(name: str, body: Any, refusal: type[Exception]):
    with pytest.raises(refusal):
        Desk().decode(name, *PAIR, body=body)


async def test_a_limit_holds_for_named_links():
    desk = Desk(types=ADVISOR_TYPES)
    change = TypesChange(limits={type_key(Category.USER_DEFINED, 1): 1})
    await desk.store.change_types(PORTAL_ID, lambda _: change)
    (ann,), (acme, ajax) = await desk.records("contacts", 1), await desk.records("companies", 2)
    status, answer = await _create(desk, _typed(ann, acme, "client"), _typed(ann, ajax, "client"))
    assert (status, answer["numErrors"], len(answer["results"])) == (207, 1, 2)
    with pytest.raises(AssociationLimitReached):
        await desk.ask("associate_by_type", "contacts", ann, "companies", ajax, "client")


# Batch archive.


async def test_an_archive_takes_the_named_type_and_the_unlabelled_one_takes_all():
    desk = Desk()
    ann, acme = await desk.pair()
    for name, left in (("contact_to_company", {acme: [279]}), ("contact_to_company_unlabeled", {})):
        await _create(desk, _typed(ann, acme, "contact_to_company"))
        reply = await desk.ask("dissociate_named_batch", *PAIR, body=inputs([_typed(ann, acme, name)]))
        assert (reply.status, reply.body) == (204, None)
        assert await desk.links("contacts", ann, "companies") == left


async def test_an_archive_without_a_type_removes_nothing():
    desk = Desk()
    ann, acme = await desk.pair()
    await desk.ask("associate_default", "contacts", ann, "companies", acme)
    await desk.ask("dissociate_named_batch", *PAIR, body=inputs([ends(ann, acme)]))
    assert await desk.links("contacts", ann, "companies") == {acme: [1, 279]}


# Batch read.


async def test_a_batch_read_has_one_entry_for_each_type():
    desk = Desk()
    ann, acme = await desk.pair()
    await _create(desk, _typed(ann, acme, "contact_to_company"))
    status, answer = await _read(desk, str(acme), pair=("companies", "contacts"))
    assert (status, answer["results"]) == (
        200,
        [
            {
                "from": {"id": str(acme)},
                "to": [
                    {"id": str(ann), "type": "company_to_contact"},
                    {"id": str(ann), "type": "company_to_contact_unlabeled"},
                ],
            }
        ],
    )


async def test_a_batch_read_shows_the_primary_company_alone():
    desk = Desk()
    (ann, bob), companies = await desk.records("contacts", 2), await desk.records("companies", 3)
    for company in companies:
        await _create(desk, _typed(ann, company, "contact_to_company_unlabeled"))
    await _create(desk, _typed(ann, companies[-1], "contact_to_company"))
    status, answer = await _read(desk, ann, bob, ann)
    shown = {"from": {"id": str(ann)}, "to": [{"id": str(companies[-1]), "type": "contact_to_company"}]}
    assert (status, answer["results"]) == (207, [shown, shown])
    assert answer["errors"][0]["message"] == f"No company is associated with contact {bob}."


async def test_a_primary_company_is_found_behind_any_number_of_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("edgewise.surfaces.runs.v3.PAGE_SIZE_MAX", 2)
    desk = Desk(first_link_is_primary="no")
    (ann, bob), companies = await desk.records("contacts", 2), await desk.records("companies", 5)
    for company in companies:
        for contact in (ann, bob):
            await _create(desk, _typed(contact, company, "contact_to_company_unlabeled"))
    await _create(desk, _typed(ann, companies[-1], "contact_to_company"))
    _, answer = await _read(desk, bob, ann)
    assert [result["to"][0]["id"] for result in answer["results"]] == [str(companies[-1])]
    assert answer["numErrors"] == 1


async def test_a_batch_read_stops_after_100_entries_and_says_where_to_go_on():
    desk = Desk(first_link_is_primary="no")
    (acme,), contacts = await desk.records("companies", 1), await desk.records("contacts", 101)
    items = [_typed(acme, contact, "company_to_contact_unlabeled") for contact in contacts]
    await _create(desk, *items, pair=("companies", "contacts"))
    _, answer = await _read(desk, acme, pair=("companies", "contacts"))
    (result,) = answer["results"]
    assert [int(each["id"]) for each in result["to"]] == contacts[:100]
    after = result["paging"]["next"]["after"]
    assert result["paging"]["next"]["link"].startswith(
        f"https://crm.example/crm/v3/objects/0-2/{acme}/associations/0-1?"
    )
    _, rest = await desk.tell("list_named", "companies", acme, "contacts", query=f"after={after}")
    assert rest == {"results": [{"id": str(contacts[100]), "type": "company_to_contact_unlabeled"}]}


async def test_a_record_is_never_cut_between_its_types():
    desk = Desk()
    (acme,), contacts = await desk.records("companies", 1), await desk.records("contacts", 51)
    first, *others = contacts
    items = [_typed(acme, contact, "company_to_contact") for contact in others]
    await _create(desk, _typed(acme, first, "company_to_contact_unlabeled"), *items, pair=PAIR[::-1])
    await desk.ask("remove_labels_batch", *PAIR, body=inputs([{**ends(first, acme), "types": [spec(1)]}]))
    _, answer = await _read(desk, acme, pair=PAIR[::-1])
    (result,) = answer["results"]
    assert len(result["to"]) == 99
    assert "paging" in result


async def test_a_batch_read_ignores_an_after():
    desk = Desk()
    ann, deal = await desk.pair("contacts", "deals")
    await desk.ask("associate_default", "contacts", ann, "deals", deal)
    body = inputs([{"id": ann, "after": "nonsense"}])
    status, answer = await desk.tell("read_named_batch", "contacts", "deals", body=body)
    assert (status, answer["results"][0]["to"]) == (200, [{"id": str(deal), "type": "contact_to_deal"}])


async def test_a_batch_read_reports_a_bad_id_in_its_place():
    desk = Desk()
    ann, deal = await desk.pair("contacts", "deals")
    await desk.ask("associate_default", "contacts", ann, "deals", deal)
    status, answer = await _read(desk, NOBODY, "x", ann, pair=("contacts", "deals"))
    assert (status, len(answer["results"]), answer["numErrors"]) == (207, 1, 2)
    assert [item["subCategory"].rpartition(".")[2] for item in answer["errors"]] == [
        "NO_ASSOCIATIONS_FOUND", "INVALID_IDENTIFIER",
    ]  # fmt: skip


def test_a_batch_read_takes_1000_inputs():
    desk = Desk()
    assert len(desk.decode("read_named_batch", *PAIR, body=inputs([{"id": 1}] * 1_000)).sources) == 1_000
    with pytest.raises(TooManyInputs):
        desk.decode("read_named_batch", *PAIR, body=inputs([{"id": 1}] * 1_001))


# Types.


async def test_the_types_of_a_pair_have_their_numbers_as_text_and_their_names():
    desk = Desk(types=ADVISOR_TYPES)
    status, answer = await desk.tell("list_type_names", "contact", "0-2")
    assert (status, answer) == (
        200,
        {
            "results": [
                {"id": "1", "name": "contact_to_company"},
                {"id": "279", "name": "contact_to_company_unlabeled"},
                {"id": "931", "name": "billing_contact_to_company"},
                {"id": "1", "name": "client"},
            ]
        },
    )


async def test_types_that_are_never_linked_have_no_names():
    assert await Desk().tell("list_type_names", "goals", "carts") == (200, {"results": []})
