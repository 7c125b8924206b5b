"""How long one go of the event loop works, in processor time, so that a busy machine does not matter."""

import asyncio
from collections.abc import Awaitable
from time import thread_time
from typing import TypeVar

Result = TypeVar("Result")


async def longest_go(work: Awaitable[Result]) -> tuple[Result, float]:
    """The result, and the most milliseconds that the loop's thread worked between two chances for others."""
    task = asyncio.ensure_future(work)
    longest = 0.0
    while not task.done():
        before = thread_time()
        await asyncio.sleep(0)
        longest = max(longest, thread_time() - before)
    return task.result(), longest * 1000
