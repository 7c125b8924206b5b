"""A server that is killed amid many writers: what it acknowledged is there when it starts again, whole."""

import asyncio
import json
import random
from pathlib import Path
from urllib.parse import urlsplit

import apsw
import pytest

from tests.support import paths
from tests.support.crm import Crm
from tests.support.mixed_states import require_intact
from tests.support.server import DATABASE, Server

WRITERS = 64
DOUBLINGS_MAX = 10.5
"""Killed after 1 to 1,448 answers, as often below 38 as above: first links, which make primaries, are among them."""
OTHER_HALF = {279: 280, 1: 2}
"""Contact to company, and the same link as the company lists it."""

Pair = tuple[str, str]


class Writers:
    """Writers that each link their own contact to every company, until the server is gone.

    sent, acknowledged: the pairs asked for, and those of which the answer came.
    torn: beginnings of answers of which the rest never came.
    """

    def __init__(self, server: Server, contacts: list[str], companies: list[str], kill_after: int) -> None:
        self.sent: set[Pair] = set()
        self.acknowledged: set[Pair] = set()
        self.torn: list[bytes] = []
        self._server = server
        self._contacts = contacts
        self._companies = companies
        self._kill_after = kill_after

    async def run(self) -> None:
        await asyncio.gather(*(self._write(contact) for contact in self._contacts))

    async def _write(self, contact: str) -> None:
        address = urlsplit(self._server.url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            for company in self._companies:
                self.sent.add((contact, company))
                path = paths.default_link("v4", "contacts", contact, "companies", company)
                writer.write(
                    f"PUT {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer x\r\n\r\n".encode()
                )
                assert await _status(reader) == 200
                self.acknowledged.add((contact, company))
                if len(self.acknowledged) == self._kill_after:
                    self._server.process.kill()
        except ConnectionError:
            pass  # the server is gone
        except asyncio.IncompleteReadError as error:
            self.torn += [error.partial] if error.partial else []
        finally:
            writer.close()


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    (length,) = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))
    return int(head.split(b" ", 2)[1])


def _links(crm: Crm, source: str, target: str, ids: list[str]) -> dict[Pair, set[int]]:
    """Every link of some records as their own end lists it."""
    return {
        (record_id, other): set(types)
        for record_id in ids
        for other, types in crm.links(source, record_id, target).items()
    }


def _noted(database: Path) -> list[Pair]:
    """The pairs that the audit log says were linked, one entry each."""
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        found = connection.execute(
            "SELECT details FROM audit WHERE action = 'links.put' ORDER BY id"
        ).fetchall()
    finally:
        connection.close()
    pairs = [group["pairs"] for (details,) in found for group in json.loads(details)["links"]]
    return [(str(source), str(target)) for [[source, target]] in pairs]


@pytest.mark.parametrize("run", [1, *(pytest.param(run, marks=pytest.mark.long) for run in range(2, 11))])
def test_every_acknowledged_link_survives_a_kill_from_both_ends(tmp_path: Path, run: int):
    kill_after = int(2 ** random.uniform(0, DOUBLINGS_MAX))
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        contacts, companies = crm.create("contacts", WRITERS), crm.create("companies", WRITERS)
        writers = Writers(server, contacts, companies, kill_after)
        asyncio.run(writers.run())
        server.kill()
    assert kill_after <= len(writers.acknowledged) < WRITERS * WRITERS

    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        from_contacts = _links(crm, "contacts", "companies", contacts)
        from_companies = _links(crm, "companies", "contacts", companies)
        # It goes on as if nothing had happened.
        contact, company = contacts[0], crm.one("companies")
        crm.link("contacts", contact, "companies", company)
        assert company in crm.links("contacts", contact, "companies")
    require_intact(tmp_path / DATABASE)
    noted = _noted(tmp_path / DATABASE)
    assert noted.pop() == (contact, company)
    assert sorted(noted) == sorted(from_contacts), "a link without its entry, or an entry without its link"

    missing = writers.acknowledged - set(from_contacts)
    assert missing == set(), f"{len(missing)} acknowledged links lost, killed after {kill_after}"
    assert set(from_contacts) <= writers.sent
    mirrored = {
        (contact, company): {OTHER_HALF[each] for each in types}
        for (contact, company), types in from_contacts.items()
    }
    assert {(contact, company): types for (company, contact), types in from_companies.items()} == mirrored
    for contact in contacts:
        types = [types for (source, _), types in from_contacts.items() if source == contact]
        assert all(279 in each for each in types)
        assert sum(1 in each for each in types) == bool(types), "the first company, and it alone, is primary"


def test_a_server_told_to_stop_answers_what_it_accepted(tmp_path: Path):
    """SIGTERM amid the writers: every answer that was begun arrives whole, and what it says is true."""
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        contacts, companies = crm.create("contacts", 16), crm.create("companies", 200)
        writers = Writers(server, contacts, companies, kill_after=-1)
        asyncio.run(_stop_amid(writers, server, acknowledged=200))
    assert 200 <= len(writers.acknowledged) < 16 * 200
    assert writers.torn == []
    with Server(tmp_path) as server, Crm(server.url, "documented") as crm:
        assert writers.acknowledged <= set(_links(crm, "contacts", "companies", contacts))


async def _stop_amid(writers: Writers, server: Server, acknowledged: int) -> None:
    writing = asyncio.create_task(writers.run())
    while len(writers.acknowledged) < acknowledged:
        await asyncio.wait([writing], timeout=0.001)
    await asyncio.to_thread(server.stop)
    await writing
