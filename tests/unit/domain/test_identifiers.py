"""Record ids as paths and bodies write them, and the numbers that types are kept under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.domain.errors import InvalidIdentifier, InvalidRecordId, NonPositiveRecordId
from edgewise.domain.identifiers import record_id_in_body, record_id_in_path
from edgewise.domain.model import (
    FIRST_RECORD_ID,
    RECORD_ID_MAX,
    Category,
    hidden_mirror,
    object_type_code,
    split_type_key,
    type_key,
)

record_ids = st.integers(1, RECORD_ID_MAX)
type_numbers = st.integers(0, 2**31)
categories = st.sampled_from(Category)
no_digits = st.text().filter(lambda text: not (text.isascii() and text.removeprefix("-").isdecimal()))
NO_NUMBERS = (
    "",
    " ",
    "abc",
    "1a",
    "+1",
    "1.0",
    "1e3",
    "0x1",
    " 1",
    "1 ",
    "1_000",
    "--1",
    "-",
    "١٢",
    "²",
    "9" * 41,
)


@given(record_ids, st.integers(0, 20))
def test_a_record_id_is_read_with_or_without_leading_zeros(record_id: int, zeros: int):
    text = "0" * zeros + str(record_id)
    assert record_id_in_path(text) == record_id_in_body(text) == record_id_in_body(record_id) == record_id


def test_a_record_id_may_be_padded_to_forty_digits_and_no_more():
    assert record_id_in_path("1".zfill(40)) == record_id_in_body("1".zfill(40)) == 1
    _refuses("1".zfill(41))


@given(st.integers(-(10**38), 0))
def test_zero_and_negative_ids_are_told_apart_in_a_path_and_invalid_in_a_body(number: int):
    with pytest.raises(NonPositiveRecordId) as in_path:
        record_id_in_path(str(number))
    assert in_path.value.text == str(number)
    for value in (number, str(number)):
        with pytest.raises(InvalidIdentifier) as in_body:
            record_id_in_body(value)
        assert in_body.value.text == str(number)


@given(st.integers(RECORD_ID_MAX + 1, 10**45))
def test_ids_beyond_64_bits_are_invalid(number: int):
    with pytest.raises(InvalidRecordId):
        record_id_in_path(str(number))
    for value in (number, str(number)):
        with pytest.raises(InvalidIdentifier):
            record_id_in_body(value)


@given(no_digits)
def test_any_other_text_is_no_record_id(text: str):
    _refuses(text)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_only_looks_like_a_number_is_no_record_id(text: str):
    _refuses(text)


def _refuses(text: str) -> None:
    with pytest.raises(InvalidRecordId) as in_path:
        record_id_in_path(text)
    assert in_path.value.text == text
    with pytest.raises(InvalidIdentifier) as in_body:
        record_id_in_body(text)
    assert in_body.value.text == text


def test_a_text_of_a_million_digits_is_refused_at_once():
    with pytest.raises(InvalidRecordId):
        record_id_in_path("1" * 1_000_000)
    with pytest.raises(InvalidIdentifier):
        record_id_in_body("1" * 1_000_000)


@given(categories, type_numbers)
def test_a_type_key_says_its_category_and_number(category: Category, type_id: int):
    assert split_type_key(type_key(category, type_id)) == (category, type_id)


@given(categories, type_numbers, categories, type_numbers)
def test_type_keys_are_equal_for_equal_types_only(a: Category, i: int, b: Category, j: int):
    assert (type_key(a, i) == type_key(b, j)) == ((a, i) == (b, j))


@given(categories, type_numbers)
def test_a_hidden_mirror_is_below_zero_and_leads_back(category: Category, type_id: int):
    key = type_key(category, type_id)
    assert hidden_mirror(key) < 0
    assert hidden_mirror(hidden_mirror(key)) == key


@given(
    st.tuples(st.integers(0, 2), st.integers(0, 2**31)), st.tuples(st.integers(0, 2), st.integers(0, 2**31))
)
def test_object_type_codes_are_equal_for_equal_ids_only(one: tuple[int, int], other: tuple[int, int]):
    codes = [object_type_code(f"{meta}-{number}") for meta, number in (one, other)]
    assert (codes[0] == codes[1]) == (one == other)


def test_the_numbers_in_stored_rows_never_change():
    assert object_type_code("0-1") == 1
    assert object_type_code("2-7") == (2 << 32) + 7
    assert type_key(Category.HUBSPOT_DEFINED, 279) == 1116
    assert [category.value for category in Category] == [0, 1, 2, 3]
    assert FIRST_RECORD_ID > 2**32


@pytest.mark.parametrize("text", ["", "1", "0-", "0-1-2", "a-b"])
def test_what_is_no_object_type_id_has_no_code(text: str):
    with pytest.raises(ValueError):
        object_type_code(text)
