"""Reports are fetched with the token of their portal, and by nobody else."""

from edgewise.domain.jobs import LEASE_MS, Made, NewJob
from edgewise.domain.reports import HIGH_USAGE
from edgewise.stores.memory import MemoryStore
from edgewise.surfaces.own import own_routes
from edgewise.wire.times import timestamp
from tests.unit.http.asgi import AT, PORTAL_ID, ROUTES, add_token, application, ask

OTHER_PORTAL, OTHER_TOKEN = 4712, "pat-na1-other"
REPORTS = "/_edgewise/reports"
ORDER = "/crm/v4/associations/usage/high-usage-report/42"
CONTENT = "a,b\r\nü,1\r\n"


async def _app(store: MemoryStore):
    await add_token(store)
    await add_token(store, OTHER_TOKEN, OTHER_PORTAL)
    return application(store, is_open=False, routes=[*ROUTES, *own_routes()])


async def _finish(store: MemoryStore) -> None:
    job = await store.take_job(AT, LEASE_MS)
    assert job is not None
    await store.finish_job(job, Made(CONTENT, "ada@example.org"), AT + 1)


async def test_a_report_is_listed_while_it_waits_and_fetched_when_it_is_finished():
    store = MemoryStore()
    app = await _app(store)
    assert (await ask(app, "POST", ORDER)).status == 200
    waiting = {
        "id": "1",
        "kind": "high_usage_report",
        "state": "waiting",
        "createdAt": timestamp(AT),
        "finishedAt": None,
        "userId": 42,
        "mailedTo": None,
        "url": "http://127.0.0.1:8765/_edgewise/reports/1",
    }
    assert (await ask(app, "GET", f"{REPORTS}/")).json() == [waiting]
    assert (await ask(app, "GET", f"{REPORTS}/1")).status == 404
    await _finish(store)
    finished = {"state": "done", "finishedAt": timestamp(AT + 1), "mailedTo": "ada@example.org"}
    assert (await ask(app, "GET", REPORTS)).json() == [waiting | finished]
    answer = await ask(app, "GET", f"{REPORTS}/1")
    assert (answer.status, answer.body) == (200, CONTENT.encode())
    assert answer.header("content-type") == "text/csv;charset=utf-8;header=present"
    assert answer.header("content-length") == str(len(CONTENT.encode()))


async def test_a_report_of_another_portal_is_neither_listed_nor_found():
    store = MemoryStore()
    app = await _app(store)
    await ask(app, "POST", ORDER)
    await _finish(store)
    assert (await ask(app, "GET", f"{REPORTS}/1", token=OTHER_TOKEN)).status == 404
    assert (await ask(app, "GET", f"{REPORTS}/", token=OTHER_TOKEN)).json() == []


async def test_a_job_of_another_kind_is_no_report():
    store = MemoryStore()
    app = await _app(store)
    await store.add_job(NewJob(PORTAL_ID, f"not_{HIGH_USAGE}", {}, AT))
    await _finish(store)
    assert (await ask(app, "GET", REPORTS)).json() == []
    assert (await ask(app, "GET", f"{REPORTS}/1")).status == 404


async def test_a_report_can_only_be_read():
    app = await _app(MemoryStore())
    for method in ("POST", "PUT", "DELETE"):
        assert (await ask(app, method, f"{REPORTS}/1")).status == 405
