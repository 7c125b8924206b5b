"""Merging records and removing them for good: requests to commands, outcomes to answers."""

from __future__ import annotations

from typing import NamedTuple

from edgewise.domain.errors import RecordsNotFound
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.merges import MergeRecords, merge
from edgewise.domain.model import ObjectType, Record
from edgewise.domain.ports import RecordsMissing
from edgewise.domain.record_keys import RecordKey, key_in_body
from edgewise.wire.bodies_objects import PublicGdprDeleteInput, PublicMergeInput, SimplePublicObject
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import record_body
from edgewise.wire.requests import BodyReader

_merge_input: BodyReader[PublicMergeInput] = BodyReader(PublicMergeInput)
_gdpr_delete_input: BodyReader[PublicGdprDeleteInput] = BodyReader(PublicGdprDeleteInput)


class PurgeRecord(NamedTuple):
    """A record to remove for good."""

    object_type: ObjectType
    key: RecordKey


def decode_merge(call: Call) -> tuple[ObjectType, MergeRecords]:
    """Two records to merge."""
    portal = call.portal
    object_type = portal.catalog.object_type(call.params[0])
    body = _merge_input.read(call.body)
    winner_id, loser_id = (
        record_id_in_body(body.primary_object_id),
        record_id_in_body(body.object_id_to_merge),
    )
    command = merge(portal.portal_id, portal.catalog, object_type, winner_id, loser_id, call.at)
    return object_type, command


def decode_gdpr_delete(call: Call) -> PurgeRecord:
    """One record to remove, by id or by a property."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _gdpr_delete_input.read(call.body)
    return PurgeRecord(object_type, key_in_body(body.object_id, body.id_property))


def encode_merge(
    call: Call, command: tuple[ObjectType, MergeRecords], outcome: Record | RecordsMissing
) -> Reply:
    """The record that goes on with every property, or 404."""
    object_type, _ = command
    if isinstance(outcome, RecordsMissing):
        raise RecordsNotFound(object_type, [str(record_id) for record_id in outcome.record_ids])
    return Reply(200, record_body(call, SimplePublicObject, object_type, outcome, None))
