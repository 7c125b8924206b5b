"""What a portal may define as an object type, and what it starts with."""

from dataclasses import replace

import pytest

from edgewise.data import hubspot_types
from edgewise.data.properties import custom_properties
from edgewise.domain import errors_properties, labels, schemas
from edgewise.domain.catalog import Catalog
from edgewise.domain.errors import DomainError, UnknownObjectType
from edgewise.domain.errors_schemas import (
    AssociationDefinitionUnknown,
    AssociationElsewhere,
    AssociationWithItself,
    HubSpotDefinedSchema,
    InvalidSchemaLabel,
    InvalidSchemaName,
    InvalidSecondaryProperties,
    PrimaryDisplayPropertyMissing,
    SchemaActive,
    SchemaNameTaken,
    SchemaPropertiesUnknown,
    SensitivePropertiesFixed,
    TooManyObjectTypes,
)
from edgewise.domain.model import Category, ObjectType, PortalTypes, TypesChange, object_type_code
from edgewise.domain.property_definitions import NewProperty
from edgewise.domain.schemas import OBJECT_TYPES_MAX, Author, NewSchema, SchemaChange

HUBSPOT = hubspot_types()
PORTAL, AT = 1_000_001, 1_790_000_000_000
AUTHOR = Author(PORTAL, AT, 42)
NOTHING = PortalTypes()
CAR = NewSchema(
    "car", "Car", "Cars", "model", ("year",), ("model",), ("model", "model"), "Things on wheels",
    (NewProperty("model", "Model", "", "string", "text"), NewProperty("year", "Year", "", "number", "number")),
)  # fmt: skip


def _create(new: NewSchema = CAR, types: PortalTypes = NOTHING) -> TypesChange:
    held = custom_properties(new.name, new.singular)
    return schemas.create_schema(Catalog(HUBSPOT, types), types, new, held, AUTHOR)


def _after(change: TypesChange, types: PortalTypes = NOTHING) -> PortalTypes:
    """What a portal defines after a change, as stores keep it."""
    gone = {*change.removed_object_types}
    object_types = {t.code: t for t in (*types.object_types, *change.object_types) if t.code not in gone}
    kept = {s.code: s for s in (*types.schemas, *change.schemas) if s.code not in change.purged}
    added = [t for t in (*types.association_types, *change.added) if t.key not in change.removed]
    next_number = max([types.next_object_number - 1, *(t.code & 0xFFFFFFFF for t in change.object_types)]) + 1
    next_id = max([types.next_type_id - 1, *(t.type_id for t in change.added)]) + 1
    return PortalTypes(
        tuple(object_types.values()), added, {}, next_id, types.version + 1, tuple(kept.values()), next_number
    )


def _car(types: PortalTypes) -> ObjectType:
    return next(t for t in types.object_types if t.name == "car")


def _named(count: int) -> PortalTypes:
    types = [
        ObjectType(object_type_code(f"2-{n}"), f"2-{n}", f"kind{n}", "kinds") for n in range(1, count + 1)
    ]
    return PortalTypes(types, next_object_number=count + 1)


def test_an_object_type_gets_the_next_number_and_its_full_name():
    change = _create(types=replace(NOTHING, next_object_number=7))
    [object_type] = change.object_types
    assert (object_type.id, object_type.code) == ("2-7", object_type_code("2-7"))
    assert (object_type.name, object_type.plural) == ("car", "Cars")
    assert object_type.aliases == ("p1000001_car",)
    assert object_type.default_properties == ("hs_createdate", "hs_lastmodifieddate", "hs_object_id")


def test_a_schema_keeps_what_was_given():
    [schema] = _create().schemas
    assert (schema.name, schema.singular, schema.plural) == ("car", "Car", "Cars")
    assert schema.primary_display_property == "model"
    assert schema.secondary_display_properties == ("year",)
    assert schema.required_properties == ("model",)
    assert schema.searchable_properties == ("model",)
    assert schema.description == "Things on wheels"
    assert (schema.created_at, schema.updated_at, schema.created_by, schema.updated_by) == (AT, AT, 42, 42)
    assert not schema.is_archived


def test_a_schema_without_searchable_properties_is_searched_by_id():
    [schema] = _create(CAR._replace(searchable_properties=())).schemas
    assert schema.searchable_properties == ("hs_object_id",)


def test_a_primary_display_property_may_be_one_that_every_object_type_has():
    new = NewSchema("car", "Car", "Cars", "hs_object_id")
    assert _create(new).schemas[0].primary_display_property == "hs_object_id"


