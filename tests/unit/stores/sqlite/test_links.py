"""Pages of links, where the rows of a target may be more than were asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgewise.domain.model import LinkedTarget, LinkPage, RecordRef
from edgewise.stores.sqlite import links
from edgewise.stores.sqlite.connections import QUERIES, Cursor
from tests.unit.stores.sqlite.database import COMPANY, CONTACT, FIRST, PORTAL, new_database

TYPES_OF_TARGETS = [1, 12, 1, 2, 40, 3, 1, 1]
SOURCE = RecordRef(CONTACT, FIRST)


@pytest.fixture
def cursor(tmp_path: Path) -> Iterator[Cursor]:
    """One contact, whose companies are linked by the numbers of types above."""
    connection = new_database(tmp_path / "edgewise.db")
    cursor = connection.cursor()
    rows = [
        (PORTAL, CONTACT, FIRST, COMPANY, target_id, 4 * key)
        for target_id, types in enumerate(TYPES_OF_TARGETS, 1)
        for key in range(types)
    ]
    cursor.executemany(QUERIES.add_edge, rows)
    cursor.execute(QUERIES.add_edge, (PORTAL, CONTACT, FIRST, COMPANY, 99, -5))
    yield cursor
    connection.close()


def expected(after: int, limit: int) -> LinkPage:
    every = [
        LinkedTarget(target_id, tuple(4 * key for key in range(types)))
        for target_id, types in enumerate(TYPES_OF_TARGETS, 1)
    ]
    found = every[after:]
    return LinkPage(found[:limit], len(found) > limit)


@pytest.mark.parametrize("limit", range(1, 10))
@pytest.mark.parametrize("after", range(9))
def test_a_page_has_each_target_whole(cursor: Cursor, after: int, limit: int) -> None:
    assert links.list_links(cursor, PORTAL, SOURCE, COMPANY, after, limit) == expected(after, limit)


@pytest.mark.parametrize("limit", range(1, 10))
def test_pages_of_many_are_as_pages_of_one(cursor: Cursor, limit: int) -> None:
    sources = [(FIRST, after) for after in range(9)] + [(FIRST + 1, 0)]
    pages = links.read_links(cursor, PORTAL, CONTACT, COMPANY, sources, limit)

    assert pages == [*(expected(after, limit) for after in range(9)), LinkPage([], False)]


def test_a_target_is_a_named_tuple(cursor: Cursor) -> None:
    [first, *_] = links.list_links(cursor, PORTAL, SOURCE, COMPANY, 0, 1).targets

    assert (type(first), first.target_id, first.keys) == (LinkedTarget, 1, (0,))


def test_ids_keep_all_their_64_bits(cursor: Cursor) -> None:
    largest = 2**63 - 1
    cursor.execute(QUERIES.add_edge, (PORTAL, CONTACT, largest, COMPANY, largest, 4))
    page = LinkPage([LinkedTarget(largest, (4,))], False)

    assert links.list_links(cursor, PORTAL, RecordRef(CONTACT, largest), COMPANY, 0, 5) == page
    assert links.read_links(cursor, PORTAL, CONTACT, COMPANY, [(largest, largest - 1)], 5) == [page]
