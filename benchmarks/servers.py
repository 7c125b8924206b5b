"""Starting what is measured: Edgewise as a user starts it, and the control beside it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any, NamedTuple

from benchmarks.bench import ROOT
from benchmarks.figures import Unmeasured
from benchmarks.machine import Memory, cpu_s, memory, pinned_to
from edgewise.stores.sqlite.checkpoint import IDLE_S

EDGEWISE = (sys.executable, "-m", "edgewise")
_SCOPES = [
    f"crm.objects.{name}.{access}"
    for name in ("contacts", "companies", "deals")
    for access in ("read", "write")
]
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_KEPT_S = 2.0
"""A connection that was idle for longer may be closed by the server soon."""

_START_TIMEOUT_S = 30
_STOP_TIMEOUT_S = 30
_SETTLE_TIMEOUT_S = 5.0
_SETTLE_STEP_S = 0.05
SOON_S = 0.1
AFTER_WRITES_S = IDLE_S + 0.2
"""Who is quiet for so long after writing has copied the log into the database, and does nothing more."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Server:
    """A running server, and what it has used so far."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, token: str = "") -> None:
        self.pid = process.pid
        self.port = port
        self.token = token
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._last_used_s = 0.0

    def cpu_s(self) -> float:
        """CPU time so far."""
        return cpu_s(self.pid)

    def memory(self) -> Memory:
        """What it holds now."""
        return memory(self.pid)

    def settle(self, quiet_s: float = SOON_S) -> None:
        """Wait until it has done nothing for some time."""
        deadline = monotonic() + _SETTLE_TIMEOUT_S
        used, since = self.cpu_s(), monotonic()
        while monotonic() < min(deadline, since + quiet_s):
            sleep(_SETTLE_STEP_S)
            before, used = used, self.cpu_s()
            if used != before:
                since = monotonic()

    def request(self, method: str, path: str, body: bytes | None = None, token: str | None = None) -> Answer:
        """One request, with the server's token or another, over a connection that is kept while it is used."""
        if monotonic() - self._last_used_s > _KEPT_S:
            self._connection.close()
        headers = {"Authorization": f"Bearer {token or self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        kept = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, response.read(), kept)
        self._last_used_s = monotonic()
        return answer

    def expect(self, status: int, method: str, path: str, body: bytes | None = None) -> bytes:
        """As `request`. Raises: Unmeasured when the status is another one."""
        answer = self.request(method, path, body)
        if answer.status != status:
            raise Unmeasured(f"{method} {path}: {answer.status}, {answer.body[:500].decode()}")
        return answer.body

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


@contextmanager
def edgewise(database: Path, core: int | None, *options: str) -> Iterator[Server]:
    """Edgewise over a database, strict and durable, writing its request log to a file. It counts no calls."""
    url = f"sqlite:///{database}"
    token = create_token(url)
    command = (*serve_command(url, 0), "--rate-limit", "off", *options)
    with _running(command, database.with_suffix(".log"), core, token) as server:
        yield server


@contextmanager
def gate(database: Path, kind: str, core: int | None) -> Iterator[Server]:
    """The server of `benchmarks.gate`, with a token that has as many scopes as an app usually asks for."""
    url = f"sqlite:///{database}"
    token = create_token(url, "--scopes", ",".join(_SCOPES))
    command = (sys.executable, "-m", "benchmarks.gate", url, kind)
    with _running(command, database.with_suffix(".log"), core, token) as server:
        yield server


@contextmanager
def control(body: bytes, folder: Path, core: int | None) -> Iterator[Server]:
    """The control, answering with `body`."""
    file = folder / "control.json"
    file.write_bytes(body)
    command = (sys.executable, "-m", "benchmarks.control", str(file))
    with _running(command, folder / "control.log", core) as server:
        yield server


def serve_command(url: str, port: int) -> Sequence[str]:
    """How a user starts a server with a request log for machines."""
    return (*EDGEWISE, "serve", "--port", str(port), "--database", url, "--log-format", "json")


def create_token(url: str, *options: str) -> str:
    """A token of the default portal, made as a user makes one."""
    command = (*EDGEWISE, "token", "create", "--database", url, "--name", "bench", "--json", *options)
    made = subprocess.run(command, capture_output=True, text=True, check=False, env=environment())
    if made.returncode != 0:
        raise Unmeasured(f"no token could be created: {made.stderr.strip()}")
    return str(json.loads(made.stdout)["token"])


def environment() -> dict[str, str]:
    """The environment without settings of Edgewise, so that its defaults are measured, and with Python's own cache."""
    kept = os.environ.items()
    return {n: text for n, text in kept if not n.startswith("EDGEWISE_") and n != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def _running(command: Sequence[str], log: Path, core: int | None, token: str = "") -> Iterator[Server]:
    out = log.with_suffix(".out")
    with out.open("wb") as stdout, log.open("wb") as stderr, pinned_to(core):
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr, cwd=ROOT, env=environment())
    try:
        server = Server(process, _port(process, out, log), token)
        try:
            server.settle()
            yield server
        finally:
            server.close()
    finally:
        stop(process)


def _port(process: subprocess.Popen[bytes], *outputs: Path) -> int:
    """The port that a server says it listens on."""
    deadline = monotonic() + _START_TIMEOUT_S
    while process.poll() is None and monotonic() < deadline:
        for output in outputs:
            found = _ADDRESS.search(output.read_text("utf-8", "replace"))
            if found:
                return int(found[1])
        sleep(0.02)
    said = "\n".join(output.read_text("utf-8", "replace")[-2000:] for output in outputs)
    raise Unmeasured(f"a server did not start: {' '.join(process.args)}\n{said}")  # type: ignore[arg-type]


def stop(process: subprocess.Popen[Any]) -> None:
    """End a process gently, or else at once."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_TIMEOUT_S)
    if process.poll() is None:
        process.kill()
        process.wait()
