"""No answer keeps the event loop from others, whatever a request may ask for."""

import pytest

from edgewise.http.pipeline import Application
from edgewise.wire.messages import PARAMETERS_MAX
from tests.support.stalls import longest_go
from tests.unit.http.asgi import EVERY_ROUTE, application, ask

GO_MS_MAX = 100
"""Twice what is promised, as processors that others use at the same time do less in a millisecond."""

CONTACTS = "/crm/v3/objects/contacts"


@pytest.fixture
async def app() -> Application:
    """One that has read the definitions of properties, as the first request of all does."""
    app = application(routes=EVERY_ROUTE, body_bytes_max=8 * 1024 * 1024)
    await ask(app, "GET", CONTACTS)
    return app


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
