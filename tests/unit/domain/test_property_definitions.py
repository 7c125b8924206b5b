"""Which properties and groups a portal may define, change and archive."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgewise.data.properties import default_properties
from edgewise.domain import errors_properties as errors
from edgewise.domain.errors_properties import OptionFault
from edgewise.domain.properties import (
    FIELD_TYPES,
    FieldType,
    ObjectProperties,
    PropertyDefinition,
    PropertyGroup,
    PropertyOption,
    PropertyType,
    is_combined,
)
from edgewise.domain.property_definitions import (
    OPTIONS_CHARACTERS_MAX,
    NewProperty,
    PropertyChange,
    PropertyLimits,
    archive_group,
    archive_property,
    change_group,
    change_property,
    create_group,
    create_property,
    find_property,
    require_valid_name,
)

NEW = NewProperty("hive_count", "Hives", "apiary", "number", "number")
CHOICES = (PropertyOption("s", "Small", 0), PropertyOption("l", "Large", 1))
SIZE = NewProperty("size", "Size", "apiary", "enumeration", "select", options=CHOICES)
GROUP = PropertyGroup("apiary", "Apiary")


def held(*properties: PropertyDefinition, groups: tuple[PropertyGroup, ...] = (GROUP,)) -> ObjectProperties:
    return ObjectProperties({each.name: each for each in properties}, {each.name: each for each in groups})


def made(new: NewProperty = NEW, at: int = 1000) -> PropertyDefinition:
    return create_property(held(), new, at)


def test_a_property_is_made_as_it_was_asked_for():
    new = NEW._replace(description="How many", display_order=3, has_unique_value=True, is_form_field=True)
    found = create_property(held(), new, 1000, by=7)
    assert (found.name, found.label, found.group_name, found.description) == (
        "hive_count",
        "Hives",
        "apiary",
        "How many",
    )
    assert (found.type, found.field_type) == (PropertyType.NUMBER, FieldType.NUMBER)
    assert (found.display_order, found.has_unique_value, found.is_form_field) == (3, True, True)
    assert (found.created_at, found.updated_at, found.archived_at, found.created_by) == (1000, 1000, None, 7)
    assert not (
        found.is_hubspot_defined or found.is_value_read_only or found.is_calculated or found.is_hidden
    )


@pytest.mark.parametrize("name", ["a", "a1_b", "a" * 100])
def test_names_of_small_letters_digits_and_underscores_are_valid(name: str):
    assert made(NEW._replace(name=name)).name == name


@pytest.mark.parametrize("name", ["", "A", "1a", "_a", "a b", "a-b", "ä", "a\n", "a" * 101])
def test_other_names_are_refused_for_properties_and_groups(name: str):
    with pytest.raises(errors.InvalidPropertyName):
        made(NEW._replace(name=name))
    with pytest.raises(errors.InvalidPropertyName):
        create_group(held(), name, "Label")


@given(st.from_regex(r"[a-z][a-z0-9_]{0,99}", fullmatch=True))
def test_every_name_of_the_rule_is_valid(name: str):
    require_valid_name(name)


def test_a_label_is_not_blank():
    with pytest.raises(errors.InvalidPropertyLabel):
        made(NEW._replace(label=" "))
    with pytest.raises(errors.InvalidPropertyLabel):
        create_group(held(), "g", "")


def test_a_group_must_be_there_and_active():
    for groups in ((), (replace(GROUP, archived_at=5),)):
        with pytest.raises(errors.PropertyGroupNotFound):
            create_property(held(groups=groups), NEW, 1)


def test_the_name_of_an_active_property_is_taken():
    with pytest.raises(errors.PropertyExists) as refused:
        create_property(held(made()), NEW, 2)
    assert refused.value.name == "hive_count"


def test_the_name_of_an_archived_property_restores_it_with_the_new_definition():
    former = replace(made(at=1000), archived_at=2000)
    found = create_property(
        held(former), NEW._replace(label="Beehives", type="string", field_type="text"), 3000
    )
    assert (found.label, found.type, found.archived_at) == ("Beehives", PropertyType.STRING, None)
    assert (found.created_at, found.updated_at) == (1000, 3000)


@pytest.mark.parametrize("kind", FIELD_TYPES)
@pytest.mark.parametrize("field_type", FieldType)
def test_types_and_field_types_go_together_as_published(kind: PropertyType, field_type: FieldType):
    new = NEW._replace(type=kind, field_type=field_type)
    if kind is PropertyType.ENUMERATION and field_type is not FieldType.BOOLEANCHECKBOX:
        new = new._replace(options=CHOICES)
    if is_combined(kind, field_type):
        assert made(new).field_type is field_type
    else:
        with pytest.raises(errors.MismatchedFieldType):
            made(new)


@pytest.mark.parametrize(
    ("kind", "field_type", "field"),
    [("text", "text", "type"), ("string", "calendar", "fieldType"), ("", "text", "type")],
)
def test_an_unknown_type_is_refused(kind: str, field_type: str, field: str):
    with pytest.raises(errors.UnknownPropertyType) as refused:
        made(NEW._replace(type=kind, field_type=field_type))
    assert refused.value.field == field


@pytest.mark.parametrize("kind", ["object_coordinates", "json"])
def test_a_portal_defines_no_property_of_an_inner_type(kind: str):
    with pytest.raises(errors.MismatchedFieldType):
        made(NEW._replace(type=kind, field_type="text"))


def test_an_enumeration_needs_options():
    with pytest.raises(errors.PropertyOptionsMissing):
        made(SIZE._replace(options=()))
    assert made(SIZE._replace(options=(), has_external_options=True)).options == ()
    assert made(SIZE).options == CHOICES
    assert made(SIZE).option_values == {"s", "l"}


def test_options_of_a_type_that_has_none_are_dropped():
    assert made(NEW._replace(options=CHOICES)).options == ()


@pytest.mark.parametrize(("kind"), ["bool", "enumeration"])
def test_a_single_checkbox_is_yes_or_no(kind: str):
    new = NEW._replace(type=kind, field_type="booleancheckbox")
    assert [option.value for option in made(new).options] == ["true", "false"]
    own = (PropertyOption("true", "Sure"), PropertyOption("false", "Never"))
    assert made(new._replace(options=own)).options == own
    with pytest.raises(errors.InvalidPropertyOption) as refused:
        made(new._replace(options=CHOICES))
    assert refused.value.fault is OptionFault.NOT_BOOLEAN


@pytest.mark.parametrize(
    ("option", "fault"),
    [
        (PropertyOption("s", "Again"), OptionFault.REPEATED),
        (PropertyOption("", "Empty"), OptionFault.BLANK),
        (PropertyOption("x", " "), OptionFault.BLANK),
        (PropertyOption(" x", "X"), OptionFault.WHITESPACE),
        (PropertyOption("x;y", "X"), OptionFault.SEMICOLON),
    ],
)
def test_an_option_that_could_not_be_chosen_is_refused(option: PropertyOption, fault: OptionFault):
    with pytest.raises(errors.InvalidPropertyOption) as refused:
        made(SIZE._replace(options=(*CHOICES, option)))
    assert (refused.value.name, refused.value.value, refused.value.fault) == ("size", option.value, fault)


def test_there_are_at_most_5000_options():
    options = [PropertyOption(str(n), str(n)) for n in range(5001)]
    assert len(made(SIZE._replace(options=options[:5000])).options) == 5000
    with pytest.raises(errors.InvalidPropertyOption) as refused:
        made(SIZE._replace(options=options))
    assert refused.value.fault is OptionFault.TOO_MANY


def test_the_texts_of_options_are_bounded_together():
    half = "x" * (OPTIONS_CHARACTERS_MAX // 2 - 1)
    fitting = [PropertyOption("1", half), PropertyOption("2", half)]
    assert len(made(SIZE._replace(options=fitting)).options) == 2
    with pytest.raises(errors.InvalidPropertyOption) as refused:
        made(SIZE._replace(options=[*fitting[:1], PropertyOption("2", half, description="x")]))
    assert refused.value.fault is OptionFault.TOO_LONG


def test_a_formula_makes_a_property_read_only():
    found = made(NEW._replace(field_type="calculation_equation", calculation_formula="a + b"))
    assert found.is_calculated
    assert found.is_value_read_only


def test_only_so_many_properties_may_be_defined():
    one = held(made(), default_properties("contact").properties["email"])
    another = NEW._replace(name="another")
    assert create_property(one, another, 1, limits=PropertyLimits(2, 10, 10)).name == "another"
    with pytest.raises(errors.TooManyProperties) as refused:
        create_property(one, another, 1, limits=PropertyLimits(1, 10, 10))
    assert (refused.value.properties_max, refused.value.is_of_account) == (1, False)
    with pytest.raises(errors.TooManyProperties) as refused:
        create_property(one, another, 1, limits=PropertyLimits(9, 10, 10), elsewhere=9)
    assert (refused.value.properties_max, refused.value.is_of_account) == (10, True)


def test_the_eleventh_unique_property_is_refused():
    unique = [made(NEW._replace(name=f"p{n}", has_unique_value=True)) for n in range(10)]
    nine = held(*unique[:9], default_properties("contact").properties["email"])
    assert create_property(nine, NEW._replace(has_unique_value=True), 1).has_unique_value
    with pytest.raises(errors.TooManyUniqueProperties):
        create_property(held(*unique), NEW._replace(has_unique_value=True), 1)
    assert create_property(held(*unique), NEW, 1).name == NEW.name


def test_archived_properties_do_not_count():
    archived = replace(made(), archived_at=2)
    assert create_property(held(archived), SIZE, 3, limits=PropertyLimits(1, 1, 1)).name == "size"


def test_a_change_leaves_what_it_does_not_name():
    before = made(SIZE)
    after = change_property(held(before), "size", PropertyChange(label="Extent", is_hidden=True), 9, by=3)
    assert after == replace(before, label="Extent", is_hidden=True, updated_at=9, updated_by=3)


def test_options_are_replaced_as_a_whole():
    after = change_property(held(made(SIZE)), "size", PropertyChange(options=(PropertyOption("m", "M"),)), 9)
    assert after.option_values == {"m"}
    with pytest.raises(errors.PropertyOptionsMissing):
        change_property(held(made(SIZE)), "size", PropertyChange(options=()), 9)


def test_a_type_changes_with_a_field_type_that_shows_it():
    properties = held(made())
    after = change_property(properties, NEW.name, PropertyChange(type="string", field_type="textarea"), 9)
    assert (after.type, after.field_type) == (PropertyType.STRING, FieldType.TEXTAREA)
    with pytest.raises(errors.MismatchedFieldType):
        change_property(properties, NEW.name, PropertyChange(type="date"), 9)
    with pytest.raises(errors.PropertyOptionsMissing):
        change_property(properties, NEW.name, PropertyChange(type="enumeration", field_type="select"), 9)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (PropertyChange(label=""), errors.InvalidPropertyLabel),
        (PropertyChange(group_name="none"), errors.PropertyGroupNotFound),
        (PropertyChange(has_unique_value=True), errors.UniqueValueFixed),
    ],
)
def test_a_change_follows_the_rules_of_a_create(change: PropertyChange, error: type[Exception]):
    with pytest.raises(error):
        change_property(held(made()), NEW.name, change, 9)


def test_uniqueness_may_be_repeated_as_it_is():
    assert not change_property(
        held(made()), NEW.name, PropertyChange(has_unique_value=False), 9
    ).has_unique_value


def test_what_is_archived_or_unknown_cannot_be_changed():
    properties = held(replace(made(), archived_at=5))
    for name in (NEW.name, "unknown"):
        with pytest.raises(errors.PropertyNotFound):
            change_property(properties, name, PropertyChange(label="x"), 9)
    assert find_property(properties, NEW.name, is_archived=True).name == NEW.name


def test_hubspot_s_properties_cannot_be_changed_or_archived():
    contacts = default_properties("contact")
    for name in ("email", "lifecyclestage", "hs_object_id"):
        with pytest.raises(errors.HubSpotDefinedProperty):
            change_property(contacts, name, PropertyChange(label="Mine"), 9)
        with pytest.raises(errors.HubSpotDefinedProperty):
            archive_property(contacts, name, 9)
    with pytest.raises(errors.PropertyExists):
        create_property(contacts, NEW._replace(name="email"), 9)


def test_some_of_hubspot_s_properties_take_other_options():
    contacts = default_properties("contact")
    after = change_property(contacts, "hs_lead_status", PropertyChange(options=CHOICES), 9)
    assert after.option_values == {"s", "l"}
    for name in ("hs_analytics_source", "lifecyclestage", "firstname"):
        with pytest.raises(errors.HubSpotDefinedProperty):
            change_property(contacts, name, PropertyChange(options=CHOICES), 9)


def test_a_property_is_archived_once():
    archived = archive_property(held(made()), NEW.name, 9)
    assert archived == replace(made(), archived_at=9)
    assert archive_property(held(archived), NEW.name, 10) is None
    assert archive_property(held(), "unknown", 10) is None


def test_a_property_in_a_formula_cannot_be_archived():
    user = made(
        NewProperty(
            "total", "T", "apiary", "number", "calculation_equation", calculation_formula="hive_count * 2"
        )
    )
    with pytest.raises(errors.PropertyInUse) as refused:
        archive_property(held(made(), user), NEW.name, 9)
    assert refused.value.users == ["total"]
    alike = replace(user, calculation_formula="hive_count_2 * 2")
    assert archive_property(held(made(), alike), NEW.name, 9) is not None
    assert archive_property(held(made(), replace(user, archived_at=3)), NEW.name, 9) is not None


def test_a_group_is_made_changed_and_archived():
    assert create_group(held(), "bees", "Bees", 2) == PropertyGroup("bees", "Bees", 2)
    assert change_group(held(), "apiary", display_order=4) == replace(GROUP, display_order=4)
    assert change_group(held(), "apiary", "Garden") == replace(GROUP, label="Garden")
    assert archive_group(held(), "apiary", 9) == replace(GROUP, archived_at=9)
    assert archive_group(held(), "unknown", 9) is None


def test_an_archived_group_comes_back_with_a_new_label():
    properties = held(groups=(replace(GROUP, archived_at=5),))
    assert create_group(properties, "apiary", "Again") == PropertyGroup("apiary", "Again")
    assert properties.active_groups() == []
    with pytest.raises(errors.PropertyGroupExists):
        create_group(held(), "apiary", "Again")
    with pytest.raises(errors.PropertyGroupNotFound):
        change_group(properties, "apiary", "x")


def test_a_group_that_holds_active_properties_stays():
    with pytest.raises(errors.PropertyGroupInUse):
        archive_group(held(made()), "apiary", 9)
    assert archive_group(held(replace(made(), archived_at=5)), "apiary", 9) is not None


def test_hubspot_s_groups_stay_even_when_empty():
    with pytest.raises(errors.HubSpotDefinedGroup):
        archive_group(held(groups=(replace(GROUP, is_hubspot_defined=True),)), "apiary", 9)
