"""A strict server with an app, connected by command as CI does it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import time_ns

from edgewise.domain.oauth import digest_of
from tests.acceptance.program import edgewise
from tests.support.oauth import CLIENT_ID, define_apps
from tests.support.server import DATABASE, Server, database_of


class OAuthServer:
    """url: of the server, which believes no token without asking its database."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self.url = url

    def code(self, *options: str) -> str:
        """A code for the app, as `edgewise app authorize` prints it."""
        database = database_of(self._folder)
        command = (
            "app",
            "authorize",
            "--database",
            database,
            "--client-id",
            CLIENT_ID,
            "--portal",
            "1000001",
        )
        ran = edgewise(*command, *options, "--json", folder=self._folder)
        assert ran.returncode == 0, ran.stderr
        code: str = json.loads(ran.stdout)["code"]
        return code

    def expire(self, access_token: str) -> None:
        """Let a token have ended 75 seconds ago."""
        with closing(sqlite3.connect(self._folder / DATABASE)) as database, database:
            ended_at = time_ns() // 1_000_000 - 75_500
            changed = database.execute(
                "UPDATE access_token SET expires_at = ? WHERE digest = ?", (ended_at, digest_of(access_token))
            )
            assert changed.rowcount == 1


@contextmanager
def running(folder: Path) -> Iterator[OAuthServer]:
    define_apps(database_of(folder))
    with Server(folder, is_open=False, is_durable=False, token_memory_s=0) as server:
        yield OAuthServer(folder, server.url)
