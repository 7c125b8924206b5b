"""Requests to the operations on schemas; each object type is used by one case alone."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import Crm
from tests.support.schemas import archived_type_id, make_room, new_name, new_type, new_type_id, schema


def _new(crm: Crm, **further: Any) -> Asked:
    make_room(crm)
    return Asked((), schema(new_name(), **further))


def _lacking(*keys: str) -> Asked:
    return Asked((), {key: value for key, value in schema(new_name()).items() if key not in keys})


def _taken(crm: Crm) -> Asked:
    return Asked((), schema(new_type(crm)["name"].upper()))


def _in_use(crm: Crm) -> Asked:
    type_id = new_type_id(crm)
    crm.one(type_id)
    return Asked((type_id,))


def _associate(crm: Crm, source: str = "", target: str = "0-3", **further: Any) -> Asked:
    type_id = new_type_id(crm)
    return Asked((type_id,), {"fromObjectTypeId": source or type_id, "toObjectTypeId": target, **further})


def _associated(crm: Crm) -> Asked:
    made = new_type(crm, associatedObjects=["TICKET"])
    [there] = [each for each in made["associations"] if each["toObjectTypeId"] == "0-5"]
    return Asked((made["objectTypeId"], there["id"]))


def _many(*inputs: str, **further: bool) -> Asked:
    included = dict.fromkeys(
        ("includeAssociationDefinitions", "includeAuditMetadata", "includePropertyDefinitions"), True
    )
    return Asked((), {"inputs": list(inputs), **included, **further})


_PLAIN = {
    "includeAssociationDefinitions": "false",
    "includeAuditMetadata": "false",
    "includePropertyDefinitions": "false",
}

SCHEMAS = [
    ("list_schemas", "all", USUAL, lambda crm: Asked(())),
    ("list_schemas", "without_what_is_in_them", USUAL, lambda crm: Asked((), query=_PLAIN)),
    (
        "list_schemas",
        "the_archived_ones",
        USUAL,
        lambda crm: (archived_type_id(crm), Asked((), query={"archived": "true"}))[1],
    ),
    ("create_schema", "two_properties", USUAL, _new),
    (
        "create_schema",
        "all_that_is_published",
        USUAL,
        lambda crm: _new(
            crm,
            associatedObjects=["CONTACT", "0-2"],
            description="Things on wheels",
            requiredProperties=["model"],
            searchableProperties=["model", "year"],
            secondaryDisplayProperties=["year"],
            allowsSensitiveProperties=True,
            shouldCreateSameObjectAssociation=True,
        ),
    ),
    ("create_schema", "a_name_that_is_taken", 409, _taken),
    ("create_schema", "a_name_with_a_hyphen", 400, lambda crm: Asked((), schema("a-b"))),
    ("create_schema", "no_primary_property", 400, lambda crm: _lacking("primaryDisplayProperty")),
    ("create_schema", "no_labels", 400, lambda crm: _lacking("labels")),
    (
        "create_schema",
        "an_unknown_property",
        400,
        lambda crm: Asked((), schema(new_name(), requiredProperties=["wings"])),
    ),
    (
        "create_schema",
        "an_unknown_associated_type",
        400,
        lambda crm: Asked((), schema(new_name(), associatedObjects=["butterflies"])),
    ),
    ("create_schema", "no_body", 400, lambda crm: Asked(())),
    ("read_schemas_batch", "two_types", USUAL, lambda crm: _many("contacts", new_type_id(crm))),
    (
        "read_schemas_batch",
        "nothing_in_them",
        USUAL,
        lambda crm: _many("0-3", includePropertyDefinitions=False),
    ),
    ("read_schemas_batch", "an_unknown_type", 400, lambda crm: _many("contacts", "2-99999")),
    ("read_schemas_batch", "too_many_inputs", 400, lambda crm: _many(*["0-1"] * 101)),
    ("read_schema", "a_type_of_hubspots_own", USUAL, lambda crm: Asked(("contacts",))),
    ("read_schema", "a_type_of_the_portal", USUAL, lambda crm: Asked((new_type_id(crm),))),
    (
        "read_schema",
        "by_its_full_name",
        USUAL,
        lambda crm: Asked((new_type(crm)["fullyQualifiedName"].upper(),), query=_PLAIN),
    ),
    ("read_schema", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("read_schema", "an_archived_type", 400, lambda crm: Asked((archived_type_id(crm),))),
    (
        "update_schema",
        "labels_and_properties",
        USUAL,
        lambda crm: Asked(
            (new_type_id(crm),),
            {
                "labels": {"singular": "Auto", "plural": "Autos"},
                "description": "Autos",
                "clearDescription": False,
                "primaryDisplayProperty": "year",
                "secondaryDisplayProperties": ["model"],
                "requiredProperties": ["year"],
                "searchableProperties": ["year"],
            },
        ),
    ),
    ("update_schema", "nothing", USUAL, lambda crm: Asked((new_type_id(crm),), {"clearDescription": True})),
    (
        "update_schema",
        "an_unknown_property",
        400,
        lambda crm: Asked((new_type_id(crm),), {"primaryDisplayProperty": "wings"}),
    ),
    ("update_schema", "a_type_of_hubspots_own", 400, lambda crm: Asked(("contacts",), {})),
    ("update_schema", "an_unknown_type", 400, lambda crm: Asked(("butterflies",), {})),
    ("delete_schema", "a_type_without_records", USUAL, lambda crm: Asked((new_type_id(crm),))),
    ("delete_schema", "an_archived_type_again", USUAL, lambda crm: Asked((archived_type_id(crm),))),
    (
        "delete_schema",
        "an_archived_type_for_good",
        USUAL,
        lambda crm: Asked((archived_type_id(crm),), query={"archived": "true"}),
    ),
    ("delete_schema", "a_type_with_a_record", 400, _in_use),
    (
        "delete_schema",
        "an_active_type_for_good",
        400,
        lambda crm: Asked((new_type_id(crm),), query={"archived": "true"}),
    ),
    ("delete_schema", "a_type_of_hubspots_own", 400, lambda crm: Asked(("contacts",))),
    ("delete_schema", "an_unknown_type", 400, lambda crm: Asked(("butterflies",))),
    ("create_schema_association", "to_deals", USUAL, _associate),
    (
        "create_schema_association",
        "with_a_name",
        USUAL,
        lambda crm: _associate(crm, name=f"{new_name()}_to_deal"),
    ),
    (
        "create_schema_association",
        "to_what_it_is_linked_with",
        400,
        lambda crm: _associate(crm, target="0-46"),
    ),
    ("create_schema_association", "with_itself", 400, lambda crm: _associate(crm, "0-1", "contacts")),
    ("create_schema_association", "of_other_types", 400, lambda crm: _associate(crm, source="0-1")),
    ("create_schema_association", "missing_fields", 400, lambda crm: Asked((new_type_id(crm),), {})),
    ("create_schema_association", "an_unknown_type", 400, lambda crm: Asked(("butterflies",), {})),
    ("delete_schema_association", "by_its_number", USUAL, _associated),
    ("delete_schema_association", "nothing", 404, lambda crm: Asked((new_type_id(crm), "999999"))),
    ("delete_schema_association", "an_unknown_type", 400, lambda crm: Asked(("butterflies", "1"))),
]
