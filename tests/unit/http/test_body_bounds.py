"""What a body may hold is bounded before it is read, and no body keeps the event loop from others."""

import pytest

from edgewise.http.pipeline import Application
from edgewise.wire.body_bounds import PUBLIC_BYTES_MAX, RECORD_VALUES_MAX, VALUES_MAX, require_few_values
from edgewise.wire.refusals import TooManyValues
from edgewise.wire.steps import at_once
from tests.support.stalls import longest_go
from tests.unit.http.asgi import EVERY_ROUTE, Answer, application, chunks, exchange, scope_of

MB = 1024 * 1024
GO_MS_MAX = 100
"""Twice what is promised, as processors that others use at the same time do less in a millisecond."""

CONTACTS = "/crm/v3/objects/contacts"
PUBLIC = sorted(
    {
        route.path.replace("{hubId}", "1")
        for route in EVERY_ROUTE
        if route.operation.is_public and route.operation.request is not None and route.method == "POST"
    }
)
MANY_KEYS = b"{" + b'"a":0,' * 1_390_000 + b'"client_id":5}'


@pytest.fixture
def app() -> Application:
    return application(routes=EVERY_ROUTE, body_bytes_max=8 * MB + 512 * 1024)


async def _post(
    app: Application, path: str, *parts: bytes, kind: str = "application/json"
) -> tuple[Answer, float]:
    headers = [("content-type", kind)]
    return await longest_go(exchange(app, scope_of("POST", path, headers), chunks(*parts)))


# Of strangers.


def test_there_are_public_operations_with_bodies():
    assert "/oauth/v1/token" in PUBLIC
    assert len(PUBLIC) >= 5


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
async def test_a_stranger_may_not_send_a_large_body(app: Application, path: str, kind: str):
    told = [("content-type", kind), ("content-length", str(PUBLIC_BYTES_MAX + 1))]
    scope = scope_of("POST", path, told, token=None)
    announced = await exchange(app, scope)
    left = chunks(*[b"%41" * 10_000] * 5)
    scope = scope_of("POST", path, [("content-type", kind)], token=None)
    counted = await exchange(app, scope, left)
    for answer in (announced, counted):
        if answer.status != 415:
            assert answer.status == 413
            assert answer.header("connection") == "close"
            assert f"the maximum of {PUBLIC_BYTES_MAX} bytes" in answer.body.decode()


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/oauth/v3/token/introspect"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{" + b'"a":0,' * 10_900 + b'"client_id":5}', "application/json"),
        (b'{"a":' + b"[" * 60_000, "application/json"),
        (b'{"client_id":"' + b"\\u0041" * 10_900 + b'","client_secret":1}', "application/json"),
        (b"client_id=" + b"%41" * 21_000, "application/x-www-form-urlencoded"),
        (b"&a=" * 21_000, "application/x-www-form-urlencoded"),
    ],
    ids=["keys", "depth", "escapes", "percents", "fields"],
)
async def test_the_worst_that_a_stranger_may_send_takes_a_few_milliseconds(
    app: Application, path: str, body: bytes, kind: str
):
    assert len(body) <= PUBLIC_BYTES_MAX
    answer, go_ms = await _post(app, path, body, kind=kind)
    assert 400 <= answer.status < 500
    assert go_ms < 25


# Of those who show a token.


