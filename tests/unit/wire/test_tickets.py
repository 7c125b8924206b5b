"""A form is taken only as it was shown, soon after, and from the browser it was shown to."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.domain.oauth import digest_of, signature
from edgewise.wire.tickets import LIVES_MS, browser_of, is_good, new_browser, new_ticket
from tests.support.oauth import app

AT = 1_790_000_000_123
APP = app()
BROWSER = new_browser()
FIELDS = {"client_id": "a", "state": "s", "path": "/oauth/authorize"}


def test_a_ticket_is_good_for_ten_minutes():
    ticket = new_ticket(APP, BROWSER, FIELDS, AT)
    assert is_good(ticket, APP, BROWSER, dict(reversed(FIELDS.items())), AT)
    assert is_good(ticket, APP, BROWSER, FIELDS, AT + LIVES_MS - 1)
    assert not is_good(ticket, APP, BROWSER, FIELDS, AT + LIVES_MS)
    assert LIVES_MS == 600_000


@pytest.mark.parametrize(
    "fields",
    [
        FIELDS | {"state": "t"},
        FIELDS | {"scope": "tickets"},
        {name: value for name, value in FIELDS.items() if name != "state"},
        {"client_id": "as", "state": "", "path": "/oauth/authorize"},
    ],
)
def test_a_form_that_was_changed_is_not_taken(fields: dict[str, str]):
    assert not is_good(new_ticket(APP, BROWSER, FIELDS, AT), APP, BROWSER, fields, AT)


@pytest.mark.parametrize("first", [[BROWSER], ["consent form", APP.secret_digest.hex()]])
def test_an_app_makes_no_ticket_of_what_it_knows_of_itself(first: list[str]):
    """It may sign what it likes with its secret, also what was shown to a browser; the key is the browser's."""
    expires_at = AT + LIVES_MS
    signed = signature(APP, "consent form", json.dumps([*first, expires_at, sorted(FIELDS.items())]))
    assert not is_good(f"{expires_at}.{signed}", APP, BROWSER, FIELDS, AT)


def test_a_form_of_another_browser_or_app_is_not_taken():
    ticket = new_ticket(APP, BROWSER, FIELDS, AT)
    assert not is_good(ticket, APP, new_browser(), FIELDS, AT)
    assert not is_good(ticket, APP, "", FIELDS, AT)
    assert not is_good(ticket, replace(APP, secret_digest=digest_of("another")), BROWSER, FIELDS, AT)


@given(st.text())
def test_nobody_makes_up_a_ticket(text: str):
    later = new_ticket(APP, BROWSER, FIELDS, AT).replace(str(AT + LIVES_MS), str(AT + 2 * LIVES_MS))
    for ticket in (text, f"{AT + LIVES_MS}.{text}", later):
        assert not is_good(ticket, APP, BROWSER, FIELDS, AT)


@pytest.mark.parametrize("cookie", [None, "", "short", "x" * 42, "x" * 44, "x" * 42 + "\n", "é" * 43])
def test_a_browser_that_says_nothing_sensible_of_itself_is_not_known(cookie: str | None):
    assert browser_of(cookie) is None


def test_each_new_browser_gets_a_name_of_its_own():
    assert new_browser() != new_browser()
    assert browser_of(BROWSER) == BROWSER
