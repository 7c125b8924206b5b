"""Migrations, on a ledger that is a list."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from edgewise.domain.errors import AlteredMigration, NewerDatabase
from edgewise.stores.migrate import Applied, Migration, load_migrations, migrate

ONE = Migration(1, "first", "CREATE TABLE a (b);")
TWO = Migration(2, "second", "CREATE TABLE c (d);")
THREE = Migration(3, "third", "CREATE TABLE e (f);")


class ListLedger:
    """A database that remembers what was applied; meanwhile: what another program applies once it is waited for."""

    def __init__(self, *applied: Migration, meanwhile: Sequence[Migration] = ()) -> None:
        self.rows = [Applied(m.version, m.name, m.checksum) for m in applied]
        self.applied_here: list[str] = []
        self.transactions = 0
        self._meanwhile = [Applied(m.version, m.name, m.checksum) for m in meanwhile]

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        self.transactions += 1
        self.rows += self._meanwhile
        self._meanwhile = []
        yield

    def applied(self) -> Sequence[Applied]:
        return list(self.rows)

    def apply(self, migration: Migration, at: int) -> None:
        self.applied_here.append(migration.name)
        self.rows.append(Applied(migration.version, migration.name, migration.checksum))


def test_each_is_applied_once_in_order_and_in_its_own_transaction() -> None:
    ledger = ListLedger()

    assert migrate(ledger, [ONE, TWO], at=5) == 2
    assert migrate(ledger, [ONE, TWO], at=6) == 2

    assert ledger.applied_here == ["first", "second"]
    assert ledger.transactions == 2


def test_only_what_is_missing_is_applied() -> None:
    ledger = ListLedger(ONE)

    assert migrate(ledger, [ONE, TWO, THREE], at=5) == 3

    assert ledger.applied_here == ["second", "third"]


def test_what_another_program_applied_meanwhile_is_left_to_it() -> None:
    ledger = ListLedger(meanwhile=[ONE, TWO])

    assert migrate(ledger, [ONE, TWO], at=5) == 2

    assert ledger.applied_here == []


def test_a_newer_database_is_refused() -> None:
    ledger = ListLedger(ONE, TWO)

    with pytest.raises(NewerDatabase, match="schema version 2, this program knows 1"):
        migrate(ledger, [ONE], at=5)
    assert ledger.transactions == 0


def test_an_altered_migration_is_refused_before_anything_is_applied() -> None:
    ledger = ListLedger(Migration(1, "first", "CREATE TABLE a (z);"))

    with pytest.raises(AlteredMigration, match=r"migration 1 \(first\)"):
        migrate(ledger, [ONE, TWO], at=5)
    assert ledger.applied_here == []


def test_migrations_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "0002_second.sql").write_bytes(b"CREATE TABLE c (d);\n")
    (tmp_path / "0001_first.sql").write_bytes(b"CREATE TABLE a (b);\n")
    (tmp_path / "notes.txt").write_text("not a migration")

    assert [(m.version, m.name) for m in load_migrations(tmp_path)] == [(1, "first"), (2, "second")]


def test_a_checksum_does_not_depend_on_line_ends(tmp_path: Path) -> None:
    (tmp_path / "0001_first.sql").write_bytes(b"CREATE TABLE a (\r\n    b\r\n);\r\n")
    [windows] = load_migrations(tmp_path)
    (tmp_path / "0001_first.sql").write_bytes(b"CREATE TABLE a (\n    b\n);\n")
    [unix] = load_migrations(tmp_path)

    assert windows.checksum == unix.checksum


@pytest.mark.parametrize("names", [["0002_second.sql"], ["0001_first.sql", "0001_other.sql"]])
def test_a_gap_or_a_repetition_of_numbers_is_an_error(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("SELECT 1;")

    with pytest.raises(ValueError, match="not numbered one by one"):
        load_migrations(tmp_path)
