"""The search for records: request to search, page to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from edgewise.data import hubspot_schemas
from edgewise.domain.errors import InvalidCursor, SearchTooLarge
from edgewise.domain.identifiers import is_number
from edgewise.domain.model import ObjectType
from edgewise.domain.records import stored_value
from edgewise.domain.schemas import defined_schema
from edgewise.domain.search import Filter, Search, SearchPage, plan_search
from edgewise.wire import bodies_search as bodies
from edgewise.wire.bodies import ForwardPaging, NextPage
from edgewise.wire.bodies_objects import SimplePublicObject
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import known_names, record_body
from edgewise.wire.paging import page_size
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps, encoded

PAGE_SIZE_DEFAULT = 10
PAGE_SIZE_MAX = 200
CHARACTERS_MAX = 3000
"""Of a body without the properties to show. Source: docs/behaviour.md, section 9.5."""

_sort_in_text: BodyReader[bodies.Sort] = BodyReader(bodies.Sort)
_request: BodyReader[bodies.PublicObjectSearchRequest] = BodyReader(bodies.PublicObjectSearchRequest)


class SearchRecords(NamedTuple):
    """What to search for, and which properties to show of it."""

    search: Search
    properties: tuple[str, ...]


def decode_search(call: Call) -> SearchRecords:
    """What to search for."""
    catalog = call.portal.catalog
    object_type = catalog.object_type(call.params[0])
    body = _request.read(call.body)
    shown = sum(len(f'"{name}",') for name in body.properties or ())
    if len(call.body.decode()) - shown > CHARACTERS_MAX:
        raise SearchTooLarge("characters", CHARACTERS_MAX)
    groups = [group.filters for group in body.filter_groups or ()]
    if body.filters and not groups:
        groups = [body.filters]
    limit = None if body.limit is None else str(body.limit)
    search = plan_search(
        catalog,
        object_type,
        [[_filter(each) for each in group] for group in groups],
        body.query or "",
        _searched(call, object_type) if body.query else (),
        [_sort(each) for each in body.sorts or ()],
        _offset(body.after),
        page_size(limit, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX),
        call.portal.known_definitions(object_type).held.properties,
    )
    shown_properties = dict.fromkeys(body.properties or object_type.default_properties)
    return SearchRecords(search, tuple(shown_properties))


def _searched(call: Call, object_type: ObjectType) -> Sequence[str]:
    """The properties that a query is about: what the schema of the object type says can be searched."""
    schema = defined_schema(call.portal.types, object_type) or hubspot_schemas().get(object_type.code)
    if schema is not None:
        return schema.searchable_properties
    moments = (object_type.created_property, object_type.last_modified_property)
    return [name for name in object_type.default_properties if name not in moments]


def encode_search(call: Call, command: SearchRecords, outcome: SearchPage) -> Steps[Reply]:
    """The page, how many match in all, and where the next page begins."""
    search = command.search
    names = known_names(call, search.object_type, command.properties)
    results = []
    for record in outcome.records:
        results.append(encoded(record_body(call, SimplePublicObject, search.object_type, record, names)))
        yield
    behind = search.offset + len(results)
    paging = ForwardPaging(NextPage(str(behind))) if results and behind < outcome.total else UNSET
    return Reply(200, bodies.CollectionResponseWithTotalSimplePublicObject(outcome.total, results, paging))


def _filter(body: bodies.Filter) -> Filter:
    def text(value: Any) -> str | None:
        return stored_value(body.property_name, value)

    return Filter(
        body.property_name,
        body.operator,
        text(body.value),
        [text(value) for value in body.values or ()],
        text(body.high_value),
    )


def _sort(body: str | bodies.Sort) -> tuple[str, str]:
    """The property and the direction: of an object, of one written as text, or of a name, with a minus to descend.

    Source: docs/behaviour.md, section 9.5.
    """
    if isinstance(body, str) and body.startswith("{"):
        body = _sort_in_text.read(body.encode())
    if isinstance(body, str):
        return body.removeprefix("-"), "DESCENDING" if body.startswith("-") else "ASCENDING"
    return body.property_name, body.direction


def _offset(after: str | int | None) -> int:
    """How many results come before the page. Raises: InvalidCursor."""
    text = str(after or "0")
    if not is_number(text):
        raise InvalidCursor(text)
    return int(text)
