"""Association operations by type name: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import UNSET

from edgewise.domain import names
from edgewise.domain.batches import require_at_most
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.identifiers import record_id_in_path
from edgewise.domain.model import AssociationType, LinkedTarget, LinkPage, LinkWrite, Outcome, RemoveLinks
from edgewise.domain.names import NamedInput
from edgewise.wire.associations import (
    WRITE_INPUTS_MAX,
    ListLinks,
    ReadLinks,
    decode_pair,
    read_links,
    read_reply,
    require_accepted,
)
from edgewise.wire.bodies import BatchResponse, PublicObjectId
from edgewise.wire.bodies_objects import CollectionResponseAssociatedId
from edgewise.wire.bodies_v3 import (
    BatchInputPublicAssociation,
    BatchInputPublicObjectId,
    BatchResponsePublicAssociation,
    CollectionResponsePublicAssociationDefinitionNoPaging,
    PublicAssociation,
    PublicAssociationDefinition,
    PublicAssociationMulti,
)
from edgewise.wire.envelopes import MULTI_STATUS, batch_reply
from edgewise.wire.messages import Call, Reply
from edgewise.wire.objects import OneRecord, RecordsRead, associated_ids, encode_read
from edgewise.wire.outcomes import PutBatch, failures_of
from edgewise.wire.paging import next_links, next_of_list
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps

ENTRIES_MAX = 100
"""Entries of one input that a batch read answers. Source: docs/behaviour.md, section 4, observed."""

_named_inputs: BodyReader[BatchInputPublicAssociation] = BodyReader(BatchInputPublicAssociation)
_read_inputs: BodyReader[BatchInputPublicObjectId] = BodyReader(BatchInputPublicObjectId)


class PutRead(NamedTuple):
    """What became of a link, and the record it starts at."""

    outcomes: Sequence[Outcome]
    record: RecordsRead


# Decoding: the object types first, then ids, then the body.


def decode_batch_create(call: Call) -> PutBatch:
    """Many links, each of one type."""
    pair = decode_pair(call)
    portal = call.portal
    return names.associate_named(portal.portal_id, pair, portal.rules, _read_named(call), call.at)


def decode_batch_archive(call: Call) -> RemoveLinks:
    """Many types to take off."""
    pair = decode_pair(call)
    return names.remove_named(call.portal.portal_id, pair, _read_named(call))


def decode_batch_read(call: Call) -> ReadLinks:
    """The first targets of many records; an `after` is ignored."""
    pair = decode_pair(call)
    inputs = [(item.id, None) for item in _read_inputs.read(call.body).inputs]
    return read_links(pair, inputs, ENTRIES_MAX)


def decode_put(call: Call) -> PutBatch:
    """One link, from the path alone."""
    pair, item = _decode_typed(call)
    portal = call.portal
    return require_accepted(names.associate_named(portal.portal_id, pair, portal.rules, [item], call.at))


def decode_delete(call: Call) -> RemoveLinks:
    """One type to take off."""
    pair, item = _decode_typed(call)
    return names.remove_named(call.portal.portal_id, pair, [item])


def _decode_typed(call: Call) -> tuple[PairTypes, NamedInput]:
    """The pair, both records and the type of a path that names them all."""
    source, source_id, target, target_id, type_name = call.params
    pair = call.portal.catalog.pair_named(source, target)
    return pair, NamedInput(record_id_in_path(source_id), record_id_in_path(target_id), type_name)


def _read_named(call: Call) -> list[NamedInput]:
    inputs = _named_inputs.read(call.body).inputs
    require_at_most(WRITE_INPUTS_MAX, inputs)
    return [
        NamedInput(item.from_.id, item.to.id, None if item.type is None else str(item.type))
        for item in inputs
    ]


# Encoding.


def encode_batch_create(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> Reply:
    """The links that were made, each in its directions, and the inputs that failed."""
    quirks = call.portal.quirks
    results = []
    for write, outcome in zip(batch.accepted, outcomes, strict=True):
        if not outcome:
            results += _directions(call.portal.catalog, write, quirks.v3_create_results == "both")
    reply = batch_reply(call, results, failures_of(call, batch, outcomes))
    if quirks.v3_envelope == "full" and isinstance(reply.body, BatchResponse):
        reply = reply._replace(body=_with_what_is_empty(reply.body))
    return reply if reply.status == MULTI_STATUS else reply._replace(status=int(quirks.v3_create_status))


def encode_batch_read(call: Call, command: ReadLinks, pages: Sequence[LinkPage]) -> Steps[Reply]:
    """The first targets of each record, once per type."""
    pair = command.pair

    def result(source_id: int, page: LinkPage) -> PublicAssociationMulti:
        first = _first_entries(page)
        return PublicAssociationMulti(
            PublicObjectId(str(source_id)),
            associated_ids(call, first),
            next_links(call, pair.source, source_id, pair.target, first),
        )

    return read_reply(call, command, pages, result)


def encode_types(call: Call, pair: PairTypes, outcome: None) -> Reply:
    """The types of an ordered pair, with their names."""
    return Reply(
        200,
        CollectionResponsePublicAssociationDefinitionNoPaging(
            [PublicAssociationDefinition(str(link_type.type_id), link_type.name) for link_type in pair.listed]
        ),
    )


def encode_list(call: Call, command: ListLinks, page: LinkPage) -> Reply:
    """The targets of one record, once per type, and where the next page is."""
    return Reply(200, CollectionResponseAssociatedId(associated_ids(call, page), next_of_list(call, page)))


def encode_put(call: Call, batch: PutBatch, outcome: PutRead) -> Reply | Steps[Reply]:
    """The record that the link starts at; a side that is missing fails alone, as in a batch."""
    for failure in failures_of(call, batch, outcome.outcomes):
        raise failure.error
    record = OneRecord(batch.pair.source, batch.accepted[0].source_id, False, ())
    return encode_read(call, record, outcome.record)


def _directions(catalog: Catalog, write: LinkWrite, is_both_ways: bool) -> list[PublicAssociation]:
    named = write.types[-1]
    source, target = PublicObjectId(str(write.source_id)), PublicObjectId(str(write.target_id))
    results = [PublicAssociation(source, target, named.name)]
    inverse = _inverse(catalog, named) if is_both_ways else None
    if inverse is not None:
        results.append(PublicAssociation(target, source, inverse.name))
    return results


def _inverse(catalog: Catalog, link_type: AssociationType) -> AssociationType | None:
    return catalog.find_association_type(link_type.mirror_key) if link_type.is_readable_from_target else None


def _with_what_is_empty(body: BatchResponse) -> BatchResponsePublicAssociation:
    """The quirk `v3_envelope`."""
    return BatchResponsePublicAssociation(
        body.status,
        body.results,
        body.started_at,
        body.completed_at,
        body.num_errors,
        [] if body.errors is UNSET else body.errors,
        requested_at=None,
        links={},
    )


def _first_entries(page: LinkPage) -> LinkPage:
    """As many targets as have room with all of their types, and one at least: the next page starts with whole ones."""
    kept: list[LinkedTarget] = []
    entries = 0
    for target in page.targets:
        entries += len(target.keys)
        if kept and entries > ENTRIES_MAX:
            return LinkPage(kept, True)
        kept.append(target)
    return LinkPage(kept, page.has_more)
