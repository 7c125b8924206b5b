"""Operations on records: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain import records
from edgewise.domain.batches import require_at_most
from edgewise.domain.errors import LinkEndsMissing, RecordNotFound
from edgewise.domain.identifiers import record_id_in_path
from edgewise.domain.model import (
    CreateRecords,
    LimitReached,
    LinkPage,
    NewRecord,
    ObjectType,
    Record,
    TypeGone,
)
from edgewise.domain.ports import Created, TargetsMissing
from edgewise.domain.record_keys import RecordKey, Upsert, key_in_path, shown_key
from edgewise.domain.records import InlineAssociation
from edgewise.wire.bodies_objects import (
    AssociatedId,
    BatchInputSimplePublicObjectBatchInputForCreate,
    CollectionResponseAssociatedId,
    CollectionResponseSimplePublicObjectWithAssociationsForwardPaging,
    SimplePublicObject,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
    SimplePublicObjectWithAssociations,
)
from edgewise.wire.envelopes import batch_reply
from edgewise.wire.messages import Call, Reply
from edgewise.wire.outcomes import refusal_of
from edgewise.wire.paging import first_record, next_links, next_page, page_size
from edgewise.wire.requests import BodyReader
from edgewise.wire.times import timestamp

INPUTS_MAX = 100
"""Source: Using object APIs guide, batch operations."""

PAGE_SIZE_DEFAULT = 10
PAGE_SIZE_MAX = 100
"""Source: docs/behaviour.md, section 9.2."""

_create_input: BodyReader[SimplePublicObjectInputForCreate] = BodyReader(SimplePublicObjectInputForCreate)
_update_input: BodyReader[SimplePublicObjectInput] = BodyReader(SimplePublicObjectInput)
_create_inputs: BodyReader[BatchInputSimplePublicObjectBatchInputForCreate] = BodyReader(
    BatchInputSimplePublicObjectBatchInputForCreate
)

CreateOutcome = Created | TargetsMissing | LimitReached | TypeGone


class OneRecord(NamedTuple):
    """A record to read, with what to show of it."""

    object_type: ObjectType
    key: RecordKey
    is_archived: bool
    associated: Sequence[ObjectType]


class ChangeRecord(NamedTuple):
    """A record to change."""

    object_type: ObjectType
    change: Upsert


class ListRecords(NamedTuple):
    """A page of the records of one object type."""

    object_type: ObjectType
    first_id: int
    limit: int
    is_archived: bool
    associated: Sequence[ObjectType]


class ArchiveRecord(NamedTuple):
    """A record to archive."""

    object_type: ObjectType
    record_id: int


class RecordsRead(NamedTuple):
    """Records and the links that were asked for with them."""

    records: Sequence[Record]
    associated: Sequence[tuple[ObjectType, Sequence[LinkPage]]]
    next_id: int | None = None


def decode_create(call: Call) -> tuple[ObjectType, CreateRecords]:
    """One record with its inline associations."""
    object_type = call.portal.catalog.object_type(call.params[0])
    body = _create_input.read(call.body)
    return object_type, _creation(call, object_type, [_new_record(call, object_type, body)])


def decode_batch_create(call: Call) -> tuple[ObjectType, CreateRecords]:
    """Many records with their inline associations: all or none."""
    object_type = call.portal.catalog.object_type(call.params[0])
    inputs = _create_inputs.read(call.body).inputs
    require_at_most(INPUTS_MAX, inputs)
    return object_type, _creation(
        call, object_type, [_new_record(call, object_type, item) for item in inputs]
    )


def decode_read(call: Call) -> OneRecord:
    """One record by id, or by a property."""
    object_type = call.portal.catalog.object_type(call.params[0])
    key = key_in_path(call.params[1], call.query("idProperty"))
    return OneRecord(object_type, key, is_archived(call), _associated_types(call))


def decode_list(call: Call) -> ListRecords:
    """A page of records."""
    object_type = call.portal.catalog.object_type(call.params[0])
    return ListRecords(
        object_type,
        first_record(call.query("after")),
        page_size(call.query("limit"), PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX),
        is_archived(call),
        _associated_types(call),
    )


def decode_update(call: Call) -> ChangeRecord:
    """Properties to set on one record."""
    object_type = call.portal.catalog.object_type(call.params[0])
    key = key_in_path(call.params[1], call.query("idProperty"))
    properties = records.stored_properties(_update_input.read(call.body).properties)
    return ChangeRecord(object_type, Upsert(key, properties))


def decode_archive(call: Call) -> ArchiveRecord:
    """One record to archive."""
    object_type = call.portal.catalog.object_type(call.params[0])
    return ArchiveRecord(object_type, record_id_in_path(call.params[1]))


def encode_create(call: Call, command: tuple[ObjectType, CreateRecords], outcome: CreateOutcome) -> Reply:
    """The record with every property; its associations are made and not shown."""
    object_type, _ = command
    record = _require_created(call, outcome).records[0]
    location = f"{call.origin()}{call.path}/{record.record_id}"
    return Reply(201, record_body(SimplePublicObject, object_type, record, None), location)


def encode_batch_create(
    call: Call, command: tuple[ObjectType, CreateRecords], outcome: CreateOutcome
) -> Reply:
    """The records with every property."""
    object_type, _ = command
    created = _require_created(call, outcome).records
    return batch_reply(
        call, [record_body(SimplePublicObject, object_type, record, None) for record in created]
    )


def encode_read(call: Call, command: OneRecord, outcome: RecordsRead) -> Reply:
    """The record, or 404."""
    if not outcome.records:
        raise RecordNotFound(command.object_type, shown_key(command.key))
    return Reply(200, _with_associations(call, command.object_type, outcome, 0))


def encode_list(call: Call, command: ListRecords, outcome: RecordsRead) -> Reply:
    """The records, and where the next page is."""
    results = [
        _with_associations(call, command.object_type, outcome, position)
        for position in range(len(outcome.records))
    ]
    paging = UNSET if outcome.next_id is None else next_page(call, str(outcome.next_id), call.path)
    return Reply(200, CollectionResponseSimplePublicObjectWithAssociationsForwardPaging(results, paging))


def encode_update(call: Call, command: ChangeRecord, outcome: Record | None) -> Reply:
    """The record after the change with every property, or 404."""
    if outcome is None:
        raise RecordNotFound(command.object_type, shown_key(command.change.key))
    return Reply(200, record_body(SimplePublicObject, command.object_type, outcome, None))


def _creation(call: Call, object_type: ObjectType, new_records: Sequence[NewRecord]) -> CreateRecords:
    return CreateRecords(
        call.portal.portal_id,
        object_type.code,
        new_records,
        call.at,
        creates_records=not call.portal.rules.records_must_exist,
    )


def _new_record(call: Call, object_type: ObjectType, body: SimplePublicObjectInputForCreate) -> NewRecord:
    associations = [
        InlineAssociation(
            item.to.id, [(spec.association_category, spec.association_type_id) for spec in item.types]
        )
        for item in body.associations or ()
    ]
    return records.new_record(
        call.portal.catalog, call.portal.rules, object_type, body.properties, associations
    )


def _require_created(call: Call, outcome: CreateOutcome) -> Created:
    if isinstance(outcome, TargetsMissing):
        catalog = call.portal.catalog
        raise LinkEndsMissing([(catalog.object_type_of(code), i) for code, i in outcome.missing])
    if not isinstance(outcome, Created):
        raise refusal_of(call, outcome)
    return outcome


def is_archived(call: Call) -> bool:
    """Whether archived records are asked for, in place of living ones."""
    return (call.query("archived") or "").lower() == "true"


def _listed(call: Call, name: str) -> list[str]:
    """The values of a query parameter, repeated or comma-separated."""
    return [part.strip() for value in call.query_list(name) for part in value.split(",") if part.strip()]


def _associated_types(call: Call) -> list[ObjectType]:
    return list(
        dict.fromkeys(call.portal.catalog.object_type(name) for name in _listed(call, "associations"))
    )


def _with_associations(
    call: Call, object_type: ObjectType, outcome: RecordsRead, position: int
) -> SimplePublicObjectWithAssociations:
    names = _listed(call, "properties") or object_type.default_properties
    body: SimplePublicObjectWithAssociations = record_body(
        SimplePublicObjectWithAssociations, object_type, outcome.records[position], names
    )
    associated = {
        _association_key(target): CollectionResponseAssociatedId(
            associated_ids(call, pages[position]),
            next_links(call, object_type, outcome.records[position].record_id, target, pages[position]),
        )
        for target, pages in outcome.associated
        if pages[position].targets
    }
    if associated:
        body.associations = associated
    return body


def _association_key(target: ObjectType) -> str:
    """The key of an object type in the `associations` block: the plural, or a custom type's full name."""
    return target.aliases[0] if target.is_custom and target.aliases else target.plural


