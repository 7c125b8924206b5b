"""Each change of types, portals, tokens and apps makes one entry; entries are read as asked for, and none ever goes."""

from dataclasses import replace
from typing import Any

import pytest

from edgewise.domain.accounts import usual_account
from edgewise.domain.audit import Action, Wanted
from edgewise.domain.callers import Actor
from edgewise.domain.errors import Conflict
from edgewise.domain.model import (
    Category,
    CreateRecords,
    NewRecord,
    PortalTypes,
    RecordChange,
    TypesChange,
)
from edgewise.domain.pipelines import PipelinesChange, StageUse
from edgewise.domain.ports import Created
from edgewise.domain.property_ports import PropertiesChange
from tests.contract.keys import digest_of, granted, new_app, new_code, new_token
from tests.contract.test_pipelines import GONE, SALES
from tests.contract.test_properties import APIARY, HIVES, SIZE
from tests.contract.toy_types import ADVISES, COMPANIES, CONTACT_COMPANY, CONTACTS, DEALS, both_halves
from tests.contract.watch import ALICE, BOB, CLIENT, NOBODY, acts, watch_log
from tests.contract.world import AT, MANY, OTHER_PORTAL, PORTAL, World

# Labels and limits.


async def test_a_label_is_told_when_it_is_made_renamed_and_removed(world: World):
    label, _ = both_halves(CONTACTS, COMPANIES, (51, 51), Category.USER_DEFINED, ("Boss", "Boss"))
    watch = await watch_log(world)
    await world.change(TypesChange(added=[label]))
    await world.change(TypesChange(changed=[replace(label, label="Chief")]))
    await world.change(TypesChange(removed=[label.key]))
    boss, chief = ["USER_DEFINED", 51, "Boss"], ["USER_DEFINED", 51, "Chief"]
    assert await watch.told() == [
        ("labels.change", {"added": [boss]}),
        ("labels.change", {"changed": [chief]}),
        ("labels.change", {"removed": [chief]}),
    ]


async def test_a_limit_is_told_with_what_it_was_before(world: World):
    watch = await watch_log(world)
    for limit in (5, 7, 7, None):
        await world.limit(ADVISES, limit)
    await world.limit(CONTACT_COMPANY, 3)
    assert await watch.told() == [
        ("limits.change", {"limits": [[*CLIENT, None, 5]]}),
        ("limits.change", {"limits": [[*CLIENT, 5, 7]]}),
        ("limits.change", {"limits": [[*CLIENT, 7, None]]}),
        ("limits.change", {"limits": [["HUBSPOT_DEFINED", 279, None, None, 3]]}),
    ]


async def test_properties_and_groups_are_told_by_name_as_they_are_now(world: World):
    watch = await watch_log(world)
    for change in (
        PropertiesChange([HIVES, SIZE], [APIARY]),
        PropertiesChange([replace(HIVES, archived_at=AT)], [replace(APIARY, archived_at=AT)]),
        PropertiesChange(),
    ):
        await world.store.properties.change(PORTAL, DEALS.code, lambda _, change=change: change)
    assert await watch.told() == [
        ("properties.change", {"type": "0-3", "properties": ["hives", "size"], "groups": ["apiary"]}),
        ("properties.change", {"type": "0-3", "archivedProperties": ["hives"], "archivedGroups": ["apiary"]}),
    ]


async def test_pipelines_are_told_by_id_and_those_in_use_make_no_entry(world: World):
    created = await world.create(DEALS, NewRecord({"dealstage": "open"}))
    assert isinstance(created, Created)
    watch = await watch_log(world)
    for change in (
        PipelinesChange(DEALS.code, [SALES, GONE]),
        PipelinesChange(DEALS.code, removed=["sales"], unused=StageUse(DEALS.code, "dealstage", ["open"])),
        PipelinesChange(DEALS.code, removed=["sales"], unused=StageUse(DEALS.code, "dealstage", ["won"])),
    ):
        await world.store.pipelines.change(PORTAL, lambda _, change=change: change)
    assert await watch.told() == [
        ("pipelines.change", {"type": "0-3", "pipelines": ["sales"], "removedPipelines": ["default"]}),
        ("pipelines.change", {"type": "0-3", "removedPipelines": ["sales"]}),
    ]


async def test_a_change_of_types_that_is_refused_or_empty_makes_no_entry(world: World):
    watch = await watch_log(world)

    def refuse(types: PortalTypes) -> TypesChange:
        raise LookupError

    with pytest.raises(LookupError):
        await world.store.change_types(PORTAL, refuse)
    with pytest.raises(Conflict):
        await world.store.add_portal_types(PORTAL, PortalTypes((), [ADVISES]))
    await world.change(TypesChange())
    assert await watch.entries() == []


