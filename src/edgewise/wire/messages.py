"""What an operation is called with, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl

import msgspec

from edgewise.data.properties import usual_properties
from edgewise.domain.callers import Caller
from edgewise.domain.catalog import Catalog
from edgewise.domain.model import AssociationType, Category, ObjectType, PortalTypes
from edgewise.domain.ports import Clock, Store
from edgewise.domain.properties import ObjectProperties
from edgewise.domain.rules import Rules
from edgewise.wire.bodies import AssociationSpec, AssociationSpecWithLabel
from edgewise.wire.quirks import Quirks
from edgewise.wire.refusals import QueryTooLong

PARAMETERS_MAX = 1_000
"""Of a query string. Ours."""

_REMOVED_KEPT = 64
"""Of how many removed object types the definitions stay, for calls on their way that are about them."""

_SCHEMES = {b"http": "http", b"https": "https"}


class Definitions(NamedTuple):
    """The properties and groups of an object type in a version of what the portal defines.

    names: of the active properties. unique: of those of which no two live records may have the same value.
    """

    version: int
    held: ObjectProperties
    names: frozenset[str]
    unique: tuple[str, ...]

    @classmethod
    def of(cls, version: int, held: ObjectProperties) -> Self:
        """What is asked of properties most, found out once."""
        return cls(version, held, frozenset(each.name for each in held.active()), held.unique_names())


class Portal:
    """What an operation needs to know of the portal it acts in.

    hubspot: what every portal has. types, catalog: what this one defined, and the two together; replaced when it
    defines something else. report_mail_to: the address that reports are mailed to, with `{userId}` for the id of who
    asked, or None.
    """

    def __init__(
        self,
        portal_id: int,
        hubspot: PortalTypes,
        types: PortalTypes,
        rules: Rules,
        quirks: Quirks,
        clock: Clock,
        report_mail_to: str | None = None,
    ) -> None:
        self.portal_id = portal_id
        self.hubspot = hubspot
        self.rules = rules
        self.quirks = quirks
        self.clock = clock
        self.report_mail_to = report_mail_to
        self.ids_are_numbers = quirks.record_ids == "number"
        self._definitions: dict[int, Definitions] = {}
        self._removed: dict[int, Definitions] = {}
        self._use(types)

    def adopt(self, types: PortalTypes) -> None:
        """Go on with what the portal defines now, unless something later is known."""
        if types.version >= self.types.version:
            self._use(types)

    def _use(self, types: PortalTypes) -> None:
        self.types = types
        self.catalog = Catalog(self.hubspot, types)
        for code in self._definitions.keys() - {each.code for each in self.catalog.object_types}:
            self._removed[code] = self._definitions.pop(code)
        for code in list(self._removed)[:-_REMOVED_KEPT]:
            del self._removed[code]
        self.spec_lists = SpecLists(self.catalog)

    async def definitions(self, store: Store, object_type: ObjectType) -> Definitions:
        """The properties of an object type, with those that the portal defines now; read once for each version."""
        found, version = self._definitions.get(object_type.code), self.types.version
        if found is None or found.version != version:
            own = await store.properties.held(self.portal_id, object_type.code)
            found = Definitions.of(version, usual_properties(object_type).with_own(own))
            self._definitions[object_type.code] = found
        return found

    def known_definitions(self, object_type: ObjectType) -> Definitions:
        """The properties of an object type as they were last read, for what cannot wait for the store."""
        found = self._definitions.get(object_type.code) or self._removed.get(object_type.code)
        if found is None:
            found = self._definitions[object_type.code] = Definitions.of(-1, usual_properties(object_type))
        return found

    def unique_names(self, object_type: int) -> Sequence[str]:
        """The properties of which no two live records of an object type may have the same value."""
        return self.known_definitions(self.catalog.object_type_of(object_type)).unique

    def catalog_of(self, types: PortalTypes) -> Catalog:
        """The catalog of what this portal defines in some version; the one at hand, when that is its version."""
        catalog = self.catalog
        return catalog if catalog.version == types.version else Catalog(self.hubspot, types)


class SpecLists(dict[tuple[int, ...], tuple[AssociationSpecWithLabel, ...]]):
    """The types that link two records, as reads list them, by their keys; made at first use.

    A type that the catalog lacks is left out: it was removed, or another server defined it a moment ago.
    """

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self._catalog = catalog

    def __missing__(self, keys: tuple[int, ...]) -> tuple[AssociationSpecWithLabel, ...]:
        found = map(self._catalog.find_association_type, keys)
        specs = tuple(spec_with_label(link_type) for link_type in found if link_type is not None)
        self[keys] = specs
        return specs


def spec_with_label(link_type: AssociationType) -> AssociationSpecWithLabel:
    """An association type as reads and label lists print it; an unlabelled one has a null label."""
    return AssociationSpecWithLabel(link_type.category.name, link_type.type_id, link_type.label)


def plain_spec(category: Category, type_id: int) -> AssociationSpec:
    """An association type as default writes print it."""
    return AssociationSpec(category.name, type_id)


class Served(NamedTuple):
    """What an operation needs to know of the version that offers it.

    link_lists: the prefix under which the links of records are listed. statuses: of success, as published, the usual
    one first.
    """

    link_lists: str
    statuses: tuple[int, ...]


class Call:
    """One request, after routing: whose it is, what the path named, and the bytes it brought.

    portal, caller: of an operation that asks for no token, the portal that holds nothing, and nobody.

    params: the path's parameters, in the order of the template. at: milliseconds since the epoch, when the call was
    accepted. served: what the version it came by says. scope: the ASGI scope.
    """

    __slots__ = ("_query", "at", "body", "caller", "params", "path", "portal", "scope", "served")

    def __init__(
        self,
        portal: Portal,
        caller: Caller,
        params: tuple[str, ...],
        body: bytes,
        at: int,
        served: Served,
        scope: Mapping[str, Any],
    ) -> None:
        self.portal = portal
        self.caller = caller
        self.params = params
        self.body = body
        self.at = at
        self.served = served
        self.scope = scope
        self.path: str = scope["path"]
        self._query: dict[str, list[str]] | None = None

    def query(self, name: str) -> str | None:
        """The last value of a query parameter, or None."""
        values = self.query_list(name)
        return values[-1] if values else None

    def query_list(self, name: str) -> Sequence[str]:
        """Every value of a query parameter. Raises: QueryTooLong."""
        query_string: bytes = self.scope["query_string"]
        if not query_string:
            return ()
        if self._query is None:
            if query_string.count(b"&") >= PARAMETERS_MAX:
                raise QueryTooLong(PARAMETERS_MAX)
            self._query = {}
            for key, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
                self._query.setdefault(key, []).append(value)
        return self._query.get(name, ())

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, by its name in lower case, or None."""
        return next((value for key, value in self.scope["headers"] if key == name), None)

    def origin(self) -> str:
        """Scheme and host of the server, as the client wrote them; a proxy in front tells its scheme.

        It is for links in the answer to this client alone, so a client that lies misleads itself.
        """
        scheme = _SCHEMES.get(self.header(b"x-forwarded-proto") or b"", self.scope["scheme"])
        written = self.header(b"host")
        if written is not None:
            return f"{scheme}://{written.decode('latin-1')}"
        host, port = self.scope["server"]
        return f"{scheme}://{host}:{port}"


class Text(NamedTuple):
    """A body that is not JSON."""

    content_type: str
    content: str


class Reply(NamedTuple):
    """What an operation answers.

    body: what becomes JSON. location: where a created thing is. hint: for the developer. text: a body in place of JSON.
    headers: what else the answer says.
    """

    status: int
    body: msgspec.Struct | Sequence[msgspec.Struct] | None = None
    location: str | None = None
    hint: str | None = None
    text: Text | None = None
    headers: Sequence[tuple[bytes, bytes]] = ()