def associated_ids(call: Call, page: LinkPage) -> list[AssociatedId]:
    """The same id once per type, by v3 type name; a type that the catalog lacks is left out.

    Source: docs/behaviour.md, section 4.1, observed.
    """
    find = call.portal.catalog.find_association_type
    return [
        AssociatedId(str(target.target_id), link_type.name)
        for target in page.targets
        for link_type in map(find, target.keys)
        if link_type is not None
    ]


def record_body(
    shape: Any, object_type: ObjectType, record: Record, names: Iterable[str] | None, **further: Any
) -> Any:
    """A record with the properties asked for, or with every one. further: what the shape has beside a record."""
    body = shape(
        id=str(record.record_id),
        properties=_properties(object_type, record, names),
        created_at=timestamp(record.created_at),
        updated_at=timestamp(record.updated_at),
        archived=record.is_archived,
        **further,
    )
    if record.archived_at is not None:
        body.archived_at = timestamp(record.archived_at)
    return body


def _properties(
    object_type: ObjectType, record: Record, names: Iterable[str] | None
) -> dict[str, str | None]:
    """Values by name; unset ones are null when the object type is known to have them, else left out.

    Source: docs/behaviour.md, section 9.2: id, creation and change always come.
    """
    always = {
        object_type.created_property: timestamp(record.created_at),
        object_type.last_modified_property: timestamp(record.updated_at),
        "hs_object_id": str(record.record_id),
    }
    if names is None:
        return {**record.properties, **always}
    chosen: dict[str, str | None] = {
        name: record.properties.get(name)
        for name in names
        if name in record.properties or name in object_type.default_properties
    }
    return {**chosen, **always}
