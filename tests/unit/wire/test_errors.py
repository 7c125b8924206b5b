"""Every refusal has one row in the table, and the row says it as HubSpot does."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

import edgewise
from edgewise.data import hubspot_types
from edgewise.domain import errors as rules
from edgewise.domain import errors_labels
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_pipelines import StageIdTaken
from edgewise.domain.errors_properties import PropertyValuesInvalid
from edgewise.wire import refusals
from edgewise.wire.errors import SHAPES, error_body, error_item, internal_error
from edgewise.wire.quirks import quirks_of
from tests.unit.wire.bound_refusals import BOUND_REFUSALS
from tests.unit.wire.desk import as_json
from tests.unit.wire.label_refusals import LABEL_REFUSALS
from tests.unit.wire.oauth_refusals import OAUTH_REFUSALS, OAUTH_WORDS
from tests.unit.wire.property_refusals import PROPERTY_REFUSALS, PROPERTY_SUB_CATEGORIES
from tests.unit.wire.schema_refusals import SCHEMA_REFUSALS, SCHEMA_SUB_CATEGORIES

DOCUMENTED, OBSERVED = quirks_of("documented"), quirks_of("observed")

CATALOG = Catalog(hubspot_types())
CONTACT, COMPANY, DEAL = (CATALOG.object_type(name) for name in ("contact", "company", "deal"))
PAIR = CATALOG.pair(CONTACT, COMPANY)
PRIMARY = CATALOG.known_type("HUBSPOT_DEFINED", 1)
NOTE_TO_COMPANY = CATALOG.known_type("HUBSPOT_DEFINED", 190)
AUTHENTICATION = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at "
    "https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)

SAMPLES: list[tuple[DomainError, int, str, dict[str, list[str]] | None]] = [
    (refusals.PathNotFound("/x"), 404, "No operation has the path /x", None),
    (
        refusals.MethodNotAllowed("PUT", ("GET", "POST")), 405,
        "PUT is not allowed here; allowed: GET, POST", None,
    ),
    (
        refusals.HostRefused("crm.example"), 421,
        "This server does not answer to the name crm.example; to allow it: edgewise dev --allow-host crm.example", None,
    ),
    (
        refusals.HostRefused(""), 421,
        "This server does not answer to that name; to allow it: edgewise dev --allow-host NAME", None,
    ),
    (refusals.BodyTooLarge(9), 413, "The request body is larger than the maximum of 9 bytes", None),
    (
        refusals.UnsupportedMediaType("text/plain"), 415,
        "Content type text/plain is not supported; send application/json", None,
    ),
    (refusals.NotAuthenticated(), 401, AUTHENTICATION, None),
    (
        refusals.TokenExpired(1_774_858_500_123, 1_774_858_500_123 + 200_000_000),
        401,
        "The OAuth token used to make this call expired 2 day(s) ago.",
        {"expire time": ["2026-03-30T08:15:00.123Z"]},
    ),
    (
        refusals.BodyMissing(), 400,
        "Invalid JSON input: a request body was expected, but none found", None,
    ),
    (
        refusals.BodyMalformed(2, 3, "Trailing comma"), 400,
        "Invalid input JSON on line 2, column 3: Trailing comma", None,
    ),
    (
        refusals.BodyOfWrongKind(
            1, 1, "java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>", "VALUE_STRING"
        ),
        400,
        "Invalid input JSON on line 1, column 1: Cannot deserialize value of type "
        "`java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>` from String value "
        "(token `JsonToken.VALUE_STRING`)",
        None,
    ),
    (
        refusals.FieldsMissing(1, 3, ["associationCategory", "associationTypeId"]), 400,
        "Invalid input JSON on line 1, column 3. Some required fields were not set: "
        "[associationCategory, associationTypeId]",
        None,
    ),
    (refusals.RequestTimedOut(), 408, "The request body did not arrive", None),
    (refusals.HeadTimedOut(), 408, "The request line and the headers did not arrive", None),
    (refusals.RequestMalformed(), 400, "The request is not valid HTTP/1.1", None),
    (refusals.TargetTooLong(9), 414, "The path and query are longer than the maximum of 9 bytes", None),
    (
        refusals.HeadTooLarge(99, 7), 431,
        "The request line and headers are larger than the maximum of 99 bytes and 7 headers", None,
    ),
    (
        refusals.TooManyConnections(), 503,
        "The server has too many connections right now; try again", None,
    ),
    (refusals.StoreUnavailable(), 503, "The store is unavailable right now; try again", None),
    (
        rules.ReadNotReached(2.5), 503,
        "The request could not be begun within 2.5 seconds; try again", None,
    ),
    (rules.ReadTooLong(10.0), 504, "The request took longer than 10 seconds; ask for less", None),
    (rules.TooManyWrites(), 503, "The server has too many changes to make right now; try again", None),
    (rules.Stopping(), 503, "The server is stopping; try again", None),
    (rules.UnknownObjectType("butterflies"), 400, "Unable to infer object type from: butterflies", None),
    (rules.InvalidObjectTypeId("0-9999"), 400, "Invalid object or event type id: 0-9999", None),
    (
        rules.InvalidRecordId("x"), 404,
        "Object not found.  objectId are usually numeric.", {"id": ["x"]},
    ),
    (
        rules.NonPositiveRecordId("0"), 404,
        "Object not found. objectId is usually positive.", {"id": ["0"]},
    ),
    (
        rules.InvalidUserId("x"), 400,
        "userId must be a number from 1 to 2147483647, not x", {"userId": ["x"]},
    ),
    (
        rules.ReportNotFound("7"), 404,
        "There is no report 7, or it is not finished yet", {"id": ["7"]},
    ),
    (rules.InvalidIdentifier("X"), 400, "X is not a valid ID", {"id": ["X"]}),
    (rules.InvalidCursor("?"), 400, "Invalid paging cursor: ?", {"after": ["?"]}),
    (
        rules.InvalidPageSize("0", 500), 400,
        "limit must be a number from 1 to 500, not 0", {"limit": ["0"]},
    ),
    (
        rules.TooManyInputs(100), 400,
        "The maximum number of inputs supported in a batch is 100. "
        "Please reduce the number of items and try again",
        None,
    ),
    (
        rules.DuplicateInputs([123456, 7]), 400,
        "Duplicate IDs found in batch input: [123456, 7]. IDs must be unique", {"ids": ["123456", "7"]},
    ),
    (
        rules.SelfLink(211762804612), 400,
        "Object 211762804612 cannot be associated to itself (211762804612)", None,
    ),
    (
        rules.NoDefaultType(CONTACT, DEAL), 400,
        "No default association type exists between contacts and deals",
        {"fromObjectType": ["contact"], "toObjectType": ["deal"]},
    ),
    (
        rules.UnknownAssociationType("USER_DEFINED", 3), 400, "One or more associations are invalid",
        {
            "associationSpec": ["USER_DEFINED=3"],
            "INVALID_ASSOCIATION_TYPE_ID": ["USER_DEFINED=3 is not a valid association definition id"],
        },
    ),
    (
        rules.WrongAssociationType(PRIMARY, [(CONTACT, 38374264688)], PAIR), 400,
        "One or more associations are invalid",
        {
            "INVALID_OBJECT_IDS": ["CONTACT=38374264688 is not valid"],
            "objectId": ["38374264688"],
            "objectType": ["CONTACT"],
        },
    ),
    (
        rules.InvalidAssociationType("0-5", "CONTACT", "DEAL"), 400,
        "0-5 is not a valid association type between CONTACT and DEAL",
        {"type": ["0-5"], "fromObjectType": ["CONTACT"], "toObjectType": ["DEAL"]},
    ),
    (
        rules.LimitOutOfRange("USER_DEFINED", 1, 11, 1, 10), 400,
        "maxToObjectIds must be from 1 to 10 for USER_DEFINED=1, not 11",
        {"associationSpec": ["USER_DEFINED=1"], "maxToObjectIds": ["11"]},
    ),
    (
        rules.AssociationLimitReached(CONTACT, 7, "HUBSPOT_DEFINED", 279, 10), 400,
        "CONTACT=7 cannot have more than 10 associations of type HUBSPOT_DEFINED=279",
        {
            "limit": ["10"], "associationSpec": ["HUBSPOT_DEFINED=279"],
            "objectId": ["7"], "objectType": ["CONTACT"],
        },
    ),
    (
        rules.AssociationLimitReached(CONTACT, None, "USER_DEFINED", 1, 2), 400,
        "CONTACT cannot have more than 2 associations of type USER_DEFINED=1",
        {"limit": ["2"], "associationSpec": ["USER_DEFINED=1"], "objectType": ["CONTACT"]},
    ),
    (
        rules.WrongInlineType(NOTE_TO_COMPANY, "from", "0-46", "0-1"), 400,
        "invalid from object type 0-1 for associations to be created. expected: 0-46. For definition 0-190",
        None,
    ),
    (
        rules.LinkEndsMissing([(CONTACT, 5), (COMPANY, 6)]), 400, "One or more associations are invalid",
        {
            "INVALID_OBJECT_IDS": ["CONTACT=5 is not valid", "COMPANY=6 is not valid"],
            "objectId": ["5", "6"],
            "objectType": ["CONTACT", "COMPANY"],
        },
    ),
    (
        rules.SourceNotFound(CONTACT, 9993051), 404, "No contact with ID 9993051 exists",
        {"objectType": ["contact"], "id": ["9993051"]},
    ),
    (
        rules.TargetNotFound(COMPANY, 9993052), 404, "No company with ID 9993052 exists",
        {"objectType": ["company"], "id": ["9993052"]},
    ),
    (
        rules.NoAssociations(CONTACT, COMPANY, 103107104018), 404,
        "No company is associated with contact 103107104018.",
        {"fromObjectId": ["103107104018"], "fromObjectType": ["contact"], "toObjectType": ["company"]},
    ),
    (rules.RecordNotFound(CONTACT, 5), 404, "resource not found", None),
    (
        rules.RecordsNotFound(CONTACT, ["5", "x"]), 404,
        "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.",
        {"ids": ["5", "x"]},
    ),
    (rules.ValueInUse(CONTACT, 171591000198), 409, "Contact already exists. Existing ID: 171591000198", None),
    (rules.ValueInUse(CONTACT, 5, True), 409, "Contact already exists", {"existingId": ["5"]}),
    (rules.ValueInUse(CONTACT, None, True), 409, "Contact already exists", None),
    (
        rules.InvalidPropertyValue("size"), 400,
        "The value of property size must be text", {"propertyName": ["size"]},
    ),
    (rules.SelfMerge(5), 400, "Object 5 cannot be merged with itself", {"id": ["5"]}),
    (rules.SearchTooLarge("filterGroups", 5), 400, "A search may have at most 5 filterGroups", None),
    (
        rules.SearchOutOfReach(9999, 10000), 400,
        "Results of a search end at 10000; after and limit must not lead beyond", {"after": ["9999"]},
    ),
    (rules.UnknownOperator("LIKE"), 400, "LIKE is not an operator of filters", {"operator": ["LIKE"]}),
    (
        rules.FilterIncomplete("size", "IN", "values"), 400,
        "A filter with the operator IN needs values", {"propertyName": ["size"], "operator": ["IN"]},
    ),
    (
        rules.InvalidLinkFilter("associations.company", "GT"), 400,
        "associations.company can be filtered with EQ and IN only, not with GT",
        {"propertyName": ["associations.company"], "operator": ["GT"]},
    ),
    (
        rules.UnknownSortDirection("UP"), 400,
        "UP is not a direction; results are sorted ASCENDING or DESCENDING", {"direction": ["UP"]},
    ),
    *BOUND_REFUSALS,
    *LABEL_REFUSALS,
    *OAUTH_REFUSALS,
    *PROPERTY_REFUSALS,
    *SCHEMA_REFUSALS,
]  # fmt: skip

SUB_CATEGORIES = {
    rules.InvalidIdentifier: "crm.associations.INVALID_IDENTIFIER",
    rules.SourceNotFound: "crm.associations.FROM_OBJECT_NOT_FOUND",
    rules.TargetNotFound: "crm.associations.TO_OBJECT_NOT_FOUND",
    rules.NoAssociations: "crm.associations.NO_ASSOCIATIONS_FOUND",
    rules.InvalidAssociationType: "crm.associations.INVALID_ASSOCIATION_TYPE",
    errors_labels.LabelTextTaken: "AssociationValidationError.DUPLICATE_ASSOCIATION_LABEL",
    rules.AssociationLimitReached: "crm.associations.ASSOCIATION_LIMIT_EXCEEDED",
    **PROPERTY_SUB_CATEGORIES,
    **SCHEMA_SUB_CATEGORIES,
}
WITHOUT_CATEGORY = {
    rules.UnknownObjectType,
    rules.InvalidObjectTypeId,
    refusals.BodyMalformed,
    refusals.BodyOfWrongKind,
    StageIdTaken,
}


ELSEWHERE = {refusals.MissingScopes, refusals.RateLimited, rules.TooManyReads, PropertyValuesInvalid}
"""Refusals that have keys of their own: test_missing_scopes.py, test_property_shapes.py, and test_throttle.py and
test_reads.py of the tests of http."""


def _subclasses(parent: type[Any]) -> Iterator[type[Any]]:
    for each in parent.__subclasses__():
        yield each
        yield from _subclasses(each)


def _import_everything() -> None:
    for module in pkgutil.walk_packages(edgewise.__path__, "edgewise."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def _errors() -> set[type[Any]]:
    """Every class that can be raised: those without further ones below, of the product itself."""
    _import_everything()
    own = {each for each in _subclasses(DomainError) if each.__module__.startswith("edgewise.")}
    return {each for each in own if not each.__subclasses__()}


def test_every_refusal_has_a_row():
    assert _errors() - SHAPES.keys() == set()


def test_every_row_is_of_a_refusal():
    assert SHAPES.keys() - _errors() == set()


def test_every_row_has_a_sample_here_but_those_with_tests_of_their_own():
    assert {type(error) for error, *_ in SAMPLES} == SHAPES.keys() - ELSEWHERE


@pytest.mark.parametrize(("error", "status", "message", "context"), SAMPLES, ids=lambda x: type(x).__name__)
def test_a_failed_request_reads_as_recorded(
    error: DomainError, status: int, message: str, context: dict[str, list[str]] | None
):
    correlation_id = str(uuid4())
    found_status, body = error_body(error, correlation_id, DOCUMENTED)
    read = as_json(body)
    assert (found_status, read["message"]) == (status, message)
    assert (read["status"], read["correlationId"]) == ("error", correlation_id)
    assert read.get("context") == context
    assert read.get("subCategory") == SUB_CATEGORIES.get(type(error))
    assert {"errors", "links"}.isdisjoint(read)


@pytest.mark.parametrize(("error", "status", "message", "context"), SAMPLES, ids=lambda x: type(x).__name__)
def test_a_failed_input_says_the_same_as_a_failed_request(
    error: DomainError, status: int, message: str, context: dict[str, list[str]] | None
):
    item, (_, body) = as_json(error_item(error, OBSERVED)), error_body(error, "-", DOCUMENTED)
    read = as_json(body)
    assert {**item, "correlationId": "-"} == read
    assert "correlationId" not in item


@pytest.mark.parametrize("error", [sample[0] for sample in SAMPLES], ids=lambda x: type(x).__name__)
def test_a_context_holds_lists_of_texts_only(error: DomainError):
    for body in (error_item(error, DOCUMENTED), error_body(error, "-", DOCUMENTED)[1]):
        for name, values in as_json(body).get("context", {}).items():
            assert isinstance(name, str)
            assert isinstance(values, list)
            assert values
            assert all(isinstance(value, str) for value in values)


@pytest.mark.parametrize("error", [sample[0] for sample in SAMPLES], ids=lambda x: type(x).__name__)
def test_only_the_errors_recorded_without_a_category_lack_it_and_only_as_observed(error: DomainError):
    _, always = error_body(error, "-", DOCUMENTED)
    _, recorded = error_body(error, "-", OBSERVED)
    assert as_json(always)["category"] == SHAPES[type(error)].category
    assert ("category" not in as_json(recorded)) == (type(error) in WITHOUT_CATEGORY)


@pytest.mark.parametrize("error", [sample[0] for sample in SAMPLES], ids=lambda x: type(x).__name__)
def test_a_full_item_has_every_published_key_and_a_sparse_one_only_what_says_something(error: DomainError):
    full, sparse = as_json(error_item(error, DOCUMENTED)), as_json(error_item(error, OBSERVED))
    assert full["errors"] == []
    assert full["links"] == {}
    assert full["context"] == sparse.get("context", {})
    assert sparse.keys() <= {"status", "category", "subCategory", "message", "context"}
    assert {**sparse, "context": full["context"], "errors": [], "links": {}} == full


def test_an_item_always_has_its_category():
    for error, *_ in SAMPLES:
        assert as_json(error_item(error, OBSERVED))["category"] == SHAPES[type(error)].category


def test_keys_come_in_the_order_that_was_recorded():
    error = rules.NoAssociations(CONTACT, COMPANY, 1)
    assert list(as_json(error_body(error, "-", DOCUMENTED)[1])) == [
        "status", "message", "correlationId", "context", "category", "subCategory"
    ]  # fmt: skip
    assert list(as_json(error_item(error, OBSERVED))) == [
        "status", "category", "subCategory", "message", "context"
    ]  # fmt: skip


def test_categories_follow_the_status():
    by_status = {400: "VALIDATION_ERROR", 401: "INVALID_AUTHENTICATION", 404: "OBJECT_NOT_FOUND"}
    for error_type, shape in SHAPES.items():
        if error_type in OAUTH_WORDS:
            assert shape.category == OAUTH_WORDS[error_type][0]
        elif shape.status in by_status and error_type is not refusals.TokenExpired:
            assert shape.category == by_status[shape.status], error_type


def test_a_failure_of_ours_tells_nothing_but_its_correlation_id():
    assert as_json(internal_error("abc")) == {
        "status": "error", "message": "internal error", "correlationId": "abc", "category": "INTERNAL_ERROR"
    }  # fmt: skip
