"""A token opens one portal."""

from hashlib import sha256

from edgewise.domain.ports import Token
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, World


def _token(text: str, portal_id: int = PORTAL) -> Token:
    return Token(sha256(text.encode()).digest(), portal_id, text, AT)


async def test_a_new_store_knows_no_token(world: World):
    assert await world.store.count_tokens() == 0
    assert await world.store.portal_of_token(_token("unknown").digest) is None


async def test_a_token_opens_its_own_portal(world: World):
    here, there = _token("here"), _token("there", OTHER_PORTAL)
    await world.store.add_token(here)
    await world.store.add_token(there)
    assert await world.store.portal_of_token(here.digest) == PORTAL
    assert await world.store.portal_of_token(there.digest) == OTHER_PORTAL


async def test_a_portal_may_have_several_tokens_of_one_name(world: World):
    tokens = [_token(text)._replace(name="same") for text in ("first", "second")]
    for token in tokens:
        await world.store.add_token(token)
    assert [await world.store.portal_of_token(token.digest) for token in tokens] == [PORTAL, PORTAL]


async def test_tokens_are_counted_over_all_portals(world: World):
    for token in (_token("a"), _token("b"), _token("c", OTHER_PORTAL)):
        await world.store.add_token(token)
    assert await world.store.count_tokens() == 3


async def test_a_token_kept_again_counts_once(world: World):
    for _ in range(2):
        await world.store.add_token(_token("same"))
    assert await world.store.count_tokens() == 1


async def test_a_digest_is_compared_byte_by_byte(world: World):
    digest = b"A\0" * 16
    await world.store.add_token(Token(digest, PORTAL, "bytes", AT))
    assert await world.store.portal_of_token(digest) == PORTAL
    for other in (digest.lower(), digest[:-1], digest + b"\0", digest[:1]):
        assert await world.store.portal_of_token(other) is None
