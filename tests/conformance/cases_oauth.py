"""Requests to the operations of OAuth, about tokens that each of them gets for itself."""

from typing import Any

from tests.conformance.case import USUAL, Asked
from tests.support.crm import Crm
from tests.support.oauth import CLIENT, OTHER_CLIENT, PRIVATE_TOKEN, code_from, exchange, tokens_from

_NEVER_GIVEN = "na1-00000000-0000-4000-8000-000000000000"


def _exchanged(crm: Crm, **changes: Any) -> Asked:
    return Asked((), exchange(code_from(crm.url), **changes))


def _refresh(crm: Crm, **changes: Any) -> Asked:
    refresh_token = tokens_from(crm.url)["refresh_token"]
    return Asked((), CLIENT | {"grant_type": "refresh_token", "refresh_token": refresh_token} | changes)


def _own(**changes: Any) -> Asked:
    return Asked((), CLIENT | {"grant_type": "client_credentials"} | changes)


def _about(crm: Crm, kind: str, client: dict[str, str] = CLIENT) -> Asked:
    return Asked((), client | {"token": tokens_from(crm.url)[kind]})


def _named(crm: Crm, kind: str) -> Asked:
    return Asked((tokens_from(crm.url)[kind],))


OAUTH = [
    ("create_token", "a_code", USUAL, _exchanged),
    ("create_token", "a_refresh_token", USUAL, _refresh),
    ("create_token", "fewer_scopes", USUAL, lambda crm: _refresh(crm, scope="crm.objects.contacts.read")),
    ("create_token", "its_own_portal", USUAL, lambda crm: _own()),
    ("create_token", "a_wrong_secret", 400, lambda crm: _exchanged(crm, client_secret="x")),
    ("create_token", "another_app", 400, lambda crm: _exchanged(crm, **OTHER_CLIENT)),
    (
        "create_token",
        "another_redirect_uri",
        400,
        lambda crm: _exchanged(crm, redirect_uri="http://localhost"),
    ),
    ("create_token", "a_verifier_too_many", 400, lambda crm: _exchanged(crm, code_verifier="v" * 43)),
    ("create_token", "a_code_that_nobody_has", 400, lambda crm: Asked((), exchange(_NEVER_GIVEN))),
    ("create_token", "more_scopes", 400, lambda crm: _refresh(crm, scope="crm.objects.deals.read")),
    ("create_token", "scopes_of_other_apps", 400, lambda crm: _own(scope="crm.objects.deals.read")),
    ("create_token", "an_unknown_grant", 400, lambda crm: _own(grant_type="password")),
    ("create_token", "nothing", 400, lambda crm: Asked((), {})),
    ("create_token", "a_value_of_a_wrong_kind", 400, lambda crm: _own(scope=["tickets"])),
    ("introspect_token", "an_access_token", USUAL, lambda crm: _about(crm, "access_token")),
    ("introspect_token", "a_refresh_token", USUAL, lambda crm: _about(crm, "refresh_token")),
    (
        "introspect_token",
        "a_token_of_another_app",
        USUAL,
        lambda crm: _about(crm, "access_token", OTHER_CLIENT),
    ),
    ("introspect_token", "no_token", USUAL, lambda crm: Asked((), CLIENT)),
    ("introspect_token", "no_client", 400, lambda crm: _about(crm, "access_token", {})),
    ("revoke_token", "an_access_token", USUAL, lambda crm: _about(crm, "access_token")),
    ("revoke_token", "a_refresh_token", USUAL, lambda crm: _about(crm, "refresh_token")),
    ("revoke_token", "a_token_that_nobody_has", USUAL, lambda crm: Asked((), CLIENT | {"token": "x"})),
    ("revoke_token", "no_client", 400, lambda crm: _about(crm, "access_token", {})),
    ("read_access_token", "a_token", USUAL, lambda crm: _named(crm, "access_token")),
    ("read_access_token", "a_token_of_another_kind", 400, lambda crm: _named(crm, "refresh_token")),
    ("read_access_token", "a_token_of_a_private_app", 400, lambda crm: Asked((PRIVATE_TOKEN,))),
    ("read_refresh_token", "a_token", USUAL, lambda crm: _named(crm, "refresh_token")),
    ("read_refresh_token", "a_token_that_nobody_has", 400, lambda crm: Asked((_NEVER_GIVEN,))),
    ("delete_refresh_token", "a_token", USUAL, lambda crm: _named(crm, "refresh_token")),
    ("delete_refresh_token", "a_token_that_nobody_has", 400, lambda crm: Asked((_NEVER_GIVEN,))),
    ("read_private_app_token", "a_token", USUAL, lambda crm: Asked((), {"tokenKey": PRIVATE_TOKEN})),
    (
        "read_private_app_token",
        "a_token_that_nobody_has",
        400,
        lambda crm: Asked((), {"tokenKey": "pat-na1-x"}),
    ),
    ("read_private_app_token", "missing_fields", 400, lambda crm: Asked((), {})),
]
