"""The verb that looks for what is unsafe about a server before it faces a network."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.databases import file_of, use_store
from edgewise.cli.failures import FAILED, Unreachable
from edgewise.cli.options import (
    DEFAULT_RATE_LIMIT_STORE,
    AuditOption,
    ConfigOption,
    DatabaseOption,
    DurabilityOption,
    HostOption,
    JsonOption,
    MetricsOption,
    RateLimitOption,
    RateLimitStoreOption,
)
from edgewise.cli.terminal import print_json, styled

if TYPE_CHECKING:
    from edgewise.cli.findings import Finding
    from edgewise.domain.accounts import Account, App, Token
    from edgewise.domain.ports import Store

_COLOURS = {"ok": "green", "info": "cyan", "warn": "yellow", "fail": "red"}


def doctor(
    database: DatabaseOption,
    host: HostOption = "127.0.0.1",
    durability: DurabilityOption = "full",
    rate_limit: RateLimitOption = "tier",
    rate_limit_store: RateLimitStoreOption = DEFAULT_RATE_LIMIT_STORE,
    metrics: MetricsOption = "loopback",
    audit: AuditOption = True,
    config: ConfigOption = None,
    dev: Annotated[
        bool, typer.Option("--dev", help="For `edgewise dev`, which any token opens.", show_envvar=False)
    ] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="Read the whole database for damage.", show_envvar=False)
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look for what is unsafe about a database and the settings of its server.

    Reads the same variables and file as `edgewise serve`, and takes some of its options. Says what is fine,
    what is for you to judge (info), what is unsafe as a rule (warn) and what must not stay (fail), each with what to
    do. Exits with 1 when something fails. It changes nothing; servers may run meanwhile.
    """
    from edgewise.cli import findings
    from edgewise.cli.findings import Level

    path = file_of(database, "a database in memory has nothing to look at; name that of the server")
    found: list[Finding] = [*findings.of_address(host, dev)]
    found += findings.of_files(path)
    found += findings.of_kept(path)
    found += findings.of_config(config)
    if not dev:
        found += findings.of_rates(rate_limit, rate_limit_store)
        found += findings.of_metrics(metrics)
        found += findings.of_promises(durability == "full", audit)
        found += findings.of_user("a server that this user starts")
    found += findings.of_disk(path)
    found += _of_database(database, path, thorough)
    levels = Counter(finding.level for finding in found)
    if as_json:
        counts = {level.value: levels[level] for level in Level}
        print_json({"counts": counts, "findings": [finding._asdict() for finding in found]})
    else:
        typer.echo("\n".join(map(_line, found)))
        summary = ", ".join(f"{levels[level]} {level.value}" for level in Level if levels[level])
        typer.echo(f"\n{summary}")
    if levels[Level.FAIL]:
        raise typer.Exit(FAILED)


def _of_database(database: str, path: Path, is_thorough: bool) -> Iterator[Finding]:
    """What is in the database; where its schema is another one, no more than that."""
    from edgewise.cli import findings
    from edgewise.cli.findings import Level
    from edgewise.domain.errors import AlteredMigration, NewerDatabase, StoreError
    from edgewise.stores.sqlite.inspection import inspect
    from edgewise.wiring import SystemClock

    try:
        inspection = inspect(path, is_thorough)
        yield from findings.of_schema(inspection.version, inspection.program_version)
        if is_thorough:
            yield from findings.of_damages(inspection.damages)
        if inspection.version != inspection.program_version or inspection.damages:
            return
        accounts, tokens, apps = use_store(database, "a look", _read)
    except (NewerDatabase, AlteredMigration) as error:
        yield findings.Finding(Level.FAIL, "schema", str(error), "use the program that made it")
        return
    except (StoreError, Unreachable) as error:
        cause = f" ({error.__cause__})" if error.__cause__ else ""
        yield findings.Finding(
            Level.FAIL,
            "database",
            f"{error}{cause}",
            "name another file, or bring back a backup: edgewise restore",
        )
        return
    at = SystemClock().now_ms()
    yield from findings.of_tokens(tokens, at)
    yield from findings.of_apps(apps)
    yield from findings.of_portals(accounts, tokens, at)


async def _read(store: Store) -> tuple[list[Account], list[Token], list[App]]:
    accounts = store.accounts
    return (
        list(await accounts.list_accounts()),
        list(await accounts.list_tokens(None)),
        list(await accounts.list_apps()),
    )


def _line(finding: Finding) -> str:
    level = styled(finding.level.value.ljust(4), fg=_COLOURS[finding.level.value], bold=True)
    line = f"{level}  {finding.thing.ljust(11)}  {finding.what}"
    return (
        f"{line}\n{' ' * 19}{styled(f'→ {finding.advice}', sys.stdout, dim=True)}" if finding.advice else line
    )
