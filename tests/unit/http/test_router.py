"""A path leads to its own endpoint, literal segments first, and to nothing when it has none."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgewise.http.router import Router
from edgewise.surfaces.versions import SURFACES
from edgewise.wire.refusals import MethodNotAllowed, PathNotFound

ROUTES = [route for surface in SURFACES for route in surface.routes()]


def _router(*served: str) -> Router[str]:
    """Endpoints named as they are served, like `GET /a/{b}`."""
    router: Router[str] = Router()
    for each in served:
        router.add(*each.split(" "), each)
    return router


def _api() -> Router[str]:
    router: Router[str] = Router()
    for route in ROUTES:
        router.add(route.method, route.path, route.operation.name)
    return router


def _allowed(router: Router[str], method: str, path: str) -> tuple[str, ...]:
    with pytest.raises(MethodNotAllowed) as refused:
        router.find(method, path)
    assert refused.value.method == method
    return refused.value.allowed


def _is_unknown(router: Router[str], path: str, method: str = "GET") -> bool:
    with pytest.raises(PathNotFound) as refused:
        router.find(method, path)
    return refused.value.path == path


def test_the_values_of_the_parameters_come_in_order():
    router = _router("GET /a/{x}/b/{y}/{z}")
    assert router.find("GET", "/a/1/b/2/3") == ("GET /a/{x}/b/{y}/{z}", ("1", "2", "3"))


def test_a_literal_goes_before_a_parameter_whichever_was_added_first():
    for served in (["GET /a/{x}", "GET /a/b"], ["GET /a/b", "GET /a/{x}"]):
        router = _router(*served)
        assert router.find("GET", "/a/b") == ("GET /a/b", ())
        assert router.find("GET", "/a/c") == ("GET /a/{x}", ("c",))


def test_a_literal_that_leads_nowhere_is_read_as_a_parameter():
    router = _router("POST /o/{type}/batch/read", "GET /o/{type}/{id}", "GET /o/{type}/{id}/notes/{n}")
    assert router.find("GET", "/o/contacts/batch") == ("GET /o/{type}/{id}", ("contacts", "batch"))
    assert router.find("GET", "/o/contacts/batch/notes/1") == (
        "GET /o/{type}/{id}/notes/{n}", ("contacts", "batch", "1")
    )  # fmt: skip
    assert router.find("POST", "/o/contacts/batch/read") == ("POST /o/{type}/batch/read", ("contacts",))


def test_a_literal_without_the_method_is_read_as_a_parameter_that_has_it():
    router = _router("POST /o/{type}/search", "GET /o/{type}/{id}", "PATCH /o/{type}/{id}")
    assert router.find("GET", "/o/contacts/search") == ("GET /o/{type}/{id}", ("contacts", "search"))
    assert _allowed(router, "PUT", "/o/contacts/search") == ("GET", "HEAD", "PATCH", "POST")


def test_a_record_may_have_the_id_batch():
    router = _api()
    assert router.find("GET", "/crm/v3/objects/contacts/batch") == ("read_record", ("contacts", "batch"))
    assert router.find("POST", "/crm/v3/objects/contacts/batch/read") == ("read_records_batch", ("contacts",))


def test_default_is_a_word_of_the_path_and_not_an_object_type():
    router = _api()
    path = "/crm/v4/objects/contacts/1/associations/default/companies/2"
    assert router.find("PUT", path) == ("associate_default", ("contacts", "1", "companies", "2"))
    path = "/crm/v4/objects/contacts/1/associations/default"
    assert router.find("GET", path) == ("list_associations", ("contacts", "1", "default"))


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "//", "*", "/crm", "/crm/", "/crm/v3/objects", "/crm/v3/objects/", "/crm/v3/objects//",
        "/crm/v3/objects/contacts/", "/crm/v3/objects//contacts", "//crm/v3/objects/contacts",
        "/crm/v3/objects/contacts/1/", "/crm/v3/objects//1", "/CRM/v3/objects/contacts",
        "/crm/v3/objects/contacts/1/associations", "/crm/v4/objects/contacts/1/associations//2",
        "/crm/v4/objects//1/associations/companies", "/crm/2027-03/objects/contacts", "/{objectType}",
    ],
)  # fmt: skip
def test_a_path_that_nothing_serves_is_unknown(path: str):
    router = _api()
    for method in ("GET", "POST", "DELETE"):
        assert _is_unknown(router, path, method)


def test_a_template_that_stands_for_more_serves_no_less():
    assert _is_unknown(_router("GET /a/{x}/c"), "/a/b")
    assert _is_unknown(_router("GET /a"), "/a/b")


def test_a_parameter_takes_any_text_but_none():
    router = _router("GET /a/{x}")
    for text in ("é", "a b", "{x}", "..", "%2F", "?", "\n", "0"):
        assert router.find("GET", f"/a/{text}") == ("GET /a/{x}", (text,))
    assert _is_unknown(router, "/a/")


def test_another_method_is_told_every_method_there_is_in_order():
    router = _router("PUT /a/{x}", "DELETE /a/{x}", "GET /a/{y}", "POST /a/b")
    assert _allowed(router, "PATCH", "/a/1") == ("DELETE", "GET", "HEAD", "PUT")
    assert _allowed(router, "PATCH", "/a/b") == ("DELETE", "GET", "HEAD", "POST", "PUT")
    assert _allowed(_api(), "GET", "/crm/v4/associations/contacts/companies/batch/create") == ("POST",)


def test_the_case_of_a_method_matters():
    assert _allowed(_router("GET /a"), "get", "/a") == ("GET", "HEAD")


def test_head_finds_what_get_finds():
    router = _router("GET /a/{x}", "PUT /a/b", "POST /c")
    assert router.find("HEAD", "/a/1") == ("GET /a/{x}", ("1",))
    assert router.find("HEAD", "/a/b") == ("GET /a/{x}", ("b",))
    assert _allowed(router, "HEAD", "/c") == ("POST",)


@pytest.mark.parametrize("template", ["/a/{x}", "/a/{other}"])
def test_one_path_is_served_once_for_each_method(template: str):
    router = _router("GET /a/{x}")
    router.add("POST", template, "another")
    with pytest.raises(ValueError, match="is served already") as refused:
        router.add("GET", template, "another")
    assert f"GET {template}" in str(refused.value)
    assert router.find("GET", "/a/1")[0] == "GET /a/{x}"


LITERALS = st.sampled_from(["a", "b", "c", "batch"])
TEMPLATES = st.lists(LITERALS | st.just("{x}"), min_size=1, max_size=5).map(
    lambda parts: "/" + "/".join(parts)
)
SERVED = st.lists(
    st.tuples(st.sampled_from(["GET", "POST"]), TEMPLATES), min_size=1, max_size=12, unique=True
)  # fmt: skip


@given(SERVED, st.data())
@settings(max_examples=80, deadline=None)
def test_a_template_filled_in_leads_to_its_own_endpoint(served: list[tuple[str, str]], data: st.DataObject):
    router: Router[tuple[str, str]] = Router()
    for method, template in served:
        router.add(method, template, (method, template))
    method, template = data.draw(st.sampled_from(served))
    numbers = count()
    filled = [str(next(numbers)) if part == "{x}" else part for part in template.split("/")]
    values = tuple(part for part in filled if part.isdigit())
    assert router.find(method, "/".join(filled)) == ((method, template), values)
    assert _is_unknown(router, "/".join(filled) + "/", method)


@given(
    SERVED,
    st.lists(LITERALS | st.sampled_from(["", "z"]), max_size=6),
    st.sampled_from(["GET", "POST", "PUT"]),
)
@settings(max_examples=120, deadline=None)
def test_a_path_is_found_exactly_when_a_template_matches_it(
    served: list[tuple[str, str]], segments: list[str], method: str
):
    router: Router[tuple[str, str]] = Router()
    for each in served:
        router.add(*each, each)

    def matches(template: str) -> bool:
        parts = template.split("/")[1:]
        pairs = list(zip(parts, segments, strict=False))
        return len(parts) == len(segments) and all(a == b or (a == "{x}" and b) for a, b in pairs)

    there = {each for each in served if matches(each[1])}
    path = "".join(f"/{segment}" for segment in segments)
    try:
        found, values = router.find(method, path)
    except MethodNotAllowed as refused:
        allowed = {each[0] for each in there}
        assert refused.allowed == tuple(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
        assert method not in refused.allowed
    except PathNotFound:
        assert there == set()
    else:
        assert found in {each for each in there if each[0] == method}
        filled = iter(values)
        assert "/".join(next(filled) if part == "{x}" else part for part in found[1].split("/")) == path


def test_a_slash_may_be_part_of_a_segment():
    router = _router("GET /a/{x}", "GET /a/{x}/{y}")
    assert router.find("GET", "/a/1/2", ["", "a", "1/2"]) == ("GET /a/{x}", ("1/2",))
