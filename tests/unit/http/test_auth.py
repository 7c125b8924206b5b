"""A bearer token opens a portal, is believed for a moment, and nothing else is let in."""

from dataclasses import replace

import pytest

from edgewise.domain.accounts import Tier, Token
from edgewise.domain.errors import Unavailable
from edgewise.domain.model import PortalTypes, TypesChange
from edgewise.http.auth import REMEMBERED_S, USE_NOTED_MS, Portals, token_digest
from edgewise.stores.memory import MemoryStore
from edgewise.stores.memory.accounts import MemoryAccounts
from edgewise.wire.messages import Portal
from edgewise.wire.refusals import NotAuthenticated
from tests.contract.toy_types import ADVISES
from tests.unit.http.asgi import PORTAL_ID, add_token
from tests.unit.http.door import OPEN_PORTAL, CountingStore, Door, Watch, make_portal

MALFORMED = [
    b"", b"Bearer", b"Bearer ", b"Bearer  secret", b"bearer secret", b"BEARER secret", b"Basic secret",
    b"secret", b" Bearer secret", b"Bearer\tsecret", b"Bearersecret", b"Token secret",
]  # fmt: skip


async def _is_refused(door: Door, header: bytes) -> bool:
    with pytest.raises(NotAuthenticated):
        await door.identify(header)
    return door.recall(header) is None


@pytest.mark.parametrize("header", [b"Bearer x", b"Bearer pat-na1-1", b"Bearer \xff\xfe", b"Bearer a b"])
async def test_an_open_server_takes_any_token(open_to_all: Door, header: bytes):
    guest = await open_to_all.identify(header)
    assert guest.portal.portal_id == OPEN_PORTAL
    assert guest.caller is not None
    assert (guest.caller.token, guest.caller.scopes, guest.caller.is_read_only) == (None, None, False)


@pytest.mark.parametrize("header", MALFORMED)
async def test_no_server_takes_a_header_of_another_form(
    open_to_all: Door, strict: Door, store: CountingStore, header: bytes
):
    for token in ("secret", " secret", ""):
        await add_token(store, token)
    assert await _is_refused(open_to_all, header)
    assert await _is_refused(strict, header)
    assert store.asked == 0


async def test_a_strict_server_takes_the_tokens_of_its_store(strict: Door, store: CountingStore):
    await add_token(store, "one", 1)
    await add_token(store, "two", 2)
    assert (await strict.identify(b"Bearer one")).portal.portal_id == 1
    assert (await strict.identify(b"Bearer two")).portal.portal_id == 2


@pytest.mark.parametrize(
    "header", [b"Bearer other", b"Bearer ONE", b"Bearer one ", b"Bearer on", b"Bearer \xff"]
)
async def test_a_strict_server_takes_no_other(strict: Door, store: CountingStore, header: bytes):
    await add_token(store, "one")
    assert await _is_refused(strict, header)
    assert store.asked == 1


async def test_a_token_of_any_characters_is_found_by_its_digest(strict: Door, store: CountingStore):
    await add_token(store, "größe 🙂")
    assert (await strict.identify("Bearer größe 🙂".encode())).portal.portal_id == PORTAL_ID


def test_what_is_kept_of_a_token_does_not_show_it():
    assert len(token_digest("secret")) == 32
    assert b"secret" not in token_digest("secret")
    assert token_digest("secret") == token_digest("secret") != token_digest("secreT")


# Remembering.


