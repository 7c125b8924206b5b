"""The options that several commands share, each once. Flags come before EDGEWISE_* variables, those before --config."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from edgewise.cli.config_file import use_config_file

# The choices and the port of `settings`, restated: importing them would load what only a server needs.
Profile = Literal["documented", "observed"]
Records = Literal["strict", "implicit"]
LogFormat = Literal["auto", "console", "json", "off"]
Durability = Literal["full", "normal"]
DEFAULT_PORT = 8765

_option = partial(typer.Option, show_envvar=False)  # the help says it once for all

PortOption = Annotated[
    int, _option(min=0, max=65535, metavar="PORT", help="Port to listen on; 0 picks a free one.")
]
HostOption = Annotated[str, _option(metavar="ADDRESS", help="Address to listen on.")]
ProfileOption = Annotated[
    Profile, _option(help="Where HubSpot's documents and its service differ: follow which.")
]
QuirkOption = Annotated[
    list[str],
    _option(
        metavar="NAME=CHOICE", help="Decide one such difference; `edgewise quirks` lists them. Repeatable."
    ),
]
RecordsOption = Annotated[
    Records, _option(help="Refuse links to records that do not exist, or make them on first mention.")
]
LogFormatOption = Annotated[
    LogFormat, _option(help="Of the lines on stderr; auto: console on a terminal, json elsewhere.")
]
DurabilityOption = Annotated[
    Durability,
    _option(help="What an answered write outlives; full: a loss of power, normal: a crash of the server."),
]
DatabaseOption = Annotated[
    str,
    _option(
        metavar="URL", envvar="EDGEWISE_DATABASE", help="sqlite:///relative.db or sqlite:////absolute.db."
    ),
]
ConfigOption = Annotated[
    Path | None,
    _option(
        metavar="FILE",
        help="TOML file of options.",
        is_eager=True,
        callback=use_config_file,
    ),
]
JsonOption = Annotated[bool, _option("--json", help="Print JSON.")]
