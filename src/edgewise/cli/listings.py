"""The verbs that list what is built in: routes, quirks, openapi."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edgewise.cli.failures import BadUsage
from edgewise.cli.options import JsonOption, Profile
from edgewise.cli.terminal import columns, paragraph, styled, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgewise.data import QuirkFact
    from edgewise.domain.model import ObjectType
    from edgewise.surfaces.surface import Route

_FROM = "With --scopes: only routes that name an object type, and the scopes for this one."
_TO = "With --from: only routes that name two object types, and the scopes for these."


def routes(
    as_json: JsonOption = False,
    version: Annotated[str | None, typer.Option(metavar="V", help="Of one version only, such as v4.")] = None,
    scopes: Annotated[
        bool, typer.Option("--scopes", help="Say of which scopes a token needs one, beside each.")
    ] = False,
    source: Annotated[str | None, typer.Option("--from", metavar="TYPE", help=_FROM)] = None,
    target: Annotated[str | None, typer.Option("--to", metavar="TYPE", help=_TO)] = None,
) -> None:
    """List every path that is served."""
    from edgewise import wiring

    every = [route for route in wiring.routes() if not (scopes and route.operation.is_public)]
    versions = list(dict.fromkeys(route.version for route in every))
    if version is not None and version not in versions:
        raise BadUsage(f"no version is named {version}; there is {', '.join(versions)}")
    wanted = [route for route in every if version in (None, route.version)]
    if source is None and target is not None:
        raise BadUsage("--to goes with --from")
    names = [name for name in (source, target) if name is not None]
    if scopes:
        _list_scopes(wanted, [_object_type(name) for name in names], as_json)
    elif names:
        raise BadUsage("--from and --to go with --scopes")
    elif as_json:
        _print_json([_route(route) for route in wanted])
    else:
        rows = [(route.version, route.method, route.operation.name, route.path) for route in wanted]
        typer.echo(columns([("VERSION", "METHOD", "OPERATION", "PATH"), *rows]))


def _route(route: Route) -> dict[str, Any]:
    return {
        "version": route.version,
        "method": route.method,
        "path": route.path,
        "operation": route.operation.name,
        "summary": route.operation.summary,
        "statuses": list(route.operation.statuses),
    }


def _list_scopes(routes: Sequence[Route], object_types: Sequence[ObjectType], as_json: bool) -> None:
    """Print of which scopes routes demand one, for the object types that were asked about or for all."""
    from edgewise.surfaces.scopes import Demands, object_types_named

    if object_types:
        routes = [route for route in routes if len(object_types_named(route)) == len(object_types)]
    demands = Demands(routes)
    if as_json:
        _print_json(
            [
                _route(route)
                | {"access": route.operation.access, "scopes": list(demands.of(route, object_types))}
                for route in routes
            ]
        )
        return
    groups: dict[str, list[tuple[str, ...]]] = {}
    for route in routes:
        one_of = demands.of(route, object_types)
        is_open = not object_types and demands.depends_on_types(route)
        which = " that is for an object type of the path" if is_open else ""
        heading = f"To {route.operation.access}, one of these{which}: {', '.join(one_of)}"
        row = (route.version, route.method, route.operation.name, route.path)
        groups.setdefault(heading, [("VERSION", "METHOD", "OPERATION", "PATH")]).append(row)
    typer.echo("\n\n".join(f"{paragraph(heading, '')}\n{columns(rows)}" for heading, rows in groups.items()))
    if not object_types and sys.stdout.isatty():
        tell("\nAsk about object types: edgewise routes --scopes --from contacts --to companies")


def _object_type(name: str) -> ObjectType:
    """An object type of HubSpot's, or any custom one. Raises: BadUsage."""
    from edgewise.data import hubspot_types
    from edgewise.domain.catalog import Catalog
    from edgewise.domain.errors import DomainError
    from edgewise.domain.model import ObjectType, object_type_code

    if re.fullmatch(r"2-\d+", name, re.ASCII):
        return ObjectType(object_type_code(name), name, name, name)
    try:
        return Catalog(hubspot_types()).object_type(name)
    except DomainError as error:
        raise BadUsage(
            f"no object type is named {name}; say contacts or 0-1, or 2-1 for a custom one"
        ) from error


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
