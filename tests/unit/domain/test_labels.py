"""Which labels may be created, renamed and deleted, and what becomes of the two ids of each."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError
from edgewise.domain.errors_labels import (
    HubSpotDefinedType,
    InvalidLabelName,
    InvalidLabelText,
    LabelNameTaken,
    LabelsOnPair,
    LabelTextTaken,
    LabelToChangeUnknown,
    LabelToDeleteUnknown,
    NameFault,
    SymmetricLabel,
    TooManyLabels,
    UnlabelledInverse,
    UnlabelledType,
    UnlabelledTypeExists,
)
from edgewise.domain.labels import (
    LENGTH_MAX,
    Definitions,
    NewLabel,
    create_label,
    definitions_between,
    delete_label,
    rename_label,
)
from edgewise.domain.model import AssociationType, Category, ObjectType, PortalTypes, TypesChange, type_key
from tests.contract.toy_types import ASSOCIATION_TYPES, COMPANIES, CONTACTS, OBJECT_TYPES
from tests.unit.domain.toy_catalog import CARS

HUBSPOT = PortalTypes(
    OBJECT_TYPES, [t for t in ASSOCIATION_TYPES.values() if t.category is Category.HUBSPOT_DEFINED]
)
NOTHING = PortalTypes((CARS,), next_type_id=7)
BOSS = NewLabel("boss", "Boss", "Report")
MATE = NewLabel("mate", "Mate")


def _between(
    types: PortalTypes = NOTHING, source: ObjectType = CONTACTS, target: ObjectType = COMPANIES
) -> Definitions:
    return definitions_between(Catalog(HUBSPOT, types), types, source, target)


def _after(types: PortalTypes, change: TypesChange) -> PortalTypes:
    by_key = {each.key: each for each in types.association_types}
    by_key |= {each.key: each for each in (*change.added, *change.changed)}
    for key in change.removed:
        del by_key[key]
    next_id = max([types.next_type_id, *(each.type_id + 1 for each in change.added)])
    return replace(types, association_types=tuple(by_key.values()), next_type_id=next_id)


def _with(
    *labels: NewLabel,
    types: PortalTypes = NOTHING,
    source: ObjectType = CONTACTS,
    target: ObjectType = COMPANIES,
) -> PortalTypes:
    for new in labels:
        types = _after(types, create_label(_between(types, source, target), new, 50))
    return types


Half = tuple[int, int, str | None, ObjectType, ObjectType]


def _halves(types: Iterable[AssociationType]) -> list[Half]:
    by_code = {each.code: each for each in (CONTACTS, COMPANIES, CARS)}
    assert all(each.key == type_key(Category.USER_DEFINED, each.type_id) for each in types)
    return [
        (t.type_id, t.mirror_key >> 2, t.label, by_code[t.source_type], by_code[t.target_type]) for t in types
    ]


def test_a_paired_label_gets_two_adjacent_ids_the_named_half_first():
    added = create_label(_between(), BOSS, 50).added
    assert _halves(added) == [(7, 8, "Boss", CONTACTS, COMPANIES), (8, 7, "Report", COMPANIES, CONTACTS)]
    assert {each.name for each in added} == {"boss"}
    assert not any(each.is_default for each in added)


def test_a_single_label_has_its_text_on_both_sides():
    added = create_label(_between(), MATE, 50).added
    assert _halves(added) == [(7, 8, "Mate", CONTACTS, COMPANIES), (8, 7, "Mate", COMPANIES, CONTACTS)]


@pytest.mark.parametrize("inverse", [None, "", "Mate"])
def test_a_single_label_of_one_object_type_is_its_own_mirror(inverse: str | None):
    new = NewLabel("mate", "Mate", inverse)
    (half,) = create_label(_between(NOTHING, CONTACTS, CONTACTS), new, 50).added
    assert (half.type_id, half.mirror_key, half.label) == (7, half.key, "Mate")


def test_a_paired_label_of_one_object_type_has_both_halves_in_one_pair():
    added = create_label(_between(NOTHING, CONTACTS, CONTACTS), BOSS, 50).added
    assert _halves(added) == [(7, 8, "Boss", CONTACTS, CONTACTS), (8, 7, "Report", CONTACTS, CONTACTS)]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", NameFault.BLANK),
        (" ", NameFault.BLANK),
        ("a-b", NameFault.HYPHEN),
        ("1st", NameFault.DIGIT_FIRST),
        ("a" * (LENGTH_MAX + 1), NameFault.TOO_LONG),
    ],
)
@pytest.mark.parametrize("label", ["Mate", ""])
def test_a_name_of_a_wrong_shape_is_refused(name: str, fault: NameFault, label: str):
    with pytest.raises(InvalidLabelName) as refused:
        create_label(_between(), NewLabel(name, label), 50)
    assert (refused.value.fault, refused.value.length_max) == (fault, LENGTH_MAX)


def test_a_name_and_a_text_may_be_as_long_as_they_may():
    new = NewLabel("a" * LENGTH_MAX, "b" * LENGTH_MAX, "c" * LENGTH_MAX)
    assert len(create_label(_between(), new, 50).added) == 2


@pytest.mark.parametrize(
    ("label", "inverse", "field"),
    [
        (" ", None, "label"),
        ("a" * (LENGTH_MAX + 1), None, "label"),
        ("a", " ", "inverseLabel"),
        ("a", "b" * (LENGTH_MAX + 1), "inverseLabel"),
    ],
)
def test_a_text_that_is_blank_or_too_long_is_refused(label: str, inverse: str | None, field: str):
    types = _with(BOSS)
    with pytest.raises(InvalidLabelText) as created:
        create_label(_between(types), NewLabel("mate", label, inverse), 50)
    with pytest.raises(InvalidLabelText) as renamed:
        rename_label(_between(types), 7, label, inverse)
    assert (created.value.field, renamed.value.field) == (field, field)


@pytest.mark.parametrize("name", ["boss", "BOSS"])
def test_a_name_is_unique_in_the_portal(name: str):
    elsewhere = _between(_with(BOSS), CONTACTS, CONTACTS)
    with pytest.raises(LabelNameTaken):
        create_label(elsewhere, NewLabel(name, "Other"), 50)


def test_a_name_of_hubspots_own_in_either_direction_is_taken():
    for link_type in (*_between().there.types.values(), *_between().back.types.values()):
        with pytest.raises(LabelNameTaken):
            create_label(_between(), NewLabel(link_type.name, "Other"), 50)


@pytest.mark.parametrize(
    ("new", "pair"),
    [
        (NewLabel("x", "Boss"), ("0-1", "0-2")),
        (NewLabel("x", "Boss", "y"), ("0-1", "0-2")),
        (NewLabel("x", "Report"), ("0-2", "0-1")),
        (NewLabel("x", "y", "Report"), ("0-2", "0-1")),
        (NewLabel("x", "Primary"), ("0-1", "0-2")),
    ],
)
def test_a_text_is_unique_in_each_direction_of_a_pair(new: NewLabel, pair: tuple[str, str]):
    with pytest.raises(LabelTextTaken) as refused:
        create_label(_between(_with(BOSS)), new, 50)
    assert (refused.value.source, refused.value.target) == pair


def test_a_text_may_be_that_of_the_other_direction():
    swapped = NewLabel("swapped", "Report", "Boss")
    assert len(create_label(_between(_with(BOSS)), swapped, 50).added) == 2


def test_both_halves_of_one_object_type_are_in_the_way_of_a_text():
    types = _with(BOSS, source=CONTACTS, target=CONTACTS)
    for text in ("Boss", "Report"):
        with pytest.raises(LabelTextTaken):
            create_label(_between(types, CONTACTS, CONTACTS), NewLabel("x", text), 50)


def test_a_label_counts_once_in_either_direction_and_the_unlabelled_type_not():
    types = _with(BOSS)
    for source, target in ((CONTACTS, COMPANIES), (COMPANIES, CONTACTS)):
        assert create_label(_between(types, source, target), MATE, 2).added
        with pytest.raises(TooManyLabels) as refused:
            create_label(_between(types, source, target), MATE, 1)
        assert (refused.value.source, refused.value.target, refused.value.labels_max) == (source, target, 1)
    assert create_label(_between(types, CONTACTS, CONTACTS), MATE, 1).added
    plain = _with(NewLabel("drives", ""), target=CARS)
    assert create_label(_between(plain, CONTACTS, CARS), MATE, 1).added


def test_no_text_makes_the_unlabelled_type_alone():
    added = create_label(_between(NOTHING, CONTACTS, CARS), NewLabel("drives", ""), 0).added
    assert _halves(added) == [(7, 8, None, CONTACTS, CARS), (8, 7, None, CARS, CONTACTS)]
    assert all(each.is_default and each.name == "drives" for each in added)


def test_the_unlabelled_type_of_one_object_type_is_its_own_mirror():
    (plain,) = create_label(_between(NOTHING, CARS, CARS), NewLabel("beside", ""), 50).added
    assert (plain.key, plain.is_default) == (plain.mirror_key, True)


def test_a_pair_has_one_unlabelled_type():
    with pytest.raises(UnlabelledTypeExists):
        create_label(_between(), NewLabel("x", ""), 50)
    plain = _with(NewLabel("drives", ""), target=CARS)
    with pytest.raises(UnlabelledTypeExists):
        create_label(_between(plain, CARS, CONTACTS), NewLabel("x", ""), 50)
    with pytest.raises(LabelNameTaken):
        create_label(_between(plain, CARS, CONTACTS), NewLabel("drives", ""), 50)


def test_the_unlabelled_type_has_no_inverse_label():
    with pytest.raises(UnlabelledInverse):
        create_label(_between(NOTHING, CONTACTS, CARS), NewLabel("x", "", "Driver"), 50)


def test_a_label_of_a_pair_without_an_unlabelled_type_brings_one():
    added = create_label(_between(NOTHING, CONTACTS, CARS), NewLabel("drives", "Drives", "Driver"), 50).added
    assert [(each.type_id, each.label, each.name) for each in added] == [
        (7, None, "contact_to_car"),
        (8, None, "contact_to_car"),
        (9, "Drives", "drives"),
        (10, "Driver", "drives"),
    ]
    further = create_label(_between(_after(NOTHING, TypesChange(added)), CARS, CONTACTS), MATE, 50).added
    assert [each.label for each in further] == ["Mate", "Mate"]


def test_an_unlabelled_type_that_nobody_named_takes_no_name_of_others():
    new = NewLabel("Contact_to_car", "Drives")
    names = [each.name for each in create_label(_between(NOTHING, CONTACTS, CARS), new, 50).added]
    assert names == ["contact_to_car_unlabeled"] * 2 + ["Contact_to_car"] * 2


@pytest.mark.parametrize(
    ("type_id", "inverse", "texts"),
    [
        (7, "Minor", {7: "Major", 8: "Minor"}),
        (8, "Minor", {8: "Major", 7: "Minor"}),
        (7, None, {7: "Major", 8: "Major"}),
        (8, "", {7: "Major", 8: "Major"}),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("is_same_type", [False, True])
def test_a_rename_gives_the_named_half_the_label(
    type_id: int, inverse: str | None, texts: dict[int, str], is_turned: bool, is_same_type: bool
):
    ends = (CONTACTS, CONTACTS if is_same_type else COMPANIES)
    types = _with(BOSS, source=ends[0], target=ends[1])
    between = _between(types, *(reversed(ends) if is_turned else ends))
    changed = rename_label(between, type_id, "Major", inverse).changed
    assert {each.type_id: each.label for each in changed} == texts
    assert {each.name for each in changed} == {"boss"}
    assert {each.key: each.mirror_key for each in changed} == {
        each.key: each.mirror_key for each in types.association_types
    }


def test_its_own_text_is_no_duplicate_in_a_rename():
    between = _between(_with(BOSS))
    assert [each.label for each in rename_label(between, 7, "Boss", "Minor").changed] == ["Boss", "Minor"]
    assert [each.label for each in rename_label(between, 7, "Report", "Boss").changed] == ["Report", "Boss"]


@pytest.mark.parametrize(("label", "inverse"), [("Mate", None), ("Mate", "x"), ("x", "Mate")])
def test_a_rename_to_a_text_of_another_label_is_refused(label: str, inverse: str | None):
    with pytest.raises(LabelTextTaken):
        rename_label(_between(_with(BOSS, MATE)), 7, label, inverse)


def test_a_label_with_one_half_is_renamed_as_one():
    between = _between(_with(MATE, source=CONTACTS, target=CONTACTS), CONTACTS, CONTACTS)
    (changed,) = rename_label(between, 7, "Friend", "Friend").changed
    assert (changed.type_id, changed.label) == (7, "Friend")
    with pytest.raises(SymmetricLabel):
        rename_label(between, 7, "Friend", "Foe")


def test_a_deletion_by_either_id_removes_both_halves():
    types = _with(BOSS, MATE)
    for type_id in (7, 8):
        for source, target in ((CONTACTS, COMPANIES), (COMPANIES, CONTACTS)):
            removed = delete_label(_between(types, source, target), type_id).removed
            assert set(removed) == {type_key(Category.USER_DEFINED, each) for each in (7, 8)}


def test_a_label_with_one_half_is_deleted_as_one():
    between = _between(_with(MATE, source=CONTACTS, target=CONTACTS), CONTACTS, CONTACTS)
    assert delete_label(between, 7).removed == (type_key(Category.USER_DEFINED, 7),)


def test_the_unlabelled_type_goes_after_the_labels_of_its_pair():
    types = _with(NewLabel("drives", ""), MATE, target=CARS)
    for source, target in ((CONTACTS, CARS), (CARS, CONTACTS)):
        with pytest.raises(LabelsOnPair):
            delete_label(_between(types, source, target), 7)
    without = _after(types, delete_label(_between(types, CONTACTS, CARS), 9))
    assert len(delete_label(_between(without, CONTACTS, CARS), 8).removed) == 2


def test_the_unlabelled_type_gets_no_label():
    with pytest.raises(UnlabelledType):
        rename_label(_between(_with(NewLabel("drives", ""), target=CARS), CONTACTS, CARS), 7, "Drives", None)


@pytest.mark.parametrize("type_id", [279, 280, 1])
def test_what_hubspot_defines_stays(type_id: int):
    with pytest.raises(HubSpotDefinedType):
        rename_label(_between(), type_id, "x", None)
    with pytest.raises(HubSpotDefinedType):
        delete_label(_between(), type_id)


def test_a_number_that_hubspot_has_too_means_the_portals_own_type():
    types = _with(BOSS, types=replace(NOTHING, next_type_id=279))
    assert len(delete_label(_between(types), 279).removed) == 2
    assert len(rename_label(_between(types), 280, "x", None).changed) == 2


@pytest.mark.parametrize("type_id", [99, 0, -1, 4, 2**40])
def test_an_id_that_the_pair_does_not_have_is_unknown(type_id: int):
    with pytest.raises(LabelToChangeUnknown):
        rename_label(_between(), type_id, "x", None)
    with pytest.raises(LabelToDeleteUnknown):
        delete_label(_between(), type_id)


def test_a_label_of_another_pair_is_unknown():
    between = _between(_with(BOSS), CONTACTS, CONTACTS)
    for act in (lambda: rename_label(between, 7, "x", None), lambda: delete_label(between, 7)):
        with pytest.raises(DomainError) as refused:
            act()
        assert isinstance(refused.value, LabelToChangeUnknown | LabelToDeleteUnknown)
