"""Runs the command line in children of a process that has loaded it, and ends them before a step or after a time.

Each line of the input is a JSON object: arguments; step, before which the child is killed, 0 for none; after_s and
signal, for one that is sent then. Each line of the output is what became of the child, as `subprocess` tells it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

from edgewise import wiring  # noqa: F401 -- so that children need not load what they import
from edgewise.cli import backup_folder, main  # noqa: F401
from edgewise.stores.sqlite import backup, restore  # noqa: F401
from edgewise.wire import times  # noqa: F401

_STEPS = ("open", "link", "replace", "unlink", "write")
"""What a command does to files, by other hands than SQLite's."""


def run() -> None:
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if not child:
            _become(wanted["arguments"], wanted["step"])
        if wanted["signal"]:
            time.sleep(wanted["after_s"])
            os.kill(child, wanted["signal"])
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(arguments: list[str], step: int) -> None:
    """Run a command and end with its exit code."""
    left = [step]

    def counted(call: Any) -> Any:
        def do(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return do

    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    for name in _STEPS:
        setattr(os, name, counted(getattr(os, name)))
    os.fsync = counted(lambda _: None)  # what is killed needs no disk, and a busy one takes seconds
    code = 70
    try:
        code = main(arguments)
    finally:
        os._exit(code)


if __name__ == "__main__":
    run()
