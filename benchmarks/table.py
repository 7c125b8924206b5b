"""Figures as a table for people, as JSON for machines, and as a section of the documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, digits, quantity

BEGIN = "<!-- figures: begin (written by ./dev bench --write) -->"
END = "<!-- figures: end -->"

_HEADINGS = ("measure", "target", "aim", "measured", "min to max", "verdict")
Facts = Mapping[str, str]


def cells(figure: Figure) -> tuple[str, ...]:
    """One line of the table, as text."""
    goal = figure.goal
    sign = "≤" if goal.is_ceiling else "≥"
    return (
        goal.what,
        f"{sign} {_bound(goal.target, goal.unit)}",
        "–" if goal.aim is None else f"{sign} {_bound(goal.aim, goal.unit)}",
        quantity(figure.value, goal.unit),
        f"{digits(min(figure.rounds), goal.unit)} to {digits(max(figure.rounds), goal.unit)}",
        figure.verdict,
    )


def detail_line(figure: Figure) -> str:
    """The quantities behind a figure, and why not to believe it."""
    line = "; ".join(f"{name} {_number(value)}" for name, value in figure.details.items())
    return f"{line}. To doubt: {figure.doubt}" if figure.doubt else line


def print_table(console: Console, figures: Sequence[Figure], facts: Facts) -> None:
    """The table, what is behind it, and where it was measured."""
    table = Table(title="Edgewise, measured against its controls", title_justify="left")
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading in ("measure", "verdict") else "right")
    for figure in figures:
        style = (
            ("green" if figure.verdict in ("met", "met, aim too") else "yellow") if figure.is_met else "red"
        )
        *plain, verdict = cells(figure)
        table.add_row(*plain, f"[{style}]{verdict}[/]")
    console.print(table)
    console.print("\nMedians of what is behind them:", highlight=False)
    for figure in figures:
        line = f"  [bold]{figure.goal.name}[/]: {detail_line(figure)}"
        console.print(line, highlight=False, soft_wrap=True)
    console.print()
    for name, fact in facts.items():
        console.print(f"  {name}: {fact}", highlight=False, markup=False, soft_wrap=True)


def as_json(figures: Sequence[Figure], facts: Facts) -> str:
    """Everything, for machines."""
    return json.dumps({"facts": dict(facts), "figures": [_as_object(each) for each in figures]}, indent=2)


def as_markdown(figures: Sequence[Figure], facts: Facts) -> str:
    """Everything, as a section of a document."""
    lines = [
        _row(_HEADINGS),
        _row("---" for _ in _HEADINGS),
        *(_row(cells(figure)) for figure in figures),
        "",
        "Medians of what is behind them:",
        "",
        *(f"- **{figure.goal.name}**: {detail_line(figure)}" for figure in figures),
        "",
        "Where and when:",
        "",
        *(f"- {name}: {fact}" for name, fact in facts.items()),
    ]
    return "\n".join(lines)


def replace_section(document: str, section: str) -> str:
    """The document with `section` between its markers. Raises: ValueError when it lacks them."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the document lacks the markers {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{section}\n\n{END}{after}"


def write_section(file: Path, figures: Sequence[Figure], facts: Facts) -> None:
    """Put the figures into a document."""
    file.write_text(replace_section(file.read_text("utf-8"), as_markdown(figures, facts)), "utf-8")


def _as_object(figure: Figure) -> dict[str, Any]:
    goal = figure.goal
    return {
        "name": goal.name,
        "what": goal.what,
        "unit": goal.unit or "ratio",
        "bound": "at most" if goal.is_ceiling else "at least",
        "target": goal.target,
        "aim": goal.aim,
        "measured": round(figure.value, 4),
        "min": round(min(figure.rounds), 4),
        "max": round(max(figure.rounds), 4),
        "is_met": figure.is_met,
        "verdict": figure.verdict,
        "rounds": [round(value, 4) for value in figure.rounds],
        "doubt": figure.doubt,
        "details": {name: round(value, 4) for name, value in figure.details.items()},
    }


def _row(texts: Any) -> str:
    return "| " + " | ".join(texts) + " |"


def _bound(value: float, unit: str) -> str:
    return f"{value:g} {unit}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
