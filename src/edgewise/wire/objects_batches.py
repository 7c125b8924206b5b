"""Operations on many records: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain import records
from edgewise.domain.batches import Failure, require_at_most
from edgewise.domain.errors import DomainError, RecordsNotFound
from edgewise.domain.histories import RECORDS_MAX
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.model import ObjectType, Record, ValueTaken, Version
from edgewise.domain.record_keys import RecordKey, Upsert, Upserted, key_in_body, shown_key
from edgewise.domain.schemas import lacking, required_properties
from edgewise.domain.sizes import ANSWER_BYTES_MAX, fitting
from edgewise.wire import bodies_objects as bodies
from edgewise.wire.bodies import Id
from edgewise.wire.creates import are_all_traced
from edgewise.wire.envelopes import batch_reply, batch_steps
from edgewise.wire.histories import histories_body
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import INPUTS_MAX, is_archived, known_names, record_body
from edgewise.wire.outcomes import value_taken
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps, encoded
from edgewise.wire.values import changed_values, made_key

_read_inputs: BodyReader[bodies.BatchReadInputSimplePublicObjectId] = BodyReader(
    bodies.BatchReadInputSimplePublicObjectId
)
_update_inputs: BodyReader[bodies.BatchInputSimplePublicObjectBatchInput] = BodyReader(
    bodies.BatchInputSimplePublicObjectBatchInput
)
_upsert_inputs: BodyReader[bodies.BatchInputSimplePublicObjectBatchInputUpsert] = BodyReader(
    bodies.BatchInputSimplePublicObjectBatchInputUpsert
)
_archive_inputs: BodyReader[bodies.BatchInputSimplePublicObjectId] = BodyReader(
    bodies.BatchInputSimplePublicObjectId
)


class ManyRecords(NamedTuple):
    """Records to read together.

    keys: all ids, or all values of one property. invalid: the ids that are none. history: the properties whose former
    values are shown.
    """

    object_type: ObjectType
    keys: Sequence[RecordKey]
    invalid: Sequence[str]
    is_archived: bool
    properties: Sequence[str]
    history: Sequence[str] = ()


class ManyRead(NamedTuple):
    """Records, and the versions of properties that were asked for with each; None and nothing for a missing one."""

    records: Sequence[Record | None]
    versions: Sequence[Mapping[str, Sequence[Version]]]


class ChangeRecords(NamedTuple):
    """Records to change or to make.

    invalid: the ids that are none. is_partial: each input is decided on its own. positions, trace_ids: of the inputs
    that the upserts come from, and what the client calls them. failures: of inputs that the rules refused.
    lacking: by position, why an input cannot make a record; it may still change one.
    """

    object_type: ObjectType
    upserts: Sequence[Upsert]
    trace_ids: Sequence[str | None]
    invalid: Sequence[str]
    is_partial: bool = False
    positions: Sequence[int] = ()
    failures: Sequence[Failure] = ()
    lacking: Mapping[int, DomainError] = MappingProxyType({})


ChangeOutcome = Sequence[Upserted | ValueTaken | None] | ValueTaken
"""What became of each input, or why nothing was changed."""


class ArchiveRecords(NamedTuple):
    """Records to archive."""

    object_type: ObjectType
    record_ids: Sequence[int]


def decode_batch_read(call: Call) -> ManyRecords:
    """Many records by id, or by a property."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _read_inputs.read(call.body)
    history = known_names(call, object_type, body.properties_with_history or ())
    require_at_most(RECORDS_MAX if history else INPUTS_MAX, body.inputs)
    keys = [_key_or_none(item.id, body.id_property) for item in body.inputs]
    valid = [key for key in keys if key is not None]
    records.require_distinct(valid)
    invalid = [str(item.id) for item, key in zip(body.inputs, keys, strict=True) if key is None]
    return ManyRecords(object_type, valid, invalid, is_archived(call), body.properties or (), history)


def decode_batch_update(call: Call) -> Steps[ChangeRecords]:
    """Properties to set on many records."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _update_inputs.read(call.body).inputs
    command = yield from _changes(call, object_type, inputs, creates=False)
    records.require_distinct([upsert.key for upsert in command.upserts])
    return command


def decode_batch_upsert(call: Call) -> Steps[ChangeRecords]:
    """Properties to set on many records, some of which may have to be made."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _upsert_inputs.read(call.body).inputs
    return (yield from _changes(call, object_type, inputs, creates=True))


