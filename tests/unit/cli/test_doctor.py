"""The doctor names what is unsafe about a database and the settings of its server, and what to do about it."""

import asyncio
import json
from collections import namedtuple
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest

from edgewise.cli import failures, findings
from edgewise.cli.findings import Finding, Level
from edgewise.domain.accounts import App, Token, usual_account
from edgewise.domain.ports import Store
from edgewise.wiring import open_store

PORTAL = 1_000_001
DAY_MS = 86_400_000
NOW = 1_795_514_531_000

Usage = namedtuple("Usage", "total used free")


class Looked(NamedTuple):
    """What a run of the doctor said: the findings by level and thing, and the exit code."""

    code: int
    findings: list[dict[str, str]]

    def of(self, level: str, thing: str | None = None) -> list[str]:
        return [
            found["what"]
            for found in self.findings
            if found["level"] == level and thing in (None, found["thing"])
        ]


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """A new database with a portal, in a folder of its own."""
    tmp_path.chmod(0o700)
    monkeypatch.setenv("EDGEWISE_DATABASE", f"sqlite:///{tmp_path}/crm.db")
    monkeypatch.setattr(findings.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(findings.shutil, "disk_usage", lambda _: Usage(2**40, 2**39, 2**39))
    _work(tmp_path / "crm.db", _add_portal)
    return tmp_path / "crm.db"


@pytest.fixture
def look(run, file):
    def look_at(*arguments: str) -> Looked:
        ran = run("doctor", "--json", *arguments)
        assert ran.err == ""
        return Looked(ran.code, json.loads(ran.out)["findings"])

    return look_at


async def _add_portal(store: Store) -> None:
    await store.accounts.add_account(usual_account(PORTAL, NOW))


def _work(file: Path, work: Any) -> None:
    async def do() -> None:
        store = open_store(f"sqlite:///{file}")
        await store.start()
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(do())


def _add_tokens(file: Path, *texts: str, **more: Any) -> None:
    async def add(store: Store) -> None:
        for text in texts:
            token = Token(sha256(text.encode()).digest(), PORTAL, "sync", NOW, **more)
            await store.accounts.add_token(token)

    _work(file, add)


def _token(**more: Any) -> Token:
    usual = {"scopes": ("tickets",), "expires_at": NOW + DAY_MS, "last_used_at": NOW, "token_id": 3}
    return Token(b"3", PORTAL, more.pop("name", "sync"), NOW, **usual | more)


def _levels(found: Any) -> list[Level]:
    return [finding.level for finding in found]


def _worst(found: Any) -> Finding:
    return max(found, key=lambda finding: list(Level).index(finding.level))


# The whole.


def test_a_careful_setup_has_nothing_to_complain_of(look, file):
    _add_tokens(
        file, "pat-na1-something-long", scopes=("tickets",), expires_at=NOW + 10**12, last_used_at=NOW
    )
    looked = look("--thorough")
    assert (looked.code, looked.of("warn"), looked.of("fail")) == (0, [], [])
    assert {found["thing"] for found in looked.findings} >= {"address", "files", "folder", "disk", "schema"}


def test_a_server_of_root_is_unsafe(look, monkeypatch):
    assert look().of("warn", "user") == []
    monkeypatch.setattr(findings.os, "geteuid", lambda: 0, raising=False)
    (what,) = look().of("warn", "user")
    assert what.startswith("a server that this user starts runs as root")
    assert look("--dev").of("warn", "user") == [], "as dev says nothing of it either"


def test_findings_are_lines_with_what_to_do(run, file):
    ran = run("doctor", "--host", "0.0.0.0")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].startswith("warn  address      other machines reach 0.0.0.0")
    assert lines[1].strip().startswith("→ put a reverse proxy")
    assert lines[-1].endswith("1 warn")


def test_whoever_asks_for_json_gets_counts_too(run, file):
    told = json.loads(run("doctor", "--json", "--host", "::").out)
    assert told["counts"]["warn"] == 1
    assert {tuple(found) for found in told["findings"]} == {("level", "thing", "what", "advice")}


def test_one_failure_makes_the_exit_code(look, file):
    file.chmod(0o644)
    looked = look()
    assert looked.code == failures.FAILED
    assert looked.of("fail") == [f"{file} is open to everybody on this machine (0644)"]


def test_the_settings_of_the_server_are_those_of_its_environment_and_file(look, file, tmp_path, monkeypatch):
    monkeypatch.setenv("EDGEWISE_HOST", "192.0.2.1")
    config = tmp_path / "edgewise.toml"
    config.write_text('rate-limit = "off"\naudit = false\ndurability = "normal"\nport = 1\n')
    looked = look("--config", str(config))
    things = {found["thing"] for found in looked.findings if found["level"] == "warn"}
    assert things == {"address", "rate limits", "audit log", "durability"}


