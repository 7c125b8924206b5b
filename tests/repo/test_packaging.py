"""What is installed is what the repository holds."""

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points, version

import pytest

from tests.repo.project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_version_is_the_one_of_pyproject():
    assert version("edgewise") == PROJECT["version"]


def test_the_command_is_installed():
    (command,) = entry_points(group="console_scripts", name="edgewise")
    assert command.value == PROJECT["scripts"]["edgewise"]


@pytest.mark.parametrize("pattern", ["*.py", "*.sql", "*.json", "py.typed"])
def test_the_wheel_carries_every_file_of_the_package(wheel_names, pattern):
    kept = {file.relative_to(ROOT / "src").as_posix() for file in (ROOT / "src/edgewise").rglob(pattern)}
    assert kept <= wheel_names


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory) -> set[str]:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())
