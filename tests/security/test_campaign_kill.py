"""A server that ends at any moment amid writers of every kind: what it acknowledged is there, and its indexes agree."""

import asyncio
import threading
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest

from tests.support.crm import Crm
from tests.support.mixed import Writers
from tests.support.mixed_states import read_states, require_found, require_intact
from tests.support.portal import define_types
from tests.support.server import DATABASE, Server, database_of

WRITERS = 24
COMPANIES = 12
STOP_S = 5


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(3, id="short"),
        pytest.param(60, id="long", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
def test_what_was_acknowledged_outlives_any_end(tmp_path: Path, ends: int):
    define_types(database_of(tmp_path))
    rng = Random()
    writers = Writers((), rng)
    for number in range(ends):
        with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
            _require_all(crm, writers)
            if not writers.companies:
                writers.companies = crm.create("companies", COMPANIES)
            _end_amid(server, writers, after_s=rng.uniform(0.02, 0.8), is_kill=number % 3 != 2)
        require_intact(tmp_path / DATABASE)
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        _require_all(crm, writers)
    print(f"{ends} ends, {writers.acknowledged} writes acknowledged")
    assert writers.acknowledged > 50 * ends


def _end_amid(server: Server, writers: Writers, after_s: float, is_kill: bool) -> None:
    """Let them write, then end the server; one that is asked to end does so soon."""

    def end() -> None:
        sleep(after_s)
        if is_kill:
            server.process.kill()
        else:
            server.process.terminate()

    ending = threading.Thread(target=end)
    ending.start()
    asyncio.run(writers.run(server.url, WRITERS))
    ending.join()
    began = monotonic()
    if is_kill:
        server.kill()
    else:
        server.stop()
        assert monotonic() - began < STOP_S


def _require_all(crm: Crm, writers: Writers) -> None:
    """Each contact is as acknowledged, or as what was on its way made it; which is then what is known of it."""
    found = read_states(crm, writers)
    for contact in writers.contacts:
        state = found.get(contact.record_id, contact.state.archived)
        assert state in contact.possible, f"{state} is none of {contact.possible}"
        contact.state, contact.pending = state, None
    require_found(crm, writers.contacts)
