"""The request log is told no token, and no value of a property."""

import pytest

from tests.unit.http.asgi import PORTAL_ID, TOKEN
from tests.unit.http.oauth_world import World, new_world

SECRET = "na1-5d1c6c1e-0000-4000-8000-000000000001"


@pytest.fixture
async def world() -> World:
    return await new_world()


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", f"/oauth/v1/access-tokens/{SECRET}", "/oauth/v1/access-tokens/{token}"),
        ("GET", f"/oauth/v1/refresh-tokens/{SECRET}", "/oauth/v1/refresh-tokens/{token}"),
        ("DELETE", f"/oauth/v1/refresh-tokens/{SECRET}", "/oauth/v1/refresh-tokens/{token}"),
        ("POST", f"/oauth/v1/refresh-tokens/{SECRET}", "/oauth/{…}"),
        ("GET", f"/oauth/v1/access-tokens/{SECRET}/", "/oauth/{…}"),
        ("GET", f"/oauth/v9/access-tokens/{SECRET}", "/oauth/{…}"),
        ("GET", f"//oauth/v1/access-tokens/{SECRET}", "//oauth/{…}"),
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
async def test_the_value_of_a_property_in_a_path_is_not_told(world: World, query: str):
    await world.call("GET", "/crm/v3/objects/contacts/a@b.example", query=query, token=TOKEN)
    (line,) = world.log.lines
    assert (line.path, line.portal_id) == ("/crm/v3/objects/{objectType}/{objectId}", PORTAL_ID)


async def test_any_other_path_is_told_as_it_is(world: World):
    await world.call("GET", "/crm/v3/objects/contacts/1", query="properties=email", token=TOKEN)
    await world.call("GET", "/nowhere")
    assert [line.path for line in world.log.lines] == ["/crm/v3/objects/contacts/1", "/nowhere"]


async def test_neither_query_nor_body_is_told(world: World):
    await world.call("POST", "/oauth/v1/token", query=f"refresh_token={SECRET}")
    await world.post("/oauth/v3/token", {"grant_type": "refresh_token", "refresh_token": SECRET})
    assert SECRET not in repr(world.log.lines)
