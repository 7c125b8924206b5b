"""Values, and what is told of refused ones, are bounded."""

from collections.abc import Sequence

import pytest

from edgewise.domain.errors import RecordTooLarge, TooManyValuesSet
from edgewise.domain.errors_properties import PropertyValuesInvalid
from edgewise.domain.model import LinkedTarget, LinkPage
from edgewise.domain.properties import FieldType, PropertyDefinition, PropertyType
from edgewise.domain.property_values import check, valid_values
from edgewise.domain.records import stored_properties
from edgewise.domain.sizes import (
    FAULTS_MAX,
    PROPERTIES_MAX,
    RECORD_CHARACTERS_MAX,
    VALUE_CHARACTERS_MAX,
    shortened,
)

PORTAL = 4711


def define(name: str, kind: PropertyType) -> PropertyDefinition:
    return PropertyDefinition(name, name, "g", kind, FieldType.TEXT)


ZIP = {"zip": define("zip", PropertyType.STRING)}


def test_a_value_of_the_largest_size_is_kept():
    longest = "é" * VALUE_CHARACTERS_MAX
    assert valid_values(ZIP, {"zip": longest}, PORTAL) == {"zip": longest}


def test_a_longer_one_is_refused_whatever_its_type():
    definitions = {each.name: define(each.name.lower(), each) for each in PropertyType}
    texts = dict.fromkeys(definitions, "1" * (VALUE_CHARACTERS_MAX + 1))
    checked = check(definitions, texts, PORTAL)
    assert not checked.values
    assert {each.error for each in checked.invalid} == {"VALUE_TOO_LONG"}
    assert checked.invalid[0].message.endswith("has 65537 characters; the maximum is 65536.")


def test_the_values_of_one_request_are_bounded_together():
    count = RECORD_CHARACTERS_MAX // VALUE_CHARACTERS_MAX
    definitions: dict[str, PropertyDefinition] = {
        f"p{number}": define(f"p{number}", PropertyType.STRING) for number in range(count + 1)
    }
    texts = dict.fromkeys(list(definitions)[:count], "x" * VALUE_CHARACTERS_MAX)
    assert len(valid_values(definitions, texts, PORTAL)) == count
    with pytest.raises(RecordTooLarge):
        valid_values(definitions, {**texts, f"p{count}": "x"}, PORTAL)


def test_no_more_properties_are_looked_at_than_may_be_set():
    values: dict[str, object] = {f"p{number}": "" for number in range(PROPERTIES_MAX)}
    assert len(stored_properties(values)) == PROPERTIES_MAX
    values["too many"] = ["no text"]
    with pytest.raises(TooManyValuesSet):
        stored_properties(values)


def test_so_many_faults_are_told():
    with pytest.raises(PropertyValuesInvalid) as refused:
        valid_values(ZIP, {f"p{number}": "x" for number in range(PROPERTIES_MAX)}, PORTAL)
    assert [each.name for each in refused.value.invalid] == [f"p{number}" for number in range(FAULTS_MAX)]


def test_messages_have_the_beginning_of_what_is_long():
    number = {"n": define("n", PropertyType.NUMBER)}
    [fault] = check(number, {"n": "x" * 50_000}, PORTAL).invalid
    assert fault.message == "x" * 1_000 + "… was not a valid number"
    [fault] = check({}, {"n" * 50_000: "1"}, PORTAL).invalid
    assert len(fault.name) == 1_001
    assert len(fault.message) < 1_100


def _page(count: int, has_more: bool = False) -> LinkPage:
    return LinkPage([LinkedTarget(n, (1,)) for n in range(1, count + 1)], has_more)


def _lengths(pages: Sequence[LinkPage]) -> list[tuple[int, bool]]:
    return [(len(page.targets), page.has_more) for page in pages]


def test_pages_of_links_stay_as_they_are_where_there_is_room():
    pages = [_page(3), _page(0), _page(2, has_more=True)]
    assert shortened(pages, 5) is pages


def test_the_last_pages_of_links_are_shortened_and_say_that_there_is_more():
    pages = [_page(3), _page(0), _page(4), _page(1), _page(2), _page(5, has_more=True)]
    assert _lengths(shortened(pages, 5)) == [
        (3, False), (0, False), (2, True), (1, False), (1, True), (1, True),
    ]  # fmt: skip
    assert _lengths(shortened(pages, 0)) == [
        (1, True), (0, False), (1, True), (1, False), (1, True), (1, True),
    ]  # fmt: skip
