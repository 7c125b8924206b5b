"""A version states only how it differs from the table of operations, in its own file and nowhere else."""

import ast
import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import edgewise
from edgewise.data import quirk_facts
from edgewise.surfaces import versions
from edgewise.surfaces.operations import OPERATIONS, Operation
from edgewise.surfaces.surface import Route, Surface
from edgewise.surfaces.versions import SURFACES, v1, v2, v3, v4, v2025_09, v2026_03

BY_NAME = {operation.name: operation for operation in OPERATIONS}
OF_THE_CRM = tuple(surface for surface in SURFACES if surface not in (v1.SURFACE, v2.SURFACE))
"""Versions of more than OAuth."""
FAMILIES = {operation.family for operation in OPERATIONS}
DATED = (v2025_09.SURFACE, v2026_03.SURFACE)
SOURCE = Path(edgewise.__file__).parent
VERSION_TEXTS = ("2025-09", "2026-03", "2026-09", "/v3/", "/v4", "v3", "v4")


def _operations(surface: Surface) -> dict[str, Operation]:
    return {route.operation.name: route.operation for route in surface.routes()}


def _differences(operation: Operation) -> dict[str, object]:
    """The fields in which an operation of a version is not the table's."""
    table = BY_NAME[operation.name]
    return {
        each.name: getattr(operation, each.name)
        for each in dataclasses.fields(Operation)
        if getattr(operation, each.name) != getattr(table, each.name)
    }


def test_the_versions_are_listed_oldest_first():
    assert [surface.version for surface in SURFACES] == [
        "v1", "v2", "v3", "v4", "2025-09", "2026-03", "2026-09-beta", "2026-09",
    ]  # fmt: skip


def test_every_file_of_a_version_is_in_the_list():
    files = {path.stem for path in Path(versions.__file__).parent.glob("v*.py")}
    assert len(files) == len(SURFACES)
    for name in files:
        assert getattr(versions, name).SURFACE in SURFACES


def test_every_operation_of_the_table_is_named_once():
    assert len(BY_NAME) == len(OPERATIONS)
    assert len({(each.family, each.method, each.path) for each in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda each: each.version)
def test_a_version_differs_from_the_table_exactly_as_it_states(surface: Surface):
    for name, operation in _operations(surface).items():
        assert _differences(operation) == dict(surface.changes.get(name, {}))


@pytest.mark.parametrize("surface", SURFACES, ids=lambda each: each.version)
def test_a_version_changes_operations_that_it_offers(surface: Surface):
    assert surface.changes.keys() <= _operations(surface).keys()


def test_2026_03_offers_everything_it_offers_as_the_table_has_it():
    assert v2026_03.SURFACE.changes == {}


@pytest.mark.parametrize("name", ["create_limits_batch", "update_limits_batch"])
def test_setting_limits_has_no_published_207_in_2025_09_and_2026_09(name: str):
    statuses = {
        each.version: _operations(each)[name].statuses for each in OF_THE_CRM if each is not v3.SURFACE
    }
    usual = BY_NAME[name].statuses
    assert statuses == {
        "v4": usual, "2025-09": (200,), "2026-03": usual, "2026-09-beta": usual, "2026-09": (200,)
    }  # fmt: skip


def test_removing_limits_answers_204_in_v4_and_may_do_so_elsewhere():
    for surface in OF_THE_CRM[1:]:
        found = _operations(surface)["remove_limits_batch"].every_status
        assert found == ((204,) if surface is v4.SURFACE else (200, 204))


def test_archiving_answers_204_in_v4_and_a_batch_in_dated_versions():
    for name in ("dissociate_batch", "remove_labels_batch"):
        assert _operations(v4.SURFACE)[name].statuses == (204,)
        assert _operations(v4.SURFACE)[name].response is None
        for surface in DATED:
            assert _operations(surface)[name].statuses == (200,)
            assert _operations(surface)[name].response is not None


def test_v3_offers_records_and_links_by_name_and_pages_them_with_its_own_list():
    families = {operation.family for operation in _operations(v3.SURFACE).values()}
    assert families == v3.SURFACE.prefixes.keys() & FAMILIES
    assert families >= {"records", "typed_links", "named_links", "named_batch_links"}
    assert not families & {"record_links", "batch_links", "labels"}
    assert v3.SURFACE.link_lists == "/crm/v3/objects"


@pytest.mark.parametrize("surface", OF_THE_CRM[1:], ids=lambda each: each.version)
def test_a_version_after_v3_names_types_by_number_but_for_single_links_of_the_dated_ones(surface: Surface):
    families = {operation.family for operation in _operations(surface).values()}
    named = {family for family in FAMILIES if family.startswith("named_")}
    assert not families & named
    assert ("typed_links" in families) == (surface is not v4.SURFACE)


def test_v4_spells_the_paths_of_labels_both_ways():
    labels = [route.path for route in v4.SURFACE.routes() if route.operation.name == "list_labels"]
    assert labels == [
        f"{prefix}/{{fromObjectType}}/{{toObjectType}}/labels"
        for prefix in ("/crm/associations/v4", "/crm/v4/associations")
    ]


@pytest.mark.parametrize("surface", SURFACES, ids=lambda each: each.version)
def test_a_route_carries_its_version_and_where_that_lists_links(surface: Surface):
    for route in surface.routes():
        assert (route.version, route.served.link_lists) == (surface.version, surface.link_lists)
        assert surface.version in route.path
        assert (route.method, route.path.endswith(route.operation.path)) == (route.operation.method, True)


def test_links_are_listed_where_a_version_says():
    served = {(route.method, route.path) for surface in SURFACES for route in surface.routes()}
    for surface in OF_THE_CRM:
        path = f"{surface.link_lists}/{{objectType}}/{{objectId}}/associations/{{toObjectType}}"
        assert ("GET", path) in served


def test_no_path_is_served_twice():
    served = Counter((route.method, route.path) for surface in SURFACES for route in surface.routes())
    assert {each: times for each, times in served.items() if times > 1} == {}


PUTS_WITH_BODY = {"associate", "update_label", "replace_pipeline", "replace_stage"}


def test_an_operation_reads_a_body_exactly_when_it_has_a_shape_for_it():
    for operation in OPERATIONS:
        assert operation.reads_body == (operation.request is not None)
        if operation.name != "order_high_usage_report":  # the path says it all
            assert operation.reads_body == (
                operation.method in ("POST", "PATCH") or operation.name in PUTS_WITH_BODY
            )


def test_an_operation_without_content_says_so_in_both_ways():
    for surface in SURFACES:
        for operation in _operations(surface).values():
            assert (operation.statuses == (204,)) == (operation.response is None)


def _texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every text of a module but its docstrings, with its line."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


@pytest.mark.parametrize("package", ["domain", "data", "wire", "surfaces", "http", "stores"])
def test_nothing_outside_its_file_knows_a_version(package: str):
    """Names of quirks may: a row that is about one version says so in its name."""
    quirks = {fact.name for fact in quirk_facts()}
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted((SOURCE / package).rglob("*.py"))
        if "versions" not in path.parts
        for line, text in _texts(ast.parse(path.read_text("utf-8")))
        if text not in quirks and any(version in text for version in VERSION_TEXTS)
    ]
    assert found == []


def test_a_route_is_data_only():
    assert all(isinstance(route, Route) for surface in SURFACES for route in surface.routes())
    assert all(route.operation in _operations(v4.SURFACE).values() for route in v4.SURFACE.routes())
