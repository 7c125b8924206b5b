"""What records do: properties as text, default and requested ones, pages, the associations block, the bin."""

import pytest

from tests.support import paths
from tests.support.crm import Crm, spec, unique_email
from tests.support.portal import SPACESHIP

VERSIONS = pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
ALWAYS = {"createdate", "hs_object_id", "lastmodifieddate"}


def _create(live: Crm, version: str, **properties: object) -> dict:
    answer = live.post(paths.records(version, "contacts"), {"properties": properties})
    assert answer.status_code == 201, answer.text
    return answer.json()


@VERSIONS
def test_a_created_record_shows_every_property_and_where_it_is(live: Crm, version):
    email = unique_email()
    answer = live.post(paths.records(version, "contacts"), {"properties": {"email": email}})
    body = answer.json()
    assert list(body) == ["id", "properties", "createdAt", "updatedAt", "archived"]
    assert body["id"].isdecimal()
    assert body["archived"] is False
    assert body["properties"] == {
        "email": email,
        "createdate": body["createdAt"],
        "lastmodifieddate": body["updatedAt"],
        "hs_object_id": body["id"],
    }
    assert answer.headers["location"] == live.url + paths.record(version, "contacts", body["id"])
    assert live.get(answer.headers["location"]).json()["id"] == body["id"]


@VERSIONS
def test_values_are_kept_as_text(live: Crm, version):
    made = _create(live, version, zip=42, fax=1.75, jobtitle=True, industry=False, company="  ü ")
    read = live.get(
        paths.record(version, "contacts", made["id"]),
        params={"properties": "zip,fax,jobtitle,industry,company"},
    ).json()
    expected = {"zip": "42", "fax": "1.75", "jobtitle": "true", "industry": "false", "company": "  ü "}
    assert {name: read["properties"][name] for name in expected} == expected


@VERSIONS
def test_a_record_may_be_created_from_either_key_alone(live: Crm, version):
    company = live.one("companies")
    association = {"to": {"id": company}, "types": [spec(279)]}
    for body in ({}, {"properties": {}}, {"associations": [association]}, {"associations": []}):
        assert live.post(paths.records(version, "contacts"), body).status_code == 201
    assert len(live.links("companies", company, "contacts")) == 1


@VERSIONS
def test_a_read_shows_the_default_properties_unset_ones_as_null(live: Crm, version):
    email = unique_email()
    made = _create(live, version, email=email, company="soup")
    read = live.get(paths.record(version, "contacts", made["id"])).json()
    assert set(read["properties"]) == ALWAYS | {"email", "firstname", "lastname"}
    assert (read["properties"]["email"], read["properties"]["firstname"]) == (email, None)
    assert "associations" not in read


@VERSIONS
@pytest.mark.parametrize(
    "query",
    [
        {"properties": "email,company,nonsense"},
        [("properties", "email"), ("properties", "company"), ("properties", "nonsense")],
    ],
    ids=["commas", "repeated"],
)
def test_a_read_shows_the_properties_asked_for_and_leaves_out_unknown_ones(live: Crm, version, query):
    email = unique_email()
    made = _create(live, version, email=email, company="soup", firstname="A")
    read = live.get(paths.record(version, "contacts", made["id"]), params=query).json()
    assert set(read["properties"]) == ALWAYS | {"email", "company"}


@VERSIONS
def test_an_update_changes_what_it_names_and_an_empty_text_clears(live: Crm, version):
    email = unique_email()
    made = _create(live, version, email=email, firstname="A", lastname="B")
    path = paths.record(version, "contacts", made["id"])
    answer = live.patch(path, {"properties": {"firstname": "C", "lastname": ""}})
    assert answer.status_code == 200
    changed = answer.json()
    read = live.get(path).json()
    assert (read["properties"]["email"], read["properties"]["firstname"]) == (email, "C")
    assert read["properties"]["lastname"] is None
    assert read["createdAt"] == made["createdAt"]
    assert read["updatedAt"] == changed["updatedAt"] >= made["updatedAt"]
    assert "lastname" not in changed["properties"]


@VERSIONS
def test_an_archived_record_is_in_the_bin(live: Crm, version):
    made = _create(live, version)
    path = paths.record(version, "contacts", made["id"])
    assert [live.delete(path).status_code for _ in range(2)] == [204, 204]
    read = live.get(path, params={"archived": "true"}).json()
    assert read["archived"] is True
    assert read["archivedAt"] >= read["createdAt"]
    listed = live.get(
        paths.records(version, "contacts"), params={"archived": "true", "after": made["id"]}
    ).json()
    assert [each["id"] for each in listed["results"]] == [made["id"]]
    assert live.get(paths.records(version, "contacts"), params={"after": made["id"]}).json()["results"] == []


@VERSIONS
def test_pages_of_records_are_ten_long_and_the_cursor_is_the_next_id(live: Crm, version):
    made = live.create("tickets", 12)
    path = paths.records(version, "tickets")
    first = live.get(path, params={"after": made[0]}).json()
    assert [each["id"] for each in first["results"]] == made[:10]
    following = first["paging"]["next"]
    assert following["after"] == made[10]
    second = live.get(following["link"]).json()
    assert [each["id"] for each in second["results"]] == made[10:]
    assert "paging" not in second


