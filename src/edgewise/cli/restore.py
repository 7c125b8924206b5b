"""The verb that brings a backup back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgewise.cli.copying import Progress, Terminated, contents_of, contents_told, ended_by_sigterm
from edgewise.cli.databases import file_of
from edgewise.cli.failures import FAILED, INTERRUPTED, BadUsage, Failed, Unreachable, using_database
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.terminal import definitions, print_json, tell

if TYPE_CHECKING:
    from edgewise.stores.sqlite.restore import Restore


_CHECKSUMS = {
    "compared": "as its .sha256 file says",
    "skipped": "not compared, as you said",
    "none": "there is no .sha256 file beside it, so only its structure was checked",
}


def restore(
    database: DatabaseOption,
    backup: Annotated[
        Path,
        typer.Option("--from", metavar="FILE", help="The backup to bring back.", show_default=False),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Do not keep the database that is replaced.")
    ] = False,
    no_checksum: Annotated[
        bool, typer.Option("--no-checksum", help="Do not compare the backup with FILE.sha256.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of a database that nobody uses.

    Stop the server first: a database that any program has open is refused. The backup is compared with FILE.sha256
    where there is one, then read whole; one that is damaged, of a newer Edgewise, or no database of Edgewise at all
    is refused, and nothing is changed. The schema of an older one is brought up to date at the next start of a server.

    What is replaced stays beside it, named crm.db.before-restore- and the time, until you remove it. When this is
    interrupted, the one or the other database is in place, whole.

    All is as it was when the backup was made: tokens that were revoked since open their portals again, and portals
    that were deleted are back.
    """
    path = file_of(database, "a database in memory cannot be replaced; name that of a server", is_made=True)
    if backup.is_dir():
        raise BadUsage(f"--from: {backup} is a folder; name a file in it")
    if not backup.exists():
        raise BadUsage(f"--from: there is no file {backup}")
    if not yes and not sys.stdin.isatty() and path.exists() and path.stat().st_size:
        raise BadUsage("to replace a database, answer yes on a terminal, or add --yes")
    try:
        with ended_by_sigterm():
            restored, kept = _restore(database, path, backup, yes, discard, not no_checksum)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Terminated:
        raise Failed("stopped; the database is as it was, unless the backup was in place already") from None
    checksum = "compared" if restored.is_compared else "skipped" if no_checksum else "none"
    if as_json:
        print_json(
            {
                "database": database,
                "from": str(backup),
                "schemaVersion": restored.contents.schema_version,
                "counts": contents_of(restored.contents),
                "checksum": checksum,
                "kept": None if kept is None else str(kept),
            }
        )
        return
    rows = [
        ("Database", f"{database} is now what {backup} was"),
        ("Holds", contents_told(restored.contents)),
        ("Checksum", _CHECKSUMS[checksum]),
    ]
    if restored.replaces:
        rows.append(("Before", str(kept or "the database that was there is gone")))
        rows.append(("Tokens", "those revoked since the backup work again: edgewise token list"))
    typer.echo(definitions(rows, sys.stdout))


def _restore(
    database: str, path: Path, backup: Path, yes: bool, discard: bool, has_checksum: bool
) -> tuple[Restore, Path | None]:
    """Answers what was restored, and where the database is that was replaced. Raises: Failed, Unreachable."""
    from edgewise.stores.sqlite.copies import CopyFailed
    from edgewise.stores.sqlite.restore import DatabaseInUse, restoring

    try:
        with (
            using_database(database),
            Progress() as progress,
            restoring(backup, path, has_checksum, progress.show) as checked,
        ):
            if checked.replaces and not yes:
                progress.close()
                _require_yes(database, backup, checked, discard)
            return checked, checked.finish(is_kept=not discard)
    except DatabaseInUse as error:
        raise Unreachable(
            f"{database} is in use: stop its server, and wait for commands that have it open"
        ) from error
    except CopyFailed as error:
        raise Failed(str(error)) from error


def _require_yes(database: str, backup: Path, checked: Restore, discard: bool) -> None:
    """Ask whether the database may be replaced; the command ends when not."""
    tell(f"{backup} holds {contents_told(checked.contents)}.")
    kept = "will be gone" if discard else "is kept beside it"
    typer.echo(f"It replaces {database}; what is there now {kept}. Type yes to go on: ", err=True, nl=False)
    if sys.stdin.readline().strip().lower() != "yes":
        tell("Cancelled; nothing was changed.")
        raise typer.Exit(FAILED)
