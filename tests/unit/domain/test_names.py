"""Types by name or number, as v3 has them, and what linking and unlinking by them comes to."""

from dataclasses import replace

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors import InvalidAssociationType, InvalidIdentifier, SelfLink
from edgewise.domain.model import Category, LinkRemoval, LinkWrite, PutLinks, type_key
from edgewise.domain.names import NamedInput, associate_named, only_type, remove_named
from edgewise.domain.rules import Rules
from tests.contract.toy_types import (
    ADVISES,
    AUDITS,
    BILLING,
    COMPANIES,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACTS,
    DEALS,
    PRIMARY,
    SYNCED,
)
from tests.unit.domain.toy_catalog import AT, CARS, DRIVES, pair

PORTAL = 101
RULES = Rules()
HUBSPOT = Catalog(hubspot_types())
UNLABELLED = "contact_to_company_279"


def _hubspot_pair(source: str, target: str) -> PairTypes:
    return HUBSPOT.pair(HUBSPOT.object_type(source), HUBSPOT.object_type(target))


def _link(*inputs: NamedInput, types: PairTypes | None = None, rules: Rules = RULES):
    return associate_named(PORTAL, types or pair(), rules, inputs, AT)


# Names and numbers.


@pytest.mark.parametrize(
    ("source", "target", "text", "type_id"),
    [
        ("contacts", "companies", "contact_to_company", 1),
        ("contacts", "companies", "CONTACT_TO_COMPANY", 1),
        ("contacts", "companies", "Contact_To_Company_Unlabeled", 279),
        ("contacts", "companies", "billing_contact_to_company", 931),
        ("deals", "companies", "deal_to_company", 5),
        ("deals", "companies", "deal_to_company_unlabeled", 341),
        ("contacts", "deals", "contact_to_deal", 4),
        ("projects", "companies", "project_to_company_primary", 1299),
        ("contacts", "companies", "279", 279),
        ("contacts", "companies", "0279", 279),
        ("contacts", "companies", "33", 33),
    ],
)
def test_a_type_is_found_by_name_in_any_letter_case_and_by_number(source, target, text, type_id):
    assert _hubspot_pair(source, target).spelled(text).type_id == type_id


@pytest.mark.parametrize(
    "text", ["", "test", "contact_to_deal", "280", "-1", "1.0", "HUBSPOT_DEFINED=1", "٢٧٩"]
)
def test_a_text_that_names_no_type_of_the_pair_is_refused_with_both_object_types(text):
    types = _hubspot_pair("0-1", "COMPANY")
    with pytest.raises(InvalidAssociationType) as caught:
        types.spelled(text)
    refused = caught.value
    assert (refused.text, refused.source, refused.target) == (text, "contacts", "companies")
    assert refused.pair is types


def test_a_number_is_hubspots_before_the_accounts_and_that_before_an_apps():
    integrated = replace(SYNCED, type_id=3, key=type_key(Category.INTEGRATOR_DEFINED, 3))
    types = PairTypes(CONTACTS, COMPANIES, [integrated, SYNCED, AUDITS, ADVISES, PRIMARY])
    assert [types.spelled(text) for text in ("1", "3", "7")] == [PRIMARY, AUDITS, SYNCED]


def test_a_name_is_that_of_a_listed_type_before_one_of_before_v4():
    legacy = replace(BILLING, type_id=7, key=type_key(Category.HUBSPOT_DEFINED, 7), is_legacy=True)
    named_alike = replace(legacy, type_id=8, key=type_key(Category.HUBSPOT_DEFINED, 8), is_legacy=False)
    types = PairTypes(CONTACTS, COMPANIES, [legacy, named_alike, BILLING])
    assert types.spelled(BILLING.name) is named_alike


def test_a_name_says_whether_a_source_spells_it():
    derived = {link_type.name: link_type.is_name_derived for link_type in hubspot_types().association_types}
    assert not derived["contact_to_company"]
    assert derived["order_to_company_unlabeled"]
    assert 300 < sum(derived.values()) < len(derived)


# Linking.


