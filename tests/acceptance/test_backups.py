"""Backups and restores as an operator makes them, while servers run and after they were stopped or killed."""

import json
import re
import shutil
import signal
import stat
import subprocess
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.acceptance.program import COMMAND, edgewise, environment
from tests.acceptance.terminal import on_a_terminal
from tests.support.crm import Crm
from tests.support.server import DATABASE, Server, database_of

PATIENCE_S = 60
NAME = re.compile(r"edgewise-\d{8}T\d{6}Z\.db")


def _run(command: str, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return edgewise(command, "--database", database_of(folder), *map(str, arguments), folder=folder)


def _contacts(folder: Path) -> int:
    """How many there are, as a server of the folder answers."""
    with Server(folder) as server, Crm(server.url, "documented") as crm:
        return len(crm.get("/crm/v3/objects/contacts", params={"limit": 100}).json()["results"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a backup of two contacts, and a database that has three by now."""
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        crm.create("contacts", 2)
        made = _run("backup", "--to", "b.db", "--json", folder=tmp_path)
        assert made.returncode == 0, made.stderr
        told = json.loads(made.stdout)
        assert (told["file"], told["counts"]["records"], told["dropped"]) == ("b.db", 2, [])
        crm.create("contacts", 1)
    return tmp_path


def test_a_backup_of_a_running_server_is_private_and_agrees_with_its_checksum(folder):
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in ("b.db", "b.db.sha256")} == {0o600}
    if shutil.which("sha256sum"):
        subprocess.run(["sha256sum", "--check", "--quiet", "b.db.sha256"], cwd=folder, check=True)
    assert sorted(file.name for file in folder.iterdir()) == ["b.db", "b.db.sha256", DATABASE, "stderr.txt"]


def test_a_backup_replaces_a_file_only_where_that_is_said(folder):
    before = (folder / "b.db").read_bytes()
    refused = _run("backup", "--to", "b.db", folder=folder)
    assert (refused.returncode, "there already" in refused.stderr) == (1, True)
    assert (folder / "b.db").read_bytes() == before
    assert _run("backup", "--to", "b.db", "--force", folder=folder).returncode == 0
    assert (folder / "b.db").read_bytes() != before


def test_a_restore_brings_back_what_was_and_keeps_what_is(folder):
    restored = _run("restore", "--from", "b.db", "--yes", "--json", folder=folder)
    assert restored.returncode == 0, restored.stderr
    told = json.loads(restored.stdout)
    assert (told["counts"]["records"], told["checksum"]) == (2, "compared")
    assert _contacts(folder) == 2
    again = _run("restore", "--from", told["kept"], "--yes", folder=folder)
    assert again.returncode == 0, again.stderr
    assert "no .sha256 file" in again.stdout
    assert _contacts(folder) == 3


def test_a_restore_is_refused_while_a_server_runs_and_works_after_it_was_killed(folder):
    with Server(folder) as server, Crm(server.url, "documented") as crm:
        refused = _run("restore", "--from", "b.db", "--yes", folder=folder)
        assert (refused.returncode, "is in use" in refused.stderr) == (3, True)
        crm.create("contacts", 1)
        server.kill()
    assert (folder / f"{DATABASE}-wal").stat().st_size > 0
    restored = _run("restore", "--from", "b.db", "--yes", "--json", folder=folder)
    assert restored.returncode == 0, restored.stderr
    assert _contacts(folder) == 2
    assert (
        _run("restore", "--from", json.loads(restored.stdout)["kept"], "--yes", folder=folder).returncode == 0
    )
    assert _contacts(folder) == 4


def test_a_damaged_backup_is_refused_and_nothing_is_changed(folder):
    content = bytearray((folder / "b.db").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "b.db").write_bytes(content)
    refused = _run("restore", "--from", "b.db", "--yes", folder=folder)
    assert (refused.returncode, "damaged" in refused.stderr) == (1, True)
    assert _contacts(folder) == 3


@pytest.mark.parametrize(("typed", "count"), [("yes", 2), ("no", 3)])
def test_on_a_terminal_a_database_is_replaced_after_a_yes(folder, typed, count):
    database = ("--database", database_of(folder))
    shown = on_a_terminal(
        "restore", *database, "--from", "b.db", folder=folder, until="Type yes to go on: ", then=f"{typed}\n"
    )
    assert ("Cancelled; nothing was changed." in shown) == (typed == "no")
    assert "error:" not in shown
    assert _contacts(folder) == count


def test_where_there_is_no_terminal_a_yes_is_an_option(folder):
    refused = _run("restore", "--from", "b.db", folder=folder)
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert _contacts(folder) == 3


def test_progress_is_shown_on_a_terminal_alone(folder):
    database = ("--database", database_of(folder))
    shown = on_a_terminal("backup", *database, "--to", "shown.db", folder=folder)
    assert "Checking the copy" in shown
    assert _run("backup", "--to", "quiet.db", folder=folder).stderr == ""


# Again and again.


class Series:
    """A command that makes a backup each second."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._errors = folder / "series.txt"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [
                    *COMMAND,
                    "backup",
                    "--database",
                    database_of(folder),
                    "--to",
                    "kept",
                    "--every",
                    "1s",
                    *arguments,
                ],
                cwd=folder,
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def next_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    @property
    def complaints(self) -> list[str]:
        return [line for line in self._errors.read_text().splitlines() if line.startswith("error:")]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode


def _kept(folder: Path) -> list[str]:
    return sorted(file.name for file in (folder / "kept").glob("[!.]*"))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_backups_are_made_until_a_signal_and_the_newest_are_kept(folder, number, code):
    series = Series(folder, "--keep", "2", "--json")
    made = [json.loads(series.next_line()) for _ in range(4)]
    assert series.stop(number) == code
    names = [Path(each["file"]).name for each in made]
    assert all(map(NAME.fullmatch, names))
    assert [len(each["dropped"]) for each in made] == [0, 0, 1, 1]
    kept = _kept(folder)
    assert len(kept) in (4, 5), "a fifth may have been under way"
    assert {names[3], f"{names[3]}.sha256"} <= set(kept)
    assert stat.S_IMODE((folder / "kept").stat().st_mode) == 0o700


def test_a_backup_that_fails_is_told_and_tried_again_and_nothing_is_dropped_for_it(folder):
    series = Series(folder, "--keep", "2")
    for _ in range(2):
        series.next_line()
    (folder / DATABASE).rename(folder / "away.db")
    give_up_at = monotonic() + PATIENCE_S
    while len(series.complaints) < 3:
        assert monotonic() < give_up_at
        sleep(0.1)
    assert len([name for name in _kept(folder) if name.endswith(".db")]) >= 2
    (folder / "away.db").rename(folder / DATABASE)
    assert "3 records" in series.next_line()
    assert series.stop() == 0


def test_a_folder_that_is_to_be_kept_small_is_made(folder):
    assert _run("backup", "--to", "new", "--keep", "1", folder=folder).returncode == 0
    assert len(list((folder / "new").glob("edgewise-*.db"))) == 1
    assert stat.S_IMODE((folder / "new").stat().st_mode) == 0o700
    refused = _run("backup", "--to", "no/new", "--keep", "1", folder=folder)
    assert (refused.returncode, "the folder no/new cannot be made" in refused.stderr) == (2, True)


def test_two_series_do_not_share_a_folder_and_a_killed_one_leaves_it_free(folder):
    series = Series(folder)
    series.next_line()
    refused = _run("backup", "--to", "kept", folder=folder)
    assert (refused.returncode, "at work" in refused.stderr) == (1, True)
    series.process.kill()
    series.process.communicate()
    assert _run("backup", "--to", "kept", "--keep", "1", folder=folder).returncode == 0
    assert len(_kept(folder)) == 2


def test_two_databases_of_one_name_do_not_drop_each_others_backups(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    shutil.copy(folder / DATABASE, other / DATABASE)
    kept = folder / "kept"
    kept.mkdir()
    assert _run("backup", "--to", kept, "--keep", "1", folder=folder).returncode == 0
    before = _kept(folder)
    refused = _run("backup", "--to", kept, "--keep", "1", folder=other)
    assert (refused.returncode, "another folder" in refused.stderr) == (1, True)
    assert str(folder / DATABASE) in refused.stderr.replace("\n", "")
    assert _kept(folder) == before


def test_a_series_that_begins_again_waits_for_its_time(folder):
    """A service that is started again and again must not drop the backups of a day within a minute."""
    assert _run("backup", "--to", ".", folder=folder).returncode == 0
    series = subprocess.Popen(
        [*COMMAND, "backup", "--database", database_of(folder), "--to", ".", "--every", "1h", "--keep", "1"],
        cwd=folder,
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert series.stderr is not None
    assert "the next at" in series.stderr.readline()
    sleep(0.5)
    series.terminate()
    series.communicate(timeout=PATIENCE_S)
    assert series.returncode == 0
    assert len(list(folder.glob("edgewise-*.db"))) == 1


# What cannot be done.


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("backup", "--database", "memory://", "--to", "x.db"), 78, "in memory"),
        (("backup", "--database", "mysql://x", "--to", "x.db"), 78, "not a database address"),
        (("backup", "--database", "sqlite:///missing.db", "--to", "x.db"), 3, "no such database"),
        (("backup", "--database", "sqlite:///edgewise.db", "--to", "missing/x.db"), 2, "no folder"),
        (
            ("backup", "--database", "sqlite:///edgewise.db", "--to", "b.db", "--keep", "2"),
            2,
            "need a folder",
        ),
        (
            ("backup", "--database", "sqlite:///edgewise.db", "--to", "b.db", "--every", "1h"),
            2,
            "need a folder",
        ),
        (("backup", "--database", "sqlite:///edgewise.db", "--to", ".", "--every", "soon"), 2, "write 15m"),
        (("backup", "--database", "sqlite:///edgewise.db", "--to", ".", "--force"), 2, "for a file"),
        (("backup", "--database", "sqlite:///b.db.sha256", "--to", "x.db"), 3, "b.db.sha256"),
        (("restore", "--database", "memory://", "--from", "b.db"), 78, "in memory"),
        (("restore", "--database", "sqlite:///missing/x.db", "--from", "b.db"), 78, "does not exist"),
        (("restore", "--database", "sqlite:///edgewise.db", "--from", "missing.db"), 2, "no file"),
        (("restore", "--database", "sqlite:///edgewise.db", "--from", "."), 2, "is a folder"),
    ],
)
def test_what_cannot_be_done_is_said(folder, arguments, code, said):
    refused = edgewise(*arguments, folder=folder)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) <= 2, "no traceback"
