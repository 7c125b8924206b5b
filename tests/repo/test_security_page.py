"""SECURITY.md names a test behind each promise and each attack, and the tests it names are there."""

import ast
import re

import pytest

from tests.repo.documents import read, table_rows
from tests.repo.project import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")

ROWS = [row for row in table_rows(read("SECURITY.md")) if "`tests/" in row[-1]]


def _functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


@pytest.mark.parametrize("title", ["What is promised", "What attacks come to"])
def test_every_row_has_a_test_behind_it(title: str):
    section = read("SECURITY.md").partition(f"## {title}\n")[2].partition("\n## ")[0]
    _, *rows = [line for line in section.splitlines() if line.startswith("| ")]
    assert [row for row in rows if "`tests/" not in row.rpartition(" | ")[2]] == []
    assert len(rows) > 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_the_tests_that_a_row_names_are_there(row: tuple[str, ...]):
    named = NAMED.findall(row[-1])
    assert named
    for file, function in named:
        assert (ROOT / file).is_file(), file
        assert not function or function in _functions(file), function
