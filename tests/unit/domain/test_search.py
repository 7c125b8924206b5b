"""Which records a search finds, in which order, and which searches are refused."""

from time import perf_counter

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import (
    FilterIncomplete,
    InvalidIdentifier,
    InvalidLinkFilter,
    SearchOutOfReach,
    SearchTooLarge,
    UnknownObjectType,
    UnknownOperator,
    UnknownSortDirection,
)
from edgewise.domain.model import Record
from edgewise.domain.search import (
    Condition,
    Filter,
    LinkedTo,
    Operator,
    Search,
    plan_search,
    wanted_ids,
    wanted_keys,
)
from edgewise.domain.values import Value, key_of

CATALOG = Catalog(hubspot_types())
CONTACTS = CATALOG.object_type("contacts")
DAY = 86_400_000


def _record(record_id: int = 1, **properties: str) -> Record:
    return Record(record_id, properties, 3 * DAY, 5 * DAY)


def _nothing_linked(record_id: int, condition: LinkedTo) -> bool:
    return False


def _finds(
    name: str, operator: str, *values: str, of: Record | None = None, high_value: str | None = None
) -> bool:
    value = values[0] if values else None
    search = plan_search(CATALOG, CONTACTS, [[Filter(name, operator, value, values, high_value)]])
    return search.matches(of or _record(), _nothing_linked)


@pytest.mark.parametrize(
    ("text", "operator", "values", "is_found"),
    [
        ("Ann", "EQ", ("aNN",), True),
        ("Ann", "EQ", ("An",), False),
        ("9.0", "EQ", ("9",), True),
        ("Ann", "NEQ", ("aNN",), False),
        ("Ann", "NEQ", ("Ben",), True),
        ("9", "LT", ("10",), True),
        ("10", "LT", ("10",), False),
        ("10", "LTE", ("10.0",), True),
        ("11", "LTE", ("10",), False),
        ("2026-02-01", "GT", ("2026-01-31T23:59:59Z",), True),
        ("2026-02-01", "GT", ("2026-02-01",), False),
        ("2026-02-01", "GTE", ("2026-02-01",), True),
        ("b", "GT", ("A",), True),
        ("b", "IN", ("a", "B"), True),
        ("b", "IN", ("a", "c"), False),
        ("b", "NOT_IN", ("a", "B"), False),
        ("b", "NOT_IN", ("a", "c"), True),
        ("b", "HAS_PROPERTY", (), True),
        ("b", "NOT_HAS_PROPERTY", (), False),
    ],
)
def test_a_value_meets_a_filter(text: str, operator: str, values: tuple[str, ...], is_found: bool):
    assert _finds("x", operator, *values, of=_record(x=text)) is is_found


@pytest.mark.parametrize(("text", "is_found"), [("5", True), ("7.0", True), ("4", False), ("8", False)])
def test_between_takes_both_bounds(text: str, is_found: bool):
    assert _finds("x", "BETWEEN", "5", of=_record(x=text), high_value="7") is is_found


@pytest.mark.parametrize("operator", [each for each in Operator if each is not Operator.NOT_HAS_PROPERTY])
def test_a_record_without_the_property_meets_no_filter_but_the_one_that_asks_for_it(operator: Operator):
    assert _finds("x", operator, "a", high_value="b") is False
    assert _finds("x", "NOT_HAS_PROPERTY") is True


@pytest.mark.parametrize(
    ("text", "token", "is_found"),
    [
        ("Head of Sales", "sales", True),
        ("Head of Sales", "SALES", True),
        ("Head of Sales", "sale", False),
        ("Head of Sales", "of sales", True),
        ("Head of Sales", "head sales", False),
        ("Head of Sales", "sal*", True),
        ("Head of Sales", "*ale*", True),
        ("Head of Sales", "*al", False),
        ("Head of Sales", "h*d of", True),
        ("Head of Sales", "head*sales", False),
        ("ann@example.org", "*@example.org", True),
        ("ann@example.org", "@example.org", True),
        ("ann@example.org", "example", True),
        ("ann@example.org", "*@example.com", False),
        ("a.b", "a*b", True),
        ("a+b", "a+b", True),
        ("x", "*", True),
        ("(x)", "(x)", True),
    ],
)
def test_a_token_is_a_whole_word_or_has_asterisks(text: str, token: str, is_found: bool):
    assert _finds("x", "CONTAINS_TOKEN", token, of=_record(x=text)) is is_found
    assert _finds("x", "NOT_CONTAINS_TOKEN", token, of=_record(x=text)) is not is_found


