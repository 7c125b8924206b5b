"""Tokens, apps and codes for the tests of who may call."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from edgewise.domain.accounts import App, Code, Granted, RefreshToken, Token
from tests.contract.world import AT, PORTAL

SCOPES = ("crm.objects.contacts.read", "crm.objects.contacts.write")


def digest_of(text: str) -> bytes:
    return sha256(text.encode()).digest()


def new_token(text: str, portal_id: int = PORTAL, **more: Any) -> Token:
    return Token(digest_of(text), portal_id, text, AT, **more)


def new_app(client_id: str, portal_id: int = PORTAL, **more: Any) -> App:
    uris = ("https://sync.example/back", "http://localhost:3000/")
    return App(client_id, digest_of("secret"), client_id, portal_id, SCOPES, uris, AT, **more)


def new_code(text: str, app_id: int, portal_id: int = PORTAL, **more: Any) -> Code:
    values = {"challenge": None, "expires_at": AT + 60_000} | more
    return Code(digest_of(text), app_id, portal_id, 5, SCOPES, "https://sync.example/back", **values)


def granted(code: Code, text: str = "") -> Granted:
    """What a code comes to: an access token and a refresh token named after it."""
    text = text or code.digest.hex()
    refresh_token = RefreshToken(
        digest_of(f"refresh {text}"), code.app_id, code.portal_id, code.user_id, code.scopes, AT, code.digest
    )
    expires_at = AT + 1_800_000
    identity = {"app_id": code.app_id, "user_id": code.user_id, "code_digest": code.digest}
    token = new_token(f"access {text}", code.portal_id, scopes=code.scopes, expires_at=expires_at, **identity)
    return Granted(refresh_token, token)
