"""OAuth: which tokens an app is given, for what, and of which portal.

Tokens, codes and secrets come here as SHA-256 digests wherever they are kept. Times are milliseconds since the epoch.
Sources: docs/behaviour.md, section 8.2; RFC 6749; RFC 7636; docs/decisions/0016-oauth-consent.md.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from hashlib import sha256
from hmac import compare_digest, digest
from typing import NamedTuple
from urllib.parse import urlsplit

from edgewise.domain.accounts import ACCESS_TOKEN_S, CODE_S, App, Code, Granted, RefreshToken, Token
from edgewise.domain.errors_oauth import (
    BadChallenge,
    CodeRefused,
    ConsentRefused,
    RefreshTokenRefused,
    ScopesRefused,
    UnknownClient,
    UnknownRedirectUri,
    VerifierRefused,
    WrongClientSecret,
)

ALWAYS_ALLOWED = "oauth"
"""A scope that lets an app in and allows nothing; every app may ask for it."""

_S256 = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_URI = re.compile(r"[!-~]+", re.ASCII)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_SECRET = bytes(32)
_USER_ID_BITS = 31


class BadRedirectUri(ValueError):
    """A text that no app may have codes sent to; it says why."""


class Asked(NamedTuple):
    """What an app asks a person for. optional_scopes: what it gets besides, as far as the person has it.

    challenge: of PKCE, or None.
    """

    app: App
    redirect_uri: str
    scopes: tuple[str, ...]
    optional_scopes: tuple[str, ...]
    challenge: str | None


class Consenter(NamedTuple):
    """Who connects an app to a portal, and what they may grant; scopes: None for all."""

    portal_id: int
    user_id: int
    scopes: frozenset[str] | None = None
    is_read_only: bool = False


class NewTokens(NamedTuple):
    """Digests of the tokens that a code would be exchanged for."""

    access: bytes
    refresh: bytes


def digest_of(secret: str) -> bytes:
    """What is kept of a token, code or secret. They are random and long, so a slow hash would protect nothing."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def require_registrable(uri: str) -> None:
    """Refuse a redirect URI that would send codes where others may read them. Raises: BadRedirectUri."""
    try:
        parts = urlsplit(uri)
        is_complete = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise BadRedirectUri(f"{uri!r} is not an address: {error}") from error
    if not is_complete or not _URI.fullmatch(uri):
        raise BadRedirectUri(f"{uri!r} is not an address, such as https://app.example.com/callback")
    if "#" in uri:
        raise BadRedirectUri(f"{uri} has a fragment, which a code cannot be added to")
    if parts.username is not None or "\\" in uri:
        raise BadRedirectUri(f"{uri} has a user name or a backslash, which hide where it leads")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(uri)):
        raise BadRedirectUri(f"{uri} is not https; http is for localhost, 127.0.0.1 and [::1] only")


def is_loopback(uri: str) -> bool:
    """Whether a URI leads to the computer that the browser runs on."""
    return urlsplit(uri).hostname in _LOOPBACK


def require_redirect_uri(app: App, uri: str | None) -> str:
    """The redirect URI, which must be one of the app's to the letter. Raises: UnknownRedirectUri."""
    if uri is None or uri not in app.redirect_uris:
        raise UnknownRedirectUri
    return uri


def require_challenge(challenge: str | None, method: str | None) -> str | None:
    """A PKCE challenge, None where there is none. `plain`, and so also no method, is refused. Raises: BadChallenge."""
    if challenge is None and method is None:
        return None
    if challenge is None or method != _S256 or not _CHALLENGE.fullmatch(challenge):
        raise BadChallenge
    return challenge


