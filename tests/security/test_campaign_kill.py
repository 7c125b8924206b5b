"""A server that ends at any moment amid writers of every kind: what it acknowledged is there, and its indexes agree."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from random import Random
from time import monotonic, sleep

import apsw
import pytest

from tests.support import paths
from tests.support.crm import Crm, parts
from tests.support.mixed import PLAIN, Contact, State, Writers
from tests.support.portal import CHAMPION, CHAMPIONED_BY, define_types
from tests.support.server import DATABASE, Server, database_of

WRITERS = 24
COMPANIES = 12
PRIMARY = 1
OTHER_HALF = {PLAIN: 280, PRIMARY: 2, CHAMPION: CHAMPIONED_BY}
"""Contact to company, and the same link as the company lists it."""
STOP_S = 5
LOOKED_UP = 10
Links = dict[str, dict[str, set[int]]]
"""Of each record, the others it is linked with, and the types."""


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
        _require_intact(tmp_path / DATABASE)
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
    contacts = writers.contacts
    names = _names(crm, contacts)
    from_contacts = _links(crm, "contacts", [each.record_id for each in contacts], "companies")
    from_companies = _links(crm, "companies", writers.companies, "contacts")
    for contact in contacts:
        links = from_contacts[contact.record_id]
        is_archived = contact.record_id not in names
        labelled = tuple(sorted((company, CHAMPION in types) for company, types in links.items()))
        found = State(names.get(contact.record_id, contact.state.firstname), labelled, is_archived)
        assert found in contact.possible, f"{found} is none of {contact.possible}"
        contact.state, contact.pending = found, None
        assert all(PLAIN in types for types in links.values())
        for company, types in links.items():
            assert from_companies[company].pop(contact.record_id) == {OTHER_HALF[each] for each in types}
    assert not any(from_companies.values()), "links that only the company lists"
    _require_found(crm, contacts)


def _names(crm: Crm, contacts: Sequence[Contact]) -> dict[str, str]:
    names = {}
    for part in parts([{"id": each.record_id} for each in contacts], 100):
        body = {"inputs": part, "properties": ["firstname"]}
        answer = crm.post(f"{paths.records('v3', 'contacts')}/batch/read", body)
        assert answer.status_code in (200, 207), answer.text
        names |= {row["id"]: row["properties"]["firstname"] for row in answer.json()["results"]}
    return names


def _links(crm: Crm, source: str, ids: Sequence[str], target: str) -> Links:
    found: Links = {record_id: {} for record_id in ids}
    for part in parts([{"id": each} for each in ids], 500):
        answer = crm.batch("read", source, target, part)
        assert answer.status_code in (200, 207), answer.text
        for row in answer.json()["results"]:
            assert "paging" not in row
            found[row["from"]["id"]] = {
                str(each["toObjectId"]): {kind["typeId"] for kind in each["associationTypes"]}
                for each in row["to"]
            }
    return found


def _require_found(crm: Crm, contacts: Sequence[Contact]) -> None:
    """By its first name each contact is found that lives, by an older one none is; so with words."""
    living = {each.state.firstname: each.record_id for each in contacts if not each.state.is_archived}
    for part in parts([name for each in contacts for name in each.names], 100):
        wanted = {living[name] for name in part if name in living}
        assert _searched(crm, "IN", values=list(part)) == wanted
    for contact in contacts[-LOOKED_UP:]:
        for name in contact.names:
            wanted = {living[name]} if name in living else set()
            assert _searched(crm, "CONTAINS_TOKEN", value=name) == wanted


def _searched(crm: Crm, operator: str, **filter_: object) -> set[str]:
    filters = [{"propertyName": "firstname", "operator": operator, **filter_}]
    body = {"filterGroups": [{"filters": filters}], "limit": 100}
    answer = crm.post(f"{paths.records('v3', 'contacts')}/search", body)
    assert answer.status_code == 200, answer.text
    return {row["id"] for row in answer.json()["results"]}


def _require_intact(database: Path) -> None:
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        assert list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
        assert list(connection.execute("PRAGMA foreign_key_check")) == []
    finally:
        connection.close()
