"""Portals and tokens while servers run: two processes over one database, and the commands of its operator."""

import json
import os
import re
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import apsw
import pytest

from tests.acceptance.program import edgewise
from tests.acceptance.terminal import on_a_terminal
from tests.support.crm import Crm
from tests.support.server import Server, database_of

CONTACTS = "/crm/v3/objects/contacts"
MEMORY_S = 0.6
TABLES = ("record", "edge", "portal", "access_token")


class Site:
    """Two strict servers over the database of one folder, and a command line beside them."""

    def __init__(self, folder: Path, **settings: float) -> None:
        self.folder = folder
        self.database = ("--database", database_of(folder))
        self._settings = settings
        self._open = ExitStack()
        self.urls: list[str] = []

    def __enter__(self) -> "Site":
        for _ in range(2):
            server = Server(self.folder, is_open=False, is_durable=False, rate_limit="off", **self._settings)
            self.urls.append(self._open.enter_context(server).url)
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    def run(self, *arguments: str) -> str:
        """A command's output."""
        ran = edgewise(*arguments, *self.database, folder=self.folder)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout.strip()

    def statuses(self, token: str) -> list[int]:
        """What each server answers a token."""
        statuses = []
        for url in self.urls:
            with Crm(url, "documented", token) as crm:
                statuses.append(crm.get(CONTACTS).status_code)
        return statuses


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    edgewise("token", "create", "--database", database_of(tmp_path), folder=tmp_path)
    with Site(tmp_path, token_memory_s=MEMORY_S) as site:
        yield site


def test_a_token_that_is_revoked_by_command_is_refused_by_every_process_within_the_bound(site: Site):
    token, other = (site.run("token", "create", "--name", name) for name in ("revoked", "other"))
    for _ in range(3):
        assert site.statuses(token) == [200, 200]
    site.run("token", "revoke", "2")
    time.sleep(MEMORY_S)
    assert site.statuses(token) == [401, 401]
    assert site.statuses(other) == [200, 200]


def test_a_token_that_expires_is_refused_by_every_process(site: Site):
    token = site.run("token", "create", "--expires", "30d")
    assert site.statuses(token) == [200, 200]
    connection = apsw.Connection(str(site.folder / "edgewise.db"))
    connection.set_busy_timeout(5_000)
    connection.execute("UPDATE access_token SET expires_at = 5 WHERE expires_at IS NOT NULL")
    connection.close()
    time.sleep(MEMORY_S)
    assert site.statuses(token) == [401, 401]
    with Crm(site.urls[0], "documented", token) as crm:
        assert crm.get(CONTACTS).json()["category"] == "EXPIRED_AUTHENTICATION"


def test_a_portal_made_by_command_is_open_at_once_and_apart(site: Site):
    portal = site.run("portal", "create", "--name", "Acme")
    here, there = site.run("token", "create"), site.run("token", "create", "--portal", portal)
    assert portal == "1000002"
    with Crm(site.urls[0], "documented", here) as crm:
        assert crm.post(CONTACTS, {"properties": {"firstname": "Ann"}}).status_code == 201
    for token, count in ((here, 1), (there, 0)):
        with Crm(site.urls[1], "documented", token) as crm:
            assert len(crm.get(CONTACTS).json()["results"]) == count


def test_the_list_says_that_a_token_was_used_and_nothing_kept_or_logged_holds_a_token(site: Site):
    token = site.run("token", "create", "--name", "used")
    assert site.statuses(token) == [200, 200]
    deadline = time.monotonic() + 20
    while not re.search(r"used .*\d\d:\d\d  .*\d\d:\d\d +live", site.run("token", "list")):
        assert time.monotonic() < deadline
    files = {file.name: file.read_bytes() for file in site.folder.iterdir() if file.is_file()}
    assert {"edgewise.db", "edgewise.db-wal", "stderr.txt"} <= files.keys()
    secret = token.removeprefix("pat-na1-")
    for name, content in files.items():
        for form in (secret, secret.replace("-", "")):
            assert form.encode() not in content, name


@pytest.mark.long
def test_a_deleted_portal_is_empty_however_busy_its_servers_were(tmp_path: Path):
    edgewise("token", "create", "--database", database_of(tmp_path), folder=tmp_path)
    with Site(tmp_path) as site:
        portal = site.run("portal", "create")
        token = site.run("token", "create", "--portal", portal)
        is_over = threading.Event()
        refused: list[int] = []

        def write(url: str) -> None:
            with Crm(url, "documented", token) as crm:
                while not is_over.is_set():
                    status = crm.post(CONTACTS, {"properties": {"firstname": "Ann"}}).status_code
                    if status != 201:
                        refused.append(status)
                        return

        threads = [threading.Thread(target=write, args=(url,)) for url in site.urls]
        for thread in threads:
            thread.start()
        time.sleep(1)
        site.run("portal", "delete", portal, "--yes")
        is_over.set()
        for thread in threads:
            thread.join()
        assert refused == [401, 401]
    connection = apsw.Connection(str(tmp_path / "edgewise.db"))
    counts = {table: connection.execute(f"SELECT count(*) FROM {table}").get for table in TABLES}
    connection.close()
    assert counts == {"record": 0, "edge": 0, "portal": 0, "access_token": 1}, "the default portal's token"


@pytest.mark.parametrize("typed", [pytest.param("1000002", marks=pytest.mark.long), "no"])
def test_on_a_terminal_a_portal_is_deleted_after_its_id_was_typed(tmp_path: Path, typed: str):
    database = ("--database", "sqlite:///crm.db")
    edgewise("portal", "create", "--name", "Acme", *database, folder=tmp_path)
    shown = on_a_terminal(
        "portal", "delete", "1000002", *database, folder=tmp_path, until="to delete it: ", then=f"{typed}\n"
    )
    assert "Portal 1000002 (Acme) holds no records" in shown
    is_deleted = typed == "1000002"
    assert ("Portal 1000002 is deleted" in shown) == is_deleted
    assert ("nothing was changed" in shown) != is_deleted
    assert ("Closed. Waiting 6 seconds" in shown) == is_deleted


def test_serve_makes_no_portal_that_nobody_asked_for_and_dev_makes_the_default_one(start, tmp_path: Path):
    database = ("--database", "sqlite:///crm.db")
    start("serve", "--port", "0", *database)
    assert edgewise("portal", "list", "--json", *database, folder=tmp_path).stdout == "[]\n"
    start("dev", "--port", "0", "--data", "crm.db")
    listed = edgewise("portal", "list", "--json", *database, folder=tmp_path).stdout
    assert [portal["portalId"] for portal in json.loads(listed)] == [1_000_001]


@pytest.mark.parametrize("command", ["dev", "serve"])
def test_nobody_else_can_read_the_files_of_a_server(start, tmp_path: Path, command: str):
    former = os.umask(0)
    try:
        options = ["--data", "crm.db"] if command == "dev" else ["--database", "sqlite:///crm.db"]
        server = start(command, "--port", "0", *options)
    finally:
        os.umask(former)
    server.call("GET", CONTACTS)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob("crm.db*")}
    assert modes.keys() >= {"crm.db", "crm.db-wal"}
    assert set(modes.values()) == {0o600}
