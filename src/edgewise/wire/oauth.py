"""OAuth's operations on tokens: what a call brings, as form or JSON, and how tokens are told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qsl

import msgspec

from edgewise.data.scopes import scope_facts
from edgewise.domain.accounts import Account, App, RefreshToken, Token
from edgewise.domain.errors_oauth import AccessTokenRefused, RefreshTokenRefused, UnsupportedGrant
from edgewise.domain.oauth import signature, user_id_of
from edgewise.wire.bodies_oauth import (
    AccessTokenInfoResponse,
    AccessTokenResponse,
    ClientCredentialsTokenResponse,
    InactiveTokenResponse,
    PrivateAppTokenInfoResponse,
    PrivateAppTokenRequest,
    PublicAccessTokenInfoResponse,
    PublicRefreshTokenInfoResponse,
    RefreshTokenInfoResponse,
    RevokedTokenResponse,
    SignedAccessToken,
    TokenInfoRequest,
    TokenRequest,
)
from edgewise.wire.messages import Call, Reply
from edgewise.wire.refusals import ParameterRepeated, TooManyParameters
from edgewise.wire.requests import BodyReader

NO_STORE = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))
"""What answers that hold tokens say of themselves. Source: RFC 6749, section 5.1."""

_BEARER = "bearer"
_HUBLET = "na1"
_PARAMETERS_MAX = 50

Shape = TypeVar("Shape", TokenRequest, TokenInfoRequest)


class Exchange(NamedTuple):
    """A code to be exchanged for tokens."""

    client_id: str | None
    client_secret: str | None
    code: str | None
    redirect_uri: str | None
    verifier: str | None


class Refreshing(NamedTuple):
    """Another access token. scopes: None for those of the refresh token."""

    client_id: str | None
    client_secret: str | None
    refresh_token: str | None
    scopes: Sequence[str] | None


class OwnToken(NamedTuple):
    """A token of the app's own portal. scopes: None for all that the app may ask for."""

    client_id: str | None
    client_secret: str | None
    scopes: Sequence[str] | None


class AboutToken(NamedTuple):
    """A token that an app asks about, or ends."""

    client_id: str | None
    client_secret: str | None
    token: str


class Issued(NamedTuple):
    """An access token that was given. refresh_text: what gets the next one, or None."""

    text: str
    token: Token
    refresh_text: str | None


class KnownToken(NamedTuple):
    """A token of an app, and all that is told of it."""

    text: str
    token: Token | RefreshToken
    app: App
    account: Account


TokenCommand = Exchange | Refreshing | OwnToken

_read_token_request: BodyReader[TokenRequest] = BodyReader(TokenRequest)
_read_info_request: BodyReader[TokenInfoRequest] = BodyReader(TokenInfoRequest)
_read_private_app: BodyReader[PrivateAppTokenRequest] = BodyReader(PrivateAppTokenRequest)


def decode_token(call: Call) -> TokenCommand:
    """A call for tokens. Raises: UnsupportedGrant, what `_read` raises."""
    return _command(_read(call, _read_token_request))


def decode_token_v1(call: Call) -> TokenCommand:
    """The same, where what the body lacks may be in the query. Source: docs/behaviour.md, section 8.2."""
    asked = _read(call, _read_token_request)
    for name in TokenRequest.__struct_fields__:
        if getattr(asked, name) is None:
            setattr(asked, name, parameter(call, name))
    return _command(asked)


def _command(asked: TokenRequest) -> TokenCommand:
    client = asked.client_id, asked.client_secret
    match asked.grant_type:
        case "authorization_code":
            return Exchange(*client, asked.code, asked.redirect_uri, asked.code_verifier)
        case "refresh_token":
            return Refreshing(*client, asked.refresh_token, scopes_in(asked.scope))
        case "client_credentials":
            return OwnToken(*client, scopes_in(asked.scope))
        case _:
            raise UnsupportedGrant


def decode_about(call: Call) -> AboutToken:
    """A token to be introspected or revoked; an empty one where there is none."""
    asked = _read(call, _read_info_request)
    return AboutToken(asked.client_id, asked.client_secret, asked.token or "")


def decode_path(call: Call) -> str:
    """The token of a path."""
    return call.params[0]


def decode_private_app(call: Call) -> str:
    """The token of a private app. Raises: what `BodyReader.read` raises."""
    return _read_private_app.read(call.body).token_key


def scopes_in(text: str | None) -> Sequence[str] | None:
    """The scopes of a list with spaces between them, or None where there are none."""
    return (text or "").split() or None


def parameter(call: Call, name: str) -> str | None:
    """The one value of a query parameter; an empty one is none. Raises: ParameterRepeated."""
    values = call.query_list(name)
    if len(values) > 1:
        raise ParameterRepeated(name)
    return values[0] or None if values else None


def read_form(body: bytes) -> Mapping[str, str]:
    """The fields of a form that have a value.

    Raises: ParameterRepeated, TooManyParameters. Source: RFC 6749, section 3.2.
    """
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_PARAMETERS_MAX)
    except ValueError:
        raise TooManyParameters from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise ParameterRepeated(name)
        fields[name] = value
    return fields


def _read(call: Call, reader: BodyReader[Shape]) -> Shape:
    """The body, which is a form unless it says that it is JSON. Raises: as `read_form`, and as `BodyReader.read`."""
    if b"json" in (call.header(b"content-type") or b"").lower():
        return reader.read(call.body)
    decoded: Shape = msgspec.convert(read_form(call.body), reader.shape)
    return decoded


