"""A server with a book of customers in it, for one connector alone: what it brings out is compared as a whole."""

from collections.abc import Iterator

import pytest

from tests.connectors.book import Book, full_book
from tests.support.crm import Crm
from tests.support.server import Server


@pytest.fixture(scope="module", params=["documented", "observed"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of each profile that tells its requests."""
    folder = tmp_path_factory.mktemp(request.param)
    with Server(folder, profile=request.param, is_durable=False, log_format="json") as server:
        yield server


@pytest.fixture(scope="module")
def book(server: Server) -> Iterator[Book]:
    """What the server holds; a test may add to it and go on with that."""
    with Crm(server.url, "") as crm:
        yield full_book(crm)
