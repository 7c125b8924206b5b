"""What the rules of OAuth refuse, and how it reads: samples for `test_errors`."""

from edgewise.domain import errors_oauth as rules
from edgewise.domain.errors import DomainError
from edgewise.wire import refusals

OAUTH_REFUSALS: list[tuple[DomainError, int, str, dict[str, list[str]] | None]] = [
    (rules.UnknownClient(), 400, "missing or invalid client id", None),
    (rules.WrongClientSecret(), 400, "missing or invalid client secret", None),
    (rules.UnknownRedirectUri(), 400, "missing or unknown redirect uri", None),
    (rules.BadChallenge(), 400, "the code challenge is not one of method S256", None),
    (rules.CodeRefused(), 400, "missing or unknown auth code", None),
    (rules.VerifierRefused(), 400, "missing or invalid code verifier", None),
    (rules.RefreshTokenRefused(), 400, "missing or invalid refresh token", None),
    (rules.AccessTokenRefused(), 400, "missing or invalid access token", None),
    (rules.UnsupportedGrant(), 400, "missing or unknown grant type", None),
    (rules.UnsupportedResponse(), 400, "unknown response type", None),
    (rules.ScopesRefused(("a", "b")), 400, "scopes that may not be asked for: a b", None),
    (rules.HubRefused(), 400, "missing or unknown hub id", None),
    (rules.ConsentRefused((), is_read_only=True), 403, "a read-only token connects no app", None),
    (rules.ConsentDeclined(), 403, "the user did not connect the app", None),
    (rules.ConsenterUnknown(), 403, "nothing shows who connects the app", None),
    (rules.FormRefused(), 400, "the form is too old, or of another browser", None),
    (refusals.ParameterRepeated("code"), 400, "the parameter code is there more than once", None),
    (refusals.TooManyParameters(), 400, "there are too many parameters", None),
]
OAUTH_WORDS = {
    rules.UnknownClient: ("BAD_CLIENT_ID", "invalid_client"),
    rules.WrongClientSecret: ("BAD_CLIENT_SECRET", "invalid_client"),
    rules.UnknownRedirectUri: ("BAD_REDIRECT_URI", "invalid_grant"),
    rules.BadChallenge: ("BAD_CODE_CHALLENGE", "invalid_request"),
    rules.CodeRefused: ("BAD_AUTH_CODE", "invalid_grant"),
    rules.VerifierRefused: ("BAD_CODE_VERIFIER", "invalid_grant"),
    rules.RefreshTokenRefused: ("BAD_REFRESH_TOKEN", "invalid_grant"),
    rules.AccessTokenRefused: ("BAD_ACCESS_TOKEN", "invalid_grant"),
    rules.UnsupportedGrant: ("BAD_GRANT_TYPE", "unsupported_grant_type"),
    rules.UnsupportedResponse: ("BAD_RESPONSE_TYPE", "unsupported_response_type"),
    rules.ScopesRefused: ("BAD_SCOPES", "invalid_scope"),
    rules.HubRefused: ("BAD_HUB", "access_denied"),
    rules.ConsentRefused: ("CONSENT_REFUSED", "access_denied"),
    rules.ConsentDeclined: ("CONSENT_DECLINED", "access_denied"),
    rules.ConsenterUnknown: ("CONSENT_REFUSED", "access_denied"),
    rules.FormRefused: ("BAD_FORM", "invalid_request"),
    refusals.ParameterRepeated: ("VALIDATION_ERROR", "invalid_request"),
    refusals.TooManyParameters: ("VALIDATION_ERROR", "invalid_request"),
}
"""The status and the error of the envelope of OAuth."""
