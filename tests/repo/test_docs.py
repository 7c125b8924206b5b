"""What the documents say of the repository is so: links lead somewhere, paths exist, settings and commands are told."""

import re
import subprocess
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
import typer.main

from edgewise.cli import app
from edgewise.data import hubspot_types
from edgewise.settings import Settings
from edgewise.wire.quirks import quirks_of
from tests.repo.documents import DOCUMENTS, blocks, commands, inline_code, read, table_rows
from tests.repo.project import ROOT

LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
OF_THE_PROJECT = re.compile(r"(src|tests|docs|changes|requirements|benchmarks|deploy|\.ci)/[\w./*-]+")
PLACEHOLDER = re.compile(r"NAME|NNNN|YYYY|KIND")
DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
SECTIONS = ["Context", "Decision", "Consequences", "What would change it"]


def _short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _anchors(file: Path) -> set[str]:
    """The anchors that a forge makes of a document's headings."""
    return {
        "#" + re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(file.read_text("utf-8"))
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=_short)
def test_every_relative_link_leads_somewhere(document):
    broken = []
    for path, anchor in LINK.findall(document.read_text("utf-8")):
        if path.startswith(("http://", "https://", "mailto:")):
            continue
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(path + anchor)
    assert broken == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_short)
def test_every_path_that_a_document_names_exists(document):
    named = {code for code in inline_code(document.read_text("utf-8")) if OF_THE_PROJECT.fullmatch(code)}
    assert [path for path in sorted(named) if not PLACEHOLDER.search(path) and not any(ROOT.glob(path))] == []


def test_the_architecture_names_the_files_it_talks_about_in_full():
    """A bare file name in its text would escape the test above; the picture may shorten."""
    text = read("ARCHITECTURE.md")
    bare = [code for code in inline_code(text) if re.fullmatch(r"\w+\.(py|sql|json)", code)]
    assert bare == []


def test_decisions_are_numbered_without_gaps_and_listed():
    pages = sorted(file.name for file in (ROOT / "docs/decisions").iterdir() if file.name != "README.md")
    numbers = [int(found[1]) for page in pages if (found := DECISION.fullmatch(page))]
    assert numbers == list(range(1, len(pages) + 1))
    listed = [path for path, _ in LINK.findall(read("docs/decisions/README.md"))]
    assert listed == pages


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("0*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_four_parts(page):
    title, *sections = HEADING.findall(page.read_text("utf-8"))
    assert title.startswith(f"{page.name[:4]}: ")
    assert sections == SECTIONS


def test_every_setting_is_told_with_its_default():
    told = {
        cells[0].strip("`"): cells[3].strip("`")
        for cells in table_rows(read("docs/settings.md"))
        if len(cells) == 5
    }
    del told["setting"]
    assert told == {field.name: _default(field) for field in fields(Settings)}


def _default(field: Any) -> str:
    value = field.default if field.default is not MISSING else field.default_factory()
    return str(value)


def test_every_flag_and_variable_of_the_settings_exists():
    options = _options("dev") | _options("serve")
    for cells in table_rows(read("docs/settings.md"))[1:]:
        flag, variable = cells[1].strip("`"), cells[2].strip("`")
        if flag:
            assert flag in options
            assert variable == "EDGEWISE_" + flag.removeprefix("--").replace("-", "_").upper()


def test_every_command_is_told():
    text = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    assert [name for name in _command_names() if f"edgewise {name}" not in text] == []


def test_every_option_of_a_server_is_told():
    text = read("docs/settings.md")
    options = _options("dev") | _options("serve")
    assert [option for option in sorted(options - {"--help"}) if f"`{option}" not in text] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_short)
def test_every_edgewise_command_in_a_document_can_be_run(document):
    text = document.read_text("utf-8")
    shell = [command for block in blocks(text) if block.language == "sh" for command in commands(block)]
    for command in (code for code in [*shell, *inline_code(text)] if code.startswith("edgewise ")):
        words = command.split()[1:]
        name = next((name for name in _command_names() if words[: name.count(" ") + 1] == name.split()), None)
        assert name, f"no command: {command}"
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert given <= _options(name), command


@pytest.mark.parametrize("document", DOCUMENTS, ids=_short)
def test_every_quirk_that_a_document_decides_exists(document):
    for name, choice in re.findall(r"\b([a-z_]+)=([a-z_]+)\b", document.read_text("utf-8")):
        if "_" in name:
            quirks_of("documented", {name: choice})


def test_the_readme_counts_the_object_types():
    assert f" {len(hubspot_types().object_types)} object types" in read("README.md")


def test_help_names_every_command():
    shown = subprocess.run(
        [sys.executable, "-m", "edgewise", "--help"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert [name for name in _command_names() if f"\n  {name.split()[0]} " not in shown] == []


def _tree() -> dict[str, Any]:
    """Every command by its full name."""
    found: dict[str, Any] = {}
    for name, command in typer.main.get_command(app).commands.items():
        below = getattr(command, "commands", None)
        found |= {f"{name} {each}": leaf for each, leaf in below.items()} if below else {name: command}
    return found


def _command_names() -> list[str]:
    return list(_tree())


def _options(name: str) -> set[str]:
    return {text for parameter in _tree()[name].params for text in parameter.opts} | {"--help"}
