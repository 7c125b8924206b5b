"""The statements themselves: each is used, and each finds its rows by a key, whatever the tables hold."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import apsw
import pytest

from edgewise.stores.sql import parse_queries
from edgewise.stores.sqlite.connections import FOLDER, Connection
from edgewise.stores.sqlite.presence import integers
from tests.unit.stores.sqlite.database import COMPANY, CONTACT, FIRST, PORTAL, add_records, new_database

FILES = [file for file in Path(str(FOLDER)).glob("*.sql") if file.parent.name != "migrations"]
PLACES = {
    "ids": parse_queries((FOLDER / "values.sql").read_text())["ids_by_keys"],
    "tests": "record_id > 0",
    "column": "created_at",
    "index": "record_created",
}
"""What stands for what is put into a statement."""
STATEMENTS = {
    name: text.format_map(PLACES) for file in FILES for name, text in parse_queries(file.read_text()).items()
}
WHOLE_TABLES = {
    "list_accounts", "list_all_tokens", "count_tokens", "list_apps", "remove_apps_of_portal",
    "remove_tokens_of_portal", "remove_codes_of_portal", "remove_refresh_tokens_of_portal", "remove_expired_codes",
}  # fmt: skip
"""What reads all of a table of accounts: for the operator and seldom, or of codes, which are few."""
OF_BACKUPS = parse_queries((FOLDER / "backups.sql").read_text())
"""What reads all of a database, as a backup is there for that."""
OF_ACCOUNTS = parse_queries((FOLDER / "accounts.sql").read_text())
ABOUT_ROWS = {
    name: text
    for name, text in STATEMENTS.items()
    if re.search(r"\b(edge|record|record_value)\b", text)
    and not text.startswith("INSERT")
    and name not in OF_ACCOUNTS
    and name not in OF_BACKUPS
}
JOINED_TO_A_LIST = {name for name, text in STATEMENTS.items() if "CROSS JOIN" in text} - {"holders"}
RECORDS = 20_000

EDGE_KEY = ["portal_id", "from_type", "from_id", "to_type", "to_id", "type_key"]
RECORD_KEY = ["portal_id", "object_type", "record_id"]
CREATED_KEY = ["portal_id", "object_type", "created_at", "record_id"]
VALUE_KEY = ["portal_id", "object_type", "name", "folded", "record_id"]
KEY_COLUMNS_USED = {
    "has_live_record": {2},
    "archived_record_ids": {2},
    "list_live_records": {3},
    "list_archived_records": {3},
    "archived_records_by_property": {2},
    "ids_linked_to": {4},
    "is_linked_to": {6},
    **{key: {4} for key in ("ids_by_keys", "each_id", "ids_with", "count_ids", "count_different_ids")},
    **{key: {4} for key in ("count_first_ids", "first_ids", "first_different_ids", "ids_in_order")},
    **{key: {3} for key in ("ids_by_number", "falling_numbers", "same_number")},
    "rising_numbers": {2},  # all of a type, in order
    **{key: {4} for key in ("first_key", "last_key", "rising_keys", "falling_keys", "same_key")},
    "without_keys": {2, 4},
    "remove_link": {6},
    "remove_pair": {5},
    "remove_other_labels": {5},
    "labels_of_pairs": {5},
    "other_holdings": {4},
    "holdings": {4},
    "has_link": {4},
    "linked_records": {4},
    "neighbours": {3},
    "remove_edges_of": {3},
    "list_links": {5},
    "remove_links_of_type": {2},
    "has_link_of_type": {6},
    "is_full": {4},
    "count_records": {1},  # all of a portal is counted
    "crowded": {2, 4},  # all links of an object type, then those of a record with many
    "read_links": {5},
    "remove_value": {5},
    "records_in_stage": {3, 4},  # the value, then its record
    "holders": {3, 4},  # the value, then its record
}
"""How many columns of the key a look-up uses, where it is not all of a record's."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """As many records as have misled planners, a link for each contact, and no statistics."""
    connection = new_database(tmp_path_factory.mktemp("statements") / "edgewise.db")
    add_records(connection, CONTACT, RECORDS)
    add_records(connection, COMPANY, RECORDS)
    edges = [(PORTAL, CONTACT, FIRST + n, COMPANY, FIRST + n * 7 % RECORDS, 4) for n in range(RECORDS)]
    with connection:
        connection.executemany(STATEMENTS["add_edge"], edges)
        connection.executemany(
            STATEMENTS["add_edge"], [(PORTAL, COMPANY, b, CONTACT, a, 8) for _, _, a, _, b, _ in edges]
        )
    yield connection
    connection.close()


def test_every_statement_is_used_and_every_use_has_a_statement() -> None:
    folder = Path(str(FOLDER))
    used = {name for file in folder.glob("*.py") for name in re.findall(r"QUERIES\.(\w+)", file.read_text())}

    assert used == set(STATEMENTS)
    assert len(STATEMENTS) == sum(len(parse_queries(file.read_text())) for file in FILES)


def test_no_module_has_sql_of_its_own() -> None:
    keywords = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN|COMMIT|ROLLBACK) ")
    with_sql = [file.name for file in Path(str(FOLDER)).glob("*.py") if keywords.search(file.read_text())]

    assert with_sql == []


