"""A token is let through by one scope of those that an operation demands for the object types of its path."""

import dataclasses
from collections.abc import Iterable

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.accounts import usual_account
from edgewise.domain.callers import Actor, Caller
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import InvalidObjectTypeId, UnknownObjectType
from edgewise.domain.model import ObjectType, PortalTypes, object_type_code
from edgewise.domain.scopes import Access
from edgewise.surfaces.operations import OPERATIONS
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.scopes import Demands, object_types_named
from edgewise.surfaces.surface import Route, dated
from edgewise.surfaces.versions import SURFACES
from edgewise.wire.refusals import MissingScopes

EVERY_ROUTE = [*(route for surface in SURFACES for route in surface.routes()), *own_routes()]
ROUTES = [route for route in EVERY_ROUTE if not route.operation.is_public]
DEMANDS = Demands(ROUTES)
CARS = ObjectType(object_type_code("2-7"), "2-7", "car", "cars", aliases=("p101_car",))
CATALOG = Catalog(hubspot_types(), PortalTypes((CARS,)))
LINK = ("contacts", "1", "companies", "2")
READS_WITH_POST = {
    "read_associations_batch", "read_named_batch", "read_records_batch", "search_records", "order_high_usage_report",
    "read_schemas_batch", "read_properties_batch",
}  # fmt: skip
"""The report changes nothing of what is kept about customers: it reads, later."""

OPEN_TO_ALL = {"account", "integrator"}
"""What every token may ask: the scope that they demand is one which no token lacks."""


def _route(operation: str, version: str = "2026-03") -> Route:
    return next(r for r in ROUTES if (r.version, r.operation.name) == (version, operation))


def _caller(scopes: Iterable[str] | None, is_read_only: bool = False) -> Caller:
    granted = None if scopes is None else frozenset(scopes)
    return Caller(usual_account(1, 0), None, granted, is_read_only, False, Actor(0, 0, 0, "test"))


def _is_let_through(route: Route, params: tuple[str, ...], caller: Caller) -> bool:
    try:
        DEMANDS.require(route, params, CATALOG, caller)
    except MissingScopes:
        return False
    return True


def _params(route: Route) -> tuple[str, ...]:
    """Parameters for a path: its object types are contacts and companies."""
    types = dict(zip(object_types_named(route), ("contacts", "companies"), strict=False))
    return tuple(types.get(position, "1") for position in range(route.path.count("{")))


def test_what_changes_nothing_reads_and_everything_else_writes():
    for operation in (each for each in OPERATIONS if not each.is_public):
        reads = operation.method == "GET" or operation.name in READS_WITH_POST
        assert (operation.access is Access.READ) == reads, operation.name


@pytest.mark.parametrize(
    "scope",
    ["crm.objects.contacts.write", "crm.objects.companies.write", "crm.objects.companies.sensitive.write.v2"],
)
def test_a_write_scope_of_either_end_lets_link(scope: str):
    assert _is_let_through(_route("associate_default"), LINK, _caller([scope]))


@pytest.mark.parametrize(
    "scopes",
    [
        [],
        ["crm.objects.contacts.read", "crm.objects.companies.read"],
        ["crm.objects.deals.write", "tickets"],
        ["crm.schemas.contacts.write"],
        ["oauth"],
        ["crm.objects.contacts"],
        ["CRM.OBJECTS.CONTACTS.WRITE"],
    ],
)
def test_nothing_else_does(scopes: list[str]):
    with pytest.raises(MissingScopes) as refused:
        DEMANDS.require(_route("associate_default"), LINK, CATALOG, _caller(scopes))
    assert refused.value.required[:2] == ("crm.objects.contacts.write", "crm.objects.companies.write")
    assert (refused.value.granted, refused.value.is_read_only) == (frozenset(scopes), False)


def test_the_path_decides_about_the_types_however_it_spells_them():
    caller = _caller(["crm.objects.custom.write", "tickets"])
    create = _route("create_record")
    for spelling in ("tickets", "TICKET", "0-5", "2-7", "P101_car"):
        assert _is_let_through(create, (spelling,), caller)
    for spelling in ("contacts", "0-1", "0-2"):
        assert not _is_let_through(create, (spelling,), caller)


def test_an_object_type_that_no_list_has_is_left_to_any_scope():
    create = _route("create_record")
    assert _is_let_through(create, ("campaigns",), _caller(["crm.objects.deals.write"]))
    assert not _is_let_through(create, ("campaigns",), _caller(["crm.objects.deals.read", "oauth"]))


