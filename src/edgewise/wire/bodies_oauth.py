"""Request and response shapes of OAuth, named as HubSpot names them; most of their keys are not camel-cased."""

from __future__ import annotations

from msgspec import Struct, field

from edgewise.wire.bodies import Body


class TokenRequest(Struct, gc=False):
    """What a call for tokens may bring; which of it is needed depends on the grant."""

    grant_type: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    code: str | None = None
    code_verifier: str | None = None
    redirect_uri: str | None = None
    refresh_token: str | None = None
    scope: str | None = None


class TokenInfoRequest(Struct, gc=False):
    """A token to be described or revoked. token_type_hint: not needed, since all kinds are looked up."""

    token: str | None = None
    token_type_hint: str | None = None
    client_id: str | None = None
    client_secret: str | None = None


class PrivateAppTokenRequest(Body):
    token_key: str


class AccessTokenResponse(Struct, gc=False, tag_field="token_use", tag="access_token"):
    token_type: str
    refresh_token: str
    access_token: str
    hub_id: int
    scopes: list[str]
    expires_in: int


class ClientCredentialsTokenResponse(Struct, gc=False, tag_field="token_use", tag="client_credentials"):
    token_type: str
    access_token: str
    hub_id: int
    scopes: list[str]
    expires_in: int


class SignedAccessToken(Body):
    expires_at: int
    scopes: str
    hub_id: int
    user_id: int
    app_id: int
    signature: str
    scope_to_scope_group_pks: str
    new_signature: str
    hublet: str
    trial_scopes: str
    trial_scope_to_scope_group_pks: str
    is_user_level: bool
    installing_user_id: int
    is_service_account: bool
    is_private_distribution: bool
    app_install_id: str
    audience: str


class AccessTokenInfoResponse(Struct, gc=False):
    token: str
    user: str
    hub_domain: str
    scopes: list[str]
    signed_access_token: SignedAccessToken
    hub_id: int
    app_id: int
    expires_in: int
    user_id: int
    token_type: str
    is_private_distribution: bool


class RefreshTokenInfoResponse(Struct, gc=False):
    token: str
    user: str
    hub_domain: str
    scopes: list[str]
    hub_id: int
    client_id: str
    user_id: int
    token_type: str


class PublicAccessTokenInfoResponse(
    AccessTokenInfoResponse, gc=False, tag_field="token_use", tag="access_token"
):
    client_id: str
    active: bool


class PublicRefreshTokenInfoResponse(
    RefreshTokenInfoResponse, gc=False, tag_field="token_use", tag="refresh_token"
):
    app_id: int
    active: bool


class InactiveTokenResponse(Struct, gc=False):
    """A token that is dead, or none of the app's. Source: RFC 7662, section 2.2."""

    active: bool


class RevokedTokenResponse(Struct, gc=False):
    """Nothing: what it says is ignored. Source: RFC 7009, section 2.2."""


class PrivateAppTokenInfoResponse(Body):
    user_id: int
    hub_id: int
    app_id: int
    scopes: list[str]


class OAuthError(Body):
    """The envelope of a refusal by the operations of OAuth. Source: docs/behaviour.md, section 8.2."""

    status: str
    message: str
    correlation_id: str
    error: str
    error_description: str = field(name="error_description")
