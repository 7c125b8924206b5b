"""How new tokens, codes, client ids and secrets are spelled: as HubSpot's are, each random beyond guessing."""

from __future__ import annotations

from secrets import token_urlsafe
from uuid import uuid4

_DATA_REGION = "na1"


def new_access_token() -> str:
    """Of an app: 512 random bits."""
    return token_urlsafe(64)


def new_refresh_token() -> str:
    return f"{_DATA_REGION}-{uuid4()}"


def new_code() -> str:
    return f"{_DATA_REGION}-{uuid4()}"


def new_client_id() -> str:
    return str(uuid4())


def new_client_secret() -> str:
    return str(uuid4())
