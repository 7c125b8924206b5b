"""What the rules of properties need of a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from edgewise.domain.properties import ObjectProperties, PropertyDefinition, PropertyGroup


class Defined(NamedTuple):
    """What a portal defined of an object type. elsewhere: how many active properties of its own other types have."""

    own: ObjectProperties
    elsewhere: int = 0


class PropertiesChange(NamedTuple):
    """Properties and groups of one object type: further ones, or in place of those with the same names."""

    properties: Sequence[PropertyDefinition] = ()
    groups: Sequence[PropertyGroup] = ()


class PropertyCount(NamedTuple):
    """How many active properties of its own an object type has, and how many of them are calculated."""

    total: int
    calculated: int


NO_PROPERTIES = PropertyCount(0, 0)


class Properties(Protocol):
    """The properties and groups that portals defined: their own, and those of HubSpot's that they changed.

    What `Store` promises of transactions, portals and errors holds here too.
    """

    async def held(self, portal_id: int, object_type: int) -> ObjectProperties:
        """What a portal defined of an object type, archived ones too, in the order of their names."""
        ...

    async def change(
        self, portal_id: int, object_type: int, decide: Callable[[Defined], PropertiesChange]
    ) -> PropertiesChange:
        """Change what a portal defined of an object type; answers the change.

        decide: gets what there is now and answers the change, with nothing in between; it may be asked more than once,
        and on another thread. What it raises is raised here, and nothing is changed.
        A change that has anything makes `types_version` another one; an empty one does not.
        """
        ...

    async def count(self, portal_id: int) -> Mapping[int, PropertyCount]:
        """Of the portal's own properties, by object type; a type without any is left out.

        Archived ones do not count, nor do those of HubSpot's that the portal changed.
        """
        ...
