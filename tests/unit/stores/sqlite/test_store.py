"""The SQLite store as a whole: its file, its start and its end."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from edgewise.domain.accounts import Token, usual_account
from edgewise.domain.errors import AlteredMigration, NewerDatabase, Unavailable
from edgewise.domain.model import (
    CreateRecords,
    Linked,
    LinkWrite,
    NewRecord,
    PutLinks,
    RecordChange,
    RecordRef,
)
from edgewise.domain.ports import Created, StoreInfo
from edgewise.stores.sqlite import Durability, SqliteStore
from edgewise.stores.sqlite.connections import open_checkpointer, open_reader, open_writer
from edgewise.stores.sqlite.identity import APPLICATION_ID
from edgewise.stores.sqlite.store import MIGRATIONS
from tests.unit.stores.sqlite.database import COMPANY, CONTACT, FIRST, PORTAL, link_type, new_database

DEFAULT = link_type(279, 280)
TOKEN = Token(b"digest", PORTAL, "a token", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "edgewise.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(path)
    await store.start()
    await store.accounts.add_account(usual_account(PORTAL, 1))
    yield store
    await store.close()


async def test_what_was_stored_is_there_after_a_restart(path: Path) -> None:
    for durability in Durability:
        store = SqliteStore(path, durability)
        await store.start()
        kept = await store.accounts.list_accounts()
        assert [account.portal_id for account in kept] == [7] * (durability is Durability.FULL)
        if not kept:
            await store.accounts.add_account(usual_account(7, 1))
        await store.close()


async def test_only_the_owner_may_read_the_files(store: SqliteStore, path: Path) -> None:
    await store.accounts.add_token(TOKEN)
    files = list(path.parent.iterdir())

    names = {file.name.removeprefix("edgewise.db") for file in files}
    assert names == {"", "-wal", "-shm", "-lock"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_closing_leaves_one_file_with_everything_in_it(path: Path) -> None:
    store = SqliteStore(path)
    await store.start()
    await store.accounts.add_account(usual_account(PORTAL, 1))
    await store.accounts.add_token(TOKEN)
    await store.close()

    assert [file.name for file in path.parent.iterdir()] == ["edgewise.db"]
    assert apsw.Connection(str(path)).execute("SELECT count(*) FROM access_token").get == 1


async def test_closing_finishes_the_calls_that_were_made(path: Path) -> None:
    store = SqliteStore(path)
    await store.start()
    calls = [
        asyncio.create_task(store.create_records(CreateRecords(PORTAL, CONTACT, [NewRecord({})], 1)))
        for _ in range(500)
    ]
    await asyncio.sleep(0)
    await store.close()
    created = await asyncio.gather(*calls)

    ids = [answer.records[0].record_id for answer in created if isinstance(answer, Created)]
    assert ids == list(range(FIRST, FIRST + 500))


async def test_a_closed_store_is_unavailable(path: Path) -> None:
    store = SqliteStore(path)
    for prepare in (store.close, store.start, store.close):
        await prepare()
        if prepare == store.start:
            continue
        for call in (
            store.accounts.count_tokens(),
            store.accounts.add_token(TOKEN),
            store.list_links(PORTAL, RecordRef(CONTACT, FIRST), COMPANY, 0, 10),
            store.read_links(PORTAL, CONTACT, COMPANY, [(FIRST, 0)] * 100, 10),
        ):
            with pytest.raises(Unavailable):
                await call


@pytest.mark.parametrize("small_links_max", [0, 2, 5, 1_000])
async def test_many_links_of_few_records_are_read_aside_from_where_it_gets_long(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, small_links_max: int
) -> None:
    records = CreateRecords(PORTAL, CONTACT, [NewRecord({})] * 3, 1)
    companies = CreateRecords(PORTAL, COMPANY, [NewRecord({})] * 2, 1)
    await store.create_records(records)
    await store.create_records(companies)
    pairs = [(source, target) for source in range(FIRST, FIRST + 3) for target in (FIRST + 3, FIRST + 4)]
    writes = [LinkWrite(source, target, (DEFAULT,)) for source, target in pairs]
    await store.put_links(PutLinks(PORTAL, CONTACT, COMPANY, writes, 1))

    monkeypatch.setattr("edgewise.stores.sqlite.store.SMALL_LINKS_MAX", small_links_max)
    aside = []
    read_aside = store._read_aside
    monkeypatch.setattr(store, "_read_aside", lambda *args: aside.append(len(args[4])) or read_aside(*args))
    sources = [(FIRST + number, 0) for number in range(3)]
    pages = await store.read_links(PORTAL, CONTACT, COMPANY, sources, 10)
    assert [[target.target_id for target in page.targets] for page in pages] == [[FIRST + 3, FIRST + 4]] * 3
    assert aside == {0: [2], 2: [1], 5: [], 1_000: []}[small_links_max]


async def test_the_schema_version_is_that_of_the_last_migration(store: SqliteStore) -> None:
    assert store.info() == StoreInfo("sqlite", len(MIGRATIONS))


async def test_two_programs_may_share_a_database(store: SqliteStore, path: Path) -> None:
    other = SqliteStore(path)
    await other.start()
    kept = await other.accounts.add_token(TOKEN)
    await other.close()

    assert await store.accounts.find_token(b"digest") == kept


async def test_a_newer_database_is_refused(path: Path) -> None:
    connection = new_database(path)
    connection.execute("INSERT INTO schema_migration VALUES (?, 'later', 'x', 1)", (len(MIGRATIONS) + 1,))
    connection.close()

    with pytest.raises(NewerDatabase) as caught:
        await SqliteStore(path).start()
    assert (caught.value.database_version, caught.value.program_version) == (
        len(MIGRATIONS) + 1,
        len(MIGRATIONS),
    )


async def test_an_altered_migration_is_refused(path: Path) -> None:
    connection = new_database(path)
    connection.execute("UPDATE schema_migration SET checksum = 'x'")
    connection.close()

    with pytest.raises(AlteredMigration, match=r"migration 1 \(foundation\)"):
        await SqliteStore(path).start()


async def test_a_migration_that_fails_leaves_nothing(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.pragma("application_id", APPLICATION_ID)
    connection.execute("CREATE TABLE edge (in_the_way INTEGER)")
    with pytest.raises(apsw.SQLError):
        await SqliteStore(path).start()

    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert tables == [("edge",)]
    connection.close()


@pytest.mark.parametrize("content", [b"this is no database, however long one looks at it", None])
async def test_what_cannot_be_opened_is_unavailable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "edgewise.db" if content else tmp_path / "nowhere" / "edgewise.db"
    if content:
        path.write_bytes(content * 100)

    with pytest.raises(Unavailable) as caught:
        await SqliteStore(path).start()
    assert str(tmp_path) not in str(caught.value)


async def test_long_reads_run_beside_writes(store: SqliteStore) -> None:
    await store.create_records(CreateRecords(PORTAL, CONTACT, [NewRecord({"a": "b"})] * 200, 1))
    await store.create_records(CreateRecords(PORTAL, COMPANY, [NewRecord({})] * 200, 1))
    contacts, companies = range(FIRST, FIRST + 200), range(FIRST + 200, FIRST + 400)
    writes = [LinkWrite(a, b, (DEFAULT,)) for a, b in zip(contacts, companies, strict=True)]

    async def write() -> None:
        for write in writes:
            [outcome] = await store.put_links(PutLinks(PORTAL, CONTACT, COMPANY, [write], 1))
            assert outcome is Linked.DONE
            await store.update_records(PORTAL, CONTACT, [RecordChange(write.source_id, {"a": "c"})], 2)

    async def read() -> int:
        pages = await store.read_links(PORTAL, CONTACT, COMPANY, [(i, 0) for i in contacts], 10)
        records = await store.read_records(PORTAL, CONTACT, contacts)
        listed = await store.list_records(PORTAL, CONTACT, FIRST, 150)
        assert all(records) and len(listed.records) == 150
        return sum(len(page.targets) for page in pages)

    writing = asyncio.create_task(write())
    seen = [await read() for _ in range(20)]
    await writing

    assert seen == sorted(seen)
    assert await read() == 200


def test_each_connection_has_the_settings_of_its_role(path: Path) -> None:
    new_database(path).close()
    writer, lenient = open_writer(path, Durability.FULL), open_writer(path, Durability.NORMAL)
    reader, copier = open_reader(path), open_checkpointer(path)

    def of(connection: apsw.Connection, *names: str) -> list[object]:
        return [connection.pragma(name) for name in names]

    names = ("journal_mode", "synchronous", "wal_autocheckpoint", "busy_timeout", "cache_size")
    assert of(writer, *names) == ["wal", 2, 0, 5000, -262144]
    assert of(lenient, "synchronous") == [1]
    assert of(reader, "query_only", "busy_timeout") == [1, 5000]
    assert of(copier, "wal_autocheckpoint") == [0]
    with pytest.raises(apsw.ReadOnlyError):
        reader.execute("DELETE FROM edge")
    for connection in (writer, lenient, reader, copier):
        connection.close()
