"""The SQLite store."""

from edgewise.stores.sqlite.connections import Durability
from edgewise.stores.sqlite.store import SqliteStore

__all__ = ["Durability", "SqliteStore"]
