"""The verb that tells how far HubSpot's operations are covered, as the page docs/coverage.md or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import typer

from edgewise.cli.options import JsonOption

if TYPE_CHECKING:
    from edgewise.data import QuirkFact
    from edgewise.surfaces.coverage import Cell, Row

_SECTIONS = {
    "Records, and the links of one record": ("objects",),
    "Links in batches, labels and their limits": ("associations",),
    "Properties and their groups": ("properties",),
    "Object types that an account defines": ("schemas", "crm-object-schemas"),
    "Pipelines and their stages": ("pipelines", "crm-pipelines"),
    "How near to limits an account is": ("limits",),
    "Owners and the account": ("owners", "account-info", "integrations"),
    "Tokens for apps": ("oauth",),
}
"""What the paths of a section begin with."""

_INTRODUCTION = """\
# What is covered

`edgewise coverage` prints this page, `edgewise coverage --json` the same as data. It is made from the table of
operations, from HubSpot's published documents in `tests/conformance/published/`, and from a run of the conformance
tests, which ask every path of every version, under both profiles, what it answers. `./dev coverage` runs them and
writes the page again.

| a cell says | which means |
|---|---|
| works | published and served; status and shape of the answers are as published, whichever profile the server has \
(but errors, which lack some parts under `observed`, in every cell) |
| differs | served and tested, and one of these is so: HubSpot's documents and its service disagree, and the \
server does as either (the quirk is named); or no document of the version has the path; or an answer holds less than \
HubSpot's |
| fails | served, but not every test passes |
| absent | published, and not served |
| – | neither published nor served |

Numbers lead to the notes. A test can compare shapes and statuses with documents, and the rest with recordings where
there are any; what nobody documented or recorded is chosen, and marked "ours" in [behaviour.md](behaviour.md).
"""
_SCOPE = """\
Not in the tables, since nothing of it is served: imports, lists, webhooks, the APIs of single object types under paths
of their own, and of v1 and v2 all that the tables do not name.
"""


def coverage(as_json: JsonOption = False) -> None:
    """Tell which of HubSpot's operations work.

    For each operation and version: whether it works, differs (and in what), is absent, or does not exist.
    """
    from edgewise import wiring
    from edgewise.data import coverage_facts, quirk_facts
    from edgewise.surfaces import coverage as surfaces

    routes = wiring.routes()
    rows = surfaces.coverage(routes, coverage_facts(), quirk_facts())
    if as_json:
        import json

        typer.echo(json.dumps([_as_json(row) for row in rows], indent=2, ensure_ascii=False))
        return
    versions = list(dict.fromkeys(route.version for route in routes))
    operations = [route.operation for route in routes]
    quirks = [(quirk, surfaces.operations_showing(quirk.name, operations)) for quirk in quirk_facts()]
    typer.echo("\n".join(_page(rows, versions, quirks)), nl=False)


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "method": row.method,
        "path": row.path,
        "summary": row.summary,
        "versions": {version: cell._asdict() for version, cell in row.cells.items()},
    }


def _page(
    rows: Sequence[Row], versions: Sequence[str], quirks: Iterable[tuple[QuirkFact, Sequence[str]]]
) -> Iterator[str]:
    notes: dict[str, int] = {}
    yield _INTRODUCTION
    yield _counted(rows)
    for title, areas in _SECTIONS.items():
        inside = [row for row in rows if row.path.partition("/")[0] in areas]
        columns = [version for version in versions if any(version in row.cells for row in inside)]
        yield f"## {title}\n"
        yield "| | " + " | ".join(columns) + " |"
        yield "|---" * (len(columns) + 1) + "|"
        for row in inside:
            cells = (_cell(row.cells.get(version), notes) for version in columns)
            yield f"| {_title(row)} | {' | '.join(cells)} |"
        yield ""
    yield "## Notes\n"
    yield from (f"{number}. {note[:1].upper()}{note[1:]}." for note, number in notes.items())
    yield "\n## Quirks\n"
    yield "Where the profiles answer alike, a single quirk may still be set; `edgewise quirks` tells the choices,"
    yield "and `edgewise routes` the names of operations.\n"
    yield "| quirk | documented | observed | shows in |"
    yield "|---|---|---|---|"
    for quirk, operations in quirks:
        shown = ", ".join(f"`{name}`" for name in operations) or "wherever it applies"
        yield f"| `{quirk.name}` | {quirk.documented} | {quirk.observed} | {shown} |"
    yield ""
    yield _SCOPE


def _counted(rows: Sequence[Row]) -> str:
    states = [cell.state for row in rows for cell in row.cells.values()]
    counts = ", ".join(f"{state} {states.count(state)}" for state in ("works", "differs", "fails", "absent"))
    return f"{len(rows)} operations, {len(states)} cells: {counts}.\n"


def _title(row: Row) -> str:
    name = f"{row.summary}<br>" if row.summary else ""
    return f"{name}`{row.method} {row.path}`"


def _cell(cell: Cell | None, notes: dict[str, int]) -> str:
    if cell is None:
        return "–"
    quirks = [f"`{name}`" for name in cell.quirks]
    numbers = [f"[{notes.setdefault(reason, len(notes) + 1)}]" for reason in cell.reasons]
    return ": ".join(filter(None, (cell.state, ", ".join([*quirks, *numbers]))))
