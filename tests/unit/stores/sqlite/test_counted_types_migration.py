"""A database whose records of some type were all archived before types were counted: their ids are not given again."""

from pathlib import Path

from edgewise.domain.model import FIRST_RECORD_ID, CreateRecords, NewRecord
from edgewise.domain.ports import Created
from edgewise.stores.migrate import migrate
from edgewise.stores.sqlite import SqliteStore
from edgewise.stores.sqlite.connections import Durability, create_file, open_writer
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.store import MIGRATIONS

PORTAL = 101
CONTACTS, DEALS = 1, 3


async def test_the_ids_of_records_that_were_all_archived_stay_theirs(tmp_path: Path):
    path = tmp_path / "edgewise.db"
    create_file(path)
    connection = open_writer(path, Durability.NORMAL)
    migrate(SqliteLedger(connection), MIGRATIONS[:10], at=1)
    archived = (PORTAL, DEALS, FIRST_RECORD_ID + 1, 5, 5, 7, "{}")
    connection.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", archived)
    connection.close()
    store = SqliteStore(path)
    await store.start()
    created = await store.create_records(CreateRecords(PORTAL, CONTACTS, [NewRecord({})] * 3, 9))
    await store.close()
    assert isinstance(created, Created)
    assert [each.record_id - FIRST_RECORD_ID for each in created.records] == [0, 2, 3]
