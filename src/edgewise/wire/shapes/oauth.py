"""How refusals of OAuth read: the status of the older envelope is their category, RFC 6749's word is beside it.

Source: docs/behaviour.md, section 8.2. Seen of the service: BAD_REFRESH_TOKEN, BAD_HUB with their messages, the other
statuses without. BAD_ACCESS_TOKEN, and what only the page for consent says, are ours.
"""

from __future__ import annotations

from edgewise.domain import errors_oauth as rules
from edgewise.domain.errors import DomainError
from edgewise.wire import refusals
from edgewise.wire.shapes.shape import VALIDATION, ErrorShape

INVALID_GRANT = "invalid_grant"
INVALID_CLIENT = "invalid_client"
INVALID_SCOPE = "invalid_scope"
ACCESS_DENIED = "access_denied"


def _of_scopes(error: rules.ScopesRefused) -> str:
    which = "the app always asks for" if error.are_missing else "may not be asked for"
    return f"scopes that {which}: {' '.join(error.scopes)}"


def _of_consent(error: rules.ConsentRefused) -> str:
    if error.is_read_only:
        return "a read-only token connects no app"
    return f"the token that connects an app lacks scopes: {' '.join(error.missing)}"


SHAPES: dict[type[DomainError], ErrorShape] = {
    rules.UnknownClient: ErrorShape(
        400, "BAD_CLIENT_ID", lambda e: "missing or invalid client id", oauth_error=INVALID_CLIENT
    ),
    rules.WrongClientSecret: ErrorShape(
        400, "BAD_CLIENT_SECRET", lambda e: "missing or invalid client secret", oauth_error=INVALID_CLIENT
    ),
    rules.UnknownRedirectUri: ErrorShape(
        400, "BAD_REDIRECT_URI", lambda e: "missing or unknown redirect uri", oauth_error=INVALID_GRANT
    ),
    rules.BadChallenge: ErrorShape(
        400, "BAD_CODE_CHALLENGE", lambda e: "the code challenge is not one of method S256"
    ),
    rules.CodeRefused: ErrorShape(
        400, "BAD_AUTH_CODE", lambda e: "missing or unknown auth code", oauth_error=INVALID_GRANT
    ),
    rules.VerifierRefused: ErrorShape(
        400, "BAD_CODE_VERIFIER", lambda e: "missing or invalid code verifier", oauth_error=INVALID_GRANT
    ),
    rules.RefreshTokenRefused: ErrorShape(
        400, "BAD_REFRESH_TOKEN", lambda e: "missing or invalid refresh token", oauth_error=INVALID_GRANT
    ),
    rules.AccessTokenRefused: ErrorShape(
        400, "BAD_ACCESS_TOKEN", lambda e: "missing or invalid access token", oauth_error=INVALID_GRANT
    ),
    rules.UnsupportedGrant: ErrorShape(
        400,
        "BAD_GRANT_TYPE",
        lambda e: "missing or unknown grant type",
        oauth_error="unsupported_grant_type",
    ),
    rules.UnsupportedResponse: ErrorShape(
        400, "BAD_RESPONSE_TYPE", lambda e: "unknown response type", oauth_error="unsupported_response_type"
    ),
    rules.ScopesRefused: ErrorShape(400, "BAD_SCOPES", _of_scopes, oauth_error=INVALID_SCOPE),
    rules.HubRefused: ErrorShape(
        400, "BAD_HUB", lambda e: "missing or unknown hub id", oauth_error=ACCESS_DENIED
    ),
    rules.ConsentRefused: ErrorShape(403, "CONSENT_REFUSED", _of_consent, oauth_error=ACCESS_DENIED),
    rules.ConsentDeclined: ErrorShape(
        403, "CONSENT_DECLINED", lambda e: "the user did not connect the app", oauth_error=ACCESS_DENIED
    ),
    rules.ConsenterUnknown: ErrorShape(
        403, "CONSENT_REFUSED", lambda e: "nothing shows who connects the app", oauth_error=ACCESS_DENIED
    ),
    rules.FormRefused: ErrorShape(400, "BAD_FORM", lambda e: "the form is too old, or of another browser"),
    refusals.ParameterRepeated: ErrorShape(
        400, VALIDATION, lambda e: f"the parameter {e.name} is there more than once"
    ),
    refusals.TooManyParameters: ErrorShape(400, VALIDATION, lambda e: "there are too many parameters"),
}
