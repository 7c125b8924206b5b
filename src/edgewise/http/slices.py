"""Steps of long work taken in turns with everything else that the event loop has to do."""

from __future__ import annotations

from asyncio import sleep
from time import perf_counter
from typing import TypeVar

from edgewise.wire.steps import Steps

SLICE_S = 0.005
"""How long steps hold the event loop before they let it go round once."""

Result = TypeVar("Result")


async def in_slices(steps: Steps[Result]) -> Result:
    """The result of some steps. Raises: what they raise."""
    due = perf_counter() + SLICE_S
    while True:
        try:
            next(steps)
        except StopIteration as done:
            result: Result = done.value
            return result
        if perf_counter() >= due:
            await sleep(0)
            due = perf_counter() + SLICE_S
