"""Reads that are too long for the event loop, each on a thread with a connection of its own."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from edgewise.stores.sqlite.connections import Cursor, open_reader

READERS_MAX = 2
"""Long reads at once; further ones wait, so that they leave processors to the event loop and the writer."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Readers:
    """A few threads; a connection is opened when none is idle, so never more of them than threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: queue.SimpleQueue[Cursor] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(READERS_MAX, thread_name_prefix="edgewise-reader")

    async def run(
        self,
        read: Callable[Concatenate[Cursor, Arguments], Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """What `read` answers."""

        def with_connection() -> Result:
            try:
                cursor = self._idle.get_nowait()
            except queue.Empty:
                cursor = open_reader(self._path).cursor()
            try:
                return read(cursor, *args, **kwargs)
            finally:
                self._idle.put(cursor)

        return await asyncio.get_running_loop().run_in_executor(self._threads, with_connection)

    def close(self) -> None:
        """Wait for the reads that run."""
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().connection.close()
