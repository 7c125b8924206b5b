"""Adding a version takes one declaration, and everything is served under it."""

from typing import Any

import pytest

from edgewise.surfaces.openapi import openapi_document
from edgewise.surfaces.operations import OPERATIONS
from edgewise.surfaces.surface import Surface, dated
from edgewise.surfaces.versions import SURFACES, v2026_03
from edgewise.wire.associations import encode_no_content
from tests.unit.http.asgi import application, ask

NEW = dated(
    "2099-01",
    {
        "associate_default_batch": {"path": "/{fromObjectType}/{toObjectType}/batch/default"},
        "dissociate_batch": {"encode": encode_no_content, "statuses": (204,), "response": None},
    },
)
ROUTES = [route for surface in (*SURFACES, NEW) for route in surface.routes()]
OBJECTS, LINKS = "/crm/objects/2099-01", "/crm/associations/2099-01/contacts/companies"
ENDS = {"from": {"id": 1}, "to": {"id": 2}}
SPECS = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
LABELLED = {"inputs": [{**ENDS, "types": SPECS}]}
LIMITS = "/crm/associations/2099-01/definitions/configurations"
LIMITED = {"inputs": [{"category": "HUBSPOT_DEFINED", "typeId": 279, "maxToObjectIds": 9}]}
USAGE = "/crm/limits/2099-01"
SCHEMAS, PIPELINES = "/crm-object-schemas/2099-01/schemas", "/crm/pipelines/2099-01/deals"
SCHEMA = {
    "name": "car", "labels": {"singular": "Car", "plural": "Cars"}, "primaryDisplayProperty": "hs_object_id",
}  # fmt: skip
PROPERTIES = "/crm/properties/2099-01/contacts"
PROPERTY = {
    "name": "colour", "label": "Colour", "type": "string", "fieldType": "text", "groupName": "contactinformation",
}  # fmt: skip
STAGE = {"label": "A", "displayOrder": 9, "metadata": {"probability": 0.5}}
PIPELINE = {"label": "A", "displayOrder": 0, "stages": [STAGE]}
MERGE = {"primaryObjectId": 1, "objectIdToMerge": 9}
PAIR = f"{OBJECTS}/contacts/1/associations"

