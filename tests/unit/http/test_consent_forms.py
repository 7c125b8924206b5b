"""Which browser sends a form, and from which page: a person answers, and no web page in their place."""

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from edgewise.wire.tickets import new_ticket
from tests.support.oauth import link_fields
from tests.unit.http.asgi import AT, PORTAL_ID, TOKEN
from tests.unit.http.consent import PATH, open_page, require_page, require_sent_back, send_form
from tests.unit.http.oauth_world import FORM, World, new_world


@pytest.fixture
async def strict() -> World:
    return await new_world()


@pytest.fixture
async def open_world() -> World:
    return await new_world(is_open=True)


@pytest.mark.parametrize("cookies", [(), (("cookie", "a=b"),), (("cookie", "edgewise_browser="),)])
async def test_a_form_that_a_web_page_sends_in_place_of_a_person_is_not_taken(
    open_world: World, cookies: tuple[tuple[str, str], ...]
):
    """Browsers leave the cookie out of it; and the page, which may be the app's own, knows all that the app knows."""
    fields = link_fields()
    ticket = new_ticket(open_world.app, "", fields | {"path": PATH}, AT)
    answered = {**fields, "ticket": ticket, "portal": str(PORTAL_ID), "decision": "connect"}
    answer = await open_world.call("POST", PATH, body=urlencode(answered).encode(), headers=(*FORM, *cookies))
    text = require_page(answer, 400)
    assert "Nothing was connected" in text
    assert 'aria-invalid="true"' not in text
    sent = await send_form(open_world, answer, portal=str(PORTAL_ID), decision="connect")
    assert "code" in require_sent_back(sent, 303)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://crm.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
    ],
)
async def test_a_form_that_comes_from_another_page_is_not_taken(strict: World, headers: Mapping[str, str]):
    page = await open_page(strict)
    more = [("host", "crm.example"), *headers.items()]
    text = require_page(await send_form(strict, page, more=more, access_token=TOKEN, decision="connect"), 400)
    assert "Nothing was connected" in text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"host": "crm.example", "origin": "http://crm.example"},
        {"host": "crm.example", "origin": "https://CRM.example"},
        {"host": "behind-a-proxy", "origin": "https://crm.example", "sec-fetch-site": "same-origin"},
    ],
)
async def test_a_form_that_comes_from_the_page_itself_is_taken(strict: World, headers: Mapping[str, str]):
    page = await open_page(strict)
    sent = await send_form(strict, page, more=list(headers.items()), access_token=TOKEN, decision="connect")
    assert "code" in require_sent_back(sent, 303)
