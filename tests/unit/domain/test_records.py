"""What a record is created and changed with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.domain.errors import (
    DuplicateInputs,
    InvalidIdentifier,
    InvalidPropertyValue,
    UnknownAssociationType,
    WrongInlineType,
)
from edgewise.domain.model import (
    AssociationType,
    NewLink,
    NewRecord,
    ObjectType,
    Record,
    RecordRef,
    object_type_code,
    object_type_id,
)
from edgewise.domain.records import (
    InlineAssociation,
    new_record,
    require_distinct,
    stored_properties,
)
from edgewise.domain.rules import Rules
from tests.contract.toy_types import (
    ADVISES,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACT_DEAL,
    CONTACTS,
    PRIMARY,
    PRIMARY_OF,
)
from tests.unit.domain.toy_catalog import CARS, CATALOG, DRIVES

COMPANY_22 = RecordRef(COMPANIES.code, 22)


def _inline(*types: AssociationType, target: str | int = "22") -> InlineAssociation:
    return InlineAssociation(target, [(t.category.name, t.type_id) for t in types])


def _new(
    *associations: InlineAssociation, object_type: ObjectType = CONTACTS, rules: Rules | None = None
) -> NewRecord:
    return new_record(CATALOG, rules or Rules(), object_type, {}, associations)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ann", "Ann"),
        (" ", " "),
        ("0", "0"),
        (0, "0"),
        (12, "12"),
        (2**64, "18446744073709551616"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        ("", None),
        (None, None),
    ],
)
def test_a_property_is_kept_as_text_and_an_empty_one_clears_it(value: object, text: str | None):
    assert stored_properties({"name": value}) == {"name": text}


@given(st.dictionaries(st.text(), st.one_of(st.text(min_size=1), st.integers(), st.booleans())))
def test_every_property_is_kept_under_its_name(properties: dict[str, object]):
    kept = stored_properties(properties)
    assert list(kept) == list(properties)
    assert all(isinstance(text, str) and text for text in kept.values())


@pytest.mark.parametrize("value", [[], ["a"], {}, {"a": 1}])
def test_a_list_or_an_object_is_no_property_value(value: object):
    with pytest.raises(InvalidPropertyValue) as caught:
        stored_properties({"good": "1", "bad": value})
    assert caught.value.name == "bad"


def test_a_new_record_keeps_the_properties_that_have_a_value():
    properties = {"name": "Ann", "age": 7, "empty": "", "none": None}
    new = new_record(CATALOG, Rules(), CONTACTS, properties, [])
    assert new == NewRecord({"name": "Ann", "age": "7"}, ())


def test_an_inline_label_has_the_unlabelled_type_beside_it():
    assert _new(_inline(ADVISES)).links == (NewLink(COMPANY_22, (CONTACT_COMPANY, ADVISES), None),)


def test_an_inline_unlabelled_link_becomes_primary_if_first():
    assert _new(_inline(CONTACT_COMPANY)).links == (NewLink(COMPANY_22, (CONTACT_COMPANY,), PRIMARY),)
    no_promotion = Rules(first_link_is_primary=False)
    assert _new(_inline(CONTACT_COMPANY), rules=no_promotion).links[0].first_type is None


def test_an_inline_link_of_a_company_makes_the_contact_hold_it():
    [link] = _new(_inline(COMPANY_CONTACT), object_type=COMPANIES).links
    assert link == NewLink(RecordRef(CONTACTS.code, 22), (COMPANY_CONTACT,), PRIMARY_OF)


def test_an_inline_type_named_twice_is_written_once():
    [link] = _new(_inline(PRIMARY, CONTACT_COMPANY, PRIMARY)).links
    assert link.types == (CONTACT_COMPANY, PRIMARY)


def test_a_record_may_start_with_links_to_several_object_types():
    links = _new(_inline(CONTACT_COMPANY), _inline(CONTACT_DEAL, target=33), _inline(CONTACT_CONTACT)).links
    assert [link.target for link in links] == [
        COMPANY_22,
        RecordRef(object_type_code("0-3"), 33),
        RecordRef(CONTACTS.code, 22),
    ]


def test_an_inline_link_of_a_pair_without_an_unlabelled_type_has_the_label_alone():
    assert _new(_inline(DRIVES)).links == (NewLink(RecordRef(CARS.code, 22), (DRIVES,), None),)


def test_an_inline_association_without_types_links_nothing():
    assert _new(_inline()).links == ()


@pytest.mark.parametrize("target", ["x", "", 0, "-1", 2**63])
def test_an_inline_target_must_be_a_record_id_with_types_or_without(target: str | int):
    for association in (_inline(CONTACT_COMPANY, target=target), _inline(target=target)):
        with pytest.raises(InvalidIdentifier):
            _new(association)


def test_an_inline_type_that_nobody_defined_fails_the_create():
    with pytest.raises(UnknownAssociationType):
        _new(_inline(CONTACT_COMPANY), InlineAssociation(22, [("USER_DEFINED", 999)]))


def test_an_inline_type_must_start_at_the_new_record():
    with pytest.raises(WrongInlineType) as caught:
        _new(_inline(COMPANY_CONTACT))
    error = caught.value
    assert (error.link_type, error.end, error.expected, error.actual) == (
        COMPANY_CONTACT,
        "from",
        "0-2",
        "0-1",
    )


def test_inline_types_of_one_target_must_lead_to_one_object_type():
    for types in ((CONTACT_COMPANY, CONTACT_DEAL), (CONTACT_COMPANY, CONTACT_DEAL, CONTACT_CONTACT)):
        with pytest.raises(WrongInlineType) as caught:
            _new(_inline(*types))
        error = caught.value
        assert (error.link_type, error.end, error.expected, error.actual) == (
            CONTACT_DEAL,
            "to",
            "0-3",
            "0-2",
        )


def test_error_texts_name_object_types_by_id():
    assert [object_type_id(t.code) for t in (CONTACTS, CARS)] == ["0-1", "2-7"]


def test_records_named_once_pass():
    require_distinct([])
    require_distinct([3, 1, 2])


def test_records_named_more_than_once_are_told_once_each():
    with pytest.raises(DuplicateInputs) as caught:
        require_distinct([3, 1, 3, 2, 1, 3])
    assert caught.value.record_ids == [3, 1]


def test_a_record_is_archived_from_its_time_of_archiving():
    assert not Record(1, {}, 10, 10).is_archived
    assert Record(1, {}, 10, 10, archived_at=0).is_archived
