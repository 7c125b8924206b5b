"""What a property of a record was, from the creation of the record on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgewise.domain.errors import AnswerTooLarge
from edgewise.domain.model import ObjectType, Record, Version
from edgewise.domain.record_keys import RECORD_ID_PROPERTY
from edgewise.domain.sizes import ANSWER_BYTES_MAX

RECORDS_MAX = 50
"""How many records are read with histories at once. Source: docs/behaviour.md, section 9.2; the figure is ours."""

VERSIONS_MAX = 100
"""How many values of a property are told, the latest. Ours."""

_VERSION_BYTES = 64
"""What a version takes in an answer beside its value."""


class Histories:
    """The versions that are read for one answer, by record and property."""

    def __init__(self) -> None:
        self._found: dict[int, dict[str, list[Version]]] = {}
        self._room = ANSWER_BYTES_MAX

    def add(self, record_id: int, name: str, version: Version) -> None:
        """Take in a version that is older than those of the property so far. Raises: AnswerTooLarge."""
        versions = self._found.setdefault(record_id, {}).setdefault(name, [])
        if len(versions) < VERSIONS_MAX:
            self._room -= _VERSION_BYTES + len(version.value or "")
            if self._room < 0:
                raise AnswerTooLarge(ANSWER_BYTES_MAX)
            versions.append(version)

    def of(self, record_ids: Sequence[int]) -> list[Mapping[str, Sequence[Version]]]:
        """Those of each of some records."""
        return [self._found.get(record_id, {}) for record_id in record_ids]


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
