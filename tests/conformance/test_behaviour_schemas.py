"""What a portal defines as an object type can be used at once, on every server, and goes when it is told to."""

import time
from typing import Any

import pytest

from edgewise.domain.accounts import Token
from edgewise.http.auth import token_digest
from edgewise.settings import DEFAULT_PORTAL_ID
from tests.support.crm import Crm
from tests.support.oauth import define_apps
from tests.support.schemas import archived_type_id, new_name, new_type, new_type_id, schema
from tests.support.server import Server, database_of

PREFIXES = (
    "/crm/v3",
    "/crm-object-schemas/v3",
    *(f"/crm-object-schemas/{v}" for v in ("2025-09", "2026-03", "2026-09")),
)
SCHEMAS = "/crm-object-schemas/2026-03/schemas"
KNOWN_S = 5
"""How long another server may take to know of a type."""


def _read(crm: Crm, type_id: str, **query: str) -> dict[str, Any]:
    answer = crm.get(f"{SCHEMAS}/{type_id}", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def _record(crm: Crm, type_id: str, **properties: str) -> str:
    answer = crm.post(f"/crm/v3/objects/{type_id}", {"properties": properties})
    assert answer.status_code == 201, answer.text
    record_id: str = answer.json()["id"]
    return record_id


def test_a_new_schema_tells_what_it_was_made_of(live: Crm):
    made = new_type(live, description="Things on wheels", requiredProperties=["model"])
    portal, name = 1_000_001, made["name"]
    assert made["objectTypeId"] == f"2-{made['id']}"
    assert made["fullyQualifiedName"] == f"p{portal}_{name}"
    assert made["labels"] == {"singular": "Car", "plural": "Cars"}
    assert (made["primaryDisplayProperty"], made["requiredProperties"]) == ("model", ["model"])
    assert (made["searchableProperties"], made["secondaryDisplayProperties"]) == (["hs_object_id"], [])
    assert (made["description"], made["archived"]) == ("Things on wheels", False)
    names = {each["name"]: each for each in made["properties"]}
    assert len(names) == len(made["properties"]) >= 32
    assert names["model"]["groupName"] == names["hs_object_id"]["groupName"] == f"{name}_information"
    assert names["hs_object_id"]["hubspotDefined"]
    assert _read(live, made["objectTypeId"]) == made


def test_a_query_is_about_what_the_schema_says_can_be_searched(live: Crm):
    path = "/crm/v3/objects/{}/search"
    for searchable, expected in (
        (["year"], ["1999"]),
        (["model"], ["Mini"]),
        (["model", "year"], ["1999", "Mini"]),
    ):
        made = new_type(live, searchableProperties=searchable)
        record = _record(live, made["objectTypeId"], model="Mini", year="1999")
        found = {}
        for word in ("1999", "Mini"):
            answer = live.post(path.format(made["objectTypeId"]), {"query": word}).json()
            found[word] = [each["id"] for each in answer["results"]]
        assert found == {word: [record] if word in expected else [] for word in ("1999", "Mini")}


@pytest.mark.parametrize("traced", [False, True], ids=["plain", "traced"])
def test_an_upsert_makes_no_record_without_what_the_schema_demands(live: Crm, traced: bool):
    unique = {"name": "vin", "label": "VIN", "type": "string", "fieldType": "text", "hasUniqueValue": True}
    properties = [{"name": "model", "label": "Model", "type": "string", "fieldType": "text"}, unique]
    made = new_type(live, properties=properties, requiredProperties=["model"])
    type_id = made["objectTypeId"]
    held = _record(live, type_id, model="Mini", vin="1")
    inputs = [
        {
            "id": vin,
            "idProperty": "vin",
            "properties": given,
            **({"objectWriteTraceId": vin} if traced else {}),
        }
        for vin, given in (("1", {}), ("2", {"vin": "2"}), ("3", {"model": "Fiat"}))
    ]
    answer = live.post(f"/crm/v3/objects/{type_id}/batch/upsert", {"inputs": inputs})
    assert answer.status_code == 207, answer.text
    told = answer.json()
    assert [(each["new"], each["properties"]["model"]) for each in told["results"]] == [
        (False, "Mini"),
        (True, "Fiat"),
    ]
    (error,) = told["errors"]
    assert (
        error["message"] == f"Error creating {made['name'].upper()}. Some required properties were not set."
    )
    assert error["context"]["properties"] == ["model"]
    listed = live.get(f"/crm/v3/objects/{type_id}", params={"properties": "vin"}).json()["results"]
    assert [each["properties"]["vin"] for each in listed] == ["1", "3"]
    assert listed[0]["id"] == held


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_spelling_of_the_path_is_the_same_thing(live: Crm, prefix: str):
    made = new_type(live)
    for text in (made["objectTypeId"], made["fullyQualifiedName"].upper()):
        assert live.get(f"{prefix}/schemas/{text}").json() == made
    assert made in live.get(f"{prefix}/schemas").json()["results"]
    inputs = {
        "inputs": [made["objectTypeId"]],
        **dict.fromkeys(
            ("includeAssociationDefinitions", "includeAuditMetadata", "includePropertyDefinitions"), True
        ),
    }
    assert live.post(f"{prefix}/schemas/batch/read", inputs).json() == {"results": [made]}


def test_ids_ascend_and_are_never_given_twice(live: Crm):
    first = int(archived_type_id(live)[2:])
    live.delete(f"{SCHEMAS}/2-{first}", params={"archived": "true"})
    second = int(new_type_id(live)[2:])
    assert second == first + 1


def test_a_new_type_is_associated_with_activities_in_both_directions(live: Crm):
    made = new_type(live, associatedObjects=["CONTACT", "tickets"], shouldCreateSameObjectAssociation=True)
    own = made["objectTypeId"]
    ends = {(each["fromObjectTypeId"], each["toObjectTypeId"]) for each in made["associations"]}
    others = ("0-1", "0-5", "0-4", "0-18", "0-27", "0-46", "0-47", "0-48", "0-49", "0-116")
    assert ends == {(own, own), *((own, other) for other in others), *((other, own) for other in others)}
    assert all(each["name"].isupper() for each in made["associations"])
    [there] = [each for each in made["associations"] if each["toObjectTypeId"] == "0-1"]
    labels = live.get(f"/crm/associations/2026-03/{own}/contacts/labels").json()["results"]
    assert [(each["category"], str(each["typeId"]), each["label"]) for each in labels] == [
        ("USER_DEFINED", there["id"], None)
    ]


def test_records_of_a_new_type_are_made_linked_labelled_and_found_at_once(live: Crm):
    type_id = new_type_id(live, associatedObjects=["contacts"])
    car, contact = _record(live, type_id, model="T"), live.one("contacts")
    live.link(type_id, car, "contacts", contact)
    label = {"label": "Driver", "name": new_name()}
    driver = live.post(f"/crm/associations/2026-03/{type_id}/contacts/labels", label).json()["results"][0]
    spec = {"associationCategory": "USER_DEFINED", "associationTypeId": driver["typeId"]}
    answer = live.put(f"/crm/objects/2026-03/{type_id}/{car}/associations/contacts/{contact}", [spec])
    assert answer.status_code == 201
    assert driver["typeId"] in live.links(type_id, car, "contacts")[contact]
    filters = [{"propertyName": "model", "operator": "EQ", "value": "T"}]
    found = live.post(f"/crm/v3/objects/{type_id}/search", {"filterGroups": [{"filters": filters}]}).json()
    assert [each["id"] for each in found["results"]] == [car]


def test_a_record_without_a_required_property_is_refused(live: Crm):
    type_id = new_type_id(live, requiredProperties=["model", "year"])
    answer = live.post(f"/crm/v3/objects/{type_id}", {"properties": {"model": ""}})
    assert answer.status_code == 400
    assert answer.json()["context"] == {"properties": ["model", "year"]}
    batch = {"inputs": [{"properties": {"model": "T", "year": 1908}}, {"properties": {"model": "A"}}]}
    assert live.post(f"/crm/v3/objects/{type_id}/batch/create", batch).status_code == 400
    assert live.get(f"/crm/v3/objects/{type_id}").json()["results"] == []
    assert _record(live, type_id, model="T", year="1908")


def test_a_requirement_ends_when_it_is_taken_back(live: Crm):
    type_id = new_type_id(live, requiredProperties=["model"])
    answer = live.patch(f"{SCHEMAS}/{type_id}", {"requiredProperties": [], "labels": {"plural": "Autos"}})
    assert answer.status_code == 200
    assert (answer.json()["requiredProperties"], answer.json()["labels"]) == (
        [], {"singular": "Car", "plural": "Autos"},
    )  # fmt: skip
    assert "properties" not in answer.json()
    assert _record(live, type_id)
    assert _read(live, type_id)["labels"]["plural"] == "Autos"


def test_what_is_left_out_of_a_read_is_empty(live: Crm):
    type_id = new_type_id(live)
    assert _read(live, type_id, includePropertyDefinitions="false")["properties"] == []
    assert _read(live, type_id, includeAssociationDefinitions="false")["associations"] == []
    assert _read(live, type_id, includeAssociationDefinitions="true")["associations"] != []


def test_the_schema_of_a_standard_type_reads_as_observed(live: Crm):
    contacts = _read(live, "contacts")
    assert (contacts["id"], contacts["objectTypeId"], contacts["fullyQualifiedName"]) == (
        "1",
        "0-1",
        "CONTACT",
    )
    assert contacts["createdAt"] == "1970-01-01T00:00:00.000Z"
    assert {"email", "firstname"} <= {each["name"] for each in contacts["properties"]}
    primary = next(each for each in contacts["associations"] if each["name"] == "CONTACT_TO_COMPANY")
    assert (primary["id"], primary["fromObjectTypeId"], primary["toObjectTypeId"]) == ("1", "0-1", "0-2")
    assert contacts.get("metaType") == ("HUBSPOT" if live.is_observed else None)
    assert primary.get("cardinality") == ("ONE_TO_ONE" if live.is_observed else None)
    assert "contacts" not in live.get(SCHEMAS).text


def test_the_limit_of_an_association_is_told_where_it_was_observed(live: Crm):
    made = new_type(live, associatedObjects=["contacts"])
    type_id = made["objectTypeId"]
    [there] = [each for each in made["associations"] if each["toObjectTypeId"] == "0-1"]
    limit = {"category": "USER_DEFINED", "typeId": int(there["id"]), "maxToObjectIds": 7}
    path = f"/crm/associations/2026-03/definitions/configurations/{type_id}/contacts/batch/create"
    assert live.post(path, {"inputs": [limit]}).status_code == 201
    [there, back] = [
        each
        for each in _read(live, type_id)["associations"]
        if "0-1" in (each["fromObjectTypeId"], each["toObjectTypeId"])
    ]
    if live.is_observed:
        assert (there["hasUserEnforcedMaxToObjectIds"], there["maxToObjectIds"]) == (True, 7)
        assert (back["hasUserEnforcedMaxFromObjectIds"], back["maxFromObjectIds"]) == (True, 7)
        assert (back["hasUserEnforcedMaxToObjectIds"], back["maxToObjectIds"]) == (False, 500_000)
    else:
        assert there.keys() == {"id", "fromObjectTypeId", "toObjectTypeId", "name"}


def test_a_type_with_records_is_not_archived(live: Crm):
    type_id = new_type_id(live)
    record_id = _record(live, type_id)
    refused = live.delete(f"{SCHEMAS}/{type_id}")
    assert (refused.status_code, refused.json()["subCategory"]) == (
        400,
        "ObjectSchemaError.EXISTING_OBJECT_RECORDS",
    )
    live.delete(f"/crm/v3/objects/{type_id}/{record_id}")
    assert live.delete(f"{SCHEMAS}/{type_id}").status_code == 204


def test_an_archived_type_is_gone_from_everywhere_but_the_list_of_archived_ones(live: Crm):
    made = new_type(live, associatedObjects=["contacts"])
    type_id, name = made["objectTypeId"], made["fullyQualifiedName"]
    live.post(f"/crm/associations/2026-03/{type_id}/contacts/labels", {"label": "Driver", "name": new_name()})
    live.delete(f"{SCHEMAS}/{type_id}")
    for text in (type_id, name):
        for path in (
            f"{SCHEMAS}/{text}",
            f"/crm/v3/objects/{text}",
            f"/crm/associations/2026-03/contacts/{text}/labels",
        ):
            assert live.get(path).status_code == 400
    assert type_id not in [each["objectTypeId"] for each in live.get(SCHEMAS).json()["results"]]
    listed = live.get(SCHEMAS, params={"archived": "true"}).json()["results"]
    [archived] = [each for each in listed if each["objectTypeId"] == type_id]
    assert (archived["archived"], archived["properties"], archived["associations"]) == (True, [], [])
    assert any(not each["archived"] for each in listed) == live.is_observed
    contacts = _read(live, "contacts", includePropertyDefinitions="false")
    assert type_id not in str(contacts["associations"])


def test_an_archived_type_is_purged_once_with_its_records(live: Crm):
    type_id = new_type_id(live)
    record_id = _record(live, type_id)
    live.delete(f"/crm/v3/objects/{type_id}/{record_id}")
    purge = {"archived": "true"}
    assert live.delete(f"{SCHEMAS}/{type_id}", params=purge).status_code == 400
    assert live.delete(f"{SCHEMAS}/{type_id}").status_code == 204
    assert live.delete(f"{SCHEMAS}/{type_id}", params=purge).status_code == 204
    assert live.delete(f"{SCHEMAS}/{type_id}", params=purge).status_code == 400
    assert type_id not in live.get(SCHEMAS, params=purge).text


def test_a_name_is_free_again_after_its_type_was_archived(live: Crm):
    made = new_type(live)
    taken = live.post(SCHEMAS, schema(made["name"].upper()))
    assert (taken.status_code, taken.json()["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    live.delete(f"{SCHEMAS}/{made['objectTypeId']}")
    again = live.post(SCHEMAS, schema(made["name"]))
    assert again.status_code == 201
    assert int(again.json()["id"]) > int(made["id"])
    assert made["objectTypeId"] not in live.get(SCHEMAS, params={"archived": "true"}).text


def test_an_association_is_defined_and_removed_through_the_schema(live: Crm):
    type_id = new_type_id(live)
    asked = {"fromObjectTypeId": type_id, "toObjectTypeId": "0-3", "name": f"{new_name()}_to_deal"}
    answer = live.post(f"{SCHEMAS}/{type_id}/associations", asked)
    assert answer.status_code == 201
    made = answer.json()
    assert {key: made[key] for key in asked} == asked
    assert made["createdAt"] == made["updatedAt"]
    car, deal = _record(live, type_id), live.one("deals")
    live.link(type_id, car, "deals", deal)
    assert live.delete(f"{SCHEMAS}/{type_id}/associations/{made['id']}").status_code == 204
    assert live.links(type_id, car, "deals") == {}
    assert live.delete(f"{SCHEMAS}/{type_id}/associations/{made['id']}").status_code == 404


def test_the_errors_of_a_create_tell_what_is_wrong(live: Crm):
    body = schema(new_name())
    del body["primaryDisplayProperty"]
    answer = live.post(SCHEMAS, body)
    assert answer.json()["subCategory"] == "ObjectSchemaError.PRIMARY_DISPLAY_PROPERTY_REQUIRED"
    for wrong in (
        {"name": "1car"},
        {"labels": {"singular": "Car"}},
        {"secondaryDisplayProperties": ["model", "year", "hs_object_id"]},
        {"properties": [{"name": "model", "label": "Model", "type": "x", "fieldType": "text"}]},
        {"requiredProperties": ["wings"]},
    ):
        answer = live.post(SCHEMAS, {**schema(new_name()), **wrong})
        assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_scopes_of_schemas_open_them_and_an_archived_type_can_still_be_purged(tmp_path):
    names = reader, writer = "pat-na1-read", "pat-na1-write"
    define_apps(
        database_of(tmp_path),
        [
            Token(token_digest(name), DEFAULT_PORTAL_ID, name, 0, (f"crm.schemas.custom.{name[8:]}",))
            for name in names
        ],
    )
    with (
        Server(tmp_path, is_durable=False) as server,
        Crm(server.url, "documented", writer) as write,
        Crm(server.url, "documented", reader) as read,
    ):
        answer = write.post(SCHEMAS, schema("car"))
        assert answer.status_code == 201
        type_id = answer.json()["objectTypeId"]
        assert write.get(f"{SCHEMAS}/{type_id}").status_code == 403
        assert read.get(f"{SCHEMAS}/{type_id}").status_code == read.get(SCHEMAS).status_code == 200
        assert read.delete(f"{SCHEMAS}/{type_id}").status_code == 403
        assert read.get(f"/crm/v3/objects/{type_id}").status_code == 403
        assert write.delete(f"{SCHEMAS}/{type_id}").status_code == 204
        assert write.delete(f"{SCHEMAS}/{type_id}", params={"archived": "true"}).status_code == 204


def test_another_server_over_the_database_knows_a_new_type_within_seconds(tmp_path):
    first, second = (Server(tmp_path, is_durable=False) for _ in range(2))
    with first, second, Crm(first.url, "documented") as here, Crm(second.url, "documented") as there:
        assert there.get("/crm/v3/objects/2-1").status_code == 400
        type_id = here.post(SCHEMAS, schema("car", associatedObjects=["contacts"])).json()["objectTypeId"]
        begun = time.monotonic()
        while there.get(f"/crm/v3/objects/{type_id}").status_code != 200:
            assert time.monotonic() - begun < KNOWN_S + 1
            time.sleep(0.1)
        car, contact = _record(there, type_id, model="T"), there.one("contacts")
        there.link(type_id, car, "contacts", contact)
        assert [each["id"] for each in here.get(f"/crm/v3/objects/{type_id}").json()["results"]] == [car]
        assert there.get(f"{SCHEMAS}/{type_id}").json() == here.get(f"{SCHEMAS}/{type_id}").json()
