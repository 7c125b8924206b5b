"""Every store finds the records that `Search.matches` says, whichever way it looks for them."""

from edgewise.domain.model import NewRecord, RecordRef
from edgewise.domain.ports import Created
from edgewise.domain.search import Condition, LinkedTo, Operator, Search, Sort
from edgewise.domain.values import Value
from tests.contract.toy_types import COMPANIES, CONTACT_COMPANY, CONTACTS, ONE_WAY
from tests.contract.world import AT, World, company, contact

PEOPLE = (
    {"name": "Ann", "age": "9", "city": "Köln"},
    {"name": "ben", "age": "10", "city": "KÖLN"},
    {"name": "Cid", "age": "9.0"},
    {"name": "ann", "city": "Straße"},
)


def _is(name: str, operator: Operator, *texts: str) -> Condition:
    is_numeric = name in ("age", "hs_object_id", "hs_createdate", "hs_lastmodifieddate")
    return Condition(name, operator, tuple(map(Value.of, texts)), is_numeric)


async def _people(world: World) -> list[int]:
    created = await world.create(CONTACTS, *map(NewRecord, PEOPLE))
    assert isinstance(created, Created)
    return [record.record_id for record in created.records]


async def _found(world: World, *groups: tuple[Condition | LinkedTo, ...], **options: object) -> list[int]:
    search = Search(CONTACTS, groups, limit=100, **options)  # type: ignore[arg-type]
    total, records = await world.store.search_records(world.portal_id, search)
    assert total == len(records)
    return [record.record_id for record in records]


async def test_without_a_condition_every_live_record_of_the_type_is_found_by_id(world: World):
    ids = await _people(world)
    await world.company()
    await world.elsewhere().contact()
    await world.archive(contact(ids[1]))
    assert await _found(world) == [ids[0], *ids[2:]]
    assert await _found(world, ()) == [ids[0], *ids[2:]]


async def test_a_record_found_is_whole_and_no_copy_changes_it(world: World):
    ann = (await _people(world))[0]
    for _ in range(2):
        page = await world.store.search_records(
            world.portal_id, Search(CONTACTS, ((_is("name", Operator.EQ, "ANN"),),))
        )
        assert page.total == 2
        assert page.records[0] == await world.read(contact(ann))
        page.records[0].properties["name"] = "Eve"


async def test_texts_are_equal_in_any_case_beyond_ascii_too(world: World):
    ids = await _people(world)
    assert await _found(world, (_is("name", Operator.EQ, "ANN"),)) == [ids[0], ids[3]]
    assert await _found(world, (_is("city", Operator.EQ, "köln"),)) == ids[:2]
    assert await _found(world, (_is("city", Operator.EQ, "STRASSE"),)) == [ids[3]]
    assert await _found(world, (_is("city", Operator.IN, "strasse", "köln"),)) == [ids[0], ids[1], ids[3]]
    assert await _found(world, (_is("city", Operator.EQ, "koln"),)) == []


async def test_numbers_are_equal_as_numbers(world: World):
    ids = await _people(world)
    assert await _found(world, (_is("age", Operator.EQ, "9"),)) == [ids[0], ids[2]]
    assert await _found(world, (_is("age", Operator.GT, "9"),)) == [ids[1]]
    assert await _found(world, (_is("age", Operator.IN, "9.00", "x"),)) == [ids[0], ids[2]]


async def test_every_condition_of_a_group_is_met_and_one_group_is_enough(world: World):
    ids = await _people(world)
    by_name, by_age = _is("name", Operator.EQ, "ann"), _is("age", Operator.EQ, "9")
    assert await _found(world, (by_name, by_age)) == [ids[0]]
    assert await _found(world, (by_name,), (by_age,)) == [ids[0], ids[2], ids[3]]
    assert await _found(world, (by_name,), (_is("nothing", Operator.EQ, "x"),)) == [ids[0], ids[3]]


async def test_records_are_found_by_id(world: World):
    ids = await _people(world)
    texts = [str(i) for i in (ids[3], ids[0], 99)]
    assert await _found(world, (_is("hs_object_id", Operator.IN, *texts),)) == [ids[0], ids[3]]
    assert await _found(world, (_is("hs_object_id", Operator.EQ, str(ids[1])),)) == [ids[1]]
    assert await _found(world, (_is("hs_object_id", Operator.EQ, "x"),)) == []
    assert await _found(world, (_is("hs_object_id", Operator.EQ, "1e99"),)) == []
    both = _is("hs_object_id", Operator.IN, *texts), _is("age", Operator.EQ, "9")
    assert await _found(world, both) == [ids[0]]
    await world.archive(contact(ids[0]))
    assert await _found(world, both) == []


async def test_records_are_found_by_when_they_were_made_and_changed(world: World):
    ids = await _people(world)
    await world.update(contact(ids[1]), AT + 60_000, name="Ben")
    changed = _is("hs_lastmodifieddate", Operator.GT, str(AT))
    assert await _found(world, (changed,)) == [ids[1]]
    assert await _found(world, (_is("hs_createdate", Operator.EQ, str(AT)),)) == ids


