"""Every test here runs on every store, and leaves each with all its links at both ends."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.domain.ports import Store
from edgewise.stores.memory import MemoryStore
from tests.contract.world import World, new_world, require_sound


def _new_store(kind: str, folder: Path) -> Store:
    if kind == "memory":
        return MemoryStore()
    from edgewise.stores.sqlite.store import SqliteStore

    return SqliteStore(folder / "edgewise.db")


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    store = _new_store(request.param, tmp_path)
    await store.start()
    try:
        yield store
        await require_sound(store)
    finally:
        await store.close()
        await store.close()


@pytest.fixture
async def world(store: Store) -> World:
    return await new_world(store)
