"""The command line: each verb a few lines over wiring. Data goes to stdout, everything else to stderr."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from edgewise import __version__
from edgewise.cli import (
    apps,
    audit,
    backup,
    coverage,
    doctor,
    failures,
    jobs,
    listings,
    portals,
    restore,
    servers,
    tokens,
)
from edgewise.cli.failures import BadConfig, Failed
from edgewise.cli.terminal import Command, Group, complain, tell


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; answers the exit code. Raises what is a fault of the program, not of its use."""
    if os.environ.get("EDGEWISE_PORT", "").startswith("tcp://"):
        del os.environ["EDGEWISE_PORT"]  # Kubernetes sets it so beside a service that is named edgewise
    gc.disable()  # imports make much and drop little: looking for garbage meanwhile takes a fifth of a start
    try:
        outcome = app(arguments, prog_name="edgewise", standalone_mode=False)
        sys.stdout.flush()
        code = outcome if isinstance(outcome, int) else failures.DONE
        if code == failures.INTERRUPTED and sys.stderr.isatty():
            tell("\nStopped.")
        return code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads what is still buffered
        return failures.FAILED
    except typer.TyperException as error:
        return _refuse(error)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "edgewise":
            raise
        complain(f"the Python package {error.name} is missing; pip install edgewise brings it")
        return failures.MISSING_DEPENDENCY
    except Exception as error:
        if not _is_expected(error):
            raise
        complain(str(error))
        return failures.BAD_CONFIG
    finally:
        gc.enable()


def _refuse(error: typer.TyperException) -> int:
    """Say why a command cannot be run as it was written, and where to look."""
    complain(error.format_message())
    context: Any = getattr(error, "ctx", None)
    parameter: Any = getattr(error, "param", None)
    if isinstance(error, BadConfig) or context is None:
        return error.exit_code
    source = context.get_parameter_source(parameter.name) if parameter is not None else None
    if source is not None and source.name == "ENVIRONMENT":
        tell(f"That value comes from the environment, EDGEWISE_{parameter.name.upper()}.")
        return failures.BAD_CONFIG
    if source is not None and source.name == "DEFAULT_MAP":
        tell(f"That value comes from the file {context.params.get('config', 'of --config')}.")
        return failures.BAD_CONFIG
    tell(f"Try: {context.command_path} --help")
    return error.exit_code


def _is_expected(error: Exception) -> bool:
    """Whether a setting is to blame, and not the program."""
    from edgewise.wire.quirks import UnknownQuirk
    from edgewise.wiring import UnusableSetting

    return isinstance(error, UnusableSetting | UnknownQuirk)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        import platform

        import apsw

        python = platform.python_version()
        typer.echo(f"Edgewise {__version__}, Python {python}, SQLite {apsw.sqlite_lib_version()}")
        raise typer.Exit


def edgewise(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the versions of Edgewise, Python and SQLite.",
            callback=_print_version,
            is_eager=True,
        ),
    ] = False,
) -> None:
    """A self-hosted CRM associations service that answers HubSpot's API.

    Begin with `edgewise demo` to see it work, or with `edgewise dev` to point a client at it.
    """
    if context.invoked_subcommand is None:
        tell(context.get_help())
        raise typer.Exit(failures.USAGE)


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story.")] = False,
) -> None:
    """See it work, request by request.

    Starts a server on a free port with its data in a temporary folder, and shows what it answers.
    """
    from edgewise.demo import Unexpected, run_demo

    try:
        run_demo(once)
    except Unexpected as error:
        raise Failed(str(error)) from error


_ENVIRONMENT = (
    "Every option is also read from the environment, as EDGEWISE_LOG_FORMAT for --log-format, and from the file that "
    '--config names, as log-format = "json". A flag comes first, then the environment, then the file.'
)


def _add(
    to: typer.Typer,
    function: Callable[..., None],
    *examples: str,
    has_environment: bool = False,
    name: str | None = None,
) -> None:
    """Offer a function as a command. has_environment: its options may be set by variables and by a file too.

    name: where it is not the function's.
    """
    epilog = "\n  ".join(["\b\nExamples:", *examples])
    to.command(
        name,
        cls=Command,
        context_settings={"auto_envvar_prefix": "EDGEWISE"} if has_environment else {},
        epilog=f"{_ENVIRONMENT}\n\n{epilog}" if has_environment else epilog,
    )(function)


def _new_group(**settings: Any) -> typer.Typer:
    return typer.Typer(cls=Group, rich_markup_mode=None, pretty_exceptions_enable=False, **settings)


