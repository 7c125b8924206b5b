"""A terminal for a command, and somebody before it."""

import os
import pty
import signal
import subprocess
from pathlib import Path

from tests.acceptance.program import COMMAND, environment


def on_a_terminal(
    *arguments: str, folder: Path, until: str = "", then: str | None = None, **variables: str
) -> str:
    """What a command shows on a terminal; once it has shown `until`, it gets what is typed then, or Ctrl-C."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(TERM="xterm-256color", **variables),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = ""
        while True:
            try:
                part = os.read(ours, 4096).decode()
            except OSError:  # what Linux says where others say that the stream has ended
                part = ""
            if not part:
                break
            shown += part
            if until and until in shown:
                until = ""
                if then is None:
                    process.send_signal(signal.SIGINT)
                else:
                    os.write(ours, then.encode())
    os.close(ours)
    return shown
