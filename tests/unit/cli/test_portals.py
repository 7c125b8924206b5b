"""Portals are made, shown and deleted by command; an id that was used is never used again."""

import asyncio
import io
import json
import re
import sys

import pytest

from edgewise.cli import failures, portals
from edgewise.domain.model import CreateRecords, NewRecord
from edgewise.domain.ports import Store
from edgewise.http import auth
from edgewise.wiring import open_store

CONTACT, COMPANY = 1, 2


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def database(tmp_path, monkeypatch) -> str:
    """The address of a database that every command takes from the environment."""
    address = f"sqlite:///{tmp_path}/crm.db"
    monkeypatch.setenv("EDGEWISE_DATABASE", address)
    monkeypatch.setattr(auth, "REMEMBERED_S", 0.01)
    monkeypatch.setattr(portals, "UNDER_WAY_S", 0)
    return address


def _work(database: str, work) -> None:
    async def do() -> None:
        store = open_store(database)
        await store.start()
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(do())


def _fill(database: str, portal_id: int, contacts: int, companies: int = 0) -> None:
    async def fill(store: Store) -> None:
        for code, count in ((CONTACT, contacts), (COMPANY, companies)):
            await store.create_records(CreateRecords(portal_id, code, [NewRecord({})] * count, 1))

    _work(database, fill)


def _shown(run, portal_id: int) -> dict:
    ran = run("portal", "show", str(portal_id), "--json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


# Create.


def test_the_id_of_a_portal_is_all_that_is_printed(run, database):
    assert run("portal", "create")[:] == (0, "1000002\n", "")
    assert run("portal", "create", "--id", "1000004")[:] == (0, "1000004\n", "")
    assert [run("portal", "create").out for _ in range(2)] == ["1000003\n", "1000005\n"]


def test_a_portal_that_is_made_is_none_that_a_token_opens_without_being_told(run, database):
    run("portal", "create")
    run("token", "create")
    assert [each["portalId"] for each in json.loads(run("token", "list", "--json").out)] == [1_000_001]
    portals_made = json.loads(run("portal", "list", "--json").out)
    assert [portal["portalId"] for portal in portals_made] == [1_000_001, 1_000_002]


def test_a_portal_in_json_has_stable_keys(run, database):
    options = "--id 62515 --name Acme --domain CRM.acme.example --time-zone Europe/Berlin --tier free"
    created = json.loads(run("portal", "create", *options.split(), "--api-add-ons", "2", "--json").out)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", created.pop("createdAt"))
    assert created == {
        "portalId": 62515,
        "name": "Acme",
        "domain": "crm.acme.example",
        "timeZone": "Europe/Berlin",
        "tier": "free",
        "apiAddOns": 2,
    }


def test_a_portal_of_which_nothing_is_said_has_all_it_needs(run, database):
    created = json.loads(run("portal", "create", "--json").out)
    assert (created["name"], created["domain"]) == ("Portal 1000002", "portal-1000002.example")
    assert (created["timeZone"], created["tier"], created["apiAddOns"]) == ("UTC", "enterprise", 0)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--time-zone", "Europe/Berln"), "'Europe/Berln' is not an IANA time zone, such as Europe/Berlin"),
        (("--time-zone", "x"), "is not an IANA time zone, such as Europe/Berlin, America/New_York, UTC"),
        (("--time-zone", "../UTC"), "is not an IANA time zone"),
        (("--time-zone", ""), "is not an IANA time zone"),
        (("--domain", "acme dot example"), "'acme dot example' is not a host name, such as crm.example.com"),
        (("--domain", "https://acme.example"), "is not a host name"),
        (("--domain", "-acme.example"), "is not a host name"),
        (("--name", ""), "--name takes 1 to 200 printable characters"),
        (("--tier", "gold"), "--tier"),
        (("--api-add-ons", "3"), "--api-add-ons"),
        (("--id", "0"), "--id"),
        (("--id", "9007199254740992"), "--id"),
    ],
)
def test_what_no_portal_can_be_is_told_before_a_database_is_made(run, database, tmp_path, options, told):
    ran = run("portal", "create", *options)
    assert (ran.code, ran.out) == (failures.USAGE, "")
    assert told in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_id_is_used_once(run, database):
    run("portal", "create", "--id", "77", "--name", "First")
    ran = run("portal", "create", "--id", "77")
    assert ran[:] == (failures.FAILED, "", "error: there is a portal 77 already\n")
    assert _shown(run, 77)["name"] == "First"
    assert run("portal", "delete", "77", "--yes").code == 0
    ran = run("portal", "create", "--id", "77")
    assert ran[:] == (failures.FAILED, "", "error: there was a portal 77, and its id is never used again\n")


def test_a_portal_without_an_id_gets_none_that_was_used(run, database):
    run("portal", "create")
    run("portal", "delete", "1000002", "--yes")
    assert run("portal", "create").out == "1000003\n"


# List and show.


def test_portals_are_listed_by_id(run, database):
    for portal_id in ("1000002", "77"):
        run("portal", "create", "--id", portal_id, "--tier", "starter", "--time-zone", "Asia/Tokyo")
    heading, *rows = run("portal", "list").out.splitlines()
    assert re.split(r"  +", heading) == ["ID", "NAME", "DOMAIN", "TIME ZONE", "TIER", "ADD-ONS", "CREATED"]
    assert [re.split(r"  +", row)[:6] for row in rows] == [
        [str(i), f"Portal {i}", f"portal-{i}.example", "Asia/Tokyo", "starter", "0"] for i in (77, 1_000_002)
    ]
    listed = json.loads(run("portal", "list", "--json").out)
    assert [portal["portalId"] for portal in listed] == [77, 1_000_002]


