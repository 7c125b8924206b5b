"""Records read with `associations=` show their links by the type names of v3."""

import pytest

from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import UnknownObjectType
from edgewise.domain.model import (
    AssociationType,
    Category,
    ObjectType,
    PortalTypes,
    object_type_code,
    type_key,
)
from tests.unit.wire.desk import ADVISOR_TYPES, PORTAL_ID, Desk, ends, inputs, spec

PETS = ObjectType(object_type_code("2-7"), "2-7", "pet", "pets", aliases=(f"p{PORTAL_ID}_pet",))


def _plain(source: str, target: str, type_id: int, mirror_id: int, name: str) -> AssociationType:
    key, mirror_key = (type_key(Category.USER_DEFINED, each) for each in (type_id, mirror_id))
    codes = object_type_code(source), object_type_code(target)
    return AssociationType(
        key, Category.USER_DEFINED, type_id, *codes, mirror_key, None, name, is_default=True
    )


PET_TYPES = PortalTypes(
    (PETS,), (_plain("0-1", "2-7", 1, 2, "contact_to_pet"), _plain("2-7", "0-1", 2, 1, "pet_to_contact"))
)


async def test_a_link_shows_once_for_each_of_its_types():
    desk = Desk(types=ADVISOR_TYPES)
    deal, acme = await desk.pair("deals", "companies")
    await desk.ask("associate", "deals", deal, "companies", acme, body=[spec(5)])
    _, answer = await desk.tell("read_record", "deals", deal, query="associations=companies")
    assert answer["associations"] == {
        "companies": {
            "results": [
                {"id": str(acme), "type": "deal_to_company"},
                {"id": str(acme), "type": "deal_to_company_unlabeled"},
            ]
        }
    }


async def test_a_portals_own_type_shows_by_its_name():
    desk = Desk(types=ADVISOR_TYPES)
    ann, acme = await desk.pair()
    await desk.ask("associate", "contacts", ann, "companies", acme, body=[spec(1, "USER_DEFINED")])
    _, answer = await desk.tell("read_record", "contacts", ann, query="associations=0-2")
    names = [each["type"] for each in answer["associations"]["companies"]["results"]]
    assert names == ["client", "contact_to_company_unlabeled"]


@pytest.mark.parametrize(
    "query", ["associations=Contacts,DEAL,0-2,company", "associations=contact&associations=deal,0-2"]
)
async def test_types_asked_for_in_any_spelling_show_under_their_plural(query: str):
    desk = Desk()
    (acme,), (ann,), (deal,) = [await desk.records(kind, 1) for kind in ("companies", "contacts", "deals")]
    await desk.ask("associate_default", "companies", acme, "contacts", ann)
    await desk.ask("associate_default", "companies", acme, "deals", deal)
    _, answer = await desk.tell("read_record", "companies", acme, query=query)
    assert answer["associations"].keys() == {"contacts", "deals"}


async def test_nothing_linked_shows_nothing():
    desk = Desk()
    (ann,) = await desk.records("contacts", 1)
    _, answer = await desk.tell("read_record", "contacts", ann, query="associations=companies,deals")
    assert "associations" not in answer


async def test_an_unknown_type_to_show_is_refused():
    with pytest.raises(UnknownObjectType):
        Desk().decode("read_record", "contacts", 5, query="associations=companies,butterflies")


async def test_each_record_of_a_list_shows_its_own_links():
    desk = Desk(first_link_is_primary="no")
    (ann, _, cat), (acme, ajax) = await desk.records("contacts", 3), await desk.records("companies", 2)
    await desk.ask("associate_default", "contacts", ann, "companies", acme)
    await desk.ask("associate_default", "contacts", cat, "companies", ajax)
    _, answer = await desk.tell("list_records", "contacts", query="associations=companies")
    shown = {
        int(result["id"]): [int(each["id"]) for each in result["associations"]["companies"]["results"]]
        for result in answer["results"]
        if "associations" in result
    }
    assert shown == {ann: [acme], cat: [ajax]}
    assert len(answer["results"]) == 3


async def test_more_links_than_a_page_lead_to_the_records_own_list():
    desk = Desk()
    (acme,), contacts = await desk.records("companies", 1), await desk.records("contacts", 501)
    pairs = inputs([ends(acme, contact) for contact in contacts])
    await desk.ask("associate_default_batch", "companies", "contacts", body=pairs)
    _, answer = await desk.tell("read_record", "companies", acme, query="associations=contacts")
    block = answer["associations"]["contacts"]
    assert len({each["id"] for each in block["results"]}) == 500
    after = block["paging"]["next"]
    assert after["link"].startswith(
        f"https://crm.example/crm/objects/2026-03/0-2/{acme}/associations/0-1?portalId="
    )
    _, rest = await desk.tell("list_associations", "0-2", acme, "0-1", query=f"after={after['after']}")
    assert [row["toObjectId"] for row in rest["results"]] == [str(contacts[-1])]


async def test_links_to_a_custom_object_show_under_its_full_name():
    desk = Desk(types=PET_TYPES)
    ann, rex = await desk.pair("contacts", "2-7")
    await desk.ask("associate_default", "contacts", ann, f"P{PORTAL_ID}_PET", rex)
    _, answer = await desk.tell("read_record", "contacts", ann, query="associations=2-7")
    assert answer["associations"] == {
        f"p{PORTAL_ID}_pet": {"results": [{"id": str(rex), "type": "contact_to_pet"}]}
    }


def test_a_custom_object_has_no_bare_name():
    catalog: Catalog = Desk(types=PET_TYPES).portal.catalog
    for text in ("pet", "pets", "PETS"):
        with pytest.raises(UnknownObjectType):
            catalog.object_type(text)
    assert catalog.object_type("2-7") is catalog.object_type(f"p{PORTAL_ID}_Pet") is PETS
