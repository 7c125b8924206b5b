"""Operations on many records: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain import records
from edgewise.domain.batches import Failure, require_at_most
from edgewise.domain.errors import DomainError, RecordsNotFound
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.model import ObjectType, Record
from edgewise.domain.record_keys import RecordKey, Upsert, Upserted, key_in_body, shown_key
from edgewise.wire import bodies_objects as bodies
from edgewise.wire.bodies import Id
from edgewise.wire.envelopes import batch_reply
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import INPUTS_MAX, is_archived, record_body
from edgewise.wire.requests import BodyReader

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
    """Records to read together. keys: all ids, or all values of one property. invalid: the ids that are none."""

    object_type: ObjectType
    keys: Sequence[RecordKey]
    invalid: Sequence[str]
    is_archived: bool
    properties: Sequence[str]


class ChangeRecords(NamedTuple):
    """Records to change or to make. trace_ids: what the client calls each input. invalid: the ids that are none."""

    object_type: ObjectType
    upserts: Sequence[Upsert]
    trace_ids: Sequence[str | None]
    invalid: Sequence[str]


class ArchiveRecords(NamedTuple):
    """Records to archive."""

    object_type: ObjectType
    record_ids: Sequence[int]


def decode_batch_read(call: Call) -> ManyRecords:
    """Many records by id, or by a property."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _read_inputs.read(call.body)
    require_at_most(INPUTS_MAX, body.inputs)
    keys = [_key_or_none(item.id, body.id_property) for item in body.inputs]
    valid = [key for key in keys if key is not None]
    records.require_distinct(valid)
    invalid = [str(item.id) for item, key in zip(body.inputs, keys, strict=True) if key is None]
    return ManyRecords(object_type, valid, invalid, is_archived(call), body.properties or ())


def decode_batch_update(call: Call) -> ChangeRecords:
    """Properties to set on many records."""
    object_type = call.portal.catalog.object_type(call.params[0])
    command = _changes(object_type, _update_inputs.read(call.body).inputs, creates=False)
    records.require_distinct([upsert.key for upsert in command.upserts])
    return command


def decode_batch_upsert(call: Call) -> ChangeRecords:
    """Properties to set on many records, some of which may have to be made."""
    object_type = call.portal.catalog.object_type(call.params[0])
    return _changes(object_type, _upsert_inputs.read(call.body).inputs, creates=True)


def decode_batch_archive(call: Call) -> ArchiveRecords:
    """Many records to archive."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _archive_inputs.read(call.body).inputs
    require_at_most(INPUTS_MAX, inputs)
    return ArchiveRecords(object_type, [record_id_in_body(item.id) for item in inputs])


def encode_batch_read(call: Call, command: ManyRecords, outcome: Sequence[Record | None]) -> Reply:
    """The records found; the others in one error item."""
    names = command.properties or command.object_type.default_properties
    results = [
        record_body(bodies.SimplePublicObject, command.object_type, record, names)
        for record in outcome
        if record is not None
    ]
    missing = [key for key, record in zip(command.keys, outcome, strict=True) if record is None]
    return batch_reply(call, results, _not_found(command.object_type, missing, command.invalid))


def encode_batch_update(call: Call, command: ChangeRecords, outcome: Sequence[Upserted | None]) -> Reply:
    """The records after the change with every property; the missing ones in one error item."""
    return _changed(call, command, outcome, lambda _: {}, bodies.SimplePublicObject)


def encode_batch_upsert(call: Call, command: ChangeRecords, outcome: Sequence[Upserted | None]) -> Reply:
    """As `encode_batch_update`; each record says whether it is new."""
    return _changed(
        call, command, outcome, lambda upserted: {"new": upserted.is_new}, bodies.SimplePublicUpsertObject
    )


def _changes(
    object_type: ObjectType, inputs: Sequence[bodies.SimplePublicObjectBatchInput], creates: bool
) -> ChangeRecords:
    require_at_most(INPUTS_MAX, inputs)
    upserts: list[Upsert] = []
    trace_ids: list[str | None] = []
    invalid: list[str] = []
    for item in inputs:
        properties = records.stored_properties(item.properties)
        key = _key_or_none(item.id, item.id_property)
        if key is None:
            invalid.append(str(item.id))
        else:
            upserts.append(Upsert(key, properties, creates))
            trace_ids.append(item.object_write_trace_id)
    return ChangeRecords(object_type, upserts, trace_ids, invalid)


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
    outcome: Sequence[Upserted | None],
    further: Any,
    shape: Any,
) -> Reply:
    results = [
        record_body(
            shape,
            command.object_type,
            upserted.record,
            None,
            object_write_trace_id=UNSET if trace_id is None else trace_id,
            **further(upserted),
        )
        for upserted, trace_id in zip(outcome, command.trace_ids, strict=True)
        if upserted is not None
    ]
    missing = [
        upsert.key for upsert, upserted in zip(command.upserts, outcome, strict=True) if upserted is None
    ]
    return batch_reply(call, results, _not_found(command.object_type, missing, command.invalid))


def _not_found(
    object_type: ObjectType, missing: Sequence[RecordKey], invalid: Sequence[str]
) -> list[Failure]:
    """One item for all. Source: docs/behaviour.md, section 7.4, observed."""
    texts = [*(str(shown_key(key)) for key in missing), *invalid]
    return [Failure(0, RecordsNotFound(object_type, texts))] if texts else []
