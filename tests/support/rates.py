"""Callers and their answers, for tests of rate limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgewise.domain.accounts import Account, RateLimit, Tier, Token
from edgewise.domain.callers import Actor, Caller


def caller(
    portal_id: int = 1,
    token_id: int = 1,
    app_id: int = 0,
    is_public_app: bool = False,
    rate_limit: RateLimit | None = None,
    **account: Any,
) -> Caller:
    """Who comes with a token. account: what differs from a professional portal in UTC without add-ons."""
    known = {"time_zone": "UTC", "tier": Tier.PROFESSIONAL, "api_add_ons": 0} | account
    token = Token(b"", portal_id, "test", 0, token_id=token_id, app_id=app_id, rate_limit=rate_limit)
    actor = Actor(token_id, app_id, 0, "test")
    owner = Account(portal_id, "Test", "test.example", created_at=0, **known)
    return Caller(owner, token, None, False, is_public_app, actor)


def told(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, int]:
    """The headers of rate limits by the last part of their names."""
    prefix = "x-hubspot-ratelimit-"
    found = {name.decode(): int(value) for name, value in headers}
    assert all(name.startswith(prefix) for name in found) and len(found) == len(headers)
    return {name.removeprefix(prefix): value for name, value in found.items()}