def encode_issued(call: Call, command: TokenCommand, issued: Issued) -> Reply:
    """The tokens; this is the only time they are shown."""
    token = issued.token
    scopes = list(token.scopes or ())
    lifetime_s = expires_in_s(token, call.at)
    body: msgspec.Struct
    if issued.refresh_text is None:
        body = ClientCredentialsTokenResponse(_BEARER, issued.text, token.portal_id, scopes, lifetime_s)
    else:
        body = AccessTokenResponse(
            _BEARER, issued.refresh_text, issued.text, token.portal_id, scopes, lifetime_s
        )
    return Reply(200, body, headers=NO_STORE)


def encode_introspection(call: Call, command: AboutToken, known: KnownToken | None) -> Reply:
    """All that is known of a token of the app; of any other, that it is dead."""
    body: msgspec.Struct
    if known is None:
        body = InactiveTokenResponse(active=False)
    elif isinstance(known.token, Token):
        told = msgspec.structs.asdict(_access_token_info(call, known, known.token))
        body = PublicAccessTokenInfoResponse(**told, client_id=known.app.client_id, active=True)
    else:
        told = msgspec.structs.asdict(_refresh_token_info(known))
        body = PublicRefreshTokenInfoResponse(**told, app_id=known.app.app_id, active=True)
    return Reply(200, body, headers=NO_STORE)


def encode_revoked(call: Call, command: AboutToken, outcome: None) -> Reply:
    """That the token is dead now, whatever it was. Source: RFC 7009, section 2.2."""
    return Reply(200, RevokedTokenResponse(), headers=NO_STORE)


def encode_access_token_info(call: Call, text: str, known: KnownToken | None) -> Reply:
    """All that is known of an access token. Raises: AccessTokenRefused."""
    if known is None or not isinstance(known.token, Token):
        raise AccessTokenRefused
    return Reply(200, _access_token_info(call, known, known.token), headers=NO_STORE)


def encode_refresh_token_info(call: Call, text: str, known: KnownToken | None) -> Reply:
    """All that is known of a refresh token. Raises: RefreshTokenRefused."""
    if known is None:
        raise RefreshTokenRefused
    return Reply(200, _refresh_token_info(known), headers=NO_STORE)


def encode_deleted(call: Call, text: str, is_deleted: bool) -> Reply:
    """That a refresh token is gone. Raises: RefreshTokenRefused."""
    if not is_deleted:
        raise RefreshTokenRefused
    return Reply(204)


def encode_private_app(call: Call, text: str, token: Token | None) -> Reply:
    """Whose token it is, and what it may do: every scope there is, where it is not kept to some.

    Raises: AccessTokenRefused.
    """
    if token is None:
        raise AccessTokenRefused
    scopes = scope_facts().every if token.scopes is None else token.scopes
    user_id = user_id_of(f"token {token.token_id}")
    body = PrivateAppTokenInfoResponse(user_id, token.portal_id, token.token_id, list(scopes))
    return Reply(200, body, headers=NO_STORE)


def expires_in_s(token: Token, at: int) -> int:
    """How many seconds a token lives on."""
    return max(0, (token.expires_at or at) - at) // 1000


def _access_token_info(call: Call, known: KnownToken, token: Token) -> AccessTokenInfoResponse:
    app, account = known.app, known.account
    return AccessTokenInfoResponse(
        token=known.text,
        user=_user(token.user_id, account),
        hub_domain=account.domain,
        scopes=list(token.scopes or ()),
        signed_access_token=_signed(app, token),
        hub_id=token.portal_id,
        app_id=app.app_id,
        expires_in=expires_in_s(token, call.at),
        user_id=token.user_id,
        token_type="access",
        is_private_distribution=not app.is_public,
    )


def _refresh_token_info(known: KnownToken) -> RefreshTokenInfoResponse:
    token, account = known.token, known.account
    return RefreshTokenInfoResponse(
        token=known.text,
        user=_user(token.user_id, account),
        hub_domain=account.domain,
        scopes=list(token.scopes or ()),
        hub_id=token.portal_id,
        client_id=known.app.client_id,
        user_id=token.user_id,
        token_type="refresh",
    )


def _user(user_id: int, account: Account) -> str:
    """An address for a user that has none here."""
    return f"user-{user_id}@{account.domain}"


def _signed(app: App, token: Token) -> SignedAccessToken:
    """The facts of a token, signed for its app; what HubSpot signs them with, nobody outside can verify either."""
    facts: dict[str, Any] = {
        "expires_at": token.expires_at or 0,
        "scopes": " ".join(token.scopes or ()),
        "hub_id": token.portal_id,
        "user_id": token.user_id,
        "app_id": app.app_id,
        "scope_to_scope_group_pks": "",
        "hublet": _HUBLET,
        "trial_scopes": "",
        "trial_scope_to_scope_group_pks": "",
        "is_user_level": False,
        "installing_user_id": token.user_id,
        "is_service_account": token.user_id == 0,
        "is_private_distribution": not app.is_public,
        "app_install_id": f"{app.app_id}-{token.portal_id}",
        "audience": "Public" if app.is_public else "Private",
    }
    text = msgspec.json.encode([facts, token.digest.hex()], order="sorted").decode()
    return SignedAccessToken(
        **facts,
        signature=signature(app, "access token", text),
        new_signature=signature(app, "access token, new", text),
    )