REQUESTS: dict[str, tuple[str, str, Any, int]] = {
    "associate_default": ("PUT", f"{PAIR}/default/companies/2", None, 200),
    "associate": ("PUT", f"{PAIR}/companies/2", SPECS, 201),
    "list_associations": ("GET", f"{PAIR}/companies", None, 200),
    "dissociate": ("DELETE", f"{PAIR}/companies/2", None, 204),
    "associate_by_type": ("PUT", f"{PAIR}/companies/2/contact_to_company", None, 200),
    "dissociate_by_type": ("DELETE", f"{PAIR}/companies/2/279", None, 204),
    "associate_default_batch": ("POST", f"{LINKS}/batch/default", {"inputs": [ENDS]}, 200),
    "associate_batch": ("POST", f"{LINKS}/batch/create", LABELLED, 201),
    "read_associations_batch": ("POST", f"{LINKS}/batch/read", {"inputs": [{"id": 1}]}, 200),
    "dissociate_batch": (
        "POST",
        f"{LINKS}/batch/archive",
        {"inputs": [{"from": {"id": 1}, "to": [{"id": 2}]}]},
        204,
    ),
    "remove_labels_batch": ("POST", f"{LINKS}/batch/labels/archive", LABELLED, 200),
    "list_labels": ("GET", f"{LINKS}/labels", None, 200),
    "create_label": ("POST", f"{LINKS}/labels", {"label": "Client", "name": "client"}, 200),
    "update_label": ("PUT", f"{LINKS}/labels", {"associationTypeId": 9, "label": "Client"}, 400),
    "delete_label": ("DELETE", f"{LINKS}/labels/9", None, 400),
    "list_limits": ("GET", f"{LIMITS}/all", None, 200),
    "list_limits_of_pair": ("GET", f"{LIMITS}/contacts/companies", None, 200),
    "create_limits_batch": ("POST", f"{LIMITS}/contacts/companies/batch/create", LIMITED, 201),
    "update_limits_batch": ("POST", f"{LIMITS}/contacts/companies/batch/update", LIMITED, 200),
    "remove_limits_batch": ("POST", f"{LIMITS}/contacts/companies/batch/purge", LIMITED, 200),
    "list_records": ("GET", f"{OBJECTS}/contacts", None, 200),
    "create_record": ("POST", f"{OBJECTS}/contacts", {"properties": {}}, 201),
    "read_record": ("GET", f"{OBJECTS}/contacts/1", None, 200),
    "update_record": ("PATCH", f"{OBJECTS}/contacts/1", {"properties": {"firstname": "b"}}, 200),
    "archive_record": ("DELETE", f"{OBJECTS}/contacts/1", None, 204),
    "create_records_batch": (
        "POST",
        f"{OBJECTS}/contacts/batch/create",
        {"inputs": [{"properties": {}}]},
        201,
    ),
    "read_records_batch": ("POST", f"{OBJECTS}/contacts/batch/read", {"inputs": [{"id": 1}]}, 200),
    "update_records_batch": (
        "POST",
        f"{OBJECTS}/contacts/batch/update",
        {"inputs": [{"id": 1, "properties": {"firstname": "b"}}]},
        200,
    ),
    "upsert_records_batch": (
        "POST",
        f"{OBJECTS}/contacts/batch/upsert",
        {"inputs": [{"id": "a@crm.example", "idProperty": "email", "properties": {}}]},
        200,
    ),
    "archive_records_batch": ("POST", f"{OBJECTS}/contacts/batch/archive", {"inputs": [{"id": 1}]}, 204),
    "search_records": ("POST", f"{OBJECTS}/contacts/search", {}, 200),
    "merge_records": ("POST", f"{OBJECTS}/contacts/merge", MERGE, 404),
    "gdpr_delete_record": ("POST", f"{OBJECTS}/contacts/gdpr-delete", {"objectId": 1}, 204),
    "list_label_usage": ("GET", f"{USAGE}/associations/labels", None, 200),
    "list_crowded_sources": ("GET", f"{USAGE}/associations/records/from", None, 200),
    "list_crowded_targets": ("GET", f"{USAGE}/associations/records/0-1/to", None, 200),
    "read_link_usage": ("GET", f"{USAGE}/associations/records/0-1/0-2", None, 200),
    "read_calculated_property_usage": ("GET", f"{USAGE}/calculated-properties", None, 200),
    "read_custom_object_type_usage": ("GET", f"{USAGE}/custom-object-types", None, 200),
    "read_custom_property_usage": ("GET", f"{USAGE}/custom-properties", None, 200),
    "read_pipeline_usage": ("GET", f"{USAGE}/pipelines", None, 200),
    "read_record_usage": ("GET", f"{USAGE}/records", None, 200),
    "list_schemas": ("GET", SCHEMAS, None, 200),
    "create_schema": ("POST", SCHEMAS, SCHEMA, 201),
    "read_schemas_batch": ("POST", f"{SCHEMAS}/batch/read", {"inputs": ["contacts"]}, 200),
    "read_schema": ("GET", f"{SCHEMAS}/contacts", None, 200),
    "update_schema": ("PATCH", f"{SCHEMAS}/contacts", {}, 400),
    "delete_schema": ("DELETE", f"{SCHEMAS}/contacts", None, 400),
    "create_schema_association": (
        "POST",
        f"{SCHEMAS}/contacts/associations",
        {"fromObjectTypeId": "0-1", "toObjectTypeId": "0-2"},
        400,
    ),
    "delete_schema_association": ("DELETE", f"{SCHEMAS}/contacts/associations/1", None, 404),
    "list_properties": ("GET", PROPERTIES, None, 200),
    "create_property": ("POST", PROPERTIES, PROPERTY, 201),
    "create_properties_batch": ("POST", f"{PROPERTIES}/batch/create", {"inputs": [PROPERTY]}, 201),
    "read_properties_batch": ("POST", f"{PROPERTIES}/batch/read", {"inputs": [{"name": "email"}]}, 200),
    "archive_properties_batch": ("POST", f"{PROPERTIES}/batch/archive", {"inputs": [{"name": "a"}]}, 204),
    "read_property": ("GET", f"{PROPERTIES}/email", None, 200),
    "update_property": ("PATCH", f"{PROPERTIES}/email", {}, 200),
    "archive_property": ("DELETE", f"{PROPERTIES}/a", None, 204),
    "list_property_groups": ("GET", f"{PROPERTIES}/groups", None, 200),
    "create_property_group": ("POST", f"{PROPERTIES}/groups", {"name": "g", "label": "G"}, 201),
    "read_property_group": ("GET", f"{PROPERTIES}/groups/contactinformation", None, 200),
    "update_property_group": ("PATCH", f"{PROPERTIES}/groups/contactinformation", {"label": "About"}, 200),
    "archive_property_group": ("DELETE", f"{PROPERTIES}/groups/nothing", None, 204),
    "list_pipelines": ("GET", PIPELINES, None, 200),
    "create_pipeline": ("POST", PIPELINES, PIPELINE, 201),
    "read_pipeline": ("GET", f"{PIPELINES}/default", None, 200),
    "update_pipeline": ("PATCH", f"{PIPELINES}/default", {"label": "A"}, 200),
    "replace_pipeline": ("PUT", f"{PIPELINES}/default", PIPELINE, 200),
    "delete_pipeline": ("DELETE", f"{PIPELINES}/default", None, 204),
    "read_pipeline_audit": ("GET", f"{PIPELINES}/default/audit", None, 200),
    "list_stages": ("GET", f"{PIPELINES}/default/stages", None, 200),
    "create_stage": ("POST", f"{PIPELINES}/default/stages", STAGE, 201),
    "read_stage": ("GET", f"{PIPELINES}/default/stages/closedwon", None, 200),
    "update_stage": ("PATCH", f"{PIPELINES}/default/stages/closedwon", {"label": "A"}, 200),
    "replace_stage": ("PUT", f"{PIPELINES}/default/stages/closedwon", STAGE, 200),
    "delete_stage": ("DELETE", f"{PIPELINES}/default/stages/closedwon", None, 204),
    "read_stage_audit": ("GET", f"{PIPELINES}/default/stages/closedwon/audit", None, 200),
    "list_owners": ("GET", "/crm/owners/2099-01", None, 200),
    "read_owner": ("GET", "/crm/owners/2099-01/71000001", None, 200),
    "read_account": ("GET", "/account-info/2099-01/details", None, 200),
    "read_api_usage": ("GET", "/account-info/2099-01/api-usage/daily/private-apps", None, 200),
    "order_high_usage_report": (
        "POST",
        "/crm/associations/2099-01/usage/high-usage-report/42",
        None,
        200,
    ),
}


