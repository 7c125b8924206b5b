"""The verb that makes backups, once or again and again."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from edgewise.cli.copying import Progress, Terminated, contents_of, contents_told, ended_by_sigterm, megabytes
from edgewise.cli.databases import file_of
from edgewise.cli.failures import DONE, INTERRUPTED, BadUsage, Failed, using_database
from edgewise.cli.options import DatabaseOption, JsonOption
from edgewise.cli.terminal import complain, definitions, moment, print_json, tell

if TYPE_CHECKING:
    from edgewise.cli.backup_folder import BackupFolder
    from edgewise.stores.sqlite.backup import Backup

_UNIT_S = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_NICENESS = 10
_NAP_S = 60.0
"""How soon a change of the clock is seen."""


def backup(
    database: DatabaseOption,
    to: Annotated[
        Path,
        typer.Option(
            metavar="PATH",
            help="A new file; or a folder, in which the backup is named for its time.",
            show_default=False,
        ),
    ],
    every: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Go on making backups, so often: 15m, 1h or 1d."),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(min=1, metavar="COUNT", help="Drop the oldest backups of the folder above so many."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Copy a database, as it is at one moment, while servers use it.

    The backup holds every change that was answered before it began. It is a SQLite file of its own that is read whole
    and checked before it gets its name: a backup that was interrupted leaves no file. PATH.sha256 beside it is for
    `sha256sum --check` and `edgewise restore`. Only its owner may read it, as it holds all records; of tokens and
    secrets it has the SHA-256 alone.

    The server is not kept waiting, but its write-ahead log grows while the pages are copied. A database that no server
    has open is copied too, and one of an older schema stays as it is.

    With --every a folder gets the first backup now, or when the newest one in it is old enough; a backup that fails is
    reported on stderr and tried again at the next time, and nothing is dropped for it. SIGTERM ends it with code 0.
    """
    path = file_of(
        database, "a database in memory cannot be copied by another program; name that of a server"
    )
    interval_s = None if every is None else _seconds(every)
    folder = _folder(path, to, interval_s, keep, force)
    with suppress(AttributeError, OSError):  # reading and checking takes a processor, and servers come first
        os.nice(_NICENESS)
    try:
        with ended_by_sigterm(), _only_one(folder):
            if folder is None:
                _print(_make(database, path, to, force), as_json)
            elif interval_s is None:
                made = _make(database, path, folder.new_file(time.time()), False)
                _print(made, as_json, _drop(folder, keep, made))
            else:
                _go_on(database, path, folder, interval_s, keep, as_json)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Terminated:
        if interval_s is None:
            raise Failed("stopped before the backup was done; there is none") from None
        raise typer.Exit(DONE) from None


def _folder(
    path: Path, to: Path, interval_s: int | None, keep: int | None, force: bool
) -> BackupFolder | None:
    """The folder that backups go to, None for a file. Raises: BadUsage."""
    from edgewise.cli.backup_folder import BackupFolder

    is_for_many = interval_s is not None or keep is not None
    if is_for_many and not to.exists():
        try:
            to.mkdir(0o700)
        except OSError as error:
            raise BadUsage(f"--to: the folder {to} cannot be made: {error.strerror}") from error
    if not to.is_dir():
        if is_for_many:
            raise BadUsage(f"--every and --keep need a folder, and {to} is a file")
        if not to.parent.is_dir():
            raise BadUsage(f"--to: {to} cannot be made, as there is no folder {to.parent}")
        return None
    if force:
        raise BadUsage("--force is for a file; in a folder each backup has a name of its own")
    return BackupFolder(to, path)


def _make(database: str, path: Path, file: Path, force: bool) -> Backup:
    """Make one backup. Raises: Failed, Unreachable."""
    from edgewise.stores.sqlite.backup import back_up
    from edgewise.stores.sqlite.copies import CopyFailed

    with using_database(database), Progress() as progress:
        try:
            return back_up(path, file, force, progress.show)
        except CopyFailed as error:
            raise Failed(str(error)) from error


