"""`meltano-tap-hubspot`, the Singer tap of Meltano, as it is: its calls to HubSpot are sent to the server under test.

It extracts all records and links, then, with the state that it left, what changed since.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.book import CARS, Book, Row, by_type
from tests.connectors.job import TOKEN, require_served, run
from tests.support.installed import require_etl
from tests.support.server import Server

RECORDS = {
    "contacts": "lastmodifieddate",
    "companies": "hs_lastmodifieddate",
    "deals": "hs_lastmodifieddate",
    CARS: "hs_lastmodifieddate",
}
"""The streams of records, and by what the tap tells when a record changed."""

LINKS = {
    "contacts": ["companies", "deals", CARS],
    "companies": ["contacts", "deals"],
    "deals": ["contacts", "companies"],
    CARS: ["contacts"],
}
PAIRS = [(source, target) for source, targets in LINKS.items() for target in targets]
CONFIG = {"access_token": TOKEN, "custom_object_types": [CARS], "associations": LINKS}


class Tap:
    """A tap that has discovered what there is, and selected the streams of the book."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._program = require_etl() / "bin/tap-hubspot"
        self._written("config.json", CONFIG)
        catalog = json.loads(self._run("--discover"))
        names = {*RECORDS, *(f"{source}_{target}_associations" for source, target in PAIRS)}
        for stream in catalog["streams"]:
            (whole,) = (each["metadata"] for each in stream["metadata"] if not each["breadcrumb"])
            whole["selected"] = stream["tap_stream_id"] in names
        self._written("catalog.json", catalog)

    def extract(self, state: dict[str, Any] | None = None) -> "Extract":
        """Run the tap once; state: what an earlier run left."""
        given = ["--catalog", self._folder / "catalog.json"]
        if state is not None:
            given += ["--state", self._written("state.json", state)]
        return Extract(self._run(*given))

    def _run(self, *given: str | Path) -> str:
        return run(
            [self._program, "--config", self._folder / "config.json", *given], self._server.url, self._folder
        )

    def _written(self, name: str, content: Any) -> Path:
        file = self._folder / name
        file.write_text(json.dumps(content), "utf-8")
        return file


class Extract:
    """The messages of one run. rows: by stream. state: the last."""

    def __init__(self, output: str) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.state: dict[str, Any] = {}
        for line in output.splitlines():
            message = json.loads(line)
            if message["type"] == "RECORD":
                self.rows[message["stream"]].append(message["record"])
            elif message["type"] == "STATE":
                self.state = message["value"]

    def records(self, stream: str, book: Book) -> dict[str, dict[str, str]]:
        """The records of a stream by id, each with those properties that the book has of it."""
        rows = self.rows[stream]
        found = {row["id"]: row["properties"] for row in rows}
        assert len(found) == len(rows), "a record came twice"
        return {
            record_id: {name: properties[name] for name in book.records[stream][record_id]}
            for record_id, properties in found.items()
        }

    def links(self, source: str, target: str) -> list[Row]:
        rows = self.rows[f"{source}_{target}_associations"]
        return by_type(
            Row(
                row["from_id"],
                row["to_id"],
                row["association_type_category"],
                row["association_type_id"],
                row["association_type_label"],
            )
            for row in rows
        )


@pytest.fixture(scope="module")
def tap(server: Server, book: Book, tmp_path_factory: pytest.TempPathFactory) -> Tap:
    return Tap(server, tmp_path_factory.mktemp("tap"))


@pytest.fixture(scope="module")
def whole(server: Server, tap: Tap) -> Iterator[Extract]:
    """All that there is."""
    server.take_requests()
    yield tap.extract()


def test_a_first_run_extracts_every_record_and_every_link_from_both_ends(
    server: Server, book: Book, whole: Extract
):
    require_served(server, [f"GET /crm/v3/objects/{name}" for name in RECORDS])
    for name in RECORDS:
        assert whole.records(name, book) == book.records[name]
    for pair in PAIRS:
        assert whole.links(*pair) == by_type(book.links[pair])


def test_a_run_with_state_extracts_what_changed_since_and_all_links(
    server: Server, book: Book, tap: Tap, whole: Extract
):
    since = {name: whole.state["bookmarks"][name]["replication_key_value"] for name in RECORDS}
    expected = {
        name: {row["id"] for row in whole.rows[name] if row[key] >= since[name]}
        for name, key in RECORDS.items()
    }
    changed = list(book.records["contacts"])[::40]
    book.change("contacts", {each: {"lastname": "Changed"} for each in changed})
    new = book.add("contacts", [{"email": f"new{n}@example.org"} for n in range(120)])
    firm = next(iter(book.records["companies"]))
    book.change("companies", {firm: {"name": "Changed"}})
    expected["contacts"] |= {*changed, *new}
    expected["companies"].add(firm)
    server.take_requests()
    later = tap.extract(whole.state)
    require_served(server, [f"POST /crm/v3/objects/{name}/search" for name in RECORDS])
    for name, ids in expected.items():
        assert later.records(name, book) == {record_id: book.records[name][record_id] for record_id in ids}
    for pair in PAIRS:
        assert later.links(*pair) == by_type(book.links[pair])
