"""A real server in a process of its own, on a free port of this machine."""

import json
import select
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple, Self
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener
from uuid import uuid4

ROOT = Path(__file__).parents[2]
DATABASE = "edgewise.db"
START_S = 30
STOP_S = 30
_LOG_S = 10
_REQUEST_LINE = '{"event":"request",'


def database_of(folder: Path) -> str:
    """The address of the database that a server keeps in a folder."""
    return f"sqlite:///{folder / DATABASE}"


class Request(NamedTuple):
    """What the server's log says of a request."""

    method: str
    path: str
    status: int


class ServerFailed(Exception):
    """A server that did not start, or did not stop as it should; says what it wrote."""


class Server:
    """A server that runs from construction until `stop` or `kill`.

    folder: where its database is, kept between servers that get the same one. settings: fields of `Settings`; and
    redis_timeout_s, for a machine that is too busy to answer soon. With log_format "json" it tells its requests.
    """

    def __init__(self, folder: Path, **settings: Any) -> None:
        self._errors = folder / "stderr.txt"
        self._requests_taken = 0
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
        written = "".join(line for line in self._log() if not line.startswith(_REQUEST_LINE))
        if code != 0 or written:
            raise ServerFailed(f"the server ended with {code} and wrote:\n{written}")

    def objects_in_circles(self) -> int:
        """How many objects it let go of, since it began, that held each other."""
        asked, answered = self.process.stdin, self.process.stdout
        assert asked is not None and answered is not None
        asked.write(b"?")
        asked.flush()
        return int(answered.readline())

    def take_requests(self) -> list[Request]:
        """What its log has of requests since the last call of this, in order."""
        # The log is written behind the requests' back: wait for a request that is its own.
        last = f"/crm/v3/objects/contacts/{uuid4().int >> 64}"
        try:
            build_opener(ProxyHandler({})).open(self.url + last, timeout=_LOG_S).close()
        except HTTPError as refused:
            refused.close()
        give_up_at = monotonic() + _LOG_S
        while not (told := self._requests()) or told[-1].path != last:
            if monotonic() > give_up_at:
                raise ServerFailed("the server logs no requests")
            sleep(0.02)
        taken, self._requests_taken = told[self._requests_taken : -1], len(told)
        return taken

    def _requests(self) -> list[Request]:
        lines = [
            json.loads(line) for line in self._log() if line.startswith(_REQUEST_LINE) and line.endswith("\n")
        ]
        return [Request(line["method"], line["path"], line["status"]) for line in lines]

    def _log(self) -> list[str]:
        return self._errors.read_text().splitlines(keepends=True)

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
