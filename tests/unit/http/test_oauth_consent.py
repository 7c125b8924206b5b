"""The page on which a person connects an app: what it shows, where it sends the browser, and where it never does."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.domain.accounts import usual_account
from edgewise.domain.audit import Action
from edgewise.domain.oauth import challenge_of, digest_of, user_id_of
from tests.support.oauth import NAME, REDIRECT_URI, SCOPES, app, hidden_fields, link_fields, told
from tests.unit.http.asgi import AT, PORTAL_ID, TOKEN, add_token
from tests.unit.http.consent import PATH, cookie_of, open_page, require_page, require_sent_back, send_form
from tests.unit.http.oauth_world import FORM, World, new_world

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
async def strict() -> World:
    return await new_world()


@pytest.fixture
async def open_world() -> World:
    return await new_world(is_open=True)


async def _exchanged(world: World, code: str, **fields: str) -> Any:
    answer = await world.exchange(code, **fields)
    assert answer.status == 200, answer.body
    return answer.json()


async def test_the_page_says_who_asks_for_what_and_where_it_leads(strict: World):
    page = await open_page(strict, optional_scope="tickets")
    text = require_page(page, 200)
    for shown in (NAME, "Read contacts", "Change contacts", "Read and change tickets", REDIRECT_URI, *SCOPES):
        assert shown in text
    assert "localhost:3000" in text
    policy = (page.header("content-security-policy") or "").split("; ")
    assert "form-action 'self' http://localhost:3000" in policy
    assert hidden_fields(text) == link_fields(optional_scope="tickets") | {
        "ticket": hidden_fields(text)["ticket"]
    }


async def test_a_strict_server_tells_no_portals_and_asks_for_a_token(strict: World):
    text = require_page(await open_page(strict), 200)
    assert str(PORTAL_ID) not in text
    assert '<input id="access-token" name="access_token" type="password" autocomplete="off"' in text
    assert "<select" not in text


async def test_an_open_server_lets_anyone_choose_a_portal(open_world: World):
    await open_world.store.accounts.add_account(usual_account(9, AT))
    text = require_page(await open_page(open_world), 200)
    assert re.findall(r'<option value="(\d+)">', text) == ["9", str(PORTAL_ID)]
    assert 'id="access-token"' not in text
    text = require_page(await open_page(open_world, "/oauth/9/authorize"), 200)
    assert re.findall(r'<option value="(\d+)">', text) == ["9"]


@pytest.mark.parametrize("decision", ["connect", "cancel"])
async def test_what_an_app_gives_itself_as_a_name_is_text(strict: World, decision: str):
    nasty = "<img src=x onerror=alert(1)>\"'&$hidden"
    await strict.store.accounts.add_app(app(AT, portal_id=PORTAL_ID, client_id="nasty", name=nasty))
    text = require_page(await open_page(strict, client_id="nasty", state=nasty), 200)
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert hidden_fields(text)["state"] == nasty


async def test_a_token_of_a_portal_connects_the_app_to_it(strict: World):
    sent = await send_form(strict, await open_page(strict), access_token=TOKEN, decision="connect")
    answer = require_sent_back(sent, 303)
    assert answer == {"code": answer["code"], "state": "s t&a=te"}
    tokens = await _exchanged(strict, answer["code"])
    assert (tokens["hub_id"], tokens["scopes"]) == (PORTAL_ID, list(SCOPES))
    kept = await strict.kept(tokens["access_token"])
    assert kept.user_id == user_id_of(f"token {(await strict.kept(TOKEN)).token_id}")


async def test_whoever_opens_an_open_server_connects_the_app_to_the_portal_they_choose(open_world: World):
    await open_world.store.accounts.add_account(usual_account(9, AT))
    sent = await send_form(open_world, await open_page(open_world), portal="9", decision="connect")
    tokens = await _exchanged(open_world, require_sent_back(sent, 303)["code"])
    assert tokens["hub_id"] == 9
    elsewhere = await send_form(open_world, await open_page(open_world), portal="10", decision="connect")
    assert 'role="alert"' in require_page(elsewhere, 403)


async def test_a_code_of_the_page_is_bound_to_its_challenge(strict: World):
    page = await open_page(strict, code_challenge=challenge_of(VERIFIER), code_challenge_method="S256")
    code = require_sent_back(await send_form(strict, page, access_token=TOKEN, decision="connect"), 303)[
        "code"
    ]
    assert (await strict.exchange(code)).json()["status"] == "BAD_CODE_VERIFIER"
    await _exchanged(strict, code, code_verifier=VERIFIER)


async def test_consent_grants_only_what_the_token_has(strict: World):
    await add_token(strict.store, "pat-less", scopes=SCOPES[1:])
    await add_token(strict.store, "pat-more", scopes=(*SCOPES, "tickets"))
    granted = {}
    for token in ("pat-less", "pat-more", TOKEN):
        page = await open_page(strict, optional_scope="tickets")
        sent = await send_form(strict, page, access_token=token, decision="connect")
        granted[token] = (await _exchanged(strict, require_sent_back(sent, 303)["code"]))["scopes"]
    everything = [*SCOPES, "tickets"]
    assert granted == {"pat-less": list(SCOPES), "pat-more": everything, TOKEN: everything}


async def test_a_token_that_may_not_connect_the_app_brings_the_page_again(strict: World):
    tokens = await strict.tokens()
    await add_token(strict.store, "pat-expired", expires_at=AT)
    await add_token(strict.store, "pat-few", scopes=(SCOPES[1],))
    await add_token(strict.store, "pat-read", is_read_only=True)
    await add_token(strict.store, "pat-revoked")
    await strict.store.accounts.revoke_token((await strict.kept("pat-revoked")).token_id, AT)
    unknown = "That is not a token which may connect apps"
    for token, problem in {
        "": unknown,
        "pat-nobodys": unknown,
        "pat-expired": unknown,
        "pat-revoked": unknown,
        tokens["access_token"]: unknown,
        tokens["refresh_token"]: unknown,
        "pat-read": "This token is read-only",
        "pat-few": f"It lacks: {SCOPES[2]}.",
    }.items():
        page = await open_page(strict)
        again = await send_form(strict, page, access_token=token, decision="connect")
        text = require_page(again, 403)
        assert problem in text
        assert not token or token not in text
        assert 'aria-invalid="true"' in text
        mended = await send_form(strict, again, access_token=TOKEN, decision="connect")
        assert "code" in require_sent_back(mended, 303)


async def test_a_link_to_one_portal_connects_no_other(strict: World):
    await add_token(strict.store, "pat-elsewhere", portal_id=9)
    path = f"/oauth/{PORTAL_ID}/authorize"
    refused = await send_form(
        strict, await open_page(strict, path), path, access_token="pat-elsewhere", decision="connect"
    )
    require_page(refused, 403)
    sent = await send_form(
        strict, await open_page(strict, path), path, access_token=TOKEN, decision="connect"
    )
    assert "code" in require_sent_back(sent, 303)


async def test_whoever_says_no_is_sent_back_without_a_code(strict: World):
    for fields in ({"decision": "cancel"}, {"decision": "cancel", "access_token": TOKEN}, {}):
        answer = require_sent_back(await send_form(strict, await open_page(strict), **fields), 303)
        assert answer == {
            "error": "access_denied",
            "error_description": "the user did not connect the app",
            "state": "s t&a=te",
        }


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "x"},
        {"redirect_uri": None},
        {"redirect_uri": REDIRECT_URI + "/"},
        {"redirect_uri": REDIRECT_URI.upper()},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": f"{REDIRECT_URI}@evil.example"},
        {"redirect_uri": REDIRECT_URI + "?x=1"},
    ],
)
async def test_a_link_that_leads_to_a_stranger_is_never_followed(
    strict: World, changes: dict[str, str | None]
):
    page = await open_page(strict, **changes)
    text = require_page(page, 400)
    assert "evil" not in text
    assert page.header("set-cookie") is None
    assert "form-action 'none'" in (page.header("content-security-policy") or "").split("; ")
    body = urlencode(link_fields(**changes) | {"decision": "cancel"}).encode()
    require_page(await strict.call("POST", PATH, body=body, headers=FORM), 400)


@given(redirect_uri=st.text(max_size=60))
async def test_only_a_registered_address_is_ever_redirected_to(redirect_uri: str):
    world = await new_world()
    for fields in (
        link_fields(redirect_uri=redirect_uri),
        link_fields(redirect_uri=REDIRECT_URI + redirect_uri),
    ):
        if fields["redirect_uri"] != REDIRECT_URI:
            query = urlencode(fields | {"scope": "wrong"})
            assert (await world.call("GET", PATH, query=query)).header("location") is None


async def test_a_parameter_that_is_there_twice_leads_nowhere(strict: World):
    query = urlencode(link_fields()) + "&state=other"
    text = require_page(await strict.call("GET", PATH, query=query), 400)
    assert "the parameter state is there more than once" in text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "tickets"}, "invalid_scope"),
        ({"scope": f"{' '.join(SCOPES)} crm.objects.deals.read"}, "invalid_scope"),
        ({"optional_scope": "crm.objects.deals.read"}, "invalid_scope"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": VERIFIER}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
async def test_what_else_is_wrong_is_told_to_the_app(strict: World, changes: dict[str, str], error: str):
    answer = require_sent_back(await open_page(strict, **changes), 302)
    assert (answer["error"], answer["state"]) == (error, "s t&a=te")
    assert answer.keys() == {"error", "error_description", "state"}


@given(state=st.text(st.characters(codec="utf-8"), min_size=1))
async def test_a_state_comes_back_as_it_was(state: str):
    world = await new_world()
    assert require_sent_back(await open_page(world, state=state, scope="tickets"), 302)["state"] == state


async def test_without_a_state_none_comes_back(strict: World):
    assert require_sent_back(await open_page(strict, state=None, scope="tickets"), 302).keys() == {
        "error",
        "error_description",
    }


async def test_what_is_told_is_added_to_the_query_of_the_address(strict: World):
    uri = "https://app.example.com/callback?tenant=7"
    await strict.store.accounts.add_app(
        app(AT, portal_id=PORTAL_ID, client_id="tenants", redirect_uris=(uri,))
    )
    answer = await open_page(strict, client_id="tenants", redirect_uri=uri, scope="x", state="s")
    location = answer.header("location") or ""
    assert location.startswith(f"{uri}&error=invalid_scope&")
    assert told(location)["tenant"] == "7"


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "http://localhost:3000/other"},
        {"scope": f"{' '.join(SCOPES)} tickets"},
        {"state": "mine"},
        {"optional_scope": "tickets"},
        {"code_challenge": challenge_of(VERIFIER), "code_challenge_method": "S256"},
        {"client_id": "second"},
        {"ticket": ""},
        {"ticket": "1.x"},
    ],
)
async def test_a_form_that_was_changed_on_its_way_is_not_taken(strict: World, changed: Mapping[str, str]):
    uris = (REDIRECT_URI, "http://localhost:3000/other")
    await strict.store.accounts.add_app(
        app(AT, portal_id=PORTAL_ID, client_id="second", secret_digest=digest_of("2"), redirect_uris=uris)
    )
    page = await open_page(strict)
    fields = {"access_token": TOKEN, "decision": "connect", **changed}
    text = require_page(await send_form(strict, page, **fields), 400)
    assert "evil" not in text


async def test_a_form_is_taken_from_the_browser_it_was_shown_to_and_soon(strict: World):
    page = await open_page(strict)
    fields = {"access_token": TOKEN, "decision": "connect"}
    other = cookie_of(await open_page(strict))
    for cookie in ("", "x" * 43, other):
        require_page(await send_form(strict, page, cookie=cookie, **fields), 400)
    require_page(await send_form(strict, page, f"/oauth/{PORTAL_ID}/authorize", **fields), 400)
    strict.pass_s(600)
    require_page(await send_form(strict, page, **fields), 400)


async def test_two_pages_of_one_browser_are_both_taken(strict: World):
    first = await open_page(strict)
    second = await open_page(strict, cookie=cookie_of(first), state="2")
    assert cookie_of(second) == cookie_of(first)
    for page in (first, second):
        sent = await send_form(strict, page, access_token=TOKEN, decision="connect")
        assert "code" in require_sent_back(sent, 303)


async def test_a_portal_that_is_closed_meanwhile_is_not_connected(open_world: World):
    await open_world.store.accounts.add_account(usual_account(9, AT))
    page = await open_page(open_world)
    await open_world.store.accounts.close_account(9, AT)
    require_page(await send_form(open_world, page, portal="9", decision="connect"), 403)


async def test_only_forms_are_taken(strict: World):
    answer = await strict.post(PATH, link_fields(), as_json=True)
    assert answer.status == 415


async def test_the_audit_log_names_whose_token_connected_the_app(strict: World):
    await send_form(strict, await open_page(strict), access_token=TOKEN, decision="connect")
    (entry,) = [each for each in await strict.deeds() if each.deed.action is Action.APP_AUTHORIZE]
    assert entry.actor.token_id == (await strict.kept(TOKEN)).token_id
