"""Requests a second of Edgewise as a share of what the control reaches, round by round."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, Dataset, count_pairs, database
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.load import Script
from benchmarks.servers import AFTER_WRITES_S, SOON_S, Server, control, edgewise
from benchmarks.windows import Window, loader

_WARM_UP_S = 1

_BUSY_MIN = 0.9
_FLATTERING = "the control's core was not busy all the time, which makes the ratio too good; see cpu_ratio"


def measure(
    bench: Bench,
    goal: Goal,
    script: Callable[[Dataset], Script],
    sample: Callable[[Server, Dataset], bytes],
    writes: bool,
) -> Figure:
    """Load Edgewise and the control in turns; whoever is not loaded is idle.

    sample: asks Edgewise once and answers the body, which the control then gives to every request.
    writes: every request makes a link, so afterwards there must be as many links more as requests were answered.
    Raises: Unmeasured.
    """
    dataset = Dataset(LARGE)
    template = database(bench, dataset)
    send = script(dataset)
    with loader(bench) as (load, folder), ExitStack() as running:
        file = copy_database(template, folder / "edgewise.sqlite")
        ours = running.enter_context(edgewise(file, bench.cores.server))
        body = sample(ours, dataset)
        plain = running.enter_context(control(body, folder, bench.cores.server))
        windows: dict[int, list[Window]] = {ours.pid: [], plain.pid: []}
        quiet_s = {ours.pid: AFTER_WRITES_S if writes else SOON_S, plain.pid: SOON_S}
        for server in (plain, ours):
            windows[server.pid].append(load.load(server, goal.name, send, _WARM_UP_S, quiet_s[server.pid]))
        for turn in range(bench.rounds):
            for server in (ours, plain) if turn % 2 else (plain, ours):
                windows[server.pid].append(
                    load.load(server, goal.name, send, bench.window_s, quiet_s[server.pid])
                )
            ratio = windows[ours.pid][-1].per_s / windows[plain.pid][-1].per_s
            bench.say(f"{goal.name}: round {turn + 1} of {bench.rounds}: {ratio:.3f}")
        memory = ours.memory()
        running.close()
        if writes:
            _require_links(count_pairs(file) - dataset.pairs, windows[ours.pid])
    rounds = list(zip(windows[ours.pid][1:], windows[plain.pid][1:], strict=True))
    details = medians([_details(our, control_window) for our, control_window in rounds])
    return Figure(
        goal,
        [our.per_s / control_window.per_s for our, control_window in rounds],
        details | {"answer_bytes": len(body), "rss_under_load_mb": memory.rss_mb},
        _FLATTERING if details["control_cores_busy"] < _BUSY_MIN else "",
    )


def _details(our: Window, plain: Window) -> dict[str, float]:
    return {
        "edgewise_requests_per_s": our.per_s,
        "control_requests_per_s": plain.per_s,
        "edgewise_cpu_us": our.cpu_us,
        "control_cpu_us": plain.cpu_us,
        "cpu_ratio": plain.cpu_us / our.cpu_us,
        "edgewise_cores_busy": our.busy,
        "control_cores_busy": plain.busy,
        "edgewise_p50_ms": our.p50_us / 1000,
        "edgewise_p99_ms": our.p99_us / 1000,
    }


def _require_links(made: int, windows: list[Window]) -> None:
    """Every answered request made a link; the last ones of a window may have made one without being counted."""
    answered = sum(window.requests for window in windows)
    sent = sum(len(window.numbers) for window in windows)
    if not answered <= made <= sent:
        raise Unmeasured(f"{answered} requests were answered, but {made} links made")
