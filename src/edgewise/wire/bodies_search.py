"""Request and response shapes of the search for records, named as HubSpot names them."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from edgewise.wire.bodies import Body, ForwardPaging
from edgewise.wire.bodies_objects import SimplePublicObject


class Filter(Body):
    """The published schema has texts; numbers and booleans are taken as the texts they are kept as."""

    property_name: str
    operator: str
    value: Any = None
    values: list[Any] | None = None
    high_value: Any = None


class FilterGroup(Body):
    filters: list[Filter]


class Sort(Body):
    """What guides send and the schema has as text."""

    property_name: str
    direction: str = "ASCENDING"


class PublicObjectSearchRequest(Body):
    """The published schema requires most keys; guides and SDKs leave them out.

    filters: one group that connectors send in place of groups.
    """

    filter_groups: list[FilterGroup] | None = None
    filters: list[Filter] | None = None
    sorts: list[str | Sort] | None = None
    query: str | None = None
    properties: list[str] | None = None
    limit: int | None = None
    after: str | int | None = None


class CollectionResponseWithTotalSimplePublicObject(Body):
    total: int
    results: list[SimplePublicObject]
    paging: ForwardPaging | UnsetType = UNSET
