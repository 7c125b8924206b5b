"""The files of the repository are small, well named, and free of what only one machine knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.repo.project import ROOT, project_files, source_files

LINES_PER_FILE = 400
LINES_PER_FUNCTION = 70
FRAGMENT = re.compile(
    r"[a-z0-9]+(-[a-z0-9]+)*\.(added|changed|deprecated|removed|fixed|security|performance)\.md"
)
MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:work|root)/|/home/\w+/")
EXPECTED = ("README.md", "LICENSE", "CHANGELOG.md", "dev", ".ci/run", "src/edgewise/py.typed")


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_source_file_is_longer_than_400_lines():
    lengths = {_short(file): len(file.read_text("utf-8").splitlines()) for file in source_files()}
    assert {name: length for name, length in lengths.items() if length > LINES_PER_FILE} == {}


def test_no_function_is_longer_than_70_lines():
    long = {
        f"{_short(file)}: {node.name}": length
        for file in source_files()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LINES_PER_FUNCTION
    }
    assert long == {}


def test_every_source_module_says_what_it_is_for():
    modules = [file for file in (ROOT / "src").rglob("*.py") if file.read_text("utf-8").strip()]
    assert [
        _short(file) for file in modules if not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ] == []


def test_every_change_fragment_is_well_named_and_says_something():
    fragments = [file for file in (ROOT / "changes").iterdir() if file.name != "README.md"]
    assert [file.name for file in fragments if not FRAGMENT.fullmatch(file.name)] == []
    assert [file.name for file in fragments if not file.read_text("utf-8").strip()] == []


def test_no_file_names_a_path_of_one_machine():
    found = []
    for file in project_files():
        try:
            lines = file.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{_short(file)}:{number}" for number, line in enumerate(lines, 1) if MACHINE_PATH.search(line)
        ]
    assert found == []


@pytest.mark.parametrize("name", EXPECTED)
def test_an_expected_file_exists(name: str):
    assert (ROOT / name).is_file()
