"""An OAuth app of the tests, and a browser that knows nothing but forms and cookies."""

import asyncio
import html
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import time_ns
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from edgewise import wiring
from edgewise.domain.accounts import App, Token, usual_account
from edgewise.domain.errors import Conflict
from edgewise.domain.oauth import digest_of
from edgewise.settings import DEFAULT_PORTAL_ID

CLIENT_ID = "0f2b6c1e-0000-4000-8000-000000000001"
CLIENT_SECRET = "5d1c6c1e-0000-4000-8000-000000000001"
OTHER_CLIENT_ID = "0f2b6c1e-0000-4000-8000-000000000002"
OTHER_CLIENT_SECRET = "5d1c6c1e-0000-4000-8000-000000000002"
NAME = "Ledger Sync"
REDIRECT_URI = "http://localhost:3000/callback"
SCOPES = ("oauth", "crm.objects.contacts.read", "crm.objects.contacts.write")
OPTIONAL_SCOPES = ("tickets",)
PRIVATE_TOKEN = "pat-na1-0f2b6c1e-0000-4000-8000-00000000000a"
PRIVATE_SCOPES = ("crm.objects.contacts.read", "tickets")

CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
OTHER_CLIENT = {"client_id": OTHER_CLIENT_ID, "client_secret": OTHER_CLIENT_SECRET}

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def app(at: int = 0, **changes: Any) -> App:
    """The app of the tests, or one that differs."""
    fields: dict[str, Any] = {
        "client_id": CLIENT_ID,
        "secret_digest": digest_of(CLIENT_SECRET),
        "name": NAME,
        "portal_id": DEFAULT_PORTAL_ID,
        "scopes": SCOPES,
        "redirect_uris": (REDIRECT_URI,),
        "created_at": at,
        "optional_scopes": OPTIONAL_SCOPES,
    }
    return App(**fields | changes)


def define_apps(database: str, tokens: Sequence[Token] = ()) -> None:
    """Give the default portal two apps, the token of a private one, and any further tokens."""
    asyncio.run(_define(database, tokens))


async def _define(database: str, tokens: Sequence[Token]) -> None:
    store = wiring.open_store(database, is_durable=False)
    await store.start()
    at = time_ns() // 1_000_000
    other = app(at, client_id=OTHER_CLIENT_ID, secret_digest=digest_of(OTHER_CLIENT_SECRET), name="Other")
    private = Token(digest_of(PRIVATE_TOKEN), DEFAULT_PORTAL_ID, "private app", at, PRIVATE_SCOPES)
    try:
        for portal_id in {DEFAULT_PORTAL_ID, *(token.portal_id for token in tokens)}:
            with suppress(Conflict):  # it is there when other tests of the same database made it
                await store.accounts.add_account(usual_account(portal_id, at))
        await store.accounts.add_app(app(at))
        await store.accounts.add_app(other)
        for token in (private, *tokens):
            await store.accounts.add_token(token)
    finally:
        await store.close()


def link_fields(**changes: str | None) -> dict[str, str]:
    """What an app asks with; None leaves a field out."""
    fields: dict[str, str | None] = {
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": " ".join(SCOPES),
        "state": "s t&a=te",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


def hidden_fields(page: str) -> dict[str, str]:
    """What a form sends beside what a person fills in."""
    return {html.unescape(name): html.unescape(value) for name, value in _HIDDEN.findall(page)}


def told(location: str) -> dict[str, str]:
    """What the query of an address says, each name once."""
    query = parse_qs(urlsplit(location).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in query.values()), location
    return {name: values[0] for name, values in query.items()}


def answered(
    browser: httpx2.Client,
    fields: Mapping[str, str],
    answer: Mapping[str, str],
    path: str = "/oauth/authorize",
) -> httpx2.Response:
    """Open the page and send its form."""
    page = browser.get(path, params=dict(fields))
    assert page.status_code == 200, page.text
    return browser.post(path, data=hidden_fields(page.text) | dict(answer))


def code_from(url: str, **changes: str | None) -> str:
    """A code for the app of the tests, from an open server: the default portal is connected."""
    with httpx2.Client(base_url=url, trust_env=False) as browser:
        answer = {"portal": str(DEFAULT_PORTAL_ID), "decision": "connect"}
        sent = answered(browser, link_fields(**changes), answer)
        assert sent.status_code == 303, sent.text
        return told(sent.headers["location"])["code"]


def exchange(code: str, **changes: Any) -> dict[str, Any]:
    """The body that asks for tokens."""
    fields = CLIENT | {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    return {name: value for name, value in (fields | changes).items() if value is not None}


def tokens_from(url: str) -> dict[str, Any]:
    """The tokens of a fresh consent, from an open server."""
    return exchanged(url, code_from(url))


def exchanged(url: str, code: str) -> dict[str, Any]:
    """The tokens that a code comes to."""
    answer = httpx2.post(f"{url}/oauth/v3/token", data=exchange(code), trust_env=False)
    assert answer.status_code == 200, answer.text
    tokens: dict[str, Any] = answer.json()
    return tokens
