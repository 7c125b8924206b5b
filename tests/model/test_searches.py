"""Whatever records become, both stores find the same ones, and know the same of what they were."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edgewise.domain.merges import MergeRecords
from edgewise.domain.model import (
    FIRST_RECORD_ID,
    CreateRecords,
    NewLink,
    NewRecord,
    RecordChange,
    RecordRef,
    ValueTaken,
)
from edgewise.domain.ports import Store
from edgewise.domain.record_keys import Upsert, property_key
from edgewise.domain.search import Condition, LinkedTo, Operator, Search, Sort
from edgewise.domain.values import Value
from edgewise.stores.memory import MemoryStore
from edgewise.stores.sqlite import Durability, SqliteStore
from tests.contract.toy_types import COMPANIES, CONTACT_COMPANY, CONTACTS
from tests.contract.world import AT, PORTAL, new_world

LONG = "a" * 97
NAMES = st.sampled_from(["a", "a", "b", "email", "email", "é"])
TEXTS = st.sampled_from(
    [
        *("9", "9.0", "09", "ann", "ANN", "ann b", "Straße", "STRASSE", "2026-01-01", "2026-01-01t00:00Z"),
        *(LONG, LONG + "a", LONG + "ab", LONG.upper() + "AC", "a\0b", "a@b.c", "A@B.C"),
    ]
)
PROPERTIES = st.dictionaries(NAMES, TEXTS, max_size=3)
CHANGES = st.dictionaries(NAMES, st.none() | TEXTS, max_size=3)
NUMBERS = st.integers(0, 9)
UNIQUE = ("email", "b")
COMPANY_IDS = [FIRST_RECORD_ID, FIRST_RECORD_ID + 1]
IDS = NUMBERS.map(lambda number: FIRST_RECORD_ID + 2 + number)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), PROPERTIES, st.lists(st.sampled_from(COMPANY_IDS), max_size=2)),
        st.tuples(st.just("update"), st.lists(IDS, min_size=1, max_size=2), CHANGES),
        st.tuples(st.just("upsert"), st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=2), CHANGES),
        st.tuples(st.just("archive"), IDS, st.none()),
        st.tuples(st.just("merge"), IDS, IDS),
        st.tuples(st.just("purge"), IDS, st.none()),
    ),
    min_size=5,
    max_size=30,
)

EQUAL = st.builds(
    lambda name, operator, texts: Condition(name, operator, tuple(map(Value.of, texts))),
    NAMES | st.just("createdate"),
    st.sampled_from([Operator.EQ, Operator.IN]),
    st.lists(TEXTS, min_size=1, max_size=3),
)
OTHER = st.builds(
    lambda name, operator, text: Condition(name, operator, (Value.of(text),)),
    NAMES,
    st.sampled_from([Operator.NEQ, Operator.GT, Operator.HAS_PROPERTY, Operator.CONTAINS_TOKEN]),
    TEXTS,
)
OF_ID = st.lists(IDS.map(str) | st.just("x"), min_size=1, max_size=4).map(
    lambda texts: Condition("hs_object_id", Operator.IN, tuple(map(Value.of, texts)))
)
LINKED = st.sets(st.sampled_from([*COMPANY_IDS, 7]), min_size=1).map(
    lambda ids: LinkedTo(COMPANIES.code, frozenset(ids))
)
SEARCHES = st.builds(
    Search,
    st.just(CONTACTS),
    st.lists(st.lists(EQUAL | EQUAL | OTHER | OF_ID | LINKED, max_size=3).map(tuple), max_size=3).map(tuple),
    st.sampled_from([(), (), (), ("ann",)]),
    st.just(("a", "email")),
    st.sampled_from([None, None, Sort("a"), Sort("b", is_descending=True)]),
    st.integers(0, 4),
    st.integers(1, 5),
)


async def _do(store: Store, step: tuple[str, object, object], at: int) -> object:
    is_partial = at % 3 == 0
    match step:
        case ("create", dict(properties), list(companies)):
            links = tuple(NewLink(RecordRef(COMPANIES.code, i), (CONTACT_COMPANY,)) for i in companies)
            second = properties if at % 5 == 0 else {"a": "ann"}
            new = [NewRecord(properties, links), NewRecord(second)]
            return await store.create_records(
                CreateRecords(PORTAL, CONTACTS.code, new, at, unique=UNIQUE, is_partial=is_partial)
            )
        case ("update", list(ids), dict(changes)):
            change = [RecordChange(record_id, changes) for record_id in ids]
            answer = await store.update_records(PORTAL, CONTACTS.code, change, at, UNIQUE, is_partial)
            return answer if isinstance(answer, ValueTaken) else list(answer)
        case ("upsert", list(keys), dict(changes)):
            upserts = [Upsert(property_key(name, text), changes, creates=True) for name, text in keys]
            answer = await store.upsert_records(PORTAL, CONTACTS.code, upserts, at, UNIQUE, is_partial)
            return answer if isinstance(answer, ValueTaken) else list(answer)
        case ("archive", int(record_id), _):
            return await store.archive_records(PORTAL, CONTACTS.code, [record_id], at)
        case ("merge", int(winner_id), int(loser_id)):
            if winner_id != loser_id:
                return await store.merge_records(
                    MergeRecords(PORTAL, CONTACTS.code, winner_id, loser_id, (), at)
                )
        case ("purge", int(record_id), _):
            return await store.purge_record(PORTAL, CONTACTS.code, record_id)
    return None


async def _compare(folder: Path, steps: Sequence[tuple[str, object, object]], searches: list[Search]) -> None:
    memory, sqlite = MemoryStore(), SqliteStore(folder / "edgewise.db", Durability.NORMAL)
    await sqlite.start()
    try:
        for store in (memory, sqlite):
            await (await new_world(store)).records(COMPANIES, 2)
        for number, step in enumerate(steps):
            assert await _do(memory, step, AT + number) == await _do(sqlite, step, AT + number)
        for search in searches:
            expected, found = [await store.search_records(PORTAL, search) for store in (memory, sqlite)]
            assert (found.total, list(found.records)) == (expected.total, list(expected.records))
        ids = range(FIRST_RECORD_ID, FIRST_RECORD_ID + 60)
        names = ["a", "b", "email", "é"]
        expected, found = [
            await store.read_versions(PORTAL, CONTACTS.code, ids, names) for store in (memory, sqlite)
        ]
        assert list(found) == list(expected)
        for name, text in (("email", "A@b.C"), ("a", "ANN"), ("a", LONG + "a"), ("b", "9")):
            for is_archived in (False, True):
                keys = [property_key(name, text)]
                expected, found = [
                    list(await store.find_records(PORTAL, CONTACTS.code, keys, is_archived))
                    for store in (memory, sqlite)
                ]
                assert found == expected
    finally:
        await sqlite.close()


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS, st.lists(SEARCHES, min_size=1, max_size=12))
def test_both_stores_find_the_same_records(
    steps: list[tuple[str, object, object]], searches: list[Search]
) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_compare(Path(folder), steps, searches))