def test_its_properties_are_in_the_group_that_it_starts_with():
    change = _create()
    made = change.properties[change.object_types[0].code]
    assert [(each.name, each.group_name) for each in made.properties] == [
        ("model", "car_information"), ("year", "car_information"),
    ]  # fmt: skip
    assert [(g.name, g.label, g.is_hubspot_defined) for g in made.groups] == [
        ("car_information", "Car Information", False)
    ]
    assert {(each.created_at, each.created_by) for each in made.properties} == {(AT, 42)}


def test_records_can_be_linked_with_activities_both_ways_from_the_start():
    change = _create()
    code = change.object_types[0].code
    catalog = Catalog(HUBSPOT, _after(change))
    for type_id in schemas.ACTIVITY_IDS:
        for pair in (catalog.pair_named("2-1", type_id), catalog.pair_named(type_id, "2-1")):
            assert pair.default is not None
            assert pair.default.category is Category.USER_DEFINED
            assert code in (pair.default.source_type, pair.default.target_type)
    assert catalog.pair_named("2-1", "contacts").default is None
    assert len(change.added) == 2 * len(schemas.ACTIVITY_IDS)


def test_associated_object_types_and_itself_get_unlabelled_types_too():
    contacts, notes = (Catalog(HUBSPOT).object_type(name) for name in ("contacts", "notes"))
    change = _create(CAR._replace(associated=(contacts, notes, contacts), is_linked_to_itself=True))
    catalog = Catalog(HUBSPOT, _after(change))
    there = catalog.pair_named("2-1", "contacts").require_default()
    assert catalog.association_type(there.mirror_key) is catalog.pair_named("contacts", "2-1").default
    itself = catalog.pair_named("2-1", "2-1").require_default()
    assert itself.mirror_key == itself.key
    assert there.name == "car_to_contact"
    assert len({t.key for t in change.added}) == len(change.added) == 2 * (len(schemas.ACTIVITY_IDS) + 1) + 1


def test_type_ids_follow_those_that_the_portal_gave():
    change = _create(types=replace(NOTHING, next_type_id=31))
    assert sorted(t.type_id for t in change.added) == [*range(31, 31 + len(change.added))]


def test_an_association_name_that_is_taken_gets_another_one():
    first = _after(_create(CAR._replace(name="CAR")))
    types = replace(first, object_types=(), schemas=())
    names = {t.name for t in _create(types=types).added}
    assert names == {f"{t.name.lower()}_unlabeled" for t in first.association_types}


@pytest.mark.parametrize("name", ["c", "C4r", "a_b", "x" * 50])
def test_names_of_letters_digits_and_underscores_are_taken(name: str):
    assert _create(CAR._replace(name=name)).object_types[0].name == name


@pytest.mark.parametrize("name", ["", "1car", "_car", "my car", "my-car", "cär", "x" * 51, "car\n"])
def test_other_names_are_refused(name: str):
    with pytest.raises(InvalidSchemaName) as refused:
        _create(CAR._replace(name=name))
    assert (refused.value.name, refused.value.length_max) == (name, 50)


@pytest.mark.parametrize(
    ("label", "is_valid"), [("", False), (" ", False), ("x" * 50, True), ("x" * 51, False)]
)
@pytest.mark.parametrize("field", ["singular", "plural"])
def test_labels_are_neither_blank_nor_longer_than_fifty_characters(field: str, label: str, is_valid: bool):
    new = CAR._replace(**{field: label})
    if is_valid:
        assert getattr(_create(new).schemas[0], field) == label
    else:
        with pytest.raises(InvalidSchemaLabel) as refused:
            _create(new)
        assert refused.value.field == field


@pytest.mark.parametrize("missing", [None, ""])
def test_a_primary_display_property_is_demanded(missing: str | None):
    with pytest.raises(PrimaryDisplayPropertyMissing):
        _create(CAR._replace(primary_display_property=missing))


