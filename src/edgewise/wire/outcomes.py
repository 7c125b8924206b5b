"""What the store says of links it was to write, as errors: of a single write, or of the inputs of a batch."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.batches import Batch, Failure
from edgewise.domain.errors import (
    AssociationLimitReached,
    DomainError,
    LinkEndsMissing,
    SourceNotFound,
    TargetNotFound,
    UnknownAssociationType,
    ValueInUse,
)
from edgewise.domain.model import (
    LimitReached,
    Linked,
    LinkWrite,
    ObjectType,
    Outcome,
    PutLinks,
    TypeGone,
    ValueTaken,
    split_type_key,
)
from edgewise.wire.messages import Call

PutBatch = Batch[PutLinks, LinkWrite]


def require_linked(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> None:
    """A single write fails as a whole where a batch reports an item."""
    if not outcomes or not outcomes[0]:
        return
    outcome = outcomes[0]
    if not isinstance(outcome, Linked):
        raise refusal_of(call, outcome)
    write, pair = batch.accepted[0], batch.pair
    missing = []
    if outcome & Linked.SOURCE_MISSING:
        missing.append((pair.source, write.source_id))
    if outcome & Linked.TARGET_MISSING:
        missing.append((pair.target, write.target_id))
    raise LinkEndsMissing(missing)


def failures_of(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> list[Failure]:
    """What the rules and what the store refused: one item for each missing side of an input."""
    failures = list(batch.failures)
    if any(outcomes):
        for position, write, outcome in zip(batch.positions, batch.accepted, outcomes, strict=True):
            if not isinstance(outcome, Linked):
                failures.append(Failure(position, refusal_of(call, outcome)))
                continue
            if outcome & Linked.SOURCE_MISSING:
                failures.append(Failure(position, SourceNotFound(batch.pair.source, write.source_id)))
            if outcome & Linked.TARGET_MISSING:
                failures.append(Failure(position, TargetNotFound(batch.pair.target, write.target_id)))
    return failures


def value_taken(object_type: ObjectType, outcome: ValueTaken, in_batch: bool = False) -> ValueInUse:
    """A value that another record has, as the error it is."""
    return ValueInUse(object_type, outcome.record_id or None, in_batch)


def refusal_of(call: Call, outcome: LimitReached | TypeGone) -> DomainError:
    """What a store reports of a link, as the error it is."""
    category, type_id = split_type_key(outcome.key)
    if isinstance(outcome, TypeGone):
        return UnknownAssociationType(category.name, type_id)
    object_type = call.portal.catalog.object_type_of(outcome.holder.object_type)
    record_id = outcome.holder.record_id or None
    return AssociationLimitReached(object_type, record_id, category.name, type_id, outcome.limit)
