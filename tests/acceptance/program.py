"""Runs the command line as its user does: in a process of its own."""

import json
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

COMMAND = [sys.executable, "-m", "edgewise"]
READY = re.compile(r"(Edgewise|Edgewise dev) is ready on (http://(?:127\.0\.0\.1|0\.0\.0\.0):[1-9][0-9]*)\n")
PATIENCE_S = 30


def environment(**variables: str) -> dict[str, str]:
    """The environment of the test without what would change the program or its looks."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("EDGEWISE_") and name not in ("NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS")
    }
    return kept | {"COLUMNS": "120"} | variables


def edgewise(
    *arguments: str, folder: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**variables or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Server:
    """A server from its ready line to its end."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._errors = folder / "stderr.txt"
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [*COMMAND, *arguments],
                cwd=folder,
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        readable, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
        self.ready_line = self.process.stdout.readline() if readable else ""
        ready = READY.fullmatch(self.ready_line)
        if ready is None:
            self.kill()
            raise AssertionError(f"no ready line but {self.ready_line!r}; stderr:\n{self.stderr}")
        self.url = ready[2]
        self.port = int(self.url.rpartition(":")[2])

    @property
    def stderr(self) -> str:
        """What it wrote there so far."""
        return self._errors.read_text("utf-8")

    def call(self, method: str, path: str, body: Any = None, token: str = "any") -> tuple[int, Any]:
        """One request; the status and the JSON of its answer."""
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, content, headers, method=method)
        try:
            with urlopen(request, timeout=PATIENCE_S) as response:
                return response.status, json.loads(response.read() or b"null")
        except OSError as error:
            if not hasattr(error, "code"):
                raise
            with error:
                return error.code, json.loads(error.read())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; answers the exit code and what else it wrote on stdout."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, rest

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