async def test_a_token_is_believed_for_a_moment_without_the_store(
    strict: Door, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    assert strict.recall(b"Bearer one") is None
    guest = await strict.identify(b"Bearer one")
    assert strict.recall(b"Bearer one") is guest
    watch.pass_s(REMEMBERED_S - 0.001)
    assert strict.recall(b"Bearer one") is guest
    assert store.asked == 1


async def test_after_that_moment_the_store_is_asked_again(strict: Door, store: CountingStore, watch: Watch):
    await add_token(store, "one", 1)
    former = await strict.identify(b"Bearer one")
    watch.pass_s(REMEMBERED_S)
    assert strict.recall(b"Bearer one") is None
    assert (await strict.identify(b"Bearer one")).portal is former.portal
    assert store.asked == 2


async def test_a_caller_stays_the_same_one_until_its_token_changes(
    strict: Door, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    former = await strict.identify(b"Bearer one")
    watch.pass_s(USE_NOTED_MS / 1000)
    assert (await strict.identify(b"Bearer one")).caller is former.caller
    await strict.settle()
    watch.pass_s(REMEMBERED_S)
    assert (await strict.identify(b"Bearer one")).caller is former.caller
    assert (store.asked, store.noted) == (3, 2)
    store.accounts._accounts[PORTAL_ID] = replace(former.caller.account, tier=Tier.FREE)
    watch.pass_s(REMEMBERED_S)
    assert (await strict.identify(b"Bearer one")).caller.account.tier is Tier.FREE


async def test_being_recalled_does_not_make_a_token_last_longer(
    strict: Door, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    await strict.identify(b"Bearer one")
    for _ in range(4):
        watch.pass_s(REMEMBERED_S / 4)
        strict.recall(b"Bearer one")
    assert strict.recall(b"Bearer one") is None


async def test_a_refused_token_is_not_remembered(strict: Door, store: CountingStore):
    for _ in range(3):
        assert await _is_refused(strict, b"Bearer late")
    assert store.asked == 3
    await add_token(store, "late")
    assert (await strict.identify(b"Bearer late")).portal.portal_id == PORTAL_ID


async def test_one_token_is_not_recalled_for_another(strict: Door, store: CountingStore):
    await add_token(store, "one")
    await strict.identify(b"Bearer one")
    for header in (b"Bearer two", b"bearer one", b"Bearer one ", b"one", b""):
        assert strict.recall(header) is None


async def test_a_store_that_is_down_opens_nothing_and_says_so():
    class Down(MemoryAccounts):
        async def find_token(self, digest: bytes) -> Token | None:
            raise Unavailable("down")

    store = MemoryStore()
    store.accounts = Down(store._portals, store._jobs, store.audit)
    door = Door(store, Watch())
    with pytest.raises(Unavailable):
        await door.identify(b"Bearer one")
    assert door.recall(b"Bearer one") is None


async def test_ever_new_tokens_do_not_fill_the_memory(open_to_all: Door):
    headers = [b"Bearer %d" % number for number in range(30_001)]
    for header in headers:
        await open_to_all.identify(header)
    recalled = [header for header in headers if open_to_all.recall(header) is not None]
    assert 0 < len(recalled) <= 10_000
    assert recalled[-1] == headers[-1]


async def test_long_tokens_open_a_portal_but_do_not_fill_the_memory(open_to_all: Door):
    longest = b"Bearer " + b"t" * (1_000 - len("Bearer "))
    await open_to_all.identify(longest)
    assert open_to_all.recall(longest)
    await open_to_all.identify(longest + b"t")
    assert not open_to_all.recall(longest + b"t")


# Portals.


async def test_a_portal_is_made_once(store: CountingStore):
    made: list[int] = []

    def make(portal_id: int, types: PortalTypes) -> Portal:
        made.append(portal_id)
        return make_portal(portal_id, types)

    portals = Portals(store, make)
    first = await portals.get(1)
    assert await portals.get(1) is first
    assert (await portals.get(2)).portal_id == 2
    assert made == [1, 2]


async def test_a_portal_goes_on_with_what_somebody_else_defined(store: CountingStore):
    portals = Portals(store, make_portal)
    portal = await portals.get(1)
    await store.add_portal_types(1, PortalTypes((), (ADVISES,)))
    assert portal.catalog.find_association_type(ADVISES.key) is None
    assert await portals.get(1) is portal
    assert portal.catalog.find_association_type(ADVISES.key) is ADVISES
    await store.change_types(1, lambda types: TypesChange(removed=[ADVISES.key]))
    assert (await portals.get(1)).catalog.find_association_type(ADVISES.key) is None


async def test_a_portal_never_goes_back_to_what_it_defined_before(store: CountingStore):
    portal = await Portals(store, make_portal).get(1)
    former = portal.types
    await store.add_portal_types(1, PortalTypes((), (ADVISES,)))
    portal.adopt(await store.portal_types(1))
    portal.adopt(former)
    assert portal.catalog.find_association_type(ADVISES.key) is ADVISES


async def test_a_portal_makes_no_second_catalog_of_what_it_defines(store: CountingStore):
    portal = await Portals(store, make_portal).get(1)
    assert portal.catalog_of(await store.portal_types(1)) is portal.catalog
    await store.add_portal_types(1, PortalTypes((), (ADVISES,)))
    later = portal.catalog_of(await store.portal_types(1))
    assert later is not portal.catalog
    assert later.find_association_type(ADVISES.key) is ADVISES