def _drop(folder: BackupFolder, keep: int | None, made: Backup) -> list[Path]:
    """Drop what is too much. Raises: Failed."""
    if keep is None:
        return []
    try:
        return folder.drop_all_but(keep, made.file)
    except OSError as error:
        raise Failed(f"old backups cannot be dropped: {error}") from error


def _go_on(
    database: str, path: Path, folder: BackupFolder, interval_s: int, keep: int | None, as_json: bool
) -> NoReturn:
    """Make backups until a signal comes; each is told on a line of its own, and so is each failure."""
    newest_at, now = folder.newest_at(), time.time()
    due_at = now if newest_at is None or newest_at > now else max(now, newest_at + interval_s)
    told = "all are kept" if keep is None else f"the newest {keep} are kept"
    tell(f"Backups go to {folder.folder}, the next at {_second(due_at)}; {told}. Ctrl-C ends it.")
    while True:
        while (left_s := due_at - time.time()) > 0:
            time.sleep(min(left_s, _NAP_S))
        at = time.time()
        while due_at <= at:
            due_at += interval_s
        try:
            made = _make(database, path, folder.new_file(at), False)
            _print_line(at, made, _drop(folder, keep, made), as_json)
        except typer.TyperException as error:
            complain(f"{_second(at)}: {error.format_message()}; tried again at {_second(due_at)}")
        sys.stdout.flush()


@contextmanager
def _only_one(folder: BackupFolder | None) -> Iterator[None]:
    """Keep others, and other databases, from making backups of the same name in a folder. Raises: Failed."""
    from edgewise.cli.backup_folder import OthersBackups
    from edgewise.stores.sqlite.locks import FileLock, Held

    if folder is None:
        yield
        return
    try:
        lock = FileLock(folder.lock_file)
    except Held as error:
        raise Failed(f"another edgewise backup is at work in {folder.folder}") from error
    except OSError as error:
        raise Failed(f"{folder.folder}: {error.strerror}") from error
    with lock:
        try:
            folder.require_own()
        except OthersBackups as error:
            raise Failed(
                f"{folder.folder} has backups of another database by that name, {error}; give this one another folder"
            ) from error
        except OSError as error:
            raise Failed(f"{folder.folder}: {error.strerror}") from error
        yield


def _seconds(text: str) -> int:
    """A time such as 1h in seconds. Raises: BadUsage."""
    match = re.fullmatch(r"(\d{1,6})([smhd])", text.strip(), re.ASCII)
    if match is None or not int(match[1]):
        raise BadUsage(f"--every: {text!r} is not a time; write 15m, 1h or 1d")
    return int(match[1]) * _UNIT_S[match[2]]


def _second(at: float) -> str:
    return (moment(int(at * 1000)) or "")[:19] + "Z"


def _as_json(made: Backup, dropped: list[Path]) -> dict[str, Any]:
    return {
        "file": str(made.file),
        "bytes": made.size,
        "sha256": made.sha256,
        "checksumFile": str(made.checksum_file),
        "schemaVersion": made.contents.schema_version,
        "counts": contents_of(made.contents),
        "seconds": round(made.seconds, 3),
        "dropped": [str(file) for file in dropped],
    }


def _print(made: Backup, as_json: bool, dropped: list[Path] = []) -> None:  # noqa: B006 -- nobody changes it
    if as_json:
        print_json(_as_json(made, dropped))
        return
    rows = [
        ("Backup", f"{made.file}, {megabytes(made.size)}, made in {made.seconds:.1f} s"),
        ("Holds", contents_told(made.contents)),
        ("Checked", "every page, row and index of it is sound"),
        ("Checksum", str(made.checksum_file)),
    ]
    if dropped:
        rows.append(("Dropped", ", ".join(file.name for file in dropped)))
    typer.echo(definitions(rows, sys.stdout))


def _print_line(at: float, made: Backup, dropped: list[Path], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"at": _second(at)} | _as_json(made, dropped), ensure_ascii=False))
        return
    told = f"{made.file}, {megabytes(made.size)}, in {made.seconds:.1f} s: {contents_told(made.contents)}"
    typer.echo(f"{_second(at)}  {told}" + (f"; dropped: {len(dropped)}" if dropped else ""))
