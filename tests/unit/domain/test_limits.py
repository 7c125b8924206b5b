"""Which limits go together, and which types a call may limit."""

from collections.abc import Mapping

import pytest

from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors import InvalidAssociationType, LimitOutOfRange
from edgewise.domain.limits import InputsRefused, LimitInput, limited_types, remove_limits, set_limits
from edgewise.domain.model import AssociationType
from edgewise.domain.rules import Rules
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACTS,
    MANAGES,
    ONE_WAY,
    PRIMARY,
)
from tests.unit.domain.toy_catalog import CATALOG, pair

ACCOUNT = Rules().association_limit


def _input(link_type: AssociationType, limit: int) -> LimitInput:
    return LimitInput(link_type.category.name, link_type.type_id, limit)


def _set(
    *inputs: LimitInput, current: Mapping[int, int] | None = None, of: PairTypes | None = None
) -> Mapping[int, int | None]:
    return set_limits(of or pair(), current or {}, Rules(), inputs).limits


def _ranges(
    *inputs: LimitInput, current: Mapping[int, int] | None = None, of: PairTypes | None = None
) -> dict[int, tuple[int, int]]:
    """What was allowed for each input that was refused, by its position."""
    with pytest.raises(InputsRefused) as refused:
        _set(*inputs, current=current, of=of)
    ranges = {}
    for each in refused.value.failures:
        assert isinstance(each.error, LimitOutOfRange)
        assert each.error.limit == inputs[each.position].limit
        ranges[each.position] = each.error.lowest, each.error.highest
    return ranges


def test_limits_are_set_by_the_key_of_their_type():
    inputs = _input(CONTACT_COMPANY, 10), _input(ADVISES, 9)
    assert _set(*inputs) == {CONTACT_COMPANY.key: 10, ADVISES.key: 9}
    assert _set() == {}


def test_of_two_limits_for_one_type_the_later_holds():
    assert _set(_input(ADVISES, 9), _input(ADVISES, 3)) == {ADVISES.key: 3}


@pytest.mark.parametrize("limit", [1, 2, ACCOUNT - 1])
def test_a_limit_is_from_one_to_just_below_the_limit_of_the_account(limit: int):
    assert _set(_input(CONTACT_COMPANY, limit)) == {CONTACT_COMPANY.key: limit}
    assert _set(_input(ADVISES, limit)) == {ADVISES.key: limit}


@pytest.mark.parametrize("limit", [-1, 0, ACCOUNT, ACCOUNT + 1, 2**70])
def test_a_limit_outside_that_range_is_refused_with_the_range(limit: int):
    for link_type in (CONTACT_COMPANY, ADVISES):
        assert _ranges(_input(link_type, limit)) == {0: (1, ACCOUNT - 1)}


def test_the_limit_of_the_account_is_that_of_the_rules():
    rules = Rules(association_limit=5)
    assert set_limits(pair(), {}, rules, [_input(ADVISES, 4)]).limits == {ADVISES.key: 4}
    with pytest.raises(InputsRefused):
        set_limits(pair(), {}, rules, [_input(ADVISES, 5)])


def test_a_label_may_have_at_most_the_limit_of_the_unlabelled_type():
    for link_type in (ADVISES, PRIMARY):
        assert _set(_input(link_type, 10), current={CONTACT_COMPANY.key: 10}) == {link_type.key: 10}
        assert _ranges(_input(link_type, 11), current={CONTACT_COMPANY.key: 10}) == {0: (1, 10)}


def test_the_unlabelled_type_may_have_at_least_the_largest_limit_of_its_labels():
    current = {ADVISES.key: 10, PRIMARY.key: 4}
    assert _set(_input(CONTACT_COMPANY, 10), current=current) == {CONTACT_COMPANY.key: 10}
    assert _ranges(_input(CONTACT_COMPANY, 9), current=current) == {0: (10, ACCOUNT - 1)}


def test_the_limit_that_a_type_had_does_not_bound_its_next_one():
    current = {CONTACT_COMPANY.key: 10, ADVISES.key: 5}
    assert _set(_input(CONTACT_COMPANY, 20), current=current) == {CONTACT_COMPANY.key: 20}
    assert _set(_input(CONTACT_COMPANY, 5), current=current) == {CONTACT_COMPANY.key: 5}
    assert _set(_input(ADVISES, 10), current=current) == {ADVISES.key: 10}


