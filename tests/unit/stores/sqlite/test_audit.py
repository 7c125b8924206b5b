"""The audit log in SQLite is only added to, in the transaction of what it tells."""

import asyncio
from pathlib import Path

import apsw
import pytest

from edgewise.domain.accounts import usual_account
from edgewise.domain.audit import Entry, Wanted
from edgewise.domain.errors import Unavailable
from edgewise.domain.model import CreateRecords, LinkRemoval, NewRecord, PortalTypes, RemoveLinks, TypesChange
from edgewise.domain.ports import Created
from edgewise.stores.sqlite.store import SqliteStore
from tests.contract.world import AT, MANY, PORTAL

CONTACTS = 1


async def _entries(store: SqliteStore) -> list[Entry]:
    return list(await store.audit.read_after(Wanted(), 0, MANY))


async def _contacts(store: SqliteStore, count: int) -> list[int]:
    created = await store.create_records(CreateRecords(PORTAL, CONTACTS, [NewRecord({})] * count, AT))
    assert isinstance(created, Created)
    return [record.record_id for record in created.records]


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with one entry."""
    store = SqliteStore(tmp_path / "edgewise.db")
    await store.start()
    await store.accounts.add_account(usual_account(PORTAL, AT))
    assert len(await _entries(store)) == 1
    await store.close()
    return tmp_path / "edgewise.db"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET name = 'nobody'",
        "UPDATE audit SET id = id + 1",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE id = 1",
    ],
)
def test_an_entry_is_neither_altered_nor_removed_by_a_statement(path: Path, statement: str):
    connection = apsw.Connection(str(path))
    before = connection.execute("SELECT * FROM audit").fetchall()
    with pytest.raises(apsw.ConstraintError, match="only added to"):
        connection.execute(statement)
    assert connection.execute("SELECT * FROM audit").fetchall() == before
    connection.close()


async def test_what_is_done_together_with_a_job_that_fails_is_noted_once(path: Path):
    store = SqliteStore(path)
    await store.start()
    try:
        ids = await _contacts(store, 20)

        def refuse(types: PortalTypes) -> TypesChange:
            raise LookupError

        calls = [store.archive_records(PORTAL, CONTACTS, [each], AT) for each in ids]
        done = await asyncio.gather(
            *calls[:10], store.change_types(PORTAL, refuse), *calls[10:], return_exceptions=True
        )
        assert [type(each) for each in done if each is not None] == [LookupError]
        told = [entry.deed.details for entry in (await _entries(store))[1:]]
        assert told == [f'{{"type":"0-1","ids":[{each}]}}' for each in ids]
    finally:
        await store.close()


async def test_a_change_whose_entry_cannot_be_written_does_not_happen(path: Path):
    store = SqliteStore(path)
    await store.start()
    try:
        [contact] = await _contacts(store, 1)
        other = apsw.Connection(str(path))
        other.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END")
        other.close()
        with pytest.raises(Exception, match="another writer"):
            await store.archive_records(PORTAL, CONTACTS, [contact], AT)
        [record] = await store.read_records(PORTAL, CONTACTS, [contact])
        assert record is not None, "it is not archived"
        assert len(await _entries(store)) == 1
    finally:
        await store.close()


async def test_a_server_without_the_log_notes_nothing(path: Path):
    store = SqliteStore(path, is_audited=False)
    await store.start()
    try:
        [contact] = await _contacts(store, 1)
        await store.archive_records(PORTAL, CONTACTS, [contact], AT)
        await store.remove_links(
            RemoveLinks(PORTAL, CONTACTS, CONTACTS, [LinkRemoval(contact, contact, None)])
        )
        await store.accounts.close_account(PORTAL, AT)
        assert len(await _entries(store)) == 1
    finally:
        await store.close()


async def test_a_closed_store_tells_so(path: Path):
    store = SqliteStore(path)
    with pytest.raises(Unavailable):
        await store.audit.read_after(Wanted(), 0, 1)
