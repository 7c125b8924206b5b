"""Looks, from a thread, how long the event loop takes to get to something new, and which operation keeps it from it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from types import FrameType

from edgewise.http.pipeline import Application
from edgewise.http.traffic import Traffic
from edgewise.surfaces.surface import Route

LOOK_S = 0.1
"""How often it looks."""

STALL_S = 0.05
"""From here on the loop is held up: nobody else is served meanwhile."""

TOLD_CPU_S = 1.0
"""An operation that takes so much of the processor in one go is told of in the log."""

_PIPELINE = Application.__call__.__code__
_log = logging.getLogger("edgewise.http")


class Watchdog:
    """Notes in `loop_waits_s` how long the loop took to get to something new, and in `loop_stalls` for which operation.

    The operation is `none` where it was no request. It costs a request nothing: who is at work is read from the loop's
    stack. Started on the thread of the loop.
    """

    def __init__(self, traffic: Traffic) -> None:
        self._waits_s = traffic.loop_waits_s
        self._stalls = traffic.loop_stalls
        self._is_stopped = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        loop, ident = asyncio.get_running_loop(), threading.get_ident()
        threading.Thread(target=self._run, args=(loop, ident), name="edgewise-watchdog", daemon=True).start()

    def stop(self) -> None:
        """End with the next look."""
        self._is_stopped.set()

    def _run(self, loop: asyncio.AbstractEventLoop, ident: int) -> None:
        while not self._is_stopped.wait(LOOK_S):
            is_there = threading.Event()
            asked, used = time.perf_counter(), _cpu_s(ident)
            try:
                loop.call_soon_threadsafe(is_there.set)
            except RuntimeError:  # it is closed
                return
            operation = None if is_there.wait(STALL_S) else _at_work(ident)
            while not is_there.wait(LOOK_S):
                if self._is_stopped.is_set():
                    return
            self._waits_s.observe(time.perf_counter() - asked)
            if operation is not None:
                took = _cpu_s(ident) - used
                if took >= TOLD_CPU_S:
                    _log.warning("%s held up everybody for %.1f s", operation, took)
                self._stalls[operation] += 1


def _cpu_s(ident: int) -> float:
    """The processor time of a thread, 0 where the system does not tell."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return 0.0
    return time.clock_gettime(time.pthread_getcpuclockid(ident))


def _at_work(ident: int) -> str:
    """The operation that a thread is at."""
    frame: FrameType | None = sys._current_frames().get(ident)
    while frame is not None:
        if frame.f_code is _PIPELINE:
            route = frame.f_locals.get("route")
            return route.operation.name if isinstance(route, Route) else "none"
        frame = frame.f_back
    return "none"