def test_a_named_link_comes_with_the_unlabelled_type_and_replaces_nothing():
    batch = _link(NamedInput("11", 22, BILLING.name))
    assert batch.accepted == [LinkWrite(11, 22, (CONTACT_COMPANY, BILLING))]
    assert batch.command == PutLinks(PORTAL, CONTACTS.code, COMPANIES.code, batch.accepted, AT)
    assert not batch.command.replaces_labels


def test_the_named_type_is_the_last_of_its_write():
    batch = _link(*(NamedInput(11, 22, name) for name in (PRIMARY.name, UNLABELLED, BILLING.name)))
    assert [write.types[-1] for write in batch.accepted] == [PRIMARY, CONTACT_COMPANY, BILLING]


@pytest.mark.parametrize(("is_primary", "first"), [(True, PRIMARY), (False, None)])
def test_naming_the_unlabelled_type_alone_may_make_the_first_company_primary(is_primary, first):
    batch = _link(NamedInput(11, 22, UNLABELLED), rules=Rules(first_link_is_primary=is_primary))
    assert batch.accepted == [LinkWrite(11, 22, (CONTACT_COMPANY,), first)]


def test_a_pair_without_an_unlabelled_type_gets_the_named_one_alone():
    batch = _link(NamedInput(11, 22, DRIVES.name), types=pair(CONTACTS, CARS))
    assert batch.accepted == [LinkWrite(11, 22, (DRIVES,))]


def test_an_input_without_a_type_links_nothing_and_is_no_error():
    batch = _link(NamedInput(11, 22, None), NamedInput(11, 23, UNLABELLED))
    assert [write.target_id for write in batch.accepted] == [23]
    assert (batch.positions, batch.failures) == ([1], [])


def test_a_bad_type_refuses_the_whole_call():
    with pytest.raises(InvalidAssociationType, match="nonsense"):
        _link(NamedInput(11, 22, UNLABELLED), NamedInput("x", 22, "nonsense"))


def test_a_bad_id_and_a_link_to_itself_fail_alone():
    batch = _link(
        NamedInput("x", 22, CONTACT_CONTACT.name),
        NamedInput(11, "11", CONTACT_CONTACT.name),
        NamedInput(11, 22, CONTACT_CONTACT.name),
        types=pair(CONTACTS, CONTACTS),
    )
    assert [(each.position, type(each.error)) for each in batch.failures] == [
        (0, InvalidIdentifier), (1, SelfLink),
    ]  # fmt: skip
    assert batch.positions == [2]


@pytest.mark.parametrize("must_exist", [True, False])
def test_unknown_records_are_made_where_the_rules_say(must_exist):
    batch = _link(NamedInput(11, 22, UNLABELLED), rules=Rules(records_must_exist=must_exist))
    assert batch.command.creates_records is not must_exist


# Unlinking.


def test_a_removal_takes_the_named_type_and_the_unlabelled_one_takes_all():
    names = (PRIMARY.name, UNLABELLED, "931", None)
    command = remove_named(PORTAL, pair(), [NamedInput("11", 22, name) for name in names])
    assert command.removals == [
        LinkRemoval(11, 22, (PRIMARY,)), LinkRemoval(11, 22, None), LinkRemoval(11, 22, (BILLING,)),
    ]  # fmt: skip
    assert (command.portal_id, command.source_type, command.target_type) == (
        PORTAL, CONTACTS.code, COMPANIES.code,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("item", "refusal"),
    [
        (NamedInput(11, 22, "nonsense"), InvalidAssociationType),
        (NamedInput("x", 22, UNLABELLED), InvalidIdentifier),
        (NamedInput(11, 0, None), InvalidIdentifier),
    ],
)
def test_a_removal_that_cannot_be_read_refuses_the_whole_call(item, refusal):
    with pytest.raises(refusal):
        remove_named(PORTAL, pair(), [NamedInput(11, 22, UNLABELLED), item])


# Reading.


def test_only_the_primary_is_shown_where_the_source_holds_it():
    assert only_type(pair()) is PRIMARY
    assert only_type(pair(COMPANIES, CONTACTS)) is None
    assert only_type(pair(CONTACTS, DEALS)) is None
    for source, type_id in (("contacts", 1), ("deals", 5), ("tickets", 26)):
        found = only_type(_hubspot_pair(source, "companies"))
        assert found is not None
        assert found.type_id == type_id
