"""What a request changes is noted for the one whose token it shows, at the time at which it came."""

import asyncio

from edgewise.domain.audit import Acting, Wanted, acting
from edgewise.domain.callers import Actor
from edgewise.stores.memory import MemoryStore
from tests.unit.http.asgi import AT, PORTAL_ID, add_token, application, ask

LINK = "/crm/v4/objects/contacts/%d/associations/default/companies/1"


async def _noted(store: MemoryStore) -> list[tuple[int, str, int]]:
    """The token, the name and the time of each link."""
    entries = await store.audit.read_after(Wanted(PORTAL_ID), 0, 1_000)
    return [
        (entry.actor.token_id, entry.actor.name, entry.at)
        for entry in entries
        if entry.deed.action == "links.put"
    ]


async def test_a_change_is_noted_for_its_token():
    store = MemoryStore()
    for token in ("one", "two"):
        await add_token(store, token)
    app = application(store, is_open=False)
    asked = [ask(app, "PUT", LINK % number, token=token) for number, token in enumerate(("two", "one"), 1)]
    assert [answer.status for answer in await asyncio.gather(*asked)] == [200, 200]
    assert await _noted(store) == [(2, "test", AT), (1, "test", AT)]


async def test_a_token_that_nobody_made_is_noted_as_such():
    store = MemoryStore()
    assert (await ask(application(store), "PUT", LINK % 1)).status == 200
    assert await _noted(store) == [(0, "any token", AT)]


async def test_who_acted_before_is_not_taken_for_the_one_who_asks():
    store = MemoryStore()
    await add_token(store)
    acting.set(Acting(Actor(99, 0, 0, "before")))
    assert (await ask(application(store, is_open=False), "PUT", LINK % 1)).status == 200
    assert await _noted(store) == [(1, "test", AT)]


async def test_a_refused_request_is_not_noted():
    store = MemoryStore()
    await add_token(store, is_read_only=True)
    assert (await ask(application(store, is_open=False), "PUT", LINK % 1)).status == 403
    assert await _noted(store) == []
