"""Sound requests to every route, of which spoiled ones are made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from edgewise import wiring
from edgewise.surfaces.own import own_routes
from edgewise.surfaces.surface import Route
from tests.conformance.case import Asked
from tests.conformance.cases import CASES
from tests.support import oauth
from tests.support.crm import Crm

ROUTES = [*wiring.routes(), *own_routes()]
_NEVER_GIVEN = "na1-00000000-0000-4000-8000-000000000000"
_FORM = {
    "client_id": oauth.CLIENT_ID,
    "ticket": "x",
    "portal": "1000001",
    "token": "x",
    "decision": "connect",
}
_TOKENS = (
    {"refresh_token": _NEVER_GIVEN, "grant_type": "refresh_token"},
    {"grant_type": "client_credentials"},
)

PAGES = (
    "/_edgewise/health",
    "/_edgewise/ready",
    "/_edgewise/metrics",
    "/_edgewise/openapi.json",
    "/",
    "/crm",
)
"""What is served beside the routes, and what is not served at all."""

BY_HAND: dict[str, list[Asked]] = {
    "create_token": [
        *(Asked((), oauth.CLIENT | each) for each in _TOKENS),
        Asked((), oauth.exchange(_NEVER_GIVEN)),
    ],
    "introspect_token": [Asked((), oauth.CLIENT | {"token": _NEVER_GIVEN})],
    "revoke_token": [Asked((), oauth.CLIENT | {"token": _NEVER_GIVEN})],
    "read_access_token": [Asked((_NEVER_GIVEN,))],
    "read_refresh_token": [Asked((_NEVER_GIVEN,))],
    "delete_refresh_token": [Asked((_NEVER_GIVEN,))],
    "list_reports": [Asked(())],
    "fetch_report": [Asked(("1",))],
    "show_consent": [Asked(("1000001",), query=dict(oauth.link_fields()))],
    "take_consent": [Asked(("1000001",), body=_FORM, query=dict(oauth.link_fields()))],
}
"""Requests about what a strict server gives to nobody who shows no more than this."""


class Seed(NamedTuple):
    """A sound request. places: the values of the path's parameters; is_form: the body is sent as a form."""

    method: str
    template: str
    places: tuple[str, ...]
    body: Any
    query: dict[str, Any]
    is_public: bool
    is_form: bool


def gather(crm: Crm, cases_each: int) -> list[Seed]:
    """Sound requests to every route, about records made for them; cases_each: at most so many for an operation."""
    asked = {name: list(_ask(crm, name, cases_each)) for name in {each.operation.name for each in ROUTES}}
    seeds = [_seed(route, each) for route in ROUTES for each in asked[route.operation.name]]
    return [*seeds, *(Seed("GET", page, (), None, {}, True, False) for page in PAGES)]


def _ask(crm: Crm, operation: str, count: int) -> Iterator[Asked]:
    if operation in BY_HAND:
        yield from BY_HAND[operation]
        return
    found = 0
    for case in sorted(CASES, key=lambda case: case.status >= 400):
        if case.operation == operation and found < count:
            with suppress(
                AssertionError, KeyError
            ):  # a portal that has all the labels it may have is no seed
                yield case.ask(crm)
                found += 1


def _seed(route: Route, asked: Asked) -> Seed:
    operation = route.operation
    form = operation.reads_body and "json" not in operation.media
    count = len(re.findall(r"{\w+}", route.path))
    return Seed(
        route.method,
        route.path,
        tuple(asked.params[:count]),
        asked.body,
        asked.query or {},
        operation.is_public,
        form,
    )
