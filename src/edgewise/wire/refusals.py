"""Every way a request can fail before the rules see it: one class each, carrying fields."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.errors import DomainError


class RequestError(DomainError):
    """A request that cannot be read, or that nobody may make."""


class PathNotFound(RequestError):
    """No operation has this path."""

    path: str


class MethodNotAllowed(RequestError):
    """The path exists, with other methods."""

    method: str
    allowed: tuple[str, ...]


class HostRefused(RequestError):
    """A request for another name than the server goes by. host: without a port, empty for what is none."""

    host: str


class BodyTooLarge(RequestError):
    """A body of more bytes than the server reads."""

    bytes_max: int


class TooManyValues(RequestError):
    """A body of more values than its operation reads."""

    values_max: int


class QueryTooLong(RequestError):
    """A query string of more parameters than any operation reads."""

    parameters_max: int


class UnsupportedMediaType(RequestError):
    """A body that says it is something other than JSON."""

    content_type: str


class NotAuthenticated(RequestError):
    """No token, or one that opens nothing."""


class TokenExpired(RequestError):
    """A token that opened a portal once. Both times are milliseconds since the epoch."""

    expired_at: int
    at: int


class MissingScopes(RequestError):
    """A token that does not allow the operation.

    required: the scopes of which one would do, the plainest first. granted: those of the token, None for every one.
    is_read_only: the token changes nothing, whatever its scopes.
    """

    required: tuple[str, ...]
    granted: frozenset[str] | None
    is_read_only: bool


class RateLimited(RequestError):
    """One call too many. policy: the name of what had no room. headers: of the answer, which say how much is left."""

    policy: str
    headers: Sequence[tuple[bytes, bytes]] = ()


class BodyMissing(RequestError):
    """An operation that reads a body got none."""


class BodyMalformed(RequestError):
    """A body that is not JSON. line and column count from one."""

    line: int
    column: int
    reason: str


class BodyOfWrongKind(RequestError):
    """A JSON value where another kind of value belongs. token: the JSON kind that was found."""

    line: int
    column: int
    expected: str
    token: str


class FieldsMissing(RequestError):
    """An object of the body that lacks required keys. line and column are where the object ends."""

    line: int
    column: int
    fields: list[str]


class ParameterRepeated(RequestError):
    """A parameter of OAuth that is there more than once. Source: RFC 6749, section 3.2."""

    name: str


class TooManyParameters(RequestError):
    """A form of more fields than any operation reads."""


class RequestTimedOut(RequestError):
    """A body that was not complete in time, or whose client went away."""


class HeadTimedOut(RequestError):
    """A request line and headers that were not complete in time."""


class RequestMalformed(RequestError):
    """Something that is not HTTP/1.1."""


class TargetTooLong(RequestError):
    """A path with a query of more bytes than the server reads."""

    bytes_max: int


class HeadTooLarge(RequestError):
    """A request line and headers of more bytes, or more headers, than the server reads."""

    bytes_max: int
    headers_max: int


class TooManyConnections(RequestError):
    """A connection more than the server serves at a time."""


class StoreUnavailable(RequestError):
    """The store cannot be reached or cannot write right now."""
