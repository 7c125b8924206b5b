"""For which request a store is called: whose turn its reads and writes take, and how long they may take."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple


class Asked(NamedTuple):
    """A request. portal_id: whose it is. at_ns: when all of it was there, by `time.perf_counter_ns`."""

    portal_id: int
    at_ns: int


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""The request for which a store is called, or None for what the server does of its own accord, which may take its time.
A store reads it when it is called."""
