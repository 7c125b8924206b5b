"""Moments as HubSpot prints them: ISO 8601 in UTC with milliseconds."""

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
