"""The locks pin everything by hash, name no host, and agree with pyproject.toml and with each other."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.repo.project import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / lock).read_text("utf-8")))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_address_and_no_index(lock):
    text = lock.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE), "an option of pip, such as an index"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_pin_of_a_lock_has_a_hash(lock):
    pins = re.split(r"^(?=[a-z0-9])", lock.read_text("utf-8"), flags=re.MULTILINE)
    assert [pin for pin in pins if pin.strip() and not re.search(r"--hash=sha256:[0-9a-f]{64}\b", pin)] == []


def test_what_users_install_is_what_is_tested():
    assert _pins("runtime.lock").items() <= _pins("dev.lock").items()


def _asked(name: str) -> list[str]:
    """The requirements of a file, without its comments."""
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    return [line.partition("#")[0].strip() for line in lines]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("runtime.lock", PROJECT["project"]["dependencies"]),
        ("dev.lock", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
        *((f"{name}.lock", _asked(f"{name}.in")) for name in ("uv", "etl", "airbyte")),
    ],
)
def test_a_lock_satisfies_what_is_asked_for(lock, wanted):
    """If this fails: ./dev lock."""
    pins = _pins(lock)
    requirements = [Requirement(text) for text in wanted]
    missing = [
        str(wish)
        for wish in requirements
        if not wish.specifier.contains(pins.get(canonicalize_name(wish.name), "0"), prereleases=True)
    ]
    assert missing == []
