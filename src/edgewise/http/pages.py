"""Pages of our own, which belong to no version of the API."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

Header = tuple[bytes, bytes]

JSON = b"application/json;charset=utf-8"


class Page(NamedTuple):
    """What a page says now."""

    body: bytes
    status: int = 200
    content_type: bytes = JSON
    headers: tuple[Header, ...] = ()


def _always(_: dict[str, Any]) -> bool:
    return True


class OwnPage(NamedTuple):
    """A page at a path. is_public: anyone may read it. is_shown: of a request's scope, whether there is such a page."""

    make: Callable[[], Page | Awaitable[Page]]
    is_public: bool
    is_shown: Callable[[dict[str, Any]], bool] = _always


def made_once(make: Callable[[], bytes]) -> Callable[[], Awaitable[Page]]:
    """A page that is made when it is first asked for, aside from the event loop, and kept."""
    made: asyncio.Task[bytes] | None = None

    async def page() -> Page:
        nonlocal made
        if made is None:
            made = asyncio.create_task(asyncio.to_thread(make))
        return Page(await asyncio.shield(made))

    return page
