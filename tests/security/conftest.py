"""A strict server with two portals, that the tests of one file share."""

from collections.abc import Iterator

import pytest

from tests.security.keys import FULL, prepare
from tests.support.crm import Crm
from tests.support.server import Server, database_of


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """Its owner's client, with every scope of the first portal."""
    folder = tmp_path_factory.mktemp("strict")
    prepare(database_of(folder))
    with (
        Server(folder, is_open=False, is_durable=False, rate_limit="off") as server,
        Crm(server.url, "documented", FULL) as crm,
    ):
        yield crm
