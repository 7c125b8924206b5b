"""Whatever a client sends, no answer is a failure of ours, and none tells how the server is made."""

import json
import re
from typing import Any

import httpx2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.cases import CASES
from tests.security.asking import GUARDED, cases_of, request_of
from tests.security.keys import FULL
from tests.support.crm import Crm

LEAKS = re.compile(
    r"traceback|\.py\b|sqlite|apsw|msgspec|\bselect\b[^\"]*\bfrom\b|0x[0-9a-f]{6,}", re.IGNORECASE
)
"""Traces of the inside: a stack, a module, a statement, an address."""

HEADER_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"))
AUTHORIZATIONS = st.one_of(
    HEADER_TEXT,
    HEADER_TEXT.map(lambda text: f"Bearer {text}"),
    st.sampled_from([FULL, FULL[:-1], FULL.upper()]).flatmap(
        lambda token: HEADER_TEXT.map(lambda text: f"Bearer {token}{text}")
    ),
    st.integers(0, 40_000).map(lambda length: "Bearer " + "a" * length),
)
CURSORS = st.one_of(
    st.text(),
    st.integers().map(str),
    st.sampled_from(["0", "-1", "1e9", "٣", "%00", "NaN", "9" * 400, "1 OR 1=1", "' --", "..", "\ud7ff"]),
    st.binary().map(lambda raw: raw.decode("latin-1")),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("__proto__"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FUZZED = settings(max_examples=150, suppress_health_check=list(HealthCheck))
SENDING = [route for route in GUARDED if route.operation.reads_body and cases_of(route)]
PAGED = [route for route in GUARDED if "after" in route.operation.query and cases_of(route)]


def _require_sound(answer: httpx2.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert not LEAKS.search(answer.text), answer.text
    if answer.status_code >= 400:
        body = answer.json()
        assert body["status"] == "error"
        assert body["correlationId"] == answer.headers["x-hubspot-correlation-id"]


@given(header=AUTHORIZATIONS.filter(lambda text: text.rstrip() != f"Bearer {FULL}"))
@FUZZED
def test_any_authorization_header_is_answered(strict: Crm, header: str):
    sent = header.strip().encode("latin-1")
    answer = strict.http.get("/crm/v3/objects/contacts", headers={"authorization": sent})
    _require_sound(answer)
    assert answer.status_code in (400, 401, 431)


@given(data=st.data(), cursor=CURSORS)
@FUZZED
def test_any_cursor_is_answered(strict: Crm, data: st.DataObject, cursor: str):
    route = data.draw(st.sampled_from(PAGED))
    case = data.draw(st.sampled_from(cases_of(route)))
    method, path, body, query = request_of(strict, route, case)
    _require_sound(strict.call(method, path, body, params={**(query or {}), "after": cursor}))


@given(data=st.data())
@FUZZED
def test_any_body_is_answered(strict: Crm, data: st.DataObject):
    route = data.draw(st.sampled_from(SENDING))
    method, path, body, query = request_of(strict, route, data.draw(st.sampled_from(cases_of(route))))
    content = data.draw(_spoiled(body) | st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
    _require_sound(strict.call(method, path, content, params=query))


def _spoiled(body: Any) -> st.SearchStrategy[bytes]:
    """A good body with a piece replaced, as a value or as bytes."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    places = st.integers(0, max(len(text) - 1, 0))
    cut = st.tuples(places, st.integers(0, 6), st.binary(max_size=6)).map(
        lambda spot: text[: spot[0]] + spot[2] + text[spot[0] + spot[1] :]
    )
    return cut | JSON.map(lambda value: json.dumps(_replaced(body, value)).encode())


def _replaced(body: Any, value: Any) -> Any:
    """The body with its first innermost value replaced."""
    if isinstance(body, dict) and body:
        key = next(iter(body))
        return {**body, key: _replaced(body[key], value)}
    if isinstance(body, list) and body:
        return [_replaced(body[0], value), *body[1:]]
    return value


def test_there_is_something_to_spoil():
    assert SENDING
    assert PAGED
    assert CASES