@pytest.mark.parametrize(
    ("path", "body", "values_max"),
    [
        (CONTACTS, b'{"properties":{' + b'"a":0,' * RECORD_VALUES_MAX + b'"b":5}}', RECORD_VALUES_MAX),
        (CONTACTS, MANY_KEYS, RECORD_VALUES_MAX),
        (f"{CONTACTS}/batch/create", MANY_KEYS, VALUES_MAX),
        (f"{CONTACTS}/search", b'{"filterGroups":[' + b"[]," * 2_000_000 + b"[]]}", VALUES_MAX),
        (f"{CONTACTS}/batch/read", b'{"inputs":[],"properties":["' + b'x","' * 600_000 + b'"]}', VALUES_MAX),
    ],
    ids=["properties", "keys", "keys of a batch", "arrays", "names"],
)
async def test_a_body_of_too_many_values_is_refused_before_it_is_read(
    app: Application, path: str, body: bytes, values_max: int
):
    answer, go_ms = await _post(app, path, body)
    assert answer.status == 400
    assert answer.json()["message"] == (
        f"Invalid JSON input: the request body has more than the maximum of {values_max} values"
    )
    assert answer.json()["category"] == "VALIDATION_ERROR"
    assert go_ms < GO_MS_MAX


@pytest.mark.parametrize(
    "body",
    [
        b'{"inputs":[' + b'{"from": {"id": 1}, "to": {"id": 2}},' * 29_000 + b"5]}",
        b'{"x":"' + b'\\"' * 4_000_000 + b'","inputs":5}',
        b'{"x":"' + b"," * 8_000_000 + b'","inputs":5}',
        b'{"x":[' + b"[" * 50 + b'"' + b"x" * 8_000_000 + b'"' + b"]" * 51 + b',"inputs":5}',
        b"{" + b'"a":0,' * (VALUES_MAX - 1) + b'"b":1}',
        b'{"inputs":[' + b'{"from":{"id":"1"},"to":{"id":"2"},"x":[[[[[[[1]]]]]]]},' * 49_000 + b"5]}",
    ],
    ids=["inputs", "escapes", "commas", "depth", "missing", "depths"],
)
async def test_a_fault_at_the_end_of_a_large_body_is_found_at_once(app: Application, body: bytes):
    path = "/crm/v4/associations/contacts/companies/batch/associate/default"
    answer, go_ms = await _post(app, path, body)
    assert answer.status == 400
    assert "Invalid input JSON on line 1, column" in answer.json()["message"]
    assert go_ms < GO_MS_MAX


@pytest.mark.parametrize("operation", ["batch/read", "search"])
async def test_names_that_no_property_has_cost_little(app: Application, operation: str):
    made: list[dict[str, str]] = []
    for _ in range(2):
        inputs = b",".join([b'{"properties":{}}'] * 100)
        created = await exchange(
            app, scope_of("POST", f"{CONTACTS}/batch/create"), chunks(b'{"inputs":[%b]}' % inputs)
        )
        made += created.json()["results"]
    names = b",".join(b'"x%d"' % number for number in range(140_000))
    ids = b",".join(b'{"id":"%d"}' % int(each["id"]) for each in made[:100])
    asked = b'"inputs":[%b]' % ids if operation == "batch/read" else b'"limit":200'
    answer, go_ms = await _post(app, f"{CONTACTS}/{operation}", b'{%b,"properties":[%b]}' % (asked, names))
    assert answer.status == 200
    assert len(answer.json()["results"]) >= 100
    assert go_ms < 250  # gone through for each record they take thousands


# Counting.


def _counted(body: bytes, values_max: int) -> bool:
    try:
        at_once(require_few_values(body, values_max))
    except TooManyValues:
        return False
    return True


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b'{"a":1,"b":[1,2],"c":"x,y,z"}', 4),
        (b'["\\",\\\\",",,\\\\\\"",1]', 3),
        (b'["' + b"\\\\" * 100_000 + b'",' + b'"\\",",' * 30_000 + b"0]", 30_002),
    ],
    ids=["plain", "escapes", "slices"],
)
def test_commas_of_texts_are_no_values(body: bytes, values: int):
    assert _counted(body, values)
    assert not _counted(body, values - 1)


@pytest.mark.parametrize("blanks", range(131_060, 131_080))
def test_an_escape_between_two_slices_is_one(blanks: int):
    body = b'["' + b"x" * blanks + b'\\",\\\\\\",",1]'
    assert _counted(body, 2)
    assert not _counted(body, 1)
