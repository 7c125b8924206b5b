"""Whose a file is: Edgewise's, nobody's, or another program's, which is left as it is."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from edgewise.domain.errors import ForeignDatabase
from edgewise.stores.sqlite import SqliteStore
from edgewise.stores.sqlite.identity import APPLICATION_ID

FOREIGN = (
    "CREATE TABLE bookmark (url)",
    "CREATE TABLE schema_migration (id)",
    "CREATE TABLE schema_migration (version, name, checksum)",
    "PRAGMA application_id = 1196444487",
    "PRAGMA journal_mode = WAL; CREATE VIEW v AS SELECT 1",
)


async def _start(file: Path) -> None:
    store = SqliteStore(file)
    await store.start()
    await store.close()


def _id_of(file: Path) -> object:
    with closing(apsw.Connection(str(file))) as connection:
        return connection.pragma("application_id")


async def test_a_new_database_says_whose_it_is(tmp_path: Path):
    file = tmp_path / "crm.db"
    await _start(file)
    assert file.read_bytes()[68:72] == b"Edgw"
    assert _id_of(file) == APPLICATION_ID


async def test_a_database_from_before_is_known_by_its_ledger_and_marked(tmp_path: Path):
    file = tmp_path / "crm.db"
    await _start(file)
    with closing(apsw.Connection(str(file))) as connection:
        connection.pragma("application_id", 0)
    await _start(file)
    assert _id_of(file) == APPLICATION_ID


@pytest.mark.parametrize("statements", ["", "VACUUM"])
async def test_an_empty_file_is_nobodys(tmp_path: Path, statements: str):
    file = tmp_path / "crm.db"
    file.touch()
    with closing(apsw.Connection(str(file))) as connection:
        connection.execute(statements)
    await _start(file)
    assert _id_of(file) == APPLICATION_ID


@pytest.mark.parametrize("statements", FOREIGN)
@pytest.mark.parametrize("is_open", [False, True])
async def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, statements: str, is_open: bool):
    file = tmp_path / "other.db"
    connection = apsw.Connection(str(file))
    connection.execute(statements).fetchall()
    if not is_open:
        connection.close()
    before = {each: each.read_bytes() for each in tmp_path.iterdir() if not each.name.endswith("-shm")}
    with pytest.raises(ForeignDatabase):
        await _start(file)
    assert {
        each: each.read_bytes() for each in tmp_path.iterdir() if not each.name.endswith("-shm")
    } == before
    connection.close()


@pytest.mark.parametrize("content", [b"x", b"Dear diary" * 999, b"SQLite format 4\0" * 9])
async def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes):
    file = tmp_path / "diary.txt"
    file.write_bytes(content)
    with pytest.raises(ForeignDatabase, match="not a database of SQLite"):
        await _start(file)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("diary.txt", content)]
