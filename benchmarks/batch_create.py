"""Batches of 2,000 links over HTTP, as a share of what the store does with the same batches without it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from benchmarks.bench import ROOT, Bench, copy_database
from benchmarks.dataset import LARGE, Dataset, contact_company, count_pairs, database
from benchmarks.engine import BATCH, pairs_of
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.machine import pinned_to
from benchmarks.servers import AFTER_WRITES_S, Server, edgewise, environment, stop

GOAL = Goal("batch", "batch/create of 2,000, pairs/s of the store's without HTTP", target=0.5, aim=0.7)
PATH = "/crm/v4/associations/contacts/companies/batch/create"
WAYS = ("store", "checked", "raw")
"""Of the engine; the first one is what HTTP is compared with, the others tell what the store itself costs."""

_WARM_UP = 2


class Run(NamedTuple):
    """Some batches, one after the other."""

    pairs_per_s: float
    cpu_ms: float


class Engine:
    """The process that writes batches without HTTP; see `benchmarks.engine`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, way: str, batches: range) -> Run:
        """Let it write batches in one of its ways. Raises: Unmeasured."""
        if self._process.stdin is None or self._process.stdout is None:
            raise Unmeasured("the engine has no pipes")
        print(way, batches.start, batches.stop, file=self._process.stdin, flush=True)
        told = self._process.stdout.readline()
        if not told:
            raise Unmeasured("the engine ended")
        took = json.loads(told)
        return Run(len(batches) * BATCH / took["seconds"], took["cpu_s"] / len(batches) * 1000)


def run(bench: Bench) -> list[Figure]:
    """One figure. Each side has a database of its own, and writes the same batches into it."""
    dataset = Dataset(LARGE)
    template = database(bench, dataset)
    sides: dict[str, list[Run]] = {side: [] for side in ("http", *WAYS)}
    with bench.folder() as folder, ExitStack() as running:
        files = {side: copy_database(template, folder / f"{side}.sqlite") for side in sides}
        server = running.enter_context(edgewise(files["http"], bench.cores.server))
        engine = running.enter_context(_engine(files, dataset, bench.cores.server))
        first = 0
        for turn in range(bench.batch_rounds + 1):
            batches = range(first, first + (bench.batches if turn else _WARM_UP))
            bodies = [_body(dataset, number) for number in batches]
            for side in list(sides) if turn % 2 else reversed(sides):
                if side == "http":
                    sides[side].append(_over_http(server, bodies, bench))
                else:
                    sides[side].append(engine.run(side, batches))
            first = batches.stop
            ratio = sides["http"][-1].pairs_per_s / sides["store"][-1].pairs_per_s
            bench.say(f"batch: round {turn} of {bench.batch_rounds}: {ratio:.3f}")
        running.close()
        made = {side: count_pairs(file) - dataset.pairs for side, file in files.items()}
        if any(count != first * BATCH for count in made.values()):
            raise Unmeasured(f"{first} batches of {BATCH} made {made} links")
    rounds = [dict(zip(sides, each, strict=True)) for each in list(zip(*sides.values(), strict=True))[1:]]
    return [
        Figure(
            GOAL,
            [each["http"].pairs_per_s / each["store"].pairs_per_s for each in rounds],
            medians([_details(each) for each in rounds]),
        )
    ]


def _details(sides: dict[str, Run]) -> dict[str, float]:
    http, store = sides["http"], sides["store"]
    speeds = {f"{side}_pairs_per_s": run.pairs_per_s for side, run in sides.items()}
    costs = {f"{side}_cpu_ms_per_batch": run.cpu_ms for side, run in sides.items()}
    return {
        **speeds,
        **costs,
        "cpu_ratio": store.cpu_ms / http.cpu_ms,
        "ratio_to_checked": http.pairs_per_s / sides["checked"].pairs_per_s,
        "ratio_to_raw": http.pairs_per_s / sides["raw"].pairs_per_s,
    }


def _body(dataset: Dataset, number: int) -> bytes:
    default = contact_company().require_default()
    types = [{"associationCategory": default.category.name, "associationTypeId": default.type_id}]
    return json.dumps(
        {
            "inputs": [
                {"from": {"id": str(contact_id)}, "to": {"id": str(company_id)}, "types": types}
                for contact_id, company_id in pairs_of(dataset, number)
            ]
        },
        separators=(",", ":"),
    ).encode()


def _over_http(server: Server, bodies: Sequence[bytes], bench: Bench) -> Run:
    """Send batches over one connection, each after the answer to the one before. Raises: Unmeasured."""
    before_s = server.cpu_s()
    with pinned_to(bench.cores.load):
        started = perf_counter()
        answers = [server.request("POST", PATH, body) for body in bodies]
        took_s = perf_counter() - started
    server.settle(AFTER_WRITES_S)
    cpu_s = server.cpu_s() - before_s
    for status, body, _ in answers:
        if status != 201 or len(json.loads(body)["results"]) != BATCH:
            raise Unmeasured(f"batch/create answered {status}: {body[:500].decode()}")
    return Run(len(bodies) * BATCH / took_s, cpu_s / len(bodies) * 1000)


@contextmanager
def _engine(files: dict[str, Path], dataset: Dataset, core: int | None) -> Iterator[Engine]:
    databases = [str(files[way]) for way in WAYS]
    command = (sys.executable, "-m", "benchmarks.engine", str(dataset.pairs), *databases)
    with pinned_to(core):
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
        )
    try:
        yield Engine(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        stop(process)
