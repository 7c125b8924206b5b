"""Which windows count a call, and how many calls they have room for. Source: docs/behaviour.md, section 8.4."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from edgewise.data.rates import rates
from edgewise.domain.accounts import RateLimit, Tier
from edgewise.domain.rates import DAY_OF_ACCOUNT, Policy, day_of, policy_of, windows_of
from tests.support.rates import caller

HOUR_MS = 3_600_000
TIERS = [Tier.FREE, Tier.STARTER, Tier.PROFESSIONAL, Tier.ENTERPRISE]


def _amounts(who, budget="", table=None):
    windows = windows_of(who, budget, rates() if table is None else table)
    return {(w.policy.value, w.key[0]): w.amount for w in windows if w.is_enforced}


def _ms(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("tier", "add_ons", "rolling", "daily"),
    [
        (Tier.FREE, 0, 100, 250_000),
        (Tier.STARTER, 0, 100, 250_000),
        (Tier.PROFESSIONAL, 0, 190, 625_000),
        (Tier.ENTERPRISE, 0, 190, 1_000_000),
        (Tier.PROFESSIONAL, 1, 250, 1_625_000),
        (Tier.ENTERPRISE, 2, 250, 3_000_000),
        (Tier.ENTERPRISE, 3, 250, 3_000_000),
    ],
)
def test_a_private_app_has_ten_seconds_of_its_own_and_a_day_with_its_account(tier, add_ons, rolling, daily):
    assert _amounts(caller(tier=tier, api_add_ons=add_ons)) == {
        ("DAILY", "day"): daily,
        ("TEN_SECONDLY_ROLLING", "private_app"): rolling,
    }


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("add_ons", [0, 2])
def test_a_public_app_has_110_calls_in_each_account_and_no_day(tier, add_ons):
    who = caller(app_id=5, is_public_app=True, tier=tier, api_add_ons=add_ons)
    assert _amounts(who) == {("TEN_SECONDLY_ROLLING", "public_app"): 110}


@pytest.mark.parametrize("tier", TIERS)
def test_an_account_has_five_searches_a_second(tier):
    assert _amounts(caller(tier=tier), "search")["SECONDLY", "search"] == 5
    public = caller(app_id=5, is_public_app=True, tier=tier)
    assert _amounts(public, "search")["SECONDLY", "search"] == 5


@pytest.mark.parametrize(
    ("tier", "add_ons", "rolling", "daily"),
    [
        (Tier.FREE, 0, 100, None),
        (Tier.STARTER, 0, 100, None),
        (Tier.PROFESSIONAL, 0, 150, 500_000),
        (Tier.ENTERPRISE, 0, 150, 500_000),
        (Tier.PROFESSIONAL, 1, 200, 1_000_000),
        (Tier.ENTERPRISE, 2, 200, 1_000_000),
    ],
)
def test_calls_about_associations_have_a_budget_besides(tier, add_ons, rolling, daily):
    amounts = _amounts(caller(tier=tier, api_add_ons=add_ons), "associations")
    assert amounts["TEN_SECONDLY_ROLLING", "associations"] == rolling
    assert amounts.get(("DAILY", "associations_day")) == daily
    assert ("DAILY", "day") in amounts and ("TEN_SECONDLY_ROLLING", "private_app") in amounts


def test_a_budget_counts_only_what_it_is_for():
    keys = {
        budget: {key for _, key in _amounts(caller(), budget)} for budget in ("", "search", "associations")
    }
    assert keys == {
        "": {"day", "private_app"},
        "search": {"day", "private_app", "search"},
        "associations": {"day", "private_app", "associations_day", "associations"},
    }


def test_a_tokens_own_limit_stands_in_place_of_that_of_its_app():
    who = caller(rate_limit=RateLimit(20, 10))
    assert _amounts(who) == {("TEN_SECONDLY_ROLLING", "own"): 20, ("DAILY", "day"): 625_000}
    assert _amounts(who, "search")["SECONDLY", "search"] == 5


def test_without_the_rates_of_tiers_only_a_tokens_own_limit_counts():
    assert _amounts(caller(), "associations", ()) == {}
    assert _amounts(caller(rate_limit=RateLimit(20, 10)), "search", ()) == {
        ("TEN_SECONDLY_ROLLING", "own"): 20
    }


def test_the_tokens_of_an_app_share_a_window_and_private_apps_do_not():
    def key(who):
        return windows_of(who, "", rates())[-2].key

    public = {"app_id": 5, "is_public_app": True}
    assert key(caller(token_id=1, **public)) == key(caller(token_id=2, **public))
    assert key(caller(token_id=1)) != key(caller(token_id=2))
    distributed = [key(caller(token_id=token_id, app_id=5)) for token_id in (1, 2)]
    assert distributed[0] == distributed[1]
    assert key(caller(token_id=5)) != key(caller(token_id=1, app_id=5))


@pytest.mark.parametrize("budget", ["", "search", "associations"])
def test_two_portals_never_share_a_window(budget):
    for changes in ({}, {"app_id": 5, "is_public_app": True}, {"rate_limit": RateLimit(1, 1)}):
        keys = [
            {window.key for window in windows_of(caller(portal_id=portal_id, **changes), budget, rates())}
            for portal_id in (1, 2)
        ]
        assert keys[0] and not keys[0] & keys[1]


def test_who_comes_without_a_known_token_has_the_windows_of_one_private_app():
    stranger = replace(caller(), token=None)
    assert _amounts(stranger) == _amounts(caller())


@pytest.mark.parametrize(
    ("seconds", "policy"),
    [
        (1, Policy.SECONDLY),
        (10, Policy.TEN_SECONDLY_ROLLING),
        (86_400, Policy.DAILY),
        (7, Policy.TEN_SECONDLY_ROLLING),
        (3_600, Policy.TEN_SECONDLY_ROLLING),
    ],
)
def test_a_limit_of_a_token_has_a_name_that_clients_know(seconds, policy):
    assert policy_of(seconds) is policy


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "hours"),
    [
        ("UTC", "2026-11-24", "2026-11-25", 24),
        ("America/New_York", "2026-11-24", "2026-11-25", 24),
        ("Pacific/Auckland", "2026-11-25", "2026-11-26", 24),
        ("America/New_York", "2026-03-08", "2026-03-09", 23),
        ("America/New_York", "2026-11-01", "2026-11-02", 25),
        ("Pacific/Auckland", "2026-09-27", "2026-09-28", 23),
        ("America/Santiago", "2026-09-06", "2026-09-07", 23),
        ("Africa/Cairo", "2026-10-30", "2026-10-31", 24),
        ("Africa/Cairo", "2026-10-29", "2026-10-30", 25),
    ],
)
def test_a_day_is_from_midnight_to_midnight_where_the_account_is(zone, begins, ends, hours):
    """In Santiago and Cairo clocks are set at midnight: one day has no 0:00, another has 23:30 twice."""
    first, end = _ms(begins, zone), _ms(ends, zone)
    assert end - first == hours * HOUR_MS
    for at in (first, first + HOUR_MS, first + 12 * HOUR_MS, end - HOUR_MS, end - 1):
        assert day_of(at, zone) == (first, end)
    assert day_of(first - 1, zone)[1] == first
    assert day_of(end, zone)[0] == end


def test_at_one_moment_it_is_another_day_elsewhere():
    at = _ms("2026-11-24T12:00", "UTC")
    assert day_of(at, "Pacific/Auckland")[0] == _ms("2026-11-25", "Pacific/Auckland")
    assert day_of(at, "America/New_York")[0] == _ms("2026-11-24", "America/New_York")


def test_a_time_zone_that_is_not_known_is_that_of_greenwich():
    at = _ms("2026-11-24T12:00", "UTC")
    assert day_of(at, "Middle-earth/Bree") == day_of(at, "UTC")


def test_every_rate_has_its_source_and_each_name_is_there_once():
    names = [rate.name for rate in rates()]
    assert len(names) == len(set(names)) == 6
    assert {rate.name for rate in rates() if rate.seconds == DAY_OF_ACCOUNT} == {"day", "associations_day"}
