"""A database that a program without accounts made: its tokens open what they opened, and its portals have accounts."""

import time
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from edgewise.domain.accounts import Tier, Token
from edgewise.stores.migrate import migrate
from edgewise.stores.sqlite import SqliteStore
from edgewise.stores.sqlite.connections import Connection, Durability, create_file, open_writer
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.store import MIGRATIONS

AT = 1_790_000_000_000
WITH_RECORDS, WITH_TOKEN, WITH_BOTH = 101, 202, 303
JOB = "INSERT INTO job VALUES (?, ?, 'report', '{}', 'done', 1, ?, ?, ?, NULL, NULL, 'a,b')"


def _fill(connection: Connection) -> None:
    connection.executemany(
        "INSERT INTO portal VALUES (?, 30000000002, 1, 0)", [(WITH_RECORDS,), (WITH_BOTH,)]
    )
    connection.executemany(
        'INSERT INTO record VALUES (?, 1, 30000000001, 5, 5, NULL, \'{"a":"b"}\')',
        [(WITH_RECORDS,), (WITH_BOTH,)],
    )
    tokens = [("second", WITH_BOTH, AT + 9), ("first", WITH_BOTH, AT), ("alone", WITH_TOKEN, AT + 5)]
    connection.executemany(
        "INSERT INTO token VALUES (?, ?, ?, ?)",
        [(sha256(text.encode()).digest(), portal_id, text, at) for text, portal_id, at in tokens],
    )
    connection.executemany(JOB, [(7, WITH_BOTH, AT, AT, AT), (9, WITH_RECORDS, AT, AT, AT)])


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    path = tmp_path / "edgewise.db"
    create_file(path)
    connection = open_writer(path, Durability.NORMAL)
    migrate(SqliteLedger(connection), MIGRATIONS[:4], at=1)
    _fill(connection)
    connection.close()
    store = SqliteStore(path)
    await store.start()
    yield store
    await store.close()


async def test_tokens_open_what_they_opened_with_every_scope(store: SqliteStore) -> None:
    for number, (text, portal_id, at) in enumerate(
        [("first", WITH_BOTH, AT), ("alone", WITH_TOKEN, AT + 5), ("second", WITH_BOTH, AT + 9)], 1
    ):
        digest = sha256(text.encode()).digest()
        kept = await store.accounts.find_token(digest)
        assert kept == Token(digest, portal_id, text, at, token_id=number)
    assert await store.accounts.count_tokens() == 3


async def test_every_portal_that_was_used_has_an_account(store: SqliteStore) -> None:
    accounts = await store.accounts.list_accounts()
    assert [account.portal_id for account in accounts] == [WITH_RECORDS, WITH_TOKEN, WITH_BOTH]
    for account in accounts:
        assert (account.tier, account.time_zone, account.api_add_ons) == (Tier.ENTERPRISE, "UTC", 0)
        assert account.name == f"Portal {account.portal_id}"
    now = time.time() * 1000
    made = [account.created_at for account in accounts]
    assert made[1:] == [AT + 5, AT], "made when its first token was"
    assert now - 600_000 < made[0] <= now, "or when the database was brought up to date"


async def test_records_and_jobs_are_where_they_were(store: SqliteStore) -> None:
    for portal_id, job_id in ((WITH_BOTH, 7), (WITH_RECORDS, 9)):
        [record] = await store.read_records(portal_id, 1, [30_000_000_001])
        assert record is not None
        assert record.properties == {"a": "b"}
        [job] = await store.list_jobs(portal_id)
        kept = await store.read_job(portal_id, job_id)
        assert kept is not None
        assert (kept.job, kept.content) == (job, "a,b")
    assert await store.list_jobs(WITH_TOKEN) == []


async def test_new_tokens_go_on_from_there(store: SqliteStore) -> None:
    kept = await store.accounts.add_token(Token(b"x" * 32, WITH_TOKEN, "new", AT))
    assert kept.token_id == 4
    assert await store.accounts.first_free_portal_id(WITH_RECORDS) == WITH_RECORDS + 1
