"""Creating records: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain import records
from edgewise.domain.batches import Failure, require_at_most
from edgewise.domain.errors import DomainError, LinkEndsMissing
from edgewise.domain.model import CreateRecords, NewRecord, ObjectType, Record, ValueTaken
from edgewise.domain.ports import Created, CreateOutcome, CreateRefused, PartlyCreated, TargetsMissing
from edgewise.domain.records import InlineAssociation
from edgewise.wire.bodies_objects import (
    BatchInputSimplePublicObjectBatchInputForCreate,
    SimplePublicObject,
    SimplePublicObjectInputForCreate,
)
from edgewise.wire.envelopes import batch_steps
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import INPUTS_MAX, record_body
from edgewise.wire.outcomes import refusal_of, value_taken
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps, encoded
from edgewise.wire.values import new_values

_create_input: BodyReader[SimplePublicObjectInputForCreate] = BodyReader(SimplePublicObjectInputForCreate)
_create_inputs: BodyReader[BatchInputSimplePublicObjectBatchInputForCreate] = BodyReader(
    BatchInputSimplePublicObjectBatchInputForCreate
)


class NewRecords(NamedTuple):
    """Records to create.

    positions, trace_ids: of the inputs that the records of the command come from, and what the client calls them.
    failures: of the other inputs; there are some only where each input is decided on its own.
    """

    object_type: ObjectType
    command: CreateRecords
    positions: Sequence[int] = (0,)
    trace_ids: Sequence[str | None] = (None,)
    failures: Sequence[Failure] = ()


def decode_create(call: Call) -> NewRecords:
    """One record with its inline associations."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _create_input.read(call.body)
    return NewRecords(object_type, _creation(call, object_type, [_new_record(call, object_type, body)]))


def decode_batch_create(call: Call) -> Steps[NewRecords]:
    """Many records with their inline associations: all or none, unless each input has an objectWriteTraceId.

    Source: docs/behaviour.md, section 9.4.
    """
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _create_inputs.read(call.body).inputs
    require_at_most(INPUTS_MAX, inputs)
    is_partial = are_all_traced([item.object_write_trace_id for item in inputs])
    new_records: list[NewRecord] = []
    positions: list[int] = []
    failures: list[Failure] = []
    for position, item in enumerate(inputs):
        yield
        try:
            new_records.append(_new_record(call, object_type, item))
        except DomainError as error:
            if not is_partial:
                raise
            failures.append(Failure(position, error, item.object_write_trace_id))
        else:
            positions.append(position)
    trace_ids = [inputs[position].object_write_trace_id for position in positions]
    command = _creation(call, object_type, new_records, is_partial)
    return NewRecords(object_type, command, positions, trace_ids, failures)


def are_all_traced(trace_ids: Sequence[str | None]) -> bool:
    """Whether the inputs of a batch are decided each on its own. Source: docs/behaviour.md, section 9.4."""
    return bool(trace_ids) and all(trace_ids)


def encode_create(call: Call, command: NewRecords, outcome: CreateOutcome) -> Reply:
    """The record with every property; its associations are made and not shown."""
    if not isinstance(outcome, Created):
        raise _refusal(call, command.object_type, outcome)
    record = outcome.records[0]
    location = f"{call.origin()}{call.path}/{record.record_id}"
    return Reply(201, record_body(call, SimplePublicObject, command.object_type, record, None), location)


def encode_batch_create(call: Call, command: NewRecords, outcome: CreateOutcome) -> Steps[Reply]:
    """The records with every property, and why the others were not made."""
    object_type, _, positions, trace_ids, failures = command
    if isinstance(outcome, Created):
        made: Sequence[Record | CreateRefused] = outcome.records
    elif isinstance(outcome, PartlyCreated):
        made = outcome.outcomes
    else:
        raise _refusal(call, object_type, outcome, in_batch=True)
    results: list[Any] = []
    failures = list(failures)
    for position, trace_id, each in zip(positions, trace_ids, made, strict=True):
        if isinstance(each, Record):
            yield
            traced = UNSET if trace_id is None else trace_id
            body = record_body(
                call, SimplePublicObject, object_type, each, None, object_write_trace_id=traced
            )
            results.append(encoded(body))
        else:
            failures.append(Failure(position, _refusal(call, object_type, each, in_batch=True), trace_id))
    return (yield from batch_steps(call, results, failures))


def _creation(
    call: Call, object_type: ObjectType, new_records: Sequence[NewRecord], is_partial: bool = False
) -> CreateRecords:
    return CreateRecords(
        call.portal.portal_id,
        object_type.code,
        new_records,
        call.at,
        creates_records=not call.portal.rules.records_must_exist,
        unique=call.portal.unique_names(object_type.code),
        is_partial=is_partial,
    )


def _new_record(call: Call, object_type: ObjectType, body: SimplePublicObjectInputForCreate) -> NewRecord:
    associations = [
        InlineAssociation(
            item.to.id, [(spec.association_category, spec.association_type_id) for spec in item.types]
        )
        for item in body.associations or ()
    ]
    values = new_values(call, object_type, body.properties)
    return records.new_record(call.portal.catalog, call.portal.rules, object_type, values, associations)


def _refusal(
    call: Call, object_type: ObjectType, outcome: CreateRefused | PartlyCreated, in_batch: bool = False
) -> DomainError:
    if isinstance(outcome, ValueTaken):
        return value_taken(object_type, outcome, in_batch)
    if isinstance(outcome, TargetsMissing):
        catalog = call.portal.catalog
        return LinkEndsMissing([(catalog.object_type_of(code), i) for code, i in outcome.missing])
    assert not isinstance(outcome, PartlyCreated), "a create of one record is all or nothing"
    return refusal_of(call, outcome)
