"""Links of one record by type name: its list, and single links named in the path."""

from typing import Any

import pytest

from edgewise.domain.errors import (
    InvalidAssociationType,
    InvalidObjectTypeId,
    InvalidRecordId,
    SelfLink,
    SourceNotFound,
    TargetNotFound,
    UnknownObjectType,
)
from tests.unit.wire.desk import ADVISOR_TYPES, Desk

NOBODY = 9_999_999_999_999


async def test_a_list_has_each_record_once_per_type_and_pages():
    desk = Desk(types=ADVISOR_TYPES)
    (ann,), (acme, ajax) = await desk.records("contacts", 1), await desk.records("companies", 2)
    for company in (acme, ajax):
        await desk.ask("associate_by_type", "contacts", ann, "companies", company, "client")
    status, answer = await desk.tell("list_named", "contacts", ann, "companies", query="limit=1")
    assert status == 200
    assert answer["results"] == [
        {"id": str(acme), "type": "client"},
        {"id": str(acme), "type": "contact_to_company_unlabeled"},
    ]
    query = f"limit=1&after={answer['paging']['next']['after']}"
    _, rest = await desk.tell("list_named", "contacts", ann, "companies", query=query)
    assert {each["id"] for each in rest["results"]} == {str(ajax)}
    assert "paging" not in rest


async def test_a_typed_put_answers_the_record_as_a_read_does():
    desk = Desk(first_link_is_primary="no")
    ann, acme = await desk.pair()
    status, answer = await desk.tell("associate_by_type", "contacts", ann, "companies", acme, "931")
    assert (status, answer) == await desk.tell("read_record", "contacts", ann)
    assert (status, answer["id"]) == (200, str(ann))
    assert await desk.links("companies", acme, "contacts") == {ann: [280, 930]}


async def test_a_typed_delete_takes_the_type_alone():
    desk = Desk()
    ann, acme = await desk.pair()
    await desk.ask("associate_by_type", "contacts", ann, "companies", acme, "CONTACT_TO_COMPANY")
    for text, left in (("1", {acme: [279]}), ("1", {acme: [279]}), ("279", {})):
        reply = await desk.ask("dissociate_by_type", "contacts", ann, "companies", acme, text)
        assert (reply.status, reply.body) == (204, None)
        assert await desk.links("contacts", ann, "companies") == left


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        (("butterflies", 1, "companies", 2, "1"), UnknownObjectType),
        (("contacts", "x", "0-99", 2, "1"), InvalidObjectTypeId),
        (("contacts", "x", "companies", 2, "test"), InvalidRecordId),
        (("contacts", 1, "companies", "x", "1"), InvalidRecordId),
        (("contacts", 1, "companies", 2, "test"), InvalidAssociationType),
        (("contacts", 1, "companies", 2, "2"), InvalidAssociationType),
    ],
)
@pytest.mark.parametrize("name", ["associate_by_type", "dissociate_by_type"])
def test_a_typed_path_that_names_nothing_is_refused(name: str, params: tuple[Any, ...], refusal: Any):
    with pytest.raises(refusal):
        Desk().decode(name, *params)


async def test_a_typed_put_to_a_missing_side_is_refused_as_a_batch_reports_it():
    desk = Desk()
    ann, acme = await desk.pair()
    for source_id, target_id, refusal in (
        (NOBODY, acme, SourceNotFound),
        (ann, NOBODY, TargetNotFound),
        (NOBODY, NOBODY, SourceNotFound),
    ):
        with pytest.raises(refusal):
            await desk.ask("associate_by_type", "contacts", source_id, "companies", target_id, "279")
    with pytest.raises(SelfLink):
        await desk.ask("associate_by_type", "contacts", ann, "contacts", ann, "449")
