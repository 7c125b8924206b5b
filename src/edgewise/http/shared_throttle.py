"""Rate limits that several processes keep together, in Redis."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Any

from limits.aio.storage import RedisStorage
from limits.errors import ConfigurationError
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from edgewise.domain.callers import Caller
from edgewise.domain.rates import Budget, Rate, Window, span_of
from edgewise.http.throttle import Headers, LocalThrottle, Plan, UnusableStore

TIMEOUT_S = 0.25
"""How long a call waits for Redis, before it is counted by this process alone."""

PAUSE_MS = 1000
"""How long Redis is left alone after it did not answer, so that not every call waits for it."""

_CONNECTIONS_MAX = 16
_DAY_KEPT_MS = 2 * 86_400_000
"""How long the count of a day is kept: longer than the longest day, since its key says which day it is."""

_log = logging.getLogger("edgewise.http")

_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = {1}
for i, key in ipairs(KEYS) do
    local amount, period = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
    local used
    if period > 0 then
        local oldest = redis.call('LINDEX', key, 0)
        while oldest and tonumber(oldest) <= now - period do
            redis.call('LPOP', key)
            oldest = redis.call('LINDEX', key, 0)
        end
        used = redis.call('LLEN', key)
    else
        used = tonumber(redis.call('GET', key) or 0)
    end
    if used >= amount and ARGV[3 * i] == '1' then
        answer[1] = 0
    end
    answer[i + 1] = used
end
if answer[1] == 1 then
    for i, key in ipairs(KEYS) do
        local period = tonumber(ARGV[3 * i - 1])
        if period > 0 then
            redis.call('RPUSH', key, now)
            redis.call('PEXPIRE', key, period)
        elseif redis.call('INCR', key) == 1 then
            redis.call('PEXPIRE', key, -period)
        end
    end
end
return answer
"""
"""Looks into every window, and counts the call in all of them or in none. Redis runs it as a whole, by its own clock.

ARGV: for each window its amount, its period in milliseconds, and 1 when it is enforced; in place of the period of one
that is fixed, less than zero: how long its count is kept.
"""


class SharedWindows(RedisStorage):
    """The library's store in Redis, which takes from one window at a time, with a way to take from several at once."""

    def __init__(self, url: str) -> None:
        options: dict[str, Any] = {
            "socket_timeout": TIMEOUT_S,
            "socket_connect_timeout": TIMEOUT_S,
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(f"async+{url}", implementation="redispy", key_prefix="edgewise", **options)
        bridge: Any = self.bridge
        self._redis = bridge.storage
        self._script = self._redis.register_script(_TAKE)
        self._turns = asyncio.Semaphore(_CONNECTIONS_MAX)

    async def take(self, keys: Sequence[str], arguments: Sequence[int]) -> tuple[bool, list[int]]:
        """Whether a call was counted, and how many each window counted before. See `_TAKE`."""
        prefixed = [self.bridge.prefixed_key(key) for key in keys]
        async with self._turns:
            is_taken, *used = await self._script(keys=prefixed, args=arguments)
        return bool(is_taken), used

    async def close(self) -> None:
        await self._redis.aclose()


class SharedThrottle:
    """Counts in Redis, for every process that does the same; alone, while Redis does not answer."""

    def __init__(self, url: str, rates: Sequence[Rate]) -> None:
        """Raises: UnusableStore."""
        try:
            self._shared = SharedWindows(url)
        except (ConfigurationError, ValueError):  # whose texts may hold the password
            raise UnusableStore(
                "the address of Redis is not understood; write redis://host:port/db"
            ) from None
        self._local = LocalThrottle(rates)
        self._away_from = self._away_until = 0

    def take(self, caller: Caller, budget: Budget, at: int) -> Headers | Awaitable[Headers]:
        plan = self._local.plan(caller, budget, at)
        if not plan.windows:
            return ()
        if self._away_from <= at < self._away_until:
            return plan.take(at)
        return self._take(plan, at)

    async def close(self) -> None:
        await self._shared.close()

    async def _take(self, plan: Plan, at: int) -> Headers:
        time_zone = plan.caller.account.time_zone
        keys = [_key(window, time_zone, at) for window in plan.windows]
        try:
            async with asyncio.timeout(TIMEOUT_S):
                is_taken, used = await self._shared.take(keys, _arguments(plan.windows))
        except (RedisError, OSError, TimeoutError) as error:
            self._be_alone(at, error)
            return plan.take(at)
        if self._away_until:
            self._away_until = 0
            _log.info("rate limits are counted in Redis again")
        lefts = [window.amount - count for window, count in zip(plan.windows, used, strict=True)]
        if not is_taken:
            plan.require_room(lefts)
        return plan.headers([left - 1 for left in lefts])

    def _be_alone(self, at: int, error: Exception) -> None:
        if not self._away_until:
            _log.warning(
                "rate limits are counted by this process alone until Redis answers: %s",
                str(error) or type(error).__name__,
            )
        self._away_from, self._away_until = at, at + PAUSE_MS


def _key(window: Window, time_zone: str, at: int) -> str:
    parts: list[Any] = [*window.key, window.seconds]
    if window.is_fixed:
        parts.append(span_of(window, at, time_zone)[0])
    return ":".join(map(str, parts))


def _arguments(windows: Sequence[Window]) -> list[int]:
    arguments = []
    for window in windows:
        period_ms = window.seconds * 1000
        if window.is_fixed:
            period_ms = -(2 * period_ms or _DAY_KEPT_MS)
        arguments += [window.amount, period_ms, int(window.is_enforced)]
    return arguments
