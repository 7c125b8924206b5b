"""The record of applied migrations in a SQLite database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from edgewise.domain.values import key_of, keys_of
from edgewise.stores.migrate import Applied, Migration
from edgewise.stores.sqlite.connections import QUERIES, Connection, transaction
from edgewise.stores.sqlite.json_text import to_json


class SqliteLedger:
    """See `edgewise.stores.migrate.Ledger`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exclusively(self) -> AbstractContextManager[None]:
        return transaction(self._connection)

    def applied(self) -> Sequence[Applied]:
        if not self._connection.table_exists("main", "schema_migration"):
            return []
        return [Applied(*row) for row in self._connection.execute(QUERIES.read_ledger)]

    def apply(self, migration: Migration, at: int) -> None:
        self._connection.create_scalar_function("key_of", _key_of, 1, deterministic=True)
        self._connection.create_scalar_function("keys_of", _keys_of, 1, deterministic=True)
        self._connection.execute(QUERIES.create_ledger)
        self._connection.execute(migration.script)
        self._connection.execute(
            QUERIES.add_to_ledger, (migration.version, migration.name, migration.checksum, at)
        )


def _key_of(*values: object) -> str:
    """What migrations call, with one value."""
    return key_of(str(values[0]))


def _keys_of(*values: object) -> str:
    """What migrations call, with one value; a JSON list."""
    return to_json(keys_of(str(values[0])))
