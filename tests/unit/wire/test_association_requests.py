"""What an association request becomes: object types first, then ids, then the body."""

from typing import Any

import pytest

from edgewise.domain.errors import (
    DomainError,
    InvalidCursor,
    InvalidIdentifier,
    InvalidObjectTypeId,
    InvalidPageSize,
    InvalidRecordId,
    NoDefaultType,
    NonPositiveRecordId,
    SelfLink,
    TooManyInputs,
    UnknownAssociationType,
    UnknownObjectType,
    WrongAssociationType,
)
from edgewise.domain.model import LinkRemoval, RecordRef, object_type_code, type_key
from edgewise.wire.refusals import BodyMissing, FieldsMissing
from tests.unit.wire.desk import AT, PORTAL_ID, Desk, ends, inputs, labelled, spec

CONTACT, COMPANY = object_type_code("0-1"), object_type_code("0-2")
BATCHES = {
    "associate_default_batch": ends(1, 2),
    "associate_batch": labelled(1, 2, spec(1)),
    "dissociate_batch": {"from": {"id": 1}, "to": [{"id": 2}]},
    "remove_labels_batch": labelled(1, 2, spec(1)),
    "read_associations_batch": {"id": 1},
}
SINGLES = ("associate_default", "associate", "dissociate")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("name", [*SINGLES, "list_associations"])
def test_an_unknown_object_type_is_told_before_a_bad_id_and_a_bad_body(desk: Desk, name: str):
    ids = ["x"] if name == "list_associations" else ["x", "y"]
    for source, target in (("butterflies", "companies"), ("contacts", "butterflies")):
        params = (source, ids[0], target, *ids[1:])
        with pytest.raises(UnknownObjectType) as refused:
            desk.decode(name, *params, body=b"{", query="limit=x&after=x")
        assert refused.value.text == "butterflies"


@pytest.mark.parametrize("name", BATCHES)
def test_an_unknown_object_type_is_told_before_a_missing_body(desk: Desk, name: str):
    for source, target in (("0-9999", "companies"), ("contacts", "0-9999")):
        with pytest.raises(InvalidObjectTypeId):
            desk.decode(name, source, target)


@pytest.mark.parametrize("name", SINGLES)
@pytest.mark.parametrize(
    ("text", "error"), [("x", InvalidRecordId), ("0", NonPositiveRecordId), ("-7", NonPositiveRecordId)]
)
def test_a_bad_id_in_the_path_is_told_before_a_bad_body(
    desk: Desk, name: str, text: str, error: type[DomainError]
):
    for source_id, target_id in ((text, 5), (5, text)):
        with pytest.raises(error):
            desk.decode(name, "contacts", source_id, "companies", target_id, body=b"{")


@pytest.mark.parametrize("name", ["associate", *BATCHES])
def test_a_body_is_needed(desk: Desk, name: str):
    params: tuple[Any, ...] = (
        ("contacts", 5, "companies", 6) if name == "associate" else ("contacts", "companies")
    )
    with pytest.raises(BodyMissing):
        desk.decode(name, *params)


def test_a_default_link_needs_no_body(desk: Desk):
    batch = desk.decode("associate_default", "contacts", 5, "companies", 6, body=b"not read")
    write = batch.accepted[0]
    assert (write.source_id, write.target_id) == (5, 6)
    assert [link_type.type_id for link_type in write.types] == [279]
    command = batch.command
    assert (command.portal_id, command.source_type, command.target_type) == (PORTAL_ID, CONTACT, COMPANY)
    assert command.at == AT


@pytest.mark.parametrize("source", ["contacts", "contact", "CONTACT", "Contacts", "0-1"])
@pytest.mark.parametrize("target", ["companies", "company", "COMPANY", "0-2"])
def test_every_spelling_of_an_object_type_is_the_same_one(desk: Desk, source: str, target: str):
    command = desk.decode("associate_default", source, 5, target, 6).command
    assert (command.source_type, command.target_type) == (CONTACT, COMPANY)


def test_a_labelled_link_carries_the_unlabelled_type_first(desk: Desk):
    body = [spec(1), spec(931), spec(1)]
    batch = desk.decode("associate", "contacts", 5, "companies", 6, body=body)
    assert [link_type.type_id for link_type in batch.accepted[0].types] == [279, 1, 931]


def test_a_labelled_link_without_types_is_accepted_and_links_nothing(desk: Desk):
    batch = desk.decode("associate", "contacts", 5, "companies", 6, body=b"[]")
    assert batch.accepted == batch.failures == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ([spec(99_999)], UnknownAssociationType),
        ([spec(1, "USER_DEFINED")], UnknownAssociationType),
        ([spec(1, "WHATEVER")], UnknownAssociationType),
        ([spec(-1)], UnknownAssociationType),
        ([spec(2**70)], UnknownAssociationType),
        ([spec(1), spec(2)], WrongAssociationType),
        ([spec(3)], WrongAssociationType),
        ([{}], FieldsMissing),
    ],
)
def test_a_single_write_fails_as_a_whole(desk: Desk, body: Any, error: type[DomainError]):
    with pytest.raises(error):
        desk.decode("associate", "contacts", 5, "companies", 6, body=body)


