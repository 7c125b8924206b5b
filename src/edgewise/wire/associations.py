"""Association operations of v4 and the dated versions: requests to commands, outcomes to answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from edgewise.domain import associations
from edgewise.domain.associations import LabelledInput
from edgewise.domain.batches import Failure, require_at_most
from edgewise.domain.catalog import PairTypes
from edgewise.domain.errors import (
    DomainError,
    NoAssociations,
)
from edgewise.domain.identifiers import record_id_in_body, record_id_in_path
from edgewise.domain.model import (
    LinkPage,
    LinkRemoval,
    LinkWrite,
    ObjectType,
    Outcome,
    RecordRef,
    RemoveLinks,
    split_type_key,
)
from edgewise.wire.bodies import (
    AssociationSpec,
    BatchInputPublicAssociationMultiArchive,
    BatchInputPublicAssociationMultiPost,
    BatchInputPublicDefaultAssociationMultiPost,
    BatchInputPublicFetchAssociationsBatchRequest,
    CollectionResponseAssociationSpecWithLabelNoPaging,
    CollectionResponseMultiAssociatedObjectWithLabelForwardPaging,
    CreatedLabelsBetweenObjectPair,
    Id,
    LabelsBetweenObjectPair,
    MultiAssociatedObjectWithLabel,
    PublicAssociationMultiPost,
    PublicAssociationMultiWithLabel,
    PublicDefaultAssociation,
    PublicObjectId,
)
from edgewise.wire.envelopes import batch_reply, batch_steps
from edgewise.wire.messages import Call, Portal, Reply, plain_spec, spec_with_label
from edgewise.wire.outcomes import PutBatch, failures_of, require_linked
from edgewise.wire.paging import after_link, next_links, next_of_list, page_size
from edgewise.wire.requests import BodyReader
from edgewise.wire.steps import Steps, encoded

READ_INPUTS_MAX = 1_000
"""Source: changelog on the batch read limit, in force since 2025-02-10."""

WRITE_INPUTS_MAX = 2_000
"""Source: Associate records guide, for batch create; taken for the other writes too."""

PAGE_SIZE_MAX = 500
"""Source: published documents (the default of `limit`); docs/behaviour.md, section 3.3 (the maximum)."""

_TARGETS_AT_ONCE = 1_000

_default_inputs: BodyReader[BatchInputPublicDefaultAssociationMultiPost] = BodyReader(
    BatchInputPublicDefaultAssociationMultiPost
)
_labelled_inputs: BodyReader[BatchInputPublicAssociationMultiPost] = BodyReader(
    BatchInputPublicAssociationMultiPost
)
_archive_inputs: BodyReader[BatchInputPublicAssociationMultiArchive] = BodyReader(
    BatchInputPublicAssociationMultiArchive
)
_read_inputs: BodyReader[BatchInputPublicFetchAssociationsBatchRequest] = BodyReader(
    BatchInputPublicFetchAssociationsBatchRequest
)
_specs: BodyReader[list[AssociationSpec]] = BodyReader(list[AssociationSpec])


class ListLinks(NamedTuple):
    """A page of the targets of one record."""

    portal_id: int
    source_type: ObjectType
    source: RecordRef
    target: ObjectType
    after: int
    limit: int


class ReadLinks(NamedTuple):
    """A page of the targets of each of many records. sources: record id and `after`, with the input's position."""

    pair: PairTypes
    sources: Sequence[tuple[int, int]]
    positions: Sequence[int]
    failures: Sequence[Failure]
    limit: int


# Decoding: the object types first, then ids, then the body.


def decode_pair(call: Call) -> PairTypes:
    """The pair of a path that names two object types."""
    return call.portal.catalog.pair_named(*call.params)


def decode_nothing(call: Call) -> None:
    """The path says it all."""


def _decode_ends(call: Call) -> tuple[PairTypes, int, int]:
    """The pair and both record ids of a path that names two records."""
    source, source_id, target, target_id = call.params
    pair = call.portal.catalog.pair_named(source, target)
    return pair, record_id_in_path(source_id), record_id_in_path(target_id)


def decode_put_default(call: Call) -> PutBatch:
    """One default link, from the path alone."""
    pair, source_id, target_id = _decode_ends(call)
    portal = call.portal
    batch = associations.associate_default(
        portal.portal_id, pair, portal.rules, [(source_id, target_id)], call.at
    )
    return require_accepted(batch)


def decode_put_labelled(call: Call) -> PutBatch:
    """One link with the types of the body."""
    pair, source_id, target_id = _decode_ends(call)
    associations.require_not_self(pair, source_id, target_id)
    inputs = [LabelledInput(source_id, target_id, _spec_list(_specs.read(call.body)))]
    return require_accepted(_associate(call, pair, inputs))


