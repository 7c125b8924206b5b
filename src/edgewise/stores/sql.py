"""Statements with names, read from a file: the SQL stays in SQL files, Python only says which statement."""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable

_HEADER = re.compile(r"^-- name:[ \t]*(\S*)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*--.*\n?", re.MULTILINE)


class MalformedQueries(Exception):
    """A file of statements that cannot be read; it says which statement is wrong."""


class Queries:
    """The statements of one file; each is an attribute, its text without the comments."""

    def __init__(self, statements: dict[str, str]) -> None:
        self.__dict__.update(statements)

    def __getattr__(self, name: str) -> str:
        raise AttributeError(f"no statement is named {name}")


def load_queries(file: Traversable) -> Queries:
    """Read a file of statements. Raises: MalformedQueries."""
    return Queries(parse_queries(file.read_text(encoding="utf-8")))


def parse_queries(text: str) -> dict[str, str]:
    """The statements of a text by name.

    Each has a header `-- name: put_link`, a comment that says why it is there, and its SQL.
    Raises: MalformedQueries for a name that is no identifier or is used twice, and for a statement that lacks
    its comment or its SQL.
    """
    before, *parts = _HEADER.split(text)
    if _COMMENT.sub("", before).strip():
        raise MalformedQueries("a statement stands before the first name")
    statements: dict[str, str] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if not name.isidentifier():
            raise MalformedQueries(f"{name!r} cannot be the name of a statement")
        if name in statements:
            raise MalformedQueries(f"two statements are named {name}")
        statements[name] = _statement(name, body.strip())
    return statements


def _statement(name: str, body: str) -> str:
    if not body.startswith("--"):
        raise MalformedQueries(f"the statement {name} does not say why it is there")
    statement = _COMMENT.sub("", body).strip()
    if not statement:
        raise MalformedQueries(f"the statement {name} is empty")
    return statement
