"""The control: uvicorn, set up as Edgewise sets it up, and an application that answers every request alike.

Run as `python -m benchmarks.control FILE`: it prints its address and answers with the bytes of the file.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


def application(body: bytes) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """An ASGI application that only answers."""
    headers = [
        (b"content-type", b"application/json;charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
    ]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    end = {"type": "http.response.body", "body": body}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start)
        await send(end)

    return answer


def main() -> None:
    """Serve until a signal comes."""
    body = Path(sys.argv[1]).read_bytes()
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    config = uvicorn.Config(
        application(body),
        lifespan="off",
        http="httptools",
        ws="none",
        loop="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
