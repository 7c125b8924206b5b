"""One published version of the API: the operations it offers, and how it differs from the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from edgewise.surfaces.operations import OPERATIONS, Operation


class Route(NamedTuple):
    """An operation at a full path of one version. link_lists: where that version lists the links of a record."""

    version: str
    method: str
    path: str
    operation: Operation
    link_lists: str


@dataclass(frozen=True, slots=True)
class Surface:
    """A version as data.

    link_lists: the prefix under which the next page of a record's links is asked for.
    prefixes: for each family of operations the version offers, where it is served; all of them answer alike.
    changes: for an operation by name, the fields of `Operation` that differ.
    """

    version: str
    link_lists: str
    prefixes: Mapping[str, tuple[str, ...]]
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def routes(self) -> Iterator[Route]:
        """Every path of the version."""
        for operation in OPERATIONS:
            changed = replace(operation, **self.changes.get(operation.name, {}))
            for prefix in self.prefixes.get(operation.family, ()):
                yield Route(self.version, changed.method, prefix + changed.path, changed, self.link_lists)
