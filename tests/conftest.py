"""Servers that the tests of conformance and of clients share: one per profile and worker; which tests stay together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

settings.register_profile("edgewise", deadline=None)  # a busy machine is no fault of an example
settings.load_profile("edgewise")

pytest.register_assert_rewrite("tests.support", "tests.conformance.errors")

from tests.support.crm import Crm  # noqa: E402
from tests.support.oauth import define_apps  # noqa: E402
from tests.support.portal import define_types  # noqa: E402
from tests.support.server import Server, database_of  # noqa: E402

TOGETHER = ("tests/browser/", "tests/connectors/", "tests/repo/test_readme.py")
"""Where the tests of a file share what takes long to start, so that one worker runs them all."""


class Scheduling(LoadScopeScheduling):
    """Any test to any worker, but files named in `TOGETHER` as a whole, those first."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


@contextmanager
def _running(folder: Path, profile: str) -> Iterator[Crm]:
    define_types(database_of(folder))
    define_apps(database_of(folder))
    with Server(folder, profile=profile, is_durable=False) as server, Crm(server.url, profile) as crm:
        yield crm


@pytest.fixture(scope="session")
def live_documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """A server that follows the published documents."""
    with _running(tmp_path_factory.mktemp("documented"), "documented") as crm:
        yield crm


@pytest.fixture(scope="session")
def live_observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """A server that follows what the live service was seen to do."""
    with _running(tmp_path_factory.mktemp("observed"), "observed") as crm:
        yield crm


@pytest.fixture(scope="session", params=["documented", "observed"])
def live(request: pytest.FixtureRequest) -> Crm:
    """Each of both servers in turn."""
    crm: Crm = request.getfixturevalue(f"live_{request.param}")
    return crm
