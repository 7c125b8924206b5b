"""A server whose files cannot grow any further, as on a full disk, until the test makes room."""

import resource

import pytest

from tests.support.server import Server

NOTHING_FITS = 1024
"""Less than a page."""

NO_LIMIT = resource.RLIM_INFINITY


def fill_disk(server: Server, bytes_max: int) -> None:
    """Let none of the server's files grow beyond so many bytes; needs no rights. Skips where Linux is not."""
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits a process that runs")
    _limit(server, bytes_max)


def make_room(server: Server) -> None:
    """Let them grow again."""
    _limit(server, NO_LIMIT)


def _limit(server: Server, bytes_max: int) -> None:
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (bytes_max, NO_LIMIT))
