"""What reads of associations answer, for each choice of the quirks that shape them."""

from typing import Any

import pytest

from edgewise.domain.errors import RecordNotFound
from tests.unit.wire.desk import ADVISOR_TYPES, Desk, ends, inputs, spec

NOBODY = 9_999_999_999_999


@pytest.mark.parametrize(("choice", "kind"), [("string", str), ("number", int)])
async def test_a_list_row_has_the_target_and_every_type_with_its_label(choice: str, kind: Any):
    desk = Desk(record_ids=choice, types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    body = [spec(1), spec(1, "USER_DEFINED")]
    await desk.ask("associate", "contacts", ann, "companies", acme, body=body)
    status, answer = await desk.tell("list_associations", "contacts", ann, "companies")
    assert status == 200
    assert answer.keys() == {"results"}
    (row,) = answer["results"]
    assert row["toObjectId"] == kind(acme)
    assert sorted(row["associationTypes"], key=str) == [
        {"category": "HUBSPOT_DEFINED", "typeId": 1, "label": "Primary"},
        {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None},
        {"category": "USER_DEFINED", "typeId": 1, "label": "Client"},
    ]


async def test_a_list_pages_through_every_target_once():
    desk = Desk()
    (acme,), contacts = await desk.records("companies", 1), await desk.records("contacts", 7)
    for contact in contacts:
        await desk.ask("associate_default", "companies", acme, "contacts", contact)
    seen, query = [], "limit=3"
    for has_more in (True, True, False):
        _, answer = await desk.tell("list_associations", "companies", acme, "contacts", query=query)
        seen += [int(row["toObjectId"]) for row in answer["results"]]
        assert ("paging" in answer) == has_more
        query = f"limit=3&after={answer['paging']['next']['after']}" if has_more else ""
    assert seen == contacts


@pytest.mark.parametrize("choice", ["empty", "not_found"])
async def test_the_list_of_a_record_that_nobody_knows_is_as_the_quirk_says(choice: str):
    desk = Desk(unknown_record_list=choice)
    (ann,) = await desk.records("contacts", 1)
    assert await desk.tell("list_associations", "contacts", ann, "companies") == (200, {"results": []})
    if choice == "empty":
        assert await desk.tell("list_associations", "contacts", NOBODY, "0-2") == (200, {"results": []})
    else:
        with pytest.raises(RecordNotFound):
            await desk.ask("list_associations", "contacts", NOBODY, "0-2")


@pytest.mark.parametrize(("choice", "kind"), [("string", str), ("number", int)])
async def test_a_batch_read_leaves_out_what_has_no_links_and_reports_it(choice: str, kind: Any):
    desk = Desk(record_ids=choice, first_link_is_primary="no")
    (ann, bob), (acme,) = await desk.records("contacts", 2), await desk.records("companies", 1)
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(279)])
    body = inputs([{"id": bob}, {"id": "x"}, {"id": ann}, {"id": NOBODY}, {"id": ann, "after": "?"}])
    status, answer = await desk.tell("read_associations_batch", "contact", "company", body=body)
    assert status == 207
    assert answer["results"] == [
        {
            "from": {"id": str(ann)},
            "to": [{
                "toObjectId": kind(acme),
                "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}],
            }],
        }
    ]  # fmt: skip
    assert [error["message"] for error in answer["errors"]] == [
        f"No company is associated with contact {bob}.",
        "x is not a valid ID",
        f"No company is associated with contact {NOBODY}.",
        "Invalid paging cursor: ?",
    ]
    assert answer["numErrors"] == 4


async def test_a_batch_read_in_which_nothing_is_amiss_is_a_200():
    desk = Desk()
    ann, acme = await desk.pair()
    await desk.ask("associate_default", "contacts", ann, "companies", acme)
    body = inputs([{"id": ann}])
    status, answer = await desk.tell("read_associations_batch", "contacts", "companies", body=body)
    assert status == 200
    assert {"numErrors", "errors"}.isdisjoint(answer)
    assert "paging" not in answer["results"][0]


async def test_a_batch_read_pages_each_input_on_its_own():
    desk = Desk(batch_read_page="100")
    (acme, ajax), contacts = await desk.records("companies", 2), await desk.records("contacts", 150)
    pairs = [ends(acme, contact) for contact in contacts] + [ends(ajax, contacts[0])]
    await desk.ask("associate_default_batch", "companies", "contacts", body=inputs(pairs))
    body = inputs([{"id": acme}, {"id": ajax}])
    _, answer = await desk.tell("read_associations_batch", "companies", "contacts", body=body)
    first, other = answer["results"]
    assert (len(first["to"]), len(other["to"]), "paging" in other) == (100, 1, False)
    assert first["paging"]["next"]["link"].partition("?")[0] == (
        f"https://crm.example/crm/objects/2026-03/0-2/{acme}/associations/0-1"
    )
    body = inputs([{"id": acme, "after": first["paging"]["next"]["after"]}])
    _, answer = await desk.tell("read_associations_batch", "companies", "contacts", body=body)
    (rest,) = answer["results"]
    assert [int(row["toObjectId"]) for row in first["to"] + rest["to"]] == contacts
    assert "paging" not in rest
