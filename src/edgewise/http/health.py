"""What is told of the server's health: that it lives, and whether requests should be sent to it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from edgewise import __version__
from edgewise.domain.ports import Store
from edgewise.http.pages import Page
from edgewise.wire.times import timestamp

RETRY_AFTER_S = 5
"""When to ask again whether a server that keeps no writes does so: by then it tried at least once."""

_encode = msgspec.json.Encoder().encode


def health_page(store: Store) -> Callable[[], Page]:
    """Answers 200 as long as anything is answered, also when no write is kept: a restart would not mend a full disk."""
    info = store.info()
    about = {"version": __version__, "store": info.kind, "schemaVersion": info.schema_version}

    def health() -> Page:
        return Page(_encode({**_status(store, "ok", "degraded"), **about}))

    return health


def ready_page(store: Store) -> Callable[[], Page]:
    """Answers 200 while requests are served and writes are kept, else 503."""

    def ready() -> Page:
        status = _status(store, "ready", "not ready")
        if status["status"] == "ready":
            return Page(_encode(status))
        return Page(_encode(status), 503, headers=((b"retry-after", b"%d" % RETRY_AFTER_S),))

    return ready


def _status(store: Store, good: str, bad: str) -> dict[str, str]:
    condition = store.condition()
    if not condition.reason:
        return {"status": good}
    since = {"since": timestamp(condition.since)} if condition.since else {}
    return {"status": bad, "reason": condition.reason, **since}
