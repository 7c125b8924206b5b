"""Which types a portal has, by any spelling, and what links what."""

from dataclasses import replace

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors import (
    InvalidObjectTypeId,
    NoDefaultType,
    UnknownAssociationType,
    UnknownObjectType,
    WrongAssociationType,
)
from edgewise.domain.model import Category, Holder, PortalTypes, object_type_code, type_key
from tests.contract.toy_types import (
    ADVISES,
    AUDITS,
    BILLING,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACTS,
    DEALS,
    MANAGES,
    ONE_WAY,
    PRIMARY,
    PRIMARY_OF,
    REPORTS_TO,
)
from tests.unit.domain.toy_catalog import CARS, CATALOG, DRIVES, pair


@pytest.mark.parametrize("spelling", ["contact", "contacts", "CONTACT", "Contacts", "cOnTaCtS", "0-1"])
def test_an_object_type_is_found_by_name_plural_and_id_in_any_letter_case(spelling: str):
    assert CATALOG.object_type(spelling) is CONTACTS
    assert CATALOG.object_type(spelling) is CONTACTS


@pytest.mark.parametrize("spelling", ["2-7", "p101_car", "P101_CAR"])
def test_a_custom_object_type_is_found_by_id_and_qualified_name(spelling: str):
    assert CATALOG.object_type(spelling) is CARS


@pytest.mark.parametrize("spelling", ["car", "cars", "0-7", "2-1"])
def test_a_custom_object_type_is_not_found_by_its_bare_name_or_another_id(spelling: str):
    with pytest.raises((UnknownObjectType, InvalidObjectTypeId)):
        CATALOG.object_type(spelling)


@pytest.mark.parametrize("text", ["", "contactz", " contact", "0-", "-1", "0-1-2", "0-x", "٠-١"])
def test_a_name_that_no_object_type_has_is_unknown(text: str):
    with pytest.raises(UnknownObjectType) as caught:
        CATALOG.object_type(text)
    assert caught.value.text == text


@pytest.mark.parametrize("text", ["0-99", "2-8", "00-1", "0-01"])
def test_an_id_that_no_object_type_has_is_invalid(text: str):
    with pytest.raises(InvalidObjectTypeId) as caught:
        CATALOG.object_type(text)
    assert caught.value.text == text


def test_what_was_removed_since_its_code_was_read_is_named_by_it():
    with pytest.raises(InvalidObjectTypeId) as no_type:
        CATALOG.object_type_of(object_type_code("2-8"))
    assert no_type.value.text == "2-8"
    with pytest.raises(UnknownAssociationType) as no_link:
        CATALOG.association_type(type_key(Category.USER_DEFINED, 280))
    assert (no_link.value.category, no_link.value.type_id) == ("USER_DEFINED", 280)


def test_more_spellings_than_are_remembered_are_still_found():
    catalog = Catalog(PortalTypes((CONTACTS, replace(COMPANIES, name="a" * 13))))
    spellings = (
        "".join(letter.upper() if number >> bit & 1 else letter for bit, letter in enumerate("a" * 13))
        for number in range(2**13)
    )
    assert {catalog.object_type(spelling).code for spelling in spellings} == {COMPANIES.code}


def test_a_catalog_has_the_types_of_hubspot_and_of_the_portal():
    assert CATALOG.object_types == [CONTACTS, COMPANIES, DEALS, CARS]
    assert CATALOG.object_type_of(CARS.code) is CARS
    assert CATALOG.association_type(DRIVES.key) is DRIVES
    assert CATALOG.association_type(PRIMARY.key) is PRIMARY


def test_a_pair_knows_its_unlabelled_and_primary_types_from_each_side():
    assert (pair().default, pair().primary) == (CONTACT_COMPANY, PRIMARY)
    back = pair(COMPANIES, CONTACTS)
    assert (back.default, back.primary) == (COMPANY_CONTACT, PRIMARY_OF)


def test_a_pair_is_the_same_each_time():
    assert CATALOG.pair(CONTACTS, COMPANIES) is CATALOG.pair(CONTACTS, COMPANIES)


def test_a_pair_within_one_object_type_has_both_halves_of_a_label():
    types = pair(CONTACTS, CONTACTS)
    assert (types.default, types.primary) == (CONTACT_CONTACT, None)
    assert {MANAGES, REPORTS_TO} <= set(types.types.values())


def test_object_types_that_cannot_be_linked_make_an_empty_pair():
    nothing = pair(DEALS, CARS)
    assert (nothing.types, nothing.listed, nothing.default, nothing.primary) == ({}, [], None, None)
    with pytest.raises(NoDefaultType) as caught:
        nothing.require_default()
    assert (caught.value.source, caught.value.target) == (DEALS, CARS)


def test_a_pair_with_labels_alone_has_no_default():
    assert pair(CONTACTS, CARS).listed == [DRIVES]
    with pytest.raises(NoDefaultType):
        pair(CONTACTS, CARS).require_default()


