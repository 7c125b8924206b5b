"""What it costs to know who calls: CPU of a request with token, scopes and rate limits, beyond one without."""

from __future__ import annotations

from contextlib import ExitStack
from statistics import median

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, Dataset, database
from benchmarks.figures import Figure, Goal, Unmeasured
from benchmarks.load import LIST_PATH, list_script, put_script
from benchmarks.servers import AFTER_WRITES_S, SOON_S, Server, gate
from benchmarks.windows import Window, loader

_BUDGET_US = 15

GOALS = {
    "list": Goal(
        "accounts-list",
        "token, scopes and rate limits, CPU of a GET",
        target=_BUDGET_US,
        is_ceiling=True,
        unit="µs",
    ),
    "put": Goal(
        "accounts-put",
        "token, scopes and rate limits, CPU of a PUT",
        target=_BUDGET_US,
        is_ceiling=True,
        unit="µs",
    ),
}
_WINDOW_S = 1
_ROUNDS = 3
"""Windows are short and many: what neighbours take for seconds at a time is then taken from both sides."""

_QUIET_S = {"list": SOON_S, "put": AFTER_WRITES_S}
_TOLD = "x-hubspot-ratelimit-remaining"


def run(bench: Bench) -> list[Figure]:
    """Two figures: two servers over equal databases, loaded in turns, so that neighbours disturb both alike."""
    dataset = Dataset(LARGE)
    scripts = {"list": list_script(dataset), "put": put_script(dataset)}
    windows: dict[tuple[str, str], list[Window]] = {}
    with loader(bench) as (load, folder), ExitStack() as running:
        servers = {}
        for kind in ("open", "guarded"):
            file = copy_database(database(bench, dataset), folder / f"{kind}.sqlite")
            servers[kind] = running.enter_context(gate(file, kind, bench.cores.server))
            _require(servers[kind], dataset, is_guarded=kind == "guarded")
        for turn in range(_ROUNDS * bench.rounds + 1):
            for name, send in scripts.items():
                for kind in servers if turn % 2 else reversed(servers):
                    window = load.load(servers[kind], name, send, _WINDOW_S, _QUIET_S[name])
                    if turn:
                        windows.setdefault((name, kind), []).append(window)
            bench.say(f"accounts: round {turn} of {_ROUNDS * bench.rounds}")
    return [_figure(goal, windows[name, "guarded"], windows[name, "open"]) for name, goal in GOALS.items()]


def _require(server: Server, dataset: Dataset, is_guarded: bool) -> None:
    """Whether a server checks what it should. Raises: Unmeasured."""
    path = LIST_PATH % dataset.contact_id(0)
    known, unknown = server.request("GET", path), server.request("GET", path, token="unknown")
    found = (known.status, unknown.status, _TOLD in known.headers)
    if found != ((200, 401, True) if is_guarded else (200, 200, False)):
        raise Unmeasured(f"the server that should be {'guarded' if is_guarded else 'open'} answered {found}")


def _figure(goal: Goal, guarded: list[Window], free: list[Window]) -> Figure:
    costs = [with_checks.cpu_us - without.cpu_us for with_checks, without in zip(guarded, free, strict=True)]
    ratios = [with_checks.per_s / without.per_s for with_checks, without in zip(guarded, free, strict=True)]
    details = {
        "guarded_cpu_us": median(window.cpu_us for window in guarded),
        "open_cpu_us": median(window.cpu_us for window in free),
        "least_guarded_cpu_us": min(window.cpu_us for window in guarded),
        "least_open_cpu_us": min(window.cpu_us for window in free),
        "requests_per_s_ratio": median(ratios),
    }
    return Figure(goal, costs, details)
