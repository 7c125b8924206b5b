"""Portals are made once, and an id that was used is never used again."""

from dataclasses import replace

import pytest

from edgewise.domain.accounts import Account, Tier, usual_account
from edgewise.domain.errors import Conflict
from tests.contract.world import AT, OTHER_PORTAL, PORTAL, World

ACME = Account(303, "Acme & Söhne 🙂", "crm.acme.example", "Pacific/Kiritimati", Tier.STARTER, AT + 7, 2)
FIRST = 1_000_001


async def test_a_portal_is_what_was_said_of_it(world: World):
    await world.store.accounts.add_account(ACME)
    assert await world.store.accounts.find_account(ACME.portal_id) == ACME


@pytest.mark.parametrize("tier", Tier)
async def test_a_portal_has_any_tier(world: World, tier: Tier):
    await world.store.accounts.add_account(replace(ACME, tier=tier))
    kept = await world.store.accounts.find_account(ACME.portal_id)
    assert kept is not None
    assert kept.tier is tier


async def test_a_portal_that_nobody_made_is_not_there(world: World):
    assert await world.store.accounts.find_account(404) is None
    assert not await world.store.accounts.is_closed(404)
    assert not await world.store.accounts.close_account(404, AT)
    assert await world.store.accounts.sweep_account(404, 10) == 0


async def test_portals_are_listed_by_id(world: World):
    for portal_id in (999, 7, 1_000_001, 10):
        await world.store.accounts.add_account(usual_account(portal_id, AT))
    listed = [account.portal_id for account in await world.store.accounts.list_accounts()]
    assert listed == [7, 10, PORTAL, OTHER_PORTAL, 999, 1_000_001]


async def test_an_id_is_used_once(world: World):
    await world.store.accounts.add_account(ACME)
    with pytest.raises(Conflict):
        await world.store.accounts.add_account(usual_account(ACME.portal_id, AT))
    assert await world.store.accounts.find_account(ACME.portal_id) == ACME


async def test_an_id_is_not_used_again_after_its_portal_was_closed_and_swept(world: World):
    await world.store.accounts.add_account(ACME)
    assert await world.store.accounts.close_account(ACME.portal_id, AT)
    for _ in range(2):
        with pytest.raises(Conflict):
            await world.store.accounts.add_account(ACME)
        await world.store.accounts.sweep_account(ACME.portal_id, 1_000)
    assert await world.store.accounts.find_account(ACME.portal_id) is None


async def test_the_first_free_id_is_one_that_no_portal_has_or_had(world: World):
    accounts = world.store.accounts
    assert await accounts.first_free_portal_id(FIRST) == FIRST
    for portal_id in (FIRST, FIRST + 1, FIRST + 3):
        await accounts.add_account(usual_account(portal_id, AT))
    assert await accounts.first_free_portal_id(FIRST) == FIRST + 2
    assert await accounts.first_free_portal_id(FIRST + 3) == FIRST + 4
    await accounts.close_account(FIRST, AT)
    await accounts.sweep_account(FIRST, 1_000)
    await accounts.add_account(usual_account(FIRST + 2, AT))
    assert await accounts.first_free_portal_id(FIRST) == FIRST + 4


async def test_what_a_portal_holds_needs_no_account(world: World):
    """The other way round than tokens: who comes in has an account, what is kept is asked for by its id."""
    ann = await world.contact()
    await world.store.accounts.close_account(OTHER_PORTAL, AT)
    assert await world.all_records() == {ann}
