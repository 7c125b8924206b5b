"""What OAuth's operations on tokens ask of the store."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from edgewise.domain import oauth
from edgewise.domain.account_ports import Accounts
from edgewise.domain.accounts import App, Code, Granted, RefreshToken, Token
from edgewise.domain.audit import Acting, acting
from edgewise.domain.callers import Actor
from edgewise.domain.errors import Conflict
from edgewise.domain.errors_oauth import CodeRefused, HubRefused
from edgewise.domain.oauth import Asked, Consenter, NewTokens, digest_of
from edgewise.domain.ports import Store
from edgewise.wire.messages import Call
from edgewise.wire.oauth import (
    AboutToken,
    Exchange,
    Issued,
    KnownToken,
    OwnToken,
    Refreshing,
    TokenCommand,
)
from edgewise.wire.secret_texts import new_access_token, new_code, new_refresh_token

EXPIRED_KEPT_MS = 7 * 86_400_000
"""For how long it is remembered what an expired token was, and that a code was used."""

_PURGED_EVERY_MS = 3_600_000
_purged_at: WeakKeyDictionary[Accounts, int] = WeakKeyDictionary()


async def give_code(store: Store, asked: Asked, by: Consenter, at: int) -> str:
    """Connect an app to a portal: the code for it. Raises: ConsentRefused, HubRefused."""
    text = new_code()
    code = oauth.consent(asked, by, digest_of(text), at)
    try:
        await store.accounts.add_code(code)
    except Conflict as error:
        raise HubRefused from error
    return text


async def issue(store: Store, call: Call, command: TokenCommand) -> Issued:
    """Give an app tokens.

    Raises: UnknownClient, WrongClientSecret, CodeRefused, UnknownRedirectUri, VerifierRefused, RefreshTokenRefused,
    ScopesRefused, HubRefused.
    """
    app = await _client(store, call, command)
    await _purge_now_and_then(store.accounts, call.at)
    text = new_access_token()
    match command:
        case Exchange():
            return await _exchange(store, app, command, text, call.at)
        case Refreshing():
            refresh_text = command.refresh_token or ""
            kept = await store.accounts.find_refresh_token(digest_of(refresh_text))
            token = oauth.refresh(kept, app, command.scopes, digest_of(text), call.at)
            return Issued(text, await _add_token(store, token), refresh_text)
        case OwnToken():
            token = oauth.own_token(app, command.scopes, digest_of(text), call.at)
            return Issued(text, await _add_token(store, token), None)


async def _exchange(store: Store, app: App, command: Exchange, text: str, at: int) -> Issued:
    refresh_text = new_refresh_token()
    tokens = NewTokens(digest_of(text), digest_of(refresh_text))

    def decide(code: Code) -> Granted:
        return oauth.exchange(code, app, command.redirect_uri, command.verifier, tokens, at)

    try:
        granted = await store.accounts.exchange_code(digest_of(command.code or ""), at, decide)
    except Conflict as error:
        raise HubRefused from error
    if granted is None:
        raise CodeRefused
    return Issued(text, granted.token, refresh_text)


async def introspect(store: Store, call: Call, command: AboutToken) -> KnownToken | None:
    """A live token of the app that asks, or None. Raises: UnknownClient, WrongClientSecret."""
    app = await _client(store, call, command)
    token = await _token_of(store, app, command.token)
    if token is None or not _is_live(token, call.at):
        return None
    return await _known(store, command.token, token, app)


async def revoke(store: Store, call: Call, command: AboutToken) -> None:
    """End a token of the app that asks; of any other, nothing. Raises: UnknownClient, WrongClientSecret."""
    app = await _client(store, call, command)
    token = await _token_of(store, app, command.token)
    if isinstance(token, Token):
        await store.accounts.revoke_token(token.token_id, call.at)
    elif token is not None:
        await store.accounts.revoke_refresh_token(token.digest, call.at)


async def describe_access_token(store: Store, call: Call, text: str) -> KnownToken | None:
    """A live access token of an app, or None."""
    token = await store.accounts.find_token(digest_of(text))
    if token is None or not oauth.is_live(token, call.at):
        return None
    return await _known(store, text, token, await store.accounts.read_app(token.app_id))


async def describe_refresh_token(store: Store, call: Call, text: str) -> KnownToken | None:
    """A live refresh token, or None."""
    token = await store.accounts.find_refresh_token(digest_of(text))
    if token is None or token.revoked_at is not None:
        return None
    return await _known(store, text, token, await store.accounts.read_app(token.app_id))


async def delete_refresh_token(store: Store, call: Call, text: str) -> bool:
    """End a refresh token; the access tokens that it gave live on until they expire."""
    return await store.accounts.revoke_refresh_token(digest_of(text), call.at)


async def describe_private_app(store: Store, call: Call, text: str) -> Token | None:
    """A live token that is no OAuth app's, or None."""
    token = await store.accounts.find_token(digest_of(text))
    return token if token is not None and not token.app_id and oauth.is_live(token, call.at) else None


async def _client(store: Store, call: Call, command: TokenCommand | AboutToken) -> App:
    """The app that asks, which is who acts from here on. Raises: UnknownClient, WrongClientSecret."""
    found = await store.accounts.find_app(command.client_id or "")
    app = oauth.require_client(found, command.client_secret)
    acting.set(Acting(Actor(0, app.app_id, 0, app.name), call.at))
    return app


async def _token_of(store: Store, app: App, text: str) -> Token | RefreshToken | None:
    """A token of either kind, when it is the app's."""
    digest = digest_of(text)
    token = await store.accounts.find_token(digest) or await store.accounts.find_refresh_token(digest)
    return token if token is not None and token.app_id == app.app_id else None


def _is_live(token: Token | RefreshToken, at: int) -> bool:
    return oauth.is_live(token, at) if isinstance(token, Token) else token.revoked_at is None


async def _known(store: Store, text: str, token: Token | RefreshToken, app: App | None) -> KnownToken | None:
    account = await store.accounts.find_account(token.portal_id)
    return None if app is None or account is None else KnownToken(text, token, app, account)


async def _add_token(store: Store, token: Token) -> Token:
    try:
        return await store.accounts.add_token(token)
    except Conflict as error:
        raise HubRefused from error


async def _purge_now_and_then(accounts: Accounts, at: int) -> None:
    """Forget what expired long ago, when this was not done for an hour."""
    if at - _purged_at.get(accounts, 0) >= _PURGED_EVERY_MS:
        _purged_at[accounts] = at
        await accounts.purge_expired(at - EXPIRED_KEPT_MS)