@pytest.mark.parametrize("secondary", [("year", "year"), ("year", "model", "hs_object_id")])
def test_two_different_secondary_properties_are_the_most(secondary: tuple[str, ...]):
    with pytest.raises(InvalidSecondaryProperties):
        _create(CAR._replace(secondary_display_properties=secondary))


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("primary_display_property", "primaryDisplayProperty"),
        ("secondary_display_properties", "secondaryDisplayProperties"),
        ("required_properties", "requiredProperties"),
        ("searchable_properties", "searchableProperties"),
    ],
)
def test_a_property_that_the_object_type_lacks_is_told(field: str, key: str):
    value = "wings" if field.startswith("primary") else ("model", "wings")
    with pytest.raises(SchemaPropertiesUnknown) as refused:
        _create(CAR._replace(**{field: value}))
    assert (refused.value.field, refused.value.names) == (key, ["wings"])


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (NewProperty("Model", "Model", "", "string", "text"), errors_properties.InvalidPropertyName),
        (NewProperty("model", "Model", "else", "string", "text"), errors_properties.PropertyGroupNotFound),
        (NewProperty("hs_object_id", "Id", "", "string", "text"), errors_properties.PropertyExists),
        (NewProperty("model", "Model", "", "colour", "text"), errors_properties.UnknownPropertyType),
    ],
)
def test_properties_are_held_to_their_own_rules(new: NewProperty, refusal: type[DomainError]):
    with pytest.raises(refusal):
        _create(CAR._replace(properties=(new,)))


def test_the_same_property_twice_is_refused():
    twice = (CAR.properties[0], CAR.properties[0])
    with pytest.raises(errors_properties.PropertyExists):
        _create(CAR._replace(properties=twice))


@pytest.mark.parametrize("name", ["car", "CAR"])
def test_a_name_in_use_is_refused_in_any_letter_case(name: str):
    with pytest.raises(SchemaNameTaken):
        _create(CAR._replace(name=name), _after(_create()))


def test_the_name_of_one_of_hubspots_object_types_is_free():
    assert _create(CAR._replace(name="contact")).object_types[0].aliases == ("p1000001_contact",)


def test_an_archived_object_type_with_the_name_is_purged():
    types = _after(_create())
    archived = _after(schemas.archive_schema(types, _car(types), AUTHOR), types)
    change = _create(CAR._replace(name="Car"), archived)
    assert list(change.purged) == [_car(types).code]
    assert change.object_types[0].id == "2-2"


def test_a_portal_defines_so_many_object_types_and_no_more():
    assert _create(types=_named(OBJECT_TYPES_MAX - 1)).object_types
    with pytest.raises(TooManyObjectTypes) as refused:
        _create(types=_named(OBJECT_TYPES_MAX))
    assert refused.value.object_types_max == OBJECT_TYPES_MAX


def _change(
    change: SchemaChange, *, names: tuple[str, ...] = ("model", "year", "hs_object_id")
) -> TypesChange:
    types = _after(_create())
    return schemas.change_schema(types, _car(types), change, names, Author(PORTAL, AT + 5, 43))


def test_a_change_keeps_what_it_does_not_name():
    [former], [changed] = _create().schemas, _change(SchemaChange(singular="Auto")).schemas
    assert changed == replace(former, singular="Auto", updated_at=AT + 5, updated_by=43)


def test_a_change_sets_all_that_it_names():
    change = SchemaChange("A", "B", "year", ("model",), (), ("year",), "C")
    [changed] = _change(change).schemas
    assert (changed.singular, changed.plural, changed.description) == ("A", "B", "C")
    assert changed.primary_display_property == "year"
    assert changed.secondary_display_properties == ("model",)
    assert changed.required_properties == ()
    assert changed.searchable_properties == ("year",)
    [object_type] = _change(change).object_types
    assert (object_type.name, object_type.plural, object_type.aliases) == ("car", "B", ("p1000001_car",))


def test_a_description_is_cleared_on_demand():
    assert _change(SchemaChange(clears_description=True)).schemas[0].description is None


def test_no_searchable_properties_are_the_id():
    assert _change(SchemaChange(searchable_properties=())).schemas[0].searchable_properties == (
        "hs_object_id",
    )


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (SchemaChange(singular=" "), InvalidSchemaLabel),
        (SchemaChange(plural="x" * 51), InvalidSchemaLabel),
        (SchemaChange(primary_display_property=""), PrimaryDisplayPropertyMissing),
        (SchemaChange(secondary_display_properties=("year",) * 2), InvalidSecondaryProperties),
        (SchemaChange(required_properties=("wings",)), SchemaPropertiesUnknown),
        (SchemaChange(allows_sensitive_properties=False), SensitivePropertiesFixed),
    ],
)
def test_a_change_is_held_to_the_rules_of_a_new_one(change: SchemaChange, refusal: type[DomainError]):
    with pytest.raises(refusal):
        _change(change)