async def test_records_are_found_by_what_they_are_linked_to(world: World):
    ids = await _people(world)
    acme, other = await world.records(COMPANIES, 2)
    await world.link(contact(ids[0]), acme, CONTACT_COMPANY)
    await world.link(contact(ids[1]), other, CONTACT_COMPANY)
    await world.link(contact(ids[2]), other, ONE_WAY)
    to_acme = LinkedTo(COMPANIES.code, frozenset({acme.record_id}))
    to_any = LinkedTo(COMPANIES.code, frozenset({acme.record_id, other.record_id, 99}))
    assert await _found(world, (to_acme,)) == [ids[0]]
    assert await _found(world, (to_any,)) == ids[:3]
    assert await _found(world, (to_acme, to_any)) == [ids[0]]
    assert await _found(world, (to_any, _is("name", Operator.EQ, "BEN"))) == [ids[1]]
    assert await _found(world, (to_acme,), (_is("name", Operator.EQ, "cid"),)) == [ids[0], ids[2]]
    await world.unlink(contact(ids[0]), acme)
    assert await _found(world, (to_acme,)) == []


async def test_a_link_that_a_record_does_not_read_finds_it_not(world: World):
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, ONE_WAY)
    one_way = frozenset({ONE_WAY.key})
    search = Search(COMPANIES, ((LinkedTo(CONTACTS.code, frozenset({ann.record_id}), one_way),),))
    assert (await world.store.search_records(world.portal_id, search)).total == 0


async def test_links_of_another_portal_find_nothing(world: World):
    ann, acme = await world.contact(), await world.company()
    elsewhere = world.elsewhere()
    await elsewhere.records(CONTACTS, 1)
    await elsewhere.records(COMPANIES, 1)
    await elsewhere.link(ann, acme, CONTACT_COMPANY)
    assert await _found(world, (LinkedTo(COMPANIES.code, frozenset({acme.record_id})),)) == []


async def test_a_page_tells_how_many_there_are_in_all(world: World):
    ids = [ref.record_id for ref in await world.records(CONTACTS, 7)]
    shown = []
    for offset in (0, 3, 6, 9):
        page = await world.store.search_records(world.portal_id, Search(CONTACTS, offset=offset, limit=3))
        assert page.total == 7
        shown.append([record.record_id for record in page.records])
    assert shown == [ids[:3], ids[3:6], ids[6:], []]


async def test_records_are_sorted_by_a_property_those_without_it_last(world: World):
    ids = await _people(world)
    rising, falling = Sort("age", False, True), Sort("age", True, True)
    assert await _found(world, sort=rising) == [ids[0], ids[2], ids[1], ids[3]]
    assert await _found(world, sort=falling) == [ids[1], ids[0], ids[2], ids[3]]
    page = await world.store.search_records(
        world.portal_id, Search(CONTACTS, sort=falling, offset=1, limit=2)
    )
    assert (page.total, [record.record_id for record in page.records]) == (4, [ids[0], ids[2]])


async def test_many_equal_values_are_found(world: World):
    created = await world.create(CONTACTS, *[NewRecord({"stage": "Lead", "n": str(n)}) for n in range(300)])
    assert isinstance(created, Created)
    search = Search(CONTACTS, ((_is("stage", Operator.EQ, "lead"),),), offset=250, limit=100)
    page = await world.store.search_records(world.portal_id, search)
    assert (page.total, len(page.records)) == (300, 50)
    assert [RecordRef(CONTACTS.code, r.record_id) for r in page.records] == [
        contact(r.record_id) for r in created.records[250:]
    ]
    assert company(1) not in await world.all_records()


async def test_a_record_is_found_by_what_it_is_and_not_by_what_it_was(world: World):
    ids = await _people(world)
    await world.update(contact(ids[0]), AT + 1, name="Zoe", city=None)
    assert await _found(world, (_is("name", Operator.EQ, "ann"),)) == [ids[3]]
    assert await _found(world, (_is("name", Operator.EQ, "zoe"),)) == [ids[0]]
    assert await _found(world, (_is("city", Operator.EQ, "köln"),)) == [ids[1]]


async def test_conditions_that_must_all_hold_and_groups_one_of_which_must_are_combined(world: World):
    ids = await _people(world)
    nine, ann = _is("age", Operator.EQ, "9"), _is("name", Operator.EQ, "ann")
    assert await _found(world, (nine, ann)) == [ids[0]]
    assert await _found(world, (ann, nine, _is("hs_object_id", Operator.IN, str(ids[3]), str(ids[0])))) == [
        ids[0]
    ]
    assert await _found(world, (nine,), (ann,)) == [ids[0], ids[2], ids[3]]
    assert await _found(world, (nine, _is("name", Operator.NEQ, "ann")), (ann,)) == [ids[0], ids[2], ids[3]]


async def test_long_values_are_compared_as_a_whole(world: World):
    long = "Ä" * 150
    created = await world.create(CONTACTS, NewRecord({"bio": long}), NewRecord({"bio": long + "x"}))
    assert isinstance(created, Created)
    assert await _found(world, (_is("bio", Operator.EQ, long.lower()),)) == [created.records[0].record_id]


async def test_a_page_of_all_records_begins_behind_those_before_it(world: World):
    ids = [ref.record_id for ref in await world.records(CONTACTS, 5)]
    page = await world.store.search_records(world.portal_id, Search(CONTACTS, offset=2, limit=2))
    assert (page.total, [record.record_id for record in page.records]) == (5, ids[2:4])
    behind = await world.store.search_records(world.portal_id, Search(CONTACTS, offset=7, limit=2))
    assert (behind.total, list(behind.records)) == (5, [])
