"""Which scopes of a published list would do, by what is done and to which object types."""

from collections.abc import Iterable

import pytest

from edgewise.domain.scopes import Access, ScopeRules
from tests.contract.toy_types import COMPANIES, CONTACTS, DEALS
from tests.unit.domain.toy_catalog import CARS

RULES = ScopeRules(
    {CONTACTS.code: ("crm.objects.contacts", "contacts"), COMPANIES.code: ("shop", "crm.objects.companies")},
    ("crm.objects.custom",),
    frozenset({"oauth"}),
)
PUBLISHED = (
    "contacts",
    "crm.objects.companies.read",
    "crm.objects.companies.write",
    "crm.objects.contacts.highly_sensitive.write",
    "crm.objects.contacts.read",
    "crm.objects.contacts.sensitive.write.v2",
    "crm.objects.contacts.write",
    "crm.objects.contacts_of_others.write",
    "crm.objects.custom.write",
    "media.read",
    "oauth",
    "shop",
    "shop.sensitive.v2",
)


def _granting(access: Access, *scopes: str) -> set[str]:
    return set(RULES.granting(scopes, access))


def _demanded(access: Access, *object_types: object, scopes: Iterable[str] = PUBLISHED) -> tuple[str, ...]:
    return RULES.demanded(tuple(scopes), access, object_types)


@pytest.mark.parametrize("scope", ["a.read", "a.sensitive.read", "a.b.highly_sensitive.read.v2"])
def test_a_scope_named_for_reading_lets_read_only(scope: str):
    assert _granting(Access.READ, scope) == {scope}
    assert _granting(Access.WRITE, scope) == set()


@pytest.mark.parametrize("scope", ["a.write", "a.sensitive.write", "a.b.highly_sensitive.write.v2"])
def test_a_scope_named_for_writing_lets_write_only(scope: str):
    assert _granting(Access.WRITE, scope) == {scope}
    assert _granting(Access.READ, scope) == set()


@pytest.mark.parametrize("scope", ["tickets", "e-commerce", "tickets.highly_sensitive.v2", "readers.writer"])
def test_a_scope_named_for_neither_lets_do_both(scope: str):
    assert _granting(Access.READ, scope) == _granting(Access.WRITE, scope) == {scope}


def test_a_scope_that_only_lets_an_app_in_lets_it_do_nothing():
    assert _granting(Access.READ, "oauth") == _granting(Access.WRITE, "oauth") == set()


def test_the_plainest_scope_comes_first_and_the_rest_by_name():
    assert RULES.granting(reversed(PUBLISHED), Access.WRITE) == [
        "contacts",
        "crm.objects.companies.write",
        "crm.objects.contacts.write",
        "crm.objects.contacts_of_others.write",
        "crm.objects.custom.write",
        "shop",
        "crm.objects.contacts.sensitive.write.v2",
        "shop.sensitive.v2",
        "crm.objects.contacts.highly_sensitive.write",
    ]


def test_an_object_type_demands_a_scope_of_its_own_its_usual_one_first():
    assert _demanded(Access.READ, CONTACTS) == ("crm.objects.contacts.read", "contacts")
    assert _demanded(Access.WRITE, COMPANIES) == ("shop", "crm.objects.companies.write", "shop.sensitive.v2")


def test_scopes_for_sensitive_data_will_do_too_and_come_last():
    assert _demanded(Access.WRITE, CONTACTS) == (
        "crm.objects.contacts.write",
        "contacts",
        "crm.objects.contacts.sensitive.write.v2",
        "crm.objects.contacts.highly_sensitive.write",
    )


def test_a_scope_of_either_end_will_do():
    assert _demanded(Access.READ, CONTACTS, COMPANIES) == (
        "crm.objects.contacts.read",
        "contacts",
        "shop",
        "crm.objects.companies.read",
        "shop.sensitive.v2",
    )
    assert set(_demanded(Access.READ, COMPANIES, CONTACTS)) == set(
        _demanded(Access.READ, CONTACTS, COMPANIES)
    )


def test_an_object_type_on_both_ends_is_named_once():
    assert _demanded(Access.WRITE, CONTACTS, CONTACTS) == _demanded(Access.WRITE, CONTACTS)


def test_every_custom_object_type_has_the_scopes_of_custom_ones():
    assert _demanded(Access.WRITE, CARS) == ("crm.objects.custom.write",)


def test_an_end_without_scopes_leaves_it_to_the_other():
    assert _demanded(Access.READ, DEALS, CONTACTS) == _demanded(Access.READ, CONTACTS)


def test_where_the_list_has_nothing_for_the_types_any_of_it_will_do():
    everything = tuple(RULES.granting(PUBLISHED, Access.READ))
    assert _demanded(Access.READ, DEALS) == everything
    assert _demanded(Access.READ, CARS) == everything
    assert _demanded(Access.READ) == everything


def test_nothing_is_demanded_that_the_list_does_not_have():
    assert _demanded(Access.READ, CONTACTS, scopes=["crm.objects.contacts.read"]) == (
        "crm.objects.contacts.read",
    )