def decode_batch_default(call: Call) -> PutBatch:
    """Many default links."""
    pair = decode_pair(call)
    inputs = _default_inputs.read(call.body).inputs
    require_at_most(WRITE_INPUTS_MAX, inputs)
    ends = [(item.from_.id, item.to.id) for item in inputs]
    return associations.associate_default(call.portal.portal_id, pair, call.portal.rules, ends, call.at)


def decode_batch_create(call: Call) -> PutBatch:
    """Many labelled links."""
    pair = decode_pair(call)
    return _associate(call, pair, _read_labelled(call))


def decode_batch_archive(call: Call) -> Steps[RemoveLinks]:
    """Many pairs to unlink."""
    portal_id, pair = call.portal.portal_id, decode_pair(call)
    inputs = _archive_inputs.read(call.body).inputs
    require_at_most(WRITE_INPUTS_MAX, inputs)
    removals: list[LinkRemoval] = []
    for item in inputs:
        for first in range(0, max(1, len(item.to)), _TARGETS_AT_ONCE):
            targets = [target.id for target in item.to[first : first + _TARGETS_AT_ONCE]]
            removals += associations.remove_pairs(portal_id, pair, [(item.from_.id, targets)]).removals
            yield
    return RemoveLinks(portal_id, pair.source.code, pair.target.code, removals)


def decode_batch_labels_archive(call: Call) -> RemoveLinks:
    """Many labels to take off."""
    pair = decode_pair(call)
    return associations.remove_labels(call.portal.portal_id, call.portal.catalog, pair, _read_labelled(call))


def decode_delete(call: Call) -> RemoveLinks:
    """One pair to unlink."""
    pair, source_id, target_id = _decode_ends(call)
    return associations.remove_pairs(call.portal.portal_id, pair, [(source_id, [target_id])])


def decode_list(call: Call) -> ListLinks:
    """A page of one record's targets. The order of checks: docs/behaviour.md, section 3.3."""
    catalog = call.portal.catalog
    source_name, source_id, target_name = call.params
    source_type, target = catalog.object_type(source_name), catalog.object_type(target_name)
    source = RecordRef(source_type.code, record_id_in_path(source_id))
    after = after_link(call.query("after"))
    is_clamped = call.portal.quirks.list_limit_over_maximum == "clamp"
    limit = page_size(call.query("limit"), PAGE_SIZE_MAX, PAGE_SIZE_MAX, is_clamped)
    return ListLinks(call.portal.portal_id, source_type, source, target, after, limit)


def decode_batch_read(call: Call) -> ReadLinks:
    """A page of many records' targets."""
    pair = decode_pair(call)
    inputs = [(item.id, item.after) for item in _read_inputs.read(call.body).inputs]
    return read_links(pair, inputs, int(call.portal.quirks.batch_read_page))


def read_links(pair: PairTypes, inputs: Sequence[tuple[Id, str | None]], limit: int) -> ReadLinks:
    """A page of many records' targets. inputs: the id of each and its cursor; what cannot be read fails alone."""
    require_at_most(READ_INPUTS_MAX, inputs)
    sources, positions, failures = [], [], []
    for position, (record_id, after) in enumerate(inputs):
        try:
            source = record_id_in_body(record_id), after_link(after)
        except DomainError as error:
            failures.append(Failure(position, error))
        else:
            sources.append(source)
            positions.append(position)
    return ReadLinks(pair, sources, positions, failures, limit)


def _associate(call: Call, pair: PairTypes, inputs: Sequence[LabelledInput]) -> PutBatch:
    portal = call.portal
    return associations.associate(portal.portal_id, portal.catalog, pair, portal.rules, inputs, call.at)


def _read_labelled(call: Call) -> list[LabelledInput]:
    inputs: list[PublicAssociationMultiPost] = _labelled_inputs.read(call.body).inputs
    require_at_most(WRITE_INPUTS_MAX, inputs)
    return [LabelledInput(item.from_.id, item.to.id, _spec_list(item.types)) for item in inputs]


def _spec_list(specs: Sequence[AssociationSpec]) -> list[tuple[str, int]]:
    return [(spec.association_category, spec.association_type_id) for spec in specs]


def require_accepted(batch: PutBatch) -> PutBatch:
    """A single write fails as a whole where a batch reports an item."""
    if batch.failures:
        raise batch.failures[0].error
    return batch


# Encoding.


