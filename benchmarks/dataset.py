"""Databases of a known size: contacts with ten companies each, written as the API would have written them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from time import perf_counter

from benchmarks.bench import Bench
from edgewise.data import hubspot_types
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.model import FIRST_RECORD_ID
from edgewise.settings import DEFAULT_PORTAL_ID
from edgewise.stores.migrate import load_migrations
from edgewise.stores.sqlite.connections import FOLDER, QUERIES, Durability, open_writer, transaction
from edgewise.stores.sqlite.store import SqliteStore
from edgewise.stores.sqlite.values import VALUE_QUERIES, value_rows

LARGE = 1_000_000
SMALL = 10_000
TARGETS = 10
"""How many companies each contact has, and how many contacts there are for each company."""

STRIDE = 7919
SHIFT = 31
"""Scatter the pairs to write over contacts and companies; STRIDE is prime and divides no number of contacts."""

_LAYOUT = 4
"""Raised when a database of the same size would be built differently."""

_NAMES = {
    "email",
    "firstname",
    "lastname",
    "phone",
    "lifecyclestage",
    "hs_lead_status",
    "name",
    "domain",
    "city",
    "industry",
}
"""Of the properties that records have."""

_CREATED_AT = 1_700_000_000_000

Edge = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A database of `pairs` linked pairs, `targets` for each contact, and the pairs that are still to be linked.

    A contact has companies whose number has the parity of its own, so those of the other parity are free: linking
    such a pair is always a new link between records that exist, and no contact's first.
    """

    pairs: int
    targets: int = TARGETS

    @property
    def contacts(self) -> int:
        return self.pairs // self.targets

    @property
    def companies(self) -> int:
        return self.contacts // TARGETS

    @property
    def new_pairs(self) -> int:
        """How many different pairs `new_pair` knows."""
        return self.contacts * self.companies // 2

    def contact_id(self, contact: int) -> int:
        return FIRST_RECORD_ID + contact

    def company_id(self, company: int) -> int:
        return FIRST_RECORD_ID + self.contacts + company

    def new_pair(self, number: int) -> tuple[int, int]:
        """The ids of a contact and a company that are not linked; another pair for each number."""
        contact = number * STRIDE % self.contacts
        turn = number // self.contacts
        company = 2 * ((contact * SHIFT + turn) % (self.companies // 2)) + 1 - contact % 2
        return self.contact_id(contact), self.company_id(company)

    def linked_companies(self, random: Random, contact: int) -> list[int]:
        """The companies of a contact, drawn at random, in ascending order."""
        return sorted(
            2 * half + contact % 2 for half in random.sample(range(self.companies // 2), self.targets)
        )


def contact_company() -> PairTypes:
    """The association types from contacts to companies."""
    catalog = Catalog(hubspot_types())
    return catalog.pair(catalog.object_type("contacts"), catalog.object_type("companies"))


def database(bench: Bench, dataset: Dataset) -> Path:
    """The file of a data set; built once, then kept for as long as the schema stays the same."""
    bench.cache.mkdir(parents=True, exist_ok=True)
    size = f"pairs-{dataset.pairs}-of-{dataset.contacts}"
    file = bench.cache / f"{size}-{_fingerprint()}.sqlite"
    if not file.exists():
        for outdated in bench.cache.glob(f"{size}-*"):
            outdated.unlink()
        bench.say(f"building a database of {dataset.contacts:,} contacts and {dataset.pairs:,} pairs")
        started = perf_counter()
        building = file.with_suffix(".building")
        build(building, dataset)
        building.rename(file)
        bench.say(f"built in {perf_counter() - started:.1f} s: {file.stat().st_size / 1e6:.0f} MB")
    return file


def _fingerprint() -> str:
    checksums = [migration.checksum for migration in load_migrations(FOLDER / "migrations")]
    return sha256(json.dumps([_LAYOUT, TARGETS, *checksums]).encode()).hexdigest()[:12]


def build(file: Path, dataset: Dataset) -> None:
    """The rows of the schema, in the order of their keys, so that each page is written once."""
    asyncio.run(_create_schema(file))
    connection = open_writer(file, Durability.NORMAL)
    try:
        with transaction(connection):
            connection.executemany(QUERIES.add_record, _records(dataset))
            for name in sorted(_NAMES):  # one after the other, since all of them fill the memory
                connection.executemany(VALUE_QUERIES.add_value, sorted(_values(dataset, name)))
            counted = (DEFAULT_PORTAL_ID, dataset.contacts + dataset.companies)
            assert connection.execute(QUERIES.count_record_ids, counted).get == dataset.company_id(
                dataset.companies
            )
            connection.executemany(QUERIES.add_edge, _edges(dataset))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + suffix).unlink()


async def _create_schema(file: Path) -> None:
    file.unlink(missing_ok=True)
    store = SqliteStore(file, Durability.NORMAL)
    await store.start()
    await store.close()


def _records(dataset: Dataset) -> Iterator[tuple[int, int, int, int, str]]:
    pair = contact_company()
    for contact in range(dataset.contacts):
        properties = {
            "email": f"person{contact}@example.com",
            "firstname": f"Ada {contact}",
            "lastname": "Lovelace",
            "phone": f"+49 30 {contact:07d}",
            "lifecyclestage": "opportunity",
            "hs_lead_status": "OPEN_DEAL",
        }
        yield _record(pair.source.code, dataset.contact_id(contact), properties)
    for company in range(dataset.companies):
        properties = {
            "name": f"Company {company} Incorporated",
            "domain": f"company{company}.example.com",
            "city": "Cambridge",
            "industry": "COMPUTER_SOFTWARE",
            "phone": f"+1 617 {company:07d}",
            "lifecyclestage": "customer",
        }
        yield _record(pair.target.code, dataset.company_id(company), properties)


def _values(dataset: Dataset, name: str) -> Iterator[tuple[int, int, str, str, int]]:
    for portal_id, object_type, record_id, _, text in _records(dataset):
        properties = json.loads(text)
        if name in properties:
            yield from value_rows(portal_id, object_type, [(record_id, {name: properties[name]})])


def _record(object_type: int, record_id: int, properties: dict[str, str]) -> tuple[int, int, int, int, str]:
    text = json.dumps(properties, separators=(",", ":"))
    return DEFAULT_PORTAL_ID, object_type, record_id, _CREATED_AT, text


def _edges(dataset: Dataset) -> Iterator[Edge]:
    """Both ends of every link: the unlabelled type for each pair, and one primary company for each contact."""
    pair = contact_company()
    default, primary = pair.require_default(), pair.primary
    if primary is None:
        raise ValueError("contacts have no primary company")
    from_contact, from_company = pair.source.code, pair.target.code
    random = Random(dataset.pairs)
    forward_keys = sorted((default.key, primary.key))
    backward = []
    for contact in range(dataset.contacts):
        contact_id = dataset.contact_id(contact)
        companies = dataset.linked_companies(random, contact)
        first = companies[random.randrange(dataset.targets)]
        for company in companies:
            company_id = dataset.company_id(company)
            for key in forward_keys if company == first else (default.key,):
                yield DEFAULT_PORTAL_ID, from_contact, contact_id, from_company, company_id, key
                mirror_key = default.mirror_key if key == default.key else primary.mirror_key
                backward.append((company_id, contact_id, mirror_key))
    backward.sort()
    for company_id, contact_id, mirror_key in backward:
        yield DEFAULT_PORTAL_ID, from_company, company_id, from_contact, contact_id, mirror_key


def count_pairs(file: Path) -> int:
    """How many pairs of contact and company are linked, counted at the contacts' end."""
    pair = contact_company()
    connection = open_writer(file, Durability.NORMAL)
    try:
        counted = connection.execute(
            "SELECT count(*) FROM edge WHERE portal_id = ? AND from_type = ? AND to_type = ? AND type_key = ?",
            (DEFAULT_PORTAL_ID, pair.source.code, pair.target.code, pair.require_default().key),
        )
        return int(next(iter(counted))[0])
    finally:
        connection.close()
