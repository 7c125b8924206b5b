"""./dev explains itself, and says what to type where it cannot work."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.repo.project import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="./dev is a POSIX shell script")
VERBS = ("setup", "demo", "test", "check", "fix", "bench", "coverage", "clean", "lock", "help")
TOOLS = ("sh", "cat", "cksum", "cmp", "cp", "dirname", "grep", "head", "mkdir", "rm", "sleep")


def _dev(*arguments: str, folder: Path = ROOT, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [folder / "dev", *arguments], cwd=folder, capture_output=True, text=True, check=False, **options
    )


@pytest.mark.parametrize("arguments", [("help",), ("--help",), ("-h",), ()])
def test_help_lists_every_verb(arguments):
    shown = _dev(*arguments)
    assert shown.returncode == 0
    assert tuple(re.findall(r"^  (\w+) ", shown.stdout, re.MULTILINE)) == VERBS


def test_the_script_handles_every_verb_it_lists():
    cases = re.findall(r"^    (\w+)(?: \| [^)]+)?\) ", (ROOT / "dev").read_text("utf-8"), re.MULTILINE)
    assert tuple(cases) == VERBS


def test_the_makefile_knows_every_verb():
    assert f"VERBS = {' '.join(VERBS)}\n" in (ROOT / "Makefile").read_text("utf-8")


def test_an_unknown_verb_is_a_usage_error():
    shown = _dev("frobnicate")
    assert shown.returncode == 2
    assert "no verb 'frobnicate'" in shown.stderr
    assert shown.stdout == ""


@pytest.mark.parametrize("script", ["dev", ".ci/run"])
def test_a_script_is_executable_and_parses(script):
    assert os.access(ROOT / script, os.X_OK)
    shell = "bash" if script == ".ci/run" else shutil.which("dash") or "sh"
    subprocess.run([shell, "-n", ROOT / script], check=True)


def test_without_uv_and_pip_it_says_what_to_type(tmp_path):
    """A machine with the usual tools and no Python: exit 69, and one command."""
    clone, bin_folder = tmp_path / "clone", tmp_path / "bin"
    shutil.copytree(ROOT / "requirements", clone / "requirements")
    for name in ("dev", "pyproject.toml"):
        shutil.copy2(ROOT / name, clone)
    bin_folder.mkdir()
    for tool in TOOLS:
        (bin_folder / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    shown = _dev("setup", folder=clone, env={"PATH": str(bin_folder), "HOME": str(tmp_path)})
    assert shown.returncode == 69
    assert "found neither" in shown.stderr
    assert len(re.findall(r"^    \S", shown.stderr, re.MULTILINE)) == 1
