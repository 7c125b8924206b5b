"""The reader of named statements."""

import pytest

from edgewise.stores.sql import MalformedQueries, Queries, parse_queries

TWO = """-- A file may say something first.

-- name: count_links
-- Why this one is there.
SELECT count(*)
FROM edge;

-- another heading ----------

-- name: remove_all
-- It has a comment in the middle.
DELETE
-- like this
FROM edge;
"""


def test_statements_are_found_by_name_without_their_comments() -> None:
    statements = parse_queries(TWO)

    assert statements == {"count_links": "SELECT count(*)\nFROM edge;", "remove_all": "DELETE\nFROM edge;"}


def test_a_statement_is_an_attribute() -> None:
    queries = Queries({"count_links": "SELECT 1"})

    assert queries.count_links == "SELECT 1"
    with pytest.raises(AttributeError, match="no statement is named count_link"):
        queries.count_link  # noqa: B018


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: a\n-- Why.\nSELECT 1;\n-- name: a\n-- Why.\nSELECT 2;", "two statements are named a"),
        ("SELECT 1;\n-- name: a\n-- Why.\nSELECT 2;", "before the first name"),
        ("-- name: put link\n-- Why.\nSELECT 1;", "before the first name"),
        ("-- name: put-link\n-- Why.\nSELECT 1;", "'put-link' cannot be the name"),
        ("-- name:\n-- Why.\nSELECT 1;", "'' cannot be the name"),
        ("-- name: a\nSELECT 1;", "a does not say why"),
        ("-- name: a\n-- Why.\n", "a is empty"),
    ],
)
def test_a_malformed_file_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(MalformedQueries, match=complaint):
        parse_queries(text)