def test_a_type_of_another_pair_names_the_records_that_it_cannot_link(desk: Desk):
    with pytest.raises(WrongAssociationType) as refused:
        desk.decode("associate", "contacts", 5, "companies", 6, body=[spec(4)])
    assert [(kind.name, record_id) for kind, record_id in refused.value.mismatched] == [("deal", 6)]
    with pytest.raises(WrongAssociationType) as refused:
        desk.decode("associate", "contacts", 5, "companies", 6, body=[spec(6)])
    assert [(kind.name, record_id) for kind, record_id in refused.value.mismatched] == [
        ("company", 5), ("deal", 6)
    ]  # fmt: skip


def test_a_record_is_not_linked_with_itself(desk: Desk):
    for name, body in (("associate_default", None), ("associate", b"not even read")):
        with pytest.raises(SelfLink):
            desk.decode(name, "contacts", 5, "0-1", 5, body=body)
    assert desk.decode("associate_default", "contacts", 5, "companies", 5).accepted


def test_a_pair_without_an_unlabelled_type_refuses_the_whole_default_batch(desk: Desk):
    for name, params in (
        ("associate_default", ("deals", 5, "products", 6)),
        ("associate_default_batch", ("deals", "products")),
    ):
        with pytest.raises(NoDefaultType):
            desk.decode(name, *params, body=inputs([ends(5, 6)]))


@pytest.mark.parametrize(("name", "item"), BATCHES.items())
def test_a_batch_has_as_many_inputs_as_its_operation_takes(desk: Desk, name: str, item: dict[str, Any]):
    most = 1_000 if name == "read_associations_batch" else 2_000
    desk.decode(name, "contacts", "companies", body=inputs([item] * most))
    with pytest.raises(TooManyInputs) as refused:
        desk.decode(name, "contacts", "companies", body=inputs([item] * (most + 1)))
    assert refused.value.inputs_max == most


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_may_be_empty(desk: Desk, name: str):
    desk.decode(name, "contacts", "companies", body=inputs([]))


@pytest.mark.parametrize("written", [lambda record_id: record_id, str, lambda record_id: f"00{record_id}"])
def test_ids_in_a_body_may_be_numbers_or_texts(desk: Desk, written: Any):
    body = inputs([ends(written(5), written(6))])
    for name in ("associate_default_batch", "associate_batch"):
        item = labelled(written(5), written(6), spec(279))
        batch = desk.decode(name, "contacts", "companies", body=body if "default" in name else inputs([item]))
        assert [(write.source_id, write.target_id) for write in batch.accepted] == [(5, 6)]
    read = desk.decode("read_associations_batch", "contacts", "companies", body=inputs([{"id": written(5)}]))
    assert list(read.sources) == [(5, 0)]


def test_each_input_of_a_batch_is_decided_on_its_own(desk: Desk):
    body = inputs([ends("x", 1), ends(5, 6), ends(7, 7), ends(-1, 0), ends(2**63, 1), ends(8, 9)])
    batch = desk.decode("associate_default_batch", "contacts", "contacts", body=body)
    assert [(write.source_id, write.target_id) for write in batch.accepted] == [(5, 6), (8, 9)]
    assert batch.positions == [1, 5]
    assert [(failure.position, type(failure.error)) for failure in batch.failures] == [
        (0, InvalidIdentifier), (2, SelfLink), (3, InvalidIdentifier), (4, InvalidIdentifier)
    ]  # fmt: skip


def test_one_bad_type_of_an_input_refuses_that_input_alone(desk: Desk):
    body = inputs([labelled(1, 2, spec(1), spec(99_999)), labelled(1, 2, spec(1)), labelled(1, 2, spec(4))])
    batch = desk.decode("associate_batch", "contacts", "companies", body=body)
    assert batch.positions == [1]
    assert [type(failure.error) for failure in batch.failures] == [
        UnknownAssociationType,
        WrongAssociationType,
    ]


def test_an_archive_takes_every_type_off_each_of_its_pairs(desk: Desk):
    body = inputs([
        {"from": {"id": "5"}, "to": [{"id": "6"}, {"id": 7}]},
        {"from": {"id": 8}, "to": []},
        {"from": {"id": 9}, "to": [{"id": 6}]},
    ])  # fmt: skip
    command = desk.decode("dissociate_batch", "contacts", "companies", body=body)
    assert command.removals == [LinkRemoval(5, 6), LinkRemoval(5, 7), LinkRemoval(9, 6)]
    assert (command.portal_id, command.source_type, command.target_type) == (PORTAL_ID, CONTACT, COMPANY)


