"""When a request came: what its reads may still take of the time that its answer may take."""

from __future__ import annotations

from contextvars import ContextVar

asked_ns: ContextVar[int] = ContextVar("asked_ns", default=0)
"""When the request came for which the store is called, by `time.perf_counter_ns`; 0 for what the server does of its own
accord, which may take its time."""
