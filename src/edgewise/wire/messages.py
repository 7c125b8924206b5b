"""What an operation is called with, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from edgewise.domain.catalog import Catalog
from edgewise.domain.model import AssociationType, Category
from edgewise.domain.ports import Clock
from edgewise.domain.rules import Rules
from edgewise.wire.bodies import AssociationSpec, AssociationSpecWithLabel
from edgewise.wire.quirks import Quirks


class Portal:
    """What an operation needs to know of the portal it acts in; replaced when the portal's types change."""

    def __init__(self, portal_id: int, catalog: Catalog, rules: Rules, quirks: Quirks, clock: Clock) -> None:
        self.portal_id = portal_id
        self.catalog = catalog
        self.rules = rules
        self.quirks = quirks
        self.clock = clock
        self.ids_are_numbers = quirks.record_ids == "number"
        self.spec_lists = SpecLists(catalog)


class SpecLists(dict[tuple[int, ...], tuple[AssociationSpecWithLabel, ...]]):
    """The types that link two records, as reads list them, by their keys; made at first use."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._catalog = catalog

    def __missing__(self, keys: tuple[int, ...]) -> tuple[AssociationSpecWithLabel, ...]:
        specs = tuple(spec_with_label(self._catalog.association_type(key)) for key in keys)
        self[keys] = specs
        return specs


def spec_with_label(link_type: AssociationType) -> AssociationSpecWithLabel:
    """An association type as reads and label lists print it; an unlabelled one has a null label."""
    return AssociationSpecWithLabel(link_type.category.name, link_type.type_id, link_type.label)


def plain_spec(category: Category, type_id: int) -> AssociationSpec:
    """An association type as default writes print it."""
    return AssociationSpec(category.name, type_id)


class Call:
    """One request, after routing: whose it is, what the path named, and the bytes it brought.

    params: the path's parameters, in the order of the template. at: milliseconds since the epoch, when the call was
    accepted. link_lists: the prefix under which the links of records are listed. scope: the ASGI scope.
    """

    __slots__ = ("_query", "at", "body", "link_lists", "params", "path", "portal", "scope")

    def __init__(
        self,
        portal: Portal,
        params: tuple[str, ...],
        body: bytes,
        at: int,
        link_lists: str,
        scope: Mapping[str, Any],
    ) -> None:
        self.portal = portal
        self.params = params
        self.body = body
        self.at = at
        self.link_lists = link_lists
        self.scope = scope
        self.path: str = scope["path"]
        self._query: dict[str, list[str]] | None = None

    def query(self, name: str) -> str | None:
        """The last value of a query parameter, or None."""
        values = self.query_list(name)
        return values[-1] if values else None

    def query_list(self, name: str) -> Sequence[str]:
        """Every value of a query parameter."""
        query_string: bytes = self.scope["query_string"]
        if not query_string:
            return ()
        if self._query is None:
            self._query = {}
            for key, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
                self._query.setdefault(key, []).append(value)
        return self._query.get(name, ())

    def origin(self) -> str:
        """Scheme and host of the server, as the client wrote them."""
        for name, value in self.scope["headers"]:
            if name == b"host":
                return f"{self.scope['scheme']}://{value.decode('latin-1')}"
        host, port = self.scope["server"]
        return f"{self.scope['scheme']}://{host}:{port}"


class Reply(NamedTuple):
    """What an operation answers: a status, a body or none, and where a created thing is."""

    status: int
    body: msgspec.Struct | None = None
    location: str | None = None
