"""What the writer knows of its condition, and how it finds out that it is better."""

from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from edgewise.domain.figures import SOUND
from edgewise.stores.sqlite import SqliteStore, condition, writer
from edgewise.stores.sqlite.condition import Files, FilesGone, Watch
from tests.unit.stores.sqlite.database import new_database


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(Files(tmp_path / "edgewise.db", new_database(tmp_path / "edgewise.db")))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (apsw.FullError("disk full at /secret"), "the disk is full"),
        (apsw.ReadOnlyError(), "the database is read-only"),
        (apsw.CorruptError(), "the database is damaged"),
        (apsw.IOError("/secret"), "the disk refuses to be written"),
        (OSError("/secret"), "the disk refuses to be written"),
        (FilesGone("/secret"), "the files of the database were deleted or replaced"),
    ],
)
def test_a_reason_says_what_is_wrong_and_no_path(watch: Watch, error: Exception, reason: str):
    watch.failed(error)
    assert watch.condition.reason == reason
    assert watch.condition.since > 0


def test_another_reason_does_not_begin_anew(watch: Watch):
    watch.failed(apsw.FullError())
    since = watch.condition.since
    watch.failed(apsw.IOError())
    assert watch.condition == ("the disk refuses to be written", since)
    watch.kept()
    assert watch.condition == SOUND


def test_a_link_to_the_database_that_leads_elsewhere_is_noticed(tmp_path: Path):
    """SQLite keeps to the file it found; who opens the link afterwards finds another one."""
    link, others = tmp_path / "link.db", tmp_path / "others.db"
    link.symlink_to("edgewise.db")
    for file in (others, tmp_path / "edgewise.db"):
        new_database(file).close()
    connection = new_database(link)
    files = Files(link, connection)
    assert files.are_there()
    link.unlink()
    link.symlink_to("others.db")
    assert not files.are_there()
    connection.close()


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteStore]:
    """A store that looks and tries each time it is asked."""
    monkeypatch.setattr(condition, "CHECK_S", 0.0)
    monkeypatch.setattr(condition, "PROBE_S", 0.0)
    store = SqliteStore(tmp_path / "edgewise.db")
    await store.start()
    yield store
    await store.close()


async def test_asking_never_fails_however_much_waits(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(writer, "WAITING_MAX", 0)
    (tmp_path / "edgewise.db").rename(tmp_path / "away")
    assert "deleted" in store.condition().reason
    (tmp_path / "away").rename(tmp_path / "edgewise.db")


def test_a_store_that_is_closed_keeps_nothing(tmp_path: Path):
    assert SqliteStore(tmp_path / "edgewise.db").condition().reason == "the store is closed"
