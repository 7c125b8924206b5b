"""Calls of one token, as fast as they go, counted in a Redis; prints how many were let in.

Arguments: the address of Redis, how many calls are made, the amount that ten seconds have room for.
"""

import asyncio
import sys
from time import time_ns

from edgewise.domain.accounts import RateLimit
from edgewise.http.shared_throttle import SharedThrottle
from edgewise.wire.refusals import RateLimited
from tests.support.rates import caller


async def main(url: str, calls: int, amount: int) -> None:
    throttle, who = SharedThrottle(url, ()), caller(rate_limit=RateLimit(amount, 10))

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
