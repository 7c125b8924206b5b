"""A token is shown once; what is kept of it opens its portal, says what it may do, and does not give it away."""

import asyncio
import json
import os
import re
import stat
from dataclasses import replace

import pytest

from edgewise.cli import failures, portals
from edgewise.cli.tokens import expiry_of, state_of
from edgewise.domain.accounts import RateLimit, Token, TokenUse
from edgewise.domain.audit import Wanted
from edgewise.http import auth
from edgewise.http.auth import token_digest
from edgewise.settings import DEFAULT_PORTAL_ID
from edgewise.wiring import open_store

TOKEN = re.compile(r"pat-na1-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
AT = 1_790_000_000_123
AT_TEXT = "2026-09-21T14:13:20.123Z"
DAY_MS = 86_400_000


@pytest.fixture
def database(tmp_path, monkeypatch) -> str:
    """The address of a database that every command takes from the environment."""
    address = f"sqlite:///{tmp_path}/crm.db"
    monkeypatch.setenv("EDGEWISE_DATABASE", address)
    return address


def _kept(database: str, token: str) -> Token | None:
    async def look() -> Token | None:
        store = open_store(database)
        await store.start()
        try:
            return await store.accounts.find_token(token_digest(token))
        finally:
            await store.close()

    return asyncio.run(look())


def _listed(run, *options: str) -> list[dict]:
    ran = run("token", "list", "--json", *options)
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


# Create.


def test_a_token_is_all_that_is_printed(run, database):
    ran = run("token", "create")
    assert (ran.code, ran.err) == (0, "")
    assert TOKEN.fullmatch(ran.out.removesuffix("\n"))
    kept = _kept(database, ran.out.strip())
    assert kept is not None
    assert (kept.portal_id, kept.scopes, kept.is_read_only) == (DEFAULT_PORTAL_ID, None, False)
    assert (kept.expires_at, kept.rate_limit) == (None, None)


def test_a_token_in_json_has_stable_keys(run, database):
    created = json.loads(run("token", "create", "--json", "--name", "billing").out)
    assert list(created) == [
        "token", "id", "name", "portalId", "appId", "userId", "scopes", "isReadOnly", "rateLimit",
        "createdAt", "expiresAt",
    ]  # fmt: skip
    assert TOKEN.fullmatch(created["token"])
    assert (created["name"], created["portalId"]) == ("billing", DEFAULT_PORTAL_ID)


def test_a_token_is_kept_with_all_that_is_said_of_it(run, database):
    run("portal", "create", "--id", "77")
    options = "--portal 77 --scopes tickets,crm.objects.contacts.read,tickets --read-only --rate-limit 20/10s"
    token = run("token", "create", *options.split(), "--expires", "12h").out.strip()
    kept = _kept(database, token)
    assert kept is not None
    assert (kept.portal_id, kept.scopes) == (77, ("tickets", "crm.objects.contacts.read"))
    assert (kept.is_read_only, kept.rate_limit) == (True, RateLimit(20, 10))
    assert kept.expires_at == kept.created_at + DAY_MS // 2


def test_tokens_differ_and_none_is_in_the_database(run, database, tmp_path):
    tokens = {run("token", "create").out.strip() for _ in range(3)}
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert len(tokens) == 3
    assert not any(token.encode() in kept for token in tokens)
    assert not any(token.removeprefix("pat-na1-").encode() in kept for token in tokens)


def test_nobody_else_can_read_the_database_that_a_command_makes(run, database, tmp_path):
    former = os.umask(0)
    try:
        for command in ("token", "portal"):
            assert run(command, "create").code == 0
            assert [stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()] == [0o600]
            (tmp_path / "crm.db").unlink()
    finally:
        os.umask(former)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--scopes", "crm.objects.contact.read"), "did you mean crm.objects.contacts.read"),
        (("--scopes", "tickets,zzz"), "no scope is named 'zzz'\n"),
        (("--scopes", ","), "--scopes names no scope"),
        (("--expires", "soon"), "--expires: 'soon' is not a time; write 30m, 12h, 30d or a date"),
        (("--expires", "0d"), "--expires: 0d is over"),
        (("--expires", "2020-01-31"), "--expires: 2020-01-31 is over: it would be 2020-01-31T00:00:00.000Z"),
        (("--expires", "2027-02-29"), "is not a time"),
        (("--rate-limit", "20"), "--rate-limit: '20' is not a rate limit"),
        (("--rate-limit", "0/10s"), "allows 1 to 1000000 calls, not 0"),
        (("--name", " "), "--name takes 1 to 200 printable characters"),
        (("--name", "a\nb"), "--name takes"),
        (("--portal", "0"), "--portal"),
    ],
)
def test_what_a_token_cannot_have_is_told_before_a_database_is_made(run, database, tmp_path, options, told):
    ran = run("token", "create", *options)
    assert (ran.code, ran.out) == (failures.USAGE, "")
    assert told in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_portal_that_is_not_there_gets_no_token(run, database):
    run("portal", "create")
    ran = run("token", "create", "--portal", "77")
    assert (ran.code, ran.out) == (failures.FAILED, "")
    assert ran.err == "error: there is no portal 77; edgewise portal list shows those there are\n"
    assert _listed(run) == []


# When a token ends.


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("90m", AT + 90 * 60_000),
        ("12h", AT + DAY_MS // 2),
        ("30d", AT + 30 * DAY_MS),
        ("2026-09-22", AT - AT % DAY_MS + DAY_MS),
    ],
)
def test_an_expiry_is_a_length_of_time_or_the_begin_of_a_day_in_utc(text, ends):
    assert expiry_of(text, AT) == ends


