"""What the writer remembers of what portals defined is never out of date."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from edgewise.domain.model import (
    Category,
    CreateRecords,
    LimitReached,
    Linked,
    LinkWrite,
    NewRecord,
    Outcome,
    PortalTypes,
    PutLinks,
    RecordRef,
    TypeGone,
    TypesChange,
)
from edgewise.stores.sqlite import Durability, SqliteStore
from tests.unit.stores.sqlite.database import COMPANY, CONTACT, FIRST, PORTAL, link_type

LABEL = link_type(1, 2, Category.USER_DEFINED)
INVERSE = link_type(2, 1, Category.USER_DEFINED, source_type=COMPANY, target_type=CONTACT)
ANN = RecordRef(CONTACT, FIRST)
DONE = Linked.DONE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "edgewise.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    """A contact, ten companies and one label."""
    store = await _open(path)
    await store.create_records(CreateRecords(PORTAL, CONTACT, [NewRecord({})], 1))
    await store.create_records(CreateRecords(PORTAL, COMPANY, [NewRecord({})] * 10, 1))
    await _change(store, TypesChange(added=(LABEL, INVERSE)))
    yield store
    await store.close()


async def _open(path: Path) -> SqliteStore:
    store = SqliteStore(path, Durability.NORMAL)
    await store.start()
    return store


async def _change(store: SqliteStore, change: TypesChange) -> None:
    await store.change_types(PORTAL, lambda _: change)


async def _link(store: SqliteStore, number: int) -> Outcome:
    """Give the contact the company of a number, from 1 on."""
    write = LinkWrite(FIRST, FIRST + number, (LABEL,))
    [outcome] = await store.put_links(PutLinks(PORTAL, CONTACT, COMPANY, [write], 1))
    return outcome


def _limited_to(limit: int) -> TypesChange:
    return TypesChange(limits={LABEL.key: limit})


def _full(limit: int) -> LimitReached:
    return LimitReached(LABEL.key, ANN, limit)


def _fails(_: PortalTypes) -> TypesChange:
    raise ZeroDivisionError


async def _held_up(store: SqliteStore) -> tuple[asyncio.Task[object], Callable[[], None]]:
    """A change that keeps the writer waiting, so that calls made until it may go on share a transaction."""
    is_held, may_go_on = Event(), Event()

    def hold(_: PortalTypes) -> TypesChange:
        is_held.set()
        may_go_on.wait()
        return TypesChange()

    change = asyncio.ensure_future(store.change_types(PORTAL, hold))
    await asyncio.to_thread(is_held.wait)
    return change, may_go_on.set


async def test_a_limit_that_another_program_sets_is_seen_by_the_next_write(
    store: SqliteStore, path: Path
) -> None:
    other = await _open(path)
    assert await _link(store, 1) is DONE
    await _change(other, _limited_to(1))
    assert await _link(store, 2) == _full(1)
    await _change(other, _limited_to(2))
    assert await _link(store, 2) is DONE
    await _change(other, _limited_to(1))
    assert await _link(store, 3) == _full(1)
    await other.close()


async def _count(store: SqliteStore) -> int:
    return len((await store.list_links(PORTAL, ANN, COMPANY, 0, 100)).targets)


async def test_a_type_that_another_program_removes_is_gone_for_the_next_write(
    store: SqliteStore, path: Path
) -> None:
    other = await _open(path)
    assert await _link(store, 1) is DONE
    await _change(other, TypesChange(removed=(LABEL.key, INVERSE.key)))
    assert await _link(store, 2) == TypeGone(LABEL.key)
    assert await _count(store) == 0
    await _change(other, TypesChange(added=(LABEL, INVERSE)))
    assert await _link(store, 2) is DONE
    await other.close()


async def test_a_change_counts_for_what_comes_after_it_in_the_same_transaction(store: SqliteStore) -> None:
    held, go_on = await _held_up(store)
    calls = [
        asyncio.ensure_future(call)
        for call in (
            _link(store, 1),
            _link(store, 2),
            _change(store, _limited_to(3)),
            _link(store, 3),
            _link(store, 4),
            _change(store, TypesChange(removed=(LABEL.key, INVERSE.key))),
            _link(store, 5),
        )
    ]
    await asyncio.sleep(0)
    go_on()
    await held
    outcomes = await asyncio.gather(*calls)
    assert outcomes == [DONE, DONE, None, DONE, _full(3), None, TypeGone(LABEL.key)]


async def test_what_a_rolled_back_transaction_defined_is_forgotten(store: SqliteStore) -> None:
    held, go_on = await _held_up(store)
    calls = [
        asyncio.ensure_future(call)
        for call in (
            _link(store, 1),
            _link(store, 2),
            _link(store, 3),
            _change(store, _limited_to(1)),
            _link(store, 4),
            store.change_types(PORTAL + 1, _fails),
        )
    ]
    await asyncio.sleep(0)
    go_on()
    await held
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert outcomes[:5] == [DONE, DONE, DONE, None, _full(1)]
    assert isinstance(outcomes[5], ZeroDivisionError)
    assert await _link(store, 5) == _full(1)


@pytest.mark.parametrize("position", [0, 5, 20, 40])
async def test_a_limit_holds_when_a_call_of_the_transaction_fails(store: SqliteStore, position: int) -> None:
    await _change(store, _limited_to(4))
    held, go_on = await _held_up(store)
    calls = [_link(store, 1 + number % 10) for number in range(40)]
    failing = store.change_types(PORTAL + 1, _fails)
    tasks = [asyncio.ensure_future(call) for call in (*calls[:position], failing, *calls[position:])]
    await asyncio.sleep(0)
    go_on()
    await held
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(outcomes.pop(position), ZeroDivisionError)
    assert outcomes == ([DONE] * 4 + [_full(4)] * 6) * 4
    assert await _count(store) == 4


async def test_what_a_portal_defined_is_there_after_a_restart(store: SqliteStore, path: Path) -> None:
    other = link_type(8, 9, Category.USER_DEFINED)
    await _change(store, TypesChange(added=(other,), limits={LABEL.key: 1, INVERSE.key: 7}))
    await _change(store, TypesChange(changed=(replace(LABEL, label="Else"),), removed=(other.key,)))
    before = await store.portal_types(PORTAL)
    await store.close()

    again = await _open(path)
    after = await again.portal_types(PORTAL)
    assert [(t.key, t.mirror_key, t.label) for t in after.association_types] == [
        (LABEL.key, INVERSE.key, "Else"),
        (INVERSE.key, LABEL.key, None),
    ]
    assert dict(after.limits) == {LABEL.key: 1, INVERSE.key: 7}
    assert (after.next_type_id, after.version) == (before.next_type_id, before.version) == (9, 3)
    assert await again.types_version(PORTAL) == 3
    assert [await _link(again, number) for number in (1, 2)] == [DONE, _full(1)]
    await again.close()
