"""The table of quirks is complete, has its sources, and its every choice can be made."""

import re
from dataclasses import replace
from typing import get_args, get_type_hints

import msgspec
import pytest

from edgewise.data import quirk_facts
from edgewise.domain.rules import Rules
from edgewise.wire.quirks import Profile, Quirks, UnknownQuirk, quirks_of

FACTS = quirk_facts()
CHOICES = [(fact.name, choice) for fact in FACTS for choice in fact.choices]


def test_the_table_names_the_quirks_that_the_program_knows():
    assert [fact.name for fact in FACTS] == [each.name for each in msgspec.structs.fields(Quirks)]


def test_the_table_offers_the_choices_that_the_program_knows():
    known = {name: set(get_args(kind)) for name, kind in get_type_hints(Quirks).items()}
    assert {fact.name: set(fact.choices) for fact in FACTS} == known


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_both_profiles_choose_among_the_choices(fact):
    assert fact.documented in fact.choices
    assert fact.observed in fact.choices
    assert len(set(fact.choices)) == len(fact.choices)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_a_row_says_what_it_is_about_and_where_that_was_seen(fact):
    assert fact.what.endswith(".")
    assert fact.origin
    assert len(fact.source) > 10
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])(-([0-2]\d|3[01]))?", fact.date)


@pytest.mark.parametrize("profile", get_args(Profile))
def test_a_profile_takes_its_column_of_the_table(profile: Profile):
    assert msgspec.to_builtins(quirks_of(profile)) == {fact.name: getattr(fact, profile) for fact in FACTS}


def test_the_profiles_differ_where_documents_and_service_disagree():
    documented, observed = quirks_of("documented"), quirks_of("observed")
    differing = {n for n in msgspec.to_builtins(documented) if getattr(documented, n) != getattr(observed, n)}
    assert {"record_ids", "labelled_put_body", "error_category", "batch_error_items"} <= differing


@pytest.mark.parametrize(("name", "choice"), CHOICES)
def test_one_choice_is_replaced_and_the_others_stay(name: str, choice: str):
    for profile in get_args(Profile):
        expected = {**msgspec.to_builtins(quirks_of(profile)), name: choice}
        assert msgspec.to_builtins(quirks_of(profile, {name: choice})) == expected


def test_a_quirk_that_nobody_knows_is_refused_with_a_way_to_find_the_known_ones():
    with pytest.raises(UnknownQuirk, match="no quirk is named 'colour'; `edgewise quirks` lists them"):
        quirks_of("documented", {"record_ids": "number", "colour": "blue"})


def test_a_choice_that_a_quirk_does_not_have_is_refused_with_those_it_has():
    with pytest.raises(UnknownQuirk, match="quirk record_ids is one of string, number, not 'hex'"):
        quirks_of("observed", {"record_ids": "hex"})


@pytest.mark.parametrize("must_exist", [True, False])
def test_the_rules_get_the_choices_they_decide_by(must_exist: bool):
    rules = quirks_of("documented").rules(must_exist)
    assert rules == Rules(True, True, must_exist)
    assert quirks_of("documented", {"first_link_is_primary": "no"}).rules(must_exist) == replace(
        rules, first_link_is_primary=False
    )
    assert quirks_of("documented", {"labelled_write": "append"}).rules(must_exist) == replace(
        rules, labelled_write_replaces=False
    )


def test_the_rules_get_the_numbers_of_a_server_and_else_the_usual_ones():
    rules = quirks_of("documented").rules(True, association_limit=9)
    assert rules == Rules(association_limit=9)
    assert quirks_of("documented").rules(True) == Rules()
