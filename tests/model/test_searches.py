"""Whatever records become, both stores find the same ones, and know the same of what they were."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import pytest
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
from edgewise.stores.sqlite import Durability, SqliteStore, lookups, orders, searches
from tests.contract.toy_types import COMPANIES, CONTACT_COMPANY, CONTACTS
from tests.contract.world import AT, PORTAL, new_world

LONG = "a" * 99
MANY = " ".join(f"word{n}" for n in range(40))
NAMES = st.sampled_from(["a", "a", "b", "email", "email", "é"])
ALL_TEXTS = [
    *("9", "9.0", "09", "+9", ".5", "5e-1", "-3", "-30", "1e2", "10", "0", "-0.0", "007", "9 lives"),
    *("2026-01-01", "2026-01-01t00:00Z", "2026-01-01T00:00:00.001Z", str(AT), str(FIRST_RECORD_ID + 3)),
    *(
        "ann",
        "ANN",
        "ann b",
        "Ann_x",
        "annä",
        "ann-b",
        "b ann",
        "b anna ann",
        "Straße",
        "STRASSE strasse",
    ),
    *(
        LONG,
        LONG + "a",
        LONG + "ab",
        LONG.upper() + "AC",
        "w" * 39,
        "b " + "w" * 45,
        "a\0b",
        "\x7fann\x80",
    ),
    *("a@b.c", "A@B.C", "ann@example.org", "Head of Sales", "Head, of Sales", "+49 30 17", "@", " ", "ÿ"),
    *(MANY, f"ann {MANY}", f"{MANY} ann", "b\u00b7ann", "annann", "zoe ann b"),
]
TEXTS = st.sampled_from(ALL_TEXTS)
ALL_TOKENS = [
    *(
        "ann",
        "ann b",
        "b",
        "sales",
        "of sales",
        "an*",
        "*nn",
        "a*n",
        "*@example.org",
        "*@b.c",
        "*",
        "*a*b",
    ),
    *(
        "word7",
        "word7 word8",
        "word3*",
        "w" * 39,
        "w" * 40,
        "w" * 45,
        "@",
        "h*d of",
        "* of *",
        "ann*b",
        "30",
    ),
    *("strasse", "annä", "example", "ex* ", "*.org", "a*@*.org", "word39 ann", "9", "1*"),
]
TOKENS = st.sampled_from(ALL_TOKENS)
WORDS = st.sampled_from(
    [
        "ann",
        "an",
        "b",
        "word",
        "ex",
        "ann b",
        "b an",
        "300",
        "30000000003",
        "w" * 40,
        "w" * 42,
        "9",
        "0",
        "of sa",
        "ä",
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

EVERY = ["createdate", "hs_createdate", "hs_lastmodifieddate", "hs_object_id"]
OPERANDS = {
    Operator.HAS_PROPERTY: st.just([]),
    Operator.NOT_HAS_PROPERTY: st.just([]),
    Operator.BETWEEN: st.lists(TEXTS, min_size=2, max_size=2),
    Operator.IN: st.lists(TEXTS, min_size=1, max_size=3),
    Operator.NOT_IN: st.lists(TEXTS, min_size=1, max_size=3),
    Operator.CONTAINS_TOKEN: st.lists(TOKENS, min_size=1, max_size=1),
    Operator.NOT_CONTAINS_TOKEN: st.lists(TOKENS, min_size=1, max_size=1),
}


def _conditions(names: st.SearchStrategy[str], operator: Operator) -> st.SearchStrategy[Condition]:
    return st.builds(
        lambda name, texts, is_numeric: Condition(
            name, operator, tuple(map(Value.of, texts)), is_numeric or name in EVERY
        ),
        names,
        OPERANDS.get(operator, st.lists(TEXTS, min_size=1, max_size=1)),
        st.booleans(),
    )


VALUES = st.sampled_from(list(Operator)).flatmap(lambda each: _conditions(NAMES, each))
OF_EVERY = st.sampled_from(list(Operator)).flatmap(lambda each: _conditions(st.sampled_from(EVERY), each))
OF_ID = st.lists(IDS.map(str) | st.just("x"), min_size=1, max_size=4).map(
    lambda texts: Condition("hs_object_id", Operator.IN, tuple(map(Value.of, texts)), True)
)
OF_MOMENT = st.builds(
    lambda name, operator, at: Condition(name, operator, (Value.of(str(AT + at)),), True),
    st.sampled_from(EVERY[1:3]),
    st.sampled_from([Operator.LT, Operator.LTE, Operator.GT, Operator.GTE, Operator.EQ, Operator.NEQ]),
    st.integers(-1, 31),
)
LINKED = st.sets(st.sampled_from([*COMPANY_IDS, 7]), min_size=1).map(
    lambda ids: LinkedTo(COMPANIES.code, frozenset(ids))
)
CONDITIONS = VALUES | VALUES | VALUES | OF_EVERY | OF_ID | OF_MOMENT | LINKED
SORTS = st.none() | st.builds(
    lambda name, is_descending, is_numeric: Sort(name, is_descending, is_numeric or name in EVERY),
    NAMES | st.sampled_from(EVERY),
    st.booleans(),
    st.booleans(),
)
SEARCHES = st.builds(
    Search,
    st.just(CONTACTS),
    st.lists(st.lists(CONDITIONS, max_size=3).map(tuple), max_size=3).map(tuple)
    | CONDITIONS.map(lambda each: ((each,),)),
    st.lists(WORDS, max_size=2).map(tuple),
    st.sampled_from([("a", "email"), ("a",), ()]),
    SORTS,
    st.integers(0, 4) | st.integers(0, 40),
    st.integers(1, 5) | st.just(60),
)
BOUNDS = st.fixed_dictionaries(
    {
        (searches, "_ENOUGH"): st.sampled_from([-1, 0, 20]),
        (searches, "_FEW"): st.sampled_from([0, 1, 200]),
        (searches, "_SOME"): st.sampled_from([0, 2, 10_000]),
        (searches, "_READ_COST"): st.sampled_from([0.001, 0.4, 8, 1000]),
        (searches, "_READ_AT_ONCE"): st.sampled_from([1, 1000]),
        (lookups, "UNSURE_MAX"): st.sampled_from([0, 2, 2000]),
        (lookups, "WORDS_MAX"): st.sampled_from([1, 8]),
        (lookups, "_OTHERS_MAX"): st.sampled_from([0, 5000]),
        (orders, "_AT_ONCE"): st.sampled_from([1, 2, 500]),
    }
)
"""How much the store does in one way before it does it in another: all ways find the same."""


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


async def _compare(folder: Path, steps: Sequence[tuple[str, object, object]], wanted: list[Search]) -> None:
    memory, sqlite = MemoryStore(), SqliteStore(folder / "edgewise.db", Durability.NORMAL)
    await sqlite.start()
    try:
        for store in (memory, sqlite):
            await (await new_world(store)).records(COMPANIES, 2)
        for number, step in enumerate(steps):
            assert await _do(memory, step, AT + number) == await _do(sqlite, step, AT + number)
        for search in wanted:
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


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(STEPS, st.lists(SEARCHES, min_size=1, max_size=25), BOUNDS)
def test_both_stores_find_the_same_records(
    steps: list[tuple[str, object, object]], wanted: list[Search], bounds: dict[tuple[ModuleType, str], float]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for (module, name), value in bounds.items():
            patch.setattr(module, name, value)
        asyncio.run(_compare(Path(folder), steps, wanted))


async def _every_condition(folder: Path) -> None:
    memory, sqlite = MemoryStore(), SqliteStore(folder / "edgewise.db", Durability.NORMAL)
    await sqlite.start()
    try:
        for store in (memory, sqlite):
            new = [NewRecord({"a": text}) for text in ALL_TEXTS] + [NewRecord({})]
            await store.create_records(CreateRecords(PORTAL, CONTACTS.code, new, AT))
        for operator in Operator:
            tokens = operator in (Operator.CONTAINS_TOKEN, Operator.NOT_CONTAINS_TOKEN)
            for text in ALL_TOKENS if tokens else ALL_TEXTS:
                for is_numeric in (False, True):
                    operands = (Value.of(text),) * (2 if operator is Operator.BETWEEN else 1)
                    wanted = Search(CONTACTS, ((Condition("a", operator, operands, is_numeric),),), limit=100)
                    expected, found = [await each.search_records(PORTAL, wanted) for each in (memory, sqlite)]
                    assert (found.total, list(found.records)) == (expected.total, list(expected.records)), (
                        wanted
                    )
    finally:
        await sqlite.close()


def test_the_index_alone_answers_every_condition(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(searches, "_FEW", 0)
    monkeypatch.setattr(searches, "_SOME", 0)
    monkeypatch.setattr(searches, "_READ_COST", 1000)
    asyncio.run(_every_condition(tmp_path))
