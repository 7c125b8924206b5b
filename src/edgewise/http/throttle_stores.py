"""Where calls are counted: in this process, or in Redis for several processes together."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.rates import Rate
from edgewise.http.throttle import LocalThrottle, Throttle, UnusableStore

MEMORY = "memory://"


def open_throttle(store: str, rates: Sequence[Rate]) -> Throttle:
    """A throttle that counts in a store: `memory://`, or `redis://host:port/db` for several processes together.

    rates: none when only what a token says of itself is to be kept. Raises: UnusableStore.
    """
    if store == MEMORY:
        return LocalThrottle(rates)
    if not store.startswith(("redis://", "rediss://")):
        raise UnusableStore("rate limits are kept in memory:// or redis://host:port/db")
    try:
        from edgewise.http.shared_throttle import SharedThrottle
    except ImportError as error:
        raise UnusableStore(
            "rate limits in Redis need packages of their own: pip install 'edgewise[redis]'"
        ) from error
    return SharedThrottle(store, rates)
