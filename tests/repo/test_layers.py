"""Imports point one way, and an import that points the other way is noticed."""

import os
import shutil
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.repo.project import ROOT, imported_modules, imports_among

LAYERS = "Imports point one way"
PLANTS = [
    ("domain", "import edgewise.stores.memory", LAYERS),
    ("domain", "import edgewise.data", LAYERS),
    ("domain", "import msgspec", "The domain imports the standard library only"),
    ("stores", "import edgewise.wire", "Stores know only the domain"),
    ("stores", "import edgewise.http", LAYERS),
    ("jobs", "import edgewise.wire", "Jobs know only the domain"),
    ("jobs", "import edgewise.stores.memory", LAYERS),
    ("surfaces", "import edgewise.stores.memory", LAYERS),
    ("http", "import edgewise.stores.memory", LAYERS),
    ("wire", "import edgewise.surfaces", LAYERS),
    ("http", "import edgewise.settings", LAYERS),
    ("surfaces/versions", "import edgewise.surfaces.versions.v4", "No published version imports another"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, to plant imports in."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def _lint_imports(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_package_as_it_is_keeps_its_layers(copy):
    found = _lint_imports(copy)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(("package", "statement", "contract"), PLANTS, ids=[f"{p}-{s}" for p, s, _ in PLANTS])
def test_a_planted_import_against_the_direction_is_refused(copy, package, statement, contract):
    (copy / "src/edgewise" / package / "planted.py").write_text(f'"""Planted."""\n\n{statement}\n', "utf-8")
    found = _lint_imports(copy)
    broken = [line for line in found.stdout.splitlines() if line.endswith("BROKEN")]
    assert found.returncode == 1, found.stdout
    assert any(line.startswith(contract) for line in broken), found.stdout


def test_the_domain_imports_nothing_but_itself_and_the_standard_library():
    """Stricter than the contract, which can only name the packages it forbids."""
    allowed = sys.stdlib_module_names | {"edgewise"}
    foreign = {
        f"{file.name}: {module}"
        for file in (ROOT / "src/edgewise/domain").rglob("*.py")
        for module in imported_modules(file)
        if module.split(".")[0] not in allowed
    }
    assert foreign == set()


def test_no_files_import_each_other_in_a_circle(tmp_path: Path):
    package = ROOT / "src"
    assert _circle(package) is None
    shutil.copytree(package, tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    model = tmp_path / "src/edgewise/domain/model.py"
    model.write_text(f"{model.read_text('utf-8')}\n\ndef late():\n    from edgewise.domain import catalog\n")
    found = _circle(tmp_path / "src")
    assert found is not None
    assert {"edgewise.domain.model", "edgewise.domain.catalog"} <= set(found)


def _circle(source: Path) -> list[str] | None:
    """The names of modules that import each other, whenever they do so; None where none do."""
    files = {
        ".".join(file.relative_to(source).with_suffix("").parts).removesuffix(".__init__"): file
        for file in source.rglob("*.py")
    }
    try:
        TopologicalSorter(imports_among(files)).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return None
