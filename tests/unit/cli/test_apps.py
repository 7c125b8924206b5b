"""Apps are made, listed, connected to portals and given other secrets by command."""

import asyncio
import json
import re

import pytest

from edgewise.cli import failures
from edgewise.domain.accounts import App
from edgewise.domain.oauth import digest_of, require_client
from edgewise.wiring import open_store

READ, DEALS = "crm.objects.contacts.read", "crm.objects.deals.read"
URI = "https://ledger.example.com/callback"
CREATE = ("app", "create", "--name", "Ledger Sync", "--scopes", f"oauth,{READ}", "--redirect-uri", URI)
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture
def database(tmp_path, monkeypatch) -> str:
    """The address of a database that every command takes from the environment."""
    address = f"sqlite:///{tmp_path}/crm.db"
    monkeypatch.setenv("EDGEWISE_DATABASE", address)
    return address


def _made(run, *more: str) -> dict:
    ran = run(*CREATE, *more, "--json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


def _kept(database: str, client_id: str) -> App:
    async def look() -> App | None:
        store = open_store(database)
        await store.start()
        try:
            return await store.accounts.find_app(client_id)
        finally:
            await store.close()

    app = asyncio.run(look())
    assert app is not None
    return app


def _require_refused(ran, code: int, *texts: str) -> None:
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert all(text in ran.err for text in texts), ran.err


def test_an_app_is_made_with_a_secret_that_is_shown_once(run, database):
    ran = run(*CREATE)
    assert (ran.code, ran.err) == (0, "")
    match = re.fullmatch(rf"  Client id      ({UUID})\n  Client secret  ({UUID})\n", ran.out)
    assert match
    listed = run("app", "list")
    assert match[1] in listed.out
    assert match[2] not in listed.out + run("app", "list", "--json").out


def test_only_the_digest_of_the_secret_is_kept(run, database, tmp_path):
    made = _made(run)
    kept = _kept(database, made["clientId"])
    assert kept.secret_digest == digest_of(made["clientSecret"])
    assert require_client(kept, made["clientSecret"]) is kept
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert made["clientSecret"].encode() not in files


def test_json_says_what_an_app_is(run, database):
    more = ("--optional-scopes", "tickets", "--redirect-uri", "http://localhost:3000/a", "--private")
    made = _made(run, *more, "--redirect-uri", URI)
    secret = made.pop("clientSecret")
    assert made == {
        "clientId": made["clientId"],
        "appId": 1,
        "name": "Ledger Sync",
        "portalId": 1_000_001,
        "scopes": ["oauth", READ],
        "optionalScopes": ["tickets"],
        "redirectUris": [URI, "http://localhost:3000/a"],
        "distribution": "private",
        "createdAt": made["createdAt"],
    }
    assert secret
    assert json.loads(run("app", "list", "--json").out) == [made]
    assert _made(run)["distribution"] == "public"


def test_an_app_belongs_to_a_portal_that_is_there(run, database):
    _require_refused(run(*CREATE, "--portal", "7"), failures.UNREACHABLE, "there is no such database")
    run("portal", "create", "--id", "6")
    _require_refused(run(*CREATE, "--portal", "7"), failures.FAILED, "there is no portal 7")
    assert _made(run, "--portal", "6")["portalId"] == 6


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("http://ledger.example.com/", "is not https"),
        ("https://ledger.example.com/#a", "has a fragment"),
        ("ledger", "is not an address"),
        ("https://a@ledger.example.com/", "has a user name"),
    ],
)
def test_codes_are_sent_to_no_address_where_others_may_read_them(run, database, uri, why):
    _require_refused(run(*CREATE, "--redirect-uri", uri), failures.USAGE, "--redirect-uri", why)


@pytest.mark.parametrize("option", ["--scopes", "--optional-scopes"])
def test_a_scope_that_nobody_knows_is_refused(run, database, option):
    ran = run(*CREATE, option, "crm.objects.contact.read")
    _require_refused(ran, failures.USAGE, f"{option}: no scope is named", READ)


def test_an_empty_database_has_no_apps(run, database):
    run("portal", "create")
    ran = run("app", "list")
    assert (ran.code, ran.out, ran.err) == (0, "", "There are no apps.\n")
    assert run("app", "list", "--json").out == "[]\n"


def test_a_secret_is_rotated(run, database):
    made = _made(run)
    ran = run("app", "rotate-secret", made["clientId"], "--json")
    rotated = json.loads(ran.out)
    assert rotated["clientSecret"] != made["clientSecret"]
    kept = _kept(database, made["clientId"])
    assert kept.secret_digest == digest_of(rotated["clientSecret"])
    _require_refused(run("app", "rotate-secret", "x"), failures.FAILED, "no app has the client id x")


def test_an_app_is_connected_without_a_browser(run, database):
    made = _made(run, "--optional-scopes", DEALS, "--redirect-uri", "http://localhost:1/a")
    to_portal = ("app", "authorize", "--client-id", made["clientId"], "--portal", "1000001")
    code = json.loads(run(*to_portal, "--json").out)
    assert code == {
        "code": code["code"],
        "clientId": made["clientId"],
        "redirectUri": URI,
        "scopes": ["oauth", READ],
        "portalId": 1_000_001,
        "expiresAt": code["expiresAt"],
    }
    assert re.fullmatch(rf"na1-{UUID}", code["code"])
    more = ("--scopes", f"{READ},oauth", "--optional-scopes", DEALS, "--redirect-uri", "http://localhost:1/a")
    told = json.loads(run(*to_portal, *more, "--json").out)
    assert (told["scopes"], told["redirectUri"]) == ([READ, "oauth", DEALS], "http://localhost:1/a")
    plain = run(*to_portal)
    assert re.fullmatch(rf"na1-{UUID}\n", plain.out)


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--scopes", DEALS), failures.USAGE, "the app always asks for oauth"),
        (("--scopes", READ), failures.USAGE, "see oauth"),
        (("--redirect-uri", f"{URI}/"), failures.USAGE, f"--redirect-uri: the app has {URI}"),
        (("--code-challenge", "plain"), failures.USAGE, "--code-challenge"),
        (("--portal", "9"), failures.FAILED, "there is no portal 9"),
        (("--client-id", "x"), failures.FAILED, "no app has the client id x"),
    ],
)
def test_what_the_page_would_refuse_is_refused(run, database, options, code, text):
    made = _made(run)
    ran = run("app", "authorize", "--client-id", made["clientId"], "--portal", "1000001", *options)
    _require_refused(ran, code, text)
