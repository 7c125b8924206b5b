"""What it costs to count a request for the metrics, as a share of a GET of a list."""

from __future__ import annotations

from time import perf_counter_ns

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, Dataset, database
from benchmarks.figures import Figure, Goal, medians
from benchmarks.load import list_script
from benchmarks.servers import SOON_S, edgewise
from benchmarks.windows import loader
from edgewise.http.traffic import Traffic
from edgewise.surfaces.surface import Route
from edgewise.wiring import routes

GOAL = Goal("counted", "counting a request, of a GET list's CPU", target=0.01, is_ceiling=True)

_BURSTS = 2_000
_BURST = 100


def run(bench: Bench) -> list[Figure]:
    """One figure: both in turns, since the machine is not equally fast all the time."""
    dataset = Dataset(LARGE)
    send = list_script(dataset)
    details = []
    with loader(bench) as (load, folder):
        file = copy_database(database(bench, dataset), folder / "counted.sqlite")
        with edgewise(file, bench.cores.server) as server:
            for turn in range(bench.rounds + 1):
                window = load.load(server, "list", send, bench.window_s if turn else 1, SOON_S)
                if turn:
                    details.append({"count_us": count_us(), "list_cpu_us": window.cpu_us})
                    bench.say(f"counted: round {turn} of {bench.rounds}: {details[-1]}")
    return [Figure(GOAL, [each["count_us"] / each["list_cpu_us"] for each in details], medians(details))]


def count_us() -> float:
    """The least time for one request of many short bursts, less that of a call that does nothing."""
    counts = Traffic()
    route = routes()[0]

    def nothing(_route: Route, _status: int, _duration_ns: int) -> None:
        pass

    least = {}
    for call in (counts.note, nothing):
        took = []
        for _ in range(_BURSTS):
            began = perf_counter_ns()
            for _ in range(_BURST):
                call(route, 200, 123_456)
            took.append(perf_counter_ns() - began)
        least[call] = min(took)
    return (least[counts.note] - least[nothing]) / _BURST / 1000
