"""A token that ended opens nothing: at once, or after the moment for which a server believes it."""

import asyncio
from collections.abc import Sequence

import pytest

from edgewise.domain.accounts import App, Token, TokenUse, usual_account
from edgewise.domain.callers import Actor
from edgewise.domain.errors import Unavailable
from edgewise.domain.ports import Store
from edgewise.http.auth import REMEMBERED_S, token_digest
from edgewise.stores.memory import MemoryStore
from edgewise.stores.memory.accounts import MemoryAccounts
from edgewise.wire.refusals import TokenExpired
from tests.unit.http.asgi import AT, PORTAL_ID, add_token
from tests.unit.http.door import OPEN_PORTAL, CountingStore, Door, Watch


async def _revoke(store: Store, token: str, watch: Watch) -> None:
    kept = await store.accounts.find_token(token_digest(token))
    assert kept is not None
    assert await store.accounts.revoke_token(kept.token_id, watch.now)


async def test_a_revoked_token_is_believed_for_that_moment_and_no_longer(
    strict: Door, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    await strict.identify(b"Bearer one")
    watch.pass_s(REMEMBERED_S / 2)
    await _revoke(store, "one", watch)
    assert await strict.identify(b"Bearer one")
    watch.pass_s(REMEMBERED_S / 2)
    assert await strict.refuses(b"Bearer one")


async def test_a_server_may_believe_a_token_for_less(store: CountingStore, watch: Watch):
    door = Door(store, watch, remembered_s=0.5)
    await add_token(store, "one")
    await door.identify(b"Bearer one")
    await _revoke(store, "one", watch)
    watch.pass_s(0.499)
    assert door.recall(b"Bearer one")
    watch.pass_s(0.001)
    assert await door.refuses(b"Bearer one")


async def test_a_server_may_believe_no_token_unasked(store: CountingStore, watch: Watch):
    door = Door(store, watch, remembered_s=0)
    await add_token(store, "one")
    await door.identify(b"Bearer one")
    await _revoke(store, "one", watch)
    assert await door.refuses(b"Bearer one")


async def test_a_token_expires_to_the_millisecond_however_lately_it_was_believed(
    strict: Door, store: CountingStore, watch: Watch
):
    await add_token(store, "one", expires_at=AT + 1_500)
    await strict.identify(b"Bearer one")
    watch.now = AT + 1_499
    assert strict.recall(b"Bearer one")
    watch.now = AT + 1_500
    with pytest.raises(TokenExpired) as caught:
        await strict.identify(b"Bearer one")
    assert (caught.value.expired_at, caught.value.at) == (AT + 1_500, AT + 1_500)


async def test_a_token_that_expired_at_the_epoch_is_expired(strict: Door, store: CountingStore):
    await add_token(store, "one", expires_at=0)
    assert await strict.refuses(b"Bearer one")


@pytest.mark.parametrize("end", ["revoked", "expired", "closed"])
async def test_a_known_token_that_ended_opens_no_open_server(
    open_to_all: Door, store: CountingStore, watch: Watch, end: str
):
    await add_token(store, "one", expires_at=AT if end == "expired" else None)
    if end == "revoked":
        await _revoke(store, "one", watch)
    elif end == "closed":
        await add_token(store, "its own", OPEN_PORTAL)
        await store.accounts.close_account(OPEN_PORTAL, AT)
        assert await open_to_all.refuses(b"Bearer any")
        await store.accounts.close_account(PORTAL_ID, AT)
        assert await open_to_all.refuses(b"Bearer its own")
    assert await open_to_all.refuses(b"Bearer one")


async def test_a_known_token_acts_as_itself_on_an_open_server(open_to_all: Door, store: CountingStore):
    await add_token(store, "one", scopes=("crm.objects.contacts.read",), is_read_only=True)
    guest = await open_to_all.identify(b"Bearer one")
    assert guest.caller is not None
    assert guest.portal.portal_id == guest.caller.account.portal_id == PORTAL_ID
    assert (guest.caller.scopes, guest.caller.is_read_only) == (
        frozenset(["crm.objects.contacts.read"]),
        True,
    )
    assert guest.caller.actor.name == "test"


async def test_a_token_of_an_app_ends_with_the_app(strict: Door, store: CountingStore, watch: Watch):
    await store.accounts.add_account(usual_account(7, AT))
    app = await store.accounts.add_app(App("client", b"", "Sync", 7, (), (), AT, is_public=True))
    await add_token(store, "one", app_id=app.app_id, user_id=5)
    caller = (await strict.identify(b"Bearer one")).caller
    assert caller is not None
    assert (caller.is_public_app, caller.actor) == (True, Actor(1, app.app_id, 5, "test"))
    await store.accounts.close_account(7, AT)
    watch.pass_s(REMEMBERED_S)
    assert await strict.refuses(b"Bearer one")


async def test_a_clock_that_goes_back_prolongs_nothing(strict: Door, store: CountingStore, watch: Watch):
    await add_token(store, "one")
    await strict.identify(b"Bearer one")
    await _revoke(store, "one", watch)
    watch.pass_s(REMEMBERED_S - 0.001)
    assert strict.recall(b"Bearer one")
    watch.pass_s(-REMEMBERED_S / 2)
    assert strict.recall(b"Bearer one") is None
    watch.pass_s(REMEMBERED_S / 2)
    assert await strict.refuses(b"Bearer one")


async def test_a_clock_that_goes_back_while_the_store_is_asked_prolongs_nothing(watch: Watch):
    is_asked, may_answer = asyncio.Event(), asyncio.Event()

    class Slow(MemoryAccounts):
        async def find_token(self, digest: bytes) -> Token | None:
            token = await super().find_token(digest)
            is_asked.set()
            await may_answer.wait()
            return token

    store = MemoryStore()
    store.accounts = Slow(store._portals, store._jobs, store.audit)
    await add_token(store, "one")
    door = Door(store, watch)
    asking = asyncio.create_task(door.identify(b"Bearer one"))
    await is_asked.wait()
    watch.pass_s(-10)
    door.recall(b"Bearer other")
    may_answer.set()
    await asking
    watch.pass_s(10)
    assert door.recall(b"Bearer one") is None


# When a token was last used.


async def _last_use(store: CountingStore, token: str) -> int | None:
    kept = await store.accounts.find_token(token_digest(token))
    assert kept is not None
    return kept.last_used_at


async def test_the_last_use_of_a_token_is_kept_to_the_minute(
    strict: Door, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    noted = set()
    for _ in range(3 * 60):
        await strict.identify(b"Bearer one")
        await strict.settle()
        last = await _last_use(store, "one")
        assert last is not None
        assert watch.now - last < 60_000 + REMEMBERED_S * 1000
        noted.add(last)
        watch.pass_s(1)
    assert store.noted == len(noted) == 3


async def test_a_token_that_is_refused_was_not_used(strict: Door, store: CountingStore):
    await add_token(store, "one", expires_at=AT)
    assert await strict.refuses(b"Bearer one")
    await strict.settle()
    assert await _last_use(store, "one") is None


async def test_a_use_that_cannot_be_kept_lets_the_request_in_and_is_logged(
    watch: Watch, caplog: pytest.LogCaptureFixture
):
    class Full(MemoryAccounts):
        async def note_token_uses(self, uses: Sequence[TokenUse]) -> None:
            raise Unavailable("disk full")

    store = MemoryStore()
    store.accounts = Full(store._portals, store._jobs, store.audit)
    await add_token(store, "pat-one")
    door = Door(store, watch)
    assert await door.identify(b"Bearer pat-one")
    await door.settle()
    (record,) = caplog.records
    assert record.getMessage() == "the last use of token 1 was not kept: disk full"
