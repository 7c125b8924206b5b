"""The page on which a person connects an app, opened and answered, and what is true of each such page."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from tests.support.oauth import REDIRECT_URI, hidden_fields, link_fields, told
from tests.unit.http.asgi import Answer
from tests.unit.http.oauth_world import FORM, World

PATH = "/oauth/authorize"
COOKIE = re.compile(r"edgewise_browser=([A-Za-z0-9_-]{43}); Path=/oauth; HttpOnly; SameSite=Lax")


async def open_page(
    world: World, path: str = PATH, cookie: str | None = None, **changes: str | None
) -> Answer:
    headers = () if cookie is None else (("cookie", f"a=b; edgewise_browser={cookie}; c"),)
    return await world.call("GET", path, query=urlencode(link_fields(**changes)), headers=headers)


async def send_form(
    world: World,
    page: Answer,
    path: str = PATH,
    cookie: str | None = None,
    more: Sequence[tuple[str, str]] = (),
    **fields: str,
) -> Answer:
    """Send the form of a page from the browser that it was shown to, or from another. more: headers."""
    name = cookie_of(page) if cookie is None else cookie
    body = urlencode(hidden_fields(page.body.decode()) | fields).encode()
    headers = (*FORM, ("cookie", f"edgewise_browser={name}"), *more)
    return await world.call("POST", path, body=body, headers=headers)


def cookie_of(page: Answer) -> str:
    match = COOKIE.fullmatch(page.header("set-cookie") or "")
    assert match is not None
    return match[1]


def require_page(answer: Answer, status: int) -> str:
    assert answer.status == status, answer.body
    assert answer.header("content-type") == "text/html;charset=utf-8"
    assert answer.header("location") is None
    for name, value in {
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }.items():
        assert answer.header(name) == value
    policy = answer.header("content-security-policy") or ""
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy.split("; ")
    assert "unsafe" not in policy
    return answer.body.decode()


def require_sent_back(answer: Answer, status: int) -> dict[str, str]:
    location = answer.header("location") or ""
    assert (answer.status, location.partition("?")[0]) == (status, REDIRECT_URI)
    assert (answer.header("cache-control"), answer.header("referrer-policy")) == ("no-store", "no-referrer")
    return told(location)
