"""Which scopes each route demands of a token, and whether a caller has one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from edgewise.data.scopes import scope_facts
from edgewise.domain.callers import Caller
from edgewise.domain.catalog import Catalog
from edgewise.domain.model import ObjectType
from edgewise.domain.scopes import Access
from edgewise.surfaces.surface import Route
from edgewise.wire.refusals import MissingScopes

_PARAMETER = re.compile(r"{(\w+)}")
_OBJECT_TYPE = re.compile(r"objectType(Id)?$", re.IGNORECASE)
_REMEMBERED_MAX = 4096


class _OneOf(NamedTuple):
    """Scopes of which a token needs one: in order, and for looking up."""

    ordered: tuple[str, ...]
    all: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Demand:
    """What routes that share a published list and an access ask for.

    is_of_any_type: a scope of any object type will do. is_of_all: every token will do.
    remembered: by the codes of the object types that were named.
    """

    published: tuple[str, ...]
    access: Access
    is_of_any_type: bool
    is_of_all: bool
    remembered: dict[tuple[int, ...], _OneOf] = field(default_factory=dict)


class Demands:
    """What routes demand. Operations that ask for no token have no part in it."""

    def __init__(self, routes: Iterable[Route]) -> None:
        """Raises: LookupError for a route of which no list is known."""
        facts = scope_facts()
        self._rules = facts.rules()
        self._of: dict[tuple[str, str], tuple[tuple[int, ...], _Demand]] = {}
        shared: dict[tuple[tuple[str, ...], Access, bool, bool], _Demand] = {}
        for route in routes:
            operation = route.operation
            if not operation.is_public:
                published = facts.list_of(route.version, operation.name, operation.family, route.path)
                is_of_all = set(published) <= set(facts.without_access)
                what = (published, operation.access, operation.family in facts.any_type, is_of_all)
                demand = shared.setdefault(what, _Demand(*what))
                self._of[route.method, route.path] = object_types_named(route), demand

    def require(self, route: Route, params: Sequence[str], catalog: Catalog, caller: Caller) -> None:
        """Refuse a caller whose token does not allow an operation on the object types that its path names.

        params: of the path, in its order. An object type that does not exist comes before a scope that is missing.
        Raises: MissingScopes; UnknownObjectType, InvalidObjectTypeId, the source first.
        Source: docs/behaviour.md, sections 7.3 and 8.3.
        """
        scopes = caller.scopes
        if scopes is None and not caller.is_read_only:
            return
        positions, demand = self._of[route.method, route.path]
        codes = tuple([catalog.object_type(params[position]).code for position in positions])
        one_of = demand.remembered.get(codes) or self._find(demand, codes, catalog)
        if (caller.is_read_only and demand.access is Access.WRITE) or (
            scopes is not None and scopes.isdisjoint(one_of.all) and not demand.is_of_all
        ):
            raise MissingScopes(one_of.ordered, scopes, caller.is_read_only)

    def of(self, route: Route, object_types: Iterable[ObjectType] = ()) -> tuple[str, ...]:
        """The scopes of which a route demands one, the plainest first; without object types, of whatever type."""
        _, demand = self._of[route.method, route.path]
        named = () if demand.is_of_any_type else object_types
        return self._rules.demanded(demand.published, demand.access, named)

    def depends_on_types(self, route: Route) -> bool:
        """Whether a route demands other scopes where its path names other object types."""
        positions, demand = self._of[route.method, route.path]
        return bool(positions) and not demand.is_of_any_type

    def _find(self, demand: _Demand, codes: tuple[int, ...], catalog: Catalog) -> _OneOf:
        object_types = () if demand.is_of_any_type else map(catalog.object_type_of, codes)
        ordered = self._rules.demanded(demand.published, demand.access, object_types)
        if len(demand.remembered) >= _REMEMBERED_MAX:
            demand.remembered.clear()
        return demand.remembered.setdefault(codes, _OneOf(ordered, frozenset(ordered)))


def object_types_named(route: Route) -> tuple[int, ...]:
    """Where among the parameters of a path the object types are: none, one or two of them."""
    if not route.operation.names_types:
        return ()
    names = _PARAMETER.findall(route.path)
    return tuple(position for position, name in enumerate(names) if _OBJECT_TYPE.search(name))
