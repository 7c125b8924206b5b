"""What strangers wait for."""

import asyncio
from itertools import pairwise

from edgewise.http.strangers import Strangers

KB = 1024


async def _turns_until_served(body_bytes: int, asked: int) -> list[int]:
    """When each of so many strangers, who ask at once, has its turn: in turns of the event loop."""
    strangers, turn, served = Strangers(), 0, []

    async def ask() -> None:
        await strangers.wait(body_bytes)
        served.append(turn)

    asking = [asyncio.create_task(ask()) for _ in range(asked)]
    while len(served) < asked:
        await asyncio.sleep(0)
        turn += 1
    await asyncio.gather(*asking)
    return served


async def test_a_stranger_who_comes_alone_waits_for_nothing():
    strangers = Strangers()
    for _ in range(10):
        waiting = strangers.wait(64 * KB)
        try:
            waiting.send(None)
        except StopIteration:
            pass
        else:
            raise AssertionError("it waits")
        await asyncio.sleep(0.01)


async def test_between_two_strangers_the_others_have_turns():
    served = await _turns_until_served(0, asked=10)
    assert all(later - earlier >= 3 for earlier, later in pairwise(served))


async def test_after_a_large_body_they_have_more():
    small, large = await _turns_until_served(0, asked=10), await _turns_until_served(64 * KB, asked=10)
    assert large[-1] > 4 * small[-1]


async def test_strangers_are_served_in_their_order():
    strangers, served = Strangers(), []

    async def ask(number: int) -> None:
        await strangers.wait()
        served.append(number)

    await asyncio.gather(*(ask(number) for number in range(20)))
    assert served == list(range(20))


async def test_nobody_waits_for_one_who_left():
    strangers = Strangers()
    await strangers.wait()
    left = [asyncio.create_task(strangers.wait()) for _ in range(5)]
    last = asyncio.create_task(strangers.wait())
    await asyncio.sleep(0)
    for each in left:
        each.cancel()
    await asyncio.wait_for(last, 5)
    assert all(each.cancelled() for each in left)


async def test_an_idle_queue_does_nothing():
    strangers = Strangers()
    await strangers.wait(64 * KB)
    await asyncio.sleep(0.05)
    loop = asyncio.get_running_loop()
    assert not getattr(loop, "_ready", ())
