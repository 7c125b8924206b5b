"""What a search finds, shows and refuses."""

import time

import pytest

from tests.conformance.errors import assert_error
from tests.support import paths
from tests.support.crm import Crm

VERSIONS = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)


def _search(live: Crm, version: str, body: dict, object_type: str = "contacts"):
    return live.post(f"{paths.records(version, object_type)}/search", body)


def _group(*filters: tuple) -> dict:
    keys = ("propertyName", "operator", "value", "highValue")
    return {"filters": [dict(zip(keys, each, strict=False)) for each in filters]}


@pytest.fixture
def people(live: Crm) -> tuple[str, list[str]]:
    """A word that nobody else has, and the ids of four contacts with it as their city."""
    word = f"city{live.one('deals')}"
    properties = [
        {"city": word, "firstname": "Ann", "email": f"ann@{word}.example", "followercount": "9"},
        {"city": word.upper(), "firstname": "Ben", "followercount": "10"},
        {"city": word, "firstname": "Anna Maria", "followercount": "11.5"},
        {"city": word, "lastname": "Annan"},
    ]
    made = live.post(
        f"{paths.records('v3', 'contacts')}/batch/create",
        {"inputs": [{"properties": each} for each in properties]},
    )
    return word, [each["id"] for each in made.json()["results"]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([], [0, 1, 2, 3]),
        ([("firstname", "EQ", "ANN")], [0]),
        ([("firstname", "NEQ", "ann")], [1, 2]),
        ([("followercount", "LT", "10")], [0]),
        ([("followercount", "GTE", 10)], [1, 2]),
        ([("followercount", "BETWEEN", "9", "10")], [0, 1]),
        ([("followercount", "EQ", "9.0")], [0]),
        ([("followercount", "HAS_PROPERTY")], [0, 1, 2]),
        ([("followercount", "NOT_HAS_PROPERTY")], [3]),
        ([("firstname", "CONTAINS_TOKEN", "maria")], [2]),
        ([("firstname", "CONTAINS_TOKEN", "ann*")], [0, 2]),
        ([("firstname", "NOT_CONTAINS_TOKEN", "maria")], [0, 1]),
        ([("createdate", "GT", "2020-01-01")], [0, 1, 2, 3]),
        ([("lastmodifieddate", "GT", "2200-01-01T00:00:00Z")], []),
        ([("followercount", "GT", "9"), ("firstname", "EQ", "ben")], [1]),
    ],
    ids=lambda each: "-".join(map(str, each[0])) if each and isinstance(each[0], tuple) else "",
)
def test_every_filter_of_a_group_holds(live: Crm, people, filters, expected):
    word, ids = people
    answer = _search(live, "v3", {"filterGroups": [_group(("city", "EQ", word), *filters)]})
    found = answer.json()
    assert [each["id"] for each in found["results"]] == [ids[n] for n in expected]
    assert found["total"] == len(expected)


@VERSIONS
def test_one_group_is_enough(live: Crm, version, people):
    word, ids = people
    groups = [_group(("city", "EQ", word), ("followercount", "EQ", each)) for each in ("9", "10")]
    found = _search(live, version, {"filterGroups": groups}).json()
    assert [each["id"] for each in found["results"]] == ids[:2]


@VERSIONS
def test_filters_without_groups_are_one_group_and_do_not_count_beside_groups(live: Crm, version, people):
    word, ids = people
    filters = [*_group(("city", "EQ", word))["filters"], *_group(("followercount", "EQ", "9"))["filters"]]
    for body in ({"filters": filters}, {"filters": filters, "filterGroups": []}):
        found = _search(live, version, body).json()
        assert [each["id"] for each in found["results"]] == ids[:1]
    both = {"filters": filters, "filterGroups": [_group(("city", "EQ", word))]}
    assert _search(live, version, both).json()["total"] == len(ids)


