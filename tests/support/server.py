"""A real server in a process of its own, on a free port of this machine."""

import json
import select
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
DATABASE = "edgewise.db"
START_S = 30
STOP_S = 30


def database_of(folder: Path) -> str:
    """The address of the database that a server keeps in a folder."""
    return f"sqlite:///{folder / DATABASE}"


class ServerFailed(Exception):
    """A server that did not start, or did not stop as it should; says what it wrote."""


class Server:
    """A server that runs from construction until `stop` or `kill`.

    folder: where its database is, kept between servers that get the same one. settings: fields of `Settings`; and
    redis_timeout_s, for a machine that is too busy to answer soon.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._errors = folder / "stderr.txt"
        options = {"database": database_of(folder), "port": 0, "is_open": True, "log_format": "off"}
        with self._errors.open("a") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.serve", json.dumps(options | settings)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        self.url = self._ready_line()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        if failure is None:
            self.stop()
        else:
            self.kill()

    def stop(self) -> None:
        """Let it finish what it accepted. Raises: ServerFailed when it complained of anything while it ran."""
        if self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            code = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise ServerFailed(f"the server did not stop within {STOP_S} s") from None
        self._close()
        written = self._errors.read_text()
        if code != 0 or written:
            raise ServerFailed(f"the server ended with {code} and wrote:\n{written}")

    def kill(self) -> None:
        """End it with no chance to finish anything."""
        self.process.kill()
        self.process.wait()
        self._close()

    def _ready_line(self) -> str:
        output = self.process.stdout
        assert output is not None
        is_ready, _, _ = select.select([output], [], [], START_S)
        line = output.readline().decode().strip() if is_ready else ""
        if not line:
            self.kill()
            raise ServerFailed(f"the server did not start:\n{self._errors.read_text()}")
        return line

    def _close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