def require_scopes(
    app: App, scopes: Iterable[str], optional: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an app asks for, and what besides, each once; all that it always asks for when it names nothing.

    Raises: ScopesRefused for a scope that is not the app's, or one that it always asks for and now does not.
    """
    asked = tuple(dict.fromkeys(scopes)) or app.scopes
    besides = tuple(scope for scope in dict.fromkeys(optional) if scope not in asked)
    offered = {*app.scopes, *app.optional_scopes, ALWAYS_ALLOWED}
    refused = tuple(scope for scope in (*asked, *besides) if scope not in offered)
    if refused:
        raise ScopesRefused(refused)
    missing = tuple(scope for scope in app.scopes if scope not in asked)
    if missing:
        raise ScopesRefused(missing, are_missing=True)
    return asked, besides


def consent(asked: Asked, by: Consenter, code_digest: bytes, at: int) -> Code:
    """The code for an app that a person connects to a portal; it grants nothing that they do not have.

    Raises: ConsentRefused.
    """
    scopes = by.scopes
    missing = () if scopes is None else tuple(s for s in asked.scopes if s not in scopes | {ALWAYS_ALLOWED})
    if missing or by.is_read_only:
        raise ConsentRefused(missing, by.is_read_only)
    besides = (scope for scope in asked.optional_scopes if scopes is None or scope in scopes)
    return Code(
        code_digest,
        asked.app.app_id,
        by.portal_id,
        by.user_id,
        (*asked.scopes, *besides),
        asked.redirect_uri,
        asked.challenge,
        at + CODE_S * 1000,
    )


def require_client(app: App | None, secret: str | None) -> App:
    """The app that asks for tokens, as long for an unknown one as for a wrong secret.

    Raises: UnknownClient, WrongClientSecret.
    """
    is_right = compare_digest(_NO_SECRET if app is None else app.secret_digest, digest_of(secret or ""))
    if app is None:
        raise UnknownClient
    if not is_right:
        raise WrongClientSecret
    return app


def exchange(
    code: Code, app: App, redirect_uri: str | None, verifier: str | None, tokens: NewTokens, at: int
) -> Granted:
    """What a code comes to that was not used yet. Raises: CodeRefused, UnknownRedirectUri, VerifierRefused."""
    if code.app_id != app.app_id or code.expires_at <= at:
        raise CodeRefused
    if redirect_uri != code.redirect_uri:
        raise UnknownRedirectUri
    if not is_verified(code.challenge, verifier):
        raise VerifierRefused
    refresh = RefreshToken(
        tokens.refresh, app.app_id, code.portal_id, code.user_id, code.scopes, at, code.digest
    )
    return Granted(refresh, _access_token(app, refresh, code.scopes, tokens.access, at))


def is_verified(challenge: str | None, verifier: str | None) -> bool:
    """Whether a PKCE verifier is the one of a challenge; without a challenge there must be none.

    Source: RFC 7636, section 4.6; RFC 9700, section 2.1.1, for a verifier that nothing asked for.
    """
    if challenge is None or verifier is None:
        return challenge is None and verifier is None
    return _VERIFIER.fullmatch(verifier) is not None and compare_digest(challenge, challenge_of(verifier))


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier. Source: RFC 7636, section 4.2."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def refresh(
    token: RefreshToken | None, app: App, scopes: Iterable[str] | None, access_digest: bytes, at: int
) -> Token:
    """Another access token for a refresh token; scopes: None for all of them, else some of them.

    Raises: RefreshTokenRefused, ScopesRefused. Source: RFC 6749, section 6.
    """
    if token is None or token.app_id != app.app_id or token.revoked_at is not None:
        raise RefreshTokenRefused
    return _access_token(app, token, _narrowed(token.scopes, scopes), access_digest, at)


def own_token(app: App, scopes: Iterable[str] | None, access_digest: bytes, at: int) -> Token:
    """An access token of the portal that an app belongs to, which asks nobody. Raises: ScopesRefused."""
    granted = _narrowed((*app.scopes, *app.optional_scopes), scopes)
    return Token(access_digest, app.portal_id, app.name, at, granted, False, _ends(at), app_id=app.app_id)


def _narrowed(granted: tuple[str, ...], scopes: Iterable[str] | None) -> tuple[str, ...]:
    asked = granted if scopes is None else tuple(dict.fromkeys(scopes))
    refused = tuple(scope for scope in asked if scope not in granted and scope != ALWAYS_ALLOWED)
    if refused:
        raise ScopesRefused(refused)
    return asked


def _access_token(
    app: App, given: RefreshToken, scopes: tuple[str, ...], access_digest: bytes, at: int
) -> Token:
    return Token(
        access_digest,
        given.portal_id,
        app.name,
        at,
        scopes,
        expires_at=_ends(at),
        app_id=app.app_id,
        user_id=given.user_id,
        code_digest=given.code_digest,
    )


def _ends(at: int) -> int:
    return at + ACCESS_TOKEN_S * 1000


def is_live(token: Token, at: int) -> bool:
    """Whether a token opens its portal."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > at)


def user_id_of(what: str) -> int:
    """A number for who acts through something, always the same for the same: positive, of 31 bits."""
    return (int.from_bytes(sha256(what.encode()).digest()[:8]) >> (64 - _USER_ID_BITS)) or 1


def signature(app: App, purpose: str, text: str) -> str:
    """A text signed for an app, in base64. purpose: so that what is signed for one thing is worth nothing for another.

    It ends with the app's secret, whose digest is the key.
    """
    key = digest(app.secret_digest, purpose.encode(), "sha256")
    return base64.b64encode(digest(key, text.encode("utf-8", "surrogatepass"), "sha256")).decode()
