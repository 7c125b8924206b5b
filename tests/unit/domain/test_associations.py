"""What a request to link or unlink may do, before any stored row is read."""

import pytest

from edgewise.domain.associations import (
    LabelledInput,
    Spec,
    associate,
    associate_default,
    first_type,
    remove_labels,
    remove_pairs,
    require_not_self,
)
from edgewise.domain.batches import Batch
from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors import (
    InvalidIdentifier,
    NoDefaultType,
    SelfLink,
    UnknownAssociationType,
    WrongAssociationType,
)
from edgewise.domain.model import AssociationType, LinkRemoval, LinkWrite, PutLinks
from edgewise.domain.rules import Rules
from tests.contract.toy_types import (
    ADVISES,
    AUDITS,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACTS,
    DEALS,
    MANAGES,
    PRIMARY,
    PRIMARY_OF,
)
from tests.unit.domain.toy_catalog import AT, CARS, CATALOG, DRIVES, pair

PORTAL = 101
RULES = Rules()


def _spec(link_type: AssociationType) -> Spec:
    return link_type.category.name, link_type.type_id


def _default(*inputs: tuple[str | int, str | int], types: PairTypes | None = None, rules: Rules = RULES):
    return associate_default(PORTAL, types or pair(), rules, inputs, AT)


def _labelled(
    *inputs: LabelledInput, types: PairTypes | None = None, rules: Rules = RULES
) -> Batch[PutLinks, LinkWrite]:
    return associate(PORTAL, CATALOG, types or pair(), rules, inputs, AT)


def _input(*types: AssociationType, source: str | int = "11", target: str | int = 22) -> LabelledInput:
    return LabelledInput(source, target, [_spec(t) for t in types])


def test_a_default_link_has_the_unlabelled_type_and_becomes_primary_if_first():
    batch = _default(("11", 22))
    assert batch.command == PutLinks(
        PORTAL, CONTACTS.code, COMPANIES.code, [LinkWrite(11, 22, (CONTACT_COMPANY,), PRIMARY)], AT
    )
    assert (batch.pair, batch.positions, batch.failures) == (pair(), [0], [])


def test_a_default_link_from_the_company_makes_the_contact_hold_it():
    batch = _default((22, 11), types=pair(COMPANIES, CONTACTS))
    assert batch.accepted == [LinkWrite(22, 11, (COMPANY_CONTACT,), PRIMARY_OF)]


def test_a_default_link_of_a_pair_without_primary_has_no_first_type():
    batch = _default((11, 12), types=pair(CONTACTS, CONTACTS))
    assert batch.accepted == [LinkWrite(11, 12, (CONTACT_CONTACT,), None)]


def test_rules_may_promote_no_first_link():
    batch = _default((11, 22), rules=Rules(first_link_is_primary=False))
    assert batch.accepted == [LinkWrite(11, 22, (CONTACT_COMPANY,), None)]


@pytest.mark.parametrize("must_exist", [True, False])
def test_rules_may_let_records_be_made_on_first_mention(must_exist: bool):
    rules = Rules(records_must_exist=must_exist)
    assert _default((11, 22), rules=rules).command.creates_records is not must_exist
    assert _labelled(_input(ADVISES), rules=rules).command.creates_records is not must_exist


def test_a_pair_without_an_unlabelled_type_fails_the_whole_default_call():
    with pytest.raises(NoDefaultType):
        _default((11, 22), types=pair(DEALS, CARS))


def test_default_links_are_decided_one_by_one():
    batch = _default((11, 22), ("x", 22), (12, 23), (13, 0), ("-1", "y"))
    assert [(write.source_id, write.target_id) for write in batch.accepted] == [(11, 22), (12, 23)]
    assert batch.command.writes == batch.accepted
    assert batch.positions == [0, 2]
    told = [(failure.position, type(failure.error), failure.error.text) for failure in batch.failures]
    assert told == [(1, InvalidIdentifier, "x"), (3, InvalidIdentifier, "0"), (4, InvalidIdentifier, "-1")]


def test_a_record_is_not_linked_to_itself():
    same = pair(CONTACTS, CONTACTS)
    batches = [
        _default((11, "011"), (11, 12), types=same),
        _labelled(_input(MANAGES, target=11), _input(MANAGES, target=12), types=same),
    ]
    for batch in batches:
        [failure] = batch.failures
        assert (failure.position, type(failure.error)) == (0, SelfLink)
        assert failure.error.record_id == 11
        assert batch.positions == [1]


def test_records_of_different_types_with_one_id_are_linked():
    assert _default((11, 11)).failures == []
    assert _labelled(_input(ADVISES, target=11)).failures == []
    require_not_self(pair(), 11, 11)
    with pytest.raises(SelfLink):
        require_not_self(pair(CONTACTS, CONTACTS), 11, 11)


def test_a_labelled_link_has_the_unlabelled_type_beside_its_labels():
    batch = _labelled(_input(ADVISES, AUDITS))
    assert batch.command == PutLinks(
        PORTAL,
        CONTACTS.code,
        COMPANIES.code,
        [LinkWrite(11, 22, (CONTACT_COMPANY, ADVISES, AUDITS), None)],
        AT,
        replaces_labels=True,
    )


def test_a_type_named_twice_is_written_once():
    batch = _labelled(_input(ADVISES, CONTACT_COMPANY, ADVISES))
    assert [write.types for write in batch.accepted] == [(CONTACT_COMPANY, ADVISES)]