def test_a_database_without_portals_says_so(run, database):
    run("portal", "create")
    run("portal", "delete", "1000002", "--yes")
    assert run("portal", "list")[:] == (0, "", "There are no portals.\n")
    assert json.loads(run("portal", "list", "--json").out) == []


def test_a_portal_is_shown_with_what_it_holds(run, database):
    for portal_id in (77, 78):
        run("portal", "create", "--id", str(portal_id))
    for _ in range(2):
        run("token", "create", "--portal", "77")
    run("token", "revoke", "1")
    _fill(database, 77, contacts=1_200, companies=3)
    shown = _shown(run, 77)
    assert (shown["records"], shown["tokens"]) == (
        {"contacts": 1_200, "companies": 3},
        {"live": 1, "expired": 0, "revoked": 1},
    )
    text = run("portal", "show", "77").out
    assert re.search(r"Records +1,200 contacts, 3 companies\n", text)
    assert re.search(r"Tokens +1 live, 1 revoked\n", text)
    assert _shown(run, 78)["records"] == {}


@pytest.mark.parametrize("command", ["show", "delete"])
def test_a_portal_that_is_not_there_cannot_be_told_of_or_deleted(run, database, command):
    run("portal", "create")
    options = ["--yes"] if command == "delete" else []
    ran = run("portal", command, "77", *options)
    assert ran[:] == (
        failures.FAILED,
        "",
        "error: there is no portal 77; edgewise portal list shows those there are\n",
    )
    run("portal", "delete", "1000002", "--yes")
    ran = run("portal", command, "1000002", *options)
    assert ran.err == "error: portal 1000002 was deleted, and nothing is left of it\n"


# Delete.


def test_a_portal_is_deleted_with_all_that_it_held_and_no_other(run, database):
    for portal_id in (77, 78):
        run("portal", "create", "--id", str(portal_id))
        run("token", "create", "--portal", str(portal_id))
        _fill(database, portal_id, contacts=5)
    before = _shown(run, 78)
    ran = run("portal", "delete", "77", "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "Portal 77 is deleted; rows removed: 7.\n", (
        "five contacts, the counts of ids and of contacts"
    )
    assert _shown(run, 78) == before
    assert [token["portalId"] for token in json.loads(run("token", "list", "--json").out)] == [78]

    async def nothing_is_left(store: Store) -> None:
        assert not any((await store.count_records(77)).values())

    _work(database, nothing_is_left)


def test_rows_go_in_slices(run, database, monkeypatch):
    run("portal", "create", "--id", "77")
    _fill(database, 77, contacts=10)
    monkeypatch.setattr(portals, "SWEPT_AT_ONCE", 4)
    assert run("portal", "delete", "77", "--yes").err == "Portal 77 is deleted; rows removed: 12.\n"


def test_without_a_terminal_nothing_is_deleted_unless_told_so(run, database):
    run("portal", "create", "--id", "77")
    ran = run("portal", "delete", "77")
    assert (ran.code, ran.out) == (failures.USAGE, "")
    assert "where there is none, add --yes" in ran.err
    assert _shown(run, 77)


@pytest.mark.parametrize("typed", ["", "78", "yes", "077"])
def test_a_portal_is_deleted_only_when_its_id_is_typed(run, database, monkeypatch, typed):
    run("portal", "create", "--id", "77", "--name", "Acme")
    _fill(database, 77, contacts=2)
    monkeypatch.setattr(sys, "stdin", Terminal(f"{typed}\n"))
    ran = run("portal", "delete", "77")
    assert (ran.code, ran.out) == (failures.FAILED, "")
    assert "Portal 77 (Acme) holds 2 contacts. All of it will be gone, and all tokens end." in ran.err
    assert ran.err.endswith("error: that is not its id; nothing was changed\n")
    assert _shown(run, 77)["records"] == {"contacts": 2}
    monkeypatch.setattr(sys, "stdin", Terminal("77\n"))
    assert run("portal", "delete", "77").code == 0


def test_an_interrupted_deletion_opens_to_nobody_and_is_gone_on_with(run, database, monkeypatch):
    run("portal", "create", "--id", "77")
    run("token", "create", "--portal", "77")
    _fill(database, 77, contacts=10)
    monkeypatch.setattr(portals, "SWEPT_AT_ONCE", 4)

    async def interrupt(store: Store, portal_id: int) -> int:
        await store.accounts.sweep_account(portal_id, 4)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(portals, "_sweep", interrupt)
        assert run("portal", "delete", "77", "--yes").code == failures.INTERRUPTED
    assert run("token", "list").err == "There are no tokens.\n"
    assert run("portal", "show", "77").code == failures.FAILED
    assert run("portal", "delete", "77", "--yes").err == "Portal 77 is deleted; rows removed: 8.\n"
    assert "nothing is left of it" in run("portal", "delete", "77", "--yes").err


def test_the_default_portal_can_be_deleted_and_then_the_rest_names_another(run, database, tmp_path):
    run("token", "create")
    assert run("portal", "delete", "1000001", "--yes").code == 0
    ran = run("token", "create")
    assert (ran.code, ran.out) == (failures.BAD_CONFIG, "")
    assert ran.err == "error: portal 1000001 was deleted, for good; name another one with --portal\n"
    ran = run("dev", "--port", "0", "--data", str(tmp_path / "crm.db"))
    assert (ran.code, ran.out) == (failures.BAD_CONFIG, "")
    assert "portal 1000001 was deleted, for good; any token would open it" in ran.err
    assert "edgewise dev --data other.db" in ran.err
