"""What is told of tokens, by those who may ask: introspection, tokens by their path, private apps; and how they end."""

import base64
from hmac import compare_digest
from typing import Any

import pytest

from edgewise.domain.oauth import digest_of
from tests.support.oauth import CLIENT, OPTIONAL_SCOPES, OTHER_CLIENT, SCOPES
from tests.unit.http.asgi import AT, PORTAL_ID, TOKEN, Answer, add_token
from tests.unit.http.oauth_world import USER_ID, World, new_world, require_refused

INSPECTING = ("v3", "2026-03", "2026-09")
GRANTED = [*SCOPES, *OPTIONAL_SCOPES]


@pytest.fixture
async def world() -> World:
    return await new_world()


def _require_bad_refresh_token(answer: Answer) -> None:
    require_refused(answer, "BAD_REFRESH_TOKEN", "invalid_grant", "missing or invalid refresh token")


@pytest.mark.parametrize("version", INSPECTING)
@pytest.mark.parametrize("as_json", [False, True])
async def test_an_app_asks_what_its_tokens_are(world: World, version: str, as_json: bool):
    tokens = await world.tokens()
    world.pass_s(100)
    path = f"/oauth/{version}/token/introspect"
    answer = await world.post(path, CLIENT | {"token": tokens["access_token"]}, as_json)
    read = answer.json()
    signed = read.pop("signed_access_token")
    user = {"user": f"user-{USER_ID}@portal-{PORTAL_ID}.example", "user_id": USER_ID}
    shared = {**user, "hub_domain": f"portal-{PORTAL_ID}.example", "hub_id": PORTAL_ID, "scopes": GRANTED}
    shared |= {"client_id": CLIENT["client_id"], "app_id": world.app.app_id, "active": True}
    assert read == shared | {
        "token": tokens["access_token"],
        "token_use": "access_token",
        "token_type": "access",
        "expires_in": 1700,
        "is_private_distribution": False,
    }
    assert answer.header("cache-control") == "no-store"
    assert (signed["hubId"], signed["appId"], signed["userId"]) == (PORTAL_ID, world.app.app_id, USER_ID)
    assert signed["expiresAt"] == AT + 1_800_000
    hint = {"token_type_hint": "refresh_token"}
    answer = await world.post(path, CLIENT | {"token": tokens["refresh_token"]} | hint, as_json)
    assert answer.json() == shared | {
        "token": tokens["refresh_token"],
        "token_use": "refresh_token",
        "token_type": "refresh",
    }


async def test_the_signature_of_a_token_depends_on_the_token_and_the_secret_of_its_app(world: World):
    async def signed(token: str) -> list[str]:
        answer = await world.call("GET", f"/oauth/v1/access-tokens/{token}")
        facts = answer.json()["signed_access_token"]
        return [facts["signature"], facts["newSignature"]]

    tokens, other = await world.tokens(), await world.tokens()
    first = await signed(tokens["access_token"])
    assert first == await signed(tokens["access_token"])
    assert len({*first, *await signed(other["access_token"])}) == 4
    assert [len(base64.b64decode(each)) for each in first] == [32, 32]
    await world.store.accounts.change_app_secret(CLIENT["client_id"], digest_of("rotated"))
    assert not compare_digest(first[0], (await signed(tokens["access_token"]))[0])


@pytest.mark.parametrize("version", INSPECTING)
async def test_of_a_dead_token_nothing_is_told(world: World, version: str):
    tokens = await world.tokens()
    path = f"/oauth/{version}/token/introspect"

    async def told(token: str, client: dict[str, str] = CLIENT) -> Any:
        answer = await world.post(path, client | {"token": token})
        assert answer.status == 200
        return answer.json()

    dead = {"active": False}
    assert await told(tokens["access_token"], OTHER_CLIENT) == dead
    assert await told(tokens["refresh_token"], OTHER_CLIENT) == dead
    assert [await told(each) for each in ("", "x", TOKEN)] == [dead, dead, dead]
    await world.post(f"/oauth/{version}/token/revoke", CLIENT | {"token": tokens["refresh_token"]})
    assert await told(tokens["refresh_token"]) == dead
    assert (await told(tokens["access_token"]))["active"] is True
    world.pass_s(1800)
    assert await told(tokens["access_token"]) == dead


