"""Moments as HubSpot prints them, ISO 8601 in UTC with milliseconds, and as our own pages do."""

from __future__ import annotations

from functools import lru_cache
from time import gmtime, strftime


def timestamp(milliseconds: int) -> str:
    """Milliseconds since the epoch as `2026-03-30T08:15:00.123Z`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_whole_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=1024)
def _whole_second(seconds: int) -> str:
    return strftime("%Y-%m-%dT%H:%M:%S", gmtime(seconds))


def day(milliseconds: int) -> str:
    """The day of a moment, in UTC, as people write it: `24 November 2026`."""
    moment = gmtime(milliseconds // 1000)
    return f"{moment.tm_mday} {_MONTHS[moment.tm_mon - 1]} {moment.tm_year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
