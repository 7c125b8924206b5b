"""Which signals end a server, and how: what it accepted is finished, and a start is given up."""

import signal
import subprocess
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import apsw
import pytest

from tests.acceptance.program import COMMAND, PATIENCE_S, environment


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_server_is_stopped_gently(start, number: signal.Signals):
    server = start("dev", "--port", "0", "--ephemeral")
    assert server.stop(number) == (0, "")
    assert "Traceback" not in server.stderr


def test_a_signal_that_is_ignored_for_a_server_ends_none(tmp_path: Path):
    with subprocess.Popen(
        ["nohup", *COMMAND, "dev", "--port", "0", "--ephemeral"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        assert b"is ready" in process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0


def test_a_start_is_given_up(tmp_path: Path):
    """Another program is at work in the database, so the start has to wait for it."""
    file = tmp_path / "crm.db"
    with closing(apsw.Connection(str(file))) as other:
        other.execute("BEGIN EXCLUSIVE")
        with subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--database", "sqlite:///crm.db"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            opened = Path(f"/proc/{process.pid}/fd")
            give_up_at = monotonic() + PATIENCE_S
            while not any(each.resolve() == file for each in opened.iterdir()):
                assert monotonic() < give_up_at
                sleep(0.02)
            process.terminate()
            output, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, output, errors) == (0, "", "")
