"""How often a caller may call: which windows count a call, who shares them, and how many calls each has room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Literal, NamedTuple

from edgewise.domain.accounts import Account, Tier
from edgewise.domain.callers import Caller

DAY_S = 86_400
DAY_OF_ACCOUNT = 0
"""In place of seconds: the window is the day of the account, from midnight to midnight in its time zone."""

Budget = Literal["", "search", "associations"]
"""What a call is counted as, beside being a call of its app and account."""

Sharing = Literal["app", "account"]
Callers = Literal["any", "private", "public"]


class Policy(StrEnum):
    """What a window is called when it refuses. Clients decide by it how long they wait."""

    TEN_SECONDLY_ROLLING = "TEN_SECONDLY_ROLLING"
    SECONDLY = "SECONDLY"
    DAILY = "DAILY"


@dataclass(frozen=True, slots=True)
class Rate:
    """A row of the table of rates.

    policy, seconds: of its windows; `DAY_OF_ACCOUNT` stands for a day. shared_by: who has one window together.
    callers: whom it binds; public apps are OAuth apps that are offered to anyone. budget: which calls it counts, ""
    for every one. amounts: by tier; a tier that is not named is not bound. with_add_on: the amount with at least one
    pack of further calls. per_add_on: what each pack adds, up to add_ons_max of them.
    """

    name: str
    policy: Policy
    seconds: int
    shared_by: Sharing
    callers: Callers
    budget: Budget
    amounts: Mapping[Tier, int]
    with_add_on: int | None = None
    per_add_on: int = 0
    add_ons_max: int = 0

    @property
    def is_of_every_call_of_an_app(self) -> bool:
        return self.shared_by == "app" and not self.budget

    def binds(self, caller: Caller, budget: Budget) -> bool:
        """Whether it counts what a caller asks for."""
        who = "public" if caller.is_public_app else "private"
        return self.callers in ("any", who) and self.budget in ("", budget)

    def amount(self, account: Account) -> int | None:
        """How many calls an account has in a window, or None when they are not counted."""
        amount = self.amounts.get(account.tier)
        if amount is None or not account.api_add_ons:
            return amount
        if self.with_add_on is not None:
            return self.with_add_on
        return amount + self.per_add_on * min(account.api_add_ons, self.add_ons_max)


class Window(NamedTuple):
    """A count of calls that binds a caller.

    key: whose calls are counted together. amount: how many it has room for. seconds: how long it looks back, or
    `DAY_OF_ACCOUNT`. is_enforced: it refuses; else it is only told of, and counts the calls of a second of the clock.
    """

    key: tuple[str | int, ...]
    policy: Policy
    amount: int
    seconds: int
    is_enforced: bool = True

    @property
    def is_fixed(self) -> bool:
        """Whether it begins and ends at moments that are the same for every call, and does not look back."""
        return self.seconds == DAY_OF_ACCOUNT or not self.is_enforced


def windows_of(caller: Caller, budget: Budget, rates: Sequence[Rate]) -> tuple[Window, ...]:
    """The windows that count a call: days, then the others, longest first, then those that are not enforced.

    rates: none when callers are bound by what their token says alone. A token's own limit stands in place of those
    that its app has for calls of every kind. Source: docs/behaviour.md, section 8.4; that searches and calls about
    associations count as calls of their app too is ours.
    """
    account = caller.account
    app = _app_key(caller)
    windows = []
    if caller.token is not None and caller.token.rate_limit is not None:
        amount, seconds = caller.token.rate_limit
        key = ("own", account.portal_id, caller.token.token_id)
        windows.append(Window(key, policy_of(seconds), amount, seconds))
        rates = [rate for rate in rates if not rate.is_of_every_call_of_an_app]
    for rate in rates:
        room = rate.amount(account)
        if room is not None and rate.binds(caller, budget):
            sharers = app if rate.shared_by == "app" else (account.portal_id,)
            windows.append(Window((rate.name, *sharers), rate.policy, room, rate.seconds))
            if rate.is_of_every_call_of_an_app:
                windows.append(_secondly(room, app))
    windows.sort(
        key=lambda window: (not window.is_enforced, window.seconds != DAY_OF_ACCOUNT, -window.seconds)
    )
    return tuple(windows)


def policy_of(seconds: int) -> Policy:
    """What a window of a token's own is called. Clients wait ten seconds for the one name, and a second for the other.

    HubSpot has no name for other lengths. The ten-second one is theirs too, so that clients try again.
    """
    return {1: Policy.SECONDLY, DAY_S: Policy.DAILY}.get(seconds, Policy.TEN_SECONDLY_ROLLING)


def span_of(window: Window, at: int, time_zone: str) -> tuple[int, int]:
    """Where a fixed window begins and ends that a moment is in, in milliseconds since the epoch."""
    if window.seconds == DAY_OF_ACCOUNT:
        return day_of(at, time_zone)
    begins = at - at % (window.seconds * 1000)
    return begins, begins + window.seconds * 1000


def day_of(at: int, time_zone: str) -> tuple[int, int]:
    """Where the day begins and ends that a moment is in; all in milliseconds since the epoch.

    Days in which clocks are set have 23 or 25 hours.
    """
    zone = zone_of(time_zone)
    today = datetime.fromtimestamp(at / 1000, zone).date()
    begins, ends = (
        datetime.combine(today + timedelta(days=days), time(), tzinfo=zone).timestamp() for days in (0, 1)
    )
    return int(begins * 1000), int(ends * 1000)


@cache
def zone_of(time_zone: str) -> tzinfo:
    """A time zone by its IANA name; UTC for one that this machine does not know."""
    if time_zone == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        return UTC


def _app_key(caller: Caller) -> tuple[str | int, ...]:
    """An app in a portal: an OAuth app, or else a token, as each private app has one."""
    token = caller.token
    portal_id = caller.account.portal_id
    if token is not None and token.app_id:
        return (portal_id, "app", token.app_id)
    return (portal_id, "token", 0 if token is None else token.token_id)


def _secondly(amount: int, app: tuple[str | int, ...]) -> Window:
    """What HubSpot enforces no more but still tells of: a tenth of the calls of ten seconds."""
    return Window(("second", *app), Policy.SECONDLY, amount // 10, 1, is_enforced=False)