def test_a_look_changes_nothing(look, file):
    async def count(store: Store) -> None:
        counted.append(len(await store.audit.read_latest(findings_wanted, 100)))

    from edgewise.domain.audit import Wanted

    findings_wanted, counted = Wanted(), []
    _work(file, count)
    look("--thorough")
    _work(file, count)
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("database", "code"), [("memory://", failures.BAD_CONFIG), ("sqlite:///missing.db", failures.UNREACHABLE)]
)
def test_a_database_that_is_not_there_is_said(run, database, code):
    assert run("doctor", "--database", database).code == code


def test_databases_that_restores_kept_are_told(look, file):
    assert look().of("info", "restores") == []
    file.with_name("crm.db.before-restore-20261129T043000Z").write_bytes(b"x" * 2**20)
    [what] = look().of("info", "restores")
    assert "1.0 MiB: crm.db.before-restore-20261129T043000Z" in what


# The address.


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_is_fine(host):
    assert _levels(findings.of_address(host, is_open=True)) == [Level.OK]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "crm.example"])
def test_an_address_that_others_reach_needs_tls_in_front(host):
    [found] = findings.of_address(host, is_open=False)
    assert (found.level, "TLS" in found.what) == (Level.WARN, True)


def test_a_server_that_any_token_opens_must_not_be_reached_by_others(look):
    looked = look("--dev", "--host", "0.0.0.0")
    assert looked.code == failures.FAILED
    assert looked.of("fail") == ["any bearer token opens this server, and other machines reach 0.0.0.0"]


# Files.


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
@pytest.mark.parametrize(
    ("mode", "level"), [(0o600, "ok"), (0o640, "warn"), (0o604, "fail"), (0o666, "fail")]
)
def test_each_file_of_the_database_is_its_owners(file, end, mode, level):
    part = file.with_name(file.name + end)
    part.touch()
    part.chmod(mode)
    found = _worst(findings.of_files(file))
    assert found.level == level
    if level != "ok":
        assert str(part) in found.advice


@pytest.mark.parametrize(
    ("mode", "level"), [(0o700, "ok"), (0o711, "info"), (0o755, "info"), (0o775, "warn"), (0o777, "fail")]
)
def test_who_may_write_the_folder_may_replace_the_database(file, mode, level):
    file.parent.chmod(mode)
    [found] = [found for found in findings.of_files(file) if found.thing == "folder"]
    assert found.level == level


@pytest.mark.parametrize(
    ("content", "mode", "level"),
    [
        ('smtp-url = "smtp://user:hunter2@mail"', 0o600, "ok"),
        ('smtp-url = "smtp://user:hunter2@mail"', 0o640, "warn"),
        ('smtp_url = "smtp://user:hunter2@mail"', 0o644, "fail"),
        ('rate-limit-store = "redis://:hunter2@cache:6379/0"', 0o644, "fail"),
        ('smtp-url = "smtp://mail"', 0o644, "ok"),
        ("port = 1", 0o644, "ok"),
    ],
)
def test_a_password_in_the_config_file_is_its_owners(tmp_path, content, mode, level):
    config = tmp_path / "edgewise.toml"
    config.write_text(content)
    config.chmod(mode)
    [found] = findings.of_config(config)
    assert found.level == level
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    ("free", "level"), [(2**39, "ok"), (2**30, "warn"), (400 * 2**20, "warn"), (40 * 2**20, "fail")]
)
def test_a_disk_that_is_nearly_full_is_said(file, monkeypatch, free, level):
    monkeypatch.setattr(findings.shutil, "disk_usage", lambda _: Usage(2**40, 2**40 - free, free))
    assert _levels(findings.of_disk(file)) == [level]


# Redis and rates.


@pytest.mark.parametrize(
    ("store", "levels"),
    [
        ("memory://", ["ok"]), ("redis://localhost:6379/0", ["ok"]), ("redis://127.0.0.1/0", ["ok"]),
        ("redis://cache:6379/0", ["ok", "warn"]), ("redis://:hunter2@cache:6379/0", ["ok", "warn"]),
        ("rediss://cache:6379/0", ["ok", "warn"]), ("rediss://:hunter2@cache:6379/0", ["ok"]),
    ],
)  # fmt: skip
def test_redis_elsewhere_asks_for_a_password_and_hides_it(store, levels):
    found = list(findings.of_rates("tier", store))
    assert _levels(found) == levels
    assert "hunter2" not in str(found)


def test_rate_limits_that_are_off_are_said():
    assert _levels(findings.of_rates("off", "memory://")) == [Level.WARN]


# The database.


def test_a_file_that_is_no_database_is_said(look, file):
    file.write_bytes(b"x" * 10_000)
    assert look().code == failures.FAILED


