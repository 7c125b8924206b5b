"""A refusal as the body of a failed request, or as one failed input of a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import UNSET, Struct

from edgewise.domain.errors import DomainError
from edgewise.wire.bodies import Error, StandardError
from edgewise.wire.bodies_oauth import OAuthError
from edgewise.wire.quirks import Quirks
from edgewise.wire.shapes import SHAPES, ErrorShape

Refuse = Callable[[DomainError, str, Quirks], tuple[int, Struct]]
"""How an operation spells refusals: of the refusal, the correlation id and the quirks, the status and the body."""


def error_body(error: DomainError, correlation_id: str, quirks: Quirks) -> tuple[int, Error]:
    """The status and envelope of a failed request. Source: docs/behaviour.md, section 7."""
    shape = SHAPES[type(error)]
    context = shape.context(error) if shape.context else None
    return shape.status, Error(
        status="error",
        message=shape.message(error),
        error_type="RATE_LIMIT" if shape.policy else UNSET,
        correlation_id=correlation_id,
        policy_name=shape.policy(error) if shape.policy else UNSET,
        errors=shape.details(error) if shape.details else UNSET,
        context=context or UNSET,
        links=dict(shape.links) if shape.links else UNSET,
        category=_category(shape, quirks),
        sub_category=shape.sub_category or UNSET,
    )


def oauth_error_body(error: DomainError, correlation_id: str, quirks: Quirks) -> tuple[int, OAuthError]:
    """The same in the envelope of OAuth: with RFC 6749's words. Source: docs/behaviour.md, section 8.2."""
    shape = SHAPES[type(error)]
    message = shape.message(error)
    return shape.status, OAuthError(shape.category, message, correlation_id, shape.oauth_error, message)


def error_item(error: DomainError, quirks: Quirks, trace_id: str | None = None) -> StandardError:
    """One failed input of a batch. Source: docs/behaviour.md, sections 3.7, 4, 7.4 and 13."""
    shape = SHAPES[type(error)]
    context = shape.context(error) if shape.context else {}
    if trace_id is not None:
        context = {"objectWriteTraceId": [trace_id], **context}
    is_full = quirks.batch_error_items == "full"
    details = shape.details(error) if shape.details else []
    return StandardError(
        status="error",
        category=shape.category,
        sub_category=shape.sub_category or UNSET,
        message=shape.message(error),
        context=context if context or is_full else UNSET,
        errors=details if details or is_full else UNSET,
        links={} if is_full else UNSET,
    )


def internal_error(correlation_id: str) -> Error:
    """The envelope of a failure that is ours; its cause is in the log. Source: docs/behaviour.md, section 7.2."""
    return Error(
        status="error", message="internal error", correlation_id=correlation_id, category="INTERNAL_ERROR"
    )


def _category(shape: ErrorShape, quirks: Quirks) -> Any:
    if shape.policy:
        return UNSET  # `errorType` says it
    if shape.is_category_recorded or quirks.error_category == "always":
        return shape.category
    return UNSET
