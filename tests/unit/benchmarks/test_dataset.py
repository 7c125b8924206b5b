"""The pairs to write are new ones, between records that exist, each once."""

import asyncio
from random import Random

import pytest

from benchmarks.dataset import LARGE, SMALL, STRIDE, TARGETS, Dataset, build, contact_company, count_pairs
from edgewise.domain.model import RecordRef
from edgewise.domain.search import Condition, Operator, Search
from edgewise.domain.values import Value
from edgewise.settings import DEFAULT_PORTAL_ID
from edgewise.stores.sqlite.store import SqliteStore

TINY = Dataset(4_000)


def test_a_new_pair_comes_once():
    dataset = Dataset(SMALL)
    pairs = {dataset.new_pair(number) for number in range(dataset.new_pairs)}
    assert len(pairs) == dataset.new_pairs


def test_a_new_pair_links_records_that_exist_and_are_not_linked():
    dataset = Dataset(SMALL)
    random = Random(1)
    linked = {
        (dataset.contact_id(contact), dataset.company_id(company))
        for contact in range(dataset.contacts)
        for company in dataset.linked_companies(random, contact)
    }
    contacts = {dataset.contact_id(contact) for contact in range(dataset.contacts)}
    companies = {dataset.company_id(company) for company in range(dataset.companies)}
    assert contacts.isdisjoint(companies)
    for number in range(dataset.new_pairs):
        contact_id, company_id = pair = dataset.new_pair(number)
        assert contact_id in contacts
        assert company_id in companies
        assert pair not in linked


@pytest.mark.parametrize("pairs", [SMALL, LARGE])
def test_neighbouring_requests_go_to_different_places(pairs):
    dataset = Dataset(pairs)
    assert dataset.contacts % STRIDE
    assert len({dataset.new_pair(number)[0] for number in range(dataset.contacts)}) == dataset.contacts


def test_a_database_has_as_many_pairs_as_it_says(tmp_path):
    file = tmp_path / "tiny.sqlite"
    build(file, TINY)
    assert count_pairs(file) == TINY.pairs
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.sqlite"]


async def test_a_database_reads_as_if_the_store_had_written_it(tmp_path):
    file = tmp_path / "tiny.sqlite"
    await asyncio.to_thread(build, file, TINY)
    pair = contact_company()
    store = SqliteStore(file)
    await store.start()
    try:
        source = RecordRef(pair.source.code, TINY.contact_id(7))
        page = await store.list_links(DEFAULT_PORTAL_ID, source, pair.target.code, 0, 500)
        assert len(page.targets) == TARGETS
        assert sorted(len(target.keys) for target in page.targets) == [1] * (TARGETS - 1) + [2]
        for target in page.targets:
            back = await store.list_links(
                DEFAULT_PORTAL_ID, RecordRef(pair.target.code, target.target_id), pair.source.code, 0, 500
            )
            assert source.record_id in {each.target_id for each in back.targets}
        records = await store.read_records(DEFAULT_PORTAL_ID, pair.source.code, [source.record_id])
        assert records[0] is not None
        for name, text in records[0].properties.items():
            condition = Condition(name, Operator.EQ, (Value.of(text),))
            found = await store.search_records(DEFAULT_PORTAL_ID, Search(pair.source, ((condition,),)))
            assert source.record_id in {record.record_id for record in found.records}
    finally:
        await store.close()
