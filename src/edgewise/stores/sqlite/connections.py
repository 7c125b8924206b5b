"""Opening the database: the file, the pragmas of each role, and the driver's errors in the domain's words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Any

import apsw

from edgewise.domain.errors import Conflict, StoreError, Unavailable
from edgewise.stores.sql import load_queries

FOLDER = files(__package__)
QUERIES = load_queries(FOLDER / "queries.sql")

Connection = apsw.Connection

Cursor = apsw.Cursor
"""What statements run on. One is made with each connection and kept: making one for every statement costs a third of
a small one. A statement's rows must be fetched before the next one runs."""

_BUSY_TIMEOUT_MS = 5000
_OWNER_ONLY = 0o600
_REPEATABLE = (apsw.BusyError, apsw.LockedError, apsw.SchemaChangeError, apsw.ConstraintError)
_UNREACHABLE = (
    apsw.IOError,
    apsw.FullError,
    apsw.ReadOnlyError,
    apsw.CantOpenError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.NoMemError,
    apsw.PermissionsError,
    apsw.ConnectionClosedError,
    apsw.InterruptError,
    OSError,
)


class Durability(Enum):
    """What a commit outlives: NORMAL the process, FULL a loss of power too."""

    NORMAL = "normal"
    FULL = "full"


def create_file(path: Path) -> None:
    """Make the database's file where there is none, for its owner only; SQLite gives its other files the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))


def open_writer(path: Path, durability: Durability) -> Connection:
    """A connection that changes what is stored; there is one of them at a time."""
    connection = _open(path, QUERIES.as_writer)
    connection.execute(
        QUERIES.with_full_durability if durability is Durability.FULL else QUERIES.with_normal_durability
    )
    return connection


def open_checkpointer(path: Path) -> Connection:
    """A connection that copies the write-ahead log into the database."""
    return _open(path, QUERIES.as_checkpointer)


def open_reader(path: Path) -> Connection:
    """A connection that reads; it may move between threads, but serves one at a time."""
    return _open(path, QUERIES.as_reader)


def _open(path: Path, pragmas: str) -> Connection:
    # NOMUTEX: no connection is used by two threads at once, so SQLite needs no lock of its own.
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_NOMUTEX
    connection = apsw.Connection(str(path), flags=flags)
    try:
        connection.set_busy_timeout(_BUSY_TIMEOUT_MS)
        # Plans do not depend on the values bound: else SQLite, as built here, prepares a range read anew whenever
        # they change, and a page of ten links takes 14 microseconds instead of 6. Measured 2026-11-24.
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        connection.execute(pragmas).fetchall()  # some answer a row, and only then does the next one run
    except BaseException:
        connection.close()
        raise
    return connection


def fetch(cursor: Cursor, statement: str, bindings: apsw.Bindings) -> list[Any]:
    """All rows of a statement; the driver knows only that a value is one of those SQL has."""
    return cursor.execute(statement, bindings).fetchall()


@contextmanager
def one_moment(cursor: Cursor) -> Iterator[None]:
    """Let the statements of the block, all of which read, see the database as it is when the first one runs."""
    cursor.execute(QUERIES.savepoint)
    try:
        yield
    finally:
        cursor.execute(QUERIES.release_savepoint)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Keep all of what the block does, or nothing when it raises."""
    connection.execute(QUERIES.begin)
    try:
        yield
        connection.execute(QUERIES.commit)
    except BaseException:
        if connection.in_transaction:
            connection.execute(QUERIES.rollback)
        raise


def in_domain_words(error: Exception) -> Exception:
    """What a store says where the driver or the system raised `error`; other errors are programming errors and stay.

    The driver's text names files and statements: it is the cause, for the log, and never part of what is said.
    """
    told: StoreError
    if isinstance(error, _REPEATABLE):
        told = Conflict("another writer was faster")
    elif isinstance(error, _UNREACHABLE):
        told = Unavailable("the database cannot be read or written")
    else:
        return error
    told.__cause__ = error
    return told


@contextmanager
def domain_errors() -> Iterator[None]:
    """Raise in the domain's words what the block raises in the driver's."""
    try:
        yield
    except Exception as error:
        told = in_domain_words(error)
        raise told from told.__cause__
