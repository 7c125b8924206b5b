"""A server that keeps no writes says so, acknowledges none, and recovers without a restart."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import apsw
import httpx2
import pytest

from tests.support.crm import Crm, unique_email
from tests.support.failing import NOTHING_FITS, fill_disk, make_room
from tests.support.metrics import Metrics
from tests.support.server import DATABASE, Server

HEALTH, READY = "/_edgewise/health", "/_edgewise/ready"
PATIENCE_S = 20
RECORD = "/crm/objects/2026-03/contacts"
GONE = "the files of the database were deleted or replaced"


@contextmanager
def running(folder: Path) -> Iterator[tuple[Server, Crm]]:
    """A server that is killed at the end: what it acknowledged must be there without a proper end."""
    server = Server(folder)
    with Crm(server.url, "documented") as crm:
        try:
            yield server, crm
        finally:
            server.kill()


def create(crm: Crm) -> httpx2.Response:
    return crm.post(RECORD, {"properties": {"email": unique_email(), "lastname": "x" * 2_000}})


def create_until_refused(crm: Crm) -> list[str]:
    """The ids that were acknowledged until one write was refused, which must come to pass."""
    acknowledged = []
    for _ in range(20_000):
        answer = create(crm)
        if answer.status_code != 201:
            assert (answer.status_code, answer.json()["category"]) == (503, "SERVICE_UNAVAILABLE")
            return acknowledged
        acknowledged.append(answer.json()["id"])
    raise AssertionError("the disk never became full")


def require_degraded(crm: Crm, reason: str) -> None:
    """It lives, says what is wrong, and wants no requests; without a token, without a path."""
    health = httpx2.get(crm.url + HEALTH, trust_env=False)
    told = health.json()
    assert (health.status_code, told["status"], told["reason"]) == (200, "degraded", reason)
    assert told["since"].endswith("Z")
    ready = httpx2.get(crm.url + READY, trust_env=False)
    assert (ready.status_code, ready.json()["reason"]) == (503, reason)
    assert ready.headers["retry-after"].isdecimal()


def require_recovery(crm: Crm) -> None:
    """It becomes ready although nobody writes."""
    give_up_at = monotonic() + PATIENCE_S
    while (answer := crm.get(READY)).status_code != 200:
        assert monotonic() < give_up_at, answer.text
        sleep(0.1)
    assert crm.get(HEALTH).json()["status"] == "ok"


def require_kept(folder: Path, record_ids: list[str]) -> None:
    """A server that starts on what is there has them all, and the database is whole."""
    (folder / "stderr.txt").unlink()
    with Server(folder) as server, Crm(server.url, "documented") as crm:
        found = [crm.get(f"{RECORD}/{record_id}").status_code for record_id in record_ids]
        assert found == [200] * len(record_ids)
        assert create(crm).status_code == 201
    connection = apsw.Connection(str(folder / DATABASE), flags=apsw.SQLITE_OPEN_READWRITE)
    assert list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
    connection.close()


def test_a_server_that_keeps_writes_is_ready(tmp_path: Path):
    with running(tmp_path) as (_, crm):
        assert create(crm).status_code == 201
        assert (crm.get(HEALTH).json()["status"], crm.get(READY).json()) == ("ok", {"status": "ready"})


def test_files_that_cannot_grow_are_told_of_and_recovered_from(tmp_path: Path):
    with running(tmp_path) as (server, crm):
        acknowledged = [create(crm).json()["id"]]
        fill_disk(server, NOTHING_FITS)
        acknowledged += create_until_refused(crm)
        require_degraded(crm, "the disk refuses to be written")
        assert crm.get(f"{RECORD}/{acknowledged[0]}").status_code == 200
        sleep(2.5)  # it tries by itself, and finds that nothing changed
        require_degraded(crm, "the disk refuses to be written")
        make_room(server)
        require_recovery(crm)
        acknowledged.append(create(crm).json()["id"])
    require_kept(tmp_path, acknowledged)


def test_the_first_write_that_is_kept_ends_it(tmp_path: Path):
    with running(tmp_path) as (server, crm):
        crm.one("contacts")
        fill_disk(server, (tmp_path / f"{DATABASE}-wal").stat().st_size)
        create_until_refused(crm)
        make_room(server)
        assert create(crm).status_code == 201
        assert crm.get(HEALTH).json()["status"] == "ok"


def test_a_write_that_changes_nothing_does_not_end_it(tmp_path: Path):
    """It is answered, as it should be, and no byte of it reached the disk."""
    with running(tmp_path) as (server, crm):
        contact, company = crm.pair()
        crm.link("contacts", contact, "companies", company)
        fill_disk(server, (tmp_path / f"{DATABASE}-wal").stat().st_size)
        create_until_refused(crm)
        crm.link("contacts", contact, "companies", company)
        assert crm.get(HEALTH).json()["status"] == "degraded"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if (
        not mount
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "edgewise", folder], check=False).returncode
    ):
        pytest.skip("only who may mount has a disk to fill")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_told_of_and_recovered_from(small_disk: Path):
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 1024 * 1024)
    with running(small_disk) as (_, crm):
        acknowledged = create_until_refused(crm)
        assert acknowledged
        require_degraded(crm, "the disk is full")
        told = Metrics(crm.get("/_edgewise/metrics").text)
        assert told.of("edgewise_writes_kept") == 0
        assert (
            told.of("edgewise_writes_failed_total") >= told.of("edgewise_refusals_total", cause="store") == 1
        )
        ballast.unlink()
        require_recovery(crm)
        acknowledged.append(create(crm).json()["id"])
    require_kept(small_disk, acknowledged)


def _move_away(path: Path) -> None:
    path.rename(path.with_suffix(".away"))


def _replace(path: Path) -> None:
    shutil.copy(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)


@pytest.mark.parametrize("name", [DATABASE, f"{DATABASE}-wal"])
@pytest.mark.parametrize("deed", [Path.unlink, _replace])
def test_nothing_is_acknowledged_that_goes_to_a_file_nobody_finds_again(
    tmp_path: Path, name: str, deed: Callable[[Path], None]
):
    with running(tmp_path) as (_, crm):
        record_id = crm.one("contacts")
        deed(tmp_path / name)
        for _ in range(5):
            assert create(crm).status_code == 503
        require_degraded(crm, GONE)
        assert crm.get(f"{RECORD}/{record_id}").status_code == 200


def test_files_that_are_gone_are_missed_although_nobody_writes(tmp_path: Path):
    with running(tmp_path) as (_, crm):
        (tmp_path / DATABASE).unlink()
        give_up_at = monotonic() + PATIENCE_S
        while crm.get(READY).status_code == 200:
            assert monotonic() < give_up_at
            sleep(0.1)
        require_degraded(crm, GONE)


def test_a_file_that_comes_back_is_written_again(tmp_path: Path):
    with running(tmp_path) as (_, crm):
        acknowledged = [crm.one("contacts")]
        away = (tmp_path / DATABASE).with_suffix(".away")
        _move_away(tmp_path / DATABASE)
        assert create(crm).status_code == 503
        away.rename(tmp_path / DATABASE)
        require_recovery(crm)
        acknowledged.append(create(crm).json()["id"])
    require_kept(tmp_path, acknowledged)


def test_what_is_acknowledged_in_a_folder_that_became_read_only_is_kept(tmp_path: Path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with running(folder) as (_, crm):
        crm.one("contacts")
        folder.chmod(0o500)
        answers = [create(crm) for _ in range(5)]
        is_ready = crm.get(READY).status_code == 200
        assert [answer.status_code for answer in answers] == [201 if is_ready else 503] * 5
        folder.chmod(0o700)
    require_kept(folder, [answer.json()["id"] for answer in answers if answer.status_code == 201])


def test_the_log_says_once_what_is_wrong_and_once_that_it_is_over(tmp_path: Path):
    with running(tmp_path) as (server, crm):
        crm.one("contacts")
        fill_disk(server, (tmp_path / f"{DATABASE}-wal").stat().st_size)
        create_until_refused(crm)
        for _ in range(3):
            assert create(crm).status_code == 503
        make_room(server)
        require_recovery(crm)
    written = (tmp_path / "stderr.txt").read_text()
    assert written.count("no write is kept: the disk refuses to be written") == 1
    assert written.count("writes are kept again") == 1
