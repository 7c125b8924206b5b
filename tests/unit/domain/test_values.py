"""What values count as when they are compared."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.domain.model import ObjectType, Record
from edgewise.domain.values import (
    TEXT_KEPT,
    WORDS_MAX,
    Value,
    behind,
    is_cut,
    key_of,
    keys_of,
    number_key,
    number_of,
    value_of,
)

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
        ("1970-01-02T00:00:00.005999999Z", DAY + 5),
        ("007", 7),
        ("+5", 5),
        (".5", Decimal("0.5")),
        ("1.", 1),
        ("1e9999", Decimal("1e9999")),
    ],
)
def test_numbers_and_moments_count(text: str, number: Decimal):
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ann",
        ".",
        "+",
        "1,5",
        "+49 123",
        "٣",
        "0x1",
        "nan",
        "1e99999",
        "9" * 41,
        "2026-13-01",
        "2026-1-1",
    ],
)
def test_other_texts_do_not(text: str):
    assert number_of(text) is None


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.builds(
    lambda digits, exponent, sign: Decimal(sign * digits).scaleb(exponent),
    st.integers(0, 10**30),
    st.integers(-9000, 9000),
    st.sampled_from([1, -1]),
)


@given(NUMBERS, NUMBERS)
def test_keys_of_numbers_have_the_order_of_numbers(left: Decimal, right: Decimal):
    assert (number_key(left) < number_key(right)) is (left < right)
    assert (number_key(left) == number_key(right)) is (left == right)


def test_keys_tell_numbers_that_are_next_to_each_other():
    numbers = [
        -100,
        -12,
        -11,
        "-1.5",
        "-1.4",
        -1,
        "-0.5",
        0,
        "1e-9",
        "0.5",
        1,
        "1.0001",
        "1.4",
        9,
        10,
        11,
        "1e9",
    ]
    keys = [number_key(Decimal(number)) for number in numbers]
    assert keys == sorted(set(keys))


TEXTS = st.text("aA b.ſß@9\0\ud7ff\ue000\U0010ffff", max_size=4)


@given(TEXTS, TEXTS)
def test_keys_of_texts_have_the_order_of_texts_in_any_case(left: str, right: str):
    assert (key_of(left) < key_of(right)) is (left.casefold() < right.casefold())


def test_a_long_text_has_a_key_that_is_cut():
    assert is_cut(key_of("a" * 200))
    assert key_of("a" * 200) == key_of("A" * 201)
    assert not is_cut(key_of("a" * (TEXT_KEPT - 1)))
    assert Value.of("A" * 200).rank(False) == "a" * TEXT_KEPT


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Ann", ["t:ann"]),
        ("Ann Smith", ["t:ann smith", "w:smith"]),
        ("ann@example.org", ["t:ann@example.org", "w:example", "w:org"]),
        ("ann ANN b ann", ["t:ann ann b ann", "w:b"]),
        ("(ann)", ["t:(ann)", "w:ann"]),
        ("OPEN_DEAL", ["t:open_deal"]),
        ("7", ["t:7", number_key(Decimal(7))]),
        ("-1.5", ["t:-1.5", number_key(Decimal("-1.5")), "w:1", "w:5"]),
        ("b " + "x" * 50, ["t:b " + "x" * 50, "w:" + "x" * 40]),
        ("@", ["t:@"]),
    ],
)
def test_a_value_has_keys_of_its_text_its_number_and_its_further_words(text: str, keys: list[str]):
    assert keys_of(text) == keys


def test_a_text_of_many_words_has_one_key_that_tells_so():
    words = [f"w{n}" for n in range(WORDS_MAX + 2)]
    assert len(keys_of(" ".join(words[:-1]))) == WORDS_MAX + 1
    assert keys_of(" ".join(words))[1:] == ["x:"]


@given(st.text(max_size=3).filter(lambda text: text and text[-1] < "\U0010ffff"), st.text(max_size=3))
def test_what_begins_with_a_text_is_before_what_is_behind_it(beginning: str, rest: str):
    assert beginning <= beginning + rest < behind(beginning)


def test_every_record_has_an_id_and_two_moments():
    contacts = ObjectType(1, "0-1", "contact", "contacts", (), ("createdate", "email"), "lastmodifieddate")
    record = Record(7, {"createdate": "x", "email": "a@b"}, 1000, 2000)
    names = ("hs_object_id", "createdate", "lastmodifieddate", "email", "nothing")
    assert [value_of(contacts, record, name) for name in names] == ["7", "1000", "2000", "a@b", None]
