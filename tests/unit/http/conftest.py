"""Doors of servers that know no token yet."""

import pytest

from edgewise.domain.accounts import usual_account
from tests.unit.http.asgi import AT
from tests.unit.http.door import OPEN_PORTAL, CountingStore, Door, Watch


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def strict(store: CountingStore, watch: Watch) -> Door:
    return Door(store, watch)


@pytest.fixture
async def open_to_all(store: CountingStore, watch: Watch) -> Door:
    await store.accounts.add_account(usual_account(OPEN_PORTAL, AT))
    return Door(store, watch, OPEN_PORTAL)