@pytest.mark.parametrize("name", ABOUT_ROWS)
def test_rows_are_found_by_their_key(database: Connection, name: str) -> None:
    plan = _plan(database, ABOUT_ROWS[name])
    look_ups = [line for line in plan if re.match(r"SEARCH (edge|record|record_value|e|r|v)\b", line)]

    assert look_ups
    assert not [line for line in plan if re.match(r"SCAN (edge|record|record_value|e|r|v)\b", line)]
    for look_up in look_ups:
        columns = re.findall(r"(\w+)[=<>]+\?", look_up)
        key = EDGE_KEY if "from_type" in columns else VALUE_KEY if "folded" in columns else RECORD_KEY
        key = CREATED_KEY if "created_at" in columns else key
        assert list(dict.fromkeys(columns)) == key[: len(dict.fromkeys(columns))], look_up
        assert len(dict.fromkeys(columns)) in KEY_COLUMNS_USED.get(name, {3}), look_up


@pytest.mark.parametrize("name", sorted(JOINED_TO_A_LIST))
def test_a_list_is_the_outer_loop_of_what_is_joined_to_it(database: Connection, name: str) -> None:
    plan = _plan(database, STATEMENTS[name])
    loops = [
        line
        for line in plan
        if re.match(r"(SCAN|SEARCH) (pair|holder|source|wanted|kind|text|target|s|v|e|r)\b", line)
    ]

    assert re.match(r"SCAN (pair|holder|source|wanted|kind|text|target|s)\b", loops[-2])
    assert re.match(r"SEARCH (e|r|v)\b", loops[-1])


@pytest.mark.parametrize(
    "name",
    [
        "missing_ends",
        "missing_records",
        "archived_records",
        "list_live_records",
        "list_archived_records",
        "measure_live_records",
        "measure_archived_records",
    ],
)
def test_a_state_is_known_from_its_own_index(database: Connection, name: str) -> None:
    indexes = re.findall(r"INDEX (record_\w+)", " ".join(_plan(database, STATEMENTS[name])))

    assert set(indexes) == {"record_archived" if "archived" in name else "record_live"}


def test_lists_of_thousands_take_milliseconds(database: Connection) -> None:
    ids = integers(range(FIRST, FIRST + 2000))
    pairs = json.dumps([(FIRST + n, FIRST + n * 7 % RECORDS) for n in range(2000)])
    sources = json.dumps([(FIRST + n, 0) for n in range(2000)])
    spans = json.dumps([("n", f"t:{n:08}", f"t:{n:08}\0") for n in range(2000)])
    listed = json.dumps(list(range(FIRST, FIRST + 2000)))
    calls = {
        "missing_records": (PORTAL, CONTACT, ids),
        "archived_records": (PORTAL, CONTACT, ids),
        "linked_records": (PORTAL, CONTACT, ids, COMPANY),
        "holdings": (PORTAL, CONTACT, ids, COMPANY, 4),
        "labels_of_pairs": (PORTAL, CONTACT, COMPANY, pairs),
        "read_links": (PORTAL, CONTACT, COMPANY, sources, 11),
        "taken_record_ids": (PORTAL, FIRST, FIRST + 2000),
        "crowded": (PORTAL, json.dumps([[COMPANY, 1]]), json.dumps([[key, 1] for key in range(500)])),
        "read_live_records": (PORTAL, CONTACT, ids),
        "read_archived_records": (PORTAL, CONTACT, ids),
        "ids_by_keys": (spans, PORTAL, CONTACT),
        "ids_by_number": (json.dumps([[0, 1]]), PORTAL, CONTACT),
        "ids_linked_to": (listed, PORTAL, CONTACT, COMPANY, "[]"),
        "is_linked_to": (listed, PORTAL, COMPANY, FIRST, CONTACT),
        **dict.fromkeys(
            ("each_id", "ids_with", "count_ids", "count_different_ids"), (spans, PORTAL, CONTACT)
        ),
        **dict.fromkeys(
            ("count_first_ids", "first_ids", "first_different_ids"), (spans, PORTAL, CONTACT, 100)
        ),
        "ids_in_order": (spans, PORTAL, CONTACT, 100, 0),
        "size_of_live_records": (PORTAL, CONTACT, ids),
        "size_of_archived_records": (PORTAL, CONTACT, ids),
        "sizes_of_records": (PORTAL, CONTACT, ids),
        "read_versions": (PORTAL, CONTACT, ids, json.dumps(["n"])),
        "holders": (PORTAL, CONTACT, "n", "t:x"),
    }
    assert set(calls) >= {name for name, text in STATEMENTS.items() if "carray" in text or "CROSS" in text}

    for name, bindings in calls.items():
        begun = perf_counter()
        database.execute(STATEMENTS[name], bindings).fetchall()
        # With the table as the outer loop each takes many seconds; alone they take 1 to 5 ms.
        assert perf_counter() - begun < 1, name


@pytest.mark.parametrize("name", sorted(set(OF_ACCOUNTS) - WHOLE_TABLES))
def test_accounts_tokens_and_codes_are_found_without_reading_a_table(database: Connection, name: str) -> None:
    table = r"(account|access_token|app|authorization_code|refresh_token|edge|record|job)\b"
    plan = _plan(database, OF_ACCOUNTS[name])

    assert not [line for line in plan if re.match(rf"SCAN {table}", line)]


@pytest.mark.parametrize("name", ["has_due_job", "take_job"])
def test_jobs_that_are_done_are_not_looked_at_for_those_that_are_due(database: Connection, name: str) -> None:
    plan = _plan(database, STATEMENTS[name])

    assert [line for line in plan if "INDEX job_due (due_at<?)" in line]
    assert not [line for line in plan if line.startswith("SCAN job")]


def test_a_statement_is_not_prepared_anew_for_other_values(database: Connection) -> None:
    assert database.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, -1) == 1


def _plan(database: Connection, statement: str) -> list[str]:
    last = max((int(number) for number in re.findall(r"\?(\d+)", statement)), default=statement.count("?"))
    rows = database.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * last)
    return [str(row[3]) for row in rows]