@VERSIONS
def test_lists_of_values_may_be_asked_for(live: Crm, version, people):
    word, ids = people
    chosen = {"propertyName": "firstname", "values": ["ann", "ben"]}
    for operator, expected in (("IN", ids[:2]), ("NOT_IN", [ids[2]])):
        group = {"filters": [*_group(("city", "EQ", word))["filters"], {**chosen, "operator": operator}]}
        found = _search(live, version, {"filterGroups": [group]}).json()
        assert [each["id"] for each in found["results"]] == expected
    by_id = {"propertyName": "hs_object_id", "operator": "IN", "values": ids}
    assert _search(live, version, {"filterGroups": [{"filters": [by_id]}]}).json()["total"] == 4


@VERSIONS
def test_a_query_looks_for_beginnings_of_words_in_searchable_properties(live: Crm, version, people):
    word, ids = people
    found = _search(live, version, {"query": "ann", "filterGroups": [_group(("city", "EQ", word))]}).json()
    assert [each["id"] for each in found["results"]] == [ids[0], ids[2], ids[3]]
    assert _search(live, version, {"query": word}).json()["total"] == 1  # the email, not the city


@VERSIONS
def test_results_are_sorted_by_one_property(live: Crm, version, people):
    word, ids = people
    groups = [_group(("city", "EQ", word))]
    expected = [ids[2], ids[1], ids[0], ids[3]]
    for sort in ({"propertyName": "followercount", "direction": "DESCENDING"}, "-followercount"):
        found = _search(live, version, {"filterGroups": groups, "sorts": [sort]}).json()
        assert [each["id"] for each in found["results"]] == expected
    found = _search(live, version, {"filterGroups": groups, "sorts": ["followercount"]}).json()
    assert [each["id"] for each in found["results"]] == ids


@VERSIONS
def test_pages_are_counted_by_their_offset(live: Crm, version, people):
    word, ids = people
    body = {"filterGroups": [_group(("city", "EQ", word))], "limit": 3, "properties": ["followercount"]}
    first = _search(live, version, body).json()
    assert first["paging"] == {"next": {"after": "3"}}
    rest = _search(live, version, {**body, "after": first["paging"]["next"]["after"]}).json()
    assert "paging" not in rest
    assert (first["total"], rest["total"]) == (4, 4)
    assert [each["id"] for each in (*first["results"], *rest["results"])] == ids
    shown = {"followercount", "createdate", "hs_object_id", "lastmodifieddate"}
    assert set(first["results"][0]["properties"]) == shown


@VERSIONS
def test_an_archived_record_is_not_found(live: Crm, version, people):
    word, ids = people
    live.delete(paths.record(version, "contacts", ids[0]))
    for each in (("city", "EQ", word), ("hs_object_id", "EQ", ids[0])):
        found = _search(live, version, {"filterGroups": [_group(each)]}).json()
        assert ids[0] not in [result["id"] for result in found["results"]]


@VERSIONS
@pytest.mark.parametrize("name", ["company", "companies", "0-2"])
def test_linked_records_are_found(live: Crm, version, people, name):
    _, ids = people
    company, other = live.create("companies", 2)
    live.link("contacts", ids[1], "companies", company)
    live.link("contacts", ids[2], "companies", other)
    asked = (f"associations.{name}", "EQ", company)
    found = _search(live, version, {"filterGroups": [_group(asked)]}).json()
    assert [each["id"] for each in found["results"]] == [ids[1]]
    either = {"propertyName": f"associations.{name}", "operator": "IN", "values": [company, other]}
    found = _search(live, version, {"filterGroups": [{"filters": [either]}]}).json()
    assert [each["id"] for each in found["results"]] == ids[1:3]


def test_what_was_just_written_is_found_at_once(live: Crm, people):
    word, ids = people
    live.patch(paths.record("v3", "contacts", ids[3]), {"properties": {"followercount": "12"}})
    groups = [_group(("city", "EQ", word), ("followercount", "GT", "11"))]
    assert _search(live, "v3", {"filterGroups": groups}).json()["total"] == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"filterGroups": [_group()] * 6}, "A search may have at most 5 filterGroups"),
        (
            {"filterGroups": [_group(*[("x", "HAS_PROPERTY")] * 7)]},
            "A search may have at most 6 filters in a filterGroup",
        ),
        (
            {"filterGroups": [_group(*[("x", "HAS_PROPERTY")] * 5)] * 4},
            "A search may have at most 18 filters",
        ),
        ({"sorts": ["a", "b"]}, "A search may have at most 1 sorts"),
        ({"query": "x" * 3000}, "A search may have at most 3000 characters"),
    ],
    ids=["groups", "filters_of_a_group", "filters", "sorts", "characters"],
)
def test_too_large_a_search_is_refused(live: Crm, body, message):
    assert_error(live, _search(live, "v3", body), 400, message)