app = _new_group(
    epilog=failures.EXPLAINED,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.callback(invoke_without_command=True)(edgewise)
_add(app, demo, "edgewise demo", "edgewise demo --once")
_add(
    app,
    servers.dev,
    "edgewise dev",
    "edgewise dev --port 0 --ephemeral --profile observed",
    "edgewise dev --quirk record_ids=number --records implicit",
    has_environment=True,
)
_add(
    app,
    servers.serve,
    "edgewise serve --database sqlite:////var/lib/edgewise/crm.db --host 0.0.0.0 --port 8080",
    "edgewise serve --config edgewise.toml",
    "EDGEWISE_DATABASE=sqlite:///crm.db EDGEWISE_PORT=8080 edgewise serve",
    has_environment=True,
)
_portal = _new_group()
app.add_typer(_portal, name="portal", help="Make, list, show and delete portals: accounts of customers.")
_add(
    _portal,
    portals.create,
    "edgewise portal create --database sqlite:///crm.db --name Acme --time-zone Europe/Berlin",
    "edgewise portal create --database sqlite:///crm.db --id 62515 --tier free --json",
)
_add(_portal, portals.list_portals, "edgewise portal list --database sqlite:///crm.db", name="list")
_add(_portal, portals.show, "edgewise portal show 62515 --database sqlite:///crm.db --json")
_add(
    _portal,
    portals.delete,
    "edgewise portal delete 62515 --database sqlite:///crm.db",
    "edgewise portal delete 62515 --database sqlite:///crm.db --yes",
)
_token = _new_group()
app.add_typer(_token, name="token", help="Make, list and revoke the tokens that `edgewise serve` asks for.")
_add(
    _token,
    tokens.create,
    "edgewise token create --database sqlite:///crm.db --name billing-sync --expires 30d",
    "edgewise token create --database sqlite:///crm.db --portal 62515 --read-only",
    "edgewise token create --database sqlite:///crm.db --scopes crm.objects.contacts.read,tickets",
    "TOKEN=$(edgewise token create --database sqlite:///crm.db)",
)
_add(
    _token,
    tokens.list_tokens,
    "edgewise token list --database sqlite:///crm.db",
    "edgewise token list --database sqlite:///crm.db --portal 62515 --json",
    name="list",
)
_add(_token, tokens.revoke, "edgewise token revoke 3 4 --database sqlite:///crm.db")
_app = _new_group()
app.add_typer(_app, name="app", help="Make, list and connect OAuth apps, and change their secrets.")
_add(
    _app,
    apps.create,
    "edgewise app create --database sqlite:///crm.db --name 'Acme Sync' \\\n"
    "    --scopes crm.objects.contacts.read,crm.objects.contacts.write --redirect-uri https://acme.example/callback",
    "edgewise app create --database sqlite:///crm.db --name CI --scopes oauth \\\n"
    "    --redirect-uri http://localhost:3000/callback --private --json",
)
_add(_app, apps.list_apps, "edgewise app list --database sqlite:///crm.db --json", name="list")
_add(
    _app,
    apps.rotate_secret,
    "edgewise app rotate-secret 6f0c2b1e-4f1a-4c0e-9d0b-3b1c5a1f7e10 --database sqlite:///crm.db",
    name="rotate-secret",
)
_add(
    _app,
    apps.authorize,
    "edgewise app authorize --database sqlite:///crm.db --portal 1000001 \\\n"
    "    --client-id 6f0c2b1e-4f1a-4c0e-9d0b-3b1c5a1f7e10 --json",
)
_add(
    app,
    audit.audit,
    "edgewise audit --database sqlite:///crm.db",
    "edgewise audit --database sqlite:///crm.db --portal 1000001 --since 2h --action links.put",
    "edgewise audit --database sqlite:///crm.db --limit 0 --json > audit.ndjson",
    "edgewise audit --database sqlite:///crm.db --follow",
)
_add(
    app,
    backup.backup,
    "edgewise backup --database sqlite:////var/lib/edgewise/crm.db --to /mnt/backups/crm.db",
    "edgewise backup --database sqlite:///crm.db --to backups --keep 24",
    "edgewise backup --database sqlite:///crm.db --to backups --every 1h --keep 24",
)
_add(
    app,
    restore.restore,
    "edgewise restore --database sqlite:////var/lib/edgewise/crm.db --from /mnt/backups/crm.db",
    "edgewise restore --database sqlite:///crm.db --from backups/crm-20261129T043000Z.db --yes --json",
)
_add(
    app,
    doctor.doctor,
    "edgewise doctor --database sqlite:////var/lib/edgewise/crm.db --host 0.0.0.0",
    "edgewise doctor --config edgewise.toml --thorough",
    "edgewise doctor --database sqlite:///.edgewise/dev.db --dev --json",
    has_environment=True,
)
_add(
    app,
    jobs.jobs,
    "edgewise jobs --database sqlite:///crm.db",
    "edgewise jobs --database sqlite:///crm.db --portal 1000001 --json",
)
_add(
    app,
    listings.routes,
    "edgewise routes",
    "edgewise routes --version 2026-03 --json",
    "edgewise routes --scopes --from contacts --to companies",
)
_add(app, listings.quirks, "edgewise quirks", "edgewise quirks --profile observed --json")
_add(app, coverage.coverage, "edgewise coverage", "edgewise coverage --json")
_add(app, listings.openapi, "edgewise openapi > openapi.json")
