"""What is stored of the contacts of mixed writers, read from every side: all sides must tell the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apsw

from tests.support import paths
from tests.support.crm import Crm, parts
from tests.support.mixed import PLAIN, Contact, State, Writers
from tests.support.portal import CHAMPION, CHAMPIONED_BY

PRIMARY = 1
OTHER_HALF = {PLAIN: 280, PRIMARY: 2, CHAMPION: CHAMPIONED_BY}
"""Contact to company, and the same link as the company lists it."""
LOOKED_UP = 10
Links = dict[str, dict[str, set[int]]]
"""Of each record, the others it is linked with, and the types."""


def read_states(crm: Crm, writers: Writers) -> dict[str, State]:
    """The state of each contact that lives; those without a state have no links either."""
    contacts = writers.contacts
    names = _names(crm, contacts)
    from_contacts = _links(crm, "contacts", [each.record_id for each in contacts], "companies")
    from_companies = _links(crm, "companies", writers.companies, "contacts")
    found = {}
    for record_id, links in from_contacts.items():
        assert all(PLAIN in types for types in links.values())
        for company, types in links.items():
            assert from_companies[company].pop(record_id) == {OTHER_HALF[each] for each in types}
        if record_id in names:
            labelled = tuple(sorted((company, CHAMPION in types) for company, types in links.items()))
            found[record_id] = State(names[record_id], labelled)
        else:
            assert not links
    assert not any(from_companies.values()), "links that only the company lists"
    return found


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


def require_found(crm: Crm, contacts: Sequence[Contact]) -> None:
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


def require_intact(database: Path) -> None:
    """Whether SQLite finds the file whole."""
    connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        assert list(connection.execute("PRAGMA integrity_check")) == [("ok",)]
        assert list(connection.execute("PRAGMA foreign_key_check")) == []
    finally:
        connection.close()
