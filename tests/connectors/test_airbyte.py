"""`airbyte-source-hubspot`, as it is: its calls to HubSpot are sent to the server under test.

It takes minutes to install and half a minute to start, so only `./dev test --clients` runs it. It knows links by the
ids of their ends, and repeats an id for each type of the link.
"""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.book import CARS, Book
from tests.connectors.job import TOKEN, require_served, run
from tests.support.installed import require_airbyte
from tests.support.server import Server

pytestmark = [
    pytest.mark.clients,
    pytest.mark.timeout(400),
    pytest.mark.parametrize("server", ["observed"], indirect=True, scope="module"),
]

STREAMS = {"contacts": "contacts", "companies": "companies", "deals": "deals", "cars": CARS}
"""The types of the streams of records."""

LINKED = {"contacts": ["companies"], "companies": ["contacts"], "deals": ["contacts", "companies"]}
NUMBERS = ("amount", "year")
CONFIG = {
    "start_date": "2020-01-01T00:00:00Z",
    "num_worker": 1,
    "credentials": {"credentials_title": "Private App Credentials", "access_token": TOKEN},
}


class Read:
    """The messages of one run. rows: by stream. states: the last of each stream."""

    def __init__(self, output: str) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.states: dict[str, dict[str, Any]] = {}
        for message in map(json.loads, output.splitlines()):
            if message["type"] == "RECORD":
                self.rows[message["record"]["stream"]].append(message["record"]["data"])
            elif message["type"] == "STATE":
                state = message["state"]
                self.states[state["stream"]["stream_descriptor"]["name"]] = state

    def records(self, stream: str, book: Book) -> dict[str, dict[str, str]]:
        """The records of a stream by id, each with those properties that the book has of it."""
        found = {row["id"]: row["properties"] for row in self.rows[stream]}
        assert len(found) == len(self.rows[stream]), "a record came twice"
        return {
            record_id: {
                name: _text(name, properties[name]) for name in book.records[STREAMS[stream]][record_id]
            }
            for record_id, properties in found.items()
        }

    def links(self, stream: str, target: str) -> set[tuple[str, str]]:
        return {(row["id"], linked) for row in self.rows[stream] for linked in row.get(target, [])}


def _text(name: str, value: Any) -> str:
    """A value as HubSpot has it: the connector makes numbers of some."""
    return f"{value:.0f}" if name in NUMBERS else value


class Airbyte:
    """The connector, and the folder of its files."""

    def __init__(self, server: Server, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._program = require_airbyte() / "bin/source-hubspot"
        self._write("config.json", CONFIG)
        self._write("catalog.json", {"streams": list(map(_configured, STREAMS))})

    def tell(self, verb: str) -> list[Any]:
        """What `check` or `discover` says."""
        return list(map(json.loads, self._run(verb).splitlines()))

    def read(self, *states: dict[str, Any]) -> Read:
        """Read all streams, from where an earlier run left them."""
        given: list[str | Path] = ["--catalog", self._folder / "catalog.json"]
        if states:
            given += ["--state", self._write("state.json", states)]
        return Read(self._run("read", *given))

    def _run(self, verb: str, *given: str | Path) -> str:
        command = [self._program, verb, "--config", self._folder / "config.json", *given]
        return run(command, self._server.url, self._folder, timeout_s=180)

    def _write(self, name: str, content: Any) -> Path:
        file = self._folder / name
        file.write_text(json.dumps(content), "utf-8")
        return file


def _configured(name: str) -> dict[str, Any]:
    stream = {
        "name": name,
        "json_schema": {},
        "supported_sync_modes": ["full_refresh", "incremental"],
        "source_defined_cursor": True,
        "default_cursor_field": ["updatedAt"],
        "source_defined_primary_key": [["id"]],
    }
    return {"stream": stream, "sync_mode": "incremental", "destination_sync_mode": "append"}


@pytest.fixture(scope="module")
def airbyte(server: Server, book: Book, tmp_path_factory: pytest.TempPathFactory) -> Airbyte:
    return Airbyte(server, tmp_path_factory.mktemp("airbyte"))


@pytest.fixture(scope="module")
def whole(server: Server, airbyte: Airbyte) -> Read:
    """All that there is."""
    server.take_requests()
    return airbyte.read()


def test_a_first_read_brings_every_record_with_its_links(server: Server, book: Book, whole: Read):
    require_served(server, [f"GET /crm/v3/objects/{name}" for name in ("contact", "company", "deal", CARS)])
    for stream, object_type in STREAMS.items():
        assert whole.records(stream, book) == book.records[object_type]
    for stream, targets in LINKED.items():
        for target in targets:
            assert whole.links(stream, target) == {row[:2] for row in book.links[stream, target]}


def test_a_read_with_state_brings_what_changed_since_with_its_links(
    server: Server, book: Book, airbyte: Airbyte, whole: Read
):
    since = {name: state["stream"]["stream_state"]["updatedAt"] for name, state in whole.states.items()}
    expected = {
        name: {
            row["id"] for row in whole.rows[name] if row["updatedAt"] >= since[name].replace("Z", "+00:00")
        }
        for name in STREAMS
    }
    changed = list(book.records["contacts"])[::40]
    book.change("contacts", {each: {"lastname": "Changed"} for each in changed})
    new = book.add("contacts", [{"email": f"new{n}@example.org"} for n in range(220)])
    firm = next(iter(book.records["companies"]))
    book.change("companies", {firm: {"name": "Changed"}})
    expected["contacts"] |= {*changed, *new}
    expected["companies"].add(firm)
    server.take_requests()
    later = airbyte.read(*whole.states.values())
    require_served(server, [f"POST /crm/v3/objects/{name}/search" for name in ("contact", "company", "deal")])
    for stream, object_type in STREAMS.items():
        found = later.records(stream, book)
        assert found == {each: book.records[object_type][each] for each in expected[stream]}
        for target in LINKED.get(stream, []):
            expected_links = {
                row[:2] for row in book.links[stream, target] if row.source_id in expected[stream]
            }
            assert later.links(stream, target) == expected_links


def test_the_connection_is_checked(server: Server, airbyte: Airbyte):
    server.take_requests()
    (told,) = (each for each in airbyte.tell("check") if each["type"] == "CONNECTION_STATUS")
    assert told["connectionStatus"]["status"] == "SUCCEEDED"
    require_served(server, ["GET /properties/v2/contact/properties"])


def test_every_stream_is_discovered(server: Server, airbyte: Airbyte):
    server.take_requests()
    (told,) = (each for each in airbyte.tell("discover") if each["type"] == "CATALOG")
    assert {each["name"] for each in told["catalog"]["streams"]} >= STREAMS.keys()
    require_served(server, ["GET /properties/v2/contact/properties"])
