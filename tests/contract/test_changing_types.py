"""A portal changes what it defines while its records are linked: the links follow, and later writes know."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest

from edgewise.domain.model import (
    AssociationType,
    Category,
    Linked,
    LinkWrite,
    NewLink,
    NewRecord,
    ObjectType,
    PortalTypes,
    TypeGone,
    TypesChange,
)
from tests.contract.toy_types import (
    ADVISED_BY,
    ADVISES,
    AUDITED_BY,
    AUDITS,
    COMPANIES,
    COMPANY_CONTACT,
    CONTACT_COMPANY,
    CONTACT_CONTACT,
    CONTACTS,
    MANAGES,
    ONE_WAY,
    PRIMARY,
    REPORTS_TO,
    both_halves,
)
from tests.contract.world import World, contact

DONE = Linked.DONE
TOY_IDS = range(1, 7)
"""The ids of the toy CRM's own types."""


def _label(
    first_id: int, source: ObjectType = CONTACTS, target: ObjectType = COMPANIES
) -> tuple[AssociationType, AssociationType]:
    ids, texts = (first_id, first_id + 1), (f"Label {first_id}", f"Label {first_id + 1}")
    return both_halves(source, target, ids, Category.USER_DEFINED, texts)


async def _types(world: World) -> PortalTypes:
    return await world.store.portal_types(world.portal_id)


async def _defined(world: World) -> list[dict[str, object]]:
    return [asdict(link_type) for link_type in (await _types(world)).association_types]


def _as_dicts(types: Sequence[AssociationType]) -> list[dict[str, object]]:
    return [asdict(link_type) for link_type in sorted(types, key=lambda link_type: link_type.key)]


TOY_TYPES = (ADVISES, ADVISED_BY, AUDITS, AUDITED_BY, MANAGES, REPORTS_TO)


async def test_a_type_that_is_added_can_be_read_and_written(world: World):
    label, inverse = _label(7)
    await world.change(TypesChange(added=(label, inverse)))
    assert await _defined(world) == _as_dicts([*TOY_TYPES, label, inverse])
    ann, acme = await world.contact(), await world.company()
    assert await world.link(ann, acme, CONTACT_COMPANY, label) is DONE
    assert await world.keys(acme, ann) == {COMPANY_CONTACT.key, inverse.key}


async def test_a_type_that_is_changed_keeps_its_links(world: World):
    ann, acme = await world.contact(), await world.company()
    assert await world.link(ann, acme, CONTACT_COMPANY, ADVISES) is DONE
    links = await world.all_links()
    renamed = replace(ADVISES, label="Customer", name="customer"), replace(ADVISED_BY, label="Consultant")
    await world.change(TypesChange(changed=renamed))
    assert await _defined(world) == _as_dicts([*renamed, *TOY_TYPES[2:]])
    assert await world.all_links() == links
    assert await world.link(ann, await world.company(), CONTACT_COMPANY, renamed[0]) is DONE


async def test_a_change_and_what_it_comes_to_are_answered(world: World):
    label = _label(7)
    change = TypesChange(added=label, removed=(MANAGES.key, REPORTS_TO.key), limits={ADVISES.key: 3})
    answer = await world.change(change)
    types = await _types(world)
    assert answer.change == change
    assert [asdict(t) for t in answer.types.association_types] == await _defined(world)
    assert dict(answer.types.limits) == dict(types.limits) == {ADVISES.key: 3}
    assert (answer.types.next_type_id, answer.types.version) == (types.next_type_id, types.version)
    assert await _defined(world) == _as_dicts([*TOY_TYPES[:4], *label])


async def test_limits_are_set_changed_and_removed_each_alone(world: World):
    steps: list[tuple[dict[int, int | None], dict[int, int]]] = [
        ({ADVISES.key: 2, CONTACT_COMPANY.key: 7}, {ADVISES.key: 2, CONTACT_COMPANY.key: 7}),
        ({ADVISES.key: 3}, {ADVISES.key: 3, CONTACT_COMPANY.key: 7}),
        ({ADVISES.key: None, ADVISED_BY.key: 4}, {ADVISED_BY.key: 4, CONTACT_COMPANY.key: 7}),
        ({AUDITS.key: None}, {ADVISED_BY.key: 4, CONTACT_COMPANY.key: 7}),
        ({CONTACT_COMPANY.key: None, ADVISED_BY.key: None}, {}),
    ]
    for change, expected in steps:
        await world.change(TypesChange(limits=change))
        limits = (await _types(world)).limits
        assert dict(limits) == expected
        assert list(limits) == sorted(limits)


async def test_a_type_that_is_removed_is_gone_from_every_link_at_both_ends(world: World):
    people, companies = await world.records(CONTACTS, 20), await world.records(COMPANIES, 2)
    for person, acme in zip(people, companies * 10, strict=True):
        assert await world.link(person, acme, CONTACT_COMPANY, ADVISES, AUDITS) is DONE
    await world.change(TypesChange(removed=(ADVISES.key, ADVISED_BY.key)))
    for person, acme in zip(people, companies * 10, strict=True):
        assert await world.types(person, acme) == {CONTACT_COMPANY, AUDITS}
        assert await world.types(acme, person) == {COMPANY_CONTACT, AUDITED_BY}
    assert await _defined(world) == _as_dicts(TOY_TYPES[2:])


