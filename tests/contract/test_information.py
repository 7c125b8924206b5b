"""A store tells what health shows of it."""

import pytest

from edgewise.domain.ports import Store


async def test_a_store_tells_its_kind_and_schema_version(store: Store, request: pytest.FixtureRequest):
    info = store.info()
    assert info.kind == request.node.callspec.params["store"]
    assert info.schema_version >= 0
