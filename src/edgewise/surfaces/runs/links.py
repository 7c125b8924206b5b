"""What the operations on links ask of the store."""

from __future__ import annotations

from collections.abc import Sequence

from edgewise.domain.errors import RecordNotFound
from edgewise.domain.model import LinkPage, Outcome, RemoveLinks
from edgewise.domain.ports import Store
from edgewise.domain.sizes import LINKS_MAX, shortened
from edgewise.wire.associations import ListLinks, ReadLinks
from edgewise.wire.messages import Call
from edgewise.wire.outcomes import PutBatch


async def put_links(store: Store, call: Call, batch: PutBatch) -> Sequence[Outcome]:
    """Write the links that the rules accepted."""
    return await store.put_links(batch.command) if batch.accepted else ()


async def remove_links(store: Store, call: Call, command: RemoveLinks) -> None:
    """Remove links."""
    if command.removals:
        await store.remove_links(command)


async def list_links(store: Store, call: Call, command: ListLinks) -> LinkPage:
    """A page of one record's targets."""
    portal_id, source_type, source, target, after, limit = command
    if call.portal.quirks.unknown_record_list == "not_found":
        found = await store.read_records(portal_id, source.object_type, [source.record_id])
        if found[0] is None:
            raise RecordNotFound(source_type, source.record_id)
    return await store.list_links(portal_id, source, target.code, after, limit)


async def read_links(store: Store, call: Call, command: ReadLinks) -> Sequence[LinkPage]:
    """A page of many records' targets."""
    pair = command.pair
    pages = await store.read_links(
        call.portal.portal_id, pair.source.code, pair.target.code, command.sources, command.limit
    )
    return shortened(pages, LINKS_MAX)


async def nothing(store: Store, call: Call, command: object) -> None:
    """The catalog already knows the answer."""
