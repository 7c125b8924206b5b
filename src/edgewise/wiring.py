"""The only place that picks concrete classes: opens the store, builds the application, runs the server."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

import msgspec

from edgewise.data import hubspot_types
from edgewise.data.rates import rates
from edgewise.domain.accounts import usual_account
from edgewise.domain.errors import Conflict
from edgewise.domain.model import PortalTypes
from edgewise.domain.ports import Store
from edgewise.domain.reports import HIGH_USAGE
from edgewise.domain.rules import Rules
from edgewise.http.auth import Authenticator, Portals
from edgewise.http.guard import Guard, Limits
from edgewise.http.health import health_page, ready_page
from edgewise.http.hosts import Hosts, address_of
from edgewise.http.memory import use_memory_for_requests
from edgewise.http.metrics import PATH as METRICS
from edgewise.http.metrics import is_from_here, metrics_page
from edgewise.http.open_files import places
from edgewise.http.pages import OwnPage, made_once
from edgewise.http.pipeline import Application
from edgewise.http.request_log import Format, RequestLog, colour_line, json_line, plain_line
from edgewise.http.stopping import Stopping
from edgewise.http.throttle import Throttle, UnusableStore
from edgewise.http.throttle_stores import open_throttle
from edgewise.http.traffic import Traffic
from edgewise.http.watchdog import Watchdog
from edgewise.jobs.mail import BadAddress, Mailer, parse_smtp_url, require_address
from edgewise.jobs.reports import HighUsage
from edgewise.jobs.worker import Worker
from edgewise.settings import DEFAULT_PORTAL_ID, QUERY_TIMEOUT_S, Settings
from edgewise.surfaces.openapi import openapi_document
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.scopes import Demands
from edgewise.surfaces.surface import Route
from edgewise.surfaces.versions import SURFACES
from edgewise.wire.messages import Portal
from edgewise.wire.quirks import Quirks, quirks_of

if TYPE_CHECKING:
    import uvicorn

_log = logging.getLogger("edgewise")
_NO_LISTENING: dict[int | None, str] = {
    errno.EADDRINUSE: "Address already in use; --port 0 picks a free port",
    errno.EADDRNOTAVAIL: "that is not an address of this machine",
}


class UnusableSetting(ValueError):
    """A setting that no server can be started with; the text says which, and what would do."""


class SystemClock:
    """The time of the machine."""

    def now_ms(self) -> int:
        return time_ns() // 1_000_000


def routes() -> list[Route]:
    """Every route that is served, version by version."""
    return [route for surface in SURFACES for route in surface.routes()]


def open_store(
    database: str,
    is_durable: bool = True,
    is_audited: bool = True,
    query_timeout_s: float = QUERY_TIMEOUT_S,
) -> Store:
    """The store that a database address names, not yet started. Raises: UnusableSetting."""
    scheme, separator, _ = database.partition("://")
    if separator and scheme == "memory":
        from edgewise.stores.memory import MemoryStore

        return MemoryStore(is_audited)
    if scheme == "sqlite":
        from edgewise.stores.sqlite import Durability, SqliteStore

        file = database_file(database)
        durability = Durability.FULL if is_durable else Durability.NORMAL
        return SqliteStore(file, durability, is_audited, query_timeout_s)
    raise UnusableSetting(_no_address(database))


def database_file(database: str) -> Path:
    """The file that a database address names, there or not. Raises: UnusableSetting where it can be none."""
    path = database.removeprefix("sqlite:///")
    if path == database or not path:
        raise UnusableSetting(_no_address(database))
    if path == ":memory:":
        raise UnusableSetting(f"{database!r} is not a database address; one in memory is memory://")
    if path.startswith("file:") or "?" in path:
        raise UnusableSetting(
            f"{database!r} is not a database address: it names a file, and takes no options"
        )
    file = Path(path)
    try:
        if not file.parent.is_dir():
            raise UnusableSetting(f"the folder of the database does not exist: {file.parent}")
        if file.exists() and not file.is_file():
            raise UnusableSetting(f"{file} is not a file; name a file, as {file / 'crm.db'}")
    except OSError as error:
        raise UnusableSetting(f"the database cannot be looked at: {error.strerror}: {path!r}") from error
    return file


def _no_address(database: str) -> str:
    return f"{database!r} is not a database address; use sqlite:///relative.db, sqlite:////absolute.db or memory://"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 picks a free one. Raises: UnusableSetting when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, UnicodeError) as error:
        listener.close()
        number = error.errno if isinstance(error, OSError) else None
        why = _NO_LISTENING.get(number) or getattr(error, "strerror", None) or "that is not a host name"
        raise UnusableSetting(f"cannot listen on {host} port {port}: {why}") from error
    listener.listen(2048)
    return listener


async def ensure_portal(store: Store, portal_id: int, at: int, advice: str) -> None:
    """Make a portal unless it is there. advice: where it was deleted, what to do. Raises: UnusableSetting."""
    if await store.accounts.find_account(portal_id) is None:
        try:
            await store.accounts.add_account(usual_account(portal_id, at))
        except Conflict as error:
            if await store.accounts.find_account(portal_id) is None:
                raise UnusableSetting(f"portal {portal_id} was deleted, for good; {advice}") from error


def build_application(
    settings: Settings, store: Store, request_log: RequestLog | None, traffic: Traffic | None = None
) -> Application:
    """The ASGI application over a started store. traffic: what counts requests, where others count there too."""
    traffic = traffic or Traffic()
    quirks = quirks_of(settings.profile, settings.quirks)
    rules = _rules(settings, quirks)
    clock = SystemClock()

    def make(portal_id: int, types: PortalTypes) -> Portal:
        return Portal(portal_id, hubspot_types(), types, rules, quirks, clock, settings.report_mail_to)

    portals = Portals(store, make)
    open_portal_id = DEFAULT_PORTAL_ID if settings.is_open else None
    authenticator = Authenticator(store, portals, open_portal_id, settings.token_memory_s)
    served = routes()
    every_route = [*served, *own_routes(settings.is_open)]
    pages = {
        "/_edgewise/health": OwnPage(health_page(store), is_public=True),
        "/_edgewise/ready": OwnPage(ready_page(store), is_public=True),
        "/_edgewise/openapi.json": OwnPage(
            made_once(lambda: msgspec.json.encode(openapi_document(served))), is_public=settings.is_open
        ),
    }
    if settings.metrics != "off":
        shown = {} if settings.metrics == "public" else {"is_shown": is_from_here}
        pages[METRICS] = OwnPage(metrics_page(traffic, store, clock), is_public=True, **shown)
    return Application(
        store,
        authenticator,
        build_throttle(settings),
        Demands(every_route),
        every_route,
        pages,
        make(0, PortalTypes()),
        clock,
        request_log,
        traffic,
        settings.body_bytes_max,
        build_hosts(settings),
    )


def build_hosts(settings: Settings) -> Hosts | None:
    """By which names the server is asked for; None: by any, for only tokens that were made open it."""
    if not settings.is_open:
        return None
    address = address_of(settings.host)
    if address is None:
        return Hosts([*settings.allowed_hosts, settings.host], has_others=settings.host != "localhost")
    return Hosts(settings.allowed_hosts, has_others=not address.is_loopback)


def build_guard(settings: Settings, request_log: RequestLog | None, traffic: Traffic) -> Guard:
    """What watches over the connections."""
    limits = Limits(**{each.name: getattr(settings, each.name) for each in fields(Limits)})
    fitting = places(limits.connections_max)
    if fitting < limits.connections_max:
        _log.warning("the system allows this process %d connections only; ulimit -n raises that", fitting)
        limits = replace(limits, connections_max=fitting)
    return Guard(limits, quirks_of(settings.profile, settings.quirks), SystemClock(), request_log, traffic)


def build_throttle(settings: Settings) -> Throttle:
    """What counts calls. Raises: UnusableSetting; it tells no password."""
    try:
        return open_throttle(settings.rate_limit_store, rates() if settings.rate_limit == "tier" else ())
    except UnusableStore as error:
        raise UnusableSetting(str(error)) from error


def build_worker(settings: Settings, store: Store) -> Worker:
    """The worker for the jobs of a store. Raises: UnusableSetting."""
    rules = _rules(settings, quirks_of(settings.profile, settings.quirks))
    high_usage = HighUsage(store, hubspot_types, rules, build_mailer(settings))
    return Worker(store, SystemClock(), {HIGH_USAGE: high_usage})


def build_mailer(settings: Settings) -> Mailer | None:
    """What sends mail, or None where none is sent. Raises: UnusableSetting; it tells no password."""
    server, sender, receiver = settings.smtp_url, settings.mail_from, settings.report_mail_to
    if server is None and sender is None and receiver is None:
        return None
    if not server or not sender or not receiver:
        parts = {"smtp_url": server, "mail_from": sender, "report_mail_to": receiver}
        missing = " and ".join(name for name, value in parts.items() if not value)
        raise UnusableSetting(
            f"reports are mailed with smtp_url, mail_from and report_mail_to; set {missing} too"
        )
    try:
        require_address(receiver.replace("{userId}", "1"))
        return Mailer(parse_smtp_url(server), require_address(sender))
    except BadAddress as error:
        raise UnusableSetting(str(error)) from error


def _rules(settings: Settings, quirks: Quirks) -> Rules:
    return quirks.rules(
        records_must_exist=settings.records == "strict",
        association_limit=settings.association_limit,
        labels_per_pair_max=settings.labels_per_pair_max,
    )


def line_format(settings: Settings, is_terminal: bool) -> Format | None:
    """How request lines are written, or None when they are not."""
    chosen = settings.log_format
    if chosen == "auto":
        chosen = "console" if is_terminal else "json"
    if chosen == "off":
        return None
    if chosen == "json":
        return json_line
    return colour_line if is_terminal and not os.environ.get("NO_COLOR") else plain_line


async def serve(settings: Settings, listener: socket.socket, on_ready: Callable[[str], None]) -> int | None:
    """Run a server on a listening socket until a signal stops it; finishes what it accepted.

    on_ready: called with the address once requests are answered. Answers the signal that stopped it.
    Raises: StoreError, UnusableSetting.
    """
    store = open_store(settings.database, settings.is_durable, settings.is_audited, settings.query_timeout_s)
    worker = build_worker(settings, store)
    format_line = line_format(settings, sys.stderr.isatty())
    request_log = RequestLog(format_line) if format_line else None
    traffic = Traffic()
    watchdog = Watchdog(traffic)
    await store.start()
    try:
        if settings.is_open:
            await ensure_portal(
                store,
                DEFAULT_PORTAL_ID,
                SystemClock().now_ms(),
                "any token would open it, so keep the data of this server elsewhere: edgewise dev --data other.db",
            )
        if settings.has_sample_data:
            from edgewise.sample import load_sample

            await load_sample(store, DEFAULT_PORTAL_ID, SystemClock().now_ms())
        if not settings.is_open and not await store.accounts.count_tokens():
            _log.warning(
                "no token exists yet, so every request is refused; make one: edgewise token create --database %s",
                settings.database,
            )
        application = build_application(settings, store, request_log, traffic)
        guard = build_guard(settings, request_log, traffic)
        server = _server(settings, application, guard, lambda: on_ready(address(listener)), store, worker)
        with _stopped_by_signals(server) as stopped_by:
            use_memory_for_requests()
            worker.start()
            watchdog.start()
            await server.serve(sockets=[listener])
            await application.settle()
        return stopped_by[0] if stopped_by else None
    finally:
        watchdog.stop()
        await worker.stop(settings.stop_timeout_s)
        await store.close()
        if request_log is not None:
            await request_log.close()


def run(settings: Settings, listener: socket.socket, on_ready: Callable[[str], None]) -> int | None:
    """As `serve`, on an event loop of its own: uvloop where it exists."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(serve(settings, listener, on_ready))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def address(listener: socket.socket) -> str:
    """The base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def ending_signals() -> list[signal.Signals]:
    """What asks this process to end, beside Ctrl-C; not what it was started to ignore, as nohup does."""
    named = [signal.Signals[name] for name in ("SIGTERM", "SIGHUP") if name in signal.Signals.__members__]
    return [number for number in named if signal.getsignal(number) is not signal.SIG_IGN]


def _server(
    settings: Settings,
    application: Application,
    guard: Guard,
    on_ready: Callable[[], None],
    store: Store,
    worker: Worker,
) -> uvicorn.Server:
    from edgewise.http.server import make_server

    timeout_s = settings.stop_timeout_s
    stopping = Stopping(timeout_s, store.stop_reading, store.stop_writing, guard.cut_off_all)
    stopped = []

    def on_stop() -> None:
        stopping.begin()
        stopped.append(asyncio.create_task(worker.stop(timeout_s)))

    return make_server(application, guard, timeout_s, on_ready, on_stop)


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[list[int]]:
    """Let signals stop the server gently, a second one at once; answers those that came."""
    loop = asyncio.get_running_loop()
    received: list[int] = []

    def stop(number: int) -> None:
        server.force_exit = bool(received)
        server.should_exit = True
        received.append(number)

    numbers = (signal.SIGINT, *ending_signals())
    for number in numbers:
        loop.add_signal_handler(number, stop, number)
    try:
        yield received
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