def test_no_token_takes_long_to_look_for():
    record = _record(x="a" * 3000)
    begun = perf_counter()
    assert not _finds("x", "CONTAINS_TOKEN", "a*" * 1000 + "b", of=record)
    assert perf_counter() - begun < 2


def test_what_every_record_has_can_be_searched_for():
    assert _finds("hs_object_id", "EQ", "1")
    assert _finds("createdate", "BETWEEN", "1970-01-04", high_value="1970-01-04T01:00:00Z")
    assert _finds("lastmodifieddate", "GTE", str(5 * DAY))
    assert _finds("createdate", "HAS_PROPERTY")
    assert not _finds("lastmodifieddate", "LT", str(5 * DAY))


def test_filters_of_a_group_hold_together_and_one_group_is_enough():
    a, b, c = (Filter(name, "HAS_PROPERTY") for name in "abc")
    search = plan_search(CATALOG, CONTACTS, [[a, b], [c]])
    found = [_record(a="1"), _record(a="1", b="1"), _record(c="1")]
    assert [search.matches(record, _nothing_linked) for record in found] == [False, True, True]


@pytest.mark.parametrize("groups", [[], [[]]])
def test_without_filters_every_record_is_found(groups: list[list[Filter]]):
    assert plan_search(CATALOG, CONTACTS, groups).matches(_record(), _nothing_linked)


@pytest.mark.parametrize("operator", ["EQ", "IN"])
def test_linked_records_are_asked_for_by_any_name_of_their_type(operator: str):
    asked = Filter("associations.COMPANY", operator, "22", ("22",))
    search = plan_search(CATALOG, CONTACTS, [[asked]])
    expected = LinkedTo(CATALOG.object_type("companies").code, frozenset({22}))
    assert search.groups == ((expected,),)
    assert search.matches(_record(5), lambda record_id, wanted: (record_id, wanted) == (5, expected))
    assert not search.matches(_record(5), _nothing_linked)


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("ann", True),
        ("AN", True),
        ("nn", False),
        ("ann b", True),
        ("ann smith", False),
        ("example", True),
        ("ann@example.org", True),
        ("@example", True),
        ("7", True),
        ("blue", False),
        ("", True),
        (" ", True),
    ],
)
def test_each_word_of_a_query_begins_a_word_of_a_searched_property(query: str, is_found: bool):
    record = _record(7, firstname="Ann", lastname="Brown", email="ann@example.org", colour="blue")
    searched = ("firstname", "lastname", "email")
    search = plan_search(CATALOG, CONTACTS, query=query, searched=searched)
    assert search.matches(record, _nothing_linked) is is_found


def _ids(search: Search, *records: Record) -> list[int]:
    return [record.record_id for record in search.page(records, _nothing_linked).records]


def test_results_are_sorted_those_without_a_value_last_and_equal_ones_by_id():
    records = [_record(1), _record(2, x="10"), _record(3, x="b"), _record(4, x="9"), _record(5, x="9.0")]
    rising = plan_search(CATALOG, CONTACTS, sorts=[("x", "ASCENDING")])
    falling = plan_search(CATALOG, CONTACTS, sorts=[("x", "DESCENDING")])
    assert _ids(rising, *records) == [4, 5, 2, 3, 1]
    assert _ids(falling, *records) == [3, 2, 4, 5, 1]
    assert _ids(plan_search(CATALOG, CONTACTS), *records) == [1, 2, 3, 4, 5]


def test_a_page_shows_its_part_and_counts_all():
    records = [_record(n) for n in range(1, 8)]
    shown = [
        plan_search(CATALOG, CONTACTS, offset=offset, limit=3).page(records, _nothing_linked)
        for offset in (0, 6, 9)
    ]
    assert [[r.record_id for r in page.records] for page in shown] == [[1, 2, 3], [7], []]
    assert {page.total for page in shown} == {7}


HAS_X = Filter("x", "HAS_PROPERTY")


