"""Numbered, forward-only migrations: each is applied once, in one transaction, and recorded with its checksum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources.abc import Traversable
from typing import NamedTuple, Protocol

from edgewise.domain.errors import AlteredMigration, NewerDatabase

_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql", re.ASCII)


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of a schema, as the program ships it."""

    version: int
    name: str
    script: str

    @property
    def checksum(self) -> str:
        return sha256(self.script.encode()).hexdigest()


class Applied(NamedTuple):
    """One step of a schema, as a database recorded it."""

    version: int
    name: str
    checksum: str


class Ledger(Protocol):
    """What an engine must offer, so that its database can be migrated."""

    def exclusively(self) -> AbstractContextManager[None]:
        """A transaction that no other program can migrate beside; kept when the block ends well."""
        ...

    def applied(self) -> Sequence[Applied]:
        """What was applied so far, in ascending order of version; nothing in a new database."""
        ...

    def apply(self, migration: Migration, at: int) -> None:
        """Run the script and record it. at: milliseconds since the epoch."""
        ...


def load_migrations(folder: Traversable) -> list[Migration]:
    """The migrations of a folder, `NNNN_name.sql`, in order.

    Line ends count as one character, so a checksum does not depend on how the files were checked out.
    Raises: ValueError when a number is missing or used twice.
    """
    found = [
        Migration(int(match[1]), match[2], file.read_text(encoding="utf-8").replace("\r\n", "\n"))
        for file in folder.iterdir()
        if (match := _FILE_NAME.fullmatch(file.name))
    ]
    found.sort(key=lambda migration: migration.version)
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations in {folder} are not numbered one by one")
    return found


def migrate(ledger: Ledger, shipped: Sequence[Migration], at: int) -> int:
    """Bring a database up to date; answers its schema version.

    shipped: all migrations of the program, in order. at: milliseconds since the epoch.
    What was applied is read again inside each transaction, since another program may start at the same time;
    a database that is up to date is only read.
    Raises: NewerDatabase, AlteredMigration, and nothing is changed.
    """
    while next_migration(shipped, ledger.applied()) is not None:
        with ledger.exclusively():
            migration = next_migration(shipped, ledger.applied())
            if migration is not None:
                ledger.apply(migration, at)
    return len(shipped)


def next_migration(shipped: Sequence[Migration], applied: Sequence[Applied]) -> Migration | None:
    """The first migration that a database lacks, or None. Raises: NewerDatabase, AlteredMigration."""
    if applied and applied[-1].version > len(shipped):
        raise NewerDatabase(applied[-1].version, len(shipped))
    for migration, (version, name, checksum) in zip(shipped, applied, strict=False):
        if (migration.version, migration.checksum) != (version, checksum):
            raise AlteredMigration(version, name)
    return shipped[len(applied)] if len(applied) < len(shipped) else None