@pytest.mark.parametrize(
    "operation", ["list_limits", "order_high_usage_report", "read_link_usage", "list_crowded_targets"]
)
def test_operations_about_everything_are_open_to_any_read_scope(operation: str):
    route = _route(operation)
    assert _is_let_through(route, _params(route), _caller(["crm.objects.deals.read"]))
    assert not _is_let_through(route, _params(route), _caller(["crm.objects.deals.write"]))
    assert not _is_let_through(route, _params(route), _caller(["crm.schemas.deals.read"]))


def test_the_count_of_custom_object_types_is_for_those_who_may_read_them():
    route = _route("read_custom_object_type_usage")
    assert _is_let_through(route, (), _caller(["crm.schemas.custom.read"]))
    assert _is_let_through(route, (), _caller(["crm.objects.custom.read"]))
    assert not _is_let_through(route, (), _caller(["crm.objects.contacts.read"]))


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.version}-{r.method}-{r.path}")
def test_every_route_is_open_to_a_token_of_every_scope_and_to_no_token_without(route: Route):
    params = _params(route)
    assert _is_let_through(route, params, _caller(None))
    assert _is_let_through(route, params, _caller(DEMANDS.of(route)))
    assert _is_let_through(route, params, _caller([])) == (route.operation.family in OPEN_TO_ALL)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.version}-{r.method}-{r.path}")
@pytest.mark.parametrize("has_every_scope", [False, True])
def test_a_read_only_token_reads_and_writes_nothing(route: Route, has_every_scope: bool):
    scopes = None if has_every_scope else DEMANDS.of(route)
    may = _is_let_through(route, _params(route), _caller(scopes, is_read_only=True))
    assert may == (route.operation.access is Access.READ)


def test_a_read_only_token_is_told_what_would_let_it_write():
    with pytest.raises(MissingScopes) as refused:
        DEMANDS.require(_route("archive_record"), ("deals", "1"), CATALOG, _caller(None, is_read_only=True))
    assert refused.value.required[0] == "crm.objects.deals.write"
    assert (refused.value.granted, refused.value.is_read_only) == (None, True)


@pytest.mark.parametrize(
    "caller", [_caller([]), _caller(None, is_read_only=True)], ids=["no scope", "read-only"]
)
def test_an_unknown_object_type_comes_before_a_missing_scope(caller: Caller):
    with pytest.raises(UnknownObjectType, match="butterflies"):
        DEMANDS.require(_route("create_record"), ("butterflies",), CATALOG, caller)
    with pytest.raises(InvalidObjectTypeId, match="0-9999"):
        DEMANDS.require(_route("associate_default"), ("contacts", "1", "0-9999", "2"), CATALOG, caller)
    with pytest.raises(UnknownObjectType, match="moths"):
        DEMANDS.require(_route("read_link_usage"), ("moths", "butterflies"), CATALOG, caller)


def test_a_custom_object_type_of_one_portal_is_unknown_in_another():
    caller = _caller(["crm.objects.custom.write"])
    DEMANDS.require(_route("create_record"), ("2-7",), CATALOG, caller)
    with pytest.raises(InvalidObjectTypeId):
        DEMANDS.require(_route("create_record"), ("2-7",), Catalog(hubspot_types()), caller)


def test_routes_that_share_a_list_and_differ_in_access_do_not_answer_for_each_other():
    caller = _caller(["crm.objects.deals.read"])
    for _ in range(2):
        assert _is_let_through(_route("read_record"), ("deals", "1"), caller)
        assert not _is_let_through(_route("update_record"), ("deals", "1"), caller)
        assert not _is_let_through(_route("read_record"), ("contacts", "1"), caller)


def test_what_is_remembered_is_bounded():
    types = tuple(ObjectType(object_type_code(f"2-{n}"), f"2-{n}", f"n{n}", f"n{n}s") for n in range(10_000))
    catalog = Catalog(hubspot_types(), PortalTypes(types))
    demands = Demands([_route("create_record")])
    caller = _caller(["crm.objects.custom.write"])
    for object_type in types:
        demands.require(_route("create_record"), (object_type.id,), catalog, caller)
    assert all(len(demand.remembered) <= 4096 for _, demand in demands._of.values())


def test_a_new_version_demands_what_the_newest_demands():
    guarded = [route for route in dated("2099-01").routes() if not route.operation.is_public]
    demands = Demands(guarded)
    for route in guarded:
        newest = next(r for r in dated("2026-09").routes() if r.operation.name == route.operation.name)
        assert demands.of(route) == DEMANDS.of(newest)


def test_an_operation_that_asks_for_no_token_demands_nothing():
    route = _route("create_record")
    public = route._replace(operation=dataclasses.replace(route.operation, is_public=True, family="stars"))
    Demands([public])
    with pytest.raises(LookupError):
        Demands([route._replace(operation=dataclasses.replace(route.operation, family="stars"))])
