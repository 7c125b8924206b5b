"""Operations on records: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.domain.errors import RecordNotFound
from edgewise.domain.histories import RECORDS_MAX
from edgewise.domain.identifiers import record_id_in_path
from edgewise.domain.model import LinkPage, ObjectType, Record, ValueTaken, Version
from edgewise.domain.record_keys import RECORD_ID_PROPERTY, RecordKey, Upsert, key_in_path, shown_key
from edgewise.wire.bodies_objects import (
    AssociatedId,
    CollectionResponseAssociatedId,
    CollectionResponseSimplePublicObjectWithAssociationsForwardPaging,
    SimplePublicObject,
    SimplePublicObjectInput,
    SimplePublicObjectWithAssociations,
)
from edgewise.wire.histories import histories_body
from edgewise.wire.messages import Call, Reply
from edgewise.wire.outcomes import value_taken
from edgewise.wire.paging import first_record, next_links, next_of_records, page_size
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps, encoded
from edgewise.wire.times import timestamp
from edgewise.wire.values import changed_values

INPUTS_MAX = 100
"""Source: Using object APIs guide, batch operations."""

PAGE_SIZE_DEFAULT = 10
PAGE_SIZE_MAX = 100
"""Source: docs/behaviour.md, section 9.2."""

_Body = SimplePublicObjectWithAssociations

_update_input: BodyReader[SimplePublicObjectInput] = BodyReader(SimplePublicObjectInput)


class OneRecord(NamedTuple):
    """A record to read, with what to show of it. history: the properties whose former values are shown."""

    object_type: ObjectType
    key: RecordKey
    is_archived: bool
    associated: Sequence[ObjectType]
    history: Sequence[str] = ()


class ChangeRecord(NamedTuple):
    """A record to change."""

    object_type: ObjectType
    change: Upsert


class ListRecords(NamedTuple):
    """A page of the records of one object type. history: as in `OneRecord`."""

    object_type: ObjectType
    first_id: int
    limit: int
    is_archived: bool
    associated: Sequence[ObjectType]
    history: Sequence[str] = ()


class ArchiveRecord(NamedTuple):
    """A record to archive."""

    object_type: ObjectType
    record_id: int


class RecordsRead(NamedTuple):
    """Records, the links and the versions of properties that were asked for with them."""

    records: Sequence[Record]
    associated: Sequence[tuple[ObjectType, Sequence[LinkPage]]]
    next_id: int | None = None
    versions: Sequence[Mapping[str, Sequence[Version]]] = ()


def decode_read(call: Call) -> OneRecord:
    """One record by id, or by a property."""
    object_type = call.portal.catalog.object_type(call.params[0])
    key = key_in_path(call.params[1], call.query("idProperty"))
    history = known_names(call, object_type, _listed(call, "propertiesWithHistory"))
    return OneRecord(object_type, key, is_archived(call), _associated_types(call), history)


def decode_list(call: Call) -> ListRecords:
    """A page of records."""
    object_type = call.portal.catalog.object_type(call.params[0])
    history = known_names(call, object_type, _listed(call, "propertiesWithHistory"))
    return ListRecords(
        object_type,
        first_record(call.query("after")),
        page_size(call.query("limit"), PAGE_SIZE_DEFAULT, RECORDS_MAX if history else PAGE_SIZE_MAX),
        is_archived(call),
        _associated_types(call),
        history,
    )


def decode_update(call: Call) -> ChangeRecord:
    """Properties to set on one record."""
    object_type = call.portal.catalog.object_type(call.params[0])
    key = key_in_path(call.params[1], call.query("idProperty"))
    properties = changed_values(call, object_type, _update_input.read(call.body).properties)
    return ChangeRecord(object_type, Upsert(key, properties))


def decode_archive(call: Call) -> ArchiveRecord:
    """One record to archive."""
    object_type = call.portal.catalog.object_type(call.params[0])
    return ArchiveRecord(object_type, record_id_in_path(call.params[1]))


def encode_read(call: Call, command: OneRecord, outcome: RecordsRead) -> Reply | Steps[Reply]:
    """The record, or 404."""
    if not outcome.records:
        raise RecordNotFound(command.object_type, shown_key(command.key))
    body = _with_associations(call, command, outcome, _shown(call, command), 0)
    return _read_with_histories(command, outcome, body) if command.history else Reply(200, body)


def _read_with_histories(command: OneRecord, outcome: RecordsRead, body: _Body) -> Steps[Reply]:
    yield from _add_histories(command, outcome, 0, body)
    return Reply(200, body)


def encode_list(call: Call, command: ListRecords, outcome: RecordsRead) -> Steps[Reply]:
    """The records, and where the next page is."""
    names = _shown(call, command)
    results = []
    for position in range(len(outcome.records)):
        body = _with_associations(call, command, outcome, names, position)
        yield from _add_histories(command, outcome, position, body)
        results.append(encoded(body))
        yield
    paging = UNSET if outcome.next_id is None else next_of_records(call, str(outcome.next_id))
    return Reply(200, CollectionResponseSimplePublicObjectWithAssociationsForwardPaging(results, paging))


def encode_update(call: Call, command: ChangeRecord, outcome: Record | ValueTaken | None) -> Reply:
    """The record after the change with every property, or 404."""
    if isinstance(outcome, ValueTaken):
        raise value_taken(command.object_type, outcome)
    if outcome is None:
        raise RecordNotFound(command.object_type, shown_key(command.change.key))
    return Reply(200, record_body(call, SimplePublicObject, command.object_type, outcome, None))


def is_archived(call: Call) -> bool:
    """Whether archived records are asked for, in place of living ones."""
    return (call.query("archived") or "").lower() == "true"


def _listed(call: Call, name: str) -> list[str]:
    """The values of a query parameter, repeated or comma-separated."""
    return [part.strip() for value in call.query_list(name) for part in value.split(",") if part.strip()]


def known_names(call: Call, object_type: ObjectType, names: Sequence[str]) -> list[str]:
    """Those of some properties that the object type has, each once. Source: docs/behaviour.md, section 9.2."""
    if not names:
        return []
    known = call.portal.known_definitions(object_type).names
    return [name for name in dict.fromkeys(names) if name in known]


def _associated_types(call: Call) -> list[ObjectType]:
    return list(
        dict.fromkeys(call.portal.catalog.object_type(name) for name in _listed(call, "associations"))
    )


def _shown(call: Call, command: OneRecord | ListRecords) -> Sequence[str]:
    """The properties that are shown of each record."""
    defaults = command.object_type.default_properties
    asked = _listed(call, "properties") or defaults
    if asked is defaults and not command.history:
        return defaults
    return known_names(call, command.object_type, (*asked, *command.history))


def _with_associations(
    call: Call,
    command: OneRecord | ListRecords,
    outcome: RecordsRead,
    names: Sequence[str],
    position: int,
) -> _Body:
    object_type, record = command.object_type, outcome.records[position]
    body: _Body = record_body(call, _Body, object_type, record, names)
    associated = {
        _association_key(target): CollectionResponseAssociatedId(
            associated_ids(call, pages[position]),
            next_links(call, object_type, record.record_id, target, pages[position]),
        )
        for target, pages in outcome.associated
        if pages[position].targets
    }
    if associated:
        body.associations = associated
    return body


def _add_histories(
    command: OneRecord | ListRecords, outcome: RecordsRead, position: int, body: _Body
) -> Steps[None]:
    if command.history:
        body.properties_with_history = yield from histories_body(
            command.object_type, outcome.records[position], command.history, outcome.versions[position]
        )


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
    call: Call,
    shape: Any,
    object_type: ObjectType,
    record: Record,
    names: Iterable[str] | None,
    **further: Any,
) -> Any:
    """A record with the properties asked for, or with every one. further: what the shape has beside a record."""
    known = call.portal.known_definitions(object_type).names
    record_id = str(record.record_id)
    created_at, updated_at = timestamp(record.created_at), timestamp(record.updated_at)
    always = {
        object_type.created_property: created_at,
        object_type.last_modified_property: updated_at,
        RECORD_ID_PROPERTY: record_id,
    }
    body = shape(
        id=record_id,
        properties=_properties(known, record.properties, names) | always,
        created_at=created_at,
        updated_at=updated_at,
        archived=record.is_archived,
        **further,
    )
    if record.archived_at is not None:
        body.archived_at = timestamp(record.archived_at)
    return body


def _properties(
    known: frozenset[str], values: Mapping[str, str], names: Iterable[str] | None
) -> dict[str, str | None]:
    """Values by name; those of properties that the object type does not have, or no longer, are left out.

    Source: docs/behaviour.md, section 9.2: unset ones are null; id, creation and change always come, and are none of
    these.
    """
    if names is None:
        return {name: text for name, text in values.items() if name in known}
    return {name: values.get(name) for name in names if name in known}
