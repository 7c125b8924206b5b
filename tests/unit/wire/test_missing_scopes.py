"""A token that lacks a scope is told which would do, as HubSpot tells it, and the developer what to run."""

import json

import msgspec
import pytest

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog
from edgewise.wire.errors import error_body
from edgewise.wire.hints import hint_of
from edgewise.wire.quirks import Profile, quirks_of
from edgewise.wire.refusals import MissingScopes

CATALOG = Catalog(hubspot_types())
REQUIRED = ("crm.objects.contacts.write", "crm.objects.companies.write")


def _hint(*granted: str, required: tuple[str, ...] = REQUIRED, is_read_only: bool = False) -> str | None:
    return hint_of(MissingScopes(required, frozenset(granted), is_read_only), CATALOG)


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_the_body_is_the_documented_one_to_the_letter(profile: Profile):
    status, body = error_body(MissingScopes(REQUIRED, frozenset(), False), "an-id", quirks_of(profile))
    expected = {
        "status": "error",
        "message": "This app hasn't been granted all required scopes to make this call. "
        "Read more about required scopes here: https://developers.hubspot.com/scopes.",
        "correlationId": "an-id",
        "errors": [
            {
                "message": "One or more of the following scopes are required.",
                "context": {
                    "requiredGranularScopes": ["crm.objects.contacts.write", "crm.objects.companies.write"]
                },
            }
        ],
        "links": {"scopes": "https://developers.hubspot.com/scopes"},
        "category": "MISSING_SCOPES",
    }
    assert status == 403
    assert msgspec.json.encode(body).decode() == json.dumps(expected, separators=(",", ":"))


def test_the_hint_says_what_the_token_has_and_what_to_run():
    assert _hint("tickets", "crm.objects.contacts.read") == (
        "The token has crm.objects.contacts.read, tickets. "
        "One that may: edgewise token create --scopes crm.objects.contacts.write"
    )


def test_a_token_without_scopes_is_told_so():
    assert _hint() == (
        "The token has no scope. One that may: edgewise token create --scopes crm.objects.contacts.write"
    )


def test_a_hint_names_four_scopes_and_counts_the_rest():
    assert str(_hint("a", "b", "c", "d", "e", "f")).startswith("The token has a, b, c, d and 2 more. ")
    assert str(_hint("a", "b", "c", "d")).startswith("The token has a, b, c, d. ")


def test_a_read_only_token_is_told_that_it_is_one():
    hint = hint_of(MissingScopes(REQUIRED, None, True), CATALOG)
    assert hint == "The token is read-only. To change things, make another: edgewise token create"
    assert _hint("crm.objects.contacts.write", is_read_only=True) == hint


def test_a_hint_can_be_sent_whatever_a_scope_is_named():
    assert str(_hint("ümläut\r\nx: y")).startswith("The token has ?ml?ut??x: y. ")
