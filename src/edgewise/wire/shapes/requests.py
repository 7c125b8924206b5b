"""How requests that cannot be read, or that nobody may make, are refused."""

from __future__ import annotations

from edgewise.domain import errors
from edgewise.domain.errors import DomainError
from edgewise.wire import refusals
from edgewise.wire.bodies import ErrorDetail
from edgewise.wire.shapes.shape import NOT_FOUND, VALIDATION, ErrorShape
from edgewise.wire.times import timestamp

_AUTH_MESSAGE = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
    "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)


_SCOPES_PAGE = "https://developers.hubspot.com/scopes"
_SCOPES_MESSAGE = (
    "This app hasn't been granted all required scopes to make this call. "
    f"Read more about required scopes here: {_SCOPES_PAGE}."
)
_UNITS = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second"))


def _ago(milliseconds: int) -> str:
    """In the largest unit of which there are at least two, as captures have it: `75 second(s)`."""
    amount, unit = next((u for u in _UNITS if milliseconds >= 2 * u[0]), _UNITS[-1])
    return f"{milliseconds // amount} {unit}(s)"


def _missing(error: refusals.MissingScopes) -> list[ErrorDetail]:
    message = "One or more of the following scopes are required."
    return [ErrorDetail(message, context={"requiredGranularScopes": list(error.required)})]


def _host_refused(error: refusals.HostRefused) -> str:
    named, allowed = (f"the name {error.host}", error.host) if error.host else ("that name", "NAME")
    return f"This server does not answer to {named}; to allow it: edgewise dev --allow-host {allowed}"


def _wrong_kind(error: refusals.BodyOfWrongKind) -> str:
    return (
        f"Invalid input JSON on line {error.line}, column {error.column}: Cannot deserialize value of type "
        f"`{error.expected}` from {_TOKEN_NAMES[error.token]} value (token `JsonToken.{error.token}`)"
    )


_TOKEN_NAMES = {
    "VALUE_STRING": "String",
    "VALUE_NUMBER_INT": "Integer",
    "VALUE_NUMBER_FLOAT": "Floating-point",
    "VALUE_TRUE": "Boolean",
    "VALUE_FALSE": "Boolean",
    "VALUE_NULL": "Null",
    "START_ARRAY": "Array",
    "START_OBJECT": "Object",
}


SHAPES: dict[type[DomainError], ErrorShape] = {
    refusals.PathNotFound: ErrorShape(404, NOT_FOUND, lambda e: f"No operation has the path {e.path}"),
    refusals.MethodNotAllowed: ErrorShape(
        405,
        "METHOD_NOT_ALLOWED",
        lambda e: f"{e.method} is not allowed here; allowed: {', '.join(e.allowed)}",
    ),
    refusals.HostRefused: ErrorShape(421, VALIDATION, _host_refused),
    refusals.BodyTooLarge: ErrorShape(
        413, VALIDATION, lambda e: f"The request body is larger than the maximum of {e.bytes_max} bytes"
    ),
    refusals.TooManyValues: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Invalid JSON input: the request body has more than the maximum of {e.values_max} values",
    ),
    refusals.QueryTooLong: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"The query string has more than the maximum of {e.parameters_max} parameters",
    ),
    refusals.UnsupportedMediaType: ErrorShape(
        415, VALIDATION, lambda e: f"Content type {e.content_type} is not supported; send application/json"
    ),
    refusals.NotAuthenticated: ErrorShape(401, "INVALID_AUTHENTICATION", lambda e: _AUTH_MESSAGE),
    refusals.TokenExpired: ErrorShape(
        401,
        "EXPIRED_AUTHENTICATION",
        lambda e: f"The OAuth token used to make this call expired {_ago(e.at - e.expired_at)} ago.",
        lambda e: {"expire time": [timestamp(e.expired_at)]},
    ),
    refusals.MissingScopes: ErrorShape(
        403, "MISSING_SCOPES", lambda e: _SCOPES_MESSAGE, details=_missing, links={"scopes": _SCOPES_PAGE}
    ),
    refusals.RateLimited: ErrorShape(
        429,
        "RATE_LIMITS",
        lambda e: f"You have reached your {e.policy.lower()} limit.",
        policy=lambda e: e.policy,
    ),
    errors.TooManyReads: ErrorShape(
        429,
        "RATE_LIMITS",
        lambda e: (
            f"You have reached your concurrent reads limit: {e.waiting_max} of your account wait already."
        ),
        policy=lambda e: "CONCURRENT_READS",
    ),
    errors.ReadNotReached: ErrorShape(
        503,
        "SERVICE_UNAVAILABLE",
        lambda e: f"The request could not be begun within {e.timeout_s:g} seconds; try again",
    ),
    errors.ReadTooLong: ErrorShape(
        504,
        "GATEWAY_TIMEOUT",
        lambda e: f"The request took longer than {e.timeout_s:g} seconds; ask for less",
    ),
    errors.TooManyWrites: ErrorShape(
        503, "SERVICE_UNAVAILABLE", lambda e: "The server has too many changes to make right now; try again"
    ),
    errors.Stopping: ErrorShape(503, "SERVICE_UNAVAILABLE", lambda e: "The server is stopping; try again"),
    refusals.BodyMissing: ErrorShape(
        400, VALIDATION, lambda e: "Invalid JSON input: a request body was expected, but none found"
    ),
    refusals.BodyMalformed: ErrorShape(
        400,
        VALIDATION,
        lambda e: f"Invalid input JSON on line {e.line}, column {e.column}: {e.reason}",
        is_category_recorded=False,
    ),
    refusals.BodyOfWrongKind: ErrorShape(400, VALIDATION, _wrong_kind, is_category_recorded=False),
    refusals.FieldsMissing: ErrorShape(
        400,
        VALIDATION,
        lambda e: (
            f"Invalid input JSON on line {e.line}, column {e.column}. "
            f"Some required fields were not set: [{', '.join(e.fields)}]"
        ),
    ),
    refusals.RequestTimedOut: ErrorShape(408, VALIDATION, lambda e: "The request body did not arrive"),
    refusals.HeadTimedOut: ErrorShape(
        408, VALIDATION, lambda e: "The request line and the headers did not arrive"
    ),
    refusals.RequestMalformed: ErrorShape(400, VALIDATION, lambda e: "The request is not valid HTTP/1.1"),
    refusals.TargetTooLong: ErrorShape(
        414, VALIDATION, lambda e: f"The path and query are longer than the maximum of {e.bytes_max} bytes"
    ),
    refusals.HeadTooLarge: ErrorShape(
        431,
        VALIDATION,
        lambda e: (
            f"The request line and headers are larger than the maximum of {e.bytes_max} bytes "
            f"and {e.headers_max} headers"
        ),
    ),
    refusals.TooManyConnections: ErrorShape(
        503,
        "SERVICE_UNAVAILABLE",
        lambda e: "The server has too many connections right now; try again",
        oauth_error="temporarily_unavailable",
    ),
    refusals.StoreUnavailable: ErrorShape(
        503,
        "SERVICE_UNAVAILABLE",
        lambda e: "The store is unavailable right now; try again",
        oauth_error="temporarily_unavailable",
    ),
}
