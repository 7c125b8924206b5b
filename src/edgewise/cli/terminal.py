"""How the command line looks: colour where a terminal takes it, plain text elsewhere."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from shutil import get_terminal_size
from typing import Any, TextIO

import typer
from typer.core import TyperCommand, TyperGroup

running: ContextVar[str] = ContextVar("running", default="edgewise")
"""The command that runs, such as `edgewise token create`."""


class Command(TyperCommand):
    """A command whose help has colour on a terminal."""

    def get_help(self, ctx: Any) -> str:
        return _coloured_help(super().get_help(ctx))

    def invoke(self, ctx: Any) -> Any:
        running.set(ctx.command_path)
        return super().invoke(ctx)


class Group(TyperGroup):
    """A group of commands whose help has colour on a terminal."""

    def get_help(self, ctx: Any) -> str:
        return _coloured_help(super().get_help(ctx))


def has_colour(stream: TextIO) -> bool:
    """Whether a stream shows colour: it is a terminal, and nobody asked for none. Source: no-color.org."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def styled(text: str, stream: TextIO | None = None, **style: Any) -> str:
    """A text in a style where the stream, by default stdout, shows colour."""
    return typer.style(text, **style) if has_colour(stream or sys.stdout) else text


def tell(text: str) -> None:
    """Say something that is not data."""
    typer.echo(text, err=True)


def complain(text: str) -> None:
    """Say what went wrong."""
    tell(f"{styled('error:', sys.stderr, fg='red', bold=True)} {text}")


def definitions(rows: Iterable[tuple[str, str]], stream: TextIO) -> str:
    """Names and what they stand for, in two columns."""
    rows = list(rows)
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {styled(name.ljust(width), stream, fg='cyan')}  {text}" for name, text in rows)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of text, aligned, the first row as the heading."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([styled(lines[0], bold=True), *lines[1:]])


def moment(milliseconds: int | None) -> str | None:
    """Milliseconds since the epoch as every listing and JSON says them, or None."""
    from edgewise.wire.times import timestamp

    return None if milliseconds is None else timestamp(milliseconds)


def minute(milliseconds: int | None) -> str:
    """A time as narrow lists say it, in UTC: `2026-11-24 10:07`."""
    return (moment(milliseconds) or "")[:16].replace("T", " ")


def print_json(value: Any) -> None:
    """Print what a program shall read."""
    import json

    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def paragraph(text: str, indent: str) -> str:
    """A text wrapped to the width of the terminal."""
    width = min(get_terminal_size().columns, 110)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _coloured_help(text: str) -> str:
    if not has_colour(sys.stdout):
        return text
    text = re.sub(r"^(\w[\w ]*:)", lambda m: typer.style(m[1], bold=True), text, flags=re.MULTILINE)
    return re.sub(
        r"^(  )(-[^\n]*?|\w+)(?=  |\n|$)",
        lambda m: m[1] + typer.style(m[2], fg="cyan"),
        text,
        flags=re.MULTILINE,
    )
