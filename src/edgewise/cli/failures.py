"""What the exit code of a command says, and the failures that end a command with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

DONE = 0
FAILED = 1
USAGE = 2
UNREACHABLE = 3
MISSING_DEPENDENCY = 69
BAD_CONFIG = 78
INTERRUPTED = 130

EXPLAINED = """\b
Exit codes:
  0    done; a server: stopped by SIGTERM or SIGHUP
  1    failed
  2    wrong usage
  3    the database cannot be opened or used
  69   something that must be installed is missing
  78   wrong configuration, or an address that cannot be listened on
  130  stopped by Ctrl-C"""


class Failed(typer.TyperException):
    """What was asked for did not come about."""

    exit_code = FAILED


class BadUsage(typer.TyperException):
    """Options that do not go together, or a value that no option takes."""

    exit_code = USAGE


class BadConfig(typer.TyperException):
    """A configuration that nothing can be started with; the text says what, and what would do."""

    exit_code = BAD_CONFIG


class Unreachable(typer.TyperException):
    """A database that cannot be opened or used."""

    exit_code = UNREACHABLE


@contextmanager
def using_database(database: str) -> Iterator[None]:
    """Say which database it was where a store fails. Raises: Unreachable."""
    from edgewise.domain.errors import StoreError

    try:
        yield
    except StoreError as error:
        cause = f" ({error.__cause__})" if error.__cause__ else ""
        raise Unreachable(f"{database}: {error}{cause}") from error