async def test_a_type_removed_by_the_key_of_either_end_is_gone_from_both(world: World):
    for removed in (ADVISES, AUDITED_BY):
        ann, acme = await world.contact(), await world.company()
        await world.link(ann, acme, CONTACT_COMPANY, AUDITS)
        if removed is ADVISES:
            await world.link(ann, acme, ADVISES)
        await world.change(TypesChange(removed=(removed.key,)))
        assert not await world.keys(ann, acme) & {removed.key, removed.mirror_key}
        assert not await world.keys(acme, ann) & {removed.key, removed.mirror_key}


async def test_a_type_within_one_object_type_is_gone_from_both_ends(world: World):
    ann, ben, cid = await world.records(CONTACTS, 3)
    await world.link(ann, ben, CONTACT_CONTACT, MANAGES)
    await world.link(cid, ann, CONTACT_CONTACT, REPORTS_TO)
    await world.link(ben, cid, MANAGES, REPORTS_TO)
    await world.change(TypesChange(removed=(MANAGES.key, REPORTS_TO.key)))
    for source, target in ((ann, ben), (ben, ann), (ann, cid), (cid, ann)):
        assert await world.types(source, target) == {CONTACT_CONTACT}
    assert await world.targets(ben, CONTACTS) == [ann.record_id]
    assert await world.targets(cid, CONTACTS) == [ann.record_id]


async def test_a_pair_that_a_removed_type_alone_linked_is_linked_no_more(world: World):
    label = replace(ONE_WAY, key=29, category=Category.USER_DEFINED, type_id=7, mirror_key=~29)
    await world.change(TypesChange(added=(label,)))
    ann, acme, bolt = await world.contact(), await world.company(), await world.company()
    await world.link(ann, acme, label)
    await world.link(ann, bolt, ADVISES)
    await world.change(TypesChange(removed=(label.key, ADVISES.key, ADVISED_BY.key)))
    assert await world.all_links() == set()
    assert await world.link(ann, acme, CONTACT_COMPANY, first_type=PRIMARY) is DONE
    assert await world.types(ann, acme) == {CONTACT_COMPANY, PRIMARY}


async def test_the_limit_of_a_type_goes_with_it(world: World):
    limits = {ADVISES.key: 1, ADVISED_BY.key: 2, AUDITS.key: 3}
    await world.change(TypesChange(limits=limits))
    await world.change(TypesChange(removed=(ADVISES.key, ADVISED_BY.key), limits={ADVISES.key: 5}))
    assert dict((await _types(world)).limits) == {AUDITS.key: 3}


async def test_writes_that_name_a_removed_type_say_so_and_change_nothing(world: World):
    ann, (acme, bolt) = await world.contact(), await world.records(COMPANIES, 2)
    await world.link(ann, acme, CONTACT_COMPANY, AUDITS)
    await world.change(TypesChange(removed=(ADVISES.key, ADVISED_BY.key), limits={CONTACT_COMPANY.key: 1}))
    before = await world.state()
    for count in (1, 12):
        writes = [LinkWrite(ann.record_id, acme.record_id, (CONTACT_COMPANY, ADVISES))] * count
        outcomes = await world.link_all(CONTACT_COMPANY, writes, replaces_labels=True, creates_records=True)
        assert outcomes == [TypeGone(ADVISES.key)] * count
    assert await world.link(bolt, ann, COMPANY_CONTACT, ADVISED_BY) == TypeGone(ADVISED_BY.key)
    new = NewRecord({}, (NewLink(ann, (COMPANY_CONTACT, ADVISED_BY)),))
    assert await world.create(COMPANIES, new) == TypeGone(ADVISED_BY.key)
    assert await world.state() == before


async def test_of_one_call_only_the_writes_that_name_a_removed_type_are_refused(world: World):
    await world.change(TypesChange(removed=(ADVISES.key, ADVISED_BY.key)))
    for count in (1, 30):
        ann, companies = await world.contact(), await world.records(COMPANIES, 2 * count)
        labels = (ADVISES, AUDITS) * count
        writes = [
            LinkWrite(ann.record_id, acme.record_id, (CONTACT_COMPANY, label))
            for acme, label in zip(companies, labels, strict=True)
        ]
        assert await world.link_all(CONTACT_COMPANY, writes) == [TypeGone(ADVISES.key), DONE] * count
        assert await world.targets(ann, COMPANIES) == [ref.record_id for ref in companies[1::2]]


async def test_a_missing_record_is_told_before_a_removed_type(world: World):
    await world.change(TypesChange(removed=(ADVISES.key, ADVISED_BY.key)))
    acme = await world.company()
    for count in (1, 12):
        writes = [LinkWrite(99, acme.record_id, (CONTACT_COMPANY, ADVISES))] * count
        assert await world.link_all(CONTACT_COMPANY, writes) == [Linked.SOURCE_MISSING] * count


