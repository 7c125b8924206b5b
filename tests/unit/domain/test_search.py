"""Which records a search finds, in which order, and which searches are refused."""

from time import process_time

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
from edgewise.domain.properties import PropertyDefinition, PropertyType
from edgewise.domain.search import (
    Condition,
    Filter,
    LinkedTo,
    Operator,
    Search,
    Sort,
    plan_search,
)

CATALOG = Catalog(hubspot_types())
CONTACTS = CATALOG.object_type("contacts")
DEFINITIONS = {
    name: PropertyDefinition(name, name, "any", type=kind)
    for name, kind in (("n", PropertyType.NUMBER), ("day", PropertyType.DATE), ("at", PropertyType.DATETIME))
}
DAY = 86_400_000


def _record(record_id: int = 1, **properties: str) -> Record:
    return Record(record_id, properties, 3 * DAY, 5 * DAY)


def _nothing_linked(record_id: int, condition: LinkedTo) -> bool:
    return False


def _finds(
    name: str, operator: str, *values: str, of: Record | None = None, high_value: str | None = None
) -> bool:
    value = values[0] if values else None
    asked = Filter(name, operator, value, values, high_value)
    search = plan_search(CATALOG, CONTACTS, [[asked]], definitions=DEFINITIONS)
    return search.matches(of or _record(), _nothing_linked)


@pytest.mark.parametrize(
    ("text", "operator", "values", "is_found"),
    [
        ("Ann", "EQ", ("aNN",), True),
        ("Ann", "EQ", ("An",), False),
        ("9.0", "EQ", ("9",), False),
        ("Ann", "NEQ", ("aNN",), False),
        ("Ann", "NEQ", ("Ben",), True),
        ("10", "LT", ("9",), True),
        ("10", "LT", ("10",), False),
        ("2026-02-01", "EQ", ("2026-02-01T00:00Z",), False),
        ("a" * 100 + "b", "GT", ("a" * 100,), False),
        ("a" * 100 + "b", "EQ", ("a" * 100,), False),
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


@pytest.mark.parametrize(
    ("name", "text", "operator", "values", "is_found"),
    [
        ("n", "9.0", "EQ", ("9",), True),
        ("n", "+5", "EQ", ("5",), True),
        ("n", ".5", "IN", ("1", "0.50"), True),
        ("n", "007", "EQ", ("7",), True),
        ("n", "9", "LT", ("10",), True),
        ("n", "10", "LTE", ("10.0",), True),
        ("n", "11", "LTE", ("10",), False),
        ("n", "9", "NEQ", ("9.0",), False),
        ("n", "9", "NEQ", ("x",), True),
        ("n", "9", "EQ", ("x",), False),
        ("n", "9", "LT", ("x",), False),
        ("n", "x", "EQ", ("x",), False),
        ("n", "x", "GTE", ("1",), False),
        ("n", "x", "NEQ", ("1",), True),
        ("n", "x", "NOT_IN", ("x",), True),
        ("n", "x", "HAS_PROPERTY", (), True),
        ("n", "x", "NOT_HAS_PROPERTY", (), False),
        ("day", "2026-02-01", "GT", ("2026-01-31T23:59:59Z",), True),
        ("day", "2026-02-01", "GT", ("2026-02-01",), False),
        ("at", "1970-01-02T00:00:00.000Z", "EQ", (str(DAY),), True),
    ],
)
def test_numbers_and_moments_are_compared_as_such(
    name: str, text: str, operator: str, values: tuple[str, ...], is_found: bool
):
    assert _finds(name, operator, *values, of=_record(**{name: text})) is is_found


@pytest.mark.parametrize(("text", "is_found"), [("5", True), ("7.0", True), ("4", False), ("10", False)])
def test_between_takes_both_bounds(text: str, is_found: bool):
    assert _finds("n", "BETWEEN", "5", of=_record(n=text), high_value="7") is is_found


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
        ("a b", "a+b", True),
        ("a+b", "a c", False),
        ("x", "*", True),
        ("x", "@", False),
        ("bb b", "*b", True),
        ("ab-ab", "a*a", False),
        ("ab-ab", "*a*b", True),
        ("a a a b", "a* b", True),
        ("a a c b", "a* b", False),
        ("one two three", "*e t*o three", True),
        ("a@b", "*@c*", False),
        ("(x)", "(x)", True),
    ],
)
def test_a_token_is_a_whole_word_or_has_asterisks(text: str, token: str, is_found: bool):
    assert _finds("x", "CONTAINS_TOKEN", token, of=_record(x=text)) is is_found
    assert _finds("x", "NOT_CONTAINS_TOKEN", token, of=_record(x=text)) is not is_found


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("a", "*b"),
        ("a", "a*" * 9 + "*b"),
        ("a", "a" * 2900 + "*b"),
        ("a ", "a a b"),
        ("a ", "* a* a* a* b"),
        ("a.", "*.a" * 9 + "b"),
        ("@", "@" * 1000 + "b *"),
    ],
)
def test_looking_for_a_token_takes_time_in_proportion_to_the_text(text: str, token: str):
    def seconds(count: int) -> float:
        record, begun = _record(x=text * count), process_time()
        for _ in range(3):
            assert not _finds("x", "CONTAINS_TOKEN", token, of=record)
        return process_time() - begun

    seconds(1_000)
    assert seconds(200_000) < 12 * max(seconds(50_000), 0.01)


