"""Tickets of forms: a form is taken only as it was shown, soon after, and from the browser it was shown to.

The key of a ticket is what the browser's cookie says: random, and known to this server and that browser alone. So no
app makes tickets, whatever it knows of itself, nothing is stored, and every process of a server takes them all.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from hmac import compare_digest, digest
from secrets import token_urlsafe

from edgewise.domain.accounts import App

LIVES_MS = 600_000
"""How long a form may be looked at."""

_TICKET = re.compile(r"(\d{1,15})\.([A-Za-z0-9+/=]{44})", re.ASCII)
_BROWSER = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def browser_of(cookie: str | None) -> str | None:
    """What tells a browser from others, as its cookie says; None where it says nothing that was made here."""
    return cookie if cookie is not None and _BROWSER.fullmatch(cookie) else None


def new_browser() -> str:
    """What tells a browser that was not seen before: 256 random bits."""
    return token_urlsafe(32)


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
    """Ends with the secret of the app, of which it says the digest."""
    text = json.dumps(["consent form", app.secret_digest.hex(), expires_at, sorted(asked.items())])
    return base64.b64encode(digest(browser.encode(), text.encode(), "sha256")).decode()
