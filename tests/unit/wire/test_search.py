"""How searches are spelled, and what they answer."""

from typing import Any

import pytest

from edgewise.domain.errors import (
    FilterIncomplete,
    InvalidCursor,
    InvalidPageSize,
    InvalidPropertyValue,
    SearchOutOfReach,
    SearchTooLarge,
)
from edgewise.domain.search import Condition, Search, Sort
from edgewise.wire.refusals import BodyMalformed, BodyMissing, BodyOfWrongKind, FieldsMissing
from tests.unit.wire.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


def _search(desk: Desk, **body: Any) -> Search:
    search: Search = desk.decode("search_records", "contacts", body=body).search
    return search


def _filtered(desk: Desk, **asked: Any) -> Condition:
    search = _search(desk, filterGroups=[{"filters": [{"propertyName": "x", **asked}]}])
    condition = search.groups[0][0]
    assert isinstance(condition, Condition)
    return condition


async def _people(desk: Desk, *names: str) -> list[str]:
    items = [{"properties": {"firstname": name, "zip": str(n)}} for n, name in enumerate(names)]
    _, answer = await desk.tell("create_records_batch", "contacts", body={"inputs": items})
    return [each["id"] for each in answer["results"]]


async def test_the_records_found_are_answered_with_how_many_there_are(desk: Desk):
    ann, _, anna = await _people(desk, "Ann", "Ben", "Anna")
    status, answer = await desk.tell("search_records", "contacts", body={"query": "an"})
    assert status == 200
    assert list(answer) == ["total", "results"]
    assert (answer["total"], [each["id"] for each in answer["results"]]) == (2, [ann, anna])
    assert answer["results"][0]["properties"].keys() == {
        "createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"
    }  # fmt: skip


async def test_the_properties_asked_for_are_shown(desk: Desk):
    await _people(desk, "Ann")
    _, answer = await desk.tell("search_records", "contacts", body={"properties": ["zip", "nonsense"]})
    assert answer["results"][0]["properties"].keys() == {
        "zip", "createdate", "hs_object_id", "lastmodifieddate"
    }  # fmt: skip


async def test_pages_lead_from_one_to_the_next(desk: Desk):
    ids = await _people(desk, *"abcde")
    pages, after = [], None
    while True:
        _, answer = await desk.tell("search_records", "contacts", body={"limit": 2, "after": after})
        pages.append([each["id"] for each in answer["results"]])
        assert answer["total"] == 5
        if "paging" not in answer:
            break
        after = answer["paging"]["next"]["after"]
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert after == "4"


async def test_a_page_behind_the_last_one_is_empty(desk: Desk):
    await _people(desk, "a")
    _, answer = await desk.tell("search_records", "contacts", body={"after": "5"})
    assert answer == {"total": 1, "results": []}


def test_a_search_shows_ten_unless_told(desk: Desk):
    assert (_search(desk).limit, _search(desk).offset) == (10, 0)
    full = _search(desk, limit=200, after="7", filterGroups=[], sorts=[], properties=[], query="")
    assert (full.limit, full.offset, full.groups, full.sort, full.words) == (200, 7, (), None, ())
    assert _search(desk, after=7).offset == 7
    assert _search(desk, after="", limit=None, query=None).offset == 0


def test_filters_without_groups_are_one_group(desk: Desk):
    filters = [{"propertyName": name, "operator": "HAS_PROPERTY"} for name in "xy"]
    grouped = _search(desk, filterGroups=[{"filters": filters}]).groups
    assert [len(group) for group in grouped] == [2]
    for further in ({}, {"filterGroups": []}, {"filterGroups": None}):
        assert _search(desk, filters=filters, **further).groups == grouped
    for nothing in ([], None):
        assert _search(desk, filters=nothing).groups == ()


def test_filters_beside_groups_are_left_alone(desk: Desk):
    here, there = ({"propertyName": name, "operator": "HAS_PROPERTY"} for name in "xy")
    groups = [{"filters": [here]}]
    assert _search(desk, filters=[there], filterGroups=groups) == _search(desk, filterGroups=groups)


