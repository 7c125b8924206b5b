"""Who may call: portals as customer accounts, the tokens that open them, and the apps that are given tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ACCESS_TOKEN_S = 1800
"""How long an access token of an OAuth app lives. Source: docs/behaviour.md, section 8.2."""

CODE_S = 60
"""How long an authorization code may wait to be exchanged."""


class Tier(StrEnum):
    """What a portal subscribes to, which sets its rates."""

    FREE = "free"
    STARTER = "starter"
    PROFESSIONAL = "professional"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a portal beside its records. created_at: milliseconds since the epoch.

    domain: the host name its owner works under. time_zone: an IANA name; its day of calls ends at midnight there.
    api_add_ons: how many packs of further calls it bought.
    """

    portal_id: int
    name: str
    domain: str
    time_zone: str
    tier: Tier
    created_at: int
    api_add_ons: int = 0


def usual_account(portal_id: int, created_at: int) -> Account:
    """A portal about which nothing was said. It has what the largest tier has, so that nothing is in a test's way."""
    name, domain = f"Portal {portal_id}", f"portal-{portal_id}.example"
    return Account(portal_id, name, domain, "UTC", Tier.ENTERPRISE, created_at)


class RateLimit(NamedTuple):
    """So many calls in so many seconds, counted back from each call."""

    amount: int
    seconds: int

    def __str__(self) -> str:
        return f"{self.amount}/{self.seconds}s"


class BadRateLimit(ValueError):
    """A text that is no rate limit; it says why."""


_RATE = re.compile(r"(\d+)/(\d+)([smh])", re.ASCII)
_UNIT_S = {"s": 1, "m": 60, "h": 3600}
_AMOUNT_MAX = 1_000_000
_SECONDS_MAX = 86_400


def parse_rate_limit(text: str) -> RateLimit:
    """`20/10s`: 20 calls in 10 seconds; m and h are minutes and hours. Raises: BadRateLimit."""
    match = _RATE.fullmatch(text.strip())
    if match is None:
        raise BadRateLimit(
            f"{text!r} is not a rate limit; write CALLS/TIME with the unit s, m or h, such as 20/10s"
        )
    limit = RateLimit(int(match[1]), int(match[2]) * _UNIT_S[match[3]])
    if not 1 <= limit.amount <= _AMOUNT_MAX:
        raise BadRateLimit(f"a rate limit allows 1 to {_AMOUNT_MAX} calls, not {limit.amount}")
    if not 1 <= limit.seconds <= _SECONDS_MAX:
        raise BadRateLimit(f"a rate limit is over 1 second to 24 hours, not {limit.seconds} seconds")
    return limit


@dataclass(frozen=True, slots=True)
class Token:
    """An access token as it is kept. Times are milliseconds since the epoch.

    digest: SHA-256 of the token. scopes: None grants every one. is_read_only: it changes nothing, whatever its scopes.
    app_id: the OAuth app it was given to, 0 for a private app's. user_id: who agreed to that, 0 when nobody was asked.
    code_digest: the authorization code that led to it. token_id: the store's to give, never twice.
    """

    digest: bytes
    portal_id: int
    name: str
    created_at: int
    scopes: tuple[str, ...] | None = None
    is_read_only: bool = False
    expires_at: int | None = None
    rate_limit: RateLimit | None = None
    app_id: int = 0
    user_id: int = 0
    code_digest: bytes | None = None
    revoked_at: int | None = None
    last_used_at: int | None = None
    token_id: int = 0


@dataclass(frozen=True, slots=True)
class App:
    """An OAuth app. secret_digest: SHA-256 of its client secret. portal_id: the portal of its developer.

    scopes: what it always asks for. optional_scopes: what it may ask for besides. redirect_uris: where codes may be
    sent, to the letter. is_public: offered to anyone, so its calls are counted for each portal that installed it.
    app_id: the store's to give.
    """

    client_id: str
    secret_digest: bytes
    name: str
    portal_id: int
    scopes: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    created_at: int
    optional_scopes: tuple[str, ...] = ()
    is_public: bool = True
    app_id: int = 0


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code as it is kept: an app may exchange it once for tokens of a portal.

    digest: SHA-256 of the code. challenge: of PKCE, the S256 digest of a verifier as it was sent, or None.
    """

    digest: bytes
    app_id: int
    portal_id: int
    user_id: int
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str | None
    expires_at: int
    used_at: int | None = None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What an app gets new access tokens with, as it is kept. digest: SHA-256 of the token."""

    digest: bytes
    app_id: int
    portal_id: int
    user_id: int
    scopes: tuple[str, ...]
    created_at: int
    code_digest: bytes | None = None
    revoked_at: int | None = None


class Granted(NamedTuple):
    """What an exchanged code comes to."""

    refresh_token: RefreshToken
    token: Token


class TokenUse(NamedTuple):
    """That a token was used, and when: milliseconds since the epoch."""

    token_id: int
    at: int
