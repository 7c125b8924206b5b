"""The REST source of `dlt`, as it is: its base URL is its own option."""

import gzip
import json
from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.connectors.book import Book, Row, by_type
from tests.connectors.job import HERE, require_served, run
from tests.support import paths
from tests.support.installed import require_etl
from tests.support.server import Server

RECORDS = ("contacts", "companies", "deals")
LABELLED = (("contacts", "companies"), ("companies", "contacts"))


@pytest.fixture(scope="module")
def tables(
    server: Server, book: Book, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table that the job loaded."""
    folder = tmp_path_factory.mktemp("dlt")
    server.take_requests()
    run([require_etl() / "bin/python", HERE / "dlt_job.py", server.url, str(folder)], server.url, folder)
    tables = defaultdict(list)
    for file in (folder / "loaded").glob("[!_]*/*.jsonl.gz"):
        tables[file.parent.name] += map(json.loads, gzip.decompress(file.read_bytes()).splitlines())
    return tables


def test_every_request_is_answered(server: Server, book: Book, tables: dict[str, list[dict[str, Any]]]):
    lists = [f"GET {paths.records('v3', name)}" for name in RECORDS]
    links = [
        f"GET {paths.links('v4', *pair[:1], source, pair[1])}"
        for pair in LABELLED
        for source in book.records[pair[0]]
    ]
    require_served(server, [*lists, *links])


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_is_loaded_once(book: Book, tables: dict[str, list[dict[str, Any]]], name: str):
    rows = tables[name]
    expected = book.records[name]
    assert sorted(row["id"] for row in rows) == sorted(expected)
    for row in rows:
        assert row["properties"].items() >= expected[row["id"]].items()


@pytest.mark.parametrize("pair", [(s, t) for s in RECORDS for t in RECORDS if s != t], ids="-".join)
def test_every_record_comes_with_its_links(
    book: Book, tables: dict[str, list[dict[str, Any]]], pair: tuple[str, str]
):
    source, target = pair
    told = Counter(
        (row["id"], linked["id"])
        for row in tables[source]
        for linked in row["associations"].get(target, {"results": []})["results"]
    )
    assert told == Counter((row.source_id, row.target_id) for row in book.links[pair])


@pytest.mark.parametrize("pair", LABELLED, ids="-".join)
def test_links_are_loaded_with_their_labels(
    book: Book, tables: dict[str, list[dict[str, Any]]], pair: tuple[str, str]
):
    source, target = pair
    told = [
        Row(row[f"_{source}_id"], str(row["to_object_id"]), each["category"], each["typeId"], each["label"])
        for row in tables[f"{source}_{target}"]
        for each in row["association_types"]
    ]
    assert by_type(told) == by_type(book.links[pair])
