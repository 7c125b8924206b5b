"""Servers that end with the test that started them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import Server

Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server in the test's folder, with the given command line."""
    servers: list[Server] = []

    def start_server(*arguments: str) -> Server:
        servers.append(Server(*arguments, folder=tmp_path))
        return servers[-1]

    yield start_server
    for server in servers:
        server.kill()