async def test_types_that_are_defined_at_once_are_told(world: World):
    label, _ = both_halves(CONTACTS, COMPANIES, (51, 51), Category.USER_DEFINED, ("Boss", "Boss"))
    watch = await watch_log(world)
    await world.store.add_portal_types(PORTAL, PortalTypes((), [label]))
    told = {"objectTypes": [], "added": [["USER_DEFINED", 51, "Boss"]]}
    assert await watch.only() == ("types.add", told)


# Portals, tokens and apps.


async def test_a_portal_is_told_when_it_is_made_and_when_it_goes(world: World):
    watch = await watch_log(world)
    await world.store.accounts.add_account(usual_account(303, AT))
    with pytest.raises(Conflict):
        await world.store.accounts.add_account(usual_account(303, AT))
    assert await world.store.accounts.close_account(303, AT)
    assert not await world.store.accounts.close_account(303, AT)
    entries = [(entry.deed.portal_id, entry.deed.action) for entry in await watch.entries()]
    assert entries == [(303, Action.PORTAL_CREATE), (303, Action.PORTAL_DELETE)]


async def test_a_token_is_told_when_it_is_made_and_when_it_ends(world: World):
    accounts = world.store.accounts
    watch = await watch_log(world)
    kept = await accounts.add_token(
        new_token("billing", scopes=("tickets",), is_read_only=True, expires_at=AT + 9)
    )
    with pytest.raises(Conflict):
        await accounts.add_token(new_token("billing"))
    assert await accounts.revoke_token(kept.token_id, AT)
    assert not await accounts.revoke_token(kept.token_id, AT)
    assert not await accounts.revoke_token(NOBODY, AT)
    token = {"tokenId": kept.token_id, "name": "billing"}
    more = {"scopes": ["tickets"], "readOnly": True, "expiresAt": AT + 9}
    assert await watch.told() == [("token.create", token | more), ("token.revoke", token)]


async def test_an_app_is_told_with_its_new_secrets_but_not_with_the_secrets(world: World):
    accounts = world.store.accounts
    watch = await watch_log(world)
    app = await accounts.add_app(new_app("sync"))
    assert await accounts.change_app_secret("sync", digest_of("another"))
    assert not await accounts.change_app_secret("unknown", digest_of("another"))
    (made, details), rotated = await watch.told()
    assert (made, details["appId"], details["name"]) == ("app.create", app.app_id, "sync")
    assert (details["scopes"], details["redirectUris"]) == (list(app.scopes), list(app.redirect_uris))
    assert rotated == ("app.rotate_secret", {"appId": app.app_id, "name": "sync"})


async def test_what_an_app_is_given_is_told_and_what_ends_it(world: World):
    accounts = world.store.accounts
    app = await accounts.add_app(new_app("sync"))
    watch = await watch_log(world)
    for text in ("first", "second"):
        code = new_code(text, app.app_id)
        await accounts.add_code(code)
        await accounts.exchange_code(code.digest, AT, lambda code: granted(code, code.digest.hex()))
    first = digest_of("first")
    assert await accounts.exchange_code(digest_of("unknown"), AT, granted) is None
    assert await accounts.exchange_code(first, AT, granted) is None
    assert await accounts.exchange_code(first, AT, granted) is None, "nothing is left to end"
    refresh_token = digest_of(f"refresh {digest_of('second').hex()}")
    assert await accounts.revoke_refresh_token(refresh_token, AT)
    assert not await accounts.revoke_refresh_token(refresh_token, AT)
    who = {"appId": app.app_id, "userId": 5}
    told = await watch.told()
    actions = ["app.authorize", "token.create"] * 2 + ["grant.revoke"] * 2
    assert [action for action, _ in told] == actions
    assert all(who.items() <= details.items() for _, details in told)
    assert [details["codeUsedAgain"] for _, details in told[-2:]] == [True, False]


async def test_a_grant_that_is_refused_makes_no_entry(world: World):
    accounts = world.store.accounts
    app = await accounts.add_app(new_app("sync"))
    code = new_code("code", app.app_id)
    await accounts.add_code(code)
    watch = await watch_log(world)

    def refuse(code: object) -> Any:
        raise LookupError

    with pytest.raises(LookupError):
        await accounts.exchange_code(code.digest, AT, refuse)
    assert await watch.entries() == []