@pytest.mark.parametrize(
    "item", [{"from": {"id": "x"}, "to": [{"id": 1}]}, {"from": {"id": 1}, "to": [{"id": 2}, {"id": "x"}]}]
)
def test_one_bad_id_refuses_a_whole_archive(desk: Desk, item: dict[str, Any]):
    body = inputs([{"from": {"id": 5}, "to": [{"id": 6}]}, item])
    with pytest.raises(InvalidIdentifier):
        desk.decode("dissociate_batch", "contacts", "companies", body=body)


def test_archiving_labels_takes_those_and_the_unlabelled_one_takes_all(desk: Desk):
    body = inputs([labelled(5, 6, spec(1)), labelled(5, 6, spec(1), spec(279)), labelled(5, 7)])
    removals = desk.decode("remove_labels_batch", "contacts", "companies", body=body).removals
    assert [removal.types and [t.type_id for t in removal.types] for removal in removals] == [[1], None, ()]


def test_one_unknown_type_refuses_a_whole_archive_of_labels(desk: Desk):
    body = inputs([labelled(5, 6, spec(1)), labelled(5, 6, spec(99_999))])
    with pytest.raises(UnknownAssociationType):
        desk.decode("remove_labels_batch", "contacts", "companies", body=body)


# Reading.


def test_a_list_is_of_one_record_from_where_the_last_page_ended(desk: Desk):
    command = desk.decode(
        "list_associations", "contacts", 5, "companies", query="after=MC0yLTc1MDI%253D&limit=9"
    )
    assert (command.source, command.target.name) == (RecordRef(CONTACT, 5), "company")
    assert (command.after, command.limit) == (7502, 9)


def test_a_list_is_as_long_as_a_page_may_be_unless_told(desk: Desk):
    assert desk.decode("list_associations", "contacts", 5, "companies").limit == 500
    assert desk.decode("list_associations", "contacts", 5, "companies", query="limit=500").limit == 500


def test_a_list_tells_a_bad_id_then_a_bad_cursor_then_a_bad_limit(desk: Desk):
    for params, error in (
        (("contacts", "x", "companies"), InvalidRecordId),
        (("contacts", "0", "companies"), NonPositiveRecordId),
        (("contacts", "5", "companies"), InvalidCursor),
    ):
        with pytest.raises(error):
            desk.decode("list_associations", *params, query="after=x&limit=x")
    with pytest.raises(InvalidPageSize):
        desk.decode("list_associations", "contacts", 5, "companies", query="limit=0")


def test_a_limit_over_the_maximum_is_refused_or_clamped_as_the_quirk_says():
    with pytest.raises(InvalidPageSize):
        Desk(list_limit_over_maximum="refuse").decode(
            "list_associations", "contacts", 5, "0-2", query="limit=501"
        )
    clamped = Desk(list_limit_over_maximum="clamp")
    assert clamped.decode("list_associations", "contacts", 5, "0-2", query="limit=501").limit == 500


def test_each_input_of_a_batch_read_has_its_own_cursor(desk: Desk):
    body = inputs([{"id": 5}, {"id": "6", "after": "MC0yLTc1MDI%3D"}, {"id": 5, "after": ""}])
    command = desk.decode("read_associations_batch", "contacts", "companies", body=body)
    assert list(command.sources) == [(5, 0), (6, 7502), (5, 0)]
    assert command.positions == [0, 1, 2]


def test_a_batch_read_leaves_bad_inputs_out_and_remembers_why(desk: Desk):
    body = inputs([{"id": "x"}, {"id": 5}, {"id": 6, "after": "garbage"}, {"id": 0}])
    command = desk.decode("read_associations_batch", "contacts", "companies", body=body)
    assert (list(command.sources), command.positions) == ([(5, 0)], [1])
    assert [(failure.position, type(failure.error)) for failure in command.failures] == [
        (0, InvalidIdentifier), (2, InvalidCursor), (3, InvalidIdentifier)
    ]  # fmt: skip


@pytest.mark.parametrize("size", ["500", "100"])
def test_a_batch_read_answers_pages_of_the_size_the_quirk_says(size: str):
    desk = Desk(batch_read_page=size)
    assert desk.decode("read_associations_batch", "contacts", "0-2", body=inputs([])).limit == int(size)


def test_a_hubspot_type_and_a_portals_type_of_one_number_are_two(desk: Desk):
    link_type = desk.decode("associate", "contacts", 5, "companies", 6, body=[spec(1)]).accepted[0].types[1]
    assert link_type.key == type_key(link_type.category, 1)
    assert link_type.label == "Primary"
