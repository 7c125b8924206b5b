"""The verbs that run a server: dev and serve."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from edgewise.cli.failures import DONE, INTERRUPTED, BadConfig, BadUsage, using_database
from edgewise.cli.options import (
    DEFAULT_ASSOCIATION_LIMIT,
    DEFAULT_BODY_TIMEOUT_S,
    DEFAULT_CONNECTIONS,
    DEFAULT_HEAD_TIMEOUT_S,
    DEFAULT_KEEP_ALIVE_S,
    DEFAULT_LABELS_PER_PAIR,
    DEFAULT_PORT,
    DEFAULT_QUERY_TIMEOUT_S,
    DEFAULT_RATE_LIMIT_STORE,
    AllowHostOption,
    AssociationLimitOption,
    AuditOption,
    BodyTimeoutOption,
    ConfigOption,
    ConnectionsOption,
    DatabaseOption,
    DurabilityOption,
    HeadTimeoutOption,
    HostOption,
    KeepAliveOption,
    LabelsPerPairOption,
    LogFormatOption,
    MailFromOption,
    MetricsOption,
    PortOption,
    ProfileOption,
    QueryTimeoutOption,
    QuirkOption,
    RateLimitOption,
    RateLimitStoreOption,
    RecordsOption,
    ReportMailToOption,
    SmtpUrlOption,
)
from edgewise.cli.terminal import definitions, has_colour, tell

if TYPE_CHECKING:
    from edgewise.settings import Settings

_log = logging.getLogger("edgewise")

DEFAULT_DATA = Path(".edgewise/dev.db")
_PREFIX = "EDGEWISE_"
_OF_KUBERNETES = re.compile(r"EDGEWISE_(SERVICE|PORT)_.*")
"""What it sets beside a service that is named edgewise."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")

_DataOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="What keeps the data.", show_default=str(DEFAULT_DATA), show_envvar=False
    ),
]
_EphemeralOption = Annotated[
    bool, typer.Option("--ephemeral", help="Keep the data in memory only.", show_envvar=False)
]


def dev(
    port: PortOption = DEFAULT_PORT,
    host: HostOption = "127.0.0.1",
    allow_host: AllowHostOption = [],  # noqa: B006 -- each run gets a list of its own
    data: _DataOption = None,
    ephemeral: _EphemeralOption = False,
    profile: ProfileOption = "documented",
    quirk: QuirkOption = [],  # noqa: B006 -- each run gets a list of its own
    records: RecordsOption = "strict",
    association_limit: AssociationLimitOption = DEFAULT_ASSOCIATION_LIMIT,
    labels_per_pair: LabelsPerPairOption = DEFAULT_LABELS_PER_PAIR,
    log_format: LogFormatOption = "auto",
    smtp_url: SmtpUrlOption = None,
    mail_from: MailFromOption = None,
    report_mail_to: ReportMailToOption = None,
    rate_limit: RateLimitOption = "off",
    rate_limit_store: RateLimitStoreOption = DEFAULT_RATE_LIMIT_STORE,
    metrics: MetricsOption = "loopback",
    connections_max: ConnectionsOption = DEFAULT_CONNECTIONS,
    head_timeout: HeadTimeoutOption = DEFAULT_HEAD_TIMEOUT_S,
    body_timeout: BodyTimeoutOption = DEFAULT_BODY_TIMEOUT_S,
    keep_alive: KeepAliveOption = DEFAULT_KEEP_ALIVE_S,
    query_timeout: QueryTimeoutOption = DEFAULT_QUERY_TIMEOUT_S,
    audit: AuditOption = False,
    config: ConfigOption = None,
) -> None:
    """Run a server for development.

    Any bearer token opens it. So that no web page can ask in the name of its reader, it answers only to localhost, to
    addresses, and to names that --allow-host gives. A small sample CRM is loaded into an empty database.
    """
    from edgewise.settings import Settings

    if ephemeral and data is not None:
        raise BadUsage("--data and --ephemeral exclude each other; leave one out")
    settings = Settings(
        database="memory://" if ephemeral else f"sqlite:///{data or _default_data()}",
        host=host,
        port=port,
        is_open=True,
        allowed_hosts=tuple(allow_host),
        is_durable=False,
        is_audited=audit,
        has_sample_data=True,
        profile=profile,
        quirks=_choices(quirk),
        records=records,
        association_limit=association_limit,
        labels_per_pair_max=labels_per_pair,
        log_format=log_format,
        smtp_url=smtp_url,
        mail_from=mail_from,
        report_mail_to=report_mail_to,
        rate_limit=rate_limit,
        rate_limit_store=rate_limit_store,
        metrics=metrics,
        connections_max=connections_max,
        head_timeout_s=head_timeout,
        body_timeout_s=body_timeout,
        keep_alive_s=keep_alive,
        query_timeout_s=query_timeout,
    )
    kept = "in memory, gone when the server stops" if ephemeral else str(data or DEFAULT_DATA)
    _run(settings, "Edgewise dev", lambda url: _dev_banner(url, kept, settings))


