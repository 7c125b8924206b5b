"""Where the project is, and which files belong to it."""

import ast
import subprocess
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE_FOLDERS = ("src", "tests", "benchmarks")


def source_files() -> list[Path]:
    return sorted(file for folder in SOURCE_FOLDERS for file in (ROOT / folder).rglob("*.py"))


def project_files() -> list[Path]:
    """Every file that is, or would be, committed; without git, every file outside hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [file for file in ROOT.rglob("*") if not _is_hidden(file)]
    return sorted(file for file in found if file.is_file())


def _is_hidden(file: Path) -> bool:
    parts = file.relative_to(ROOT).parts
    return any(part.startswith(".") or part == "__pycache__" for part in parts)


def imported_modules(file: Path) -> Iterator[str]:
    """The absolute names of what a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def imports_among(files: Mapping[str, Path]) -> dict[str, set[str]]:
    """Which of some modules each of them imports. files: by the names of their modules."""
    return {name: set(_imports_of(file, files.keys())) - {name} for name, file in files.items()}


def _imports_of(file: Path, modules: Set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{each.name}" for each in node.names}
            yield from names & modules if names & modules else {node.module} & modules
