"""The store without HTTP: writes batches of links and tells how long that took.

Run as `python -m benchmarks.engine PAIRS STORE_DATABASE CHECKED_DATABASE RAW_DATABASE`. A line `WAY FIRST LAST` of its
input is answered by one with the seconds and the CPU time that the batches from FIRST to before LAST took. The ways:
- store: the commands that the rules make of the same inputs, given to the store that the server has, one after the
  other: the same statements, checks and commits as over HTTP, without reading, deciding and answering requests.
- checked: on this thread, one transaction a batch: which of the records live, then both rows of the unlabelled type for
  each pair, in the order of their keys. The least that a store can do; it keeps no label and no primary company right.
- raw: as checked, without asking which records live.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from time import perf_counter, process_time, time_ns

from benchmarks.dataset import Dataset, contact_company
from edgewise.data import hubspot_types
from edgewise.domain.associations import LabelledInput, associate
from edgewise.domain.catalog import Catalog
from edgewise.domain.model import Linked, PutLinks
from edgewise.settings import DEFAULT_PORTAL_ID, Settings
from edgewise.stores.sqlite.checkpoint import IDLE_S
from edgewise.stores.sqlite.connections import QUERIES, Connection, Durability, open_writer, transaction
from edgewise.stores.sqlite.presence import missing_records
from edgewise.stores.sqlite.store import SqliteStore
from edgewise.wire.quirks import quirks_of

BATCH = 2_000
_CHECKPOINT_S = IDLE_S + 0.3


def pairs_of(dataset: Dataset, number: int) -> list[tuple[int, int]]:
    """The pairs of one batch: none of them linked, each in one batch only."""
    return [dataset.new_pair(position) for position in range(number * BATCH, (number + 1) * BATCH)]


def command(dataset: Dataset, number: int) -> PutLinks:
    """What the server asks its store to do with a batch."""
    settings = Settings()
    rules = quirks_of(settings.profile, settings.quirks).rules(
        records_must_exist=settings.records == "strict"
    )
    pair = contact_company()
    default = pair.require_default()
    spec = default.category.name, default.type_id
    inputs = [
        LabelledInput(source_id, target_id, [spec]) for source_id, target_id in pairs_of(dataset, number)
    ]
    batch = associate(
        DEFAULT_PORTAL_ID, Catalog(hubspot_types()), pair, rules, inputs, time_ns() // 1_000_000
    )
    return batch.command


async def through_store(store: SqliteStore, dataset: Dataset, batches: range) -> tuple[float, float]:
    """Seconds and CPU seconds of some batches, given to the store one after the other."""
    commands = [command(dataset, number) for number in batches]
    before_s, started = process_time(), perf_counter()
    outcomes = [await store.put_links(each) for each in commands]
    took_s = perf_counter() - started
    await asyncio.sleep(_CHECKPOINT_S)
    cpu_s = process_time() - before_s
    if any(outcome != Linked.DONE for batch in outcomes for outcome in batch):
        raise RuntimeError("the store refused a link")
    return took_s, cpu_s


def through_inserts(
    connection: Connection, dataset: Dataset, batches: range, is_checked: bool
) -> tuple[float, float]:
    """As `through_store`, by inserts on this thread."""
    prepared = [(pairs_of(dataset, number), _rows(dataset, number)) for number in batches]
    before_s, started = process_time(), perf_counter()
    for pairs, rows in prepared:
        with transaction(connection):
            if is_checked:
                _require_records(connection, pairs)
            connection.executemany(QUERIES.add_edge, rows)
    took_s = perf_counter() - started
    connection.wal_checkpoint()
    return took_s, process_time() - before_s


def _require_records(connection: Connection, pairs: list[tuple[int, int]]) -> None:
    types = contact_company()
    for object_type, ids in zip((types.source, types.target), zip(*pairs, strict=True), strict=True):
        if missing_records(connection.cursor(), DEFAULT_PORTAL_ID, object_type.code, set(ids)):
            raise RuntimeError("a record is missing")


def _rows(dataset: Dataset, number: int) -> list[tuple[int, ...]]:
    """Both ends of the links of a batch, each end in the order of the key."""
    pair = contact_company()
    default = pair.require_default()
    near, far = pair.source.code, pair.target.code
    pairs = pairs_of(dataset, number)
    return [
        *(
            (DEFAULT_PORTAL_ID, near, contact, far, company, default.key)
            for contact, company in sorted(pairs)
        ),
        *sorted(
            (DEFAULT_PORTAL_ID, far, company, near, contact, default.mirror_key) for contact, company in pairs
        ),
    ]


async def main() -> None:
    """Do what the lines of the input ask for, until it ends."""
    dataset = Dataset(int(sys.argv[1]))
    store_file, *other_files = map(Path, sys.argv[2:])
    store = SqliteStore(store_file, Durability.FULL)
    await store.start()
    checked, raw = (open_writer(file, Durability.FULL) for file in other_files)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        for line in sys.stdin:
            way, first, last = line.split()
            batches = range(int(first), int(last))
            if way == "store":
                seconds, cpu_s = await through_store(store, dataset, batches)
            else:
                connection = checked if way == "checked" else raw
                seconds, cpu_s = through_inserts(connection, dataset, batches, is_checked=way == "checked")
            print(json.dumps({"seconds": seconds, "cpu_s": cpu_s}), flush=True)
    finally:
        checked.close()
        raw.close()
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
