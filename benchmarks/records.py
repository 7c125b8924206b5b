"""What operations on records cost: searches as multiples of a read by id, a create with links as one of one without."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from string import Template
from typing import Any

from benchmarks.bench import CONNECTIONS, Bench, copy_database
from benchmarks.dataset import LARGE, STRIDE, Dataset, contact_company, database
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.load import DONE, Script
from benchmarks.servers import AFTER_WRITES_S, SOON_S, Server, edgewise
from benchmarks.windows import Window, loader

_RECORD = "/crm/v3/objects/contacts"
_SEARCH = f"{_RECORD}/search"
_LINKS = 3

MANY = Dataset(1_000_000, targets=1)
"""A million contacts."""


def _eq(**texts: str) -> dict[str, Any]:
    filters = [{"propertyName": name, "operator": "EQ", "value": text} for name, text in texts.items()]
    return {"filterGroups": [{"filters": filters}]}


def _filter(**asked: str) -> dict[str, Any]:
    return {"filterGroups": [{"filters": [asked]}]}


SEARCHES: Mapping[str, tuple[str, Any]] = {
    "email": ("by email", _eq(email="PersonCONTACT@example.com")),
    "two": ("by two properties", _eq(firstname="ada CONTACT", lastname="lovelace")),
    "range": (
        "by a range",
        _filter(
            propertyName="email", operator="BETWEEN", value="personCONTACT@", highValue="personCONTACT@f"
        ),
    ),
    "sort": ("for all, sorted", {"sorts": ["email"]}),
    "query": ("by a query", {"query": "personCONTACT@example"}),
    "token": ("by a token", _filter(propertyName="firstname", operator="CONTAINS_TOKEN", value="CONTACT")),
    "company": ("by company", _eq(**{"associations.company": "COMPANY"})),
}
"""What is searched for; the first words of each say how."""

BROAD: Mapping[str, tuple[str, Any]] = {
    "query-broad": ("query for what all contacts have", {"query": "ada"}),
    "sort-broad": ("sort by what all contacts have, falling", {"query": "ada", "sorts": ["-lastname"]}),
}
"""Asked for one at a time: a client of 64 would wait for seconds."""

_BROAD_MS = 100


def _search_goal(prefix: str, name: str, how: str, of: str) -> Goal:
    return Goal(f"{prefix}-{name}", f"search {how}{of}, CPU of a GET by id", target=5, is_ceiling=True)


INLINE = Goal("inline", f"create with {_LINKS} associations, CPU of without", target=2, is_ceiling=True)

_GET = Template(
    """\
local number = $first - 1
function request()
  number = number + 1
  local contact = number * $stride % $contacts
  return string.format("GET $path/%d HTTP/1.1\\r\\n$headers\\r\\n", $first_contact + contact)
end
"""
)

_POST = Template(
    """\