@pytest.mark.parametrize("version", INSPECTING)
async def test_a_revoked_access_token_opens_nothing(world: World, version: str):
    tokens = await world.tokens()
    path = f"/oauth/{version}/token/revoke"
    for foreign in (OTHER_CLIENT | {"token": tokens["access_token"]}, CLIENT | {"token": TOKEN}, CLIENT):
        answer = await world.post(path, foreign)
        assert (answer.status, answer.body) == (200, b"{}")
    assert await world.status_with(tokens["access_token"]) == 200
    answer = await world.post(path, CLIENT | {"token": tokens["access_token"]})
    assert (answer.status, answer.body) == (200, b"{}")
    world.pass_s(5)  # for so long a token that was let in is believed
    assert await world.status_with(tokens["access_token"]) == 401
    assert await world.status_with(TOKEN) == 200
    assert (await world.refresh(tokens["refresh_token"])).status == 200


@pytest.mark.parametrize("version", INSPECTING)
@pytest.mark.parametrize("verb", ["introspect", "revoke"])
async def test_whoever_asks_about_tokens_says_who_they_are(world: World, version: str, verb: str):
    tokens = await world.tokens()
    path = f"/oauth/{version}/token/{verb}"
    answer = await world.post(path, {"token": tokens["access_token"]})
    require_refused(answer, "BAD_CLIENT_ID", "invalid_client", "missing or invalid client id")
    answer = await world.post(path, CLIENT | {"client_secret": "x", "token": tokens["access_token"]})
    require_refused(answer, "BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret")
    assert await world.status_with(tokens["access_token"]) == 200


async def test_v1_tells_what_a_token_is_by_its_path(world: World):
    tokens = await world.tokens()
    read = (await world.call("GET", f"/oauth/v1/access-tokens/{tokens['access_token']}")).json()
    assert read.keys() == {
        "token", "user", "hub_domain", "scopes", "signed_access_token", "hub_id", "app_id", "expires_in",
        "user_id", "token_type", "is_private_distribution",
    }  # fmt: skip
    read = (await world.call("GET", f"/oauth/v1/refresh-tokens/{tokens['refresh_token']}")).json()
    assert read == {
        "token": tokens["refresh_token"],
        "user": f"user-{USER_ID}@portal-{PORTAL_ID}.example",
        "hub_domain": f"portal-{PORTAL_ID}.example",
        "scopes": GRANTED,
        "hub_id": PORTAL_ID,
        "client_id": CLIENT["client_id"],
        "user_id": USER_ID,
        "token_type": "refresh",
    }


async def test_a_deleted_refresh_token_gives_nothing_and_what_it_gave_lives_on(world: World):
    tokens = await world.tokens()
    path = f"/oauth/v1/refresh-tokens/{tokens['refresh_token']}"
    answer = await world.call("DELETE", path)
    assert (answer.status, answer.body) == (204, b"")
    _require_bad_refresh_token(await world.call("DELETE", path))
    _require_bad_refresh_token(await world.call("GET", path))
    _require_bad_refresh_token(await world.refresh(tokens["refresh_token"]))
    assert await world.status_with(tokens["access_token"]) == 200


async def test_v1_tells_nothing_of_tokens_that_are_dead_or_of_another_kind(world: World):
    tokens = await world.tokens()
    world.pass_s(1800)
    for token in (tokens["access_token"], tokens["refresh_token"], TOKEN, "x"):
        answer = await world.call("GET", f"/oauth/v1/access-tokens/{token}")
        require_refused(answer, "BAD_ACCESS_TOKEN", "invalid_grant", "missing or invalid access token")


async def test_a_private_app_asks_what_its_token_is(world: World):
    path = "/oauth/v2/private-apps/get/access-token-info"
    await add_token(world.store, "pat-na1-some", scopes=("tickets",))
    kept = await world.kept("pat-na1-some")
    read = (await world.post(path, {"tokenKey": "pat-na1-some"}, as_json=True)).json()
    user_id = read["userId"]
    assert read == {"userId": user_id, "hubId": PORTAL_ID, "appId": kept.token_id, "scopes": ["tickets"]}
    every = (await world.post(path, {"tokenKey": TOKEN}, as_json=True)).json()
    assert len(every["scopes"]) > 100
    assert every["userId"] != user_id


async def test_a_token_that_is_dead_or_an_oauth_apps_is_no_private_apps(world: World):
    tokens = await world.tokens()
    await add_token(world.store, "pat-na1-old", expires_at=AT)
    for token in ("pat-na1-old", "x", "", tokens["access_token"]):
        answer = await world.post(
            "/oauth/v2/private-apps/get/access-token-info", {"tokenKey": token}, as_json=True
        )
        assert answer.status == 400
        assert answer.json() == {
            "status": "error",
            "message": "missing or invalid access token",
            "correlationId": answer.header("x-hubspot-correlation-id"),
            "category": "BAD_ACCESS_TOKEN",
        }