def test_a_database_of_something_else_is_said(look, file, tmp_path):
    other = tmp_path / "other.db"
    connection = apsw.Connection(str(other))
    connection.execute("CREATE TABLE x (y)")
    connection.close()
    other.chmod(0o600)
    looked = look("--database", f"sqlite:///{other}")
    assert looked.of("fail", "schema") == ["this is not a database of Edgewise"]
    assert not _has_table(other, "schema_migration"), "it is left as it is"


def _has_table(file: Path, name: str) -> bool:
    connection = apsw.Connection(str(file))
    try:
        return connection.table_exists("main", name)
    finally:
        connection.close()


def _alter_ledger(file: Path, statement: str) -> None:
    connection = apsw.Connection(str(file))
    connection.execute(statement)
    connection.close()


def test_an_older_database_is_not_migrated_by_a_look(look, file):
    _alter_ledger(
        file, "DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration)"
    )
    for _ in range(2):
        looked = look()
        [what] = looked.of("warn", "schema")
        assert (looked.code, "has schema version" in what) == (0, True)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO schema_migration SELECT max(version) + 1, 'later', 'x', 1 FROM schema_migration",
        "UPDATE schema_migration SET checksum = 'x' WHERE version = 1",
    ],
)
def test_a_database_of_another_program_is_said(look, file, statement):
    _alter_ledger(file, statement)
    looked = look()
    assert (looked.code, len(looked.of("fail", "schema"))) == (failures.FAILED, 1)


def test_damage_is_found_by_a_thorough_look(look, file):
    _add_tokens(file, *[f"token {number}" for number in range(2_000)])
    pages = file.stat().st_size // 4096
    with file.open("r+b") as opened:
        for page in range(pages // 2, pages):
            opened.seek(page * 4096)
            opened.write(b"\xff" * 4096)
    looked = look("--thorough")
    assert looked.code == failures.FAILED
    assert looked.of("fail", "integrity") or looked.of("fail", "database")


# Tokens, apps and portals.


def test_a_token_with_an_end_and_scopes_that_is_used_is_fine():
    assert _levels(findings.of_tokens([_token()], NOW)) == [Level.OK]


@pytest.mark.parametrize(
    ("more", "level", "what"),
    [
        ({"name": "Test"}, Level.WARN, "the name says it was for a trial: token 3"),
        ({"scopes": None}, Level.INFO, "it has every scope: token 3"),
        ({"expires_at": None}, Level.INFO, "it never expires: token 3"),
        ({"last_used_at": NOW - 91 * DAY_MS}, Level.INFO, "not used for 90 days: token 3"),
        ({"revoked_at": NOW - 1}, Level.INFO, "revoked or expired, and still in the list: token 3"),
        ({"expires_at": NOW}, Level.INFO, "revoked or expired, and still in the list: token 3"),
    ],
)
def test_what_a_token_may_beyond_need_is_said(more, level, what):
    found = list(findings.of_tokens([_token(**more)], NOW))
    assert _levels(found) == [level, Level.OK]
    assert found[0].what == what


def test_a_token_of_an_app_is_the_apps_matter():
    app_token = _token(app_id=7, scopes=None, expires_at=None, last_used_at=None, name="test")
    assert _levels(findings.of_tokens([app_token], NOW)) == [Level.OK]


def test_many_tokens_are_counted():
    tokens = [_token(expires_at=None, token_id=number) for number in range(1, 9)]
    found, _ = findings.of_tokens(tokens, NOW)
    assert found.what == "it never expires: tokens 1, 2, 3, 4, 5 and 3 more"


@pytest.mark.parametrize("text", ["dev", "test", "pat-na1-00000000-0000-0000-0000-000000000000"])
def test_a_token_that_anybody_guesses_must_not_stay(look, file, text):
    _add_tokens(file, text)
    looked = look()
    assert looked.of("fail") == [f"token 1 is {text!r}, which anybody guesses"]
    assert looked.code == failures.FAILED


def test_a_secret_of_an_app_that_anybody_guesses_must_not_stay(look, file):
    async def add(store: Store) -> None:
        digest = sha256(b"secret").digest()
        await store.accounts.add_app(App("client", digest, "Sync", PORTAL, (), ("http://x/",), NOW))

    _work(file, add)
    assert look().of("fail", "apps") == ["the secret of app 1 is one that anybody guesses"]


def test_a_portal_that_no_token_opens_is_said(look, file):
    assert look().of("info", "portals") == [f"no token opens {PORTAL}"]
    _add_tokens(file, "pat-na1-something-long")
    assert look().of("info", "portals") == []


def test_metrics_that_anyone_may_read_are_said():
    assert _levels(findings.of_metrics("public")) == [Level.INFO]
    assert _levels(findings.of_metrics("loopback")) == _levels(findings.of_metrics("off")) == [Level.OK]
