"""Metrics count what came, tell nobody's ids, and are for whoever the operator named."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edgewise.domain.jobs import NewJob
from edgewise.http import metrics
from edgewise.http.metrics import PATH, cause_of, is_from_here
from edgewise.http.pipeline import Application
from edgewise.settings import Settings
from edgewise.stores.memory import MemoryStore
from edgewise.stores.sqlite import SqliteStore
from edgewise.wire import refusals
from edgewise.wiring import build_application
from tests.support.metrics import Metrics
from tests.unit.http.asgi import PORTAL_ID, TOKEN, Answer, add_token, ask, exchange, scope_of

CONTACTS = "/crm/objects/2026-03/contacts"


@pytest.fixture(autouse=True)
def each_page_is_new(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(metrics, "FRESH_S", -1.0)


@pytest.fixture
async def app() -> Application:
    store = MemoryStore()
    await add_token(store)
    return build_application(Settings(metrics="public"), store, None)


async def page_of(app: Application) -> Metrics:
    answer = await ask(app, "GET", PATH, token=None)
    assert answer.status == 200
    assert (answer.header("content-type") or "").startswith("application/openmetrics-text; version=1.0.0")
    return Metrics(answer.body.decode())


async def test_requests_are_counted_by_operation_version_and_status(app: Application):
    await ask(app, "GET", CONTACTS)
    await ask(app, "GET", CONTACTS)
    await ask(app, "GET", "/crm/v3/objects/contacts")
    await ask(app, "GET", f"{CONTACTS}/77")
    page = await page_of(app)
    assert page.of("edgewise_requests_total", operation="list_records", version="2026-03", status="200") == 2
    assert page.of("edgewise_requests_total", operation="list_records", version="v3", status="200") == 1
    assert page.of("edgewise_requests_total", operation="read_record", version="2026-03", status="404") == 1
    assert page.of("edgewise_request_duration_seconds_count", operation="list_records") == 3
    assert page.of("edgewise_request_duration_seconds_bucket", operation="list_records", le="10.0") == 3
    assert 0 < page.of("edgewise_request_duration_seconds_sum", operation="list_records") < 10


async def test_a_page_counts_as_a_page(app: Application):
    await ask(app, "GET", "/_edgewise/health")
    await ask(app, "GET", "/_edgewise/ready")
    page = await page_of(app)
    assert page.of("edgewise_requests_total", operation="own_page", version="own", status="200") == 2


async def test_paths_that_nobody_serves_make_one_line_of_metrics_however_many_they_are(app: Application):
    before = await page_of(app)
    for number in range(200):
        await ask(app, "GET", f"/crm/secret{number}/{number}")
    after = await page_of(app)
    assert after.of("edgewise_requests_total", operation="none", version="none", status="404") == 200
    assert len(after["edgewise_requests_total"]) <= len(before.get("edgewise_requests_total", {})) + 2
    assert after.of("edgewise_refusals_total", cause="path") == 200


async def test_no_id_token_or_value_is_told(app: Application):
    made = (await ask(app, "POST", CONTACTS, {"properties": {"email": "ada@example.org"}})).json()
    await ask(app, "GET", f"{CONTACTS}/{made['id']}")
    await ask(app, "GET", CONTACTS, token="wrong")
    text = (await ask(app, "GET", PATH, token=None)).body.decode()
    for secret in (made["id"], "ada", TOKEN, "wrong", str(PORTAL_ID)):
        assert not re.search(rf"\b{secret}\b", text)


@pytest.mark.parametrize(
    ("request_", "cause"),
    [
        ({"path": CONTACTS, "token": None}, "auth"),
        ({"path": "/nowhere"}, "path"),
        ({"path": CONTACTS, "method": "PATCH"}, "path"),
        ({"path": CONTACTS, "method": "POST", "body": b"{"}, "unreadable"),
        ({"path": f"{CONTACTS}/77"}, "rules"),
        ({"path": CONTACTS, "method": "POST", "body": b"x" * (8 * 1024 * 1024 + 1)}, "too_large"),
    ],
    ids=["auth", "path", "method", "unreadable", "rules", "too_large"],
)
async def test_refusals_are_counted_by_cause(app: Application, request_: dict[str, Any], cause: str):
    before = await page_of(app)
    await ask(app, **{"method": "GET", **request_})
    after = await page_of(app)
    changed = {
        dict(labels)["cause"]: value - before["edgewise_refusals_total"][labels]
        for labels, value in after["edgewise_refusals_total"].items()
        if value != before["edgewise_refusals_total"][labels]
    }
    assert changed == {cause: 1}


def test_a_failure_of_ours_has_a_cause_of_its_own():
    assert cause_of(ZeroDivisionError) == "internal"
    assert cause_of(refusals.BodyMissing) == "unreadable"
    assert cause_of(refusals.RateLimited) == "rate_limit"


@pytest.mark.parametrize(
    ("client", "header", "is_shown"),
    [
        ("127.0.0.1", None, True),
        ("127.8.8.8", None, True),
        ("::1", None, True),
        ("::ffff:127.0.0.1", None, True),
        ("10.0.0.7", None, False),
        ("::ffff:10.0.0.7", None, False),
        ("unix", None, False),
        (None, None, False),
        ("127.0.0.1", "x-forwarded-for", False),
        ("127.0.0.1", "x-real-ip", False),
        ("127.0.0.1", "forwarded", False),
        ("127.0.0.1", "via", False),
    ],
)
async def test_by_default_only_this_machine_sees_that_there_are_metrics(
    client: str | None, header: str | None, is_shown: bool
):
    app = build_application(Settings(), MemoryStore(), None)
    scope = scope_of("GET", PATH, [(header, "10.0.0.7")] if header else (), token=None)
    scope["client"] = (client, 4711) if client else None
    assert is_from_here(scope) is is_shown
    answer: Answer = await exchange(app, scope)
    assert answer.status == (200 if is_shown else 401)


async def test_metrics_can_be_turned_off():
    app = build_application(Settings(metrics="off"), MemoryStore(), None)
    scope = scope_of("GET", PATH, token=None) | {"client": ("127.0.0.1", 4711)}
    assert (await exchange(app, scope)).status == 401


async def test_asking_often_makes_a_page_once_in_a_while(app: Application, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(metrics, "FRESH_S", 60.0)
    first = await page_of(app)
    await ask(app, "GET", CONTACTS)
    assert await page_of(app) == first


async def test_jobs_are_told_by_state(app: Application):
    store = MemoryStore()
    await store.add_job(NewJob(PORTAL_ID, "report", {}, 1))
    page = await page_of(build_application(Settings(metrics="public"), store, None))
    assert page["edgewise_jobs"] == {frozenset({("state", "due")}): 1}


async def test_the_writer_tells_how_many_changes_it_committed_together(tmp_path: Path):
    store = SqliteStore(tmp_path / "edgewise.db")
    await store.start()
    try:
        await add_token(store)
        app = build_application(Settings(metrics="public"), store, None)
        before = await page_of(app)
        for number in range(3):
            body = {"properties": {"email": f"{number}@example.org"}}
            assert (await ask(app, "POST", CONTACTS, body)).status == 201
        page = await page_of(app)
    finally:
        await store.close()
    groups = "edgewise_write_group_size"
    assert page.of(f"{groups}_sum") - before.of(f"{groups}_sum") >= 3
    assert page.of(f"{groups}_bucket", le="1.0") > before.of(f"{groups}_bucket", le="1.0")
    assert page.of("edgewise_commit_duration_seconds_count") == page.of(f"{groups}_count")
    assert page.of("edgewise_wal_bytes") > 0
    assert page.of("edgewise_writes_kept") == 1
    assert page.of("edgewise_build_info", store="sqlite", **_build(page)) == 1


def _build(page: Metrics) -> dict[str, str]:
    (labels,) = page["edgewise_build_info"]
    return {name: value for name, value in labels if name != "store"}


def test_a_server_starts_without_the_library():
    code = (
        "import sys; from edgewise.wiring import build_application; from edgewise.settings import Settings;"
        "from edgewise.stores.memory import MemoryStore; build_application(Settings(), MemoryStore(), None);"
        "sys.exit('prometheus_client' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
