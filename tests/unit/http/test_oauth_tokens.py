"""The whole life of an app's tokens: exchanged, refreshed, asked about, expired, revoked."""

import base64
import re
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

import pytest

from edgewise.domain.accounts import usual_account
from edgewise.domain.audit import Action
from edgewise.domain.oauth import challenge_of, digest_of
from edgewise.surfaces.runs.oauth import EXPIRED_KEPT_MS
from tests.support.oauth import CLIENT, OPTIONAL_SCOPES, OTHER_CLIENT, OTHER_CLIENT_SECRET, SCOPES
from tests.unit.http.asgi import AT, PORTAL_ID, TOKEN, Answer, add_token
from tests.unit.http.oauth_world import FORM, USER_ID, World, new_world

VERSIONS = ("v1", "v3", "2026-03", "2026-09")
INSPECTING = VERSIONS[1:]
GRANTED = [*SCOPES, *OPTIONAL_SCOPES]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture
async def world() -> World:
    return await new_world()


def _require_refused(answer: Answer, status: str, error: str, message: str) -> None:
    assert answer.status == 400, answer.body
    assert answer.json() == {
        "status": status,
        "message": message,
        "correlationId": answer.header("x-hubspot-correlation-id"),
        "error": error,
        "error_description": message,
    }


def _require_bad_code(answer: Answer) -> None:
    _require_refused(answer, "BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code")


def _require_bad_refresh_token(answer: Answer) -> None:
    _require_refused(answer, "BAD_REFRESH_TOKEN", "invalid_grant", "missing or invalid refresh token")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("as_json", [False, True])
