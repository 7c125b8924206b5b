"""uvicorn's server, with our protocol, and calls when it is ready and when it begins to stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import cast

import uvicorn

from edgewise.http.guard import Guard
from edgewise.http.pipeline import Application
from edgewise.http.protocol import Protocol


def make_server(
    application: Application,
    guard: Guard,
    stop_timeout_s: int,
    on_ready: Callable[[], None],
    on_stop: Callable[[], None],
) -> uvicorn.Server:
    """A server that takes no notice of signals. stop_timeout_s: by when `on_stop` sees to it that nothing is left."""

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            on_ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            on_stop()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        application,
        lifespan="off",
        http=cast("type[asyncio.Protocol]", partial(Protocol, guard)),
        ws="none",
        loop="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=stop_timeout_s + 1,
    )
    return Server(config)