@VERSIONS
def test_the_address_of_the_next_page_asks_for_more_of_the_same(live: Crm, version):
    made = live.create("contacts", 3)
    company = live.one("companies")
    live.link("contacts", made[1], "companies", company)
    asked = [
        ("after", made[0]), ("limit", "1"), ("properties", "zip"), ("properties", "city,fax"),
        ("associations", "companies"),
    ]  # fmt: skip
    path = paths.records(version, "contacts")
    link = live.get(path, params=asked).json()["paging"]["next"]["link"]
    query = "limit=1&properties=zip&properties=city%2Cfax&associations=companies"
    assert link == f"{live.url}{path}?{query}&after={made[1]}"
    [second] = live.get(link).json()["results"]
    assert second["id"] == made[1]
    assert second["properties"].keys() == ALWAYS | {"zip", "city", "fax"}
    assert {each["id"] for each in second["associations"]["companies"]["results"]} == {company}


@VERSIONS
def test_a_batch_answers_its_records_in_order(live: Crm, version):
    path = paths.records(version, "companies")
    inputs = [{"properties": {"name": name}} for name in ("A", "B", "C")]
    made = live.post(f"{path}/batch/create", {"inputs": inputs})
    assert made.status_code == 201
    assert [each["properties"]["name"] for each in made.json()["results"]] == ["A", "B", "C"]
    ids = [each["id"] for each in made.json()["results"]]
    assert ids == sorted(ids, key=int)
    read = live.post(f"{path}/batch/read", {"inputs": [{"id": each} for each in ids], "properties": ["name"]})
    assert read.status_code == 200
    names = {each["id"]: each["properties"]["name"] for each in read.json()["results"]}
    assert names == dict(zip(ids, ("A", "B", "C"), strict=True))
    assert all("associations" not in each for each in read.json()["results"])


@VERSIONS
def test_associations_in_the_body_are_made_and_not_shown(live: Crm, version):
    company, deal = live.one("companies"), live.one("deals")
    body = {
        "properties": {},
        "associations": [
            {"to": {"id": company}, "types": [spec(1), spec(931)]},
            {"to": {"id": int(deal)}, "types": [spec(4)]},
        ],
    }
    made = live.post(paths.records(version, "contacts"), body)
    assert (made.status_code, "associations" in made.json()) == (201, False)
    contact = made.json()["id"]
    both = live.both_ends("contacts", contact, "companies", company)
    assert both == ([1, 279, 931], [2, 280, 930])
    assert live.both_ends("contacts", contact, "deals", deal) == ([4], [3])


@VERSIONS
def test_the_associations_block_names_each_type_of_each_record(live: Crm, version):
    deal, company = live.pair("deals", "companies")
    contacts = live.create("contacts", 2)
    live.link("deals", deal, "companies", company, 5)
    for contact in contacts:
        live.link("deals", deal, "contacts", contact)
    path = paths.record(version, "deals", deal)
    read = live.get(path, params={"associations": "companies,CONTACT,tickets"}).json()
    assert read["associations"] == {
        "companies": {
            "results": [
                {"id": company, "type": "deal_to_company"},
                {"id": company, "type": "deal_to_company_unlabeled"},
            ]
        },
        "contacts": {"results": [{"id": contact, "type": "deal_to_contact"} for contact in contacts]},
    }
    listed = live.get(paths.records(version, "deals"), params={"associations": "companies", "after": deal})
    assert listed.json()["results"][0]["associations"] == {"companies": read["associations"]["companies"]}


@VERSIONS
def test_without_associations_there_is_no_block(live: Crm, version):
    path = paths.record(version, "deals", live.one("deals"))
    assert "associations" not in live.get(path, params={"associations": "companies"}).json()


@VERSIONS
def test_an_unknown_type_in_the_associations_asked_for_is_refused(live: Crm, version):
    answer = live.get(paths.record(version, "deals", live.one("deals")), params={"associations": "moths"})
    assert (answer.status_code, answer.json()["message"]) == (400, "Unable to infer object type from: moths")


def test_the_block_of_a_custom_object_has_its_full_name(live: Crm):
    contact, ship = live.pair("contacts", SPACESHIP)
    live.link("contacts", contact, SPACESHIP, ship)
    read = live.get(paths.record("v3", "contacts", contact), params={"associations": "2-7001"}).json()
    assert list(read["associations"]) == [SPACESHIP]
    assert [each["id"] for each in read["associations"][SPACESHIP]["results"]] == [ship]


@pytest.mark.parametrize("plural", ["line_items", "products", "quotes", "tasks", "calls", "orders", "leads"])
def test_every_object_type_has_records(live: Crm, plural):
    made = live.one(plural)
    read = live.get(paths.record("v3", plural, made))
    assert (read.status_code, read.json()["id"]) == (200, made)
