"""A bearer token opens a portal, is believed for a moment, and nothing else is let in."""

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.errors import Unavailable
from edgewise.domain.model import PortalTypes, TypesChange
from edgewise.domain.rules import Rules
from edgewise.http import auth
from edgewise.http.auth import REMEMBERED_S, Authenticator, Portals, token_digest
from edgewise.stores.memory import MemoryStore
from edgewise.wire.messages import Portal
from edgewise.wire.quirks import quirks_of
from edgewise.wire.refusals import NotAuthenticated
from tests.contract.toy_types import ADVISES
from tests.unit.http.asgi import PORTAL_ID, StillClock, add_token

OPEN_PORTAL = 9
QUIRKS = quirks_of("documented")
MALFORMED = [
    b"", b"Bearer", b"Bearer ", b"Bearer  secret", b"bearer secret", b"BEARER secret", b"Basic secret",
    b"secret", b" Bearer secret", b"Bearer\tsecret", b"Bearersecret", b"Token secret",
]  # fmt: skip


class CountingStore(MemoryStore):
    """Counts how often it is asked for a token."""

    asked = 0

    async def portal_of_token(self, digest: bytes) -> int | None:
        self.asked += 1
        return await super().portal_of_token(digest)


class Watch:
    """A clock that moves when it is told to."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def _make(portal_id: int, types: PortalTypes) -> Portal:
    return Portal(portal_id, hubspot_types(), types, Rules(), QUIRKS, StillClock())


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(auth, "monotonic", watch)
    return watch


@pytest.fixture
def strict(store: CountingStore) -> Authenticator:
    return Authenticator(store, Portals(store, _make))


@pytest.fixture
def open_to_all(store: CountingStore) -> Authenticator:
    return Authenticator(store, Portals(store, _make), OPEN_PORTAL)


async def _is_refused(authenticator: Authenticator, header: bytes) -> bool:
    with pytest.raises(NotAuthenticated):
        await authenticator.identify(header)
    return authenticator.recall(header) is None


@pytest.mark.parametrize("header", [b"Bearer x", b"Bearer pat-na1-1", b"Bearer \xff\xfe", b"Bearer a b"])
async def test_an_open_server_takes_any_token(
    open_to_all: Authenticator, store: CountingStore, header: bytes
):
    assert (await open_to_all.identify(header)).portal_id == OPEN_PORTAL
    assert store.asked == 0


@pytest.mark.parametrize("header", MALFORMED)
async def test_no_server_takes_a_header_of_another_form(
    open_to_all: Authenticator, strict: Authenticator, store: CountingStore, header: bytes
):
    for token in ("secret", " secret", ""):
        await add_token(store, token)
    assert await _is_refused(open_to_all, header)
    assert await _is_refused(strict, header)
    assert store.asked == 0


async def test_a_strict_server_takes_the_tokens_of_its_store(strict: Authenticator, store: CountingStore):
    await add_token(store, "one", 1)
    await add_token(store, "two", 2)
    assert (await strict.identify(b"Bearer one")).portal_id == 1
    assert (await strict.identify(b"Bearer two")).portal_id == 2


@pytest.mark.parametrize(
    "header", [b"Bearer other", b"Bearer ONE", b"Bearer one ", b"Bearer on", b"Bearer \xff"]
)
async def test_a_strict_server_takes_no_other(strict: Authenticator, store: CountingStore, header: bytes):
    await add_token(store, "one")
    assert await _is_refused(strict, header)
    assert store.asked == 1


async def test_a_token_of_any_characters_is_found_by_its_digest(strict: Authenticator, store: CountingStore):
    await add_token(store, "größe 🙂")
    assert (await strict.identify("Bearer größe 🙂".encode())).portal_id == PORTAL_ID


def test_what_is_kept_of_a_token_does_not_show_it():
    assert len(token_digest("secret")) == 32
    assert b"secret" not in token_digest("secret")
    assert token_digest("secret") == token_digest("secret") != token_digest("secreT")


# Remembering.


async def test_a_token_is_believed_for_a_moment_without_the_store(
    strict: Authenticator, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    assert strict.recall(b"Bearer one") is None
    portal = await strict.identify(b"Bearer one")
    assert strict.recall(b"Bearer one") is portal
    watch.now += REMEMBERED_S - 0.01
    assert strict.recall(b"Bearer one") is portal
    assert store.asked == 1


async def test_after_that_moment_the_store_is_asked_again(
    strict: Authenticator, store: CountingStore, watch: Watch
):
    await add_token(store, "one", 1)
    await strict.identify(b"Bearer one")
    watch.now += REMEMBERED_S
    assert strict.recall(b"Bearer one") is None
    await add_token(store, "one", 2)
    assert (await strict.identify(b"Bearer one")).portal_id == 2
    assert store.asked == 2


async def test_being_recalled_does_not_make_a_token_last_longer(
    strict: Authenticator, store: CountingStore, watch: Watch
):
    await add_token(store, "one")
    await strict.identify(b"Bearer one")
    for _ in range(4):
        watch.now += REMEMBERED_S / 4
        strict.recall(b"Bearer one")
    assert strict.recall(b"Bearer one") is None


async def test_a_refused_token_is_not_remembered(strict: Authenticator, store: CountingStore):
    for _ in range(3):
        assert await _is_refused(strict, b"Bearer late")
    assert store.asked == 3
    await add_token(store, "late")
    assert (await strict.identify(b"Bearer late")).portal_id == PORTAL_ID


async def test_one_token_is_not_recalled_for_another(strict: Authenticator, store: CountingStore):
    await add_token(store, "one")
    await strict.identify(b"Bearer one")
    for header in (b"Bearer two", b"bearer one", b"Bearer one ", b"one", b""):
        assert strict.recall(header) is None


async def test_a_store_that_is_down_opens_nothing_and_says_so():
    class Down(MemoryStore):
        async def portal_of_token(self, digest: bytes) -> int | None:
            raise Unavailable("down")

    down = Down()
    authenticator = Authenticator(down, Portals(down, _make))
    with pytest.raises(Unavailable):
        await authenticator.identify(b"Bearer one")
    assert authenticator.recall(b"Bearer one") is None


async def test_ever_new_tokens_do_not_fill_the_memory(open_to_all: Authenticator, watch: Watch):
    headers = [b"Bearer %d" % number for number in range(30_001)]
    for header in headers:
        await open_to_all.identify(header)
    recalled = [header for header in headers if open_to_all.recall(header) is not None]
    assert 0 < len(recalled) <= 10_000
    assert recalled[-1] == headers[-1]


# Portals.


async def test_a_portal_is_made_once(store: CountingStore):
    made: list[int] = []

    def make(portal_id: int, types: PortalTypes) -> Portal:
        made.append(portal_id)
        return _make(portal_id, types)

    portals = Portals(store, make)
    first = await portals.get(1)
    assert await portals.get(1) is first
    assert (await portals.get(2)).portal_id == 2
    assert made == [1, 2]


async def test_a_portal_goes_on_with_what_somebody_else_defined(store: CountingStore):
    portals = Portals(store, _make)
    portal = await portals.get(1)
    await store.add_portal_types(1, PortalTypes((), (ADVISES,)))
    assert portal.catalog.find_association_type(ADVISES.key) is None
    assert await portals.get(1) is portal
    assert portal.catalog.find_association_type(ADVISES.key) is ADVISES
    await store.change_types(1, lambda types: TypesChange(removed=[ADVISES.key]))
    assert (await portals.get(1)).catalog.find_association_type(ADVISES.key) is None


async def test_a_portal_never_goes_back_to_what_it_defined_before(store: CountingStore):
    portal = await Portals(store, _make).get(1)
    former = portal.types
    await store.add_portal_types(1, PortalTypes((), (ADVISES,)))
    portal.adopt(await store.portal_types(1))
    portal.adopt(former)
    assert portal.catalog.find_association_type(ADVISES.key) is ADVISES


async def test_a_portal_makes_no_second_catalog_of_what_it_defines(store: CountingStore):
    portal = await Portals(store, _make).get(1)
    assert portal.catalog_of(await store.portal_types(1)) is portal.catalog
    await store.add_portal_types(1, PortalTypes((), (ADVISES,)))
    later = portal.catalog_of(await store.portal_types(1))
    assert later is not portal.catalog
    assert later.find_association_type(ADVISES.key) is ADVISES
