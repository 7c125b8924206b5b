"""What labels do: two ids for two directions, texts that are unique, and what becomes of records that carry them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conformance.errors import VALIDATION, assert_error
from tests.support import paths
from tests.support.crm import Crm, spec
from tests.support.labels import LABEL_VERSIONS, Labels, unique
from tests.support.portal import SPACESHIP, USER, define_types
from tests.support.server import Server, database_of

VERSIONS = pytest.mark.parametrize("version", LABEL_VERSIONS)
UNLABELLED, UNLABELLED_BACK = 15, 16
PAIR = ("contacts", "tickets")


@pytest.fixture
def labels(live: Crm) -> Labels:
    return Labels(live, PAIR)


@pytest.fixture(scope="module", params=["documented", "observed"])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """A server on which two object types may have two labels between them."""
    folder = tmp_path_factory.mktemp("small")
    define_types(database_of(folder))
    with (
        Server(folder, profile=request.param, labels_per_pair_max=2, is_durable=False) as server,
        Crm(server.url, request.param) as crm,
    ):
        yield crm


@VERSIONS
def test_a_label_is_created_listed_renamed_and_deleted(live: Crm, version: str):
    labels, (boss, report) = Labels(live, PAIR, version), (unique("Boss"), unique("Report"))
    created = labels.post(label=boss, inverseLabel=report, name=unique())
    assert created.status_code == 200
    first, second = created.json()["results"]
    there, back = first["typeId"], second["typeId"]
    ends = {"fromObjectTypeId": None, "toObjectTypeId": None} if live.is_observed else {}
    assert first == {"category": USER, "typeId": there, "label": boss, **ends}
    assert second == {"category": USER, "typeId": back, "label": report, **ends}
    assert back == there + 1
    assert labels.listed()[there] == boss
    assert labels.back().listed()[back] == report
    renamed = labels.put(there, major := unique("Major"), inverseLabel=(minor := unique("Minor")))
    assert (renamed.status_code, renamed.content) == (204, b"")
    assert (labels.listed()[there], labels.back().listed()[back]) == (major, minor)
    deleted = labels.delete(back)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert there not in labels.listed()
    assert back not in labels.back().listed()


def test_both_spellings_of_v4_have_the_same_labels(live: Crm, labels: Labels):
    other = "/crm/associations/v4/contacts/tickets/labels"
    answer = live.post(other, {"label": unique(), "name": unique()})
    type_id = answer.json()["results"][0]["typeId"]
    assert type_id in labels.listed()
    assert live.delete(f"{other}/{type_id}").status_code == 204
    assert type_id not in labels.listed()


def test_a_list_never_tells_names(live: Crm, labels: Labels):
    labels.create(unique())
    rows = live.get(labels.path).json()["results"]
    assert {frozenset(row) for row in rows} == {frozenset({"category", "typeId", "label"})}


def test_one_text_stands_on_both_sides(live: Crm, labels: Labels):
    there, back = labels.create(text := unique())
    assert labels.listed()[there] == labels.back().listed()[back] == text
    labels.put(back, other := unique())
    assert labels.listed()[there] == labels.back().listed()[back] == other


def test_one_text_of_one_object_type_has_one_id(live: Crm):
    labels = Labels(live, ("tickets", "tickets"))
    (mate,) = labels.create(unique())
    one, other = live.create("tickets", 2)
    live.put(paths.link("v4", "tickets", one, "tickets", other), [spec(mate, USER)])
    types = sorted([mate, 452])
    assert live.both_ends("tickets", one, "tickets", other) == (types, types)
    assert labels.put(mate, unique(), inverseLabel=unique()).status_code == 400


def test_two_texts_of_one_object_type_are_in_one_list(live: Crm):
    labels = Labels(live, ("tickets", "tickets"))
    leads, follows = labels.create(first := unique(), second := unique())
    assert labels.listed().items() >= {leads: first, follows: second}.items()
    one, other = live.create("tickets", 2)
    live.put(paths.link("v4", "tickets", one, "tickets", other), [spec(leads, USER)])
    assert live.both_ends("tickets", one, "tickets", other) == (
        sorted([leads, 452]),
        sorted([follows, 452]),
    )


def test_a_label_reads_from_both_ends_and_follows_its_text(live: Crm, labels: Labels):
    contact, ticket = live.pair(*PAIR)
    there, back = labels.create(unique(), inverse := unique())
    live.put(paths.link("2026-03", "contacts", contact, "tickets", ticket), [spec(there, USER)])
    assert live.both_ends("contacts", contact, "tickets", ticket) == (
        sorted([there, UNLABELLED]),
        sorted([back, UNLABELLED_BACK]),
    )
    for text in (inverse, unique()):
        if text != inverse:
            labels.put(there, unique(), inverseLabel=text)
        (row,) = live.get(paths.links("v4", "tickets", ticket, "contacts")).json()["results"]
        assert {each["label"] for each in row["associationTypes"]} == {None, text}


@pytest.mark.parametrize("half", [0, 1])
def test_a_deleted_label_leaves_its_records_linked_from_both_ends(live: Crm, labels: Labels, half: int):
    contact, ticket = live.pair(*PAIR)
    ids = labels.create(unique(), unique())
    kept, kept_back = labels.create(unique())
    path = paths.link("2026-03", "contacts", contact, "tickets", ticket)
    live.put(path, [spec(ids[0], USER), spec(kept, USER)])
    assert labels.delete(ids[half]).status_code == 204
    assert live.both_ends("contacts", contact, "tickets", ticket) == (
        sorted([kept, UNLABELLED]),
        sorted([kept_back, UNLABELLED_BACK]),
    )
    assert live.put(path, [spec(ids[0], USER)]).status_code == 400


def test_ids_are_never_given_twice(live: Crm, labels: Labels):
    ids = labels.create(unique())
    labels.delete(ids[0])
    assert min(labels.create(unique())) > max(ids)


@pytest.mark.parametrize("pair", [PAIR, ("tickets", "contacts"), ("companies", "tickets")])
def test_a_name_is_unique_in_the_portal(live: Crm, labels: Labels, pair: tuple[str, str]):
    labels.create(unique(), name=(name := unique()))
    answer = Labels(live, pair).post(label=unique(), name=name)
    assert_error(live, answer, 400, f"Association definition named {name} already exists for portal")


def test_a_text_is_unique_in_each_direction(live: Crm, labels: Labels):
    labels.create(first := unique(), second := unique())
    for answer, text, ends in (
        (labels.post(label=first, name=unique()), first, "0-1-0-5"),
        (labels.post(label=second, name=unique()), second, "0-5-0-1"),
        (labels.post(label=unique(), inverseLabel=second, name=unique()), second, "0-5-0-1"),
        (labels.back().post(label=second, name=unique()), second, "0-5-0-1"),
    ):
        body = answer.json()
        assert answer.status_code == 400
        assert (
            body["message"] == f"Association definition label {text} already exists on ObjectType pair {ends}"
        )
        assert body["subCategory"] == "AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL"
        assert body["category"] == VALIDATION
    assert labels.post(label=second, inverseLabel=first, name=unique()).status_code == 200


def test_a_rename_may_keep_its_texts_and_take_no_others(live: Crm, labels: Labels):
    there, _ = labels.create(text := unique(), unique())
    labels.create(taken := unique())
    assert labels.put(there, text, inverseLabel=text).status_code == 204
    assert labels.put(there, taken).status_code == 400
    assert labels.listed()[there] == text


def test_of_many_that_ask_for_one_text_at_once_one_gets_it(live: Crm, labels: Labels):
    text = unique()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: labels.post(label=text, name=unique()).status_code, range(8)))
    assert sorted(answers) == [200] + [400] * 7
    assert list(labels.listed().values()).count(text) == 1


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("a-b", "must not contain a hyphen"),
        ("1st", "must not start with a digit"),
        ("", "must not be blank"),
        ("a" * 201, "must have at most 200 characters"),
    ],
)
def test_a_name_of_a_wrong_shape_is_refused(live: Crm, labels: Labels, name: str, fault: str):
    answer = labels.post(label=unique(), name=name)
    message = f"Association definition name {name!r} is not valid: it {fault}"
    assert_error(live, answer, 400, message, context={"name": [name]})


@pytest.mark.parametrize(
    ("body", "column", "missing"),
    [
        (b'{"name": "x"}', 13, "label"),
        (b'{"name": "x", "label": null}', 28, "label"),
        (b'{"label": "x"}', 14, "name"),
        (b"{}", 2, "label, name"),
    ],
)
def test_required_fields_are_named_and_nothing_is_made(
    live: Crm, labels: Labels, body: bytes, column: int, missing: str
):
    before = labels.listed()
    answer = live.post(labels.path, body)
    where = f"Invalid input JSON on line 1, column {column}. "
    assert_error(live, answer, 400, f"{where}Some required fields were not set: [{missing}]")
    assert labels.listed() == before


def test_what_does_not_exist_or_is_hubspots_own_stays(live: Crm, labels: Labels):
    assert_error(live, labels.put(999_999, "x"), 400, "Unable to find association type 999999")
    assert_error(live, labels.delete(999_999), 400, "Unable to find objectTypeIds")
    assert_error(live, labels.delete("x"), 400, "x is not a valid associationTypeId", context={"id": ["x"]})
    message = f"Association type {UNLABELLED} is defined by HubSpot and cannot be changed or deleted"
    assert_error(live, labels.put(UNLABELLED, "x"), 400, message)
    assert_error(live, labels.delete(UNLABELLED), 400, message)


def test_the_labels_of_a_pair_are_counted_once_for_both_directions(small: Crm):
    labels = Labels(small, PAIR)
    boss, _ = labels.create("Boss", "Report")
    labels.back().create("Mate")
    for turned in (labels, labels.back()):
        answer = turned.post(label=unique(), name=unique())
        assert_error(
            small, answer, 437,
            f"No more than 2 association types are allowed between {turned.pair[0]} and {turned.pair[1]}",
        )  # fmt: skip
    Labels(small, ("contacts", "contacts")).create("Mate")
    labels.delete(boss)
    labels.create("Friend")


def test_the_unlabelled_type_does_not_count(small: Crm):
    labels = Labels(small, (SPACESHIP, "companies"))
    labels.create("")
    for text in ("Owner", "Builder"):
        labels.create(text)
    assert labels.post(label="Pilot", name=unique()).status_code == 437


def test_the_first_label_of_a_custom_object_brings_the_unlabelled_type(live: Crm):
    labels = Labels(live, (SPACESHIP, "deals"))
    ship, deal = live.pair(SPACESHIP, "deals")
    default = paths.default_link("v4", SPACESHIP, ship, "deals", deal)
    assert live.put(default).status_code == 400
    there, back = labels.create("Sold as", "Sells")
    plain = {key for key, text in labels.listed().items() if text is None}
    plain_back = {key for key, text in labels.back().listed().items() if text is None}
    assert (len(plain), len(plain_back)) == (1, 1)
    live.put(paths.link("v4", SPACESHIP, ship, "deals", deal), [spec(there, USER)])
    assert live.both_ends(SPACESHIP, ship, "deals", deal) == (
        sorted({there, *plain}),
        sorted({back, *plain_back}),
    )
    assert live.put(default).status_code == 200
    for type_id in (*plain, *plain_back):
        assert_error(
            live, labels.delete(type_id), 400,
            f"Definition with label still exists; Cannot delete unlabeled type with associationTypeId {type_id}",
        )  # fmt: skip
    assert labels.delete(there).status_code == labels.delete(*plain).status_code == 204
    assert live.both_ends(SPACESHIP, ship, "deals", deal) == ([], [])
    assert labels.listed() == {}


def test_an_empty_label_makes_the_unlabelled_type_alone(live: Crm):
    labels = Labels(live, (SPACESHIP, "tickets"))
    answer = labels.post(label="", name=unique())
    assert [each["label"] for each in answer.json()["results"]] == [None, None]
    again = labels.post(label="", name=unique())
    message = "Unlabeled association definition already exists on ObjectType pair 2-7001-0-5"
    assert_error(live, again, 400, message)
    (type_id,) = labels.listed()
    assert labels.put(type_id, "x").status_code == 400
    assert labels.delete(type_id).status_code == 204
    assert labels.listed() == {}


def test_labels_outlive_their_server(tmp_path: Path):
    settings = {"profile": "documented", "is_durable": False}
    with Server(tmp_path, **settings) as server, Crm(server.url, "documented") as crm:
        ids = Labels(crm, PAIR).create("Boss", "Report")
    with Server(tmp_path, **settings) as server, Crm(server.url, "documented") as crm:
        assert Labels(crm, PAIR).listed() == {ids[0]: "Boss"}
        assert Labels(crm, PAIR).post(label="Boss", name=unique()).status_code == 400
