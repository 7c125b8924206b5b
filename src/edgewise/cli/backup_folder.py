"""Backups that are made again and again into one folder, each named for its time; the oldest are dropped."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

_TIME = "%Y%m%dT%H%M%SZ"


class OthersBackups(Exception):
    """A folder has backups of another database by the same name; the text is that database's path."""


class BackupFolder:
    """The backups of one database in a folder. A hidden file beside them says of which."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self._stem = database.stem
        self._database = str(database.resolve())
        self._owner = folder / f".{self._stem}-backups-of"
        self._name = re.compile(rf"{re.escape(self._stem)}-(\d{{8}}T\d{{6}}Z)\.db", re.ASCII)

    @property
    def lock_file(self) -> Path:
        """What is locked while somebody makes backups here."""
        return self.folder / f".{self._stem}-backups-lock"

    def require_own(self) -> None:
        """Make sure that the backups here are of this database; the first one decides.

        Raises: OthersBackups.
        """
        try:
            owner = self._owner.read_text("utf-8").rstrip("\n")
        except FileNotFoundError:
            self._owner.write_text(f"{self._database}\n", "utf-8")
        else:
            if owner != self._database:
                raise OthersBackups(owner)

    def new_file(self, at: float) -> Path:
        """The file of a backup that begins at a time (seconds since the epoch), or of the next second that has none."""
        file = self.folder / f"{self._stem}-{datetime.fromtimestamp(at, UTC).strftime(_TIME)}.db"
        return self.new_file(at + 1) if file.exists() else file

    def files(self) -> list[Path]:
        """The backups that are there, the oldest first."""
        return sorted(file for file in self.folder.iterdir() if self._name.fullmatch(file.name))

    def newest_at(self) -> float | None:
        """When the newest backup began, in seconds since the epoch."""
        files = self.files()
        if not files:
            return None
        return (
            datetime.strptime(files[-1].name[-len("20261129T043000Z.db") : -3], _TIME)
            .replace(tzinfo=UTC)
            .timestamp()
        )

    def drop_all_but(self, count: int, made: Path) -> list[Path]:
        """Remove the oldest backups with their checksums; answers which. made: stays, whatever the clock says."""
        dropped = [file for file in self.files()[:-count] if file != made]
        for file in dropped:
            file.with_name(f"{file.name}.sha256").unlink(missing_ok=True)
            file.unlink()
        return dropped