async def test_a_code_is_exchanged_by_form_and_by_json(world: World, version: str, as_json: bool):
    fields = {**CLIENT, "grant_type": "authorization_code", "code": await world.code()}
    fields["redirect_uri"] = world.app.redirect_uris[0]
    answer = await world.post(f"/oauth/{version}/token", fields, as_json)
    body = answer.json()
    assert answer.status == 200
    assert answer.header("cache-control") == "no-store"
    assert body == {
        "token_use": "access_token",
        "token_type": "bearer",
        "refresh_token": body["refresh_token"],
        "access_token": body["access_token"],
        "hub_id": PORTAL_ID,
        "scopes": GRANTED,
        "expires_in": 1800,
    }
    assert re.fullmatch(rf"na1-{UUID}", body["refresh_token"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{86}", body["access_token"])
    assert await world.status_with(body["access_token"]) == 200


async def test_what_is_kept_of_tokens_opens_nothing(world: World):
    tokens = await world.tokens()
    kept = await world.kept(tokens["access_token"])
    assert kept.digest == sha256(tokens["access_token"].encode()).digest()
    assert tokens["access_token"] not in repr(world.store.accounts.__dict__)
    assert tokens["refresh_token"] not in repr(world.store.accounts.__dict__)
    assert (kept.name, kept.app_id, kept.user_id) == (world.app.name, world.app.app_id, USER_ID)


async def test_v1_takes_what_the_body_lacks_from_the_query(world: World):
    fields = {**CLIENT, "grant_type": "refresh_token"}
    fields["refresh_token"] = (await world.tokens())["refresh_token"]
    whole = await world.call("POST", "/oauth/v1/token", query=urlencode(fields))
    assert whole.status == 200
    secret = fields.pop("client_secret")
    part = await world.call(
        "POST",
        "/oauth/v1/token",
        body=urlencode(fields).encode(),
        headers=FORM,
        query=f"client_secret={secret}",
    )
    assert part.status == 200


@pytest.mark.parametrize("version", INSPECTING)
async def test_no_later_version_reads_secrets_from_the_query(world: World, version: str):
    fields = {**CLIENT, "grant_type": "client_credentials"}
    answer = await world.call("POST", f"/oauth/{version}/token", query=urlencode(fields))
    _require_refused(answer, "BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant type")


async def test_a_code_is_good_once_and_a_second_use_ends_what_the_first_one_gave(world: World):
    code = await world.code()
    tokens = (await world.exchange(code)).json()
    refreshed = (await world.refresh(tokens["refresh_token"])).json()
    _require_bad_code(await world.exchange(code))
    _require_bad_refresh_token(await world.refresh(tokens["refresh_token"]))
    for each in (tokens, refreshed):
        assert await world.status_with(each["access_token"]) == 401


async def test_a_code_is_good_for_a_minute(world: World):
    early, late = await world.code(), await world.code()
    world.pass_s(59)
    assert (await world.exchange(early)).status == 200
    world.pass_s(1)
    _require_bad_code(await world.exchange(late))


async def test_a_refused_exchange_leaves_the_code_good(world: World):
    code = await world.code()
    answer = await world.exchange(code, redirect_uri="http://localhost:3000/callback/")
    _require_refused(answer, "BAD_REDIRECT_URI", "invalid_grant", "missing or unknown redirect uri")
    _require_bad_code(await world.exchange(code, **OTHER_CLIENT))
    assert (await world.exchange(code)).status == 200


async def test_a_code_that_is_bound_to_a_verifier_wants_it(world: World):
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    code = await world.code(challenge=challenge_of(verifier))
    for wrong in ({}, {"code_verifier": "v" * 43}, {"code_verifier": challenge_of(verifier)}):
        answer = await world.exchange(code, **wrong)
        _require_refused(answer, "BAD_CODE_VERIFIER", "invalid_grant", "missing or invalid code verifier")
    assert (await world.exchange(code, code_verifier=verifier)).status == 200


@pytest.mark.parametrize(
    ("fields", "status", "error", "message"),
    [
        ({"client_id": ""}, "BAD_CLIENT_ID", "invalid_client", "missing or invalid client id"),
        ({"client_id": "x"}, "BAD_CLIENT_ID", "invalid_client", "missing or invalid client id"),
        ({"client_secret": ""}, "BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret"),
        (
            {"client_secret": OTHER_CLIENT_SECRET},
            "BAD_CLIENT_SECRET",
            "invalid_client",
            "missing or invalid client secret",
        ),
        ({"grant_type": ""}, "BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant type"),
        (
            {"grant_type": "password"},
            "BAD_GRANT_TYPE",
            "unsupported_grant_type",
            "missing or unknown grant type",
        ),
        ({"code": ""}, "BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code"),
    ],
)
async def test_what_is_missing_or_wrong_is_said(
    world: World, fields: Any, status: str, error: str, message: str
):
    for version in VERSIONS:
        _require_refused(await world.exchange("na1-x", version, **fields), status, error, message)


async def test_a_parameter_that_is_there_twice_is_refused(world: World):
    body = urlencode([*CLIENT.items(), ("grant_type", "client_credentials"), ("scope", "a"), ("scope", "b")])
    answer = await world.call("POST", "/oauth/v3/token", body=body.encode(), headers=FORM)
    _require_refused(
        answer, "VALIDATION_ERROR", "invalid_request", "the parameter scope is there more than once"
    )
    answer = await world.call("POST", "/oauth/v1/token", query="grant_type=refresh_token&code=a&code=b")
    assert answer.json()["error_description"] == "the parameter code is there more than once"


async def test_a_form_of_more_fields_than_anyone_reads_is_refused(world: World):
    answer = await world.call("POST", "/oauth/v3/token", body=b"a=1&" * 60, headers=FORM)
    _require_refused(answer, "VALIDATION_ERROR", "invalid_request", "there are too many parameters")


async def test_a_refresh_gives_the_same_refresh_token_and_another_access_token(world: World):
    tokens = await world.tokens()
    world.pass_s(1000)
    for version in VERSIONS:
        answer = await world.refresh(tokens["refresh_token"], version)
        body = answer.json()
        assert body == tokens | {"access_token": body["access_token"]}
        assert body["access_token"] != tokens["access_token"]
        assert await world.status_with(body["access_token"]) == 200
    assert await world.status_with(tokens["access_token"]) == 200


async def test_a_refresh_may_ask_for_less_and_not_for_more(world: World):
    tokens = await world.tokens()
    less = (await world.refresh(tokens["refresh_token"], scope="tickets")).json()
    assert less["scopes"] == ["tickets"]
    assert await world.status_with(less["access_token"], "tickets") == 200
    assert await world.status_with(less["access_token"], "contacts") == 403
    again = (await world.refresh(tokens["refresh_token"])).json()
    assert again["scopes"] == GRANTED
    more = await world.refresh(tokens["refresh_token"], scope="tickets crm.objects.deals.read")
    _require_refused(
        more, "BAD_SCOPES", "invalid_scope", "scopes that may not be asked for: crm.objects.deals.read"
    )


async def test_a_refresh_token_is_its_apps_own(world: World):
    tokens = await world.tokens()
    _require_bad_refresh_token(await world.refresh(tokens["refresh_token"], **OTHER_CLIENT))
    _require_bad_refresh_token(await world.refresh(""))
    _require_bad_refresh_token(await world.refresh(tokens["access_token"]))


async def test_an_app_gets_a_token_of_its_own_portal(world: World):
    answer = await world.post("/oauth/2026-03/token", CLIENT | {"grant_type": "client_credentials"})
    body = answer.json()
    assert body == {
        "token_use": "client_credentials",
        "token_type": "bearer",
        "access_token": body["access_token"],
        "hub_id": PORTAL_ID,
        "scopes": GRANTED,
        "expires_in": 1800,
    }
    assert await world.status_with(body["access_token"]) == 200


async def test_tokens_open_the_portal_that_was_connected_and_no_other(world: World):
    await world.store.accounts.add_account(usual_account(9, AT))
    tokens = (await world.exchange(await world.code(portal_id=9))).json()
    assert tokens["hub_id"] == 9
    assert (await world.kept(tokens["access_token"])).portal_id == 9
    await world.call("POST", "/crm/v3/objects/contacts", body={"properties": {}}, token=TOKEN)
    read = await world.call("GET", "/crm/v3/objects/contacts", token=tokens["access_token"])
    assert read.json()["results"] == []


async def test_a_portal_that_is_gone_gives_no_tokens(world: World):
    await world.store.accounts.add_account(usual_account(9, AT))
    code = await world.code(portal_id=9)
    tokens = (await world.exchange(await world.code(portal_id=9))).json()
    await world.store.accounts.close_account(9, AT)
    _require_bad_code(await world.exchange(code))
    _require_bad_refresh_token(await world.refresh(tokens["refresh_token"]))


async def test_an_access_token_lives_half_an_hour(world: World):
    tokens = await world.tokens()
    world.pass_s(1799)
    assert await world.status_with(tokens["access_token"]) == 200
    world.pass_s(76)
    answer = await world.call("GET", "/crm/v3/objects/contacts", token=tokens["access_token"])
    assert answer.status == 401
    assert answer.json()["category"] == "EXPIRED_AUTHENTICATION"
    assert answer.json()["message"] == "The OAuth token used to make this call expired 75 second(s) ago."
    assert (await world.refresh(tokens["refresh_token"])).status == 200


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
    _require_refused(answer, "BAD_CLIENT_ID", "invalid_client", "missing or invalid client id")
    answer = await world.post(path, CLIENT | {"client_secret": "x", "token": tokens["access_token"]})
    _require_refused(answer, "BAD_CLIENT_SECRET", "invalid_client", "missing or invalid client secret")
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
        _require_refused(answer, "BAD_ACCESS_TOKEN", "invalid_grant", "missing or invalid access token")


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


async def test_what_expired_is_forgotten_after_a_week_at_most_hourly(world: World):
    tokens = await world.tokens()
    world.now += EXPIRED_KEPT_MS + 1_800_001
    await world.store.accounts.find_token(digest_of(tokens["access_token"]))
    refreshed = (await world.refresh(tokens["refresh_token"])).json()
    assert await world.store.accounts.find_token(digest_of(tokens["access_token"])) is None
    world.now += EXPIRED_KEPT_MS + 1_800_001
    await world.refresh(tokens["refresh_token"])
    assert await world.store.accounts.find_token(digest_of(refreshed["access_token"])) is None


async def test_the_audit_log_names_the_app(world: World):
    await world.tokens()
    (entry,) = [each for each in await world.deeds() if each.deed.action is Action.TOKEN_CREATE][-1:]
    assert (entry.actor.app_id, entry.actor.name) == (world.app.app_id, world.app.name)
