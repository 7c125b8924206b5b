"""The options that several commands share, each once. Flags come before EDGEWISE_* variables, those before --config."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from edgewise.cli.config_file import use_config_file

# The choices and the numbers of `settings`, restated: importing them would load what only a server needs.
Profile = Literal["documented", "observed"]
Records = Literal["strict", "implicit"]
LogFormat = Literal["auto", "console", "json", "off"]
RateLimits = Literal["off", "tier"]
MetricsReaders = Literal["off", "loopback", "public"]
Durability = Literal["full", "normal"]
DEFAULT_PORT = 8765
DEFAULT_ASSOCIATION_LIMIT = 50_000
DEFAULT_LABELS_PER_PAIR = 50
DEFAULT_RATE_LIMIT_STORE = "memory://"
DEFAULT_CONNECTIONS = 1_000
DEFAULT_HEAD_TIMEOUT_S = 10.0
DEFAULT_BODY_TIMEOUT_S = 60.0
DEFAULT_KEEP_ALIVE_S = 5.0
DEFAULT_QUERY_TIMEOUT_S = 10.0

_option = partial(typer.Option, show_envvar=False)  # the help says it once for all

PortOption = Annotated[
    int, _option(min=0, max=65535, metavar="PORT", help="Port to listen on; 0 picks a free one.")
]
HostOption = Annotated[str, _option(metavar="ADDRESS", help="Address to listen on.")]
AllowHostOption = Annotated[
    list[str],
    _option(
        metavar="NAME",
        help="Answer also when asked for by this name, as in http://NAME:8765. Repeatable.",
    ),
]
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
AssociationLimitOption = Annotated[
    int,
    _option(
        min=2,
        max=2**31 - 1,
        metavar="COUNT",
        help="The account's own limit of records linked to one; limits that are set must be below it.",
    ),
]
LabelsPerPairOption = Annotated[
    int, _option(min=0, metavar="COUNT", help="How many labels two object types may have between them.")
]
LogFormatOption = Annotated[
    LogFormat, _option(help="Of the lines on stderr; auto: console on a terminal, json elsewhere.")
]
DurabilityOption = Annotated[
    Durability,
    _option(help="What an answered write outlives; full: a loss of power, normal: a crash of the server."),
]
AuditOption = Annotated[
    bool, _option("--audit/--no-audit", help="Keep who changed what; `edgewise audit` shows it.")
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
SmtpUrlOption = Annotated[
    str | None,
    _option(
        metavar="URL",
        help="Mail server for reports, smtp://user:password@host:port; better set by the environment.",
    ),
]
MailFromOption = Annotated[
    str | None, _option(metavar="ADDRESS", help="Address that reports are mailed from.")
]
ReportMailToOption = Annotated[
    str | None,
    _option(metavar="ADDRESS", help="Address that reports are mailed to; may contain {userId}."),
]
RateLimitOption = Annotated[
    RateLimits,
    _option(
        help="Count calls as the portal's tier says, or only those of tokens that have a limit of their own."
    ),
]
RateLimitStoreOption = Annotated[
    str,
    _option(
        metavar="URL",
        help="Where calls are counted, memory:// or, for several processes together, redis://host:port/db.",
    ),
]
MetricsOption = Annotated[
    MetricsReaders,
    _option(help="Who may read /_edgewise/metrics: nobody, this machine, or whoever reaches the server."),
]
ConnectionsOption = Annotated[
    int,
    _option(min=1, metavar="COUNT", help="How many clients may be connected; those at work keep others out."),
]
HeadTimeoutOption = Annotated[
    float,
    _option(min=0.1, metavar="SECONDS", help="How long the request line and headers may take to arrive."),
]
BodyTimeoutOption = Annotated[
    float, _option(min=0.1, metavar="SECONDS", help="How long a request body may take to arrive.")
]
KeepAliveOption = Annotated[
    float, _option(min=0.1, metavar="SECONDS", help="How long a connection may be idle between requests.")
]
QueryTimeoutOption = Annotated[
    float,
    _option(
        min=0.1, metavar="SECONDS", help="How long a search or another read of a database on disk may take."
    ),
]
JsonOption = Annotated[bool, _option("--json", help="Print JSON.")]
