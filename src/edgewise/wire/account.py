"""What an account is: its time zone, its currency, and how many calls its day has."""

from __future__ import annotations

from datetime import datetime

from edgewise.data.rates import rates
from edgewise.domain.accounts import Account
from edgewise.domain.rates import day_of, zone_of
from edgewise.wire.bodies_account import (
    ApiUsage,
    CollectionResponseApiUsageNoPaging,
    IntegratorInformation,
    PortalInformationResponse,
)
from edgewise.wire.messages import Call, Reply
from edgewise.wire.times import timestamp

_CURRENCY = "USD"
_HUBLET = "na1"
_STANDARD = "STANDARD"


def encode_details(call: Call, command: None, outcome: None) -> Reply:
    """The account of the portal."""
    account = call.caller.account
    offset_s = utc_offset_s(account, call.at)
    return Reply(
        200,
        PortalInformationResponse(
            call.portal.portal_id,
            _STANDARD,
            account.time_zone,
            _CURRENCY,
            [],
            _written(offset_s),
            offset_s * 1000,
            account.domain,
            _HUBLET,
        ),
    )


def encode_me(call: Call, command: None, outcome: None) -> Reply:
    """The same, as the oldest of these operations tells it."""
    account = call.caller.account
    offset_s = utc_offset_s(account, call.at)
    return Reply(
        200,
        IntegratorInformation(
            call.portal.portal_id,
            account.time_zone,
            _STANDARD,
            _CURRENCY,
            _written(offset_s),
            offset_s * 1000,
        ),
    )


def encode_usage(call: Call, command: None, outcome: None) -> Reply:
    """The calls that private apps may make in a day. Those that were made are not told.

    Source: docs/behaviour.md, section 19: the service was seen to tell none after dozens of calls.
    """
    account = call.caller.account
    day = next(rate for rate in rates() if rate.name == "day")
    _, ends_at = day_of(call.at, account.time_zone)
    usage = ApiUsage(
        "private-apps-api-calls-daily",
        day.amount(account) or 0,
        0,
        timestamp(call.at),
        "SUCCESS",
        timestamp(ends_at),
    )
    return Reply(200, CollectionResponseApiUsageNoPaging([usage]))


def utc_offset_s(account: Account, at: int) -> int:
    """How far the clocks of an account are ahead of UTC, in seconds. at: milliseconds since the epoch."""
    offset = datetime.fromtimestamp(at / 1000, zone_of(account.time_zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _written(offset_s: int) -> str:
    hours, seconds = divmod(abs(offset_s), 3600)
    return f"{'-' if offset_s < 0 else '+'}{hours:02d}:{seconds // 60:02d}"
