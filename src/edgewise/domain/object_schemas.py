"""What a portal says of an object type that it defined, beside what the catalog knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectSchema:
    """The definition of a custom object type, live or archived.

    code: of the object type. name: as it was given, in its letter case. The display properties and the required and
    searchable ones are names of properties. Times are milliseconds since the epoch; created_by, updated_by: user ids.
    archived_at: None while the catalog has the type.
    """

    code: int
    name: str
    singular: str
    plural: str
    primary_display_property: str
    secondary_display_properties: tuple[str, ...] = ()
    required_properties: tuple[str, ...] = ()
    searchable_properties: tuple[str, ...] = ("hs_object_id",)
    description: str | None = None
    created_at: int = 0
    updated_at: int = 0
    created_by: int | None = None
    updated_by: int | None = None
    archived_at: int | None = None

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
