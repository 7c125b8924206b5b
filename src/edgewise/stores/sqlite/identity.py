"""Whether a file is a database of Edgewise, so that no other program's gets our tables.

SQLite keeps four bytes in the header of a file for the program that made it. Databases from before these were set are
told by the record of their migrations. Source: https://www.sqlite.org/fileformat.html, section 1.3.17.
"""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import apsw

from edgewise.domain.errors import ForeignDatabase
from edgewise.stores.sqlite.connections import QUERIES, Connection
from edgewise.stores.sqlite.ledger import SqliteLedger

APPLICATION_ID = int.from_bytes(b"Edgw")
_MAGIC = b"SQLite format 3\0"
_AT = 68
_HEADER_BYTES = 100


def require_ours(path: Path) -> None:
    """Refuse a file that another program made, without a change to it; one that is empty or missing is nobody's.

    Raises: ForeignDatabase; apsw.Error and OSError where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        return
    if not header or int.from_bytes(header[_AT : _AT + 4]) == APPLICATION_ID:
        return
    if not header.startswith(_MAGIC):
        raise ForeignDatabase("the file is not a database of SQLite; name another file")
    with closing(_open_untouched(path)) as connection:
        is_empty = not _id_of(connection) and not connection.execute(QUERIES.read_tables).fetchall()
        if not is_empty and not _has_ledger(connection):
            raise ForeignDatabase("the file is a database of another program; name another file")


def is_sqlite(path: Path) -> bool:
    """Whether a file begins as databases of SQLite do."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def claim(connection: Connection) -> None:
    """Mark a database as Edgewise's; where others are busy with it, the next start does."""
    if _id_of(connection) != APPLICATION_ID:
        with suppress(apsw.BusyError):
            connection.pragma("application_id", APPLICATION_ID)


def _has_ledger(connection: Connection) -> bool:
    try:
        return bool(SqliteLedger(connection).applied())
    except apsw.SQLError:  # a table of the same name
        return False


def _id_of(connection: Connection) -> int:
    found: int = connection.pragma("application_id")
    return found


def _open_untouched(path: Path) -> Connection:
    """A connection that makes no file beside the database; it reads a write-ahead log where there is one."""
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    address = path.absolute().as_uri() + ("" if has_log else "?immutable=1")
    return apsw.Connection(address, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
