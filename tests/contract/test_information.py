"""A store tells what is shown of its health."""

import pytest

from edgewise.domain.figures import SOUND
from edgewise.domain.ports import Store


async def test_a_store_tells_its_kind_and_schema_version(store: Store, request: pytest.FixtureRequest):
    info = store.info()
    assert info.kind == request.node.callspec.params["store"]
    assert info.schema_version >= 0


async def test_a_store_that_keeps_what_is_written_says_so(store: Store):
    assert store.condition() == SOUND
