"""Every operation of every version, on a live server of each profile: the answers are as published."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest

from edgewise import wiring
from edgewise.surfaces.operations import OPERATIONS
from edgewise.surfaces.surface import Route
from tests.conformance.cases import CASES, USUAL, Case
from tests.conformance.cases_usage import crowded_pair
from tests.conformance.cases_v3 import named
from tests.conformance.documents import (
    ALLOWANCES,
    DOCUMENTS,
    Allowance,
    Published,
    allowances_of,
    complaints,
    published,
)
from tests.support.crm import ABSENT_ID, Crm
from tests.support.labels import Labels, unique
from tests.support.oauth import CLIENT, tokens_from

ROUTES = wiring.routes()

OBSERVED_STATUSES = {
    (200, "remove_limits_batch"): 204,  # the quirk purge_answer
    (201, "associate_named_batch"): 200,  # the quirk v3_create_status
}
"""What the observed profile answers in place of the usual status."""


NEVER_REFUSED = {"list_schemas"}
"""Operations that read only claims, of which whatever is not the one is the other."""

SCHEMAS_OF_GUIDES = {
    "list_pipelines": "CollectionResponsePipelineNoPaging",
    **dict.fromkeys(("create_pipeline", "read_pipeline", "update_pipeline", "replace_pipeline"), "Pipeline"),
    "list_stages": "CollectionResponsePipelineStageNoPaging",
    **dict.fromkeys(("create_stage", "read_stage", "update_stage", "replace_stage"), "PipelineStage"),
    **dict.fromkeys(("delete_pipeline", "delete_stage"), None),
    **dict.fromkeys(("read_pipeline_audit", "read_stage_audit"), "CollectionResponsePublicAuditInfoNoPaging"),
    **dict.fromkeys(("list_owners", "list_owners_slash"), "CollectionResponsePublicOwnerForwardPaging"),
    "read_owner": "PublicOwner",
    "read_account": "PortalInformationResponse",
    "read_api_usage": "CollectionResponseApiUsageNoPaging",
    "read_me": "IntegratorInformation",
}
"""Those of pipelines, owners and accounts."""

SCHEMAS_OF_CONNECTORS = {"list_properties_v2": "PropertiesV2", "list_pipelines_v1": "PipelinesV1"}
"""Those of lists that are older than the documents."""

SCHEMAS_OF_UNPUBLISHED = {
    "list_named": "CollectionResponseAssociatedId",
    "associate_by_type": "SimplePublicObjectWithAssociations",
    "dissociate_by_type": None,
    "read_private_app_token": "PrivateAppTokenInfoResponse",
    **SCHEMAS_OF_GUIDES,
    **SCHEMAS_OF_CONNECTORS,
}
"""What answers look like of operations that guides alone document: schemas of the documents of records."""

DOCUMENTS_OF_UNPUBLISHED = {
    "read_private_app_token": "private-apps.v2",
    **dict.fromkeys(SCHEMAS_OF_GUIDES, "accounts"),
    **dict.fromkeys(SCHEMAS_OF_CONNECTORS, "older"),
}
"""Where such a schema is, when it is none of records."""


def _each_case() -> Iterator[tuple[Route, Case]]:
    for route in ROUTES:
        yield from ((route, case) for case in CASES if case.operation == route.operation.name)


def _send(crm: Crm, route: Route, case: Case) -> httpx2.Response:
    params, body, query = case.ask(crm)
    values = iter(params)
    path = re.sub(r"{\w+}", lambda _: next(values), route.path)
    assert next(values, None) is None, "a case with more parameters than its path has"
    return crm.call(route.method, path, body, params=query)


def _published_as(route: Route) -> Published:
    """The published operation of a route.

    A path that no document of its version has answers as one that another spelling or another version has; so does one
    of whose success its document says nothing.
    """
    if route.operation.name in SCHEMAS_OF_UNPUBLISHED:
        schemas = {route.operation.statuses[0]: SCHEMAS_OF_UNPUBLISHED[route.operation.name]}
        files = (*DOCUMENTS.get(route.version, ()), "objects.2026-09")
        records = next(file for file in files if file.startswith("objects."))
        document = DOCUMENTS_OF_UNPUBLISHED.get(route.operation.name, records)
        return Published(route.version, route.method, route.path, document, schemas)
    same_version_first = sorted(
        (each for each in ROUTES if each.operation.name == route.operation.name),
        key=lambda each: (each is not route, each.version != route.version),
    )
    addresses = [(each.version, each.method, each.path) for each in same_version_first]
    found = [published()[address] for address in addresses if address in published()]
    return next((each for each in found if each.responses), found[0])


def _schema_of(route: Route, status: int) -> str | None:
    """The schema of an answer: of an error, or the published one of its status."""
    if status >= 400:
        return "Error"
    responses = _published_as(route).responses
    if status == 204 or not responses:
        return None
    return responses.get(status, responses[route.operation.statuses[0]])


def _status_of(live: Crm, route: Route, case: Case) -> int:
    operation = route.operation
    status = case.status or operation.statuses[0]
    if live.is_observed:
        if case.status == USUAL and (status, case.operation) in OBSERVED_STATUSES:
            return OBSERVED_STATUSES[status, case.operation]
    elif status in operation.unpublished_statuses:
        return operation.statuses[0]
    return status


@pytest.mark.parametrize(
    ("route", "case"),
    [pytest.param(*each, id=f"{each[0].path}-{each[1].operation}-{each[1].says}") for each in _each_case()],
)
def test_an_answer_has_its_status_and_the_published_shape(
    live: Crm, route: Route, case: Case, record_property: Callable[[str, object], None]
):
    record_property("answered", [route.version, route.method, route.path, live.profile])
    answer = _send(live, route, case)
    assert answer.status_code == _status_of(live, route, case), answer.text
    schema = _schema_of(route, answer.status_code)
    if schema is None:
        assert answer.content in (b"", b"{}")
    else:
        allowances = allowances_of(live.profile)
        assert complaints(_published_as(route), schema, answer.json(), allowances) == [], answer.text


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_cases_cover_every_status_of_an_operation_and_a_failure(operation):
    asked = {case.status or operation.statuses[0] for case in CASES if case.operation == operation.name}
    asked |= {status for (_, name), status in OBSERVED_STATUSES.items() if name == operation.name}
    assert {status for status in asked if status < 400} == set(operation.every_status)
    can_fail = "{" in operation.path or operation.reads_body or operation.query
    assert any(status >= 400 for status in asked) or not can_fail or operation.name in NEVER_REFUSED


def _labelled_put(crm: Crm) -> httpx2.Response:
    contact, company = crm.pair()
    return crm.put(f"/crm/objects/2026-03/contacts/{contact}/associations/companies/{company}", [])


def _list(crm: Crm) -> httpx2.Response:
    contact, company = crm.pair()
    crm.link("contacts", contact, "companies", company)
    return crm.get(f"/crm/objects/2026-03/contacts/{contact}/associations/companies")


def _unknown_type(crm: Crm) -> httpx2.Response:
    return crm.get("/crm/objects/2026-03/butterflies/1/associations/companies")


def _batch_read(crm: Crm) -> httpx2.Response:
    return crm.batch("read", "contacts", "companies", [{"id": ABSENT_ID}], "2026-03")


def _unset_property(crm: Crm) -> httpx2.Response:
    return crm.get(f"/crm/objects/2026-03/contacts/{crm.one('contacts')}")


def _batch_self_link(crm: Crm) -> httpx2.Response:
    contact = crm.one("contacts")
    inputs = [{"from": {"id": contact}, "to": {"id": contact}, "types": []}]
    return crm.batch("create", "contacts", "contacts", inputs, "2026-03")


def _limits(crm: Crm) -> httpx2.Response:
    pair = "/crm/associations/2026-03/definitions/configurations/tickets/deals"
    limit = {"category": "HUBSPOT_DEFINED", "typeId": 28, "maxToObjectIds": 5_000}
    crm.post(f"{pair}/batch/create", {"inputs": [limit]})
    return crm.get("/crm/associations/2026-03/definitions/configurations/deals/tickets")


def _named_batch(crm: Crm) -> httpx2.Response:
    inputs = [named(*crm.pair(), "contact_to_company")]
    return crm.batch("create", "contacts", "companies", inputs, "v3")


def _new_label(crm: Crm) -> httpx2.Response:
    return Labels(crm, ("contacts", "orders")).post(label=unique(), name=unique())


def _ordered_report(crm: Crm) -> httpx2.Response:
    return crm.post("/crm/associations/2026-09/usage/high-usage-report/42")


def _crowded(crm: Crm) -> httpx2.Response:
    source, target = crowded_pair(crm).params
    return crm.get(f"/crm/limits/2026-09/associations/records/{source}/{target}")


def _tokens_for_nothing(crm: Crm) -> httpx2.Response:
    return crm.post("/oauth/v3/token", {})


def _dead_token(crm: Crm) -> httpx2.Response:
    return crm.post("/oauth/v3/token/introspect", CLIENT)


def _live_token(crm: Crm) -> httpx2.Response:
    token = tokens_from(crm.url)["access_token"]
    return crm.post("/oauth/2026-09/token/introspect", {**CLIENT, "token": token})


def _schema(crm: Crm) -> httpx2.Response:
    return crm.get("/crm-object-schemas/2026-03/schemas/contacts")


_SAMPLES = {
    "a schema says whose it is": _schema,
    "an association of a schema has its limits": _schema,
    "a batch by name has what is empty": _named_batch,
    "a moment in milliseconds takes more than 32 bits": _ordered_report,
    "a record id takes more than 32 bits": _crowded,
    "an unlabelled type has a null label": _list,
    "a limited type that is unlabelled has a null label": _limits,
    "an inverse type without a limit has a null limit": _limits,
    "subCategory is text": _batch_read,
    "an unset property that was asked for is null": _unset_property,
    "an error has the status error": _unknown_type,
    "a labelled PUT answers its pair and a wrapper of it": _labelled_put,
    "ids of linked records are numbers in reads": _list,
    "ids of linked records are numbers in writes": _labelled_put,
    "the ends of a new label are null": _new_label,
    "an error may lack its category": _unknown_type,
    "an error of a batch lacks what is empty": _batch_self_link,
    "an error of OAuth has the older envelope and the words of RFC 6749": _tokens_for_nothing,
    "of a dead token nothing is told": _dead_token,
    "all that other versions tell of a token is told in 2026-09 too": _live_token,
}


@pytest.mark.parametrize("allowance", ALLOWANCES, ids=lambda allowance: allowance.name.replace(" ", "_"))
def test_an_allowance_is_needed(request: pytest.FixtureRequest, allowance: Allowance):
    """An answer that passes with every allowance of its profile does not pass without this one."""
    profile = allowance.profile or "documented"
    answer = _SAMPLES[allowance.name](request.getfixturevalue(f"live_{profile}"))
    asked = answer.request
    (route,) = (
        route
        for route in ROUTES
        if route.method == asked.method
        and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), asked.url.path)
    )
    schema = _schema_of(route, answer.status_code)
    assert schema is not None
    allowed = allowances_of(profile)
    others = [each for each in allowed if each is not allowance]
    assert complaints(_published_as(route), schema, answer.json(), allowed) == []
    assert complaints(_published_as(route), schema, answer.json(), others) != []
