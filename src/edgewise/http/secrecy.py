"""What the request log is told of a path: no token, and no value of a property."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from edgewise.surfaces.surface import Route

_NAMES_PROPERTY = b"idProperty="


class Secrecy:
    """Which paths are told as they are, and of which only the template is.

    A public operation has no token but what its path or body bring, so its paths may hold one.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        starts = {
            route.path.partition("{")[0]
            for route in routes
            if route.operation.is_public and "{" in route.path
        }
        self._starts = tuple(sorted(starts))

    def path_of(self, route: Route, scope: Mapping[str, Any]) -> str:
        """A path that is served; in one with `idProperty` the id is a property's value, such as an address."""
        query: bytes = scope["query_string"]
        if route.operation.is_public or (query and _NAMES_PROPERTY in unquote_to_bytes(query)):
            return route.path
        path: str = scope["path"]
        return path

    def untold(self, path: str) -> str:
        """A path that may not be served: what follows a place where tokens are is left out."""
        for start in self._starts:
            before, found, _ = path.partition(start)
            if found:
                return f"{before}{found}{{…}}"
        return path
