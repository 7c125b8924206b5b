"""What a path may name: object types come first, the source before the target, then record ids, then the rest."""

import re

import pytest

from edgewise import wiring
from edgewise.surfaces.surface import Route
from tests.conformance.errors import NOT_FOUND, assert_error
from tests.support import paths
from tests.support.crm import Crm

ROUTES = wiring.routes()
WITH_SOURCE = [route for route in ROUTES if re.search(r"{(objectType|fromObjectType)}", route.path)]
WITH_TARGET = [route for route in ROUTES if "{toObjectType}" in route.path]
WITH_RECORD = [route for route in ROUTES if re.search(r"bjectId}", route.path)]

UNKNOWN_TYPES = [
    ("butterflies", "Unable to infer object type from: butterflies"),
    ("Butterflies", "Unable to infer object type from: Butterflies"),
    ("lists", "Unable to infer object type from: lists"),
    ("p1_spaceships", "Unable to infer object type from: p1_spaceships"),
    ("0-9999", "Invalid object or event type id: 0-9999"),
    ("0-6", "Invalid object or event type id: 0-6"),
    ("0-41", "Invalid object or event type id: 0-41"),
    ("2-9999", "Invalid object or event type id: 2-9999"),
]


def _route_id(route: Route) -> str:
    return f"{route.path}-{route.method}"


def _call(live: Crm, route: Route, **values: str):
    """Call a route with everything wrong that is not given: record ids, cursor, limit and body."""
    path = re.sub(r"{(\w+)}", lambda found: values.get(found.group(1), "x"), route.path)
    body = b"{" if route.operation.request else None
    return live.call(route.method, path, body, params={"after": "!", "limit": "x"})


@pytest.mark.parametrize("route", WITH_SOURCE, ids=_route_id)
def test_the_source_type_is_judged_before_everything_else(live: Crm, route: Route):
    answer = _call(live, route, objectType="moths", fromObjectType="moths", toObjectType="butterflies")
    assert_error(live, answer, 400, "Unable to infer object type from: moths", has_recorded_category=False)


@pytest.mark.parametrize("route", WITH_TARGET, ids=_route_id)
def test_the_target_type_is_judged_before_ids_and_body(live: Crm, route: Route):
    answer = _call(live, route, objectType="contacts", fromObjectType="contacts", toObjectType="butterflies")
    message = "Unable to infer object type from: butterflies"
    assert_error(live, answer, 400, message, has_recorded_category=False)


@pytest.mark.parametrize(("name", "message"), UNKNOWN_TYPES)
@pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
def test_an_unknown_type_is_named_as_the_client_wrote_it(live: Crm, version, name, message):
    as_source = live.put(paths.default_link(version, name, 1, "contacts", 2))
    as_target = live.put(paths.default_link(version, "contacts", 1, name, 2))
    assert_error(live, as_source, 400, message, has_recorded_category=False)
    assert_error(live, as_target, 400, message, has_recorded_category=False)


@pytest.mark.parametrize("route", WITH_RECORD, ids=_route_id)
def test_the_record_id_is_judged_before_query_and_body(live: Crm, route: Route):
    answer = _call(live, route, objectType="deals", fromObjectType="deals", toObjectType="contacts")
    _assert_not_numeric(live, answer, "x")


@pytest.mark.parametrize("text", ["abc", "1.5", "12a", "٣", "1e3", "99999999999999999999"])
@pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
def test_an_id_that_is_no_number_is_not_found(live: Crm, version, text):
    _assert_not_numeric(live, live.get(paths.links(version, "contacts", text, "companies")), text)
    _assert_not_numeric(live, live.put(paths.default_link(version, "contacts", text, "companies", "y")), text)
    _assert_not_numeric(live, live.put(paths.default_link(version, "contacts", 1, "companies", text)), text)
    _assert_not_numeric(live, live.delete(paths.link(version, "contacts", 1, "companies", text)), text)


@pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
def test_a_record_with_an_id_that_is_no_number_is_not_found(live: Crm, version):
    path = paths.record(version, "contacts", "someone@example.org")
    for answer in (live.get(path), live.patch(path, {"properties": {}}), live.delete(path)):
        _assert_not_numeric(live, answer, "someone@example.org")


@pytest.mark.parametrize("text", ["0", "-1", "-99999999999999999999"])
def test_an_id_below_one_is_not_found_in_words_of_its_own(live: Crm, text):
    answer = live.get(paths.links("v4", "contacts", text, "companies"))
    message = "Object not found. objectId is usually positive."
    assert_error(live, answer, 404, message, NOT_FOUND, {"id": [text]})


def test_leading_zeros_of_an_id_do_not_matter(live: Crm):
    contact, company = live.pair()
    assert live.put(paths.default_link("v4", "contacts", f"00{contact}", "companies", company)).is_success
    assert list(live.links("contacts", contact, "companies")) == [company]


@pytest.mark.parametrize("limit", ["0", "-1", "501", "1.5", "ten", "", "5000000000"])
@pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
def test_a_limit_outside_one_to_500_is_refused(live: Crm, version, limit):
    answer = live.get(paths.links(version, "contacts", 1, "companies"), params={"limit": limit})
    message = f"limit must be a number from 1 to 500, not {limit}"
    assert_error(live, answer, 400, message, context={"limit": [limit]})


@pytest.mark.parametrize("version", paths.RECORD_VERSIONS)
def test_a_limit_of_records_outside_one_to_100_is_refused(live: Crm, version):
    answer = live.get(paths.records(version, "contacts"), params={"limit": "101"})
    assert_error(
        live, answer, 400, "limit must be a number from 1 to 100, not 101", context={"limit": ["101"]}
    )


@pytest.mark.parametrize("cursor", ["x", "MC0yLXg%3D", "MC0yLTc1MDIh", "7502", "MC0tMi03NTAy"])
@pytest.mark.parametrize("version", paths.ASSOCIATION_VERSIONS)
def test_a_cursor_that_no_page_ended_with_is_refused(live: Crm, version, cursor):
    answer = live.get(f"{paths.links(version, 'contacts', 1, 'companies')}?after={cursor}")
    shown = cursor.replace("%3D", "=")
    assert_error(live, answer, 400, f"Invalid paging cursor: {shown}", context={"after": [shown]})


def test_a_cursor_of_a_record_list_is_a_number(live: Crm):
    answer = live.get(paths.records("v3", "contacts"), params={"after": "MC0yLTc1MDI="})
    message = "Invalid paging cursor: MC0yLTc1MDI="
    assert_error(live, answer, 400, message, context={"after": ["MC0yLTc1MDI="]})


def _assert_not_numeric(live: Crm, answer, text: str) -> None:
    message = "Object not found.  objectId are usually numeric."
    assert_error(live, answer, 404, message, NOT_FOUND, {"id": [text]})
