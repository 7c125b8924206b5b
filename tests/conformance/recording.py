"""A plugin of pytest that writes down which operations answered as published: `./dev coverage` loads it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from edgewise import wiring
from tests.conformance.documents import published

Address = tuple[str, str, str]
"""Version, method and path."""

OPTION = "--record-coverage"


def addresses() -> list[Address]:
    """Everything that is served or published, version by version."""
    served = [(route.version, route.method, route.path) for route in wiring.routes()]
    order = {version: place for place, version in enumerate(dict.fromkeys(each[0] for each in served))}
    return sorted({*served, *published()}, key=lambda each: (order[each[0]], each[2], each[1]))


class Recorder:
    """Gathers what became of every case."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: dict[tuple[Address, str], bool] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name == "answered" and report.when == "call":
                version, method, path, profile = value
                key = ((version, method, path), profile)
                self._found[key] = self._found.get(key, True) and report.passed

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return  # nothing was found out
        self._file.write_text(_lines(self._facts()), "utf-8")

    def _facts(self) -> Iterable[dict[str, Any]]:
        for address in addresses():
            version, method, path = address
            yield {
                "version": version,
                "method": method,
                "path": path,
                "published": address in published(),
                "passed": [
                    profile
                    for profile in ("documented", "observed")
                    if self._found.get((address, profile), False)
                ],
            }


def _lines(facts: Iterable[dict[str, Any]]) -> str:
    """A JSON list with a line for each fact."""
    return "[\n" + ",\n".join(f"  {json.dumps(fact)}" for fact in facts) + "\n]\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        OPTION, type=Path, metavar="FILE", help="Write down which operations answer as published."
    )


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption(OPTION)
    if file is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(file))
