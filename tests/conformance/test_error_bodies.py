"""What a body may be: there, JSON, of the right kind, complete, and not too long."""

import re
from typing import get_origin

import pytest

from edgewise import wiring
from edgewise.surfaces.surface import Route
from tests.conformance.errors import VALIDATION, assert_error
from tests.support import paths
from tests.support.crm import Crm, ends, labelled

WITH_BODY = [
    route
    for route in wiring.routes()
    if route.operation.request is not None and not route.operation.is_public
]
"""What is public is OAuth's: it takes forms too, and refuses in an envelope of its own."""

EACH_ROUTE = pytest.mark.parametrize("route", WITH_BODY, ids=lambda route: f"{route.path}-{route.method}")
VERSIONS = pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
LABELS = "java.util.HashSet<com.hubspot.inbounddb.associations.base.AssociationSpec>"
OBJECT_INPUT = "com.hubspot.inbounddb.publicobject.core.v2.SimplePublicObjectBatchInput$Json"


def _send(live: Crm, route: Route, body: bytes):
    path = route.path.replace("{objectId}", "1").replace("{toObjectId}", "2")
    return live.call(route.method, re.sub(r"{\w+}", "contacts", path), body)


def _kind(place: str, expected: str, kind: str, token: str) -> str:
    return (
        f"Invalid input JSON on {place}: Cannot deserialize value of type `{expected}` "
        f"from {kind} value (token `JsonToken.{token}`)"
    )


def _missing(place: str, *fields: str) -> str:
    return f"Invalid input JSON on {place}. Some required fields were not set: [{', '.join(fields)}]"


@EACH_ROUTE
@pytest.mark.parametrize("body", [b"", b"  \n"], ids=["none", "blank"])
def test_an_operation_that_reads_a_body_wants_one(live: Crm, route: Route, body):
    message = "Invalid JSON input: a request body was expected, but none found"
    assert_error(live, _send(live, route, body), 400, message)


@EACH_ROUTE
@pytest.mark.parametrize(
    "body",
    [b'{"name":"p","label":"x","type":null', b'{"id":null, ?', b'{"x\xff":1}', b'[{"x\xff":1}]'],
    ids=["cut_off_behind_null", "broken_behind_null", "a_name_not_in_utf8", "a_name_in_a_list_not_in_utf8"],
)
def test_a_body_that_goes_wrong_where_it_is_not_looked_at_is_refused(live: Crm, route: Route, body):
    answer = _send(live, route, body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Invalid input JSON on line 1, column ")


@EACH_ROUTE
@pytest.mark.parametrize(
    ("rest", "place"),
    [
        (b"", "line 1, column 2"),
        (b"\n\n  ?", "line 3, column 3"),
        (b'"\xff', "line 1, column [0-9]+"),
        (b"]", "line 1, column 2"),
    ],
    ids=["that_ends_early", "of_other_words", "not_in_utf8", "with_a_wrong_bracket"],
)
def test_malformed_json_is_refused_with_its_place(live: Crm, route: Route, rest, place):
    is_list = get_origin(route.operation.request) is list
    rest = rest.replace(b"]", b"}") if is_list else rest
    answer = _send(live, route, (b"[" if is_list else b"{") + rest)
    error = answer.json()
    assert answer.status_code == 400
    assert re.match(rf"Invalid input JSON on {place}: \S", error["message"]), error["message"]
    assert error.get("category") == (None if live.is_observed else VALIDATION)


@VERSIONS
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'"primary"', _kind("line 1, column 1", LABELS, "String", "VALUE_STRING")),
        (b"{}", _kind("line 1, column 1", LABELS, "Object", "START_OBJECT")),
        (b" 5", _kind("line 1, column 2", LABELS, "Integer", "VALUE_NUMBER_INT")),
        (b"null", _kind("line 1, column 1", LABELS, "Null", "VALUE_NULL")),
        (b"true", _kind("line 1, column 1", LABELS, "Boolean", "VALUE_TRUE")),
    ],
    ids=["text", "object", "number", "null", "true"],
)
def test_labels_of_a_wrong_kind_are_refused_in_the_words_recorded(live: Crm, version, body, message):
    contact, company = live.pair()
    answer = live.put(paths.link(version, "contacts", contact, "companies", company), body)
    assert_error(live, answer, 400, message, has_recorded_category=False)


@pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
def test_an_array_for_an_object_is_refused_in_the_words_recorded(live: Crm, version):
    body = b'{\n    "inputs": [\n        []\n    ]\n}'
    answer = live.post(f"{paths.records(version, 'contacts')}/batch/create", body)
    message = _kind("line 3, column 9", OBJECT_INPUT, "Array", "START_ARRAY")
    assert_error(live, answer, 400, message, has_recorded_category=False)


@VERSIONS
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"[{}]", _missing("line 1, column 3", "associationCategory", "associationTypeId")),
        (b'[{"associationTypeId": 1}]', _missing("line 1, column 25", "associationCategory")),
        (b'[\n{"associationCategory": "X"}]', _missing("line 2, column 28", "associationTypeId")),
    ],
    ids=["both", "category", "type_id"],
)
def test_labels_without_their_fields_are_refused_where_they_end(live: Crm, version, body, message):
    contact, company = live.pair()
    answer = live.put(paths.link(version, "contacts", contact, "companies", company), body)
    assert_error(live, answer, 400, message)


@VERSIONS
@pytest.mark.parametrize(
    ("verb", "body", "message"),
    [
        ("create", b"{}", _missing("line 1, column 2", "inputs")),
        ("create", b'{"inputs":[{}]}', _missing("line 1, column 13", "from", "to", "types")),
        ("create", b'{"inputs":[{"from":{},"to":{"id":1},"types":[]}]}', _missing("line 1, column 21", "id")),
        ("associate/default", b'{"inputs":[{"from":{"id":1}}]}', _missing("line 1, column 28", "to")),
        ("read", b'{"inputs":[{"after":"x"}]}', _missing("line 1, column 24", "id")),
        ("archive", b'{"inputs":[{"to":[]}]}', _missing("line 1, column 20", "from")),
        (
            "labels/archive",
            b'{"inputs":[{"from":{"id":1},"to":{"id":2}}]}',
            _missing("line 1, column 42", "types"),
        ),
    ],
    ids=["inputs", "ends", "id", "to", "id_to_read", "from", "types"],
)
def test_inputs_without_their_fields_are_refused_where_they_end(live: Crm, version, verb, body, message):
    answer = live.post(paths.batch(version, "contacts", "companies", verb), body)
    assert_error(live, answer, 400, message)


@VERSIONS
@pytest.mark.parametrize(
    ("verb", "maximum", "each"),
    [
        ("create", 2000, labelled(1, 2, 279)),
        ("associate/default", 2000, ends(1, 2)),
        ("labels/archive", 2000, labelled(1, 2, 1)),
        ("archive", 2000, {"from": {"id": 1}, "to": []}),
        ("read", 1000, {"id": 1}),
    ],
)
def test_more_inputs_than_an_operation_takes_are_refused(live: Crm, version, verb, maximum, each):
    answer = live.batch(verb, "contacts", "companies", [each] * (maximum + 1), version)
    assert_error(live, answer, 400, _too_many(maximum))


@VERSIONS
@pytest.mark.parametrize(
    ("verb", "maximum", "each"), [("read", 1000, {"id": 1}), ("create", 2000, labelled(1, 2))]
)
def test_as_many_inputs_as_an_operation_takes_are_taken(live: Crm, version, verb, maximum, each):
    answer = live.batch(verb, "contacts", "companies", [each] * maximum, version)
    assert answer.status_code in (201, 207)


@pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
@pytest.mark.parametrize(("verb", "each"), [("create", {"properties": {}}), ("read", {"id": 1})])
def test_more_than_100_records_are_refused(live: Crm, version, verb, each):
    path = f"{paths.records(version, 'contacts')}/batch/{verb}"
    assert_error(live, live.post(path, {"inputs": [each] * 101}), 400, _too_many(100))


def _too_many(maximum: int) -> str:
    return (
        f"The maximum number of inputs supported in a batch is {maximum}. "
        "Please reduce the number of items and try again"
    )
