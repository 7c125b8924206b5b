"""No answer keeps the event loop from others, whatever a request may ask for."""

import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edgewise.http.pipeline import Application
from edgewise.stores.sqlite import Durability, SqliteStore
from edgewise.wire.messages import PARAMETERS_MAX
from tests.support.stalls import longest_go
from tests.unit.http.asgi import EVERY_ROUTE, add_token, application, ask

GO_MS_MAX = 100
"""Twice what is promised, as processors that others use at the same time do less in a millisecond."""

CONTACTS = "/crm/v3/objects/contacts"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[Application]:
    """One over a file, that has read the definitions of properties, as the first request of all does."""
    store = SqliteStore(tmp_path / "edgewise.db", Durability.NORMAL)
    await store.start()
    await add_token(store)
    app = application(store, is_open=False, routes=EVERY_ROUTE, body_bytes_max=8 * 1024 * 1024)
    await ask(app, "GET", CONTACTS)
    gc.collect()
    gc.freeze()  # as a server does when it starts
    yield app
    gc.unfreeze()
    await store.close()


# Query strings.


@pytest.mark.parametrize("path", [CONTACTS, "/crm/v4/objects/contacts/1/associations/companies"])
@pytest.mark.parametrize("unit", ["&", "a=1&", "properties=x&"])
async def test_a_query_of_too_many_parameters_is_refused_before_it_is_taken_apart(
    app: Application, path: str, unit: str
):
    query = unit * (16_000 // len(unit))
    answer, go_ms = await longest_go(ask(app, "GET", path, query=query))
    assert answer.status == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    assert answer.json()["message"] == "The query string has more than the maximum of 1000 parameters"
    assert go_ms < 20


async def test_as_many_parameters_as_a_query_may_have_are_read(app: Application):
    await ask(app, "POST", CONTACTS, {"properties": {"email": "a@b.example"}})
    query = "&".join([*(f"properties=x{n}" for n in range(PARAMETERS_MAX - 1)), "properties=email"])
    answer, go_ms = await longest_go(ask(app, "GET", CONTACTS, query=query))
    assert [each["properties"]["email"] for each in answer.json()["results"]] == ["a@b.example"]
    assert go_ms < GO_MS_MAX
    assert (await ask(app, "GET", CONTACTS, query=f"{query}&properties=x")).status == 400


# Searches.


async def test_following_a_search_for_large_records_finds_each_once(app: Application):
    inputs = [{"properties": {"firstname": f"{n}", "lastname": "x" * 60_000}} for n in range(60)]
    made = await ask(app, "POST", f"{CONTACTS}/batch/create", {"inputs": inputs})
    assert made.status == 201
    seen: list[str] = []
    after, pages, longest = "0", 0, 0.0
    while after:
        asked = {"limit": 200, "after": after, "properties": ["firstname", "lastname"]}
        answer, go_ms = await longest_go(ask(app, "POST", f"{CONTACTS}/search", asked))
        page = answer.json()
        assert len(answer.body) < 1_200_000
        assert page["total"] == 60
        seen += [each["properties"]["firstname"] for each in page["results"]]
        after = page["paging"]["next"]["after"] if "paging" in page else ""
        pages, longest = pages + 1, max(longest, go_ms)
    assert seen == [str(n) for n in range(60)]
    assert pages >= 4
    assert longest < GO_MS_MAX


# Links.

V4 = "/crm/v4"
COMPANIES_EACH = 40


@pytest.fixture
async def linked(app: Application) -> list[str]:
    """The ids of a hundred contacts, each linked to the same companies."""
    ids: dict[str, list[str]] = {}
    for kind in ("contacts", "companies"):
        made = await ask(
            app, "POST", f"/crm/v3/objects/{kind}/batch/create", {"inputs": [{"properties": {}}] * 100}
        )
        ids[kind] = [each["id"] for each in made.json()["results"]]
    pairs = [(a, b) for a in ids["contacts"] for b in ids["companies"][:COMPANIES_EACH]]
    for first in range(0, len(pairs), 2_000):
        inputs = [{"from": {"id": a}, "to": {"id": b}} for a, b in pairs[first : first + 2_000]]
        path = f"{V4}/associations/contacts/companies/batch/associate/default"
        assert (await ask(app, "POST", path, {"inputs": inputs})).status == 200
    return ids["contacts"]


async def test_links_of_a_thousand_records_are_told_in_steps(app: Application, linked: list[str]):
    inputs = [{"id": record_id} for record_id in linked * 10]
    path = f"{V4}/associations/contacts/companies/batch/read"
    answer, go_ms = await longest_go(ask(app, "POST", path, {"inputs": inputs}))
    assert len(answer.json()["results"]) == 1_000
    assert {len(each["to"]) for each in answer.json()["results"]} == {COMPANIES_EACH}
    assert go_ms < 25


@pytest.mark.parametrize("room", [1, 45, 2_050])
async def test_following_shortened_pages_of_links_finds_each_once(
    app: Application, linked: list[str], room: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edgewise.surfaces.runs.links.LINKS_MAX", room)
    seen: dict[str, list[int]] = {record_id: [] for record_id in linked}
    inputs = [{"id": record_id} for record_id in linked]
    while inputs:
        answer = await ask(
            app, "POST", f"{V4}/associations/contacts/companies/batch/read", {"inputs": inputs}
        )
        results = answer.json()["results"]
        assert len(results) == len(inputs)
        assert sum(len(each["to"]) for each in results) <= max(room, len(inputs)) + len(inputs)
        inputs = []
        for each in results:
            record_id = each["from"]["id"]
            seen[record_id] += [target["toObjectId"] for target in each["to"]]
            if "paging" in each:
                inputs.append({"id": record_id, "after": each["paging"]["next"]["after"]})
    assert {tuple(map(int, targets)) for targets in seen.values()} == {
        tuple(sorted(set(map(int, seen[linked[0]]))))
    }
    assert len(seen[linked[0]]) == COMPANIES_EACH


async def test_links_of_listed_records_are_shortened_together(
    app: Application, linked: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("edgewise.surfaces.runs.records.LINKS_MAX", 100)
    answer = await ask(app, "GET", CONTACTS, query="limit=100&associations=companies")
    told = [each["associations"]["companies"] for each in answer.json()["results"]]
    assert [len(each["results"]) for each in told][:4] == [41, 41, 21, 2]
    assert sum("paging" in each for each in told) == 98


# Histories.


async def test_histories_of_many_values_are_told_in_steps(app: Application):
    names = ["firstname", "lastname", "city", "zip", "jobtitle", "company", "country", "state"]
    made = await ask(app, "POST", f"{CONTACTS}/batch/create", {"inputs": [{"properties": {}}] * 50})
    ids = [each["id"] for each in made.json()["results"]]
    for value in range(60):
        inputs = [{"id": record_id, "properties": dict.fromkeys(names, f"{value}")} for record_id in ids]
        assert (await ask(app, "POST", f"{CONTACTS}/batch/update", {"inputs": inputs})).status == 200
    query = f"limit=50&propertiesWithHistory={','.join(names)}"
    answer, go_ms = await longest_go(ask(app, "GET", CONTACTS, query=query))
    told = [each["propertiesWithHistory"] for each in answer.json()["results"]]
    assert {len(values) for each in told for values in each.values()} == {60}
    assert len(told) == 50
    assert go_ms < GO_MS_MAX  # at once the 24,000 values take 150


# Properties.


async def test_a_thousand_properties_with_options_are_listed_in_steps(app: Application):
    path = "/crm/v3/properties/contacts"
    options = [{"label": f"Option {n}", "value": f"{n}", "displayOrder": n} for n in range(20)]
    for first in range(0, 900, 100):
        inputs = [
            {
                "name": f"p{first + n}",
                "label": "P",
                "type": "enumeration",
                "fieldType": "select",
                "groupName": "contactinformation",
                "options": options,
            }
            for n in range(100)
        ]
        made = await ask(app, "POST", f"{path}/batch/create", {"inputs": inputs})
        assert made.status == 201
    await ask(app, "GET", path)
    answer, go_ms = await longest_go(ask(app, "GET", path))
    told = {each["name"]: each for each in answer.json()["results"]}
    assert len(told) > 900
    assert told["p0"]["options"][19]["label"] == "Option 19"
    assert go_ms < 30
