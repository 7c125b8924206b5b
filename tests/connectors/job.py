"""Runs a connector as it is, in a process that reaches nothing but this machine."""

import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.support.server import Request, Server

HERE = Path(__file__).parent
TOKEN = "pat-na1-any"
GUARD = HERE / "redirect/guard.cjs"


def environment(url: str, folder: Path) -> dict[str, str]:
    """Of a connector's process: nothing of the test's own but the path, and no telemetry."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(HERE / "redirect"),
        "PYTHONUTF8": "1",
        "HUBSPOT_BASE_URL": url,
        "NODE_OPTIONS": f"--require {GUARD}",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
    }


def run(command: Sequence[str | Path], url: str, folder: Path, given: str = "", timeout_s: int = 100) -> str:
    """Run a connector to its end; answers what it printed. given: on its standard input."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(url, folder),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_s,
    )
    if done.returncode != 0:
        pytest.fail(
            f"{command[0]} ended with {done.returncode}\n{done.stderr[-4000:]}{done.stdout[-1000:]}",
            pytrace=False,
        )
    return done.stdout


def require_served(server: Server, wanted: Iterable[str]) -> list[Request]:
    """Check that every wanted request arrived since the last check, and that none was refused; answers all."""
    asked = server.take_requests()
    assert [each for each in asked if each.status >= 400] == []
    assert set(wanted) - {f"{each.method} {each.path}" for each in asked} == set()
    return asked