def test_a_pair_lists_its_types_in_order_of_category_and_number_without_legacy_ones():
    legacy = replace(BILLING, is_legacy=True)
    types = PairTypes(CONTACTS, COMPANIES, [AUDITS, ONE_WAY, ADVISES, legacy, CONTACT_COMPANY, PRIMARY])
    assert types.listed == [PRIMARY, CONTACT_COMPANY, ONE_WAY, ADVISES, AUDITS]
    assert types.named("HUBSPOT_DEFINED", BILLING.type_id) is legacy


def test_a_type_is_named_by_category_and_number():
    assert pair().named("HUBSPOT_DEFINED", 1) is PRIMARY
    assert pair().named("USER_DEFINED", 1) is ADVISES
    assert pair().named("INTEGRATOR_DEFINED", 1) is None
    assert CATALOG.known_type("USER_DEFINED", 279) is DRIVES
    assert CATALOG.known_type("HUBSPOT_DEFINED", 279) is CONTACT_COMPANY


@pytest.mark.parametrize(
    ("category", "type_id"),
    [
        ("USER_DEFINED", 999),
        ("HUBSPOT_DEFINED", 0),
        ("HUBSPOT_DEFINED", -1),
        ("HUBSPOT_DEFINED", 2**70),
        ("hubspot_defined", 1),
        ("NOBODY_DEFINED", 1),
        ("", 1),
    ],
)
def test_a_type_that_nobody_defined_is_unknown(category: str, type_id: int):
    with pytest.raises(UnknownAssociationType) as caught:
        CATALOG.known_type(category, type_id)
    assert (caught.value.category, caught.value.type_id) == (category, type_id)
    with pytest.raises(UnknownAssociationType):
        CATALOG.type_for(pair(), (category, type_id), 11, 22)


def test_a_hidden_key_is_no_type_that_can_be_named():
    with pytest.raises(UnknownAssociationType):
        CATALOG.known_type("WORK", ~ONE_WAY.type_id)


def test_a_type_of_the_pair_is_found_for_it():
    assert CATALOG.type_for(pair(), ("USER_DEFINED", 1), 11, 22) is ADVISES


def test_a_type_of_the_opposite_direction_mismatches_both_records():
    with pytest.raises(WrongAssociationType) as caught:
        CATALOG.type_for(pair(), ("HUBSPOT_DEFINED", 280), 11, 22)
    assert caught.value.link_type is COMPANY_CONTACT
    assert caught.value.mismatched == [(COMPANIES, 11), (CONTACTS, 22)]


def test_a_type_that_shares_one_end_mismatches_the_other_record_alone():
    with pytest.raises(WrongAssociationType) as caught:
        CATALOG.type_for(pair(), ("HUBSPOT_DEFINED", 4), 11, 22)
    assert caught.value.mismatched == [(DEALS, 22)]


@pytest.fixture(scope="module")
def shipped() -> PortalTypes:
    return hubspot_types()


def test_the_shipped_types_pair_up(shipped: PortalTypes):
    by_key = {link_type.key: link_type for link_type in shipped.association_types}
    opposite = {Holder.NONE: Holder.NONE, Holder.SOURCE: Holder.TARGET, Holder.TARGET: Holder.SOURCE}
    assert len(by_key) == len(shipped.association_types)
    for link_type in by_key.values():
        if link_type.is_readable_from_target:
            mirror = by_key[link_type.mirror_key]
            assert mirror.mirror_key == link_type.key
            assert (mirror.source_type, mirror.target_type) == (link_type.target_type, link_type.source_type)
            assert mirror.holder is opposite[link_type.holder]
            assert (mirror.is_default, mirror.is_primary) == (link_type.is_default, link_type.is_primary)


def test_the_shipped_pairs_have_one_unlabelled_type_and_a_primary_that_is_held_once(shipped: PortalTypes):
    catalog = Catalog(shipped)
    for source in shipped.object_types:
        for target in shipped.object_types:
            types = catalog.pair(source, target)
            assert [t for t in types.types.values() if t.is_default] == [t for t in [types.default] if t]
            if types.primary is not None:
                assert types.default is not None
                assert types.primary.holder is not Holder.NONE


def test_no_spelling_leads_to_two_of_the_shipped_object_types(shipped: PortalTypes):
    catalog = Catalog(shipped)
    for object_type in shipped.object_types:
        names = (object_type.id, object_type.name, object_type.plural, *object_type.aliases)
        for name in names:
            assert catalog.object_type(name.upper()) is catalog.object_type(name.lower()) is object_type


@pytest.mark.parametrize(
    ("source", "target", "default", "primary"),
    [
        ("contacts", "companies", 279, 1),
        ("companies", "contacts", 280, 2),
        ("deals", "companies", 341, 5),
        ("contacts", "contacts", 449, None),
        ("deals", "contacts", 3, None),
    ],
)
def test_well_known_shipped_types_have_the_documented_numbers(
    shipped: PortalTypes, source: str, target: str, default: int, primary: int | None
):
    catalog = Catalog(shipped)
    types = catalog.pair(catalog.object_type(source), catalog.object_type(target))
    assert types.require_default().key == type_key(Category.HUBSPOT_DEFINED, default)
    assert (types.primary and types.primary.type_id) == primary