def test_what_is_said_twice_is_asked_once():
    a, b = Filter("a", "EQ", "1"), Filter("b", "IN", values=("x", "y", "X"))
    search = plan_search(CATALOG, CONTACTS, [[a, b, a], [b, a], [b]], "Ann ann  ANN!", ("x", "y", "x"))
    assert search.words == ("ann",)
    assert search.searched == ("x", "y")
    assert [len(group) for group in search.groups] == [2, 1]
    condition = search.groups[1][0]
    assert isinstance(condition, Condition)
    assert [value.folded for value in condition.operands] == ["x", "y"]


def test_a_value_has_a_few_asterisks_and_a_few_words_beside_them():
    for text in ("a*" * 10, "a " * 9 + "*", "a " * 1000):
        _finds("x", "CONTAINS_TOKEN", text)
    for text, what in (
        ("a*" * 11, "asterisks in a value"),
        ("a " * 10 + "*", "words in a value with asterisks"),
    ):
        with pytest.raises(SearchTooLarge) as refused:
            _finds("x", "NOT_CONTAINS_TOKEN", text)
        assert (refused.value.what, refused.value.maximum) == (what, 10)


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
        ("ann@exa", True),
        ("ann@org", False),
        ("example.org", True),
        ("@", True),
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
    return list(search.find(records, _nothing_linked).record_ids)


def test_results_are_sorted_those_without_a_value_last_and_equal_ones_by_id():
    records = [_record(1), _record(2, n="10"), _record(3, n="b"), _record(4, n="9"), _record(5, n="9.0")]
    rising = plan_search(CATALOG, CONTACTS, sorts=[("n", "ASCENDING")], definitions=DEFINITIONS)
    falling = plan_search(CATALOG, CONTACTS, sorts=[("n", "DESCENDING")], definitions=DEFINITIONS)
    assert _ids(rising, *records) == [4, 5, 2, 1, 3]
    assert _ids(falling, *records) == [2, 4, 5, 1, 3]
    assert _ids(plan_search(CATALOG, CONTACTS), *records) == [1, 2, 3, 4, 5]


def test_texts_are_sorted_by_their_first_characters_in_any_case():
    long = "a" * 100
    records = [_record(1, x=long + "b"), _record(2, x="B"), _record(3, x=long.upper()), _record(4, x="9")]
    records += [_record(5, x="10"), _record(6)]
    assert _ids(plan_search(CATALOG, CONTACTS, sorts=[("x", "ASCENDING")]), *records) == [5, 4, 1, 3, 2, 6]
    assert _ids(plan_search(CATALOG, CONTACTS, sorts=[("x", "DESCENDING")]), *records) == [2, 1, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("name", "is_numeric"),
    [("n", True), ("day", True), ("at", True), ("x", False), ("hs_object_id", True), ("createdate", True)],
)
def test_a_property_is_compared_by_its_type(name: str, is_numeric: bool):
    asked = [[Filter(name, "EQ", "1")]]
    search = plan_search(CATALOG, CONTACTS, asked, sorts=[(name, "ASCENDING")], definitions=DEFINITIONS)
    condition = search.groups[0][0]
    assert isinstance(condition, Condition)
    assert condition.is_numeric is is_numeric
    assert search.sort == Sort(name, False, is_numeric)


def test_a_page_shows_its_part_and_counts_all():
    records = [_record(n) for n in range(1, 8)]
    shown = [
        plan_search(CATALOG, CONTACTS, offset=offset, limit=3).find(records, _nothing_linked)
        for offset in (0, 6, 9)
    ]
    assert [list(page.record_ids) for page in shown] == [[1, 2, 3], [7], []]
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
