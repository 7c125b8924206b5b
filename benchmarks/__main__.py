"""`./dev bench`: measures, prints the table, and says by its exit code whether every target is met.

Exit codes: 0 every target is met, 1 one is missed, 2 usage, 69 something it needs is missing, 70 a measurement failed.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPException
from time import perf_counter

from rich.console import Console

from benchmarks import (
    accounts,
    audited,
    batch_create,
    counted,
    growth,
    limited,
    list_links,
    put_default,
    records,
    start,
    table,
)
from benchmarks.bench import ROOT, Bench, quick
from benchmarks.figures import Figure, Unmeasured
from benchmarks.load import HOW_TO_GET_WRK, has_wrk
from benchmarks.machine import facts, is_supported, pick_cores

MEASUREMENTS: dict[str, Callable[[Bench], list[Figure]]] = {
    "put": put_default.run,
    "limited": limited.run,
    "audited": audited.run,
    "list": list_links.run,
    "counted": counted.run,
    "accounts": accounts.run,
    "batch": batch_create.run,
    "search": records.run_search,
    "search-many": records.run_search_many,
    "inline": records.run_inline,
    "growth": growth.run,
    "start": start.run,
}
_NEED_WRK = {
    "put",
    "limited",
    "audited",
    "list",
    "counted",
    "accounts",
    "search",
    "search-many",
    "inline",
    "growth",
}
_DOCUMENT = ROOT / "docs" / "performance.md"


def main() -> int:
    """Run what the arguments ask for."""
    arguments = _arguments()
    names = arguments.only or list(MEASUREMENTS)
    if not is_supported():
        print("bench: it reads CPU time and memory from /proc, so it needs Linux", file=sys.stderr)
        return 69
    if _NEED_WRK.intersection(names) and not has_wrk():
        print(f"bench: {HOW_TO_GET_WRK}", file=sys.stderr)
        return 69
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # whoever stops it also wants its servers stopped
    started = perf_counter()
    cores = pick_cores()
    bench = quick(cores) if arguments.quick else Bench(cores)
    if cores.server is None:
        bench.say("there is one core only, so servers and load share it: the ratios say less")
    bench.cache.mkdir(parents=True, exist_ok=True)
    known = facts(bench.cache, cores)
    try:
        figures = [figure for name in names for figure in MEASUREMENTS[name](bench)]
    except (Unmeasured, OSError, HTTPException, subprocess.SubprocessError) as error:
        bench.say(f"a measurement failed: {error}")
        return 70
    except KeyboardInterrupt:
        bench.say("stopped")
        return 130
    known["length"] = f"{'quick' if arguments.quick else 'full'}, {perf_counter() - started:.0f} s"
    _report(figures, known, arguments)
    return 0 if all(figure.is_met for figure in figures) else 1


def _report(figures: list[Figure], known: dict[str, str], arguments: argparse.Namespace) -> None:
    if arguments.json:
        print(table.as_json(figures, known))
    else:
        console = Console()
        table.print_table(console if console.is_terminal else Console(width=120), figures, known)
    if arguments.write:
        table.write_section(_DOCUMENT, figures, known)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure Edgewise against controls.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: at most 90 seconds")
    parser.add_argument(
        "--only",
        action="append",
        choices=MEASUREMENTS,
        metavar="NAME",
        help=f"one of {', '.join(MEASUREMENTS)}; may be repeated",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    arguments = parser.parse_args()
    if arguments.write and arguments.only:
        parser.error("--write needs every measurement: leave out --only")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
