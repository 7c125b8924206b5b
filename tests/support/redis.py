"""A real Redis, in a process of its own, on a free port of this machine."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Self

import pytest

_START_S = 10
_TRIES = 3


def require_redis() -> None:
    """Skip the test at hand where there is no Redis; in CI, fail it."""
    if shutil.which("redis-server") is None:
        reason = "redis-server is not on PATH; Debian has it as redis-server"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


class Redis:
    """Runs from construction until its block ends, or until `stop`. It keeps nothing on the disk.

    port: 0 for a free one.
    """

    def __init__(self, folder: Path, port: int = 0) -> None:
        for _ in range(_TRIES):
            self.port = port or _free_port()
            command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder)]
            self.process = subprocess.Popen(
                [*command, "--save", "", "--appendonly", "no"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._answers():
                return
            self.stop()
        raise RuntimeError("redis-server did not start")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it, also while it is frozen."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Let it take connections and never answer."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        deadline = monotonic() + _START_S
        while self.process.poll() is None and monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return True
            sleep(0.02)
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
