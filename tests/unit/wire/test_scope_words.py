"""Every scope has words that a person understands, under the object type it is about."""

import pytest

from edgewise.data.scopes import scope_facts
from edgewise.wire.scope_words import grouped, words_of


@pytest.mark.parametrize(
    ("scope", "group", "words"),
    [
        ("oauth", "Account", "Know which portal it is connected to"),
        ("crm.objects.contacts.read", "Contacts", "Read contacts"),
        ("crm.objects.deals.write", "Deals", "Change deals"),
        ("crm.objects.line_items.read", "Line items", "Read line items"),
        ("crm.objects.partner-clients.write", "Partner clients", "Change partner clients"),
        ("crm.objects.deals.sensitive.read.v2", "Deals", "Read sensitive data of deals"),
        ("crm.objects.deals.highly_sensitive.write", "Deals", "Change highly sensitive data of deals"),
        ("crm.objects.custom.read", "Custom objects", "Read records of custom objects"),
        ("crm.schemas.custom.write", "Custom objects", "Change how custom objects are set up"),
        ("tickets", "Tickets", "Read and change tickets"),
        ("tickets.sensitive.v2", "Tickets", "Read and change sensitive data of tickets"),
        ("e-commerce", "Products and line items", "Read and change products and line items"),
        ("crm.pipelines.orders.write", "Orders", "Change the pipelines of orders"),
        ("automation", "Automation", "Read and change automations"),
        ("made-up", "Other", "Use made-up"),
    ],
)
def test_a_scope_reads_as_a_person_would_say_it(scope: str, group: str, words: str):
    assert words_of(scope) == (group, words)


@pytest.mark.parametrize("scope", scope_facts().every)
def test_every_known_scope_is_described(scope: str):
    group, words = words_of(scope)
    assert group != "Other"
    assert not set("._") & set(words)
    assert ("hange" in words) == (".write" in scope or (".read" not in scope and scope != "oauth"))


def test_scopes_of_one_object_type_stand_together():
    groups = grouped(["crm.objects.deals.read", "oauth", "crm.objects.deals.write"])
    assert list(groups) == ["Deals", "Account"]
    assert [scope for _, scope in groups["Deals"]] == ["crm.objects.deals.read", "crm.objects.deals.write"]
