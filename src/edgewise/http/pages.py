"""Pages of our own, which belong to no version of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Header = tuple[bytes, bytes]

JSON = b"application/json;charset=utf-8"


class Page(NamedTuple):
    """What a page says now."""

    body: bytes
    status: int = 200
    content_type: bytes = JSON
    headers: tuple[Header, ...] = ()


class OwnPage(NamedTuple):
    """A page at a path. is_public: anyone may read it."""

    make: Callable[[], Page]
    is_public: bool
