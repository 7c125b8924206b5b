"""Values of records: which are taken, and what they were before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from edgewise.domain.model import Record, RecordRef, ValueTaken, Version
from edgewise.domain.property_values import resolved
from edgewise.domain.record_keys import PropertyKey, unique_keys
from edgewise.domain.sizes import require_room


def taken(
    find: Callable[[PropertyKey], Record | None],
    unique: Sequence[str],
    properties: Mapping[str, str | None],
    own: Record | None = None,
    earlier: Collection[PropertyKey] = (),
) -> ValueTaken | None:
    """The first value that another record has.

    find: the record with a value. own: the record that is to have them. earlier: values of records that are new too.
    """
    for key in unique_keys(unique, properties):
        holder = find(key)
        if holder is None and key in earlier:
            return ValueTaken(key.name, key.value, 0)
        if holder is not None and not (own and key.tells(own.properties.get(key.name))):
            return ValueTaken(key.name, key.value, holder.record_id)
    return None


def require_room_of(record: Record | None, changes: Mapping[str, str | None]) -> None:
    """Refuse changes for which a record has no room. Raises: RecordTooLarge."""
    if record is not None:
        require_room(record.properties, {**record.properties, **resolved(record.properties, changes)})


class Versions(dict[RecordRef, dict[str, list[Version]]]):
    """The values that properties had, the latest last, of those that changed."""

    def note(self, object_type: int, record: Record, changes: Mapping[str, str | None], at: int) -> None:
        """Take in what is about to change."""
        for name, text in changes.items():
            before = record.properties.get(name)
            if text != before:
                ref = RecordRef(object_type, record.record_id)
                versions = self.setdefault(ref, {}).setdefault(name, [])
                if not versions and before is not None:
                    versions.append(Version(record.created_at, before))
                versions.append(Version(at, text))

    def latest_first(self, ref: RecordRef, names: Sequence[str]) -> dict[str, list[Version]]:
        """Those of one record."""
        kept = self.get(ref, {})
        return {name: kept[name][::-1] for name in names if name in kept}
