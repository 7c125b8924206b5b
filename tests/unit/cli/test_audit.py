"""The audit log as its operator reads it: a line for each entry, or JSON with all it tells."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from edgewise.cli import audit
from edgewise.cli.audit_lines import line
from edgewise.cli.failures import INTERRUPTED, BadUsage
from edgewise.domain.accounts import usual_account
from edgewise.domain.audit import Acting, Action, Deed, Entry, acting
from edgewise.domain.callers import Actor
from edgewise.domain.model import CreateRecords, NewRecord
from edgewise.domain.ports import Created, Store
from edgewise.wiring import open_store

AT = 1_795_514_531_000
"""2026-11-24, 10:02:11 in UTC."""
PORTAL, OTHER_PORTAL = 1_000_001, 1_000_002
BILLING = Actor(3, 0, 0, "billing")
NAMES = {"0-1": "contacts", "0-2": "companies"}


def _line(action: Action, details: object, actor: Actor = BILLING) -> str:
    """What is shown, without time, portal and action."""
    shown = line(Entry(7, AT, actor, Deed(PORTAL, action, json.dumps(details))), NAMES)
    begin = "2026-11-24 10:02:11  portal 1000001  "
    assert shown.startswith(begin)
    return shown.removeprefix(begin)


def _group(count: int, types: object, **more: object) -> dict[str, object]:
    pairs = [[300 + number, 501] for number in range(1, count + 1)]
    return {"from": "0-1", "to": "0-2", "types": types, "pairs": pairs} | more


# Lines.


def test_a_line_says_when_where_who_and_what():
    details = {"links": [_group(1, [["USER_DEFINED", 5, "Decision maker"]])]}
    shown = _line(Action.LINKS_PUT, details)
    assert shown == "token 3 'billing'  links.put  contacts/301 ↔ companies/501: Decision maker"


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        (Actor(4, 7, 9, "sync"), "app 7, user 9, token 4 'sync'"),
        (Actor(0, 0, 0, "edgewise token create, by ann"), "edgewise token create, by ann"),
    ],
)
def test_a_line_names_whoever_acted(actor: Actor, told: str):
    assert _line(Action.PORTAL_DELETE, {}, actor) == f"{told}  portal.delete"


def test_a_line_names_the_first_of_many_links_and_counts_the_others():
    plain = [["HUBSPOT_DEFINED", 279, None]]
    shown = _line(Action.LINKS_PUT, {"links": [_group(2_000, plain)]})
    first = ", ".join(f"contacts/{number} ↔ companies/501" for number in (301, 302, 303))
    assert shown.endswith(f"{first}, and 1,997 more")
    groups = [_group(2, plain), _group(5, None), _group(40, plain), _group(2, plain)]
    shown = _line(Action.LINKS_REMOVE, {"links": groups})
    assert shown.count("↔") == 3
    assert shown.endswith("contacts/301 ↔ companies/501, and 4 more: all types; and 42 more")


def test_a_line_says_what_else_a_write_may_have_done():
    more = {"firstType": ["HUBSPOT_DEFINED", 1, "Primary"], "replacesLabels": True}
    shown = _line(Action.LINKS_PUT, {"links": [_group(1, [], **more)]})
    assert shown.endswith("companies/501: Primary if first, in place of other labels")


@pytest.mark.parametrize(
    ("action", "details", "told"),
    [
        (Action.RECORDS_ARCHIVE, {"type": "0-1", "ids": [1, 2]}, "contacts/1, contacts/2"),
        (Action.RECORDS_PURGE, {"type": "2-7", "ids": [1]}, "2-7/1"),
        (Action.RECORDS_MERGE, {"type": "0-1", "merged": 2, "into": 1}, "contacts/2 into contacts/1"),
        (
            Action.LABELS_CHANGE,
            {"added": [["USER_DEFINED", 1, "Boss"]], "removed": [["USER_DEFINED", 2, None]]},
            "added Boss (USER_DEFINED 1); removed USER_DEFINED 2",
        ),
        (
            Action.LIMITS_CHANGE,
            {"limits": [["USER_DEFINED", 1, "Boss", None, 5], ["HUBSPOT_DEFINED", 279, None, 4000, None]]},
            "Boss (USER_DEFINED 1): no limit → 5, HUBSPOT_DEFINED 279: 4,000 → no limit",
        ),
        (Action.TYPES_ADD, {"objectTypes": ["2-1"], "added": []}, "object type 2-1"),
        (
            Action.SCHEMAS_CHANGE,
            {"archivedObjectTypes": ["2-1"], "purgedObjectTypes": ["2-3", "2-4"]},
            "archived object type 2-1; purged object type 2-3; purged object type 2-4",
        ),
        (
            Action.PROPERTIES_CHANGE,
            {"type": "0-1", "properties": list("abcd"), "archivedGroups": ["g"]},
            "contacts: properties a, b, c, and 1 more; archived groups g",
        ),
        (
            Action.PIPELINES_CHANGE,
            {"type": "0-3", "removedPipelines": ["default"]},
            "0-3: removed pipelines default",
        ),
        (Action.PORTAL_CREATE, {"name": "Acme"}, "Acme"),
        (
            Action.TOKEN_CREATE,
            {"tokenId": 4, "name": "ci", "scopes": list("abcde"), "readOnly": True, "expiresAt": AT},
            "token 4 'ci', a, b, c, and 2 more, read-only, until 2026-11-24 10:02:11",
        ),
        (
            Action.TOKEN_CREATE,
            {"tokenId": 4, "name": "ci", "scopes": None, "readOnly": False, "expiresAt": None, "appId": 7, "userId": 9},
            "token 4 'ci', every scope, for app 7, user 9",
        ),
        (Action.TOKEN_REVOKE, {"tokenId": 4, "name": "ci"}, "token 4 'ci'"),
        (Action.APP_ROTATE_SECRET, {"appId": 7, "name": "Sync"}, "app 7 'Sync'"),
        (Action.APP_AUTHORIZE, {"appId": 7, "userId": 9, "scopes": ["tickets"]}, "app 7, user 9: tickets"),
        (
            Action.GRANT_REVOKE,
            {"appId": 7, "userId": 9, "codeUsedAgain": True},
            "app 7, user 9: its code was used again",
        ),
    ],
)  # fmt: skip
def test_a_line_says_what_was_done(action: Action, details: object, told: str):
    assert _line(action, details) == f"token 3 'billing'  {action.value}  {told}"


def test_a_name_neither_ends_a_line_nor_colours_it():
    shown = _line(Action.PORTAL_CREATE, {"name": "a\nb\x1b[31m\u202e"}, Actor(1, 0, 0, "x\r\ny"))
    assert shown == "token 1 'x\\r\\ny'  portal.create  a\\nb\\x1b[31m\\u202e"


def test_every_action_can_be_shown_and_asked_for():
    from typing import get_args

    from edgewise.cli import audit_lines

    assert set(audit_lines._WHAT) == set(Action)
    assert get_args(audit.Action) == tuple(action.value for action in Action)


# The command.


@pytest.fixture
def database(tmp_path, monkeypatch) -> str:
    """The address of a database that every command takes from the environment."""
    address = f"sqlite:///{tmp_path}/crm.db"
    monkeypatch.setenv("EDGEWISE_DATABASE", address)
    return address


def _work(database: str, work: Callable[[Store], Awaitable[None]]) -> None:
    async def do() -> None:
        store = open_store(database)
        await store.start()
        try:
            await work(store)
        finally:
            await store.close()

    asyncio.run(do())


def _archive(database: str, *steps: tuple[int, int, int]) -> None:
    """Archive a contact for each step: in which portal, by which token, when."""

    async def archive(store: Store) -> None:
        for portal_id in {portal_id for portal_id, _, _ in steps}:
            await store.accounts.add_account(usual_account(portal_id, AT))
        for portal_id, token_id, at in steps:
            acting.set(Acting(Actor(token_id, 0, 0, "sync"), at))
            created = await store.create_records(CreateRecords(portal_id, 1, [NewRecord({})], at))
            assert isinstance(created, Created)
            await store.archive_records(portal_id, 1, [created.records[0].record_id], at)

    _work(database, archive)


def _tokens(run, *options: str) -> list[int]:
    """Whose tokens acted, as the command says it in JSON."""
    ran = run("audit", "--action", "records.archive", "--json", *options)
    assert ran.code == 0, ran.err
    return [json.loads(each)["actor"]["tokenId"] for each in ran.out.splitlines()]


def test_entries_are_chosen_by_portal_token_action_and_time(run, database):
    _archive(database, (PORTAL, 1, AT), (OTHER_PORTAL, 2, AT + 1_000), (PORTAL, 3, AT + 2_000))
    assert _tokens(run) == [1, 2, 3]
    assert _tokens(run, "--portal", str(PORTAL)) == [1, 3]
    assert _tokens(run, "--token", "2") == [2]
    assert _tokens(run, "--since", "2026-11-24T10:02:12") == [2, 3]
    assert _tokens(run, "--since", "2026-11-25") == []


def test_the_latest_are_shown_and_it_is_said_that_there_are_more(run, database):
    _archive(database, *[(PORTAL, number, AT) for number in range(1, 1_003)])
    assert _tokens(run) == list(range(903, 1_003))
    ran = run("audit", "--limit", "2")
    assert [each.split()[5] for each in ran.out.splitlines()] == ["1001", "1002"]
    assert ran.err == "These are the latest 2; --limit 0 shows all.\n"
    assert _tokens(run, "--limit", "0") == list(range(1, 1_003))
    assert run("audit", "--token", "2", "--limit", "1").err == ""


def test_an_entry_in_json_has_stable_keys_and_all_it_tells(run, database):
    _archive(database, (PORTAL, 3, AT))
    ran = run("audit", "--json", "--limit", "1")
    entry = json.loads(ran.out)
    assert isinstance(entry.pop("id"), int)
    assert entry.pop("details") == {"type": "0-1", "ids": [30_000_000_001]}
    assert entry == {
        "at": "2026-11-24T10:02:11.000Z",
        "portalId": PORTAL,
        "actor": {"tokenId": 3, "appId": 0, "userId": 0, "name": "sync"},
        "action": "records.archive",
    }


def test_an_empty_answer_is_said(run, database):
    _archive(database, (PORTAL, 3, AT))
    ran = run("audit", "--token", "9")
    assert ran[:] == (0, "", "Nothing of that kind is in the audit log.\n")


@pytest.mark.parametrize(
    ("text", "before_now"), [("90s", 90_000), ("30m", 1_800_000), ("2h", 7_200_000), ("7d", 604_800_000)]
)
def test_a_time_may_be_said_as_so_long_ago(text: str, before_now: int):
    assert audit.since_of(text, AT) == AT - before_now


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-24T10:02:11", AT),
        ("2026-11-24 10:02:11Z", AT),
        ("2026-11-24T11:02:11+01:00", AT),
        ("2026-11-24", AT - 36_131_000),
    ],
)
def test_a_time_may_be_a_date(text: str, at: int):
    assert audit.since_of(text, AT) == at


@pytest.mark.parametrize("text", ["2y", "yesterday", "", "-2h", "2026-13-01"])
def test_another_time_is_refused(text: str):
    with pytest.raises(BadUsage):
        audit.since_of(text, AT)


def test_following_shows_what_is_added_until_it_is_stopped(run, database, monkeypatch):
    _archive(database, (PORTAL, 1, AT))

    async def add_or_stop(_: float) -> None:
        if added:
            raise KeyboardInterrupt
        added.append(True)
        store = open_store(database)
        await store.start()
        acting.set(Acting(Actor(2, 0, 0, "later"), AT))
        await store.accounts.add_account(usual_account(OTHER_PORTAL, AT))
        await store.close()

    added: list[bool] = []
    monkeypatch.setattr(audit.asyncio, "sleep", add_or_stop)
    ran = run("audit", "--limit", "1", "--follow")
    assert ran.code == INTERRUPTED
    assert [each.split("  ")[2] for each in ran.out.splitlines()] == ["token 1 'sync'", "token 2 'later'"]
