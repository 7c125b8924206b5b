"""The project's documents, as far as tests read them: their fenced blocks, inline code and tables."""

import re
from typing import NamedTuple

from tests.repo.project import ROOT, project_files

DOCUMENTS = [file for file in project_files() if file.suffix == ".md"]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")


class Block(NamedTuple):
    """A fenced block. line: where it begins. lead: the last line of text before it."""

    line: int
    lead: str
    language: str
    text: str


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    return [
        Block(
            text.count("\n", 0, found.start()) + 1,
            text[: found.start()].rstrip().rpartition("\n")[2],
            found[1],
            found[2],
        )
        for found in _FENCED.finditer(text)
    ]


def inline_code(text: str) -> list[str]:
    """What stands between single backticks, outside fenced blocks."""
    return _INLINE.findall(_FENCED.sub("", text))


def commands(block: Block) -> list[str]:
    """The commands of a shell block, each with the lines it goes on for, without comments."""
    joined = block.text.replace("\\\n", " ")
    found: list[str] = []
    for line in joined.splitlines():
        if found and found[-1].count("'") % 2:
            found[-1] += f"\n{line}"
        elif line.strip():
            found.append(line.partition("  #")[0].strip())
    return found


def table_rows(text: str) -> list[list[str]]:
    """The cells of every table row of a document, headings included."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
