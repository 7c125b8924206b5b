"""The scopes that ship: each belongs to an object type, and each object type has those that HubSpot's guides name."""

import json
from importlib.resources import files

import pytest

from edgewise.data import hubspot_types
from edgewise.data.scopes import scope_facts
from edgewise.domain.catalog import Catalog
from edgewise.domain.model import ObjectType, object_type_code
from edgewise.domain.scopes import Access

FACTS = scope_facts()
RULES = FACTS.rules()
CATALOG = Catalog(hubspot_types())
EVERY_SCOPE = sorted({scope for scopes in FACTS.lists.values() for scope in scopes})
ROWS = {
    row["objectTypeId"]: row
    for row in json.loads(files("edgewise.data").joinpath("object_types.json").read_text("utf-8"))
}
WITHOUT_SCOPES = {"payment_link", "campaign", "deal_split", "form"}
"""Object types of which no published list has a scope, and no guide names one."""
OF_NO_TYPE = {
    "automation",
    "crm.objects.owners.read",
    "media_bridge.read",
    "timeline",
    "oauth",
    "crm.objects.partner-clients.read",
    "crm.objects.partner-clients.write",
    "crm.objects.partner-services.read",
    "crm.objects.partner-services.write",
}
"""Scopes of owners, media and other parts of the service, and of object types whose ids nobody knows."""
CUSTOM = ObjectType(object_type_code("2-1"), "2-1", "car", "cars")


def _families(object_type: ObjectType) -> tuple[str, ...]:
    return FACTS.of_custom if object_type.is_custom else FACTS.of_types.get(object_type.id, ())


def _has(families: tuple[str, ...], scope: str) -> bool:
    return any(f"{scope}.".startswith(f"{family}.") for family in families)


def test_every_scope_belongs_to_an_object_type_but_those_of_none():
    object_types = [*CATALOG.object_types, CUSTOM]
    homeless = {scope for scope in EVERY_SCOPE if not any(_has(_families(t), scope) for t in object_types)}
    assert homeless == OF_NO_TYPE


def test_every_object_type_has_scopes_but_those_of_which_none_is_known():
    assert {t.name for t in CATALOG.object_types if not _families(t)} == WITHOUT_SCOPES
    assert FACTS.of_types.keys() <= {t.id for t in CATALOG.object_types}


@pytest.mark.parametrize("object_type", CATALOG.object_types, ids=lambda each: each.name)
def test_the_scopes_that_guides_name_for_an_object_type_are_its_own(object_type: ObjectType):
    named = [scope for scopes in ROWS[object_type.id]["scopes"].values() for scope in scopes]
    assert [
        scope for scope in named if scope in EVERY_SCOPE and not _has(_families(object_type), scope)
    ] == []


@pytest.mark.parametrize("name", FACTS.lists)
def test_a_list_names_a_scope_once_and_in_order(name: str):
    assert list(FACTS.lists[name]) == sorted(set(FACTS.lists[name]))


@pytest.mark.parametrize("name", [name for name in FACTS.lists if name != "account-guide"])
def test_every_list_can_be_met(name: str):
    named = {access for access in Access for scope in FACTS.lists[name] if scope.endswith(f".{access}")}
    assert named
    for access in named:
        assert RULES.demanded(FACTS.lists[name], access, [CUSTOM])


def test_every_row_names_a_list_and_every_list_has_a_row():
    assert {row.list for row in FACTS.demands} == FACTS.lists.keys()


def test_an_operation_that_no_row_fits_has_no_list():
    with pytest.raises(LookupError, match="search_stars of the family stars in v9"):
        FACTS.list_of("v9", "search_stars", "stars", "/crm/v9/stars")
