"""The request log is told no token, and no value of a property."""

import re

import pytest

from edgewise.surfaces.surface import Route
from tests.unit.http.asgi import EVERY_ROUTE, PORTAL_ID, TOKEN
from tests.unit.http.oauth_world import World, new_world

CANARY = "Canary.of@mine"
SECRET = "na1-5d1c6c1e-0000-4000-8000-000000000001"


@pytest.fixture
async def world() -> World:
    return await new_world()


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", f"/oauth/v1/access-tokens/{SECRET}", "/oauth/v1/access-tokens/{token}"),
        ("GET", "/oauth/v1/access-tokens/123456", "/oauth/v1/access-tokens/{token}"),
        ("GET", f"/oauth/v1/refresh-tokens/{SECRET}", "/oauth/v1/refresh-tokens/{token}"),
        ("DELETE", f"/oauth/v1/refresh-tokens/{SECRET}", "/oauth/v1/refresh-tokens/{token}"),
        ("POST", f"/oauth/v1/refresh-tokens/{SECRET}", "/oauth/v1/refresh-tokens/{…}"),
        ("GET", f"/oauth/v1/access-tokens/{SECRET}/", "/oauth/v1/access-tokens/{…}/{…}"),
        ("GET", f"/oauth/v9/access-tokens/{SECRET}", "/oauth/{…}/{…}"),
        ("GET", f"//oauth/v1/access-tokens/{SECRET}", "/{…}"),
        ("GET", f"/OAUTH/v1/access-tokens/{SECRET}", "/{…}"),
        ("GET", f"/oauth/{SECRET}/authorize", "/oauth/{hubId}/authorize"),
        ("POST", "/oauth/v1/token", "/oauth/v1/token"),
    ],
)
async def test_a_token_in_a_path_is_not_told(world: World, method: str, path: str, told: str):
    await world.call(method, path, token=TOKEN)
    (line,) = world.log.lines
    assert line.path == told
    assert SECRET not in repr(line)


@pytest.mark.parametrize("query", ["idProperty=email", "properties=a&idProperty=email", "id%50roperty=email"])
@pytest.mark.parametrize("value", ["a@b.example", "491701234567"])
async def test_the_value_of_a_property_in_a_path_is_not_told(world: World, query: str, value: str):
    await world.call("GET", f"/crm/v3/objects/contacts/{value}", query=query, token=TOKEN)
    (line,) = world.log.lines
    assert (line.path, line.portal_id) == ("/crm/v3/objects/contacts/{objectId}", PORTAL_ID)


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/crm/v3/objects/contacts/ada@b.example", "/crm/v3/objects/contacts/{objectId}"),
        ("GET", "/crm/v3/objects/ada@b.example/1", "/crm/v3/objects/{objectType}/1"),
        ("GET", "/crm/v3/objects/0170-1234567/1", "/crm/v3/objects/{objectType}/1"),
        ("GET", "/crm/v3/objects/contacts/0170-1234567", "/crm/v3/objects/contacts/{objectId}"),
        ("PUT", "/crm/v3/objects/contacts/491701234567", "/crm/v3/objects/{…}/{…}"),
        ("GET", "/crm/v3/objects/contacts/491701234567/", "/crm/v3/objects/{…}/{…}/{…}"),
        ("GET", "/crm/v3/properties/contacts/ada", "/crm/v3/properties/contacts/{propertyName}"),
        ("PUT", "/crm/v3/objects/contacts/1/associations/companies/2/ada",
         "/crm/v3/objects/contacts/1/associations/companies/2/{associationType}"),
        ("GET", "/ada", "/{…}"),
    ],
)  # fmt: skip
async def test_what_the_server_does_not_know_is_not_told(world: World, method: str, path: str, told: str):
    await world.call(method, path, token=TOKEN)
    assert [line.path for line in world.log.lines] == [told]


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v3/objects/contacts/1",
        "/crm/v3/objects/0-1/1",
        "/crm/v3/objects/CONTACT/1",
        "/crm/v4/objects/contacts/1/associations/companies",
        "/crm/v3/objects/contacts/batch/read",
    ],
)
async def test_a_path_of_what_the_server_knows_is_told_as_it_is(world: World, path: str):
    method = "POST" if path.endswith("read") else "GET"
    await world.call(method, path, query="properties=email", token=TOKEN)
    assert [line.path for line in world.log.lines] == [path]


async def test_neither_query_nor_body_is_told(world: World):
    await world.call("POST", "/oauth/v1/token", query=f"refresh_token={SECRET}")
    await world.post("/oauth/v3/token", {"grant_type": "refresh_token", "refresh_token": SECRET})
    assert SECRET not in repr(world.log.lines)


@pytest.mark.parametrize("route", EVERY_ROUTE, ids=lambda route: f"{route.method} {route.path}")
async def test_no_place_of_any_request_shows_in_the_log(world: World, route: Route):
    """Each parameter by turns, each method, and a path that is not quite the route's."""
    places = re.findall(r"\{\w+\}", route.path)
    paths = [route.path.replace(place, CANARY, 1) for place in places]
    paths += [re.sub(r"\{\w+\}", CANARY, route.path), f"{route.path}/{CANARY}", f"/{CANARY}{route.path}"]
    for path in (re.sub(r"\{\w+\}", "contacts", each) for each in paths):
        for spelled in (path, path.upper(), f"{path}/", path.replace("/", "//")):
            for method in (route.method, "PATCH", "PUT"):
                await world.call(
                    method,
                    spelled,
                    query=f"idProperty={CANARY}&{CANARY}={CANARY}",
                    headers=((CANARY.lower(), CANARY), ("content-type", "application/json")),
                    body={"inputs": [{"id": CANARY, "properties": {CANARY: CANARY}}], CANARY: CANARY},
                    token=TOKEN,
                )
    assert CANARY.lower() not in repr(world.log.lines).lower()