def test_a_token_is_live_until_the_millisecond_it_expires_and_revoked_whenever_it_was():
    token = Token(b"", 1, "", AT - 9, expires_at=AT)
    assert [state_of(token, at) for at in (AT - 1, AT, AT + 1)] == ["live", "expired", "expired"]
    assert state_of(replace(token, revoked_at=AT - 5), AT - 1) == "revoked"


# List.


def test_tokens_are_listed_without_what_opens(run, database):
    token = run(
        "token", "create", "--name", "billing", "--read-only", "--scopes", "tickets,oauth"
    ).out.strip()
    (listed,) = _listed(run)
    assert list(listed) == [
        "id", "name", "portalId", "appId", "userId", "scopes", "isReadOnly", "rateLimit",
        "createdAt", "expiresAt", "revokedAt", "lastUsedAt", "state",
    ]  # fmt: skip
    assert (listed["id"], listed["name"], listed["scopes"]) == (1, "billing", ["tickets", "oauth"])
    assert (listed["isReadOnly"], listed["state"], listed["lastUsedAt"]) == (True, "live", None)
    shown = run("token", "list").out
    for text in (shown, json.dumps(listed)):
        assert token not in text
        assert token_digest(token).hex() not in text


def test_the_list_says_what_each_token_may_do_and_whether_it_lives(run, database):
    run("token", "create")
    run("token", "create", "--scopes", "tickets,oauth", "--read-only", "--rate-limit", "5/1m")
    run("token", "revoke", "1")
    heading, first, second = run("token", "list").out.splitlines()
    assert re.split(r"  +", heading) == [
        "ID", "NAME", "PORTAL", "SCOPES", "READ-ONLY", "RATE", "CREATED", "EXPIRES", "LAST USED", "STATE",
    ]  # fmt: skip
    assert re.split(r"  +", first)[:5] == ["1", "default", "1000001", "all", "no"]
    assert re.split(r"  +", second)[:6] == ["2", "default", "1000001", "tickets +1", "yes", "5/60s"]
    assert [line.split()[-1] for line in (first, second)] == ["revoked", "live"]


def test_the_list_says_when_a_token_was_last_used(run, database):
    token = run("token", "create").out.strip()

    async def use() -> None:
        store = open_store(database)
        await store.start()
        kept = await store.accounts.find_token(token_digest(token))
        assert kept is not None
        await store.accounts.note_token_uses([TokenUse(kept.token_id, AT)])
        await store.close()

    asyncio.run(use())
    assert _listed(run)[0]["lastUsedAt"] == AT_TEXT
    assert "  2026-09-21 14:13  live\n" in run("token", "list").out


def test_tokens_of_one_portal_are_listed_apart(run, database):
    run("token", "create", "--name", "ours")
    run("portal", "create", "--id", "77")
    run("token", "create", "--name", "theirs", "--portal", "77")
    run("portal", "create", "--id", "78")
    assert [token["name"] for token in _listed(run)] == ["ours", "theirs"]
    assert [token["name"] for token in _listed(run, "--portal", "77")] == ["theirs"]
    assert run("token", "list", "--portal", "78").err == "Portal 78 has no tokens.\n"
    ran = run("token", "list", "--portal", "79")
    assert (ran.code, ran.out) == (failures.FAILED, "")
    assert "there is no portal 79" in ran.err


@pytest.mark.parametrize("command", [("token", "list"), ("token", "revoke", "1"), ("portal", "list")])
def test_a_database_that_does_not_exist_is_not_made_by_looking(run, database, tmp_path, command):
    ran = run(*command)
    assert (ran.code, ran.out) == (failures.UNREACHABLE, "")
    assert ran.err == f"error: {database}: there is no such database\n"
    assert list(tmp_path.iterdir()) == []


# Revoke.


def test_several_tokens_are_revoked_at_once(run, database):
    for _ in range(3):
        run("token", "create")
    ran = run("token", "revoke", "1", "3", "1")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "Revoked: 1, 3. Servers that run refuse it within 5 seconds.\n"
    assert [token["state"] for token in _listed(run)] == ["revoked", "live", "revoked"]


def test_what_cannot_be_revoked_is_told_and_hinders_nothing(run, database):
    for _ in range(2):
        run("token", "create")
    run("token", "revoke", "1")
    before = _listed(run)[0]["revokedAt"]
    ran = run("token", "revoke", "1", "9", "2", "--json")
    assert ran.code == failures.FAILED
    assert [each["id"] for each in json.loads(ran.out)] == [2]
    assert ran.err.splitlines() == [
        f"error: token 1 was revoked before: {before}",
        "error: there is no token 9; edgewise token list shows those there are",
    ]
    assert [token["state"] for token in _listed(run)] == ["revoked", "revoked"]
    assert _listed(run)[0]["revokedAt"] == before


# Who did it.


def test_the_audit_log_names_the_commands_that_changed_something(run, database, monkeypatch):
    monkeypatch.setattr(auth, "REMEMBERED_S", 0.01)
    monkeypatch.setattr(portals, "UNDER_WAY_S", 0)
    commands = ["token create", "token revoke 1", "portal create --id 77", "portal delete 77 --yes"]
    for command in [*commands, "token list", "portal list", "token revoke 1", "portal delete 77 --yes"]:
        run(*command.split())

    async def read() -> list[tuple[str, str]]:
        store = open_store(database)
        await store.start()
        try:
            entries = await store.audit.read_latest(Wanted(), 100)
        finally:
            await store.close()
        return [(entry.actor.name.partition(", by ")[0], entry.deed.action.value) for entry in entries]

    assert asyncio.run(read()) == [
        ("edgewise token create", "portal.create"),
        ("edgewise token create", "token.create"),
        ("edgewise token revoke", "token.revoke"),
        ("edgewise portal create", "portal.create"),
        ("edgewise portal delete", "portal.delete"),
    ]