async def test_no_entry_holds_the_digest_of_a_secret(world: World):
    accounts = world.store.accounts
    app = await accounts.add_app(new_app("sync"))
    code = new_code("code", app.app_id)
    await accounts.add_token(new_token("billing"))
    await accounts.add_code(code)
    grant = granted(code, "grant")
    await accounts.exchange_code(code.digest, AT, lambda _: grant)
    written = " ".join(map(str, await world.store.audit.read_after(Wanted(), 0, MANY)))
    for secret in (digest_of("billing"), app.secret_digest, code.digest, grant.token.digest):
        assert secret.hex() not in written
        assert str(secret) not in written


# Reading.


async def _act(world: World, *steps: tuple[int, Actor, int]) -> list[int]:
    """Archive a contact of a portal for each step: portal, who, when; answers the ids of the entries."""
    watch = await watch_log(world)
    for portal_id, actor, at in steps:
        with acts(actor, at):
            contact = await World(world.store, portal_id).contact()
            await World(world.store, portal_id).archive(contact)
    return [entry.entry_id for entry in await watch.entries()]


async def test_a_portal_sees_no_entry_of_another_one(world: World):
    ids = await _act(world, (PORTAL, ALICE, AT), (OTHER_PORTAL, ALICE, AT), (PORTAL, ALICE, AT))
    for portal_id, own in ((PORTAL, [ids[0], ids[2]]), (OTHER_PORTAL, [ids[1]])):
        found = await world.store.audit.read_after(Wanted(portal_id), ids[0] - 1, MANY)
        assert [entry.entry_id for entry in found] == own
        assert {entry.deed.portal_id for entry in found} == {portal_id}
        latest = await world.store.audit.read_latest(Wanted(portal_id), len(own))
        assert [entry.entry_id for entry in latest] == own


async def test_entries_are_found_by_time_action_and_token(world: World):
    ids = await _act(world, (PORTAL, ALICE, AT), (PORTAL, BOB, AT + 10), (PORTAL, ALICE, AT + 20))
    before = ids[0] - 1
    for wanted, expected in (
        (Wanted(since=AT + 10), ids[1:]),
        (Wanted(since=AT + 11), ids[2:]),
        (Wanted(action=Action.RECORDS_ARCHIVE), ids),
        (Wanted(action=Action.LINKS_PUT), []),
        (Wanted(token_id=ALICE.token_id), [ids[0], ids[2]]),
        (Wanted(PORTAL, AT + 1, Action.RECORDS_ARCHIVE, ALICE.token_id), [ids[2]]),
    ):
        found = await world.store.audit.read_after(wanted, before, MANY)
        assert [entry.entry_id for entry in found] == expected
        latest = await world.store.audit.read_latest(wanted, MANY)
        assert [entry.entry_id for entry in latest if entry.entry_id > before] == expected


async def test_entries_are_read_page_by_page_in_the_order_of_their_making(world: World):
    ids = await _act(world, *[(PORTAL, ALICE, AT - number) for number in range(5)])
    assert ids == sorted(set(ids))
    pages, last = [], ids[0] - 1
    while page := [e.entry_id for e in await world.store.audit.read_after(Wanted(PORTAL), last, 2)]:
        pages.append(page)
        last = page[-1]
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    latest = await world.store.audit.read_latest(Wanted(PORTAL), 2)
    assert [entry.entry_id for entry in latest] == ids[3:]
    assert await world.store.audit.read_latest(Wanted(PORTAL), 0) == []


async def test_entries_outlive_their_portal(world: World):
    ids = await _act(world, (PORTAL, ALICE, AT))
    await world.store.accounts.close_account(PORTAL, AT)
    while await world.store.accounts.sweep_account(PORTAL, 100):
        pass
    found = await world.store.audit.read_after(Wanted(PORTAL), ids[0] - 1, MANY)
    assert [entry.deed.action for entry in found] == ["records.archive", "portal.delete"]


async def test_a_change_of_another_portal_makes_no_entry_here(world: World):
    watch = await watch_log(world)
    await world.elsewhere().archive(await world.elsewhere().contact())
    assert await watch.told() == []
    assert [entry.deed.portal_id for entry in await watch.entries()] == [OTHER_PORTAL]


async def test_what_is_read_or_has_no_links_makes_no_entry(world: World):
    contact = await world.contact()
    watch = await watch_log(world)
    await world.state()
    store = world.store
    await store.update_records(PORTAL, CONTACTS.code, [RecordChange(contact.record_id, {"a": "b"})], AT)
    await store.create_records(CreateRecords(PORTAL, CONTACTS.code, [NewRecord({})], AT))
    assert await watch.entries() == []
