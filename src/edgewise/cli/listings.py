"""The verbs that list what is built in: routes, quirks, openapi."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.failures import BadUsage
from edgewise.cli.options import JsonOption, Profile
from edgewise.cli.terminal import columns, paragraph, styled

if TYPE_CHECKING:
    from edgewise.data import QuirkFact


def routes(
    as_json: JsonOption = False,
    version: Annotated[str | None, typer.Option(metavar="V", help="Of one version only, such as v4.")] = None,
) -> None:
    """List every path that is served."""
    from edgewise import wiring

    every = wiring.routes()
    versions = list(dict.fromkeys(route.version for route in every))
    if version is not None and version not in versions:
        raise BadUsage(f"no version is named {version}; there is {', '.join(versions)}")
    wanted = [route for route in every if version in (None, route.version)]
    if as_json:
        _print_json(
            [
                {
                    "version": route.version,
                    "method": route.method,
                    "path": route.path,
                    "operation": route.operation.name,
                    "summary": route.operation.summary,
                    "statuses": list(route.operation.statuses),
                }
                for route in wanted
            ]
        )
        return
    rows = [(route.version, route.method, route.operation.name, route.path) for route in wanted]
    typer.echo(columns([("VERSION", "METHOD", "OPERATION", "PATH"), *rows]))


def quirks(
    as_json: JsonOption = False,
    profile: Annotated[Profile | None, typer.Option(help="Say what this profile chooses.")] = None,
) -> None:
    """List where documents and service differ.

    For each difference between HubSpot's documents and its live service: the choices there are, and what each
    profile chooses.
    """
    from edgewise.data import quirk_facts

    if as_json:
        _print_json([_quirk(fact, profile) for fact in quirk_facts()])
        return
    typer.echo("\n\n".join(_described(fact, profile) for fact in quirk_facts()))
    if sys.stdout.isatty():
        typer.echo("\nDecide one with --quirk NAME=CHOICE, all of them with --profile.")


def openapi() -> None:
    """Print the OpenAPI document of what is served."""
    from edgewise import wiring
    from edgewise.surfaces.openapi import openapi_document

    _print_json(openapi_document(wiring.routes()))


def _quirk(fact: QuirkFact, profile: Profile | None) -> dict[str, Any]:
    from msgspec import to_builtins

    row: dict[str, Any] = to_builtins(fact)
    return row if profile is None else row | {"choice": getattr(fact, profile)}


def _described(fact: QuirkFact, profile: Profile | None) -> str:
    marks = {fact.documented: ["documented"]}
    marks.setdefault(fact.observed, []).append("observed")
    if profile is not None:
        marks = {getattr(fact, profile): [profile]}
    choices = [
        f"{choice} ({', '.join(marks[choice])})" if choice in marks else choice for choice in fact.choices
    ]
    name = styled(fact.name, bold=True, fg="cyan")
    return "\n".join(
        [
            f"{name}: {' | '.join(choices)}",
            paragraph(fact.what, "    "),
            styled(paragraph(f"Source ({fact.origin}, {fact.date}): {fact.source}", "    "), dim=True),
        ]
    )


def _print_json(value: Any) -> None:
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
