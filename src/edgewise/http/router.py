"""Finds the endpoint of a path: a tree of path segments, literal ones before parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from edgewise.wire.refusals import MethodNotAllowed, PathNotFound

Endpoint = TypeVar("Endpoint")

_UNKNOWN = "{…}"


class _Node(Generic[Endpoint]):
    __slots__ = ("endpoints", "literals", "parameter")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[Endpoint]] = {}
        self.parameter: _Node[Endpoint] | None = None
        self.endpoints: dict[str, Endpoint] = {}


class Router(Generic[Endpoint]):
    """Endpoints by method and path template. A look-up costs one dictionary look-up per segment."""

    def __init__(self) -> None:
        self._root: _Node[Endpoint] = _Node()

    def add(self, method: str, template: str, endpoint: Endpoint) -> None:
        """Serve an endpoint; `{name}` in the template stands for any one segment.

        Raises: ValueError when method and path are taken.
        """
        node = self._root
        for segment in template.split("/")[1:]:
            if segment.startswith("{"):
                if node.parameter is None:
                    node.parameter = _Node()
                node = node.parameter
            else:
                node = node.literals.setdefault(segment, _Node())
        if method in node.endpoints:
            raise ValueError(f"{method} {template} is served already")
        node.endpoints[method] = endpoint

    def find(
        self, method: str, path: str, segments: list[str] | None = None
    ) -> tuple[Endpoint, tuple[str, ...]]:
        """The endpoint of a path and the values of its parameters, in order.

        segments: of the path, where a split at each `/` would not do. HEAD is served where GET is; who sends the answer
        leaves its body out. Source: RFC 9110, section 9.3.2.
        Raises: PathNotFound, MethodNotAllowed.
        """
        segments = segments or path.split("/")
        node, params = self._root, []
        for position in range(1, len(segments)):
            segment = segments[position]
            below = node.literals.get(segment)
            if below is None:
                below = node.parameter
                if below is None or not segment:
                    break
                params.append(segment)
            node = below
        else:
            endpoint = node.endpoints.get(method)
            if endpoint is not None:
                return endpoint, tuple(params)
        return self._search(method, path, segments)

    def known_part(self, path: str) -> str:
        """A path, with `{…}` for each segment that is no word of any template, and for all beyond the templates."""
        nodes = [self._root]
        told = [""]
        for segment in path.split("/")[1:]:
            named = [node.literals[segment] for node in nodes if segment in node.literals]
            told.append(segment if named else _UNKNOWN)
            nodes = named + [node.parameter for node in nodes if node.parameter is not None and segment]
            if not nodes:
                break
        return "/".join(told)

    def _search(self, method: str, path: str, segments: list[str]) -> tuple[Endpoint, tuple[str, ...]]:
        """The slow way, trying parameters where a literal led nowhere, as for a record with the id `batch`."""
        allowed: set[str] = set()
        for endpoints, params in self._matches(self._root, segments, 1):
            if method in endpoints:
                return endpoints[method], params
            if method == "HEAD" and "GET" in endpoints:
                return endpoints["GET"], params
            allowed.update(endpoints)
        if allowed:
            allowed.update({"HEAD"} if "GET" in allowed else ())
            raise MethodNotAllowed(method, tuple(sorted(allowed)))
        raise PathNotFound(path)

    def _matches(
        self, node: _Node[Endpoint], segments: list[str], position: int
    ) -> Iterator[tuple[dict[str, Endpoint], tuple[str, ...]]]:
        if position == len(segments):
            if node.endpoints:
                yield node.endpoints, ()
            return
        segment = segments[position]
        if segment in node.literals:
            yield from self._matches(node.literals[segment], segments, position + 1)
        if node.parameter is not None and segment:
            for endpoints, params in self._matches(node.parameter, segments, position + 1):
                yield endpoints, (segment, *params)
