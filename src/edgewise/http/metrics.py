"""The page for Prometheus: numbers about the server in OpenMetrics, none of them about a portal or a person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Any

from edgewise.domain import errors
from edgewise.domain.errors import DomainError, StoreError
from edgewise.domain.ports import Clock, Store
from edgewise.http.pages import Page
from edgewise.http.seen import Seen
from edgewise.http.traffic import Traffic
from edgewise.wire import refusals

PATH = "/_edgewise/metrics"

FRESH_S = 1.0
"""For how long one answer serves all who ask, so that asking costs the server no more than that."""

_FORWARDED = (
    b"x-forwarded-for",
    b"x-forwarded-host",
    b"x-forwarded-proto",
    b"x-real-ip",
    b"forwarded",
    b"via",
)
_UNREADABLE, _RULES, _INTERNAL = "unreadable", "rules", "internal"
_CAUSES: Mapping[type[Exception], str] = {
    refusals.NotAuthenticated: "auth",
    refusals.TokenExpired: "auth",
    refusals.MissingScopes: "scope",
    refusals.RateLimited: "rate_limit",
    refusals.BodyTooLarge: "too_large",
    refusals.HeadTooLarge: "too_large",
    refusals.TargetTooLong: "too_large",
    refusals.QueryTooLong: "too_large",
    refusals.TooManyParameters: "too_large",
    refusals.TooManyValues: "too_large",
    refusals.RequestTimedOut: "timeout",
    refusals.HeadTimedOut: "timeout",
    errors.ReadTooLong: "timeout",
    errors.ReadNotReached: "timeout",
    errors.TooManyReads: "queue_full",
    errors.TooManyWrites: "queue_full",
    errors.Stopping: "stopping",
    refusals.TooManyConnections: "connections",
    refusals.HostRefused: "host",
    refusals.StoreUnavailable: "store",
    refusals.PathNotFound: "path",
    refusals.MethodNotAllowed: "path",
}


def cause_of(refusal: type[Exception]) -> str:
    """Why a request was refused, in one of a dozen words."""
    cause = _CAUSES.get(refusal)
    if cause is None and issubclass(refusal, refusals.RequestError):
        return _UNREADABLE
    return cause or (_RULES if issubclass(refusal, DomainError) else _INTERNAL)


def is_from_here(scope: dict[str, Any]) -> bool:
    """Whether a request comes from this machine, and not through a proxy on it that says so."""
    client = scope.get("client")
    if client is None or any(name in _FORWARDED for name, _ in scope["headers"]):
        return False
    try:
        address = ip_address(client[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def metrics_page(traffic: Traffic, store: Store, clock: Clock) -> Callable[[], Awaitable[Page]]:
    """What makes the page: with each call, or what it made just now."""
    making: list[tuple[float, asyncio.Task[Page]]] = []

    async def page() -> Page:
        if not making or (making[0][1].done() and monotonic() > making[0][0] + FRESH_S):
            making[:] = [(monotonic(), asyncio.create_task(_make(traffic, store, clock)))]
        return await asyncio.shield(making[0][1])

    return page


async def _make(traffic: Traffic, store: Store, clock: Clock) -> Page:
    try:
        jobs = await store.count_jobs(clock.now_ms())
    except (StoreError, DomainError):  # what is told of the rest matters most now
        jobs = {}
    seen = Seen(
        store.info(), not store.condition().reason, store.figures(), jobs, traffic.served(),
        _by_cause(traffic.refusals), traffic.connections, traffic.turned_away,
        traffic.loop_waits_s, dict(traffic.loop_stalls),
    )  # fmt: skip
    return await asyncio.to_thread(_render, seen)


def _by_cause(refused: Mapping[type[Exception], int]) -> Mapping[str, int]:
    counted = dict.fromkeys((*_CAUSES.values(), _UNREADABLE, _RULES, _INTERNAL), 0)
    for kind, count in refused.items():
        counted[cause_of(kind)] += count
    return counted


def _render(seen: Seen) -> Page:
    """On a thread: the library is imported when somebody asks for it, since that takes a tenth of a second."""
    from edgewise.http.exposition import CONTENT_TYPE, expose

    return Page(expose(seen), content_type=CONTENT_TYPE)
