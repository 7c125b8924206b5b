"""What the request log is told of a path: no token, no value of a property, nothing that anybody made up.

Only what the server knows itself is told: the words of its own paths, object types that there are, and numbers where
an id belongs. Anything else is told as the name of its place, or as `{…}` where the server has no such place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog
from edgewise.surfaces.surface import Route

_NAMES_PROPERTY = b"idProperty="
_PLACE = re.compile(r"\{(\w+)\}")
_Test = Callable[[str, Catalog], bool]


class Secrecy:
    """Which parameters of a path are told as they are."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._kinds = {
            route.path: tuple(
                _kind_of(name, route.operation.is_public) for name in _PLACE.findall(route.path)
            )
            for route in routes
        }

    def told(self, route: Route, params: tuple[str, ...], scope: Mapping[str, Any], catalog: Catalog) -> str:
        """The path of a request that a route serves. catalog: of whoever asked.

        With `idProperty` an id is the value of a property, such as an address.
        """
        kinds = self._kinds[route.path]
        query: bytes = scope["query_string"]
        if query and _NAMES_PROPERTY in unquote_to_bytes(query):
            kinds = tuple(_never if kind is _is_id else kind for kind in kinds)
        for kind, value in zip(kinds, params, strict=True):
            if not kind(value, catalog):
                break
        else:
            path: str = scope["path"]
            return path
        values = iter(
            [value if kind(value, catalog) else "" for kind, value in zip(kinds, params, strict=True)]
        )
        return _PLACE.sub(lambda place: next(values) or place[0], route.path)


def _kind_of(name: str, is_public: bool) -> _Test:
    """What a parameter must be to be told. An operation without a token may have one in its path."""
    if is_public:
        return _never
    if name.lower().endswith(("objecttype", "objecttypeid")):
        return _is_object_type
    if name == "associationType":
        return _is_association_type
    return _is_id if name.endswith(("Id", "Identifier")) else _never


def _never(value: str, catalog: Catalog) -> bool:
    return False


def _is_id(value: str, catalog: Catalog) -> bool:
    return value.isdecimal()


def _is_object_type(value: str, catalog: Catalog) -> bool:
    return catalog.has_object_type(value)


def _is_association_type(value: str, catalog: Catalog) -> bool:
    return value.isdecimal() or value.upper() in _NAMES


_NAMES = frozenset(each.name.upper() for each in hubspot_types().association_types)
