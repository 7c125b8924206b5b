"""The object types that ship: each has its spellings, and no two share one."""

import json
from collections import defaultdict
from importlib.resources import files

import pytest

from edgewise.data import ObjectTypeFact, hubspot_types
from edgewise.data.properties import usual_properties
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import InvalidObjectTypeId, UnknownObjectType
from edgewise.domain.model import ObjectType, object_type_code

ROWS = json.loads(files("edgewise.data").joinpath("object_types.json").read_text("utf-8"))
SERVED = [row for row in ROWS if row["objectTypeId"] and "{" not in row["objectTypeId"]]
CATALOG = Catalog(hubspot_types())
CASES = (str, str.upper, str.lower, str.title, str.swapcase)


def _spellings(row: dict) -> list[str]:
    full = [row["fullyQualifiedName"]] if row.get("fullyQualifiedName") else []
    return [row["objectTypeId"], row["name"], row["plural"], *row["aliases"], *full]


def test_every_object_type_with_an_id_is_served():
    assert [t.id for t in CATALOG.object_types] == [row["objectTypeId"] for row in SERVED]
    assert len(SERVED) >= 35


@pytest.mark.parametrize("row", SERVED, ids=lambda row: row["name"])
def test_every_spelling_of_an_object_type_means_it_in_any_letter_case(row: dict):
    wanted = CATALOG.object_type(row["objectTypeId"])
    assert (wanted.name, wanted.plural) == (row["name"], row["plural"])
    for spelling in _spellings(row):
        for case in CASES:
            assert CATALOG.object_type(case(spelling)) is wanted


def test_no_two_object_types_share_a_spelling():
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for row in SERVED:
        for spelling in _spellings(row):
            owners[spelling.upper()].add(row["objectTypeId"])
    assert {spelling: ids for spelling, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize("text", ["0-6", "0-41", "0-9999", "2-1", "9-9", "000-1", "0-01"])
def test_an_id_that_no_object_type_has_is_invalid(text: str):
    with pytest.raises(InvalidObjectTypeId) as refused:
        CATALOG.object_type(text)
    assert refused.value.text == text


@pytest.mark.parametrize(
    "text",
    [
        "butterflies",
        "lists",
        "default",
        "",
        " contacts",
        "0-",
        "-1",
        "0-1 ",
        "٠-١",
        "2-{n}",
        "partner_client",
    ],
)
def test_a_name_that_no_object_type_has_is_unknown(text: str):
    with pytest.raises(UnknownObjectType) as refused:
        CATALOG.object_type(text)
    assert refused.value.text == text


def test_a_name_is_looked_up_the_same_way_a_second_time():
    for _ in range(2):
        assert CATALOG.object_type("cOnTaCtS").id == "0-1"
        with pytest.raises(UnknownObjectType):
            CATALOG.object_type("cOnTaCtSeS")


def test_codes_are_those_of_the_ids_and_no_two_are_alike():
    types = CATALOG.object_types
    assert [t.code for t in types] == [object_type_code(t.id) for t in types]
    assert len({t.code for t in types}) == len(types)
    assert all(CATALOG.object_type_of(t.code) is t for t in types)


@pytest.mark.parametrize("object_type", CATALOG.object_types, ids=lambda each: each.name)
def test_a_record_shows_its_id_and_both_its_times_by_default(object_type: ObjectType):
    shown = set(object_type.default_properties)
    assert "hs_object_id" in shown
    assert object_type.last_modified_property in shown
    assert shown & {"createdate", "hs_createdate"}
    assert not object_type.is_custom


def test_contacts_name_their_last_change_otherwise():
    changed = {t.name: t.last_modified_property for t in CATALOG.object_types}
    assert changed.pop("contact") == "lastmodifieddate"
    assert set(changed.values()) == {"hs_lastmodifieddate"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_row_says_where_it_comes_from(row: dict):
    assert row["source"]
    assert all(isinstance(source, str) and source for source in row["source"])


def test_the_fields_that_the_program_reads_are_in_the_file():
    assert {"name", "plural", "objectTypeId", "aliases"} <= set.intersection(*(set(row) for row in ROWS))
    optional = {
        "fullyQualifiedName",
        "defaultProperties",
        "lastModifiedProperty",
        "primaryDisplayProperty",
        "requiredProperties",
        "searchableProperties",
    }
    assert optional <= set().union(*ROWS)
    assert set(ObjectTypeFact.__struct_encode_fields__) == optional | {
        "name",
        "plural",
        "objectTypeId",
        "aliases",
    }


@pytest.mark.parametrize(
    "row", [row for row in ROWS if "searchableProperties" in row], ids=lambda row: row["name"]
)
def test_what_can_be_searched_is_defined(row: dict):
    if row["objectTypeId"] != "0-19":  # feedback, whose properties are not collected
        code = object_type_code(row["objectTypeId"])
        known = usual_properties(CATALOG.object_type_of(code)).properties
        assert set(row["searchableProperties"]) <= set(known)
