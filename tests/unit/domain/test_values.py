"""What values count as when they are compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.domain.model import ObjectType, Record
from edgewise.domain.values import KEY_LENGTH_MAX, Value, is_cut, key_of, number_of, value_of

DAY = 86_400_000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-12", -12),
        ("1.50", Decimal("1.5")),
        ("1e+22", Decimal("1e22")),
        ("1970-01-02", DAY),
        ("1970-01-02T00:00:00.005Z", DAY + 5),
        ("1970-01-02T01:00:00+01:00", DAY),
        ("1970-01-02 00:00", DAY),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1970-01-02t00:00:00z", DAY),
    ],
)
def test_numbers_and_moments_count(text: str, number: Decimal):
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ann",
        "007",
        "+49123",
        "1,5",
        "1.",
        ".5",
        "٣",
        "0x1",
        "nan",
        "1e9999",
        "9" * 41,
        "2026-13-01",
        "2026-1-1",
    ],
)
def test_other_texts_do_not(text: str):
    assert number_of(text) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("9", "10"),
        ("-1", "0"),
        ("9", "10.0"),
        ("abc", "ABD"),
        ("9", "a"),
        ("2026-01-01", "2026-01-02"),
        ("10", "9a"),
    ],
)
def test_values_are_ordered(left: str, right: str):
    assert Value.of(left).compare(right) < 0 < Value.of(right).compare(left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("9", "9.00"),
        ("0", "-0.0"),
        ("1e2", "100"),
        ("Ann", "aNN"),
        ("STRASSE", "straße"),
        (str(DAY), "1970-01-02"),
        ("1970-01-02t00:00", "1970-01-02T00:00Z"),
        ("007", "007"),
    ],
)
def test_values_are_equal_in_any_spelling(left: str, right: str):
    assert Value.of(left).compare(right) == 0 == Value.of(right).compare(left)
    assert key_of(left) == key_of(right) == Value.of(left).key


SPELLINGS = st.sampled_from(
    [
        *("0", "-0", "9", "9.0", "0.9e1", "9e0", "09", "1e1", "10", "n:9", "t:ann", "ann", "ANN", ""),
        *("K", "\u212a", "ß", "SS", "1970-01-02", "1970-01-02T00:00Z", "1970-01-02t00:00z", "86400000"),
        *("1970-13-02", "1970-13-02t00:00z"),
    ]
) | st.text("019.eE-+tTzZ:ſ", max_size=6)


@given(SPELLINGS, SPELLINGS)
def test_values_are_equal_exactly_when_their_keys_are(left: str, right: str):
    assert (key_of(left) == key_of(right)) is (Value.of(left).compare(right) == 0)


@given(st.integers(0, 10**40 - 1), st.integers(0, 10**40 - 1), st.integers(-999, 999))
def test_no_digit_of_a_number_is_lost_in_its_key(whole: int, fraction: int, exponent: int):
    text = f"-{whole}.{fraction:040d}e{exponent}"
    assert Decimal(key_of(text).removeprefix("n:")) == Decimal(text)
    assert not is_cut(key_of(text))


def test_a_long_text_has_a_key_that_is_cut():
    assert is_cut(key_of("a" * 200))
    assert key_of("a" * 200) == key_of("A" * 201)
    assert not is_cut(key_of("a" * (KEY_LENGTH_MAX - 3)))


def test_a_code_with_leading_zeros_is_no_number():
    assert Value.of("007").compare("7") != 0


def test_every_record_has_an_id_and_two_moments():
    contacts = ObjectType(1, "0-1", "contact", "contacts", (), ("createdate", "email"), "lastmodifieddate")
    record = Record(7, {"createdate": "x", "email": "a@b"}, 1000, 2000)
    names = ("hs_object_id", "createdate", "lastmodifieddate", "email", "nothing")
    assert [value_of(contacts, record, name) for name in names] == ["7", "1000", "2000", "a@b", None]
