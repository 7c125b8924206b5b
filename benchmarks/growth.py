"""What a request costs in a large database, as a multiple of its cost in a small one."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from operator import attrgetter
from typing import NamedTuple

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, SMALL, Dataset, count_pairs, database
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.load import Script, list_script, put_script
from benchmarks.servers import AFTER_WRITES_S, SOON_S, Server, edgewise
from benchmarks.windows import Loader, Window, loader

_WINDOW_S = 1
"""Short, since the links that are made meanwhile make the small database grow."""

_BATCH = 2_000
_ARCHIVE = "/crm/v4/associations/contacts/companies/batch/archive"


def _goal(name: str, what: str) -> Goal:
    return Goal(name, f"{what} at 1,000,000 pairs, of 10,000's", target=1.5, is_ceiling=True)


FIGURES = (
    (_goal("growth-put-cpu", "CPU per PUT"), "put", attrgetter("cpu_us")),
    (_goal("growth-put-wall", "time per PUT"), "put", attrgetter("wall_us")),
    (_goal("growth-list-cpu", "CPU per GET"), "list", attrgetter("cpu_us")),
    (_goal("growth-list-wall", "time per GET"), "list", attrgetter("wall_us")),
)


class Side(NamedTuple):
    """A server over one of the two databases, and what it was asked."""

    dataset: Dataset
    server: Server
    scripts: dict[str, Script]
    windows: dict[str, list[Window]]


def run(bench: Bench) -> list[Figure]:
    """CPU and time, of a PUT and of a GET; the two servers are loaded in turns."""
    with loader(bench) as (load, folder), ExitStack() as running:
        sides = []
        for dataset in (Dataset(SMALL), Dataset(LARGE)):
            file = copy_database(database(bench, dataset), folder / f"{dataset.pairs}.sqlite")
            server = running.enter_context(edgewise(file, bench.cores.server))
            scripts = {"put": put_script(dataset), "list": list_script(dataset)}
            sides.append(Side(dataset, server, scripts, {name: [] for name in scripts}))
        for turn in range(bench.growth_rounds + 1):
            for side in sides if turn % 2 else reversed(sides):
                for name in side.scripts:
                    _measure(load, side, name)
            bench.say(f"growth: round {turn} of {bench.growth_rounds}")
        running.close()
        for side in sides:
            left = count_pairs(folder / f"{side.dataset.pairs}.sqlite")
            if left != side.dataset.pairs:
                raise Unmeasured(f"{left} pairs instead of {side.dataset.pairs} are left")
    small, large = sides
    return [_figure(goal, name, cost, small, large) for goal, name, cost in FIGURES]


def _measure(load: Loader, side: Side, name: str) -> None:
    """One window; the links that it made are removed again."""
    quiet_s = AFTER_WRITES_S if name == "put" else SOON_S
    window = load.load(side.server, name, side.scripts[name], _WINDOW_S, quiet_s)
    side.windows[name].append(window)
    if name == "put":
        for first in range(window.numbers.start, window.numbers.stop, _BATCH):
            numbers = range(first, min(first + _BATCH, window.numbers.stop))
            pairs = [side.dataset.new_pair(number) for number in numbers]
            inputs = [
                {"from": {"id": str(contact)}, "to": [{"id": str(company)}]} for contact, company in pairs
            ]
            side.server.expect(204, "POST", _ARCHIVE, json.dumps({"inputs": inputs}).encode())
        side.server.settle(quiet_s)


def _figure(goal: Goal, name: str, cost: Callable[[Window], float], small: Side, large: Side) -> Figure:
    """The first window of each side was to warm up."""
    rounds = [
        (cost(at_small), cost(at_large))
        for at_small, at_large in zip(small.windows[name][1:], large.windows[name][1:], strict=True)
    ]
    return Figure(
        goal,
        [at_large / at_small for at_small, at_large in rounds],
        medians([{f"us_at_{SMALL}": at_small, f"us_at_{LARGE}": at_large} for at_small, at_large in rounds]),
    )