async def test_ids_are_never_given_twice(world: World):
    assert (await _types(world)).next_type_id == TOY_IDS.stop
    await world.change(TypesChange(added=_label(9)))
    assert (await _types(world)).next_type_id == 11
    await world.change(TypesChange(added=_label(7)))
    assert (await _types(world)).next_type_id == 11
    await world.change(TypesChange(removed=[link_type.key for link_type in (*_label(9), *TOY_TYPES)]))
    assert (await _types(world)).next_type_id == 11
    hubspots = replace(ONE_WAY, key=4 * 400, type_id=400, mirror_key=~(4 * 400))
    await world.change(TypesChange(added=(hubspots,)))
    assert (await _types(world)).next_type_id == 11


async def test_the_version_grows_with_every_change(world: World):
    label = _label(7)
    seen = [(await _types(world)).version]
    for change in (
        TypesChange(added=label),
        TypesChange(changed=(replace(label[0], label="Else"),)),
        TypesChange(limits={label[0].key: 1}),
        TypesChange(limits={label[0].key: None}),
        TypesChange(removed=(label[0].key, label[1].key)),
    ):
        answer = await world.change(change)
        seen.append(answer.types.version)
        assert (await _types(world)).version == seen[-1]
        assert await world.store.types_version(world.portal_id) == seen[-1]
    await world.store.add_portal_types(world.portal_id, PortalTypes((), label))
    seen.append(await world.store.types_version(world.portal_id))
    assert seen == sorted(set(seen))


async def test_writes_of_records_and_links_are_no_change_of_types(world: World):
    before = await world.store.types_version(world.portal_id)
    ann, acme = await world.contact(), await world.company()
    await world.link(ann, acme, CONTACT_COMPANY, ADVISES)
    await world.unlink(ann, acme)
    await world.archive(ann)
    assert await world.store.types_version(world.portal_id) == before


async def test_what_decides_sees_all_that_is_defined_and_may_refuse(world: World):
    await world.limit(ADVISES, 2)
    await world.link(await world.contact(), await world.company(), CONTACT_COMPANY, ADVISES)
    before = await world.state()
    seen: list[PortalTypes] = []

    def refuse(types: PortalTypes) -> TypesChange:
        seen.append(types)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.store.change_types(world.portal_id, refuse)
    assert await world.state() == before
    assert _as_dicts(seen[0].association_types) == _as_dicts(TOY_TYPES)
    assert (dict(seen[0].limits), seen[0].next_type_id, seen[0].version) == ({ADVISES.key: 2}, 7, 2)


async def test_of_changes_made_at_once_each_sees_what_the_others_did(world: World):
    def add_one(types: PortalTypes) -> TypesChange:
        return TypesChange(added=_label(types.next_type_id))

    def refuse(_: PortalTypes) -> TypesChange:
        raise ZeroDivisionError

    calls = [world.store.change_types(world.portal_id, add_one) for _ in range(20)]
    calls.insert(10, world.store.change_types(world.portal_id, refuse))
    answers = await asyncio.gather(*calls, world.contact(), return_exceptions=True)
    assert isinstance(answers.pop(10), ZeroDivisionError)
    assert answers.pop() == contact(30_000_000_001)
    added = [answer.change.added[0].type_id for answer in answers if not isinstance(answer, BaseException)]
    assert added == list(range(7, 47, 2))
    assert (await _types(world)).next_type_id == 47


async def test_links_written_while_their_type_is_removed_end_without_it(world: World):
    for number in range(10):
        label = _label((await _types(world)).next_type_id)
        await world.change(TypesChange(added=label))
        ann, companies = await world.contact(), await world.records(COMPANIES, 12)
        calls = [world.link(ann, acme, CONTACT_COMPANY, label[0]) for acme in companies]
        calls.insert(number, world.change(TypesChange(removed=[half.key for half in label])))
        outcomes = await asyncio.gather(*calls)
        del outcomes[number]
        assert outcomes == [DONE] * number + [TypeGone(label[0].key)] * (12 - number)
        for acme in companies[:number]:
            assert await world.keys(ann, acme) == {CONTACT_COMPANY.key}
            assert await world.keys(acme, ann) == {COMPANY_CONTACT.key}


async def test_a_change_leaves_other_portals_as_they_are(world: World):
    elsewhere = world.elsewhere()
    ann, acme = await elsewhere.contact(), await elsewhere.company()
    await elsewhere.link(ann, acme, CONTACT_COMPANY, ADVISES, AUDITS)
    await elsewhere.limit(ADVISES, 4)
    await world.records(CONTACTS, 2)
    before = await elsewhere.state()
    await world.change(TypesChange(added=_label(50), changed=(replace(AUDITS, label="Else"),)))
    await world.change(
        TypesChange(removed=(ADVISES.key, ADVISED_BY.key), limits={ADVISES.key: 1, AUDITS.key: 1})
    )
    assert await elsewhere.state() == before
    bolt = await elsewhere.company()
    assert await elsewhere.link(ann, bolt, CONTACT_COMPANY, ADVISES, AUDITS) is DONE
    assert await elsewhere.link(ann, bolt, CONTACT_COMPANY, _label(50)[0]) == TypeGone(_label(50)[0].key)
