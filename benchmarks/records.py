"""What operations on records cost: searches as multiples of a read by id, a create with links as one of one without."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from string import Template
from typing import Any

from benchmarks.bench import Bench, copy_database
from benchmarks.dataset import LARGE, STRIDE, Dataset, contact_company, database
from benchmarks.figures import Figure, Goal, Unmeasured, medians
from benchmarks.load import DONE, Script
from benchmarks.servers import AFTER_WRITES_S, SOON_S, Server, edgewise
from benchmarks.windows import Window, loader

_RECORD = "/crm/v3/objects/contacts"
_SEARCH = f"{_RECORD}/search"
_LINKS = 3

SEARCHES = {
    "email": Goal("search-email", "search by email, CPU of a GET by id", target=5, is_ceiling=True),
    "two": Goal("search-two", "search by two properties, CPU of a GET by id", target=5, is_ceiling=True),
    "company": Goal("search-company", "search by company, CPU of a GET by id", target=5, is_ceiling=True),
}
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
    """Three figures: one server is asked in four ways, in turns."""
    dataset = Dataset(LARGE)
    scripts = {"get": _get_script(dataset)}
    for name, conditions in _conditions().items():
        filters = [{"propertyName": key, "operator": "EQ", "value": text} for key, text in conditions.items()]
        scripts[name] = _post_script(dataset, _SEARCH, {"filterGroups": [{"filters": filters}]})
    with loader(bench) as (load, folder), ExitStack() as running:
        file = copy_database(database(bench, dataset), folder / "edgewise.sqlite")
        server = running.enter_context(edgewise(file, bench.cores.server))
        _require_found(server, dataset)
        windows: dict[str, list[Window]] = {name: [] for name in scripts}
        for turn in range(bench.rounds + 1):
            for name in scripts if turn % 2 else reversed(scripts):
                seconds = bench.window_s if turn else 1
                windows[name].append(load.load(server, name, scripts[name], seconds, SOON_S))
            told = ", ".join(f"{name} {_ratios(windows, name)[-1]:.2f}" for name in SEARCHES)
            bench.say(f"search: round {turn} of {bench.rounds}: {told}")
    return [_figure(goal, windows, name, "get") for name, goal in SEARCHES.items()]


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


def _conditions() -> Mapping[str, Mapping[str, str]]:
    """By which properties contacts are searched for; all of them have the last name."""
    return {
        "email": {"email": "PersonCONTACT@example.com"},
        "two": {"firstname": "ada CONTACT", "lastname": "lovelace"},
        "company": {"associations.company": "COMPANY"},
    }


def _require_found(server: Server, dataset: Dataset) -> None:
    """Whether the searches find what they should. Raises: Unmeasured."""
    for name, conditions in _conditions().items():
        told = {
            key: text.replace("CONTACT", "7").replace("COMPANY", str(dataset.company_id(7)))
            for key, text in conditions.items()
        }
        filters = [{"propertyName": key, "operator": "EQ", "value": text} for key, text in told.items()]
        body = json.dumps({"filterGroups": [{"filters": filters}]}).encode()
        found = json.loads(server.expect(200, "POST", _SEARCH, body))
        ids = [record["id"] for record in found["results"]]
        if found["total"] < 1 or (name != "company" and ids != [str(dataset.contact_id(7))]):
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
