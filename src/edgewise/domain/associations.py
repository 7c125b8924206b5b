"""Associate, list and dissociate: what a request may do, decided before any stored row is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edgewise.domain.batches import Batch
from edgewise.domain.catalog import Catalog, PairTypes
from edgewise.domain.errors import DomainError, SelfLink
from edgewise.domain.identifiers import record_id_in_body
from edgewise.domain.model import (
    AssociationType,
    LinkRemoval,
    LinkWrite,
    PutLinks,
    RemoveLinks,
)
from edgewise.domain.rules import Rules

RecordId = str | int
"""A record id as a body has it: text or a number."""

Spec = tuple[str, int]
"""A category and a typeId as a body has them."""


class LabelledInput(NamedTuple):
    """One input of a labelled batch."""

    source_id: RecordId
    target_id: RecordId
    specs: Sequence[Spec]


def associate_default(
    portal_id: int, pair: PairTypes, rules: Rules, inputs: Sequence[tuple[RecordId, RecordId]], at: int
) -> Batch[PutLinks, LinkWrite]:
    """Link pairs of records with the unlabelled type of their object types.

    inputs: source and target ids; each one is decided on its own. at: milliseconds since the epoch.
    Raises: NoDefaultType for the whole call.
    Source: docs/behaviour.md, sections 3.1 and 3.5.
    """
    types = (pair.require_default(),)
    primary = first_type(pair, rules, types)
    batch: Batch[PutLinks, LinkWrite] = Batch(pair)
    is_same_type = pair.source is pair.target
    for position, (source, target) in enumerate(inputs):
        try:
            source_id, target_id = _ends(source, target, is_same_type)
        except DomainError as error:
            batch.refuse(position, error)
        else:
            batch.accept(position, LinkWrite(source_id, target_id, types, primary))
    batch.command = put_links(portal_id, pair, rules, batch.accepted, at)
    return batch


def associate(
    portal_id: int, catalog: Catalog, pair: PairTypes, rules: Rules, inputs: Sequence[LabelledInput], at: int
) -> Batch[PutLinks, LinkWrite]:
    """Link pairs of records with the types each input names, and with the unlabelled type beside them.

    An input without types links nothing and is no error. at: milliseconds since the epoch.
    Source: docs/behaviour.md, sections 1.2, 1.3 and 3.6.
    """
    batch: Batch[PutLinks, LinkWrite] = Batch(pair)
    is_same_type = pair.source is pair.target
    known: dict[tuple[Spec, ...], tuple[tuple[AssociationType, ...], AssociationType | None]] = {}
    for position, (source, target, specs) in enumerate(inputs):
        try:
            source_id, target_id = _ends(source, target, is_same_type)
            named = tuple(specs)
            decided = known.get(named)
            if decided is None:
                types = _types_to_write(catalog, pair, named, source_id, target_id)
                decided = known[named] = types, first_type(pair, rules, types)
        except DomainError as error:
            batch.refuse(position, error)
        else:
            if named:
                batch.accept(position, LinkWrite(source_id, target_id, *decided))
    replaces_labels = rules.labelled_write_replaces and pair.has_labels
    batch.command = put_links(portal_id, pair, rules, batch.accepted, at, replaces_labels)
    return batch


def put_links(
    portal_id: int,
    pair: PairTypes,
    rules: Rules,
    writes: Sequence[LinkWrite],
    at: int,
    replaces_labels: bool = False,
) -> PutLinks:
    """What a store shall do to write links between records of a pair of object types. at: as in `PutLinks`."""
    creates_records = not rules.records_must_exist
    return PutLinks(
        portal_id, pair.source.code, pair.target.code, writes, at, replaces_labels, creates_records
    )


def with_default(pair: PairTypes, types: Sequence[AssociationType]) -> tuple[AssociationType, ...]:
    """Types to write, each once, and the unlabelled one before them where the pair has it; of none, none.

    Source: docs/behaviour.md, section 1.2.
    """
    default = [pair.default] if types and pair.default is not None else []
    return tuple(dict.fromkeys([*default, *types]))


def first_type(pair: PairTypes, rules: Rules, types: tuple[AssociationType, ...]) -> AssociationType | None:
    """The type that a first link gets beside the ones written: primary, when only the unlabelled type is written.

    Source: docs/behaviour.md, section 1.5: documented; a live read shows a lone company that is not primary.
    """
    if rules.first_link_is_primary and pair.primary is not None and types == (pair.default,):
        return pair.primary
    return None


def remove_pairs(
    portal_id: int, pair: PairTypes, inputs: Sequence[tuple[RecordId, Sequence[RecordId]]]
) -> RemoveLinks:
    """Take every type off pairs of records, from both ends; pairs that are not linked stay so.

    inputs: one source and its targets. Raises: InvalidIdentifier, and nothing is removed.
    Source: docs/behaviour.md, sections 1.4 and 3.8.
    """
    removals = [
        LinkRemoval(source_id, record_id_in_body(target))
        for source, targets in inputs
        for source_id in (record_id_in_body(source),)
        for target in targets
    ]
    return RemoveLinks(portal_id, pair.source.code, pair.target.code, removals)


def remove_labels(
    portal_id: int, catalog: Catalog, pair: PairTypes, inputs: Sequence[LabelledInput]
) -> RemoveLinks:
    """Take the named types off pairs of records, from both ends; naming the unlabelled type takes all.

    Raises: InvalidIdentifier, UnknownAssociationType, WrongAssociationType, and nothing is removed.
    Source: docs/behaviour.md, sections 1.4 and 3.9.
    """
    removals = []
    for source, target, specs in inputs:
        source_id, target_id = record_id_in_body(source), record_id_in_body(target)
        types = tuple(catalog.type_for(pair, spec, source_id, target_id) for spec in specs)
        takes_all = any(link_type.is_default for link_type in types)
        removals.append(LinkRemoval(source_id, target_id, None if takes_all else types))
    return RemoveLinks(portal_id, pair.source.code, pair.target.code, removals)


def require_not_self(pair: PairTypes, source_id: int, target_id: int) -> None:
    """Refuse to link a record with itself. Raises: SelfLink. Source: docs/behaviour.md, section 1.6, observed."""
    if source_id == target_id and pair.source is pair.target:
        raise SelfLink(source_id)


def _ends(source: RecordId, target: RecordId, is_same_type: bool) -> tuple[int, int]:
    source_id = record_id_in_body(source)
    target_id = record_id_in_body(target)
    if is_same_type and source_id == target_id:
        raise SelfLink(source_id)
    return source_id, target_id


def _types_to_write(
    catalog: Catalog, pair: PairTypes, specs: tuple[Spec, ...], source_id: int, target_id: int
) -> tuple[AssociationType, ...]:
    types = [catalog.type_for(pair, spec, source_id, target_id) for spec in specs]
    return with_default(pair, types)
