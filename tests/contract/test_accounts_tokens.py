"""A token opens one portal until it is ended, and is known by its digest alone."""

import asyncio
from dataclasses import replace

import pytest

from edgewise.domain.accounts import RateLimit, Token, TokenUse
from edgewise.domain.errors import Conflict
from tests.contract.keys import SCOPES, digest_of, new_token
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, World

LATER = AT + 1_000


async def test_a_new_store_knows_no_token(world: World):
    assert await world.store.accounts.count_tokens() == 0
    assert await world.store.accounts.list_tokens(None) == []
    assert await world.store.accounts.find_token(digest_of("unknown")) is None


async def test_a_token_opens_its_own_portal(world: World):
    here = await world.store.accounts.add_token(new_token("here"))
    there = await world.store.accounts.add_token(new_token("there", OTHER_PORTAL))
    assert await world.store.accounts.find_token(here.digest) == here
    assert await world.store.accounts.find_token(there.digest) == there
    assert (here.portal_id, there.portal_id) == (PORTAL, OTHER_PORTAL)


async def test_a_token_is_kept_as_it_is(world: World):
    full = new_token(
        "full",
        scopes=SCOPES,
        is_read_only=True,
        expires_at=AT + 5,
        rate_limit=RateLimit(20, 10),
        app_id=3,
        user_id=4,
        code_digest=digest_of("code"),
    )
    for token in (full, new_token("plain"), new_token("no scopes", scopes=())):
        kept = await world.store.accounts.add_token(token)
        assert kept == replace(token, token_id=kept.token_id)
        assert await world.store.accounts.find_token(token.digest) == kept


async def test_every_token_has_an_id_of_its_own_in_the_order_they_were_kept(world: World):
    kept = [
        await world.store.accounts.add_token(new_token(text, portal_id))
        for text, portal_id in (("a", PORTAL), ("b", OTHER_PORTAL), ("c", PORTAL))
    ]
    ids = [token.token_id for token in kept]
    assert ids == sorted(set(ids))
    assert ids[0] > 0
    assert list(await world.store.accounts.list_tokens(None)) == kept
    assert list(await world.store.accounts.list_tokens(PORTAL)) == [kept[0], kept[2]]
    assert list(await world.store.accounts.list_tokens(OTHER_PORTAL)) == [kept[1]]
    assert list(await world.store.accounts.list_tokens(404)) == []


async def test_a_portal_may_have_several_tokens_of_one_name(world: World):
    for text in ("first", "second"):
        await world.store.accounts.add_token(replace(new_token(text), name="same"))
    assert [token.name for token in await world.store.accounts.list_tokens(PORTAL)] == ["same", "same"]


async def test_tokens_are_counted_over_all_portals(world: World):
    for token in (new_token("a"), new_token("b"), new_token("c", OTHER_PORTAL)):
        await world.store.accounts.add_token(token)
    assert await world.store.accounts.count_tokens() == 3


async def test_a_digest_is_kept_once(world: World):
    kept = await world.store.accounts.add_token(new_token("same"))
    with pytest.raises(Conflict):
        await world.store.accounts.add_token(new_token("same", OTHER_PORTAL))
    assert await world.store.accounts.find_token(kept.digest) == kept
    assert await world.store.accounts.count_tokens() == 1


@pytest.mark.parametrize("was_there", [False, True])
async def test_a_portal_that_is_not_there_gets_no_token(world: World, was_there: bool):
    await world.store.accounts.close_account(PORTAL, AT)
    with pytest.raises(Conflict):
        await world.store.accounts.add_token(new_token("late", PORTAL if was_there else 404))
    assert await world.store.accounts.count_tokens() == 0


async def test_no_token_of_a_closed_portal_is_kept(world: World):
    await world.store.accounts.close_account(PORTAL, AT)
    with pytest.raises(Conflict):
        await world.store.accounts.add_token(new_token("late"))
    assert await world.store.accounts.find_token(digest_of("late")) is None


async def test_a_digest_is_compared_byte_by_byte(world: World):
    digest = b"A\0" * 16
    kept = await world.store.accounts.add_token(Token(digest, PORTAL, "bytes", AT))
    assert await world.store.accounts.find_token(digest) == kept
    for other in (digest.lower(), digest[:-1], digest + b"\0", digest[:1]):
        assert await world.store.accounts.find_token(other) is None


async def test_a_revoked_token_says_since_when(world: World):
    accounts = world.store.accounts
    one, two = [await accounts.add_token(new_token(text)) for text in ("one", "two")]
    assert await accounts.revoke_token(one.token_id, LATER)
    assert await accounts.find_token(one.digest) == replace(one, revoked_at=LATER)
    assert await accounts.find_token(two.digest) == two
    assert list(await accounts.list_tokens(PORTAL)) == [replace(one, revoked_at=LATER), two]


async def test_a_token_is_revoked_once(world: World):
    token = await world.store.accounts.add_token(new_token("one"))
    assert await world.store.accounts.revoke_token(token.token_id, LATER)
    assert not await world.store.accounts.revoke_token(token.token_id, LATER + 1)
    assert not await world.store.accounts.revoke_token(token.token_id + 1, LATER)
    kept = await world.store.accounts.find_token(token.digest)
    assert kept is not None
    assert kept.revoked_at == LATER


async def test_a_revoked_token_stays_revoked_when_it_is_used(world: World):
    token = await world.store.accounts.add_token(new_token("one"))
    await asyncio.gather(
        world.store.accounts.revoke_token(token.token_id, LATER),
        world.store.accounts.note_token_uses([TokenUse(token.token_id, LATER + 1)]),
    )
    kept = await world.store.accounts.find_token(token.digest)
    assert kept == replace(token, revoked_at=LATER, last_used_at=LATER + 1)


async def test_the_last_use_of_each_token_is_kept(world: World):
    accounts = world.store.accounts
    one, two, three = [await accounts.add_token(new_token(text)) for text in ("one", "two", "three")]
    await accounts.note_token_uses([TokenUse(one.token_id, LATER), TokenUse(two.token_id, LATER + 1)])
    assert [t.last_used_at for t in await accounts.list_tokens(PORTAL)] == [LATER, LATER + 1, None]
    await accounts.note_token_uses([TokenUse(one.token_id, LATER + 5), TokenUse(three.token_id, LATER)])
    assert [t.last_used_at for t in await accounts.list_tokens(PORTAL)] == [LATER + 5, LATER + 1, LATER]


async def test_an_earlier_use_that_is_told_later_changes_nothing(world: World):
    accounts = world.store.accounts
    token = await accounts.add_token(new_token("one"))
    uses = [TokenUse(token.token_id, LATER + 5), TokenUse(token.token_id, LATER)]
    await accounts.note_token_uses(uses)
    await accounts.note_token_uses([TokenUse(token.token_id, LATER + 1)])
    assert await accounts.find_token(token.digest) == replace(token, last_used_at=LATER + 5)


async def test_a_use_of_a_token_that_is_gone_is_no_error(world: World):
    await world.store.accounts.note_token_uses([])
    await world.store.accounts.note_token_uses([TokenUse(404, AT)])
    assert await world.store.accounts.list_tokens(None) == []
