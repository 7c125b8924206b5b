"""A database whose index held equal values only: searches of every kind find in it what they find in memory."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.domain.model import FIRST_RECORD_ID, CreateRecords, NewRecord, ObjectType
from edgewise.domain.search import Condition, Operator, Search, Sort
from edgewise.domain.values import Value
from edgewise.stores.memory import MemoryStore
from edgewise.stores.migrate import migrate
from edgewise.stores.sqlite import SqliteStore
from edgewise.stores.sqlite.connections import Durability, create_file, open_writer
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.store import MIGRATIONS

PORTAL = 101
CONTACTS = ObjectType(1, "0-1", "contact", "contacts")
MANY = " ".join(f"word{n}" for n in range(50))
RECORDS = [
    {"email": "Ann@example.org", "age": "9.0", "city": "Straße", "bio": MANY, "since": "2026-01-01"},
    {"email": "ben@example.org", "age": "+10", "bio": "x" * 200, 'odd "name"\n$.a': "a\0b"},
    {"email": "cid@example.com", "age": "-7", "city": "Köln am Rhein"},
    {"email": "dee@example.com", "city": "Am Rhein"},
    {},
]
ARCHIVED = {"email": "eve@example.org", "age": "9"}


def _is(name: str, operator: Operator, *texts: str, is_numeric: bool = False) -> Condition:
    return Condition(name, operator, tuple(map(Value.of, texts)), is_numeric)


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[tuple[MemoryStore, SqliteStore]]:
    path = tmp_path / "edgewise.db"
    create_file(path)
    connection = open_writer(path, Durability.NORMAL)
    migrate(SqliteLedger(connection), MIGRATIONS[:10], at=1)
    rows = [(PORTAL, FIRST_RECORD_ID + n, None, json.dumps(values)) for n, values in enumerate(RECORDS)]
    rows.append((PORTAL, FIRST_RECORD_ID + len(RECORDS), 7, json.dumps(ARCHIVED)))
    connection.executemany("INSERT INTO record VALUES (?, 1, ?, 5, 5, ?, ?)", rows)
    old_keys = [
        (PORTAL, 1, name, f"t:{text.casefold()}"[:100], FIRST_RECORD_ID + n)
        for n, values in enumerate(RECORDS)
        for name, text in values.items()
    ]
    connection.executemany("INSERT INTO record_value VALUES (?, ?, ?, ?, ?)", old_keys)
    connection.close()
    memory, sqlite = MemoryStore(), SqliteStore(path)
    await memory.create_records(
        CreateRecords(PORTAL, CONTACTS.code, [NewRecord(each) for each in RECORDS], 5)
    )
    await sqlite.start()
    yield memory, sqlite
    await sqlite.close()


@pytest.mark.parametrize(
    ("search", "count"),
    [
        (Search(CONTACTS), 5),
        (Search(CONTACTS, ((_is("email", Operator.EQ, "ANN@example.org"),),)), 1),
        (Search(CONTACTS, ((_is("age", Operator.GT, "-8", is_numeric=True),),)), 3),
        (Search(CONTACTS, ((_is("age", Operator.NEQ, "9", is_numeric=True),),)), 2),
        (Search(CONTACTS, ((_is("city", Operator.CONTAINS_TOKEN, "rhein"),),)), 2),
        (Search(CONTACTS, ((_is("email", Operator.CONTAINS_TOKEN, "*@example.com"),),)), 2),
        (Search(CONTACTS, ((_is("bio", Operator.CONTAINS_TOKEN, "word49"),),)), 1),
        (Search(CONTACTS, ((_is("bio", Operator.EQ, "X" * 200),),)), 1),
        (Search(CONTACTS, ((_is('odd "name"\n$.a', Operator.EQ, "A\0B"),),)), 1),
        (Search(CONTACTS, ((_is("city", Operator.NOT_HAS_PROPERTY),),)), 2),
        (Search(CONTACTS, (), ("exam",), ("email", "city")), 4),
        (Search(CONTACTS, (), (), (), Sort("age", is_numeric=True)), 5),
        (Search(CONTACTS, (), (), (), Sort("city", is_descending=True)), 5),
    ],
)
async def test_searches_find_what_they_find_in_memory(
    stores: tuple[MemoryStore, SqliteStore], search: Search, count: int
) -> None:
    expected, found = [await store.search_records(PORTAL, search) for store in stores]
    assert expected.total == count
    assert (found.total, list(found.records)) == (expected.total, list(expected.records))


async def test_living_records_are_counted_whatever_becomes_of_them(
    stores: tuple[MemoryStore, SqliteStore],
) -> None:
    for store in stores:
        await store.archive_records(PORTAL, 1, [FIRST_RECORD_ID, FIRST_RECORD_ID], 8)
        await store.purge_record(PORTAL, 1, FIRST_RECORD_ID + 1)
        await store.purge_record(PORTAL, 1, FIRST_RECORD_ID)
        assert (await store.search_records(PORTAL, Search(CONTACTS))).total == 3
