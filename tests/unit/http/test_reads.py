"""Reads that the store gives up: what their clients are told, and what the log says of clients that left."""

import asyncio
import io
import json
from typing import Any

import pytest

from edgewise.domain.errors import DomainError, ReadNotReached, ReadTooLong, Stopping, TooManyReads
from edgewise.domain.search import Search, SearchPage
from edgewise.http.pipeline import ABANDONABLE, CLIENT_LEFT
from edgewise.http.request_log import RequestLog, json_line
from edgewise.stores.memory import MemoryStore
from tests.unit.http.asgi import application, ask, exchange, scope_of

SEARCH = "/crm/v3/objects/contacts/search"


class Failing(MemoryStore):
    """Gives every search up."""

    def __init__(self, error: DomainError) -> None:
        super().__init__()
        self._error = error

    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        raise self._error


class Endless(MemoryStore):
    """Finds nothing, and does not stop to look for it."""

    def __init__(self) -> None:
        super().__init__()
        self.searching = asyncio.Event()
        self.is_cancelled = False

    async def search_records(self, portal_id: int, search: Search) -> SearchPage:
        self.searching.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.is_cancelled = True
            raise
        raise AssertionError


@pytest.mark.parametrize(
    ("error", "status", "retry_after", "connection"),
    [
        (TooManyReads(32), 429, "1", None),
        (ReadNotReached(10.0), 503, "1", None),
        (ReadTooLong(10.0), 504, None, None),
        (Stopping(), 503, "1", "close"),
    ],
)
async def test_who_asks_is_told_whether_to_ask_again(
    error: DomainError,
    status: int,
    retry_after: str | None,
    connection: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = await ask(application(Failing(error)), "POST", SEARCH, {})
    assert answer.status == status
    assert (answer.header("retry-after"), answer.header("connection")) == (retry_after, connection)
    assert not caplog.records


async def test_one_read_too_many_is_refused_as_one_call_too_many_is() -> None:
    answer = await ask(application(Failing(TooManyReads(32))), "POST", SEARCH, {})
    body = answer.json()
    assert body.pop("correlationId") == answer.header("x-hubspot-correlation-id")
    assert body == {
        "status": "error",
        "message": "You have reached your concurrent reads limit: 32 of your account wait already.",
        "errorType": "RATE_LIMIT",
        "policyName": "CONCURRENT_READS",
    }


async def test_a_search_that_takes_too_long_is_told_so_in_the_envelope() -> None:
    answer = await ask(application(Failing(ReadTooLong(10.0))), "POST", SEARCH, {})
    body = answer.json()
    del body["correlationId"]
    assert body == {
        "status": "error",
        "message": "The request took longer than 10 seconds; ask for less",
        "category": "GATEWAY_TIMEOUT",
    }


async def test_a_read_whose_client_left_is_cancelled_and_logged() -> None:
    store, lines = Endless(), io.StringIO()
    request_log = RequestLog(json_line, lines)
    scope = scope_of("POST", SEARCH)
    body = [{"type": "http.request", "body": b"{}"}]
    task = asyncio.create_task(exchange(application(store, request_log=request_log), scope, body))
    await store.searching.wait()
    assert scope[ABANDONABLE]
    task.cancel(CLIENT_LEFT)
    answer = await task
    await request_log.close()
    assert (store.is_cancelled, answer.status, answer.body) == (True, 499, b"")
    line = json.loads(lines.getvalue())
    assert (line["status"], line["path"]) == (499, SEARCH)


async def test_a_cancellation_for_another_reason_is_not_swallowed() -> None:
    store = Endless()
    body = [{"type": "http.request", "body": b"{}"}]
    task = asyncio.create_task(exchange(application(store), scope_of("POST", SEARCH), body))
    await store.searching.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


class Watched(dict[str, Any]):
    """A scope that remembers whether its request could be abandoned."""

    was_abandonable = False

    def __setitem__(self, key: str, value: Any) -> None:
        self.was_abandonable |= key == ABANDONABLE and value
        super().__setitem__(key, value)


@pytest.mark.parametrize(
    ("method", "path", "body", "is_abandonable"),
    [
        ("GET", "/crm/v4/objects/contacts/1/associations/companies", None, True),
        ("POST", "/crm/v3/objects/contacts/batch/read", {"properties": [], "inputs": []}, True),
        ("POST", "/crm/v3/objects/contacts", {"properties": {}}, False),
        ("PUT", "/crm/v4/objects/contacts/1/associations/default/companies/2", None, False),
        ("POST", "/crm/v3/objects/contacts/batch/archive", {"inputs": []}, False),
    ],
)
async def test_only_what_changes_nothing_may_be_abandoned(
    method: str, path: str, body: Any, is_abandonable: bool
) -> None:
    content = [{"type": "http.request", "body": b"" if body is None else json.dumps(body).encode()}]
    scope = Watched(scope_of(method, path))
    answer = await exchange(application(), scope, content)
    assert answer.status < 300
    assert scope.was_abandonable is is_abandonable
    assert not scope[ABANDONABLE]  # the answer, which may wait for its client, is none of it
