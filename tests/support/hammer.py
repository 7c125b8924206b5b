"""Calls of one token, as fast as they go, counted in a Redis; prints how many were let in.

Arguments: the address of Redis, how many calls are made, the amount that ten seconds have room for.
"""

import asyncio
import sys
from time import time_ns

from edgewise.domain.accounts import RateLimit
from edgewise.http import shared_throttle
from edgewise.wire.refusals import RateLimited
from tests.support.rates import caller

PATIENCE_S = 20
"""A busy machine is no reason to count alone, where it is asked whether two count together."""


async def main(url: str, calls: int, amount: int) -> None:
    shared_throttle.TIMEOUT_S = PATIENCE_S
    throttle, who = shared_throttle.SharedThrottle(url, ()), caller(rate_limit=RateLimit(amount, 10))

    async def is_let_in() -> bool:
        try:
            await throttle.take(who, "", time_ns() // 1_000_000)
        except RateLimited:
            return False
        return True

    print("ready", flush=True)
    sys.stdin.readline()
    let_in = 0
    for _ in range(calls // 10):
        let_in += sum(await asyncio.gather(*(is_let_in() for _ in range(10))))
    print(let_in, flush=True)
    await throttle.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
