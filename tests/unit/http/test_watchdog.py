"""What holds up the event loop is noticed and named, and what only waits is not."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from edgewise.http.traffic import Traffic
from edgewise.http.watchdog import Watchdog
from edgewise.wire.messages import Call
from tests.unit.http.asgi import ROUTES, application, ask

PATIENCE_S = 20
PATH = "/crm/objects/2026-03/contacts"


@pytest.fixture
async def traffic() -> AsyncIterator[Traffic]:
    """What a watchdog notes."""
    traffic = Traffic()
    watchdog = Watchdog(traffic)
    watchdog.start()
    yield traffic
    watchdog.stop()


async def noticed(traffic: Traffic, operation: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not traffic.loop_stalls[operation]:
        assert time.monotonic() < give_up_at, traffic.loop_stalls
        await asyncio.sleep(0.01)


def busy(cpu_s: float) -> None:
    ends_at = time.thread_time() + cpu_s
    while time.thread_time() < ends_at:
        pass


async def test_an_operation_that_holds_up_the_loop_is_named(
    traffic: Traffic, caplog: pytest.LogCaptureFixture
):
    def decode(_: Call) -> None:
        busy(1.5)
        raise ZeroDivisionError

    routes = [
        route._replace(operation=replace(route.operation, decode=decode))
        for route in ROUTES
        if route.operation.name == "list_records"
    ]
    with caplog.at_level(logging.WARNING, "edgewise.http"):
        await ask(application(routes=routes), "GET", PATH)
        await noticed(traffic, "list_records")
    told = [record.message for record in caplog.records if "held up" in record.message]
    assert [line.startswith("list_records held up everybody for 1.") for line in told] == [True]


async def test_what_is_no_request_is_noticed_too(traffic: Traffic):
    give_up_at = time.monotonic() + PATIENCE_S
    while not traffic.loop_stalls["none"] and time.monotonic() < give_up_at:
        busy(0.3)
        await asyncio.sleep(0)
    await noticed(traffic, "none")
    assert traffic.loop_waits_s.total >= 0.05


async def test_waiting_holds_up_nobody(traffic: Traffic):
    await asyncio.sleep(0.5)
    assert sum(traffic.loop_waits_s.counts) >= 1
    assert traffic.loop_waits_s.counts[-1] == 0  # of five seconds and more


async def test_it_ends_when_it_is_told():
    traffic = Traffic()
    watchdog = Watchdog(traffic)
    watchdog.start()
    watchdog.stop()
    await asyncio.sleep(0.3)
    before = sum(traffic.loop_waits_s.counts)
    await asyncio.sleep(0.3)
    assert sum(traffic.loop_waits_s.counts) == before
