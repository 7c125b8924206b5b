"""What the package says of its coverage is what the routes, the documents and the tests say."""

import subprocess
import sys
from pathlib import Path

from edgewise import wiring
from edgewise.data import coverage_facts, quirk_facts
from edgewise.surfaces.coverage import coverage, quirks_of
from edgewise.surfaces.operations import OPERATIONS
from tests.conformance.cases import CASES
from tests.conformance.documents import published
from tests.conformance.recording import addresses

PAGE = Path(__file__).parents[2] / "docs/coverage.md"
ROUTES = wiring.routes()
EVERYWHERE = {
    "error_category",
    "batch_error_items",
    "inputs_over_maximum",
    "legacy_types",
    "one_way_types",
    "transport_errors",
}
"""Quirks of no operation in particular: they are about errors, batches and types wherever these are."""
STATUSES_OF_QUIRKS = {
    207: "partly_failed_batch",
    204: "purge_answer",
    200: "v3_create_status",
}


def test_the_page_is_the_one_that_the_command_prints():
    """If this fails: ./dev coverage."""
    shown = subprocess.run(
        [sys.executable, "-m", "edgewise", "coverage"], capture_output=True, check=True, timeout=60
    ).stdout
    assert PAGE.read_bytes() == shown


def test_the_page_has_a_line_for_every_operation():
    lines = PAGE.read_text("utf-8").splitlines()
    rows = coverage(ROUTES, coverage_facts(), quirk_facts())
    assert [
        row.path for row in rows if not any(f"`{row.method} {row.path}` |" in line for line in lines)
    ] == []


def test_the_data_has_everything_that_is_served_or_published():
    """If this fails: ./dev coverage."""
    assert [(fact.version, fact.method, fact.path) for fact in coverage_facts()] == addresses()
    assert [fact.published for fact in coverage_facts()] == [each in published() for each in addresses()]


def test_the_data_says_that_everything_served_passed():
    """Whoever runs this runs the cases too, and they fail if it is no longer so."""
    served = {(route.version, route.method, route.path) for route in ROUTES}
    passed = {
        (fact.version, fact.method, fact.path)
        for fact in coverage_facts()
        if fact.passed == ["documented", "observed"]
    }
    assert passed == served


def test_an_operation_that_passed_has_cases_that_succeed():
    succeeding = {case.operation for case in CASES if case.status < 400}
    assert {operation.name for operation in OPERATIONS} == succeeding


def test_operations_name_every_quirk_that_shows_in_them_and_no_other():
    named = {name for route in ROUTES for name in quirks_of(route.operation)}
    assert named | EVERYWHERE == {fact.name for fact in quirk_facts()}
    assert not named & EVERYWHERE


def test_a_status_that_no_document_has_comes_of_a_quirk():
    unexplained = {
        (route.version, route.operation.name, status)
        for route in ROUTES
        for status in route.operation.unpublished_statuses
        if STATUSES_OF_QUIRKS.get(status) not in quirks_of(route.operation)
    }
    assert unexplained == set()
