"""Routes, documents and the findings of tests become one row for each operation."""

from dataclasses import replace

import pytest

from edgewise.data import CoverageFact, QuirkFact
from edgewise.surfaces.coverage import Cell, coverage, operations_showing, quirks_of
from edgewise.surfaces.operations import OPERATIONS, Operation
from edgewise.surfaces.surface import Route
from edgewise.wire.messages import Served

BOTH = ["documented", "observed"]
PLAIN = replace(
    next(each for each in OPERATIONS if each.name == "list_labels"), quirks=(), unpublished="", caveat=""
)
QUIRKS = [
    QuirkFact("ids", "…", ["string", "number"], "string", "number", "…", "…", "2026-11-22"),
    QuirkFact("order", "…", ["up", "down"], "up", "up", "…", "…", "2026-11-22"),
    QuirkFact("partly_failed_batch", "…", ["usual", "207"], "usual", "207", "…", "…", "2026-11-22"),
]
PATH = "/crm/things/v9/{id}"


def _route(operation: Operation = PLAIN, path: str = PATH, version: str = "v9") -> Route:
    return Route(version, "GET", path, operation, Served("", operation.statuses))


def _fact(
    path: str = PATH, version: str = "v9", published: bool = True, passed: list[str] = BOTH
) -> CoverageFact:
    return CoverageFact(version, "GET", path, published, passed)


def _cell(operation: Operation = PLAIN, fact: CoverageFact | None = None) -> Cell:
    (row,) = coverage([_route(operation)], [fact or _fact()], QUIRKS)
    return row.cells["v9"]


def test_an_operation_that_is_published_and_passes_works():
    assert _cell() == Cell("works", "list_labels", (), ())


def test_an_operation_that_the_profiles_answer_unlike_differs_by_the_quirk():
    assert _cell(replace(PLAIN, quirks=("order", "ids"))) == Cell("differs", "list_labels", ("ids",), ())


def test_a_status_that_no_document_has_is_a_quirk_as_well():
    operation = replace(PLAIN, unpublished_statuses=(207,))
    assert quirks_of(operation) == ("partly_failed_batch",)
    assert _cell(operation) == Cell("differs", "list_labels", ("partly_failed_batch",), ())


def test_an_answer_that_lacks_something_differs_and_says_what():
    assert _cell(replace(PLAIN, caveat="always 0")) == Cell("differs", "list_labels", (), ("always 0",))


def test_a_path_that_no_document_has_differs_and_says_why():
    operation = replace(PLAIN, unpublished="guides have it")
    assert _cell(operation, _fact(published=False)) == Cell("differs", "list_labels", (), ("guides have it",))


def test_a_published_path_keeps_its_version_from_differing_by_another_spelling():
    operation = replace(PLAIN, unpublished="guides have it")
    other = "/crm/v9/things/{id}"
    (row,) = coverage(
        [_route(operation), _route(operation, other)], [_fact(), _fact(other, published=False)], QUIRKS
    )
    assert (row.path, row.cells) == (
        "things/{id}",
        {"v9": Cell("works", "list_labels", (), ("guides have it",))},
    )


@pytest.mark.parametrize("passed", [[], ["documented"], ["observed"]])
def test_an_operation_that_does_not_pass_in_each_profile_fails(passed: list[str]):
    assert _cell(fact=_fact(passed=passed)).state == "fails"


def test_a_published_path_that_nothing_serves_is_absent():
    (row,) = coverage([], [_fact()], QUIRKS)
    assert (row.summary, row.cells) == ("", {"v9": Cell("absent", None)})


def test_versions_share_the_row_of_an_operation():
    facts = [_fact(), _fact("/crm/things/v10/{id}", "v10", passed=[])]
    routes = [_route(), _route(path="/crm/things/v10/{id}", version="v10")]
    (row,) = coverage(routes, facts, QUIRKS)
    assert {version: cell.state for version, cell in row.cells.items()} == {"v9": "works", "v10": "fails"}


def test_the_operations_that_a_quirk_shows_in_are_named_once():
    named = replace(PLAIN, quirks=("ids",))
    assert operations_showing("ids", [named, PLAIN, named]) == ["list_labels"]
    assert operations_showing("order", [named, PLAIN]) == []