def test_object_types_that_hubspot_defines_are_not_changed_nor_archived():
    contacts = Catalog(HUBSPOT).object_type("contacts")
    for act in (
        lambda: schemas.change_schema(NOTHING, contacts, SchemaChange("A"), (), AUTHOR),
        lambda: schemas.archive_schema(NOTHING, contacts, AUTHOR),
        lambda: schemas.purge_schema(Catalog(HUBSPOT), NOTHING, PORTAL, "contacts"),
    ):
        with pytest.raises(HubSpotDefinedSchema):
            act()


def test_what_was_archived_meanwhile_is_unknown():
    with pytest.raises(UnknownObjectType):
        schemas.archive_schema(NOTHING, _car(_after(_create())), AUTHOR)


def test_an_archived_object_type_loses_its_associations_and_must_have_no_record():
    types = _after(_create())
    label = labels.create_label(
        labels.definitions_between(
            Catalog(HUBSPOT, types), types, _car(types), Catalog(HUBSPOT).object_type("deals")
        ),
        labels.NewLabel("sold", "Sold", "Sold as"),
        50,
    )
    types = _after(label, types)
    change = schemas.archive_schema(types, _car(types), Author(PORTAL, AT + 9, 43))
    assert set(change.removed) == {t.key for t in types.association_types}
    assert list(change.removed_object_types) == list(change.vacant) == [_car(types).code]
    assert change.schemas[0].archived_at == AT + 9


@pytest.mark.parametrize("text", ["2-1", "p1000001_car", "P1000001_CAR"])
def test_an_archived_object_type_is_purged_by_any_of_its_names(text: str):
    types = _after(_create())
    archived = _after(schemas.archive_schema(types, _car(types), AUTHOR), types)
    change = schemas.purge_schema(Catalog(HUBSPOT, archived), archived, PORTAL, text)
    assert list(change.purged) == [_car(types).code]


def test_an_active_object_type_is_not_purged():
    types = _after(_create())
    with pytest.raises(SchemaActive):
        schemas.purge_schema(Catalog(HUBSPOT, types), types, PORTAL, "2-1")


@pytest.mark.parametrize("text", ["car", "2-9", "p1000001_boat"])
def test_what_nobody_defined_is_not_purged(text: str):
    with pytest.raises(DomainError):
        schemas.purge_schema(Catalog(HUBSPOT), NOTHING, PORTAL, text)


def test_an_object_type_that_was_loaded_without_a_schema_gets_what_can_be_told():
    pet = ObjectType(object_type_code("2-4"), "2-4", "farm_pet", "farm_pets")
    schema = schemas.schema_of(NOTHING, pet)
    assert (schema.singular, schema.plural) == ("Farm pet", "Farm pets")
    assert schema.primary_display_property == "hs_object_id"


def test_an_association_is_told_by_its_number_or_its_name():
    types = _after(_create())
    [first, *_] = types.association_types
    assert schemas.association_type(types, _car(types), str(first.type_id)) is first
    assert schemas.association_type(types, _car(types), first.name.upper()) is first


@pytest.mark.parametrize("text", ["999", "nothing", "", "279"])
def test_what_tells_no_association_of_the_object_type_is_unknown(text: str):
    types = _after(_create())
    with pytest.raises(AssociationDefinitionUnknown):
        schemas.association_type(types, _car(types), text)


def test_an_association_is_defined_from_one_of_its_ends():
    types = _after(_create())
    catalog = Catalog(HUBSPOT, types)
    ends = schemas.linked_types(catalog, _car(types), "contacts", "2-1")
    assert [end.id for end in ends] == ["0-1", "2-1"]
    with pytest.raises(AssociationElsewhere):
        schemas.linked_types(catalog, _car(types), "contacts", "deals")
    with pytest.raises(AssociationWithItself):
        schemas.linked_types(catalog, _car(types), "2-1", "p1000001_CAR")


def test_a_new_record_has_what_its_schema_demands():
    types = _after(_create())
    assert schemas.lacking(types, _car(types), {"model": "T"}) is None
    for values in ({}, {"model": ""}, {"model": None}, {"year": "1908"}):
        refused = schemas.lacking(types, _car(types), values)
        assert isinstance(refused, errors_properties.RequiredPropertiesMissing)
        assert refused.names == ["model"]
    assert schemas.lacking(types, Catalog(HUBSPOT).object_type("deals"), {}) is None