local number = $first - 1
function request()
  number = number + 1
  local contact = number * $stride % $contacts
  local company = $first_company + contact % $companies
  local body = ($body):gsub("NUMBER", number):gsub("CONTACT", contact):gsub("COMPANY", company)
  return string.format("POST $path HTTP/1.1\\r\\n$headers" ..
    "Content-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n%s", #body, body)
end
"""
)


def run_search(bench: Bench) -> list[Figure]:
    """A figure for each kind of search among 100,000 contacts."""
    goals = {name: _search_goal("search", name, how, "") for name, (how, _) in SEARCHES.items()}
    windows = _search_windows(bench, Dataset(LARGE), SEARCHES)
    return [_figure(goal, windows, name, "get") for name, goal in goals.items()]


def run_search_many(bench: Bench) -> list[Figure]:
    """The same among 1,000,000, and what searches cost that all of them match."""
    of = " of 1,000,000"
    goals = {name: _search_goal("search-many", name, how, of) for name, (how, _) in SEARCHES.items()}
    windows = _search_windows(bench, MANY, {**SEARCHES, **BROAD})
    figures = [_figure(goal, windows, name, "get") for name, goal in goals.items()]
    for name, (how, _) in BROAD.items():
        goal = Goal(f"search-{name}", f"{how}{of}, CPU", target=_BROAD_MS, is_ceiling=True, unit="ms")
        figures.append(Figure(goal, [window.cpu_us / 1000 for window in windows[name][1:]], {}))
    return figures


def _search_windows(
    bench: Bench, dataset: Dataset, searches: Mapping[str, tuple[str, Any]]
) -> dict[str, list[Window]]:
    """One server is asked in all ways, and for a contact by its id, in turns."""
    scripts = {"get": _get_script(dataset)}
    scripts |= {name: _post_script(dataset, _SEARCH, body) for name, (_, body) in searches.items()}
    with loader(bench) as (load, folder), ExitStack() as running:
        file = copy_database(database(bench, dataset), folder / "edgewise.sqlite")
        server = running.enter_context(edgewise(file, bench.cores.server))
        _require_found(server, dataset)
        windows: dict[str, list[Window]] = {name: [] for name in scripts}
        for turn in range(bench.rounds + 1):
            for name in scripts if turn % 2 else reversed(scripts):
                seconds = bench.window_s if turn else 1
                connections = 1 if name in BROAD else CONNECTIONS
                windows[name].append(load.load(server, name, scripts[name], seconds, SOON_S, connections))
            told = ", ".join(f"{name} {_ratios(windows, name)[-1]:.2f}" for name in searches)
            bench.say(f"search of {dataset.contacts:,}: round {turn} of {bench.rounds}: {told}")
    return windows


def run_inline(bench: Bench) -> list[Figure]:
    """One figure: one server makes contacts in two ways, in turns."""
    dataset = Dataset(LARGE)
    default = contact_company().require_default()
    types = [{"associationCategory": default.category.name, "associationTypeId": default.type_id}]
    links = [{"to": {"id": str(dataset.company_id(n))}, "types": types} for n in range(_LINKS)]
    scripts = {}
    for name, associations in (("without", []), ("with", links)):
        properties = {
            "email": f"{name}NUMBER@example.org",
            "firstname": "Ada NUMBER",
            "lastname": "Lovelace",
            "lifecyclestage": "opportunity",
        }
        body = {"properties": properties, "associations": associations}
        scripts[name] = _post_script(dataset, _RECORD, body)
    windows: dict[str, list[Window]] = {name: [] for name in scripts}
    with loader(bench) as (load, folder), ExitStack() as running:
        file = copy_database(database(bench, dataset), folder / "edgewise.sqlite")
        server = running.enter_context(edgewise(file, bench.cores.server))
        for turn in range(bench.rounds + 1):
            for name in scripts if turn % 2 else reversed(scripts):
                seconds = bench.window_s if turn else 1
                windows[name].append(load.load(server, name, scripts[name], seconds, AFTER_WRITES_S))
            ratio = windows["with"][-1].cpu_us / windows["without"][-1].cpu_us
            bench.say(f"inline: round {turn} of {bench.rounds}: {ratio:.3f}")
    return [_figure(INLINE, windows, "with", "without")]


def _require_found(server: Server, dataset: Dataset) -> None:
    """Whether the searches find what they should. Raises: Unmeasured."""
    for name, (_, body) in SEARCHES.items():
        text = json.dumps(body).replace("CONTACT", "7").replace("COMPANY", str(dataset.company_id(7)))
        found = json.loads(server.expect(200, "POST", _SEARCH, text.encode()))
        ids = [record["id"] for record in found["results"]]
        is_wanted = {
            "company": found["total"] >= 1,
            "sort": found["total"] == dataset.contacts,
        }.get(name, ids == [str(dataset.contact_id(7))])
        if not is_wanted:
            raise Unmeasured(f"the search by {name} found {found['total']} records: {ids}")


def _figure(goal: Goal, windows: Mapping[str, list[Window]], name: str, base: str) -> Figure:
    rounds = list(zip(windows[name][1:], windows[base][1:], strict=True))
    details = [
        {
            f"{name}_requests_per_s": ours.per_s,
            f"{base}_requests_per_s": theirs.per_s,
            f"{name}_cpu_us": ours.cpu_us,
            f"{base}_cpu_us": theirs.cpu_us,
            "time_ratio": ours.wall_us / theirs.wall_us,
        }
        for ours, theirs in rounds
    ]
    return Figure(goal, [ours.cpu_us / theirs.cpu_us for ours, theirs in rounds], medians(details))


def _ratios(windows: Mapping[str, list[Window]], name: str) -> list[float]:
    return [a.cpu_us / b.cpu_us for a, b in zip(windows[name], windows["get"], strict=True)]


def _get_script(dataset: Dataset) -> Script:
    return lambda server, first: _GET.substitute(_common(dataset, server, first), path=_RECORD) + DONE


def _post_script(dataset: Dataset, path: str, body: Any) -> Script:
    text = f"[==[{json.dumps(body, separators=(',', ':'))}]==]"
    return lambda server, first: (
        _POST.substitute(_common(dataset, server, first), path=path, body=text) + DONE
    )


def _common(dataset: Dataset, server: Server, first: int) -> dict[str, object]:
    return {
        "first": first,
        "stride": STRIDE,
        "contacts": dataset.contacts,
        "companies": dataset.companies,
        "first_contact": dataset.contact_id(0),
        "first_company": dataset.company_id(0),
        "headers": f"Host: 127.0.0.1:{server.port}\\r\\nAuthorization: Bearer {server.token}\\r\\n"
        "Accept: application/json\\r\\n",
    }
