"""A SQLite database for the tests of the parts of its store, and a few types to link its records with."""

from pathlib import Path

from edgewise.domain.model import FIRST_RECORD_ID, AssociationType, Category, Holder, hidden_mirror, type_key
from edgewise.stores.migrate import migrate
from edgewise.stores.sqlite.connections import QUERIES, Connection, Durability, create_file, open_writer
from edgewise.stores.sqlite.ledger import SqliteLedger
from edgewise.stores.sqlite.store import MIGRATIONS

PORTAL = 101
CONTACT, COMPANY = 1, 2
FIRST = FIRST_RECORD_ID


def new_database(path: Path) -> Connection:
    """An empty database with its schema, open for writing."""
    create_file(path)
    connection = open_writer(path, Durability.NORMAL)
    migrate(SqliteLedger(connection), MIGRATIONS, at=1)
    return connection


def add_records(connection: Connection, object_type: int, count: int) -> None:
    """Records with the ids from FIRST on."""
    rows = [(PORTAL, object_type, FIRST + number, 1, "{}") for number in range(count)]
    with connection:
        connection.executemany(QUERIES.add_record, rows)


def link_type(
    type_id: int,
    mirror_id: int | None,
    category: Category = Category.HUBSPOT_DEFINED,
    holder: Holder = Holder.NONE,
    source_type: int = CONTACT,
    target_type: int = COMPANY,
) -> AssociationType:
    """A type between two object types; without a mirror it can be read from its source only."""
    key = type_key(category, type_id)
    mirror_key = hidden_mirror(key) if mirror_id is None else type_key(category, mirror_id)
    return AssociationType(
        key, category, type_id, source_type, target_type, mirror_key, None, "", holder=holder
    )