def test_one_declaration_serves_all_that_a_dated_version_serves():
    served, pattern = (
        [
            (route.operation, route.method, route.path.replace(surface.version, "VERSION"))
            for route in surface.routes()
        ]
        for surface in (dated("2099-01"), v2026_03.SURFACE)
    )
    assert served == pattern
    assert served


def test_every_operation_that_is_not_of_v3_alone_has_a_request_here():
    """Nor of OAuth, whose operations answer to tokens alone: see the tests of `tests/conformance`."""
    assert REQUESTS.keys() == {
        each.name
        for each in OPERATIONS
        if not each.family.startswith("named_")
        and not each.is_public
        and each.family not in ("owners_slash", "integrator", "older_properties", "older_pipelines")
    }


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_new_version_serves_every_operation(name: str):
    app = application(routes=ROUTES)
    await ask(app, "PUT", "/crm/v4/objects/contacts/1/associations/default/companies/2")
    method, path, body, status = REQUESTS[name]
    answer = await ask(app, method, path, body)
    assert (answer.status, answer.body[:300]) == (status, answer.body[:300])
    assert (answer.body == b"") == (status == 204)


async def test_a_change_holds_in_its_version_alone():
    app = application(routes=ROUTES)
    body = REQUESTS["dissociate_batch"][2]
    for version, status in (("2099-01", 204), ("2026-03", 200), ("2025-09", 200)):
        path = f"/crm/associations/{version}/contacts/companies/batch/archive"
        assert (await ask(app, "POST", path, body)).status == status
    for version, default_path in (("2099-01", "batch/associate/default"), ("2026-03", "batch/default")):
        path = f"/crm/associations/{version}/contacts/companies/{default_path}"
        assert (await ask(app, "POST", path, {"inputs": [ENDS]})).status == 404


async def test_a_page_of_a_new_version_leads_to_the_next_one_of_the_same():
    app = application(routes=ROUTES)
    for company in (2, 3):
        await ask(app, "PUT", f"{PAIR}/default/companies/{company}")
    page = (await ask(app, "GET", f"{PAIR}/companies", query="limit=1")).json()
    assert f"{PAIR}/companies?" in page["paging"]["next"]["link"]


def test_a_new_version_is_described_with_the_others():
    paths = openapi_document(ROUTES)["paths"]
    assert "post" in paths["/crm/associations/2099-01/{fromObjectType}/{toObjectType}/batch/default"]
    assert {operation["tags"][0] for path in paths.values() for operation in path.values()} >= {
        "2099-01",
        "v4",
    }


def test_a_version_without_a_family_serves_none_of_it():
    labels = Surface("2099-01", "/x", {"labels": ("/crm/associations/2099-01",)})
    assert [route.operation.name for route in labels.routes()] == [
        "list_labels",
        "create_label",
        "update_label",
        "delete_label",
    ]
    assert list(Surface("2099-01", "/x", {}).routes()) == []


def test_a_version_may_leave_out_single_operations():
    version = dated("2099-01", absent=("merge_records", "read_owner"))
    named = {route.operation.name for route in version.routes()}
    assert named == {route.operation.name for route in NEW.routes()} - {"merge_records", "read_owner"}


@pytest.mark.parametrize(
    ("changes", "absent", "message"),
    [
        ({"list_labels": {"family": "limits"}}, (), "family"),
        ({"list_lables": {"statuses": (200,)}}, (), "list_lables"),
        ({}, ("list_lables",), "list_lables"),
    ],
)
def test_what_a_version_cannot_say_is_an_error(
    changes: dict[str, dict[str, Any]], absent: tuple[str, ...], message: str
):
    with pytest.raises(ValueError, match=message):
        dated("2099-01", changes, absent=absent)


def test_a_change_to_a_field_that_operations_do_not_have_is_an_error():
    odd = Surface("2099-01", "/x", NEW.prefixes, {"list_labels": {"colour": "blue"}})
    with pytest.raises(TypeError, match="colour"):
        list(odd.routes())