def serve(
    database: DatabaseOption,
    port: PortOption = DEFAULT_PORT,
    host: HostOption = "127.0.0.1",
    durability: DurabilityOption = "full",
    profile: ProfileOption = "documented",
    quirk: QuirkOption = [],  # noqa: B006 -- each run gets a list of its own
    records: RecordsOption = "strict",
    association_limit: AssociationLimitOption = DEFAULT_ASSOCIATION_LIMIT,
    labels_per_pair: LabelsPerPairOption = DEFAULT_LABELS_PER_PAIR,
    log_format: LogFormatOption = "auto",
    smtp_url: SmtpUrlOption = None,
    mail_from: MailFromOption = None,
    report_mail_to: ReportMailToOption = None,
    rate_limit: RateLimitOption = "tier",
    rate_limit_store: RateLimitStoreOption = DEFAULT_RATE_LIMIT_STORE,
    metrics: MetricsOption = "loopback",
    connections_max: ConnectionsOption = DEFAULT_CONNECTIONS,
    head_timeout: HeadTimeoutOption = DEFAULT_HEAD_TIMEOUT_S,
    body_timeout: BodyTimeoutOption = DEFAULT_BODY_TIMEOUT_S,
    keep_alive: KeepAliveOption = DEFAULT_KEEP_ALIVE_S,
    query_timeout: QueryTimeoutOption = DEFAULT_QUERY_TIMEOUT_S,
    audit: AuditOption = True,
    config: ConfigOption = None,
) -> None:
    """Run a server that others rely on.

    Only tokens made with `edgewise token create` open it, and an answer is sent after its change is on disk.
    """
    from edgewise.settings import Settings

    if database.startswith("memory:"):
        raise BadConfig(
            "serve needs a database that keeps its tokens, as sqlite:///crm.db does; "
            "for a server in memory: edgewise dev --ephemeral"
        )
    settings = Settings(
        database=database,
        host=host,
        port=port,
        is_durable=durability == "full",
        is_audited=audit,
        profile=profile,
        quirks=_choices(quirk),
        records=records,
        association_limit=association_limit,
        labels_per_pair_max=labels_per_pair,
        log_format=log_format,
        smtp_url=smtp_url,
        mail_from=mail_from,
        report_mail_to=report_mail_to,
        rate_limit=rate_limit,
        rate_limit_store=rate_limit_store,
        metrics=metrics,
        connections_max=connections_max,
        head_timeout_s=head_timeout,
        body_timeout_s=body_timeout,
        keep_alive_s=keep_alive,
        query_timeout_s=query_timeout,
    )
    _run(settings, "Edgewise", lambda url: _serve_banner(url, settings))


def _run(settings: Settings, name: str, banner: Callable[[str], str]) -> None:
    """Serve until a signal; the ready line goes to stdout, the banner to a terminal only."""
    from edgewise.cli.event_log import configure_events
    from edgewise.http.request_log import json_line
    from edgewise.wiring import line_format, listen, run

    is_json = line_format(settings, sys.stderr.isatty()) is json_line
    configure_events(is_json, has_colour(sys.stderr))

    def on_ready(url: str) -> None:
        _warn_of_variables(dev if settings.is_open else serve)
        _warn_of(settings)
        typer.echo(f"{name} is ready on {url}")
        sys.stdout.flush()
        if sys.stderr.isatty():
            tell(banner(url))

    with _ended_by_signals(), using_database(settings.database):
        _warn_of_others(settings.database)
        with closing(listen(settings.host, settings.port)) as listener:
            stopped_by = run(settings, listener, on_ready)
    raise typer.Exit(INTERRUPTED if stopped_by == signal.SIGINT else DONE)


