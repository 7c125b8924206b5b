"""Rate limits that several processes keep together in a real Redis, and what becomes of them while it is away."""

import asyncio
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from inspect import isawaitable
from time import perf_counter, time_ns

import pytest

from edgewise.data.rates import rates
from edgewise.domain.accounts import RateLimit, Tier
from edgewise.http import shared_throttle
from edgewise.http.shared_throttle import PAUSE_MS, TIMEOUT_S, SharedThrottle
from edgewise.http.throttle import LocalThrottle
from edgewise.http.throttle_stores import open_throttle
from edgewise.wire.refusals import RateLimited
from tests.support.crm import Crm
from tests.support.hammer import PATIENCE_S
from tests.support.rates import caller, told
from tests.support.redis import Redis, require_redis
from tests.support.server import ROOT, Server

CALLS, AMOUNT = 200, 150
LABELS = "/crm/v4/associations/contacts/companies/labels"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    require_redis()
    with Redis(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture
async def throttle(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SharedThrottle]:
    """Counts in an empty Redis."""
    monkeypatch.setattr(shared_throttle, "TIMEOUT_S", PATIENCE_S)
    shared = open_throttle(redis.url, rates())
    assert isinstance(shared, SharedThrottle)
    await shared._shared.reset()
    yield shared
    await shared.close()


def _now() -> int:
    return time_ns() // 1_000_000


async def _take(throttle, who, budget="", at=None):
    """As the server takes: what is counted in the process itself is answered at once."""
    taken = throttle.take(who, budget, at or _now())
    return await taken if isawaitable(taken) else taken


async def _use_up(throttle, who, budget="", at=None) -> int:
    """Call until one is refused; answers how many were not."""
    for count in range(1_000):
        try:
            await _take(throttle, who, budget, at)
        except RateLimited:
            return count
    raise AssertionError("nothing was refused")


def test_two_processes_together_let_in_no_more_than_one_may(redis):
    hammer = [sys.executable, "-m", "tests.support.hammer", redis.url, str(CALLS), str(AMOUNT)]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(hammer, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    let_in = []
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate(timeout=30)
        assert err == ""
        let_in.append(int(out))
    assert sum(let_in) == AMOUNT
    assert all(let_in), "one process came too late to show anything"


def test_two_servers_over_one_redis_let_in_as_much_as_one(redis, tmp_path):
    settings = {"rate_limit": "tier", "rate_limit_store": redis.url, "redis_timeout_s": PATIENCE_S}
    with (
        Server(tmp_path, **settings) as one,
        Server(tmp_path, **settings) as other,
        Crm(one.url, "documented") as first,
        Crm(other.url, "documented") as second,
    ):
        answers = [crm.get(LABELS) for _ in range(90) for crm in (first, second)]
    assert Counter(answer.status_code for answer in answers) == {200: 150, 429: 30}
    remaining = [int(answer.headers["x-hubspot-ratelimit-remaining"]) for answer in answers]
    assert remaining == [*reversed(range(150)), *[0] * 30]
    assert answers[-1].json() == {
        "status": "error",
        "message": "You have reached your ten_secondly_rolling limit.",
        "errorType": "RATE_LIMIT",
        "correlationId": answers[-1].headers["x-hubspot-correlation-id"],
        "policyName": "TEN_SECONDLY_ROLLING",
    }


def test_a_server_starts_and_answers_while_redis_is_away(tmp_path):
    """Nothing listens on port 1."""
    server = Server(tmp_path, rate_limit="tier", rate_limit_store="redis://127.0.0.1:1/0")
    try:
        with Crm(server.url, "documented") as crm:
            answer = crm.get(LABELS)
        assert (answer.status_code, answer.headers["x-hubspot-ratelimit-remaining"]) == (200, "149")
    finally:
        server.kill()


@pytest.mark.parametrize("budget", ["", "associations", "search"])
@pytest.mark.parametrize(
    "changes", [{}, {"app_id": 5, "is_public_app": True}, {"rate_limit": RateLimit(3, 10)}]
)
async def test_redis_tells_and_refuses_what_memory_does(throttle, budget, changes):
    local, who, at = LocalThrottle(rates()), caller(**changes), _now()
    for _ in range(300):
        try:
            expected = local.take(who, budget, at)
        except RateLimited as refusal:
            with pytest.raises(RateLimited) as caught:
                await throttle.take(who, budget, at)
            assert (caught.value.policy, caught.value.headers) == (refusal.policy, refusal.headers)
            return
        assert await throttle.take(who, budget, at) == expected
    raise AssertionError("nothing was refused")


async def test_a_call_refused_by_redis_counts_nowhere(throttle):
    who = caller()
    assert await _use_up(throttle, who, "search") == 5
    await _use_up(throttle, who, "search")
    assert told(await throttle.take(who, "", _now()))["remaining"] == 190 - 5 - 1


async def test_a_window_in_redis_is_free_again_when_its_time_is_over(throttle):
    who = caller(rate_limit=RateLimit(2, 1))
    first = perf_counter()
    assert await _use_up(throttle, who) == 2
    while await _is_refused(throttle, who):
        await asyncio.sleep(0.02)
    assert perf_counter() - first >= 0.999


async def _is_refused(throttle, who) -> bool:
    try:
        await throttle.take(who, "", _now())
    except RateLimited:
        return True
    return False


async def test_a_day_in_redis_ends_at_the_midnight_of_the_portal(throttle):
    few = [replace(rate, amounts=dict.fromkeys(Tier, 2)) for rate in rates() if rate.name == "day"]
    throttle._local = LocalThrottle(few)
    midnight = 1_795_561_200_000  # 2026-11-24 23:00 UTC is 0:00 in Berlin
    who = caller(time_zone="Europe/Berlin")
    assert await _use_up(throttle, who, at=midnight - 1) == 2
    assert await _use_up(throttle, who, at=midnight) == 2


async def test_what_redis_keeps_goes_away_by_itself(throttle, redis):
    await throttle.take(caller(), "associations", _now())
    kept = [key async for key in throttle._shared._redis.scan_iter("edgewise:*")]
    lives = [await throttle._shared._redis.pttl(key) for key in kept]
    assert len(lives) == 5
    assert all(0 < life <= 2 * 86_400_000 for life in lives)


async def test_portals_do_not_use_up_each_others_seconds_in_redis(throttle):
    await _use_up(throttle, caller(), "search")
    await throttle.take(caller(portal_id=2), "search", _now())


async def test_while_redis_is_away_each_process_counts_alone_and_says_so_once(tmp_path, caplog, monkeypatch):
    require_redis()
    monkeypatch.setattr(shared_throttle, "TIMEOUT_S", PATIENCE_S)
    caplog.set_level(logging.INFO, "edgewise")
    who = caller(rate_limit=RateLimit(3, 10))
    with Redis(tmp_path) as redis:
        throttle = open_throttle(redis.url.replace("redis://", "redis://:secret@"), ())
        redis.stop()
        at = _now()
        assert [await _use_up(throttle, who, at=at + late_ms) for late_ms in (0, 2 * PAUSE_MS)] == [3, 0]
        (record,) = caplog.records
        assert "alone" in record.getMessage() and "secret" not in record.getMessage()
        assert record.levelno == logging.WARNING
    await throttle.close()


async def test_redis_counts_again_once_it_is_back(tmp_path, caplog, monkeypatch):
    require_redis()
    monkeypatch.setattr(shared_throttle, "TIMEOUT_S", PATIENCE_S)
    caplog.set_level(logging.INFO, "edgewise")
    who = caller(rate_limit=RateLimit(3, 10))
    with Redis(tmp_path) as redis:
        throttle = open_throttle(redis.url, ())
        at = _now()
        await throttle.take(who, "", at)
        redis.stop()
        assert await _use_up(throttle, who, at=at) == 3
        with Redis(tmp_path, redis.port):
            assert await _use_up(throttle, who, at=at + PAUSE_MS - 1) == 0
            assert told(await throttle.take(who, "", at + PAUSE_MS))["remaining"] == 2
        assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.INFO]
        await throttle.close()


async def test_a_redis_that_does_not_answer_holds_up_no_call_for_long(tmp_path):
    require_redis()
    with Redis(tmp_path) as redis:
        throttle, who = open_throttle(redis.url, rates()), caller()
        await throttle.take(who, "", _now())
        redis.freeze()
        started, at = perf_counter(), _now()
        answers = await asyncio.gather(*(_take(throttle, who, at=at) for _ in range(40)))
        assert perf_counter() - started < 8 * TIMEOUT_S
        assert all(answers)
        redis.thaw()
        await throttle.close()
