"""Runs commands within the test's own process."""

import logging
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from edgewise.cli import main, servers
from edgewise.settings import Settings


class Ran(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    """Undoes what a command that starts a server does to Python's logging."""
    root, own = logging.getLogger(), logging.getLogger("edgewise")
    handlers, levels = root.handlers[:], (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line; answers its exit code and what it wrote."""

    def run_command(*arguments: str) -> Ran:
        code = main(arguments)
        return Ran(code, *capsys.readouterr())

    return run_command


@pytest.fixture
def settings_of(run: Run, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Runs dev or serve in an empty folder, without a server; answers the settings it would have had."""
    found: list[Settings] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(servers, "_run", lambda settings, *_: found.append(settings))

    def settings_of_command(*arguments: str) -> Settings:
        ran = run(*arguments)
        assert ran.code == 0, ran.err
        return found.pop()

    return settings_of_command
