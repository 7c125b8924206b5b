"""A database that a program without an index of values made: its records are found by their values all the same."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.domain.model import ObjectType
from edgewise.domain.record_keys import property_key
from edgewise.domain.search import Condition, Operator, Search
from edgewise.domain.values import Value
from edgewise.stores.migrate import migrate
from edgewise.stores.sqlite import SqliteStore
from edgewise.stores.sqlite.connections import Durability, create_file, open_writer
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.store import MIGRATIONS

PORTAL = 101
CONTACTS = ObjectType(1, "0-1", "contact", "contacts")
ANN, BEN, CID = 30_000_000_001, 30_000_000_002, 30_000_000_003
RECORDS = [
    (ANN, None, {"email": "Ann@example.org", "age": "9.0", "city": "Straße", "since": "2026-01-01"}),
    (BEN, None, {"email": "ben@example.org", "age": "9", "bio": "x" * 200, 'odd "name"\n$.a': "a\0b"}),
    (CID, 7, {"email": "cid@example.org", "age": "9"}),
]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    path = tmp_path / "edgewise.db"
    create_file(path)
    connection = open_writer(path, Durability.NORMAL)
    migrate(SqliteLedger(connection), MIGRATIONS[:6], at=1)
    connection.executemany(
        "INSERT INTO record VALUES (?, 1, ?, 5, 5, ?, ?)",
        [(PORTAL, record_id, archived_at, json.dumps(values)) for record_id, archived_at, values in RECORDS],
    )
    connection.close()
    store = SqliteStore(path)
    await store.start()
    yield store
    await store.close()


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("email", "ANN@example.org", [ANN]),
        ("age", "9", [ANN, BEN]),
        ("city", "STRASSE", [ANN]),
        ("since", "2026-01-01T00:00:00Z", [ANN]),
        ("bio", "X" * 200, [BEN]),
        ("bio", "X" * 201, []),
        ('odd "name"\n$.a', "A\0B", [BEN]),
        ('odd "name"\n$.a', "a", []),
        ("email", "cid@example.org", []),
    ],
)
async def test_records_are_found_by_their_values(
    store: SqliteStore, name: str, text: str, found: list[int]
) -> None:
    condition = Condition(name, Operator.EQ, (Value.of(text),), name in ("age", "since"))
    page = await store.search_records(PORTAL, Search(CONTACTS, ((condition,),)))
    assert [record.record_id for record in page.records] == found


async def test_records_of_either_state_are_told_by_a_property(store: SqliteStore) -> None:
    for email, is_archived, expected in (("ANN@example.org", False, ANN), ("CID@example.org", True, CID)):
        [record] = await store.find_records(PORTAL, 1, [property_key("email", email)], is_archived)
        assert record is not None
        assert record.record_id == expected


async def test_a_value_that_was_there_is_left_behind_when_it_changes(store: SqliteStore) -> None:
    from edgewise.domain.model import RecordChange

    await store.update_records(PORTAL, 1, [RecordChange(BEN, {"age": "10"})], 8)
    condition = Condition("age", Operator.EQ, (Value.of("9"),), True)
    page = await store.search_records(PORTAL, Search(CONTACTS, ((condition,),)))
    assert [record.record_id for record in page.records] == [ANN]
