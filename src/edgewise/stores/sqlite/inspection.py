"""A look at a database that changes nothing in it, not even its schema."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from edgewise.stores.migrate import next_migration
from edgewise.stores.sqlite.connections import QUERIES, domain_errors, open_reader
from edgewise.stores.sqlite.desk import MIGRATIONS
from edgewise.stores.sqlite.ledger import SqliteLedger


class Inspection(NamedTuple):
    """What was found. version: of its schema, 0 where there is none. damages: what a thorough look found broken."""

    version: int
    program_version: int
    damages: list[str]


def inspect(path: Path, is_thorough: bool) -> Inspection:
    """Look at the database of a file.

    is_thorough: read all of it, about a second for each gigabyte.
    Raises: NewerDatabase, AlteredMigration, Unavailable when it is no database, or cannot be read.
    """
    with domain_errors(), closing(open_reader(path)) as connection:
        applied = SqliteLedger(connection).applied()
        next_migration(MIGRATIONS, applied)
        found = connection.execute(QUERIES.quick_check).fetchall() if is_thorough else []
        damages = [str(text) for (text,) in found if text != "ok"]
        return Inspection(len(applied), len(MIGRATIONS), damages)
