"""The batch envelope, the same for every batch operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from edgewise.domain.batches import Failure
from edgewise.wire.bodies import BatchResponse
from edgewise.wire.errors import error_item
from edgewise.wire.messages import Call, Reply
from edgewise.wire.times import timestamp

MULTI_STATUS = 207


def batch_reply(
    call: Call,
    status: int,
    results: list[Any],
    failures: Iterable[Failure] = (),
    failed_status: int = MULTI_STATUS,
) -> Reply:
    """The answer to a batch: `status` when all went well, `failed_status` when an input failed.

    failures: in any order; they are listed in the order of their inputs.
    Source: docs/behaviour.md, section 13.
    """
    body = BatchResponse("COMPLETE", results, timestamp(call.at), timestamp(call.portal.clock.now_ms()))
    errors = [
        error_item(failure.error, call.portal.quirks)
        for failure in sorted(failures, key=lambda failure: failure.position)
    ]
    if errors:
        body.num_errors = len(errors)
        body.errors = errors
    return Reply(failed_status if errors else status, body)
