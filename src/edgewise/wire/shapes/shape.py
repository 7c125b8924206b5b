"""How one class of refusal reads on the wire, and what several rows of the table spell alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from edgewise.domain.model import ObjectType
from edgewise.wire.bodies import ErrorDetail

VALIDATION = "VALIDATION_ERROR"
NOT_FOUND = "OBJECT_NOT_FOUND"
CONFLICT = "CONFLICT"

Context = dict[str, list[str]]


class ErrorShape(NamedTuple):
    """How one class of refusal reads on the wire.

    is_category_recorded: whether the live service was seen to send the category (quirk `error_category`).
    details: the errors within. links: where to read on. policy: of a call too many, the name of the limit.
    oauth_error: the word for it of RFC 6749, which operations of OAuth say.
    """

    status: int
    category: str
    message: Callable[[Any], str]
    context: Callable[[Any], Context] | None = None
    sub_category: str | None = None
    is_category_recorded: bool = True
    details: Callable[[Any], list[ErrorDetail]] | None = None
    links: Mapping[str, str] | None = None
    policy: Callable[[Any], str] | None = None
    oauth_error: str = "invalid_request"


def singular(object_type: ObjectType) -> str:
    return object_type.name


def upper(object_type: ObjectType) -> str:
    return object_type.name.upper()
