"""The sample CRM: loaded once, always the same, with a link of every kind."""

import pytest

from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog
from edgewise.domain.model import CreateRecords, NewRecord, RecordRef
from edgewise.sample import load_sample
from edgewise.stores.memory import MemoryStore

PORTAL = 7
NOW = 1_750_000_000_000


async def _records(store: MemoryStore) -> dict[str, dict[int, dict[str, str]]]:
    catalog = Catalog(hubspot_types(), await store.portal_types(PORTAL))
    found = {}
    for kind in catalog.object_types:
        page = await store.list_records(PORTAL, kind.code, 1, 1000)
        if page.records:
            found[kind.plural] = {record.record_id: record.properties for record in page.records}
    return found


async def _links(store: MemoryStore) -> set[tuple[str, int, str, int, str, int]]:
    """Every link as source type and id, target type and id, category and typeId."""
    catalog = Catalog(hubspot_types(), await store.portal_types(PORTAL))
    kinds = {kind.plural: kind for kind in catalog.object_types}
    found = set()
    for source, records in (await _records(store)).items():
        for record_id in records:
            for target, kind in kinds.items():
                ref = RecordRef(kinds[source].code, record_id)
                page = await store.list_links(PORTAL, ref, kind.code, 0, 1000)
                for linked in page.targets:
                    for link_type in map(catalog.association_type, linked.keys):
                        spec = link_type.category.name, link_type.type_id
                        found.add((source, record_id, target, linked.target_id, *spec))
    return found


@pytest.fixture
async def store() -> MemoryStore:
    store = MemoryStore()
    await load_sample(store, PORTAL, NOW)
    return store


async def test_it_has_records_of_the_usual_types_and_of_a_custom_one(store):
    assert set(await _records(store)) == {"companies", "contacts", "deals", "tickets", "notes", "pets"}


async def test_every_record_is_linked(store):
    linked = {(source, record_id) for source, record_id, *_ in await _links(store)}
    assert linked == {(kind, i) for kind, records in (await _records(store)).items() for i in records}


KINDS = {
    "default": ("contacts", "companies", "HUBSPOT_DEFINED", 279),
    "primary": ("contacts", "companies", "HUBSPOT_DEFINED", 1),
    "labelled by HubSpot": ("contacts", "companies", "HUBSPOT_DEFINED", 931),
    "labelled by the portal": ("companies", "contacts", "USER_DEFINED", 2),
    "parent company": ("companies", "companies", "HUBSPOT_DEFINED", 14),
    "child company": ("companies", "companies", "HUBSPOT_DEFINED", 13),
    "within a type": ("contacts", "contacts", "HUBSPOT_DEFINED", 449),
    "custom to contact": ("pets", "contacts", "USER_DEFINED", 3),
    "company to custom": ("companies", "pets", "USER_DEFINED", 6),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_it_has_a_link_of_every_kind(store, kind):
    found = {(source, target, *spec) for source, _, target, _, *spec in await _links(store)}
    assert KINDS[kind] in found


async def test_some_pair_has_the_unlabelled_type_alone(store):
    types: dict[tuple, set] = {}
    for source, source_id, target, target_id, *spec in await _links(store):
        types.setdefault((source, source_id, target, target_id), set()).add(tuple(spec))
    alone = [pair for pair, specs in types.items() if specs == {("HUBSPOT_DEFINED", 279)}]
    assert alone


async def test_every_pair_has_its_unlabelled_type(store):
    catalog = Catalog(hubspot_types(), await store.portal_types(PORTAL))
    links = await _links(store)
    for source, source_id, target, target_id in {link[:4] for link in links}:
        default = catalog.pair(catalog_type(catalog, source), catalog_type(catalog, target)).require_default()
        spec = default.category.name, default.type_id
        assert (source, source_id, target, target_id, *spec) in links


def catalog_type(catalog: Catalog, plural: str):
    return next(kind for kind in catalog.object_types if kind.plural == plural)


@pytest.mark.parametrize("spelling", ["2-1", "p1000001_pet", "P1000001_PET"])
async def test_the_custom_type_has_its_spellings(store, spelling):
    catalog = Catalog(hubspot_types(), await store.portal_types(PORTAL))
    assert catalog.object_type(spelling).name == "pet"


async def test_it_is_the_same_each_time(store):
    again = MemoryStore()
    await load_sample(again, PORTAL, NOW)
    assert await _records(again) == await _records(store)
    assert await _links(again) == await _links(store)


async def test_it_is_loaded_once(store):
    before = await _records(store), await _links(store)
    await load_sample(store, PORTAL, NOW + 1)
    assert (await _records(store), await _links(store)) == before


@pytest.mark.parametrize("is_archived", [False, True])
async def test_a_portal_that_has_a_record_is_left_alone(is_archived):
    store = MemoryStore()
    leads = object_code("leads")
    created = await store.create_records(CreateRecords(PORTAL, leads, [NewRecord({})], NOW))
    if is_archived:
        await store.archive_records(PORTAL, leads, [created.records[0].record_id], NOW)
    await load_sample(store, PORTAL, NOW)
    assert set(await _records(store)) <= {"leads"}
    assert not (await store.portal_types(PORTAL)).object_types


def object_code(plural: str) -> int:
    return catalog_type(Catalog(hubspot_types()), plural).code


async def test_other_portals_get_nothing(store):
    other = PORTAL + 1
    for kind in hubspot_types().object_types:
        assert not (await store.list_records(other, kind.code, 1, 1)).records
    assert not (await store.portal_types(other)).object_types
