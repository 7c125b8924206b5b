"""Properties and groups of a running server, made for one test each."""

from typing import Any
from uuid import uuid4

from tests.support.crm import Crm


def unique_name(prefix: str = "p") -> str:
    """A name that no property or group has."""
    return f"{prefix}_{uuid4().hex[:12]}"


def property_of(name: str = "", **further: Any) -> dict[str, Any]:
    """The body that creates a property: of contacts, and a text, unless told."""
    return {
        "name": name or unique_name(),
        "label": "Made for a test",
        "type": "string",
        "fieldType": "text",
        "groupName": "contactinformation",
        **further,
    }


def group_of(name: str = "") -> dict[str, Any]:
    """The body that creates a group."""
    return {"name": name or unique_name("g"), "label": "Made for a test", "displayOrder": 3}


def new_property(crm: Crm, object_type: str = "contacts", **further: Any) -> str:
    """Define a property; answers its name."""
    answer = crm.post(f"/crm/v3/properties/{object_type}", property_of(**further))
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["name"]
    return name


def archived_property(crm: Crm) -> str:
    """Define a property of contacts and archive it; answers its name."""
    name = new_property(crm)
    assert crm.delete(f"/crm/v3/properties/contacts/{name}").status_code == 204
    return name


def new_group(crm: Crm, object_type: str = "contacts") -> str:
    """Define a group; answers its name."""
    answer = crm.post(f"/crm/v3/properties/{object_type}/groups", group_of())
    assert answer.status_code == 201, answer.text
    name: str = answer.json()["name"]
    return name
