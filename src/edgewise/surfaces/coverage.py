"""How far each published operation is covered: the routes, beside what the documents have and what tests found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, get_args

from edgewise.data import CoverageFact, QuirkFact
from edgewise.surfaces.operations import Operation
from edgewise.surfaces.surface import Route
from edgewise.wire.envelopes import MULTI_STATUS
from edgewise.wire.quirks import Profile

State = Literal["works", "differs", "fails", "absent"]
_CRM = "crm"
_ADDS_207 = "partly_failed_batch"
_PROFILES = set(get_args(Profile))


class Cell(NamedTuple):
    """An operation in a version. operation: its name, None where it is not served.

    quirks: those that make the profiles answer differently here. reasons: what else is to be known, in words.
    """

    state: State
    operation: str | None
    quirks: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Row(NamedTuple):
    """An operation by method and path within a version. summary: the newest, empty where no version serves it.

    cells: by version; one that has neither the path in its documents nor serves it is left out.
    """

    method: str
    path: str
    summary: str
    cells: dict[str, Cell]


class _Address(NamedTuple):
    fact: CoverageFact
    operation: Operation | None


def coverage(
    routes: Iterable[Route], facts: Iterable[CoverageFact], quirks: Iterable[QuirkFact]
) -> list[Row]:
    """A row for each operation that is published or served, ordered by path."""
    operations = {(route.version, route.method, route.path): route.operation for route in routes}
    parted = {quirk.name for quirk in quirks if quirk.documented != quirk.observed}
    places: dict[tuple[str, str], dict[str, list[_Address]]] = {}
    for fact in facts:
        operation = operations.get((fact.version, fact.method, fact.path))
        place = (_within_version(fact.path, fact.version), fact.method)
        places.setdefault(place, {}).setdefault(fact.version, []).append(_Address(fact, operation))
    return [
        Row(
            method,
            path,
            _summary(versions),
            {version: _cell(addresses, parted) for version, addresses in versions.items()},
        )
        for (path, method), versions in sorted(places.items())
    ]


def operations_showing(quirk: str, operations: Iterable[Operation]) -> list[str]:
    """The names of the operations that a quirk shows in, each once; none where it shows everywhere."""
    return list(dict.fromkeys(each.name for each in operations if quirk in quirks_of(each)))


def quirks_of(operation: Operation) -> tuple[str, ...]:
    """The quirks that show in an operation: those it names, and the one that adds a 207."""
    added = (_ADDS_207,) if MULTI_STATUS in operation.unpublished_statuses else ()
    return (*operation.quirks, *added)


def _within_version(path: str, version: str) -> str:
    _, root, *segments = path.split("/")
    segments.remove(version)
    return "/".join(segments if root == _CRM else [root, *segments])


def _summary(versions: dict[str, list[_Address]]) -> str:
    summaries = [
        operation.summary
        for addresses in versions.values()
        for _, operation in addresses
        if operation is not None
    ]
    return summaries[-1] if summaries else ""


def _cell(addresses: Sequence[_Address], parted: set[str]) -> Cell:
    """The worst of the addresses that an operation has in one version."""
    served = [(fact, operation) for fact, operation in addresses if operation is not None]
    if len(served) < len(addresses):
        return Cell("absent", None)
    quirks: dict[str, None] = {}
    reasons: dict[str, None] = {}
    for fact, operation in served:
        quirks |= dict.fromkeys(name for name in quirks_of(operation) if name in parted)
        if not fact.published:
            reasons[operation.unpublished] = None
        if operation.caveat:
            reasons[operation.caveat] = None
    is_beyond = not any(fact.published for fact, _ in served)
    is_short = any(operation.caveat for _, operation in served)
    state: State = "differs" if quirks or is_beyond or is_short else "works"
    if not all(set(fact.passed) >= _PROFILES for fact, _ in served):
        state = "fails"
    return Cell(state, served[0][1].name, tuple(quirks), tuple(reasons))
