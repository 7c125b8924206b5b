"""SECURITY.md names a test behind each promise, and the tests it names are there."""

import ast
import re

import pytest

from tests.repo.documents import read, table_rows
from tests.repo.project import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")

PROMISES = [row for row in table_rows(read("SECURITY.md")) if "`tests/" in row[-1]]


def _functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


def test_every_promise_has_a_test_behind_it():
    promises = read("SECURITY.md").partition("## What is promised")[2].partition("\n## ")[0]
    rows = [
        line for line in promises.splitlines() if line.startswith("| ") and not line.startswith("| promise")
    ]
    assert len(rows) == len(PROMISES) > 10


@pytest.mark.parametrize("row", PROMISES, ids=lambda row: row[0][:60])
def test_the_tests_of_a_promise_are_there(row: tuple[str, ...]):
    named = NAMED.findall(row[-1])
    assert named
    for file, function in named:
        assert (ROOT / file).is_file(), file
        assert not function or function in _functions(file), function
