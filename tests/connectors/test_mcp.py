"""`@hubspot/mcp-server`, HubSpot's own server for assistants, as it is: its base URL is its own option.

The tools that are about records, properties and associations are called, as an assistant would, over stdio.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.connectors.book import CARS, EMPLOYEE, KEYS, PRIMARY, Book, Half, Kind, Row, by_type
from tests.connectors.job import TOKEN, environment, require_served
from tests.connectors.mcp import McpServer
from tests.support.crm import Crm, ends, spec
from tests.support.installed import require_node
from tests.support.server import Server

TARGETS = {
    "contacts": ["companies", "deals"],
    "companies": ["contacts", "deals"],
    "deals": ["contacts", "companies"],
}


@pytest.fixture(scope="module")
def mcp(server: Server, book: Book, tmp_path_factory: pytest.TempPathFactory) -> Iterator[McpServer]:
    folder = tmp_path_factory.mktemp("mcp")
    program = require_node() / "node_modules/@hubspot/mcp-server/dist/index.js"
    options = {"BASE_URL_OVERRIDE": server.url, "PRIVATE_APP_ACCESS_TOKEN": TOKEN}
    with McpServer(["node", program], folder, environment(server.url, folder) | options) as mcp:
        yield mcp


@pytest.fixture(autouse=True)
def _served(server: Server, book: Book) -> Iterator[None]:
    """Every call of a test arrives, and is served."""
    server.take_requests()
    yield
    assert require_served(server, [])


@pytest.fixture
def crm(server: Server) -> Iterator[Crm]:
    with Crm(server.url, "") as crm:
        yield crm


def test_the_schemas_of_custom_object_types_are_told(mcp: McpServer):
    (told,) = mcp.call("hubspot-get-schemas")["results"]
    assert told == {
        "objectTypeId": told["objectTypeId"],
        "objectType": "cars",
        "name": "cars",
        "labels": {"singular": "Car", "plural": "Cars"},
    }
    assert mcp.call("hubspot-list-objects", objectType=told["objectTypeId"], limit=1)["results"]


@pytest.mark.parametrize("object_type", [*TARGETS, CARS])
def test_the_properties_of_a_type_are_told(mcp: McpServer, crm: Crm, object_type: str):
    told = mcp.call("hubspot-list-properties", objectType=object_type)["results"]
    served = crm.get(f"/crm/v3/properties/{object_type}").json()["results"]
    assert {each["name"] for each in told} == {each["name"] for each in served}
    key = KEYS[object_type]
    assert mcp.call("hubspot-get-property", objectType=object_type, propertyName=key)["name"] == key


def _every_page(mcp: McpServer, tool: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    page = mcp.call(tool, **arguments)
    yield from page["results"]
    while "paging" in page:
        page = mcp.call(tool, **arguments, after=page["paging"]["next"]["after"])
        yield from page["results"]


@pytest.mark.parametrize("object_type", TARGETS)
def test_every_record_is_listed_with_its_properties_and_links(mcp: McpServer, book: Book, object_type: str):
    records, targets = book.records[object_type], TARGETS[object_type]
    wanted = list(next(iter(records.values())))
    pages = _every_page(
        mcp,
        "hubspot-list-objects",
        objectType=object_type,
        limit=100,
        properties=wanted,
        associations=targets,
    )
    listed = list(pages)
    found = {each["id"]: {name: each["properties"][name] for name in wanted} for each in listed}
    assert len(found) == len(listed)
    assert found == records
    for target in targets:
        told = Counter(
            (each["id"], linked["id"])
            for each in listed
            for linked in each["associations"].get(target, {"results": []})["results"]
        )
        assert told == Counter(row[:2] for row in book.links[object_type, target])


def _filters(name: str, value: str) -> list[dict[str, Any]]:
    return [{"filters": [{"propertyName": name, "operator": "EQ", "value": value}]}]


def test_the_staff_of_a_company_is_found_by_search(mcp: McpServer, book: Book):
    for company in list(book.records["companies"])[::20]:
        pages = _every_page(
            mcp,
            "hubspot-search-objects",
            objectType="contacts",
            limit=4,
            filterGroups=_filters("associations.company", company),
            sorts=[{"propertyName": "email", "direction": "ASCENDING"}],
        )
        found = [(each["properties"]["email"], each["id"]) for each in pages]
        staff = {row.target_id for row in book.links["companies", "contacts"] if row.source_id == company}
        assert found == sorted((book.records["contacts"][each]["email"], each) for each in staff)


def test_a_contact_is_found_by_email(mcp: McpServer, book: Book):
    for contact, properties in list(book.records["contacts"].items())[::40]:
        groups = _filters("email", properties["email"])
        found = mcp.call("hubspot-search-objects", objectType="contacts", filterGroups=groups)["results"]
        assert [each["id"] for each in found] == [contact]


@pytest.mark.parametrize(
    "pair", [("contacts", "companies"), ("companies", "contacts"), (CARS, "contacts")], ids="-".join
)
def test_the_association_types_of_a_pair_are_told(mcp: McpServer, book: Book, pair: tuple[str, str]):
    told = mcp.call("hubspot-get-association-definitions", fromObjectType=pair[0], toObjectType=pair[1])
    types = {Half(each["category"], each["typeId"], each["label"]) for each in told["results"]}
    assert types >= {Half(*row[2:]) for row in book.links[pair]}


def _listed(mcp: McpServer, source: str, record_id: str, target: str) -> list[Row]:
    listed = _every_page(
        mcp, "hubspot-list-associations", objectType=source, objectId=record_id, toObjectType=target
    )
    return by_type(
        Row(record_id, str(each["toObjectId"]), *(type_[name] for name in ("category", "typeId", "label")))
        for each in listed
        for type_ in each["associationTypes"]
    )


@pytest.mark.parametrize(
    "pair", [("contacts", "companies"), ("companies", "contacts"), ("contacts", CARS)], ids="-".join
)
def test_the_links_of_a_record_are_listed_with_their_labels(
    mcp: McpServer, book: Book, pair: tuple[str, str]
):
    source, target = pair
    for record_id in list(book.records[source])[::30]:
        expected = [row for row in book.links[pair] if row.source_id == record_id]
        assert _listed(mcp, source, record_id, target) == by_type(expected)


def _made(mcp: McpServer, object_type: str, *wanted: dict[str, str]) -> list[str]:
    """Make records, and change and read them back."""
    inputs = [{"properties": properties} for properties in wanted]
    made = mcp.call("hubspot-batch-create-objects", objectType=object_type, inputs=inputs)
    assert made["status"] == "COMPLETE"
    ids = [each["id"] for each in made["results"]]
    changed = [{"id": each, "properties": {"phone": f"+1 {each}"}} for each in ids]
    mcp.call("hubspot-batch-update-objects", objectType=object_type, inputs=changed)
    names = [*wanted[0], "phone"]
    read = mcp.call(
        "hubspot-batch-read-objects",
        objectType=object_type,
        inputs=[{"id": each} for each in ids],
        properties=names,
    )
    found = {each["id"]: {name: each["properties"][name] for name in names} for each in read["results"]}
    key = KEYS[object_type]
    expected = {properties[key]: properties for properties in wanted}
    assert found == {each: {**expected[found[each][key]], "phone": f"+1 {each}"} for each in ids}
    return ids


def test_records_are_made_and_linked_with_labels_from_one_end_and_told_at_both(mcp: McpServer, book: Book):
    (firm,) = _made(mcp, "companies", {"domain": "assistant.example", "name": "Assistants"})
    people = _made(
        mcp, "contacts", *({"email": f"{n}@assistant.example", "lastname": "Ngô"} for n in range(3))
    )
    kinds: tuple[Kind, ...] = (PRIMARY, EMPLOYEE)
    linked = mcp.call(
        "hubspot-batch-create-associations",
        fromObjectType="contacts",
        toObjectType="companies",
        types=[spec(half.type_id, half.category) for half, _ in kinds],
        inputs=[ends(person, firm) for person in people],
    )
    assert (linked["status"], linked.get("numErrors", 0)) == ("COMPLETE", 0)
    assert _listed(mcp, "companies", firm, "contacts") == by_type(
        Row(firm, person, *half) for person in people for _, half in kinds
    )
    for person in people:
        assert _listed(mcp, "contacts", person, "companies") == by_type(
            Row(person, firm, *half) for half, _ in kinds
        )
