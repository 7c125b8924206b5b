"""Ids of new records: the next free ones, found in few steps however many were mentioned in a row."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edgewise.stores.sqlite import records
from edgewise.stores.sqlite.connections import QUERIES, Connection, Cursor
from edgewise.stores.sqlite.presence import add_bare_records
from tests.unit.stores.sqlite.database import COMPANY, FIRST, PORTAL, new_database

MENTIONED = 50_000
STATEMENTS_MAX = 60


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A portal that mentioned very many companies, with the ids that it would give next."""
    connection = new_database(tmp_path / "edgewise.db")
    with connection:
        add_bare_records(
            connection.cursor(), PORTAL, [(COMPANY, FIRST + number) for number in range(MENTIONED)], at=1
        )
    yield connection
    connection.close()


def _statements(connection: Connection) -> list[str]:
    ran: list[str] = []
    connection.exec_trace = lambda _cursor, sql, _bindings: ran.append(sql) is None
    return ran


def _set_free(cursor: Cursor, *record_ids: int) -> None:
    cursor.executemany("DELETE FROM record WHERE record_id = ?", [(each,) for each in record_ids])


@pytest.mark.parametrize("count", [1, 3, 500])
def test_a_long_row_of_taken_ids_is_passed_in_few_steps(connection: Connection, count: int):
    ran = _statements(connection)
    ids = records.take_record_ids(connection.cursor(), PORTAL, count)
    assert ids == list(range(FIRST + MENTIONED, FIRST + MENTIONED + count))
    assert len(ran) < STATEMENTS_MAX
    assert records.take_record_ids(connection.cursor(), PORTAL, 1) == [ids[-1] + 1]


def test_no_free_id_is_left_out(connection: Connection):
    free = [FIRST + number for number in (3, 4, 9, 40, 4_000, 30_000)]
    cursor = connection.cursor()
    _set_free(cursor, *free)
    first = records.take_record_ids(cursor, PORTAL, 1)
    assert [*first, *records.take_record_ids(cursor, PORTAL, 7)] == [
        *free, FIRST + MENTIONED, FIRST + MENTIONED + 1,
    ]  # fmt: skip


def test_what_is_taken_back_is_not_looked_for_again(connection: Connection):
    cursor = connection.cursor()
    records.pass_taken_ids(cursor, PORTAL, 2)
    ran = _statements(connection)
    cursor.execute(QUERIES.savepoint)
    assert records.take_record_ids(cursor, PORTAL, 2) == [FIRST + MENTIONED, FIRST + MENTIONED + 1]
    cursor.execute(QUERIES.roll_back_to_savepoint)
    assert records.take_record_ids(cursor, PORTAL, 1) == [FIRST + MENTIONED]
    assert len(ran) < 10


def test_nor_is_it_behind_a_free_id(connection: Connection):
    cursor = connection.cursor()
    _set_free(cursor, FIRST, FIRST + 1)
    for _ in range(2):
        ran = _statements(connection)
        records.pass_taken_ids(cursor, PORTAL, 3)
    assert len(ran) < 10
    assert records.take_record_ids(cursor, PORTAL, 2) == [FIRST + MENTIONED, FIRST + MENTIONED + 1]


def test_free_ids_near_each_other_are_all_given(connection: Connection):
    cursor = connection.cursor()
    free = [FIRST + 1, FIRST + 70, FIRST + 9_000]
    _set_free(cursor, *free)
    records.pass_taken_ids(cursor, PORTAL, 3)
    assert records.take_record_ids(cursor, PORTAL, 3) == free
