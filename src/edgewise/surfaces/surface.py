"""One published version of the API: the operations it offers, and how it differs from the table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from edgewise.surfaces.operations import OPERATIONS, Operation
from edgewise.wire.messages import Served

Changes = Mapping[str, Mapping[str, Any]]


class Route(NamedTuple):
    """An operation at a full path of one version. served: what the operation needs to know of the version."""

    version: str
    method: str
    path: str
    operation: Operation
    served: Served


@dataclass(frozen=True, slots=True)
class Surface:
    """A version as data.

    link_lists: the prefix under which the next page of a record's links is asked for.
    prefixes: for each family of operations the version offers, where it is served; all of them answer alike.
    changes: for an operation by name, the fields of `Operation` that differ. absent: names of operations of these
    families that it does not offer.
    Raises: ValueError for a name that no operation has, or a change of the family, which decides the prefix.
    """

    version: str
    link_lists: str
    prefixes: Mapping[str, tuple[str, ...]]
    changes: Changes = field(default_factory=dict)
    absent: Collection[str] = ()

    def __post_init__(self) -> None:
        unknown = {*self.changes, *self.absent} - {operation.name for operation in OPERATIONS}
        if unknown:
            raise ValueError(f"{self.version}: no operation is named {', '.join(sorted(unknown))}")
        if any("family" in change for change in self.changes.values()):
            raise ValueError(f"{self.version}: a version cannot change the family of an operation")

    def routes(self) -> Iterator[Route]:
        """Every path of the version."""
        for operation in OPERATIONS:
            if operation.name in self.absent:
                continue
            changed = replace(operation, **self.changes.get(operation.name, {}))
            served = Served(self.link_lists, changed.statuses)
            for prefix in self.prefixes.get(operation.family, ()):
                yield Route(self.version, changed.method, prefix + changed.path, changed, served)


def dated(
    version: str,
    changes: Changes | None = None,
    *,
    without: Collection[str] = (),
    absent: Collection[str] = (),
) -> Surface:
    """A version named by its date: what it serves where, as all of them do, and what it changes of the table.

    without: families that it does not offer. absent: operations that it does not offer.
    """
    associations = f"/crm/associations/{version}"
    oauth = f"/oauth/{version}"
    records = f"/crm/objects/{version}"
    prefixes = {
        "record_links": records,
        "typed_links": records,
        "batch_links": associations,
        "labels": associations,
        "limits": associations,
        "usage_report": associations,
        "usage": f"/crm/limits/{version}",
        "records": records,
        "schemas": f"/crm-object-schemas/{version}",
        "properties": f"/crm/properties/{version}",
        "pipelines": f"/crm/pipelines/{version}",
        "owners": f"/crm/owners/{version}",
        "account": f"/account-info/{version}",
        "oauth": oauth,
        "oauth_inspection": oauth,
    }
    offered = {family: (prefix,) for family, prefix in prefixes.items() if family not in without}
    return Surface(version, records, offered, changes or {}, absent)