@pytest.mark.parametrize(
    ("groups", "what", "maximum"),
    [
        ([[HAS_X]] * 6, "filterGroups", 5),
        ([[HAS_X] * 7], "filters in a filterGroup", 6),
        ([[HAS_X] * 5] * 4, "filters", 18),
    ],
)
def test_too_many_filters_are_refused(groups: list[list[Filter]], what: str, maximum: int):
    with pytest.raises(SearchTooLarge) as refused:
        plan_search(CATALOG, CONTACTS, groups)
    assert (refused.value.what, refused.value.maximum) == (what, maximum)


def test_as_many_filters_as_may_be_are_taken():
    plan_search(CATALOG, CONTACTS, [[HAS_X] * 6] * 3)
    plan_search(CATALOG, CONTACTS, [[HAS_X] * 3] * 5)


def test_one_sort_is_taken_in_one_of_two_directions():
    with pytest.raises(SearchTooLarge):
        plan_search(CATALOG, CONTACTS, sorts=[("x", "ASCENDING")] * 2)
    with pytest.raises(UnknownSortDirection):
        plan_search(CATALOG, CONTACTS, sorts=[("x", "UP")])


def test_results_beyond_the_reach_are_refused():
    plan_search(CATALOG, CONTACTS, offset=9_800, limit=200)
    with pytest.raises(SearchOutOfReach) as refused:
        plan_search(CATALOG, CONTACTS, offset=9_801, limit=200)
    assert (refused.value.offset, refused.value.reach) == (9_801, 10_000)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Filter("x", "EQ"), "value"),
        (Filter("x", "IN"), "values"),
        (Filter("x", "NOT_IN", values=("a", None)), "values"),
        (Filter("x", "BETWEEN", high_value="1"), "value"),
        (Filter("x", "BETWEEN", "1"), "highValue"),
        (Filter("associations.company", "EQ"), "value"),
    ],
)
def test_a_filter_has_what_its_operator_compares_with(asked: Filter, field: str):
    with pytest.raises(FilterIncomplete) as refused:
        plan_search(CATALOG, CONTACTS, [[asked]])
    assert (refused.value.name, refused.value.operator, refused.value.field) == (
        asked.name,
        asked.operator,
        field,
    )


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (Filter("x", "LIKE", "a"), UnknownOperator),
        (Filter("x", "eq", "a"), UnknownOperator),
        (Filter("associations.company", "NEQ", "1"), InvalidLinkFilter),
        (Filter("associations.company", "HAS_PROPERTY"), InvalidLinkFilter),
        (Filter("associations.butterflies", "EQ", "1"), UnknownObjectType),
        (Filter("associations.company", "EQ", "x"), InvalidIdentifier),
    ],
)
def test_a_filter_that_means_nothing_is_refused(asked: Filter, error: type[Exception]):
    with pytest.raises(error):
        plan_search(CATALOG, CONTACTS, [[asked]])


def test_a_search_without_words_and_with_an_empty_group_is_for_every_record():
    a = Condition("a", Operator.HAS_PROPERTY)
    assert Search(CONTACTS).is_unfiltered
    assert Search(CONTACTS, ((),)).is_unfiltered
    assert Search(CONTACTS, ((a,), ())).is_unfiltered
    assert not Search(CONTACTS, ((a,),)).is_unfiltered
    assert not Search(CONTACTS, (), ("ann",)).is_unfiltered


def _equals(name: str, *texts: str) -> Condition:
    return Condition(name, Operator.IN, tuple(map(Value.of, texts)))


def test_equal_ids_are_known_and_keys_of_equal_values_too():
    assert wanted_ids(_equals("hs_object_id", "7", "8.0", "8.5", "x", "0", "1e99")) == {7, 8}
    assert wanted_ids(_equals("x", "7")) is None
    assert wanted_ids(Condition("hs_object_id", Operator.GT, (Value.of("7"),))) is None
    assert wanted_keys(CONTACTS, _equals("x", "Ann", "7")) == {key_of("ANN"), key_of("7.0")}
    assert wanted_keys(CONTACTS, _equals("hs_object_id", "7")) is None
    assert wanted_keys(CONTACTS, _equals("createdate", "Ann")) is None
    assert wanted_keys(CONTACTS, Condition("x", Operator.NEQ, (Value.of("Ann"),))) is None
