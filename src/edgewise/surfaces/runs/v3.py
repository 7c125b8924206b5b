"""What the operations on links by type name ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.model import LinkedTarget, LinkPage
from edgewise.domain.names import only_type
from edgewise.domain.ports import Store
from edgewise.surfaces.runs import links
from edgewise.wire.associations import PAGE_SIZE_MAX, ReadLinks
from edgewise.wire.associations_v3 import PutRead
from edgewise.wire.messages import Call
from edgewise.wire.objects import RecordsRead
from edgewise.wire.outcomes import PutBatch


async def put_link(store: Store, call: Call, batch: PutBatch) -> PutRead:
    """Write one link and read the record it starts at."""
    outcomes = await links.put_links(store, call, batch)
    found = await store.read_records(
        call.portal.portal_id, batch.pair.source.code, [batch.accepted[0].source_id]
    )
    return PutRead(outcomes, RecordsRead([record for record in found if record is not None], ()))


async def read_links(store: Store, call: Call, command: ReadLinks) -> Sequence[LinkPage]:
    """The first targets of many records; where a record has a primary one, that alone."""
    only = only_type(command.pair)
    if only is None:
        return await links.read_links(store, call, command)
    found = dict.fromkeys((source_id for source_id, _ in command.sources), LinkPage((), False))
    waiting = [(source_id, 0) for source_id in found]
    while waiting:
        pages = await links.read_links(store, call, command._replace(sources=waiting, limit=PAGE_SIZE_MAX))
        further = []
        for (source_id, _), page in zip(waiting, pages, strict=True):
            held = [target.target_id for target in page.targets if only.key in target.keys]
            if held:
                found[source_id] = LinkPage([LinkedTarget(held[0], (only.key,))], False)
            elif page.has_more:
                further.append((source_id, page.targets[-1].target_id))
        waiting = further
    return [found[source_id] for source_id, _ in command.sources]