def _warn_of_variables(verb: Callable[..., None]) -> None:
    """Say which variables look like options of a verb and are none."""
    from difflib import get_close_matches

    known = [f"{_PREFIX}{name.upper()}" for name in signature(verb).parameters]
    for name in sorted(os.environ):
        if name.startswith(_PREFIX) and name not in known and not _OF_KUBERNETES.fullmatch(name):
            near = get_close_matches(name, known, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            _log.warning("edgewise %s does not read the variable %s%s", verb.__name__, name, meant)


def _warn_of(settings: Settings) -> None:
    """Say what `edgewise doctor` would find unsafe about who reaches a server and its files, a line for each."""
    if settings.is_open:
        if settings.host not in _LOOPBACK:
            _log.warning("any bearer token opens this server, and other machines may reach %s", settings.host)
        return
    from edgewise.cli import findings
    from edgewise.wiring import database_file

    file = database_file(settings.database)
    found = [*findings.of_address(settings.host, is_open=False), *findings.of_files(file)]
    found += findings.of_user()
    for finding in found:
        if finding.level in (findings.Level.WARN, findings.Level.FAIL):
            _log.warning("%s; %s", finding.what, finding.advice)


def _warn_of_others(database: str) -> None:
    """Say that a database is open elsewhere: the limits and the turns of portals hold within one server."""
    from edgewise.stores.sqlite.locks import is_used
    from edgewise.wiring import database_file

    if not database.startswith("memory:") and is_used(database_file(database)):
        _log.warning("another program has this database open: %s; run one server per file", database)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let a signal end a server that has not begun to serve; what it opened is closed."""
    from edgewise.wiring import ending_signals

    def end(number: int, frame: object) -> NoReturn:
        raise SystemExit(DONE)

    former = {number: signal.signal(number, end) for number in ending_signals()}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _dev_banner(url: str, kept: str, settings: Settings) -> str:
    rows = [
        ("API", f"{url}  (the base URL for your client)"),
        ("Health", f"{url}/_edgewise/health"),
        ("Data", kept),
        ("Token", "any bearer token works"),
        ("Profile", settings.profile),
        (
            "Try",
            f"curl -H 'Authorization: Bearer dev' '{url}/crm/v3/objects/contacts?associations=companies'",
        ),
        ("Stop", "Ctrl-C"),
    ]
    return f"\n{definitions(rows, sys.stderr)}\n"


def _serve_banner(url: str, settings: Settings) -> str:
    rows = [
        ("API", url),
        ("Health", f"{url}/_edgewise/health"),
        ("Data", settings.database),
        ("Token", f"edgewise token create --database {settings.database}"),
        ("Stop", "Ctrl-C"),
    ]
    return f"\n{definitions(rows, sys.stderr)}\n"


def _default_data() -> Path:
    """The usual data file; its folder is made, and kept out of version control."""
    folder = DEFAULT_DATA.parent
    try:
        if not folder.is_dir():
            folder.mkdir()
            (folder / ".gitignore").write_text("*\n", "utf-8")
    except OSError as error:
        raise BadConfig(
            f"cannot make the folder {folder}: {error.strerror}; --data names another file"
        ) from error
    return DEFAULT_DATA


def _choices(quirks: list[str]) -> dict[str, str]:
    """The quirks that were decided, by name. Raises: BadConfig, UnknownQuirk."""
    from edgewise.wire.quirks import quirks_of

    chosen = {}
    for text in quirks:
        name, separator, choice = text.partition("=")
        if not separator:
            raise BadConfig(f"--quirk takes NAME=CHOICE, not {text!r}")
        chosen[name.strip()] = choice.strip()
    quirks_of("documented", chosen)
    return chosen