def decode_batch_archive(call: Call) -> ArchiveRecords:
    """Many records to archive."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _archive_inputs.read(call.body).inputs
    require_at_most(INPUTS_MAX, inputs)
    return ArchiveRecords(object_type, [record_id_in_body(item.id) for item in inputs])


def encode_batch_read(call: Call, command: ManyRecords, outcome: ManyRead) -> Steps[Reply]:
    """The records found; the others in one error item."""
    object_type, history = command.object_type, command.history
    asked = command.properties or object_type.default_properties
    names = known_names(call, object_type, (*asked, *history))
    results = []
    for record, versions in zip(outcome.records, outcome.versions, strict=True):
        if record is not None:
            histories = yield from histories_body(object_type, record, history, versions)
            body = record_body(
                call,
                bodies.SimplePublicObject,
                object_type,
                record,
                names,
                properties_with_history=histories,
            )
            results.append(encoded(body))
            yield
    missing = [key for key, record in zip(command.keys, outcome.records, strict=True) if record is None]
    return batch_reply(call, results, _not_found(object_type, missing, command.invalid))


def encode_batch_update(call: Call, command: ChangeRecords, outcome: ChangeOutcome) -> Steps[Reply]:
    """The records after the change with every property; the missing ones in one error item.

    Where that were too large, with those that the request sets. Source: docs/behaviour.md, section 9.4.
    """
    return _changed(call, command, outcome, lambda _: {}, bodies.SimplePublicObject)


def encode_batch_upsert(call: Call, command: ChangeRecords, outcome: ChangeOutcome) -> Steps[Reply]:
    """As `encode_batch_update`; each record says whether it is new."""
    return _changed(
        call, command, outcome, lambda upserted: {"new": upserted.is_new}, bodies.SimplePublicUpsertObject
    )


def _changes(
    call: Call, object_type: ObjectType, inputs: Sequence[bodies.SimplePublicObjectBatchInput], creates: bool
) -> Steps[ChangeRecords]:
    require_at_most(INPUTS_MAX, inputs)
    is_partial = are_all_traced([item.object_write_trace_id for item in inputs])
    is_demanding = creates and bool(required_properties(call.portal.types, object_type))
    upserts: list[Upsert] = []
    positions: list[int] = []
    invalid: list[str] = []
    failures: list[Failure] = []
    too_little: dict[int, DomainError] = {}
    for position, item in enumerate(inputs):
        yield
        key = _key_or_none(item.id, item.id_property)
        try:
            properties = changed_values(call, object_type, item.properties)
            key = made_key(call, object_type, key) if creates and key is not None else key
        except DomainError as error:
            if not is_partial:
                raise
            failures.append(Failure(position, error, item.object_write_trace_id))
            continue
        if key is None:
            invalid.append(str(item.id))
            continue
        upsert = Upsert(key, properties, creates)
        if is_demanding:
            refused = lacking(call.portal.types, object_type, upsert.new_properties())
            if refused is not None:
                too_little[position] = refused
                upsert = upsert._replace(creates=False)
        upserts.append(upsert)
        positions.append(position)
    trace_ids = [inputs[position].object_write_trace_id for position in positions]
    return ChangeRecords(
        object_type, upserts, trace_ids, invalid, is_partial, positions, failures, too_little
    )


def _key_or_none(value: Id, id_property: str | None) -> RecordKey | None:
    """The record that an input names; an id that is none is as good as that of a missing record.

    Source: docs/behaviour.md, section 9.4.
    """
    try:
        return key_in_body(value, id_property)
    except DomainError:
        return None


def _changed(
    call: Call,
    command: ChangeRecords,
    outcome: ChangeOutcome,
    further: Any,
    shape: Any,
) -> Steps[Reply]:
    if isinstance(outcome, ValueTaken):
        raise value_taken(command.object_type, outcome, in_batch=True)
    inputs = list(zip(command.positions, command.upserts, command.trace_ids, outcome, strict=True))
    failures = list(command.failures)
    records_made = [each.record for each in outcome if isinstance(each, Upserted)]
    is_brief = fitting(records_made, ANSWER_BYTES_MAX) < len(records_made)
    results: list[Any] = []
    missing: list[RecordKey] = []
    for position, upsert, trace_id, upserted in inputs:
        if isinstance(upserted, Upserted):
            yield
            body = record_body(
                call,
                shape,
                command.object_type,
                upserted.record,
                upsert.properties if is_brief else None,
                object_write_trace_id=UNSET if trace_id is None else trace_id,
                **further(upserted),
            )
            results.append(encoded(body))
        elif isinstance(upserted, ValueTaken):
            taken = value_taken(command.object_type, upserted, in_batch=True)
            failures.append(Failure(position, taken, trace_id))
        elif upserted is None and position in command.lacking:
            failures.append(Failure(position, command.lacking[position], trace_id))
        elif upserted is None:
            missing.append(upsert.key)
    failures += _not_found(command.object_type, missing, command.invalid)
    return (yield from batch_steps(call, results, failures))


def _not_found(
    object_type: ObjectType, missing: Sequence[RecordKey], invalid: Sequence[str]
) -> list[Failure]:
    """One item for all. Source: docs/behaviour.md, section 7.4, observed."""
    texts = [*(str(shown_key(key)) for key in missing), *invalid]
    return [Failure(0, RecordsNotFound(object_type, texts))] if texts else []
