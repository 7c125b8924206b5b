"""An app is known by its client id; a code is used once, and a second use ends what the first one gave."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from edgewise.domain.accounts import Code, Granted
from edgewise.domain.errors import Conflict
from tests.contract.keys import digest_of, granted, new_app, new_code, new_token
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, World

LATER = AT + 1_000


async def _code(world: World, text: str = "code", portal_id: int = PORTAL, **more: Any) -> Code:
    """A code of an app of its own, kept."""
    app = await world.store.accounts.add_app(new_app(f"of {text}"))
    code = new_code(text, app.app_id, portal_id, **more)
    await world.store.accounts.add_code(code)
    return code


async def _exchange(world: World, code: Code, at: int = AT) -> Granted:
    grant = await world.store.accounts.exchange_code(code.digest, at, granted)
    assert grant is not None
    return grant


# Apps.


async def test_an_app_is_found_by_its_client_id_and_by_its_id(world: World):
    accounts = world.store.accounts
    for app in (new_app("one"), new_app("two", OTHER_PORTAL, optional_scopes=("oauth",), is_public=False)):
        kept = await accounts.add_app(app)
        assert kept == replace(app, app_id=kept.app_id)
        assert await accounts.find_app(app.client_id) == await accounts.read_app(kept.app_id) == kept
    assert await accounts.find_app("ONE") is None
    assert await accounts.read_app(404) is None


async def test_apps_of_all_portals_are_listed_in_the_order_of_their_ids(world: World):
    apps = new_app("z"), new_app("a", OTHER_PORTAL)
    kept = [await world.store.accounts.add_app(app) for app in apps]
    assert list(await world.store.accounts.list_apps()) == kept
    assert kept[0].app_id < kept[1].app_id


async def test_a_client_id_is_used_once_and_a_portal_must_be_there(world: World):
    kept = await world.store.accounts.add_app(new_app("one"))
    for app in (new_app("one", OTHER_PORTAL), new_app("two", 404)):
        with pytest.raises(Conflict):
            await world.store.accounts.add_app(app)
    assert list(await world.store.accounts.list_apps()) == [kept]


async def test_a_secret_is_changed_for_one_app(world: World):
    accounts = world.store.accounts
    one, two = [await accounts.add_app(new_app(name)) for name in ("one", "two")]
    assert await accounts.change_app_secret("one", digest_of("another"))
    assert await accounts.find_app("one") == replace(one, secret_digest=digest_of("another"))
    assert await accounts.find_app("two") == two
    assert not await accounts.change_app_secret("three", digest_of("another"))


# Codes.


async def test_a_code_comes_to_what_is_decided_of_it(world: World):
    code = await _code(world, challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    asked: list[Code] = []

    def decide(kept: Code) -> Granted:
        asked.append(kept)
        return granted(kept)

    grant = await world.store.accounts.exchange_code(code.digest, AT, decide)
    assert set(asked) == {code}
    assert grant is not None
    assert await world.store.accounts.find_token(grant.token.digest) == grant.token
    assert grant.token.token_id > 0
    assert await world.store.accounts.find_refresh_token(grant.refresh_token.digest) == grant.refresh_token
    assert grant.refresh_token == granted(code).refresh_token


async def test_a_code_is_used_once(world: World):
    code = await _code(world)
    grant = await _exchange(world, code)
    assert await world.store.accounts.exchange_code(code.digest, LATER, granted) is None
    assert list(await world.store.accounts.list_tokens(None)) == [replace(grant.token, revoked_at=LATER)]


async def test_of_two_who_use_a_code_at_once_one_gets_something(world: World):
    code = await _code(world)
    grants = await asyncio.gather(
        *[
            world.store.accounts.exchange_code(code.digest, AT, lambda kept, i=i: granted(kept, str(i)))
            for i in range(5)
        ]
    )
    assert len([grant for grant in grants if grant is not None]) == 1
    assert len(await world.store.accounts.list_tokens(None)) == 1


async def test_a_second_use_ends_all_that_the_code_led_to_and_nothing_else(world: World):
    accounts = world.store.accounts
    code, other = await _code(world), await _code(world, "other")
    grant, kept = await _exchange(world, code), await _exchange(world, other)
    renewed = await accounts.add_token(
        new_token("renewed", app_id=code.app_id, code_digest=code.digest, expires_at=AT + 9)
    )
    private = await accounts.add_token(new_token("private"))
    assert await accounts.exchange_code(code.digest, LATER, granted) is None
    for token in (grant.token, renewed):
        assert await accounts.find_token(token.digest) == replace(token, revoked_at=LATER)
    for token in (kept.token, private):
        assert await accounts.find_token(token.digest) == token
    refresh_token, other_refresh_token = grant.refresh_token, kept.refresh_token
    ended = await accounts.find_refresh_token(refresh_token.digest)
    assert ended == replace(refresh_token, revoked_at=LATER)
    assert await accounts.find_refresh_token(other_refresh_token.digest) == other_refresh_token


async def test_a_token_that_was_revoked_before_keeps_its_time(world: World):
    code = await _code(world)
    grant = await _exchange(world, code)
    await world.store.accounts.revoke_token(grant.token.token_id, AT + 1)
    await world.store.accounts.revoke_refresh_token(grant.refresh_token.digest, AT + 2)
    await world.store.accounts.exchange_code(code.digest, LATER, granted)
    token = await world.store.accounts.find_token(grant.token.digest)
    refresh_token = await world.store.accounts.find_refresh_token(grant.refresh_token.digest)
    assert token is not None
    assert refresh_token is not None
    assert (token.revoked_at, refresh_token.revoked_at) == (AT + 1, AT + 2)


async def test_an_unknown_code_comes_to_nothing(world: World):
    await _code(world)
    assert await world.store.accounts.exchange_code(digest_of("guess"), AT, granted) is None
    assert await world.store.accounts.list_tokens(None) == []


async def test_a_refused_code_may_still_be_used(world: World):
    class Refused(Exception):
        pass

    def refuse(_: Code) -> Granted:
        raise Refused

    code = await _code(world)
    with pytest.raises(Refused):
        await world.store.accounts.exchange_code(code.digest, AT, refuse)
    assert await world.store.accounts.list_tokens(None) == []
    await _exchange(world, code)


async def test_a_grant_that_cannot_be_kept_leaves_nothing(world: World):
    accounts = world.store.accounts
    first, second = await _code(world, "first"), await _code(world, "second")
    grant = await _exchange(world, first)
    taken = grant.refresh_token
    with pytest.raises(Conflict):
        await accounts.exchange_code(
            second.digest, AT, lambda code: granted(code)._replace(refresh_token=taken)
        )
    assert list(await accounts.list_tokens(None)) == [grant.token]
    await _exchange(world, second)


async def test_a_code_is_kept_once_and_for_a_portal_that_is_there(world: World):
    code = await _code(world)
    for again in (replace(code, user_id=6), replace(code, digest=digest_of("other"), portal_id=404)):
        with pytest.raises(Conflict):
            await world.store.accounts.add_code(again)
    assert (await _exchange(world, code)).token.user_id == code.user_id


# Refresh tokens.


async def test_a_refresh_token_is_revoked_once_and_leaves_its_access_tokens(world: World):
    accounts = world.store.accounts
    grant = await _exchange(world, await _code(world))
    digest = grant.refresh_token.digest
    assert await accounts.find_refresh_token(digest_of("guess")) is None
    assert await accounts.revoke_refresh_token(digest, LATER)
    assert not await accounts.revoke_refresh_token(digest, LATER + 1)
    assert not await accounts.revoke_refresh_token(digest_of("guess"), LATER)
    assert await accounts.find_refresh_token(digest) == replace(grant.refresh_token, revoked_at=LATER)
    assert await accounts.find_token(grant.token.digest) == grant.token


# Forgetting.


async def test_expired_codes_and_tokens_of_apps_are_forgotten(world: World):
    accounts = world.store.accounts
    old = await _code(world, "old", expires_at=AT)
    await _exchange(world, await _code(world, "used", expires_at=AT))
    late = await _code(world, "late", expires_at=AT + 1)
    await accounts.add_token(new_token("old access", app_id=old.app_id, expires_at=AT))
    kept = [
        await accounts.add_token(new_token("new access", app_id=old.app_id, expires_at=AT + 1)),
        await accounts.add_token(new_token("private", expires_at=AT)),
        await accounts.add_token(new_token("endless")),
    ]
    assert await accounts.purge_expired(AT + 1) == 3
    assert await accounts.purge_expired(AT + 1) == 0
    assert await accounts.exchange_code(old.digest, AT, granted) is None
    assert await accounts.exchange_code(late.digest, AT, granted) is not None
    assert await accounts.find_token(digest_of("old access")) is None
    assert [await accounts.find_token(token.digest) for token in kept] == kept
