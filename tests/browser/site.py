"""A server whose app waits at a port of this machine, and that port."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time_ns
from typing import Any, Self
from urllib.parse import urlencode

from edgewise import wiring
from edgewise.domain.accounts import Token, usual_account
from edgewise.domain.oauth import digest_of
from edgewise.settings import DEFAULT_PORTAL_ID
from tests.support.oauth import OPTIONAL_SCOPES, SCOPES, app, link_fields
from tests.support.server import Server, database_of

TOKEN, READ_ONLY, FEW_SCOPES = "pat-na1-full", "pat-na1-read-only", "pat-na1-few-scopes"
NAME = "Ledger <b>Sync</b> & more"


class Callback:
    """The app's own server. url: where codes come. visits: the paths that were asked for, with their queries.

    frame: what a page at `/frame` shows within itself.
    """

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.frame = ""
        callback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/frame":
                    body = f'<!doctype html><title>frame</title><iframe src="{callback.frame}"></iframe>'
                else:
                    callback.visits.append(self.path)
                    body = "<!doctype html><title>back</title><link rel=icon href=data:,><p>You are back.</p>"
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(body.encode())

            def do_POST(self) -> None:
                callback.visits.append(f"POST {self.path}")
                self.send_error(405)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.origin}/callback"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Site:
    """url: of the server. callback: of its app."""

    def __init__(self, url: str, callback: Callback) -> None:
        self.url = url
        self.callback = callback

    def link(self, **changes: str | None) -> str:
        """The address that the app leads people to."""
        fields = {"redirect_uri": self.callback.url, "optional_scope": " ".join(OPTIONAL_SCOPES)}
        return f"{self.url}/oauth/authorize?{urlencode(link_fields(**fields | changes))}"


@contextmanager
def running(folder: Path, callback: Callback, is_open: bool) -> Iterator[Site]:
    with ThreadPoolExecutor(1) as elsewhere:  # Playwright keeps an event loop running in this thread
        elsewhere.submit(asyncio.run, _define(database_of(folder), callback.url)).result()
    with Server(folder, is_open=is_open, is_durable=False) as server:
        yield Site(server.url, callback)


async def _define(database: str, redirect_uri: str) -> None:
    store = wiring.open_store(database, is_durable=False)
    await store.start()
    at = time_ns() // 1_000_000
    try:
        for portal_id in (DEFAULT_PORTAL_ID, DEFAULT_PORTAL_ID + 1):
            await store.accounts.add_account(usual_account(portal_id, at))
        await store.accounts.add_app(app(at, name=NAME, redirect_uris=(redirect_uri,)))
        for token in (
            Token(digest_of(TOKEN), DEFAULT_PORTAL_ID, "full", at),
            Token(digest_of(READ_ONLY), DEFAULT_PORTAL_ID, "read only", at, is_read_only=True),
            Token(digest_of(FEW_SCOPES), DEFAULT_PORTAL_ID, "few", at, SCOPES[:2]),
        ):
            await store.accounts.add_token(token)
    finally:
        await store.close()