def test_what_a_filter_lacks_is_told(live: Crm):
    answer = _search(live, "v3", {"filterGroups": [_group(("x", "BETWEEN", "1"))]})
    context = {"propertyName": ["x"], "operator": ["BETWEEN"]}
    assert_error(live, answer, 400, "A filter with the operator BETWEEN needs highValue", context=context)
    answer = _search(live, "v3", {"filterGroups": [_group(("x", "LIKE", "1"))]})
    assert_error(live, answer, 400, "LIKE is not an operator of filters", context={"operator": ["LIKE"]})
    answer = _search(live, "v3", {"filterGroups": [_group(("associations.company", "GT", "1"))]})
    message = "associations.company can be filtered with EQ and IN only, not with GT"
    context = {"propertyName": ["associations.company"], "operator": ["GT"]}
    assert_error(live, answer, 400, message, context=context)


def test_a_page_beyond_the_reach_is_refused(live: Crm):
    assert _search(live, "v3", {"after": "9990"}).status_code == 200
    message = "Results of a search end at 10000; after and limit must not lead beyond"
    answer = _search(live, "v3", {"after": "9991"})
    assert_error(live, answer, 400, message, context={"after": ["9991"]})


def test_a_limit_is_at_most_two_hundred(live: Crm):
    assert _search(live, "v3", {"limit": 200}).status_code == 200
    message = "limit must be a number from 1 to 200, not 201"
    assert_error(live, _search(live, "v3", {"limit": 201}), 400, message, context={"limit": ["201"]})


def test_texts_are_compared_as_texts_and_numbers_as_numbers(live: Crm, people):
    word, ids = people
    for zip_code, each in zip(("9", "10", "9.0"), ids, strict=False):
        live.patch(paths.record("v3", "contacts", each), {"properties": {"zip": zip_code}})
    groups = [_group(("city", "EQ", word), ("zip", "LT", "9"))]
    assert [each["id"] for each in _search(live, "v3", {"filterGroups": groups}).json()["results"]] == [
        ids[1]
    ]
    groups = [_group(("city", "EQ", word), ("zip", "EQ", "9"))]
    assert _search(live, "v3", {"filterGroups": groups}).json()["total"] == 1
    sorted_by_text = _search(live, "v3", {"filterGroups": [_group(("city", "EQ", word))], "sorts": ["zip"]})
    assert [each["id"] for each in sorted_by_text.json()["results"]] == [ids[1], ids[0], ids[2], ids[3]]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a*" * 11, "A search may have at most 10 asterisks in a value"),
        ("* " + "a " * 10, "A search may have at most 10 words in a value with asterisks"),
    ],
)
def test_a_pattern_has_a_few_asterisks_and_words(live: Crm, value, message):
    body = {"filterGroups": [_group(("firstname", "CONTAINS_TOKEN", value))]}
    assert_error(live, _search(live, "v3", body), 400, message)


def test_no_search_takes_long_to_refuse(live: Crm, people):
    _, ids = people
    live.patch(paths.record("v3", "contacts", ids[0]), {"properties": {"firstname": "a" * 65_536}})
    begun = time.perf_counter()
    for token in ("*b", "a*" * 9 + "*b"):
        asked = ("firstname", "CONTAINS_TOKEN", token)
        by_id = ("hs_object_id", "EQ", ids[0])
        assert _search(live, "v3", {"filterGroups": [_group(asked, by_id)]}).json()["total"] == 0
    assert time.perf_counter() - begun < 2
