"""Whether a client is installed as its lock says; where it is not, its tests are skipped, and fail in CI."""

import os
import shutil
from pathlib import Path

import pytest

from tests.support.server import ROOT

NODE_LOCK = ROOT / "tests/clients/node/package-lock.json"


def leave_out(reason: str) -> None:
    """Skip the test at hand; in CI, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def require_node() -> Path:
    """The folder where the Node clients are installed."""
    if shutil.which("node") is None:
        leave_out("node is not on PATH")
    return _require("node", NODE_LOCK, "./dev setup")


def require_etl() -> Path:
    """The environment of the connectors that every run of the tests has."""
    return _require("etl", ROOT / "requirements/etl.lock", "./dev setup")


def require_airbyte() -> Path:
    """The environment of the Airbyte connector, which needs a Python of its own."""
    return _require("airbyte", ROOT / "requirements/airbyte.lock", "./dev test --clients")


def _require(name: str, lock: Path, command: str) -> Path:
    folder = ROOT / ".dev" / name
    kept = folder / "lock"
    if not kept.is_file() or kept.read_bytes() != lock.read_bytes():
        leave_out(f".dev/{name} is not as {lock.relative_to(ROOT)} says; {command} sets it up")
    return folder