def test_a_call_is_judged_by_what_it_would_leave():
    lower = _input(CONTACT_COMPANY, 3), _input(ADVISES, 2)
    higher = _input(ADVISES, 30), _input(CONTACT_COMPANY, 30)
    current = {CONTACT_COMPANY.key: 10, ADVISES.key: 10}
    assert _set(*lower, current=current) == {CONTACT_COMPANY.key: 3, ADVISES.key: 2}
    assert _set(*higher, current=current) == {CONTACT_COMPANY.key: 30, ADVISES.key: 30}


def test_a_conflict_within_a_call_is_told_of_the_label_alone():
    assert _ranges(_input(CONTACT_COMPANY, 10), _input(ADVISES, 11)) == {1: (1, 10)}
    assert _ranges(_input(ADVISES, 11), _input(CONTACT_COMPANY, 10)) == {0: (1, 10)}


def test_a_limit_that_is_refused_bounds_no_other():
    assert _ranges(_input(CONTACT_COMPANY, 0), _input(ADVISES, 11)) == {0: (1, ACCOUNT - 1)}


def test_the_other_direction_has_limits_of_its_own():
    current = {COMPANY_CONTACT.key: 2, ADVISED_BY.key: 2}
    assert _set(_input(CONTACT_COMPANY, 1), current=current) == {CONTACT_COMPANY.key: 1}
    assert _set(_input(ADVISES, 5), current=current) == {ADVISES.key: 5}


def test_labels_of_one_object_type_are_bound_by_the_unlabelled_type_that_both_directions_share():
    people = pair(CONTACTS, CONTACTS)
    assert _set(_input(CONTACT_CONTACT, 4), of=people) == {CONTACT_CONTACT.key: 4}
    assert _ranges(_input(MANAGES, 5), current={CONTACT_CONTACT.key: 4}, of=people) == {0: (1, 4)}


def test_every_input_that_is_refused_is_told_in_the_order_of_the_inputs():
    inputs = [
        _input(ADVISES, 11),
        LimitInput("HUBSPOT_DEFINED", 999, 1),
        _input(CONTACT_COMPANY, 10),
        _input(PRIMARY, 0),
    ]
    with pytest.raises(InputsRefused) as refused:
        _set(*inputs)
    assert [(each.position, type(each.error)) for each in refused.value.failures] == [
        (0, LimitOutOfRange), (1, InvalidAssociationType), (3, LimitOutOfRange)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("category", "type_id", "text"),
    [
        ("HUBSPOT_DEFINED", 999, "0-999"),
        ("USER_DEFINED", CONTACT_COMPANY.type_id, f"1-{CONTACT_COMPANY.type_id}"),
        ("HUBSPOT_DEFINED", COMPANY_CONTACT.type_id, f"0-{COMPANY_CONTACT.type_id}"),
        ("WORK", -1, "3--1"),
        ("SOMEBODY_DEFINED", 1, "SOMEBODY_DEFINED-1"),
    ],
)
def test_a_type_that_the_ordered_pair_lacks_is_refused_by_its_category_and_number(
    category: str, type_id: int, text: str
):
    with pytest.raises(InputsRefused) as refused:
        _set(LimitInput(category, type_id, 5))
    (failure,) = refused.value.failures
    error = failure.error
    assert isinstance(error, InvalidAssociationType)
    assert (error.text, error.source, error.target) == (text, "CONTACT", "COMPANY")
    assert error.pair is pair()
    with pytest.raises(InvalidAssociationType) as raised:
        remove_limits(pair(), [(category, type_id)])
    assert raised.value.text == text


def test_limits_are_removed_whether_or_not_there_are_any():
    specs = [("HUBSPOT_DEFINED", CONTACT_COMPANY.type_id), (ADVISES.category.name, ADVISES.type_id)]
    assert remove_limits(pair(), specs).limits == {CONTACT_COMPANY.key: None, ADVISES.key: None}


def test_a_type_with_a_limit_is_listed_with_its_inverse_in_the_order_of_keys():
    limited = limited_types(CATALOG, {ADVISED_BY.key: 3, CONTACT_COMPANY.key: 9})
    expected = [ADVISES, ADVISED_BY, CONTACT_COMPANY, COMPANY_CONTACT]
    assert limited == sorted(expected, key=lambda link_type: link_type.key)


def test_a_type_that_is_its_own_inverse_is_listed_once():
    assert limited_types(CATALOG, {CONTACT_CONTACT.key: 3}) == [CONTACT_CONTACT]


def test_an_inverse_that_nobody_knows_is_not_listed():
    assert limited_types(CATALOG, {ONE_WAY.key: 3}) == [ONE_WAY]


def test_limits_of_types_that_are_gone_are_not_listed():
    assert limited_types(CATALOG, {4 * 123_456: 3}) == []
