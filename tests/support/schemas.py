"""Custom object types for tests: made afresh, and those of earlier tests out of the way, since a portal has few."""

from itertools import count
from typing import Any

from tests.support.crm import Crm

_PREFIX = "case_"
_NUMBERS = count(1)
_PATH = "/crm-object-schemas/2026-03/schemas"


def new_name() -> str:
    """A name that no object type has."""
    return f"{_PREFIX}{next(_NUMBERS)}"


def schema(name: str, **further: Any) -> dict[str, Any]:
    """The body that creates an object type with two properties."""
    return {
        "name": name,
        "labels": {"singular": "Car", "plural": "Cars"},
        "primaryDisplayProperty": "model",
        "properties": [
            {"name": "model", "label": "Model", "type": "string", "fieldType": "text"},
            {"name": "year", "label": "Year", "type": "number", "fieldType": "number"},
        ],
        "associatedObjects": [],
        "requiredProperties": [],
        **further,
    }


def make_room(crm: Crm) -> None:
    """Archive the object types of earlier tests that hold no record."""
    query = {"includePropertyDefinitions": "false", "includeAssociationDefinitions": "false"}
    for each in crm.get(_PATH, params=query).json()["results"]:
        if each["name"].startswith(_PREFIX):
            crm.delete(f"{_PATH}/{each['objectTypeId']}")


def new_type(crm: Crm, **further: Any) -> dict[str, Any]:
    """Make an object type; answers its schema."""
    make_room(crm)
    answer = crm.post(_PATH, schema(new_name(), **further))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def new_type_id(crm: Crm, **further: Any) -> str:
    """Make an object type; answers its id."""
    type_id: str = new_type(crm, **further)["objectTypeId"]
    return type_id


def archived_type_id(crm: Crm) -> str:
    """Make an object type and archive it; answers its id."""
    type_id = new_type_id(crm)
    assert crm.delete(f"{_PATH}/{type_id}").status_code == 204
    return type_id
