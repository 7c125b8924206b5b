"""What a property of a record was, from the creation of the record on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgewise.domain.model import ObjectType, Record, Version
from edgewise.domain.record_keys import RECORD_ID_PROPERTY

RECORDS_MAX = 50
"""How many records are read with histories at once. Source: docs/behaviour.md, section 9.2; the figure is ours."""


def history_of(
    object_type: ObjectType, record: Record, name: str, versions: Mapping[str, Sequence[Version]]
) -> Sequence[Version]:
    """The values of a property, the latest first; nothing for one that the record never had.

    versions: of the record, as `Store.read_versions` answers them. The moments of the record itself are told by `at`
    alone.
    """
    if name in versions:
        return versions[name]
    if name == RECORD_ID_PROPERTY:
        return [Version(record.created_at, str(record.record_id))]
    if name == object_type.created_property:
        return [Version(record.created_at, None)]
    if name == object_type.last_modified_property:
        return [Version(record.updated_at, None)]
    text = record.properties.get(name)
    return [] if text is None else [Version(record.created_at, text)]
