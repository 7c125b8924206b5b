"""Spoiled requests to every route: each is answered soon and in the API's words, and nothing wears out.

Which ones follows from `SEED` (`EDGEWISE_FUZZ_SEED`) and the number of a request alone. Those that were answered
wrongly are kept in files, whose names are printed; `nc HOST PORT < FILE` sends one again.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

import pytest

from tests.security.keys import FULL, OTHER_PORTAL, PORTAL, READ_ONLY, full_key, prepare
from tests.security.test_fuzz import LEAKS
from tests.support.crm import Crm
from tests.support.gauges import fingerprint, resident_bytes
from tests.support.lines import Line, Unanswered
from tests.support.oauth import CLIENT_SECRET, PRIVATE_TOKEN, define_apps
from tests.support.raw import Answer
from tests.support.seeds import ROUTES, Seed, gather
from tests.support.server import DATABASE, Server, database_of
from tests.support.spoiling import CANARY, Sent, spoiled

SEED = int(os.environ.get("EDGEWISE_FUZZ_SEED", "20261129"))
TOKENS = (FULL, "", READ_ONLY, "pat-na1-nobodys", "garbage \x7f")
SECRETS = (FULL, READ_ONLY, "pat-na1-nobodys", CLIENT_SECRET, PRIVATE_TOKEN, CANARY)
LINES = 16
WITHIN_S = 10
FAULTS_MAX = 12
GROWTH_MAX = 1.3
IN_CIRCLES_MAX = 0.05
"""Objects a request: what only the garbage collector finds, it finds later, and nobody is served meanwhile."""
BODY_MAX = 8 * 1024 * 1024
METRICS = "/_edgewise/metrics"
STALL_MAX_S, STALL_MAX_S_ON_A_BUSY_MACHINE = "0.1", "2.5"
"""Bounds of the histogram of how long the event loop was held up."""
PAGES_OF_HTML = "/authorize"
WARM_AND_REST = 2
FORMS = [
    pytest.param(3_000, WARM_AND_REST, STALL_MAX_S_ON_A_BUSY_MACHINE, id="short"),
    pytest.param(100_000, 10, STALL_MAX_S, id="long", marks=[pytest.mark.long, pytest.mark.timeout(1_200)]),
]


class Campaign:
    """faults: what is wrong with an answer, each with the file that has its request. statuses: how often each came."""

    def __init__(self, folder: Path, url: str) -> None:
        self.faults: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.slowest_s = 0.0
        self._folder = folder
        self._url = url

    async def run(self, seeds: list[Seed], numbers: Iterable[int]) -> None:
        """Send the requests of these numbers, so many at a time as there are lines."""
        left = iter(numbers)
        await asyncio.gather(*(self._send(seeds, left) for _ in range(LINES)))

    async def _send(self, seeds: list[Seed], numbers: Iterable[int]) -> None:
        before = ""
        async with Line(self._url) as line:
            for number in numbers:
                sent = spoiled(seeds, SEED, number, TOKENS, BODY_MAX)
                began = monotonic()
                try:
                    answer = await line.ask(sent.data, WITHIN_S)
                except (Unanswered, TimeoutError, OSError) as error:
                    self._note(sent, f"{error!r} after {before}")
                else:
                    self.slowest_s = max(self.slowest_s, monotonic() - began)
                    self.statuses[answer.status] += 1
                    fault = _fault_of(answer, sent)
                    if fault:
                        self._note(sent, fault)
                    before = f"{answer.status} to {sent.data[:200]!r}, {len(sent.data)} bytes"
                if len(self.faults) >= FAULTS_MAX:
                    return

    def _note(self, sent: Sent, fault: str) -> None:
        file = self._folder / f"request-{sent.number}.http"
        file.write_bytes(sent.data)
        self.faults.append(f"{fault[:400]}\n    {file}: {sent.data[:300]!r}")


def _fault_of(answer: Answer, sent: Sent) -> str:
    """What is wrong with an answer; nothing when all is well."""
    text = answer.body.decode("utf-8", "replace")
    if answer.status >= 500:
        return f"{answer.status} {text}"
    if answer.status < 400 or sent.data.startswith(b"HEAD "):
        return ""
    if LEAKS.search(text):
        return f"it tells of the inside: {text}"
    if sent.template.endswith(PAGES_OF_HTML) and answer.headers["content-type"].startswith("text/html"):
        return ""
    try:
        body = json.loads(text)
        is_envelope = (
            isinstance(body["status"], str)
            and isinstance(body["message"], str)
            and body["correlationId"] == answer.headers["x-hubspot-correlation-id"]
        )
    except (ValueError, KeyError, TypeError):
        is_envelope = False
    return "" if is_envelope else f"no envelope: {answer.status} {text}"


def _parts(count: int, rounds: int) -> Iterable[range]:
    """The numbers in parts: after each, what was spoiled or deleted is made again."""
    share = count // rounds
    return (range(start, start + share) for start in range(0, count, share))


def _waits(crm: Crm, max_s: str) -> int:
    """How often the event loop was found to be held up for no longer than that."""
    line = f'edgewise_event_loop_wait_seconds_bucket{{le="{max_s}"}} '
    (count,) = (each[len(line) :] for each in crm.get(METRICS).text.splitlines() if each.startswith(line))
    return int(float(count))


@pytest.mark.parametrize("profile", ["documented", "observed"])
@pytest.mark.parametrize(("count", "rounds", "stall_max_s"), FORMS)
def test_any_request_is_answered_and_nothing_wears_out(
    tmp_path: Path, profile: str, count: int, rounds: int, stall_max_s: str
):
    print(f"EDGEWISE_FUZZ_SEED={SEED}")
    prepare(database_of(tmp_path), (PORTAL, OTHER_PORTAL))
    define_apps(database_of(tmp_path))
    options = {
        "profile": profile,
        "is_open": False,
        "is_durable": False,
        "rate_limit": "off",
        "log_format": "json",
        "keep_alive_s": 60.0,  # a client that the machine holds up finds its connection as it was
    }
    with Server(tmp_path, **options) as server, Crm(server.url, profile, FULL) as crm:
        with Crm(server.url, profile, full_key(OTHER_PORTAL)) as other:
            other.link("contacts", other.one("contacts"), "companies", other.one("companies"))
        theirs = fingerprint(tmp_path / DATABASE, OTHER_PORTAL)
        campaign = Campaign(tmp_path, server.url)
        held, in_circles = None, 0
        for numbers in _parts(count, rounds):
            seeds = gather(crm, cases_each=2 if rounds == WARM_AND_REST else 5)
            asyncio.run(campaign.run(seeds, numbers))
            if held is None:
                held, in_circles = resident_bytes(server.process.pid), server.objects_in_circles()
        assert held is not None
        grown = resident_bytes(server.process.pid) / held
        in_circles = server.objects_in_circles() - in_circles
        print(f"held up: {[(each, _waits(crm, each)) for each in ('0.05', '0.1', '0.25', '1.0', '+Inf')]}")
        print(f"{profile}: {dict(sorted(campaign.statuses.items()))}, slowest {campaign.slowest_s:.2f} s")
        print(f"memory: × {grown:.2f}, {in_circles} objects in circles")
        assert not campaign.faults, "\n".join(["", *campaign.faults])
        assert fingerprint(tmp_path / DATABASE, OTHER_PORTAL) == theirs
        assert grown < GROWTH_MAX
        assert in_circles < count * IN_CIRCLES_MAX, "the garbage collector has work to do"
        assert _waits(crm, stall_max_s) == _waits(crm, "+Inf") > 0, "the event loop was held up"
        told = (tmp_path / "stderr.txt").read_text()
    assert not [secret for secret in SECRETS if secret in told]
    assert {each.template for each in seeds} >= {route.path for route in ROUTES}