def test_filters_without_groups_are_as_few_as_those_of_a_group(desk: Desk):
    with pytest.raises(SearchTooLarge) as refused:
        _search(desk, filters=[{"propertyName": "x", "operator": "HAS_PROPERTY"}] * 7)
    assert (refused.value.what, refused.value.maximum) == ("filters in a filterGroup", 6)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_page_has_one_to_two_hundred_records(desk: Desk, limit: int):
    with pytest.raises(InvalidPageSize):
        _search(desk, limit=limit)


@pytest.mark.parametrize("after", ["x", "-1", "1.5"])
def test_a_cursor_is_a_number(desk: Desk, after: str):
    with pytest.raises(InvalidCursor):
        _search(desk, after=after)


def test_results_end_at_ten_thousand(desk: Desk):
    with pytest.raises(SearchOutOfReach):
        _search(desk, after="9991")
    with pytest.raises(SearchOutOfReach):
        _search(desk, after="9" * 30)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("n", Sort("n")),
        ("-n", Sort("n", is_descending=True)),
        ({"propertyName": "n"}, Sort("n")),
        ({"propertyName": "n", "direction": "DESCENDING"}, Sort("n", is_descending=True)),
        ('{"propertyName":"n","direction":"DESCENDING"}', Sort("n", is_descending=True)),
    ],
)
def test_a_sort_is_spelled_in_several_ways(desk: Desk, sort: Any, expected: Sort):
    assert _search(desk, sorts=[sort]).sort == expected


@pytest.mark.parametrize(
    ("sort", "error"),
    [("{", BodyMalformed), ("{}", FieldsMissing), (5, BodyOfWrongKind), ({}, FieldsMissing)],
)
def test_a_sort_that_cannot_be_read_is_refused(desk: Desk, sort: Any, error: type[Exception]):
    with pytest.raises(error):
        _search(desk, sorts=[sort])


@pytest.mark.parametrize(("value", "text"), [("Ann", "ann"), (5, "5"), (1.5, "1.5"), (True, "true")])
def test_a_value_is_read_as_the_text_that_would_be_kept(desk: Desk, value: Any, text: str):
    assert _filtered(desk, operator="EQ", value=value).operands[0].folded == text
    assert _filtered(desk, operator="IN", values=[value]).operands[0].folded == text
    between = _filtered(desk, operator="BETWEEN", value=value, highValue=value)
    assert [each.folded for each in between.operands] == [text, text]


@pytest.mark.parametrize(
    "asked",
    [
        {"operator": "EQ"},
        {"operator": "EQ", "value": ""},
        {"operator": "IN", "value": "a"},
        {"operator": "LT", "value": None},
    ],
)
def test_a_filter_without_a_value_is_refused(desk: Desk, asked: dict[str, Any]):
    with pytest.raises(FilterIncomplete):
        _filtered(desk, **asked)


def test_a_list_is_no_value(desk: Desk):
    with pytest.raises(InvalidPropertyValue):
        _filtered(desk, operator="EQ", value=["a"])


def test_a_body_has_at_most_three_thousand_characters(desk: Desk):
    longest = "ä" * (3000 - len('{"query":""}'))
    _search(desk, query=longest)
    with pytest.raises(SearchTooLarge) as refused:
        _search(desk, query=longest + "a")
    assert (refused.value.what, refused.value.maximum) == ("characters", 3000)


def test_the_properties_to_show_count_for_no_characters(desk: Desk):
    names = [f"property_{number}" for number in range(1000)]
    _search(desk, query="a" * 2000, properties=names)
    with pytest.raises(SearchTooLarge):
        _search(desk, query="a" * 3000, properties=names)


def test_a_search_has_a_body(desk: Desk):
    with pytest.raises(BodyMissing):
        desk.decode("search_records", "contacts")
    with pytest.raises(FieldsMissing):
        _search(desk, filterGroups=[{"filters": [{"value": "x"}]}])


async def test_linked_records_are_asked_for(desk: Desk):
    contact, company = await desk.pair()
    await desk.ask("associate_default", "contacts", contact, "companies", company)
    await desk.records("contacts", 1)
    asked = {"propertyName": "associations.company", "operator": "EQ", "value": company}
    body = {"filterGroups": [{"filters": [asked]}]}
    _, answer = await desk.tell("search_records", "contacts", body=body)
    assert [each["id"] for each in answer["results"]] == [str(contact)]
