"""The memory store."""

from edgewise.stores.memory.store import MemoryStore

__all__ = ["MemoryStore"]
