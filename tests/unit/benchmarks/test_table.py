"""The same figures, for people, for machines and for the documentation."""

import io
import json

import pytest
from rich.console import Console

from benchmarks.figures import Figure, Goal
from benchmarks.table import BEGIN, END, as_json, as_markdown, cells, print_table, replace_section

RATIO = Figure(
    Goal("put", "PUT default link", target=0.22, aim=0.30),
    [0.25, 0.2, 0.31],
    {"cpu_us": 1234.5, "cpu_ratio": 0.25},
)
MEMORY = Figure(
    Goal("memory", "idle memory", target=90, is_ceiling=True, unit="MB"), [95.04], doubt="the machine is busy"
)
FACTS = {"date": "2026-01-02", "processor": "a [fast] one"}


def test_a_line_has_target_aim_figure_spread_and_verdict():
    assert cells(RATIO) == (
        "PUT default link",
        "≥ 0.22",
        "≥ 0.3",
        "0.250",
        "0.200 to 0.310",
        "met, aim missed by 0.050 (17%)",
    )
    assert cells(MEMORY) == (
        "idle memory",
        "≤ 90 MB",
        "–",
        "95.0 MB",
        "95.0 to 95.0",
        "missed by 5.0 MB (6%); doubtful",
    )


def test_the_table_shows_everything():
    out = io.StringIO()
    print_table(Console(file=out, width=140), [RATIO, MEMORY], FACTS)
    shown = out.getvalue()
    for text in (
        *cells(RATIO),
        *cells(MEMORY),
        "cpu_us 1,234; cpu_ratio 0.25",
        "the machine is busy",
        "a [fast] one",
    ):
        assert text in shown


def test_machines_get_numbers():
    told = json.loads(as_json([RATIO, MEMORY], FACTS))
    ratio, memory = told["figures"]
    assert told["facts"] == FACTS
    assert (ratio["measured"], ratio["min"], ratio["max"], ratio["is_met"]) == (0.25, 0.2, 0.31, True)
    assert (ratio["unit"], ratio["bound"], ratio["aim"]) == ("ratio", "at least", 0.3)
    assert ratio["details"] == {"cpu_us": 1234.5, "cpu_ratio": 0.25}
    assert (memory["unit"], memory["bound"], memory["aim"], memory["is_met"]) == (
        "MB",
        "at most",
        None,
        False,
    )


def test_a_section_replaces_the_one_before_and_leaves_the_rest():
    document = f"# Speed\n\n{BEGIN}\nold\n{END}\n\nThe end.\n"
    section = as_markdown([RATIO], FACTS)
    once = replace_section(document, section)
    assert once == f"# Speed\n\n{BEGIN}\n\n{section}\n\n{END}\n\nThe end.\n"
    assert replace_section(once, section) == once
    assert "| PUT default link | ≥ 0.22 |" in once


@pytest.mark.parametrize("document", ["", BEGIN, END, f"{END}{BEGIN}"])
def test_a_document_without_markers_is_refused(document):
    with pytest.raises(ValueError, match="lacks the markers"):
        replace_section(document, "section")