def test_naming_the_unlabelled_type_alone_is_a_default_link():
    assert _labelled(_input(CONTACT_COMPANY)).accepted == _default((11, 22)).accepted


def test_a_pair_without_an_unlabelled_type_gets_the_labels_alone():
    batch = _labelled(_input(DRIVES), types=pair(CONTACTS, CARS))
    assert batch.accepted == [LinkWrite(11, 22, (DRIVES,), None)]


def test_rules_may_let_labels_add_up():
    assert not _labelled(_input(ADVISES), rules=Rules(labelled_write_replaces=False)).command.replaces_labels
    assert not _default((11, 22)).command.replaces_labels


def test_where_nobody_defined_labels_there_are_none_to_replace():
    hubspot_only = pair(CONTACTS, DEALS)
    assert not hubspot_only.has_labels
    assert pair().has_labels
    batch = _labelled(_input(hubspot_only.require_default()), types=hubspot_only)
    assert batch.accepted and not batch.command.replaces_labels


def test_an_input_without_types_links_nothing_and_is_no_error():
    batch = _labelled(_input(), _input(ADVISES), _input())
    assert (batch.positions, batch.failures) == ([1], [])


def test_an_input_without_types_is_still_an_error_if_its_id_is_none():
    [failure] = _labelled(_input(source="x")).failures
    assert type(failure.error) is InvalidIdentifier


def test_labelled_links_are_decided_one_by_one_each_with_its_own_error():
    batch = _labelled(
        _input(ADVISES),
        LabelledInput(11, 22, [("USER_DEFINED", 999)]),
        _input(ADVISES, COMPANY_CONTACT),
        LabelledInput(12, 23, [_spec(COMPANY_CONTACT)]),
        LabelledInput("x", 22, [_spec(ADVISES)]),
        LabelledInput(12, 23, [_spec(PRIMARY)]),
    )
    assert batch.positions == [0, 5]
    told = [(failure.position, type(failure.error)) for failure in batch.failures]
    assert told == [
        (1, UnknownAssociationType),
        (2, WrongAssociationType),
        (3, WrongAssociationType),
        (4, InvalidIdentifier),
    ]
    wrong = [failure.error.mismatched for failure in batch.failures[1:3]]
    assert wrong == [[(COMPANIES, 11), (CONTACTS, 22)], [(COMPANIES, 12), (CONTACTS, 23)]]


def test_inputs_that_name_the_same_types_are_decided_alike():
    batch = _labelled(*[_input(ADVISES, target=target) for target in range(1, 50)])
    assert {write.types for write in batch.accepted} == {(CONTACT_COMPANY, ADVISES)}
    assert [write.target_id for write in batch.accepted] == list(range(1, 50))


def test_only_the_bare_unlabelled_link_becomes_primary_by_being_first():
    assert first_type(pair(), RULES, (CONTACT_COMPANY,)) is PRIMARY
    assert first_type(pair(), RULES, (CONTACT_COMPANY, ADVISES)) is None
    assert first_type(pair(), RULES, ()) is None
    assert first_type(pair(CONTACTS, CARS), RULES, (DRIVES,)) is None


def test_a_removal_of_pairs_takes_every_type():
    command = remove_pairs(PORTAL, pair(), [("11", [22, "23"]), (12, []), (13, ["022"])])
    assert (command.portal_id, command.source_type, command.target_type) == (
        101,
        CONTACTS.code,
        COMPANIES.code,
    )
    assert command.removals == [LinkRemoval(11, 22), LinkRemoval(11, 23), LinkRemoval(13, 22)]
    assert all(removal.types is None for removal in command.removals)


@pytest.mark.parametrize("inputs", [[(11, [22]), ("x", [])], [(11, [22, "x"])], [(0, [22])]])
def test_one_bad_id_fails_a_whole_removal_of_pairs(inputs: list[tuple[str | int, list[str | int]]]):
    with pytest.raises(InvalidIdentifier):
        remove_pairs(PORTAL, pair(), inputs)


def test_a_removal_of_labels_takes_those_it_names():
    command = remove_labels(PORTAL, CATALOG, pair(), [_input(ADVISES, AUDITS), _input(PRIMARY, source=12)])
    assert command.removals == [LinkRemoval(11, 22, (ADVISES, AUDITS)), LinkRemoval(12, 22, (PRIMARY,))]


def test_a_removal_that_names_the_unlabelled_type_takes_every_type():
    command = remove_labels(PORTAL, CATALOG, pair(), [_input(ADVISES, CONTACT_COMPANY)])
    assert command.removals == [LinkRemoval(11, 22, None)]


def test_a_removal_that_names_no_type_takes_none():
    assert remove_labels(PORTAL, CATALOG, pair(), [_input()]).removals == [LinkRemoval(11, 22, ())]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (_input(ADVISES, target="x"), InvalidIdentifier),
        (LabelledInput(11, 22, [("USER_DEFINED", 999)]), UnknownAssociationType),
        (_input(COMPANY_CONTACT), WrongAssociationType),
    ],
)
def test_one_bad_input_fails_a_whole_removal_of_labels(bad: LabelledInput, error: type[Exception]):
    with pytest.raises(error):
        remove_labels(PORTAL, CATALOG, pair(), [_input(ADVISES), bad])
