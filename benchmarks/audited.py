"""PUT of a default link with the audit log, as a share of the same PUT without it."""

from __future__ import annotations

from contextlib import ExitStack

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, Dataset, count_pairs, database
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.load import put_script
from benchmarks.servers import AFTER_WRITES_S, edgewise
from benchmarks.windows import Window, loader

GOAL = Goal("audited", "PUT with the audit log, requests/s of without", target=0.92)

_WARM_UP_S = 1
_OPTIONS = {"plain": "--no-audit", "audited": "--audit"}


def run(bench: Bench) -> list[Figure]:
    """One figure: two servers over equal databases, loaded in turns."""
    dataset = Dataset(LARGE)
    send = put_script(dataset)
    windows: dict[str, list[Window]] = {name: [] for name in _OPTIONS}
    with loader(bench) as (load, folder), ExitStack() as running:
        servers = {}
        for name, option in _OPTIONS.items():
            file = copy_database(database(bench, dataset), folder / f"{name}.sqlite")
            servers[name] = running.enter_context(edgewise(file, bench.cores.server, option))
        for turn in range(bench.rounds + 1):
            for name in _OPTIONS if turn % 2 else reversed(_OPTIONS):
                seconds = bench.window_s if turn else _WARM_UP_S
                windows[name].append(load.load(servers[name], "put", send, seconds, AFTER_WRITES_S))
            ratio = windows["audited"][-1].per_s / windows["plain"][-1].per_s
            bench.say(f"audited: round {turn} of {bench.rounds}: {ratio:.3f}")
        running.close()
        for name in _OPTIONS:
            if count_pairs(folder / f"{name}.sqlite") <= dataset.pairs:
                raise Unmeasured(f"the server called {name} made no link")
    rounds = list(zip(windows["audited"][1:], windows["plain"][1:], strict=True))
    details = [
        {
            "audited_requests_per_s": with_log.per_s,
            "plain_requests_per_s": without.per_s,
            "audited_cpu_us": with_log.cpu_us,
            "plain_cpu_us": without.cpu_us,
        }
        for with_log, without in rounds
    ]
    return [Figure(GOAL, [with_log.per_s / without.per_s for with_log, without in rounds], medians(details))]
