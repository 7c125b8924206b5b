"""The whole life of an app's tokens: exchanged, refreshed, asked about, expired, revoked."""

import re
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest

from edgewise.domain.accounts import usual_account
from edgewise.domain.audit import Action
from edgewise.domain.oauth import challenge_of, digest_of
from edgewise.surfaces.runs.oauth import EXPIRED_KEPT_MS
from tests.support.oauth import CLIENT, OPTIONAL_SCOPES, OTHER_CLIENT, OTHER_CLIENT_SECRET, SCOPES
from tests.unit.http.asgi import AT, PORTAL_ID, TOKEN, Answer
from tests.unit.http.oauth_world import FORM, USER_ID, World, new_world, require_refused

VERSIONS = ("v1", "v3", "2026-03", "2026-09")
INSPECTING = VERSIONS[1:]
GRANTED = [*SCOPES, *OPTIONAL_SCOPES]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@pytest.fixture
async def world() -> World:
    return await new_world()


def _require_bad_code(answer: Answer) -> None:
    require_refused(answer, "BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code")


def _require_bad_refresh_token(answer: Answer) -> None:
    require_refused(answer, "BAD_REFRESH_TOKEN", "invalid_grant", "missing or invalid refresh token")


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
    require_refused(answer, "BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant type")


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
    require_refused(answer, "BAD_REDIRECT_URI", "invalid_grant", "missing or unknown redirect uri")
    _require_bad_code(await world.exchange(code, **OTHER_CLIENT))
    assert (await world.exchange(code)).status == 200


async def test_a_code_that_is_bound_to_a_verifier_wants_it(world: World):
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    code = await world.code(challenge=challenge_of(verifier))
    for wrong in ({}, {"code_verifier": "v" * 43}, {"code_verifier": challenge_of(verifier)}):
        answer = await world.exchange(code, **wrong)
        require_refused(answer, "BAD_CODE_VERIFIER", "invalid_grant", "missing or invalid code verifier")
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
        require_refused(await world.exchange("na1-x", version, **fields), status, error, message)


async def test_a_parameter_that_is_there_twice_is_refused(world: World):
    body = urlencode([*CLIENT.items(), ("grant_type", "client_credentials"), ("scope", "a"), ("scope", "b")])
    answer = await world.call("POST", "/oauth/v3/token", body=body.encode(), headers=FORM)
    require_refused(
        answer, "VALIDATION_ERROR", "invalid_request", "the parameter scope is there more than once"
    )
    answer = await world.call("POST", "/oauth/v1/token", query="grant_type=refresh_token&code=a&code=b")
    assert answer.json()["error_description"] == "the parameter code is there more than once"


async def test_a_form_of_more_fields_than_anyone_reads_is_refused(world: World):
    answer = await world.call("POST", "/oauth/v3/token", body=b"a=1&" * 60, headers=FORM)
    require_refused(answer, "VALIDATION_ERROR", "invalid_request", "there are too many parameters")


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
    require_refused(
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
