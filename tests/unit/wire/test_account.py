"""An account is told with the time of day that its people have, now."""

from dataclasses import replace

import pytest

from edgewise.domain.accounts import Tier
from tests.unit.wire.desk import Desk

DAY_MS = 86_400_000


def _desk(time_zone: str = "UTC", tier: Tier = Tier.ENTERPRISE, api_add_ons: int = 0) -> Desk:
    desk = Desk()
    account = replace(desk.caller.account, time_zone=time_zone, tier=tier, api_add_ons=api_add_ons)
    desk.caller = replace(desk.caller, account=account)
    return desk


@pytest.mark.parametrize(
    ("time_zone", "written", "milliseconds"),
    [
        ("UTC", "+00:00", 0),
        ("US/Eastern", "-04:00", -14_400_000),
        ("Europe/Berlin", "+02:00", 7_200_000),
        ("Asia/Kolkata", "+05:30", 19_800_000),
        ("America/St_Johns", "-02:30", -9_000_000),
        ("Nowhere/Land", "+00:00", 0),
    ],
)
async def test_the_offset_is_that_of_the_season(time_zone: str, written: str, milliseconds: int):
    """In September, when summer time holds on either side of the Atlantic."""
    for name in ("read_account", "read_me"):
        _, told = await _desk(time_zone).tell(name)
        assert (told["timeZone"], told["utcOffset"]) == (time_zone, written)
        assert told["utcOffsetMilliseconds"] == milliseconds


@pytest.mark.parametrize(
    ("tier", "add_ons", "limit"),
    [
        (Tier.FREE, 0, 250_000),
        (Tier.PROFESSIONAL, 0, 625_000),
        (Tier.ENTERPRISE, 0, 1_000_000),
        (Tier.ENTERPRISE, 1, 2_000_000),
        (Tier.FREE, 5, 2_250_000),
    ],
)
async def test_the_calls_of_a_day_are_those_of_the_tier_and_its_add_ons(tier: Tier, add_ons: int, limit: int):
    _, told = await _desk(tier=tier, api_add_ons=add_ons).tell("read_api_usage")
    assert [row["usageLimit"] for row in told["results"]] == [limit]


async def test_the_day_of_calls_ends_at_midnight_in_the_time_zone():
    _, told = await _desk("Asia/Kolkata").tell("read_api_usage")
    assert told["results"][0]["resetsAt"] == "2026-09-21T18:30:00.000Z"