def encode_put_default(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> Reply:
    """The default link as a batch of its directions."""
    require_linked(call, batch, outcomes)
    both = call.portal.quirks.default_put_results == "both"
    return batch_reply(call, _default_results(batch, outcomes, both))


def encode_batch_default(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> Reply:
    """The default links that were made, and the inputs that failed."""
    quirks = call.portal.quirks
    results = _default_results(batch, outcomes, quirks.default_batch_results == "both")
    return batch_reply(call, results, failures_of(call, batch, outcomes))


def encode_put_labelled(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> Reply:
    """The pair and the texts of the labels written; see the quirk `labelled_put_body`."""
    require_linked(call, batch, outcomes)
    source_id, target_id = (record_id_in_path(call.params[at]) for at in (1, 3))
    labels = _label_texts(batch.accepted[0]) if batch.accepted else ()
    pair = _labels_body(call.portal, batch.pair, source_id, target_id, labels)
    if call.portal.quirks.labelled_put_body == "pair":
        return Reply(201, pair)
    return Reply(
        201,
        CreatedLabelsBetweenObjectPair(
            pair.from_object_type_id,
            pair.from_object_id,
            pair.to_object_type_id,
            pair.to_object_id,
            labels,
            created_resource_id=str(target_id),
            entity=pair,
            location=call.path,
        ),
    )


def encode_batch_create(call: Call, batch: PutBatch, outcomes: Sequence[Outcome]) -> Reply:
    """One entry per linked input, and the inputs that failed."""
    portal, pair = call.portal, batch.pair
    texts: dict[int, tuple[str, ...]] = {}
    results = []
    for write, outcome in zip(batch.accepted, outcomes, strict=True):
        if not outcome:
            labels = texts.get(id(write.types))
            if labels is None:
                labels = texts[id(write.types)] = _label_texts(write)
            results.append(_labels_body(portal, pair, write.source_id, write.target_id, labels))
    return batch_reply(call, results, failures_of(call, batch, outcomes))


def encode_list(call: Call, command: ListLinks, page: LinkPage) -> Reply:
    """The targets of one record, and where the next page is."""
    return Reply(
        200,
        CollectionResponseMultiAssociatedObjectWithLabelForwardPaging(
            _targets(call.portal, page), next_of_list(call, page)
        ),
    )


def encode_batch_read(call: Call, command: ReadLinks, pages: Sequence[LinkPage]) -> Steps[Reply]:
    """The targets of each record, with the types that link them."""
    pair = command.pair
    return read_reply(
        call,
        command,
        pages,
        lambda source_id, page: PublicAssociationMultiWithLabel(
            PublicObjectId(str(source_id)),
            _targets(call.portal, page),
            next_links(call, pair.source, source_id, pair.target, page),
        ),
    )


def read_reply(
    call: Call, command: ReadLinks, pages: Sequence[LinkPage], result: Callable[[int, LinkPage], Any]
) -> Steps[Reply]:
    """A result for each record; one without any target is an error item, as the live service has it."""
    failures = list(command.failures)
    results = []
    pair = command.pair
    for position, (source_id, _), page in zip(command.positions, command.sources, pages, strict=True):
        if page.targets:
            results.append(encoded(result(source_id, page)))
            yield
        else:
            failures.append(Failure(position, NoAssociations(pair.source, pair.target, source_id)))
    return (yield from batch_steps(call, results, failures))


def encode_labels(call: Call, pair: PairTypes, outcome: None) -> Reply:
    """The types of an ordered pair."""
    return Reply(
        200,
        CollectionResponseAssociationSpecWithLabelNoPaging(
            [spec_with_label(link_type) for link_type in pair.listed]
        ),
    )


def encode_no_content(call: Call, command: object, outcome: object) -> Reply:
    """Done, and nothing to say."""
    return Reply(204)


def encode_empty_batch(call: Call, command: object, outcome: object) -> Reply:
    """Done, in the words of a batch without results."""
    return batch_reply(call, [])


def _default_results(
    batch: PutBatch, outcomes: Sequence[Outcome], is_both_ways: bool
) -> list[PublicDefaultAssociation]:
    default = batch.pair.require_default()
    forward = plain_spec(default.category, default.type_id)
    is_both_ways = is_both_ways and default.is_readable_from_target
    backward = plain_spec(*split_type_key(default.mirror_key)) if is_both_ways else forward
    results = []
    for write, outcome in zip(batch.accepted, outcomes, strict=True):
        if not outcome:
            source, target = PublicObjectId(str(write.source_id)), PublicObjectId(str(write.target_id))
            results.append(PublicDefaultAssociation(source, target, forward))
            if is_both_ways:
                results.append(PublicDefaultAssociation(target, source, backward))
    return results


def _labels_body(
    portal: Portal, pair: PairTypes, source_id: int, target_id: int, labels: tuple[str, ...]
) -> LabelsBetweenObjectPair:
    return LabelsBetweenObjectPair(
        pair.source.id, _row_id(portal, source_id), pair.target.id, _row_id(portal, target_id), labels
    )


def _label_texts(write: LinkWrite) -> tuple[str, ...]:
    return tuple(link_type.label for link_type in write.types if link_type.label is not None)


def _row_id(portal: Portal, record_id: int) -> Id:
    return record_id if portal.ids_are_numbers else str(record_id)


def _targets(portal: Portal, page: LinkPage) -> list[MultiAssociatedObjectWithLabel]:
    specs = portal.spec_lists
    if portal.ids_are_numbers:
        return [MultiAssociatedObjectWithLabel(target, specs[keys]) for target, keys in page.targets]
    return [MultiAssociatedObjectWithLabel(str(target), specs[keys]) for target, keys in page.targets]
