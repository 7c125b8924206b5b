"""The batch envelope, the same for every batch operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from edgewise.domain.batches import Failure
from edgewise.wire.bodies import BatchResponse
from edgewise.wire.errors import error_item
from edgewise.wire.hints import hint_of
from edgewise.wire.messages import Call, Reply
from edgewise.wire.steps import Steps, at_once
from edgewise.wire.times import timestamp

MULTI_STATUS = 207


def batch_reply(call: Call, results: list[Any], failures: Iterable[Failure] = ()) -> Reply:
    """The answer to a batch: the usual status of its operation, or 207 when an input failed.

    Where the documents list no 207, the quirk `partly_failed_batch` decides.
    failures: in any order; they are listed in the order of their inputs.
    Source: docs/behaviour.md, section 13.
    """
    return at_once(batch_steps(call, results, failures))


def batch_steps(call: Call, results: list[Any], failures: Iterable[Failure] = ()) -> Steps[Reply]:
    """As `batch_reply`, where results and failures may be large."""
    body = BatchResponse("COMPLETE", results, timestamp(call.at), timestamp(call.portal.clock.now_ms()))
    return _with_failures(call, body, failures)


def canceled_reply(call: Call, failures: Iterable[Failure]) -> Reply:
    """The answer to a batch that changed nothing, since some of its inputs were refused.

    Source: docs/behaviour.md, section 6.3, observed.
    """
    body = BatchResponse("CANCELED", [], timestamp(call.at), timestamp(call.portal.clock.now_ms()))
    return at_once(_with_failures(call, body, failures))


def _with_failures(call: Call, body: BatchResponse, failures: Iterable[Failure]) -> Steps[Reply]:
    status = call.served.statuses[0]
    failures = sorted(failures, key=lambda failure: failure.position)
    if not failures:
        return Reply(status, body)
    body.errors = []
    for failure in failures:
        body.errors.append(error_item(failure.error, call.portal.quirks, failure.trace_id))
        yield
    body.num_errors = len(failures)
    if MULTI_STATUS in call.served.statuses or call.portal.quirks.partly_failed_batch == "207":
        status = MULTI_STATUS
    hints = (hint_of(failure.error, call.portal.catalog) for failure in failures)
    return Reply(status, body, hint=next((hint for hint in hints if hint is not None), None))
