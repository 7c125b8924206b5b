"""What is near or at a limit, and how usage is counted."""

import pytest

from edgewise.data import hubspot_types
from edgewise.domain import usage
from edgewise.domain.catalog import Catalog
from edgewise.domain.jobs import ATTEMPTS_MAX, retry_at
from edgewise.domain.model import RecordRef
from edgewise.domain.rules import Rules
from edgewise.domain.usage import Crowded, Degree, Threshold
from tests.support.portal import DECISION_MAKER, portal_types

TYPES = portal_types()
CATALOG = Catalog(hubspot_types(), TYPES)
RULES = Rules(association_limit=1_000)
CONTACT, COMPANY = CATALOG.object_type("contact"), CATALOG.object_type("company")
CONTACT_COMPANY = CATALOG.known_type("HUBSPOT_DEFINED", 279)
COMPANY_CONTACT = CATALOG.known_type("HUBSPOT_DEFINED", 280)
MAKER = CATALOG.known_type("USER_DEFINED", DECISION_MAKER)


def _crowded(record_id: int, targets: int, limit: int, link_type=CONTACT_COMPANY) -> Crowded:
    source = RecordRef(link_type.source_type, record_id)
    return Crowded(Degree(source, link_type.target_type, link_type.key, targets), limit)


def test_an_unlabelled_type_has_the_limit_of_the_account_unless_it_has_its_own():
    assert usage.limits_of(CATALOG, {}, RULES)[CONTACT_COMPANY.key] == 1_000
    assert usage.limits_of(CATALOG, {CONTACT_COMPANY.key: 5}, RULES)[CONTACT_COMPANY.key] == 5


def test_a_label_has_a_limit_only_when_the_portal_set_one():
    assert MAKER.key not in usage.limits_of(CATALOG, {}, RULES)
    assert usage.limits_of(CATALOG, {MAKER.key: 1}, RULES)[MAKER.key] == 1


def test_a_limit_of_a_type_that_is_gone_counts_for_nothing():
    assert 4 * 999_999 not in usage.limits_of(CATALOG, {4 * 999_999: 1}, RULES)


@pytest.mark.parametrize(("limit", "at_least"), [(1, 1), (2, 2), (5, 4), (6, 5), (10, 8), (50_000, 40_000)])
def test_near_begins_at_four_fifths_of_a_limit(limit: int, at_least: int):
    threshold = Threshold(CONTACT.code, CONTACT_COMPANY.key, at_least)
    assert usage.thresholds(CATALOG, {CONTACT_COMPANY.key: limit}) == [threshold]


@pytest.mark.parametrize(("targets", "is_at"), [(8, False), (9, False), (10, True), (11, True)])
def test_a_record_with_as_many_targets_as_allowed_or_more_is_at_its_limit(targets: int, is_at: bool):
    assert _crowded(1, targets, 10).is_at_limit is is_at


@pytest.mark.parametrize(
    ("count", "limit", "percent"), [(0, 10, 0.0), (8, 10, 80.0), (1, 3, 33.33), (12, 10, 120.0)]
)
def test_usage_is_told_in_percent(count: int, limit: int, percent: float):
    assert usage.percentage(count, limit) == percent


def test_a_record_is_counted_once_under_the_type_it_fills_most():
    plain, label = _crowded(7, 8, 10), _crowded(7, 1, 1, MAKER)
    other = _crowded(3, 9, 10)
    assert usage.fullest([plain, label, other]) == [other, label]


def test_only_the_types_between_the_object_types_asked_for_are_looked_at():
    limits = usage.limits_of(CATALOG, {MAKER.key: 2}, RULES)
    assert usage.between(CATALOG, limits, CONTACT, COMPANY) == {CONTACT_COMPANY.key: 1_000, MAKER.key: 2}
    sources = {CATALOG.association_type(key).source_type for key in usage.between(CATALOG, limits, CONTACT)}
    assert sources == {CONTACT.code}


def test_object_types_tell_whether_they_have_records_near_and_at_a_limit():
    found = [_crowded(1, 8, 10), _crowded(2, 10, 10), _crowded(3, 8, 10, COMPANY_CONTACT)]
    assert usage.by_source(CATALOG, found) == [(CONTACT, True, True), (COMPANY, True, False)]
    assert usage.by_target(CATALOG, found) == [(CONTACT, True, False), (COMPANY, True, True)]
    assert usage.by_source(CATALOG, []) == []


def test_labels_are_counted_for_each_direction_of_each_pair_that_has_some():
    found = {(each.source.name, each.target.name): each for each in usage.label_usages(CATALOG)}
    assert set(found) == {
        ("contact", "company"),
        ("company", "contact"),
        ("spaceship", "contact"),
        ("contact", "spaceship"),
        ("contact", "contact"),
    }
    assert list(found["contact", "company"].labels) == ["Decision maker", "Champion"]
    assert list(found["company", "contact"].labels) == ["Decided by", "Champion"]
    assert found["contact", "company"].total == found["company", "contact"].total == 2


def test_two_labels_within_one_object_type_that_are_inverse_are_one():
    (found,) = usage.label_usages(CATALOG, CONTACT, CONTACT)
    assert (found.total, list(found.labels)) == (1, ["Manager", "Employee"])


def test_labels_are_listed_of_the_object_types_asked_for():
    assert {each.target.name for each in usage.label_usages(CATALOG, source=COMPANY)} == {"contact"}
    assert {each.source.name for each in usage.label_usages(CATALOG, target=COMPANY)} == {"contact"}
    assert usage.label_usages(CATALOG, COMPANY, COMPANY) == []


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"firstname": "Ada", "lastname": "Lovelace", "email": "a@example.org"}, "Ada Lovelace"),
        ({"lastname": "Lovelace"}, "Lovelace"),
        ({"firstname": "", "email": "a@example.org"}, "a@example.org"),
        ({"name": "Analytical Engines", "domain": "example.org"}, "Analytical Engines"),
        ({"dealname": "Big one"}, "Big one"),
        ({}, "contact 7"),
    ],
)
def test_a_record_is_called_by_its_name(properties: dict[str, str], name: str):
    assert usage.display_name(CONTACT, 7, properties) == name


def test_a_job_that_fails_is_tried_again_later_and_later_and_then_given_up():
    waits = [retry_at(attempts, 0) for attempts in range(1, ATTEMPTS_MAX)]
    assert waits == [2_000, 8_000, 32_000, 128_000, 512_000, 2_048_000, 3_600_000]
    assert retry_at(ATTEMPTS_MAX, 0) is None
