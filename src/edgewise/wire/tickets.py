"""Tickets of forms: a form is taken only as it was shown, soon after, and from the browser it was shown to."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hmac import compare_digest
from secrets import token_urlsafe

from edgewise.domain.accounts import App
from edgewise.domain.oauth import signature

LIVES_MS = 600_000
"""How long a form may be looked at."""

_TICKET = re.compile(r"(\d{1,15})\.([A-Za-z0-9+/=]{44})", re.ASCII)
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def browser_of(cookie: str | None) -> str:
    """What tells a browser from others: what its cookie says, or something new."""
    return cookie if cookie is not None and _BROWSER.fullmatch(cookie) else token_urlsafe(32)


def new_ticket(app: App, browser: str, asked: Mapping[str, str], at: int) -> str:
    """The ticket of a form. asked: the fields that must come back as they are. at: milliseconds since the epoch."""
    expires_at = at + LIVES_MS
    return f"{expires_at}.{_sealed(app, browser, asked, expires_at)}"


def is_good(ticket: str, app: App, browser: str, asked: Mapping[str, str], at: int) -> bool:
    """Whether a ticket belongs to a form with these fields, shown to this browser, and is not too old."""
    match = _TICKET.fullmatch(ticket)
    if match is None:
        return False
    expires_at = int(match[1])
    return compare_digest(match[2], _sealed(app, browser, asked, expires_at)) and at < expires_at


def _sealed(app: App, browser: str, asked: Mapping[str, str], expires_at: int) -> str:
    return signature(app, "consent form", json.dumps([browser, expires_at, sorted(asked.items())]))
