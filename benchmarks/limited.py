"""PUT of a default link where both directions of the pair have a limit, as a share of the same PUT without limits."""

from __future__ import annotations

import json
from contextlib import ExitStack

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, Dataset, contact_company, count_pairs, database
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.load import put_script
from benchmarks.servers import AFTER_WRITES_S, Server, edgewise
from benchmarks.windows import Window, loader
from edgewise.domain.model import split_type_key

GOAL = Goal("limited", "PUT with limits both ways, requests/s of without", target=0.7)

_LIMIT = 10_000
_WARM_UP_S = 1
_CREATE = "/crm/v4/associations/definitions/configurations/%s/%s/batch/create"


def run(bench: Bench) -> list[Figure]:
    """One figure: two servers over equal databases, loaded in turns."""
    dataset = Dataset(LARGE)
    send = put_script(dataset)
    with loader(bench) as (load, folder), ExitStack() as running:
        servers = []
        for name in ("free", "limited"):
            file = copy_database(database(bench, dataset), folder / f"{name}.sqlite")
            servers.append(running.enter_context(edgewise(file, bench.cores.server)))
        free, limited = servers
        _set_limits(limited)
        windows: dict[int, list[Window]] = {free.pid: [], limited.pid: []}
        for turn in range(bench.rounds + 1):
            for server in (free, limited) if turn % 2 else (limited, free):
                seconds = bench.window_s if turn else _WARM_UP_S
                windows[server.pid].append(load.load(server, "put", send, seconds, AFTER_WRITES_S))
            ratio = windows[limited.pid][-1].per_s / windows[free.pid][-1].per_s
            bench.say(f"limited: round {turn} of {bench.rounds}: {ratio:.3f}")
        running.close()
        for name in ("free", "limited"):
            if count_pairs(folder / f"{name}.sqlite") <= dataset.pairs:
                raise Unmeasured(f"the server called {name} made no link")
    rounds = list(zip(windows[limited.pid][1:], windows[free.pid][1:], strict=True))
    details = [
        {
            "limited_requests_per_s": with_limits.per_s,
            "free_requests_per_s": without.per_s,
            "limited_cpu_us": with_limits.cpu_us,
            "free_cpu_us": without.cpu_us,
        }
        for with_limits, without in rounds
    ]
    return [
        Figure(GOAL, [with_limits.per_s / without.per_s for with_limits, without in rounds], medians(details))
    ]


def _set_limits(server: Server) -> None:
    """A limit on the unlabelled type of either direction, which no record of the data set reaches."""
    pair = contact_company()
    default = pair.require_default()
    there, back = default.type_id, split_type_key(default.mirror_key)[1]
    for source, target, type_id in (("contacts", "companies", there), ("companies", "contacts", back)):
        limit = {"category": "HUBSPOT_DEFINED", "typeId": type_id, "maxToObjectIds": _LIMIT}
        server.expect(201, "POST", _CREATE % (source, target), json.dumps({"inputs": [limit]}).encode())
